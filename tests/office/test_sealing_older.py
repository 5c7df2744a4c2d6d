"""What an office kept in the clear before version 0014 is sealed when it is opened, and read as before."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from kantoor.equipment import Equipment, open_equipment
from kantoor.office.database.engine import Database, open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.database.tables import acts, filings, metadata, notes, timeline, unsealed, work
from kantoor.office.exchange import import_folder
from kantoor.office.filings.notes import notes_in
from kantoor.office.filings.sealing_older import BATCH, seal_older
from kantoor.office.filings.sent_acts import list_acts, open_act
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.plans import publish
from kantoor.settings import Settings, load_settings

from .material import NOW, OFFICE, PLAN, accepting, folder_of, start

AT = datetime(2026, 1, 5, 9, 0)
SECRET = "verhuisd naar een blijf-van-mijn-lijfhuis"
FILINGS = BATCH + 3


def make_older(url: str, folder: Path) -> None:
    """Make an office as migration 0016 left an older one: words in the clear, and a row that says so."""
    database = open_database(url)
    upgrade(database)
    with database.write() as connection:
        publish(connection, [PLAN], OFFICE, revision="abc", author="An Admin", at=NOW)
    import_folder(database, folder_of(folder), OFFICE, accepting)
    with database.write() as connection:
        for number in range(1, FILINGS + 1):
            write_filing(connection, start(connection, sequence=number).id)
        connection.execute(unsealed.insert().values(id=1, after=""))
    database.close()


def write_filing(connection: Any, id: str) -> None:
    entry = {"filing": id, "index": 0, "at": AT, "by": "ans", "phase": None, "recorded_at": NOW}
    for number, what, data in (
        (1, "sent_back", {"title": "Controle", "to": "opstellen", "reason": SECRET}),
        (2, "phase_entered", {"title": "Opstellen", "round": "1"}),
    ):
        connection.execute(timeline.insert().values(sequence=number, what=what, data=data, **entry))
    note = {"filing": id, "number": 1, "relation": "1001", "template": "btw-aangifte", "at": AT}
    connection.execute(notes.insert().values(**note, title="Let op", text=SECRET, shown_in=id))
    act = {"kind": "note", "id": "n1", "by": {"kind": "team", "id": "ans"}, "text": SECRET}
    connection.execute(acts.insert().values(filing=id, id="n1", asked="digest", act=act))
    held = {"kind": "held", "id": "held", "missing": [SECRET]}
    view = {"title": "Aangifte", "held": {"reason": SECRET, "by": "ans"}, "work": [held]}
    connection.execute(filings.update().where(filings.c.id == id).values(view=view, recorded=2))
    item = {"kind": "held", "item": "held", "phase": "", "title": "", "roles": [], "contacts": []}
    connection.execute(work.insert().values(filing=id, position=0, missing=[SECRET], **item))


@pytest.fixture
def settings(empty_url: str, tmp_path: Path) -> Settings:
    make_older(empty_url, tmp_path / "csv")
    return load_settings(home=tmp_path / "home", database_url=empty_url)


@pytest.fixture
def opened(settings: Settings) -> Iterator[Callable[[], Equipment]]:
    """Open the office as each of its programs does."""
    made: list[Equipment] = []

    def open_office(say: Callable[[str], None] = lambda text: None) -> Equipment:
        database = open_database(settings.database_url)
        upgrade(database)
        database.close()
        made.append(open_equipment(settings, say=say))
        return made[-1]

    yield open_office
    for equipment in made:
        equipment.close()


def find_in_clear(database: Database) -> list[str]:
    """Return the tables that say what was written, and the SQLite file where its bytes do."""
    with database.read() as connection:
        found = [
            table.name
            for table in metadata.sorted_tables
            if SECRET in str(connection.execute(select(table)).all())
        ]
    if database.dialect == "sqlite":
        file = Path(str(database.engine.url.database))
        files = (one for one in (file, Path(f"{file}-wal")) if one.exists())
        found += [one.name for one in files if SECRET.encode() in one.read_bytes()]
    return found


def test_an_older_office_has_nothing_in_the_clear_once_it_was_opened_and_says_the_same(
    settings: Settings, opened: Callable[..., Equipment]
) -> None:
    before = open_database(settings.database_url)
    tables = ("acts", "filings", "notes", "timeline", "work")
    with before.read() as connection:
        for table in tables:
            assert SECRET in str(connection.execute(text(f"SELECT * FROM {table}")).all())
    before.close()
    said: list[str] = []
    office = opened(said.append)
    assert find_in_clear(office.database) == []
    assert said[-1].endswith(f": {FILINGS} of {FILINGS} filings")
    ring = office.document_ring
    with office.database.read() as connection:
        assert connection.execute(select(unsealed)).all() == []
        for id in connection.execute(select(filings.c.id)).scalars().all():
            texts = [line.text for line in timeline_of(connection, id, ring.open_sealed)]
            (note,) = notes_in(connection, id, ring.open_sealed)
            (act,) = list_acts(connection, id)
            assert texts[0].endswith(f": {SECRET}")
            assert texts[1] == "Fase 'Opstellen' is begonnen"
            assert (note.title, note.text) == ("Let op", SECRET)
            assert open_act(act, ring.open_sealed)["text"] == SECRET
            assert (act.act["kind"], act.act["by"]["id"]) == ("note", "ans")


def test_sealing_that_was_interrupted_goes_on_at_the_next_opening(
    settings: Settings, opened: Callable[..., Equipment]
) -> None:
    database = open_database(settings.database_url)
    upgrade(database)

    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal_older(database, lambda content, bound_to: b"sealed", stop)
    with database.read() as connection:
        left = connection.execute(select(timeline.c.filing).where(timeline.c.said.is_not(None))).all()
    assert len(left) == BATCH
    database.close()
    assert find_in_clear(opened().database) == []


def test_only_sealing_changes_an_entry_and_nothing_does_afterwards(
    settings: Settings, opened: Callable[..., Equipment]
) -> None:
    database = open_database(settings.database_url)
    upgrade(database)
    forged = timeline.update().values(by="bas", said=b"sealed")
    with pytest.raises(Exception, match="append-only"), database.write() as connection:
        connection.execute(forged)
    with pytest.raises(Exception, match="append-only"), database.write() as connection:
        connection.execute(timeline.delete())
    database.close()
    office = opened()
    with pytest.raises(Exception, match="append-only"), office.database.write() as connection:
        connection.execute(timeline.update().values(said=b"sealed"))


def test_a_new_office_has_nothing_to_seal(database: Database) -> None:
    said: list[int] = []
    seal_older(database, lambda content, bound_to: content, lambda done, total: said.append(total))
    assert said == []
