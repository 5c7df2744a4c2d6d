"""What can be wrong with the office database, as own exceptions that say what to do."""

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who only shows an error, as the mail catcher does, need not read the whole of SQLAlchemy
    from sqlalchemy.exc import DBAPIError


class DatabaseError(Exception):
    """Something is wrong with the office database; the message is one sentence fit for people."""


class DatabaseLockedError(DatabaseError):
    """Another process kept writing for longer than we wait; trying again helps."""


class DatabaseFullError(DatabaseError):
    """The disk of the database is full; nothing of this write was kept."""


class DatabaseAwayError(DatabaseError):
    """The database cannot be reached, opened or written."""


class DatabaseDamagedError(DatabaseError):
    """The file is not a database, or is damaged."""


class NoOfficeError(DatabaseError):
    """Nobody has made an office yet in `place`, to which `setting` leads."""

    def __init__(self, place: str, setting: str) -> None:
        super().__init__(NONE_IN.format(place, setting))
        self.place, self.setting = place, setting


class DatabaseGoneError(DatabaseError):
    """There was an office here, whose database is missing; a new one must not take its place."""


class SchemaOlderError(DatabaseError):
    """The database has not been brought up to date with this kantoor."""


class SchemaNewerError(DatabaseError):
    """The database was made by a newer kantoor than this one."""


_LOCKED = "the office database is busy: another process is writing; try again"
NO_CONNECTION = "the office database is busy: every connection of this program is in use; try again"
_FULL = "the disk of the office database is full: nothing was written; free up space and try again"
_AWAY = "the office database cannot be reached: see that it runs and that the database_url setting is right"
_DENIED = (
    "the office database refuses access: check user name, password and database name in the database_url "
    "setting"
)
_UNWRITABLE = (
    "the office database cannot be opened or written: check that its folder exists, and its permissions"
)
_FAILING = "the disk of the office database fails or is full: nothing was written; check the disk"
_DAMAGED = "the office database is damaged, or not a database: restore it from a backup"
OLDER = "the office database is older than this kantoor: `kantoor up` brings it up to date"
NONE_IN = (
    "there is no office in {}: make one with `kantoor practice init` (to practise) or `kantoor up` "
    "(to work), or set {} to where yours is"
)
GONE = (
    "the office database {file} is gone, while {left} of that office is still there: put it back, or a "
    "backup with `kantoor restore FILE --over {home}`; for another office set KANTOOR_HOME to a new folder"
)

_SQLITE: dict[int, tuple[type[DatabaseError], str]] = {
    sqlite3.SQLITE_BUSY: (DatabaseLockedError, _LOCKED),
    sqlite3.SQLITE_LOCKED: (DatabaseLockedError, _LOCKED),
    sqlite3.SQLITE_FULL: (DatabaseFullError, _FULL),
    sqlite3.SQLITE_CANTOPEN: (DatabaseAwayError, _UNWRITABLE),
    sqlite3.SQLITE_READONLY: (DatabaseAwayError, _UNWRITABLE),
    sqlite3.SQLITE_PERM: (DatabaseAwayError, _UNWRITABLE),
    sqlite3.SQLITE_IOERR: (DatabaseAwayError, _FAILING),
    sqlite3.SQLITE_NOTADB: (DatabaseDamagedError, _DAMAGED),
    sqlite3.SQLITE_CORRUPT: (DatabaseDamagedError, _DAMAGED),
}

# By class or code of SQLSTATE, the longest that fits first (PostgreSQL, appendix A).
_POSTGRESQL: dict[str, tuple[type[DatabaseError], str]] = {
    "55P03": (DatabaseLockedError, _LOCKED),
    "40001": (DatabaseLockedError, _LOCKED),
    "40P01": (DatabaseLockedError, _LOCKED),
    "53100": (DatabaseFullError, _FULL),
    "42P01": (SchemaOlderError, OLDER),
    "42703": (SchemaOlderError, OLDER),
    "28": (DatabaseAwayError, _DENIED),
    "08": (DatabaseAwayError, _AWAY),
    "53": (DatabaseAwayError, _AWAY),
    "57": (DatabaseAwayError, _AWAY),
    "3D": (DatabaseAwayError, _AWAY),
}


def explain_error(error: "DBAPIError", *, writing: bool) -> DatabaseError | None:
    """Return a driver's error as people understand it, or None when it is a fault of the program.

    A statement that writes on a connection for reading is a fault of the program. The text never repeats the
    driver's own words: they may hold personal data or a password.
    """
    original = error.orig
    if isinstance(original, sqlite3.Error):
        written_by_reader = not writing and not (error.statement or "PRAGMA").startswith("PRAGMA")
        readonly = getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY
        return None if readonly and written_by_reader else _explain_sqlite_error(original)
    state = getattr(original, "sqlstate", None)
    if state is None:
        # psycopg gives no code when the connection was lost or never came about.
        if _asked_for_password(original):
            return DatabaseAwayError(_DENIED)
        return DatabaseAwayError(_AWAY) if error.connection_invalidated or _connecting(error) else None
    found = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    return found[0](found[1]) if found else None


def _explain_sqlite_error(original: sqlite3.Error) -> DatabaseError | None:
    code = getattr(original, "sqlite_errorcode", None)
    if code is None:
        return None
    if code == sqlite3.SQLITE_ERROR and "no such table" in str(original):
        return SchemaOlderError(OLDER)
    found = _SQLITE.get(code & 0xFF)  # extended codes carry the plain one in their low byte
    return found[0](found[1]) if found else None


def _asked_for_password(original: BaseException | None) -> bool:
    """Say whether a server was reached that asked for a password and then let nobody in.

    psycopg keeps the libpq connection on errors of connecting alone. libpq does not tell a wrong password
    from a database that is not there: a server looks for that once it has the password.
    """
    attempt = getattr(original, "pgconn", None)
    return attempt is not None and bool(attempt.used_password or attempt.needs_password)


def _connecting(error: "DBAPIError") -> bool:
    return type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout", "AdminShutdown")
