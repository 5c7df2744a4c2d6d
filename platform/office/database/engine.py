"""The office database: one SQLite file shared by several processes, or PostgreSQL, by URL.

Both keep one law: writers run one after another, each seeing what the one before left; a reader sees one
moment. On SQLite that is BEGIN IMMEDIATE in WAL mode with the driver's own transactions off (of 1,500
read-then-write transactions of three processes the default lost 941); on PostgreSQL one advisory lock
for writers and REPEATABLE READ for readers.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ...files import make_private
from .errors import NO_CONNECTION, DatabaseAwayError, DatabaseError, DatabaseLockedError, explain_error
from .moments import MOMENT

BUSY_MILLISECONDS = 4000
"""How long a transaction waits for its turn: a little less than a record's activity gets."""
SCHEMA_BUSY_MILLISECONDS = 60_000
"""How long a migration does: programs that start together wait for the one that makes the schema."""
KEPT_CONNECTIONS = 10
MOST_CONNECTIONS = 41
"""Of one program at a time: as many as the pages have threads that ask. Who finds none free waits a while."""
SECONDS_OF_A_CONNECTION = 60
"""How long SQLite's are kept: one that is open goes on by the statistics that there were when it began."""
_WRITERS = 0x6B616E74
"""The key of PostgreSQL's advisory lock for writers of an office database."""


class Database:
    """An office database; `write` and `read` give connections in a transaction. Safe for threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._guard: Callable[[], None] | None = None

    @property
    def dialect(self) -> str:
        """Return 'sqlite' or 'postgresql'."""
        return self.engine.dialect.name

    def guard(self, check: Callable[[], None]) -> None:
        """Have this called before anything is written, until it raises nothing: then all may be."""
        self._guard = check

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection that may write: alone, committed at the end, rolled back when anything is raised.

        Keep it short and do no I/O inside: every other writer of the office waits. Raises DatabaseError.
        """
        if self._guard is not None:
            self._guard()
            self._guard = None
        with self._transaction(writing=True) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database and cannot write. Raises DatabaseError."""
        with self._transaction(writing=False) as connection:
            yield connection

    @contextmanager
    def changing_schema(self) -> Iterator[Connection]:
        """Give a writing connection for migrations, on which SQLite may rebuild a table that others refer to.

        References are checked before the end. Raises DatabaseError.
        """
        with self._transaction(writing=True, rebuilding=True) as connection:
            yield connection
            if self.dialect == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise DatabaseError("a migration would have broken references: nothing was changed")

    def rewrite(self, tables: Iterable[str]) -> None:
        """Write these tables again (on SQLite the whole file), so that nothing of what was changed is left.

        Others wait meanwhile. Raises DatabaseError where it cannot be done now.
        """
        with self._outside_transactions() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                connection.exec_driver_sql(f"VACUUM (FULL) {', '.join(tables)}")

    def renew_statistics(self) -> None:
        """Have the database look again at how much of what its tables hold: by that it finds its ways.

        Without it SQLite looks through all filings for each relation of the planner. Who writes there waits
        meanwhile, a tenth of a second in an office of 60,000 filings. Raises DatabaseError.
        """
        with self._outside_transactions() as connection:
            connection.exec_driver_sql("ANALYZE")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _outside_transactions(self) -> Iterator[Connection]:
        with self._explaining(writing=True), self.engine.connect() as connection:
            options: dict[str, Any] = {"writing": True, "bare": True}
            if self.dialect == "postgresql":  # on SQLite the driver begins none by itself
                options["isolation_level"] = "AUTOCOMMIT"
            yield connection.execution_options(**options)

    @contextmanager
    def _transaction(self, *, writing: bool, rebuilding: bool = False) -> Iterator[Connection]:
        with self._explaining(writing=writing), self.engine.connect() as connection:
            connection = connection.execution_options(writing=writing, rebuilding=rebuilding)
            if not writing:
                connection = connection.execution_options(**{MOMENT: {}})
            with connection.begin():
                yield connection

    @contextmanager
    def _explaining(self, *, writing: bool) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            meaning = explain_error(error, writing=writing)
            if meaning is None:
                raise
            raise meaning from error
        except PoolTimeoutError as error:
            raise DatabaseLockedError(NO_CONNECTION) from error


def open_database(url: str) -> Database:
    """Open the office database that the URL names, without touching it yet.

    `sqlite:///path/to/file` or `postgresql://user:password@host/name`. Raises DatabaseError for another URL.
    """
    parsed = _parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(_sqlite(parsed))
    return Database(_postgresql(parsed))


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def _parse_url(url: str) -> URL:
    wrong = "database_url must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise DatabaseError(wrong) from None
    if backend not in ("sqlite", "postgresql"):
        raise DatabaseError(wrong)
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseError("database_url must name a file: several processes share the office database")
    return parsed.set(drivername="postgresql+psycopg") if backend == "postgresql" else parsed


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        json_serializer=_write_json,
        json_deserializer=msgspec.json.decode,
        **_POOL,
        pool_recycle=SECONDS_OF_A_CONNECTION,
        connect_args={"isolation_level": None, "timeout": BUSY_MILLISECONDS / 1000},
    )

    @event.listens_for(engine, "do_connect")
    def make_file(*_: Any) -> None:
        # SQLite would make it readable for all; what it writes beside the file gets the rights of the file.
        with suppress(OSError):  # the driver says what is wrong
            make_private(Path(url.database or ""))

    @event.listens_for(engine, "connect")
    def set_up(driver: Any, _record: Any) -> None:
        driver.execute("PRAGMA journal_mode = WAL")
        # FULL: a delivery's attempt must be on disk before anything is sent.
        driver.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writing = options.get("writing", False)
        rebuilding = options.get("rebuilding", False)
        # They stay as they are set, and inside a transaction the first does nothing.
        wanted = {
            "foreign_keys": "OFF" if rebuilding else "ON",
            "query_only": "OFF" if writing else "ON",
            "busy_timeout": SCHEMA_BUSY_MILLISECONDS if rebuilding else BUSY_MILLISECONDS,
        }
        if connection.info.get("pragmas") != wanted:
            connection.info["pragmas"] = None
            for name, value in wanted.items():
                connection.exec_driver_sql(f"PRAGMA {name} = {value}")
            connection.info["pragmas"] = wanted
        if not options.get("bare", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


_POOL: dict[str, Any] = {
    "pool_size": KEPT_CONNECTIONS,
    "max_overflow": MOST_CONNECTIONS - KEPT_CONNECTIONS,
    "pool_timeout": BUSY_MILLISECONDS / 1000,
    "pool_use_lifo": True,  # the last one is set up as the next transaction mostly needs it
}


def _write_json(value: Any) -> str:
    """Write plain data, and refuse what would come back as something else. Raises TypeError."""
    _refuse_no_plain_data(value)
    return msgspec.json.encode(value).decode()


def _refuse_no_plain_data(value: Any) -> None:
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of a JSON column is a text, not of type {type(key).__name__}")
            _refuse_no_plain_data(item)
    elif kind is list or kind is tuple:
        for item in value:
            if type(item) is not str:  # lists of thousands of numbers are asked for
                _refuse_no_plain_data(item)
    elif not (value is None or isinstance(value, (str, bool, int)) or (kind is float and isfinite(value))):
        raise TypeError(f"a JSON column takes no value of type {kind.__name__}, nor NaN or infinity")


_SETTINGS = (
    f"lock_timeout={BUSY_MILLISECONDS}",
    "random_page_cost=1.1",  # an office fits into memory; PostgreSQL supposes a disk that turns
    "jit=off",  # it would compile for longer than any question of a page may take
)
"""What each connection to PostgreSQL asks for itself, whatever the server is set to."""


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        json_serializer=_write_json,
        json_deserializer=msgspec.json.decode,  # a list of 20,000 relations has 60,000 such cells
        **_POOL,
        pool_pre_ping=True,  # a server that was restarted costs no error
        connect_args={"connect_timeout": 5, "options": " ".join(f"-c {one}" for one in _SETTINGS)},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("bare", False):
            return
        if options.get("rebuilding", False):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {SCHEMA_BUSY_MILLISECONDS}")
        if options.get("writing", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    return engine


__all__ = ["Database", "DatabaseAwayError", "DatabaseError", "open_database", "sqlite_url"]
