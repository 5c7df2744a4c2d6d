"""Migrations make what the tables describe, all at once, by one of several processes."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from kantoor.office.database import migrate
from kantoor.office.database.engine import Database, open_database
from kantoor.office.database.errors import (
    DatabaseAwayError,
    DatabaseLockedError,
    NoOfficeError,
    SchemaNewerError,
    SchemaOlderError,
)
from kantoor.office.database.migrate import check_schema, is_made, upgrade
from kantoor.office.database.tables import deliveries, metadata, steps, timeline

from .material import NOW, start


def test_migrations_from_empty_make_what_the_tables_describe(new_url: Callable[[], str]) -> None:
    migrated, described = open_database(new_url()), open_database(new_url())
    upgrade(migrated)
    with described.write() as connection:
        metadata.create_all(connection)
    assert sorted(reflected(migrated).items()) == sorted(reflected(described).items())


def test_migrations_need_nothing_more_by_alembic_itself(empty_url: str) -> None:
    database = open_database(empty_url)
    upgrade(database)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def reflected(database: Database) -> dict[str, Any]:
    """Return everything that the database itself says of its tables."""
    with database.read() as connection:
        inspector = inspect(connection)
        names = [name for name in inspector.get_table_names() if name != "alembic_version"]
        return {
            f"{name}.{part}": sorted(_said(one) for one in getattr(inspector, f"get_{part}")(name))
            for name in names
            for part in ("columns", "indexes", "unique_constraints", "check_constraints", "foreign_keys")
        } | {f"{name}.pk": inspector.get_pk_constraint(name) for name in names}


def _said(one: Any) -> str:
    return ", ".join(
        f"{key}: {_said(value) if isinstance(value, dict) else value}" for key, value in one.items()
    )


def test_an_upgrade_of_what_is_current_changes_nothing(database: Database) -> None:
    upgrade(database)
    check_schema(database)


def test_an_empty_database_holds_no_office_and_asking_makes_none(
    empty_url: str, dialect: str, tmp_path: Path
) -> None:
    database = open_database(empty_url)
    setting = "KANTOOR_HOME" if dialect == "sqlite" else "KANTOOR_DATABASE_URL"
    said = rf"there is no office in .*: make one with .*, or set {setting} to where"
    with pytest.raises(NoOfficeError, match=said):
        check_schema(database)
    assert not is_made(database)
    assert list(tmp_path.iterdir()) == []
    upgrade(database)
    assert is_made(database)


def test_an_older_office_does_not_fit_until_it_is_brought_up_to_date(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = shutil.copytree(migrate.FOLDER, tmp_path / "migrations")
    newest = ScriptDirectory(str(folder)).get_current_head()
    following = f"revision = '9999'\ndown_revision = '{newest}'\ndef upgrade():\n    pass\n"
    (folder / "versions" / "9999_next.py").write_text(following)
    monkeypatch.setattr(migrate, "FOLDER", folder)
    assert is_made(database)
    with pytest.raises(SchemaOlderError, match="brings it up to date"):
        check_schema(database)
    upgrade(database)
    check_schema(database)


def test_the_file_of_a_migration_begins_with_its_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    scripts = ScriptDirectory.from_config(config)
    revisions = [script.revision for script in scripts.walk_revisions()]
    files = [Path(script.path).name.partition("_")[0] for script in scripts.walk_revisions()]
    assert files == revisions == sorted(revisions, reverse=True)


def test_several_at_once_make_one_schema(empty_url: str) -> None:
    failures: list[Exception] = []

    def run() -> None:
        while True:
            try:
                upgrade(open_database(empty_url))
            except DatabaseLockedError:
                continue  # it says to try again: on a slow machine one writes for longer than another waits
            except Exception as error:
                failures.append(error)
            return

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    check_schema(open_database(empty_url))


def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaNewerError, match="newer kantoor"):
        upgrade(database)


def test_a_migration_that_fails_halfway_leaves_nothing(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = Path(migrate.__file__).parent / "migrations"
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text((source / "env.py").read_text())
    (folder / "versions" / "0001_half.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = '0001'\ndown_revision = None\n"
        "def upgrade():\n    op.create_table('half', sa.Column('x', sa.Integer))\n    raise RuntimeError\n"
    )
    database = open_database(empty_url)
    monkeypatch.setattr(migrate, "FOLDER", folder)
    with pytest.raises(RuntimeError):
        upgrade(database)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == []


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    upgrade(open_database(f"sqlite:///{tmp_path}/a/b/office.sqlite3"))
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseAwayError, match="folder"):
        upgrade(open_database(f"sqlite:///{tmp_path}/file/b/office.sqlite3"))


def test_only_what_a_person_recorded_is_given_its_proof_and_not_what_counts_in_its_place(
    office: Database,
) -> None:
    with office.write() as connection:
        filing = start(connection)
        rows = [
            ("failed", "met de hand", "given"),
            ("taken", "met de hand", "given"),
            ("accepted", "500", "answered"),
        ]
        for number, (status, code, receipt) in enumerate(rows):
            said = {"status": status, "code": code, "receipt": receipt}
            named = {"filing": filing.id, "number": number, "aanleverkenmerk": f"k{number}", "attempt": 1}
            sent = {"relation": filing.relation, "identity_digest": "i", "message_kind": "m", "document": "d"}
            when = {"sha256": "s", "begun_at": NOW, "expires_at": NOW, "listed": []}
            connection.execute(deliveries.insert().values(**said, **named, **sent, **when))
    with office.changing_schema() as connection:
        connection.exec_driver_sql("ALTER TABLE deliveries DROP COLUMN proof")
        connection.exec_driver_sql("DROP TABLE programs")
        connection.exec_driver_sql("DROP INDEX ix_recurrences_not_begun")
        for name in ("begun", "stopped_by", "stopped_at", "stopped_act"):
            connection.exec_driver_sql(f"ALTER TABLE recurrences DROP COLUMN {name}")
        connection.exec_driver_sql("ALTER TABLE drafts DROP COLUMN passing")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0037'")
    upgrade(office)
    with office.read() as connection:
        kept = connection.execute(select(deliveries.c.proof).order_by(deliveries.c.number)).scalars().all()
    assert kept == ["given", None, None]


@pytest.mark.parametrize("table", [timeline, steps], ids=lambda t: t.name)
def test_what_was_recorded_cannot_be_changed_or_removed(office: Database, table: Any) -> None:
    with office.write() as connection:
        filing = start(connection)
        row = {"filing": filing.id, "sequence": 1, "digest": "d", "content": "c"}
        if table is timeline:
            row = {"filing": filing.id, "sequence": 1, "index": 0, "at": NOW.replace(tzinfo=None)}
            row |= {"by": "ans", "what": "noted", "data": {}, "recorded_at": NOW}
        connection.execute(table.insert().values(**row))
    changes = [table.update().values(sequence=2), table.delete()]
    if office.dialect == "sqlite":
        changes.append(text(f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name}"))
    else:
        changes.append(text(f"TRUNCATE {table.name}"))
    for change in changes:
        with pytest.raises(Exception, match="append-only"), office.write() as connection:
            connection.execute(change)
