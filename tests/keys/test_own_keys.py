"""An office opens with its own keys alone; a newer one comes beside them."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kantoor.equipment import Equipment, open_equipment
from kantoor.keys.ring import DOCUMENTS, HISTORIES, KeyFileError, KeyRing, MissingKeyError
from kantoor.office.database.engine import Database, open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.database.tables import keys
from kantoor.settings import Settings, load_settings

from .adding import add_key


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = load_settings(home=tmp_path)
    database = open_database(settings.database_url)
    upgrade(database)
    database.close()
    return settings


@pytest.fixture
def office(settings: Settings) -> Iterator[Equipment]:
    equipment = open_equipment(settings)
    yield equipment
    equipment.close()


def known(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(keys).order_by(keys.c.purpose.desc(), keys.c.first_used_at))
        return [(row.purpose, row.id) for row in rows]


def written(settings: Settings) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in settings.keys.iterdir()}


def reopened(settings: Settings) -> Equipment:
    equipment = open_equipment(settings)
    equipment.close()
    return equipment


def test_the_first_opening_makes_the_keys_and_later_ones_find_them(
    office: Equipment, settings: Settings
) -> None:
    documents = KeyRing.open(settings.keys, DOCUMENTS, may_make=False).newest
    assert known(office.database) == [(HISTORIES, office.ring.newest.id), (DOCUMENTS, documents.id)]
    assert office.made_keys
    again = reopened(settings)
    assert again.ring.ids == office.ring.ids
    assert not again.made_keys
    assert len(known(office.database)) == 2


@pytest.mark.parametrize("purpose", [HISTORIES, DOCUMENTS])
def test_another_offices_key_in_the_place_of_its_own_is_refused_and_nothing_is_written(
    office: Equipment, settings: Settings, purpose: str
) -> None:
    file = settings.keys / f"{purpose}-1.key"
    own = file.read_bytes()
    file.unlink()
    add_key(settings.keys, 1, purpose)
    before, keys_before = known(office.database), written(settings)
    needed = dict(before)[purpose]
    with pytest.raises(MissingKeyError) as caught:
        open_equipment(settings)
    assert str(caught.value) == (
        f"key {needed} is not in {settings.keys}: what was encrypted with it cannot be read. "
        f"Put its file ({purpose}-….key) back from the backup; nothing was changed or overwritten"
    )
    assert (known(office.database), written(settings)) == (before, keys_before)
    file.rename(settings.keys / f"{purpose}-2.key")
    (settings.keys / f"{purpose}-3.key").write_bytes(own)
    assert needed in {key.id for key in KeyRing.open(settings.keys, purpose, may_make=False).keys}
    reopened(settings)
    assert known(office.database) == before


def test_an_office_whose_keys_are_gone_gets_no_new_ones(office: Equipment, settings: Settings) -> None:
    for file in settings.keys.iterdir():
        file.unlink()
    with pytest.raises(MissingKeyError):
        open_equipment(settings)
    assert written(settings) == {}


def test_a_newer_key_beside_the_own_one_is_taken_into_use_and_needed_from_then_on(
    office: Equipment, settings: Settings
) -> None:
    add_key(settings.keys, 2)
    newer = reopened(settings).ring
    assert newer.ids[0] == office.ring.newest.id
    assert [key_id for purpose, key_id in known(office.database) if purpose == HISTORIES] == list(newer.ids)
    (settings.keys / "temporal-2.key").unlink()
    with pytest.raises(KeyFileError, match=newer.newest.id):
        open_equipment(settings)


def test_a_newer_key_of_documents_encrypts_and_what_the_older_one_encrypted_is_still_read(
    office: Equipment, settings: Settings
) -> None:
    old = office.documents.put(b"<xbrl/>", "application/xml")
    add_key(settings.keys, 2, DOCUMENTS)
    later = open_equipment(settings)
    new = later.documents.put(b"<later/>", "application/xml")
    for store in (later.documents, office.documents):  # the one that was open all the time as well
        assert (store.get(old), store.get(new)) == (b"<xbrl/>", b"<later/>")
    assert later.documents.put(b"<xbrl/>", "application/xml") == old
    later.close()


def test_processes_that_open_a_new_office_at_once_agree_on_its_keys(settings: Settings) -> None:
    opened: list[Equipment] = []
    together = threading.Barrier(4)

    def one() -> None:
        together.wait()
        opened.append(reopened(settings))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    assert {equipment.ring.ids for equipment in opened} == {opened[0].ring.ids}
    assert len(known(open_database(settings.database_url))) == 2


def test_of_two_with_other_keys_that_open_a_new_office_at_once_one_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    outcomes: list[type[object]] = []
    together = threading.Barrier(2)

    def one(folder: str) -> None:
        together.wait()
        try:
            outcomes.append(type(reopened(settings.model_copy(update={"keys": tmp_path / folder}))))
        except KeyFileError as refused:
            outcomes.append(type(refused))

    threads = [threading.Thread(target=one, args=(folder,)) for folder in ("here", "there")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {Equipment, MissingKeyError}
    assert len(known(open_database(settings.database_url))) == 2
