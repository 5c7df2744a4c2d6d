"""What an office writes can be read by its own user alone, whatever the umask."""

import asyncio
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from kantoor.local import practice
from kantoor.local.demo.home import make_home
from kantoor.local.demo.players import SAMPLE
from kantoor.local.office import running_office
from kantoor.office.exchange import export_folder
from kantoor.period import Period
from kantoor.sbr.digipoort.simulator.journal import Journal
from kantoor.service.desk import Desk
from kantoor.service.starting.starting import Selection, Wish, start
from tests.local.homes import sample_office, settings_in

from ..shipped import compile_shipped


@pytest.fixture(autouse=True)
def open_handed() -> Iterator[None]:
    """A umask that would let everybody read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Everything in a folder, and the folder itself, that group or others may read, write or enter."""
    paths = [folder, *folder.rglob("*")]
    modes = {}
    for path in paths:
        with suppress(FileNotFoundError):  # the server's journal comes and goes
            modes[path] = path.lstat().st_mode
    assert not any(stat.S_ISLNK(mode) for mode in modes.values())
    return [str(path.relative_to(folder)) for path, mode in modes.items() if mode & 0o077]


async def test_after_a_story_everything_in_an_offices_home_is_its_own_users_alone(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "home")
    practice.init(settings, date(2026, 2, 1), 3600)
    office_plan = compile_shipped().office
    assert office_plan
    async with running_office(settings, lambda line: None) as office:
        sample_office(office.equipment)
        wish = Wish(
            template="btw-aangifte",
            period=Period.parse("2026-01"),
            selection=Selection(relations=("1001",)),
            start_date=date(2026, 2, 1),
        )
        await start(Desk(office.equipment, await office.client()), "marieke", wish, dry_run=False)
        office.equipment.documents.put(b"<xbrl/>", "application/xml")
        export_folder(office.equipment.database, settings.home / "export", office_plan)
        async with asyncio.timeout(60):
            while not list(settings.mailbox.glob("*.eml")):
                await asyncio.sleep(0.05)
        names = {path.name for path in settings.home.rglob("*")}
        assert open_to_others(settings.home) == []
    assert {"kantoor.db", "kantoor.db-wal", "clock.json", "up.lock", "temporal-1.key"} <= names
    assert {"worker.log", "000001.eml", "relations.csv", "journal.jsonl", "client-key.pem"} <= names


def test_the_home_of_a_demo_and_the_journal_of_a_simulator_are_their_own_users_alone(tmp_path: Path) -> None:
    make_home(tmp_path / "demo", SAMPLE / "simulator-script.yaml")
    Journal(tmp_path / "demo" / "digipoort").close()
    assert open_to_others(tmp_path / "demo") == []
