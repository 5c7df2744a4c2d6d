"""What an office that really runs does about key files that are not its own."""

import asyncio
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from kantoor.keys.ring import KeyFileError, KeyRing
from kantoor.local import practice
from kantoor.local.clocks import read_clock
from kantoor.local.doctor import Finding, examine
from kantoor.local.office import RunningOffice, running_office
from kantoor.office.database.engine import open_database
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.restored import last_recorded, restored_from
from kantoor.period import Period
from kantoor.runtime.client import reanchor
from kantoor.runtime.connecting import connect
from kantoor.runtime.office_mark import NotYetUpError
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts
from kantoor.service.filings.sending import Done, Unknown
from kantoor.service.starting.starting import Selection, Wish, start
from kantoor.settings import Settings

from .homes import settings_in

FILING = "filing/btw-aangifte/1001/2026-01/-/1"
LOCK = "up.lock"
LOOK_SECONDS = 0.5
"""The server tries again after seconds; looking all the time takes what it needs itself."""


def silent(line: str) -> None:
    pass


@pytest.fixture(scope="module")
def stopped_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a practice office in which a filing was begun, and which was stopped again."""
    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("stopped") / "home"))
    asyncio.run(begin(settings_in(home)))
    return home


async def begin(settings: Settings) -> None:
    practice.init(settings, date(2026, 2, 1), 3600, converts=True)
    async with running_office(settings, silent) as office:
        wish = Wish(
            template="btw-aangifte",
            period=Period.parse("2026-01"),
            selection=Selection(relations=("1001",)),
            start_date=date(2026, 2, 1),
        )
        desk = Desk(office.equipment, await office.client())
        (line,) = await start(desk, "marieke", wish, dry_run=False)
        assert line.text == "gestart", line
        await noted(office, "Vooraf")


@pytest.fixture
def settings(stopped_home: Path, tmp_path: Path) -> Settings:
    """That office, on other ports."""
    return settings_in(Path(shutil.copytree(stopped_home, tmp_path / "home")))


async def noted(office: RunningOffice, text: str) -> None:
    """Write a note, which needs the filing to run; prove that it is on the timeline."""
    desk = Desk(office.equipment, await office.client(), timedelta(minutes=1))
    async with asyncio.timeout(60):
        while not await desk.until(lambda c: bool(timeline_of(c, FILING))):  # begun
            pass
        acts = Acts(desk, "marieke")
        while isinstance(answer := await acts.note(FILING, text), Unknown):  # a busy machine answers late
            pass
        assert isinstance(answer, Done), answer
        ring = desk.equipment.document_ring.open_sealed
        while not await desk.until(lambda c: any(text in one.text for one in timeline_of(c, FILING, ring))):
            pass


def everything(home: Path) -> dict[str, bytes]:
    files = (file for file in home.rglob("*") if file.is_file() and file.name != LOCK)
    return {str(file.relative_to(home)): file.read_bytes() for file in files}


async def wrong(settings: Settings, subject: str) -> list[Finding]:
    return [one for one in await examine(settings) if one.state == "wrong" and one.subject == subject]


async def test_foreign_key_files_are_refused_and_what_was_told_with_one_is_mended_by_putting_it_beside_own(
    settings: Settings, tmp_path: Path
) -> None:
    own = KeyRing.open(settings.keys, may_make=False)
    foreign = KeyRing.open(tmp_path / "elsewhere", may_make=True)
    place, elsewhere = settings.keys / "temporal-1.key", tmp_path / "elsewhere" / "temporal-1.key"
    place.rename(tmp_path / "aside")
    elsewhere.rename(place)
    before = everything(settings.home)
    with pytest.raises(NotYetUpError, match="run `kantoor up --here`"):
        async with running_office(settings, silent):
            pass
    with pytest.raises(KeyFileError, match=f"key {own.newest.id} is not in {settings.keys}: "):
        async with running_office(settings, silent, here=True):
            pass
    (told,) = await wrong(settings, "keys")
    assert told.text.startswith(f"key {own.newest.id} is not in {settings.keys}: ")
    assert FILING in told.text
    assert everything(settings.home) == before

    place.rename(elsewhere)
    (tmp_path / "aside").rename(place)
    database = open_database(settings.database_url)
    with database.read() as connection:
        recorded = last_recorded(connection)
    database.close()
    async with running_office(settings, silent, here=True) as office:
        with office.equipment.database.read() as connection:  # the original may have gone on since
            assert restored_from(connection) == recorded
        await noted(office, "Weer open")
        assert await wrong(settings, "filings") == []
        client = await connect(settings.temporal, foreign)
        assert await reanchor(client, [FILING], read_clock(office.equipment.database)) == ()
        async with asyncio.timeout(60):
            while not (found := await wrong(settings, "filings")):
                await asyncio.sleep(LOOK_SECONDS)
        assert [one.text for one in found] == [f"{FILING} cannot be read: key {foreign.newest.id} is missing"]
        assert "from the backup" in found[0].mend

        place.rename(settings.keys / "temporal-2.key")
        elsewhere.rename(place)
        async with asyncio.timeout(60):
            while await wrong(settings, "filings"):
                await asyncio.sleep(LOOK_SECONDS)
        await noted(office, "Weer te lezen")
