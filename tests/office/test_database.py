"""One law on both dialects: writers one after another, readers in one moment, errors in a sentence."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, select, text
from sqlalchemy.exc import StatementError

from kantoor.office.database import engine
from kantoor.office.database.engine import (
    BUSY_MILLISECONDS,
    SCHEMA_BUSY_MILLISECONDS,
    Database,
    open_database,
    sqlite_url,
)
from kantoor.office.database.errors import (
    DatabaseAwayError,
    DatabaseDamagedError,
    DatabaseError,
    DatabaseFullError,
    DatabaseLockedError,
    SchemaOlderError,
)
from kantoor.office.database.migrate import upgrade
from kantoor.office.database.tables import relations
from kantoor.office.relations.relation import find_relation
from tests.counting import count_statements

from .material import count_by_statistics

ADD = """
import sys
from sqlalchemy import select
from kantoor.office.database.engine import open_database
from kantoor.office.database.errors import DatabaseLockedError
from kantoor.office.database.tables import relations

database = open_database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
added = 0
while added < 100:
    try:
        with database.write() as connection:
            value = int(connection.execute(select(relations.c.name)).scalar_one())
            connection.execute(relations.update().values(name=str(value + 1)))
        added += 1
    except DatabaseLockedError:
        pass
"""


def put_relation(database: Database, number: str = "1", name: str = "0") -> None:
    with database.write() as connection:
        connection.execute(relations.insert().values(number=number, name=name, kind="organisation"))


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(relations.c.name)).scalars())


def put_two(database: Database) -> None:
    with database.write() as connection:
        connection.execute(relations.insert().values(number="1", name="x", kind="organisation"))
        raise KeyError


def test_three_processes_that_read_and_then_write_lose_no_update(database: Database) -> None:
    put_relation(database)
    url = database.engine.url.render_as_string(hide_password=False)
    processes = [
        subprocess.Popen([sys.executable, "-c", ADD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        process.communicate(b"\n")
        assert process.returncode == 0
    assert names(database) == ["300"]


def test_what_is_raised_rolls_everything_back(database: Database) -> None:
    with pytest.raises(KeyError):
        put_two(database)
    assert names(database) == []


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    put_relation(database, name="before")
    with database.read() as connection:
        query = select(relations.c.name)
        assert connection.execute(query).scalar_one() == "before"
        with database.write() as writing:
            writing.execute(relations.update().values(name="after"))
        assert connection.execute(query).scalar_one() == "before"
    assert names(database) == ["after"]


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only"), database.read() as connection:
        connection.execute(relations.insert().values(number="1", name="x", kind="organisation"))
    assert names(database) == []


def test_a_writer_that_waits_too_long_is_told_to_try_again(database: Database) -> None:
    def try_to_write() -> None:
        with pytest.raises(DatabaseLockedError, match="try again"), database.write():
            pass

    with database.write():
        thread = threading.Thread(target=try_to_write)
        thread.start()
        thread.join()


def fill(database: Database, pages: int) -> None:
    with database.write() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(1000):
            connection.execute(
                relations.insert().values(number=str(number), name="x" * 999, kind="organisation")
            )


def test_who_finds_no_connection_free_is_told_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(engine._POOL, "pool_timeout", 0.01)
    database = open_database(sqlite_url(tmp_path / "office.db"))
    with ExitStack() as taken:
        for _ in range(engine.MOST_CONNECTIONS):
            taken.enter_context(database.read())
        with pytest.raises(DatabaseLockedError, match="try again"), database.read():
            pass
    with database.read() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    database.close()


def test_what_is_asked_again_in_one_moment_is_asked_once_and_by_who_writes_each_time(
    database: Database,
) -> None:
    put_relation(database)
    with database.read() as connection, count_statements(database) as sent:
        first, again = find_relation(connection, "1"), find_relation(connection, "1")
    assert first is again is not None
    assert len([one for one in sent if one.startswith("SELECT")]) == 1
    with database.write() as connection:
        before = find_relation(connection, "1")
        connection.execute(relations.update().values(name="1"))
        after = find_relation(connection, "1")
    assert before
    assert after
    assert (before.name, after.name) == ("0", "1")


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1.0"),
        date(2026, 1, 1),
        datetime(2026, 1, 1),
        {"x"},
        b"x",
        float("nan"),
        float("inf"),
        {1: "x"},
    ],
)
@pytest.mark.parametrize("within", [lambda value: value, lambda value: {"a": [value]}])
def test_a_json_column_refuses_what_is_no_plain_data(
    database: Database, value: object, within: Callable[[object], object]
) -> None:
    def put() -> None:
        with database.write() as connection:
            row = {"number": "1", "name": "x", "kind": "organisation", "fields": within(value)}
            connection.execute(relations.insert().values(**row))

    with pytest.raises((StatementError, TypeError), match="JSON column"):
        put()
    assert names(database) == []


def test_a_json_column_gives_back_plain_data_as_it_was(database: Database) -> None:
    plain = {"a": [None, True, 1, 2.5, "é", {"b": []}]}
    with database.write() as connection:
        row = {"number": "1", "name": "x", "kind": "organisation", "fields": plain}
        connection.execute(relations.insert().values(**row))
    with database.read() as connection:
        assert connection.execute(select(relations.c.fields)).scalar_one() == plain


def test_statistics_are_of_what_the_tables_hold(database: Database) -> None:
    with database.write() as connection:
        rows = [{"number": f"{number}", "name": "De Linde", "kind": "organisation"} for number in range(50)]
        connection.execute(relations.insert(), rows)
    database.renew_statistics()
    assert count_by_statistics(database, "relations") == 50


def test_after_a_schema_change_sqlite_is_set_as_before_on_the_same_connection(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "office.sqlite3"))
    upgrade(database)

    def settings(connection: Connection) -> dict[str, object]:
        asked = ("journal_mode", "synchronous", "foreign_keys", "query_only", "busy_timeout")
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in asked}

    kept = {"journal_mode": "wal", "synchronous": 2}
    expected = {"foreign_keys": 1, "query_only": 0, "busy_timeout": BUSY_MILLISECONDS}
    for _ in range(2):
        with database.changing_schema() as connection:
            changing, driver = settings(connection), connection.connection.driver_connection
        with database.write() as connection:
            assert connection.connection.driver_connection is driver
            assert settings(connection) == kept | expected
        with database.read() as connection:
            assert settings(connection) == kept | expected | {"query_only": 1}
        loose = {"foreign_keys": 0, "query_only": 0, "busy_timeout": SCHEMA_BUSY_MILLISECONDS}
        assert changing == kept | loose


def test_a_full_disk_is_told_and_nothing_of_the_write_is_kept(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "office.sqlite3"))
    upgrade(database)
    with database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with pytest.raises(DatabaseFullError, match="disk of the office database is full"):
        fill(database, pages)
    assert names(database) == []


def test_a_database_that_was_never_made_says_what_brings_it_up_to_date(empty_url: str) -> None:
    with pytest.raises(SchemaOlderError, match="kantoor up"):
        names(open_database(empty_url))


@pytest.mark.parametrize("url", ["mysql://u:geheim@h/n", "not a url", "sqlite://", "sqlite:///:memory:", ""])
def test_a_url_that_cannot_be_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(DatabaseError, match="database_url must") as raised:
        open_database(url)
    assert "geheim" not in str(raised.value)


def test_a_server_that_is_away_is_told_without_its_password() -> None:
    database = open_database("postgresql://u:geheim@127.0.0.1:1/kantoor")
    with pytest.raises(DatabaseAwayError, match="cannot be reached") as raised, database.read():
        pass
    assert "geheim" not in str(raised.value)


def read_while_killed(database: Database, killer: Engine) -> None:
    with database.read() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with killer.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        connection.exec_driver_sql("SELECT 1")


def test_a_server_that_stops_in_between_is_told(postgresql: str) -> None:
    database = open_database(postgresql)
    killer = create_engine(postgresql.replace("postgresql://", "postgresql+psycopg://"))
    with pytest.raises(DatabaseAwayError):
        read_while_killed(database, killer)


@pytest.fixture(scope="session")
def guarded(postgresql: str) -> URL:
    """The address of the server for a role that it asks for a password, which is 'geheim'."""
    server = create_engine(postgresql.replace("postgresql://", "postgresql+psycopg://"))
    with server.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE guarded LOGIN PASSWORD 'geheim'")
        rules = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
        rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    server.dispose()
    return make_url(postgresql).set(username="guarded")


def log_in(guarded: URL, **about: str) -> Database:
    return open_database(guarded.set(**about).render_as_string(hide_password=False))


@pytest.mark.parametrize(
    "about",
    [{"password": "fout"}, {}, {"password": "geheim", "database": "nowhere"}],
    ids=["wrong password", "no password", "no such database"],
)
def test_a_server_that_asks_for_a_password_and_lets_nobody_in_refuses_access(
    guarded: URL, about: dict[str, str]
) -> None:
    told = "refuses access: check user name, password and database name in the database_url setting"
    with pytest.raises(DatabaseAwayError, match=told) as raised, log_in(guarded, **about).read():
        pass
    assert not {"fout", "geheim"} & {*re.findall(r"\w+", str(raised.value))}


def test_the_right_password_opens(guarded: URL) -> None:
    with log_in(guarded, password="geheim").read() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar_one() == "guarded"


def test_a_connection_that_was_opened_with_a_password_and_is_lost_is_told_as_lost(
    guarded: URL, postgresql: str
) -> None:
    killer = create_engine(postgresql.replace("postgresql://", "postgresql+psycopg://"))
    with pytest.raises(DatabaseAwayError, match="cannot be reached"):
        read_while_killed(log_in(guarded, password="geheim"), killer)


def test_a_database_that_is_not_there_is_told(postgresql: str) -> None:
    database = open_database(postgresql.replace("/postgres?", "/nowhere?"))
    with pytest.raises(DatabaseAwayError, match="database_url"), database.read():
        pass


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "office.sqlite3"
    file.write_bytes(b"this is a text of some length, and no database at all" * 100)
    with pytest.raises(DatabaseDamagedError, match="backup"):
        names(open_database(sqlite_url(file)))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseAwayError, match="folder"):
        names(open_database(sqlite_url(tmp_path / "nowhere" / "office.sqlite3")))


def test_an_error_of_the_program_shows_no_values(database: Database) -> None:
    put_relation(database, "1", "Jansen")
    with pytest.raises(Exception, match=r"(?i)unique") as raised:
        put_relation(database, "1", "Geheime Naam")
    assert "Geheime" not in str(raised.value)
