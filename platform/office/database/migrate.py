"""Bring the schema of the office database up to date: all migrations in one transaction, or none.

Alembic is imported only where there is something to migrate: whether there is, is asked at every opening.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ...files import make_folder
from .engine import Database
from .errors import OLDER, DatabaseAwayError, NoOfficeError, SchemaNewerError, SchemaOlderError

FOLDER = Path(__file__).parent / "migrations"
_THAT_DATABASE = ("the database", "KANTOOR_DATABASE_URL")
_NEWER = "the office database was made by a newer kantoor: install that version, nothing was changed"


def upgrade(database: Database) -> None:
    """Create or update the schema; several processes may do so at once, and one of them does it.

    The folder of a SQLite file is made. Raises SchemaNewerError when the database is newer than this program,
    and other DatabaseErrors.
    """
    _make_folder(database)
    if _is_current(database):
        return
    with database.changing_schema() as connection:
        _refuse_newer(_revision(connection))
        _migrate(connection)


def is_made(database: Database) -> bool:
    """Say whether an office of any version exists. Asking creates nothing, not even a file."""
    file = database.engine.url.database
    if database.dialect == "sqlite" and not (file and Path(file).exists()):
        return False
    with database.read() as connection:
        return _revision(connection) is not None


def check_schema(database: Database) -> None:
    """Raise NoOfficeError, SchemaNewerError or SchemaOlderError unless the database fits this program."""
    if not is_made(database):
        file = database.engine.url.database or ""
        here = (str(Path(file).parent), "KANTOOR_HOME") if database.dialect == "sqlite" else _THAT_DATABASE
        raise NoOfficeError(*here)
    if not _is_current(database):
        raise SchemaOlderError(OLDER)


def _make_folder(database: Database) -> None:
    file = database.engine.url.database
    if database.dialect == "sqlite" and file is not None:
        try:
            make_folder(Path(file).parent)
        except OSError as error:
            text = f"the folder of the office database cannot be made: {error.strerror}"
            raise DatabaseAwayError(text) from error


def _is_current(database: Database) -> bool:
    with database.read() as connection:
        found = _revision(connection)
    _refuse_newer(found)
    return found == _revisions()[-1]


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    """Return the revision that Alembic wrote down, or None where it never did."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in _revisions():
        raise SchemaNewerError(_NEWER)


def _revisions() -> list[str]:
    """Return the revisions that this program knows, oldest first: the file of each begins with it."""
    return sorted(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py"))
