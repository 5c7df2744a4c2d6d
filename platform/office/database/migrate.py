"""Bring the schema of the office database up to date: all migrations in one transaction, or none."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ...files import make_folder
from .engine import Database
from .errors import NONE_IN, OLDER, DatabaseAwayError, NoOfficeError, SchemaNewerError, SchemaOlderError

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
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_made(database: Database) -> bool:
    """Say whether an office, of whatever version, is there. Nothing is made by asking, no file either."""
    file = database.engine.url.database
    if database.dialect == "sqlite" and not (file and Path(file).exists()):
        return False
    with database.read() as connection:
        return _revision(connection) is not None


def check_schema(database: Database) -> None:
    """Raise NoOfficeError, SchemaNewerError or SchemaOlderError unless the database fits this program."""
    if not is_made(database):
        file = database.engine.url.database or ""
        here = (Path(file).parent, "KANTOOR_HOME") if database.dialect == "sqlite" else _THAT_DATABASE
        raise NoOfficeError(NONE_IN.format(*here))
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
    return found == _scripts().get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(revision: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaNewerError(_NEWER)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
