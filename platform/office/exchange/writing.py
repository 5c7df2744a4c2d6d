"""Writing what an import changed, so that no moment in between breaks a uniqueness of the database."""

from typing import Any, Literal

from sqlalchemy import Connection, Table, and_, bindparam

from ..database.tables import contacts, relation_contacts, team
from .holdings import TABLES, Holdings, Key, Record

Change = Literal["new", "changed", "unchanged", "dropped"]
Touched = dict[str, dict[Key, Change]]
"""The change of each record, by table and key."""


def find_touched(holdings: Holdings) -> Touched:
    """Return what would become of each record."""
    return {table.name: _changes(holdings, table) for table in TABLES}


def write(connection: Connection, holdings: Holdings) -> Touched:
    """Write new, changed and dropped records; return the change of each."""
    changes = find_touched(holdings)
    _make_room(connection, holdings, changes)
    for table in reversed(TABLES):
        for key in (key for key, change in changes[table.name].items() if change == "dropped"):
            connection.execute(table.delete().where(_same(table, key)))
    for table in TABLES:
        held, changed = holdings.after[table.name], changes[table.name]
        added = [held[key] for key, change in changed.items() if change == "new"]
        if added:
            connection.execute(table.insert(), added)
        others = [held[key] for key, change in changed.items() if change == "changed"]
        if others:
            _update(connection, table, others)
    return changes


def _update(connection: Connection, table: Table, records: list[Record]) -> None:
    """Write changed records of a table, all with one statement."""
    keys = table.primary_key.columns.keys()
    same = and_(*(table.c[name] == bindparam(f"key_{name}") for name in keys))
    columns = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in records[0]}
    rows = [
        {f"new_{name}": value for name, value in record.items()}
        | {f"key_{name}": record[name] for name in keys}
        for record in records
    ]
    connection.execute(table.update().where(same).values(columns), rows)


def _changes(holdings: Holdings, table: Table) -> dict[Key, Change]:
    before, after = holdings.before[table.name], holdings.after[table.name]
    return {key: _change(before.get(key), after.get(key)) for key in before | after}


def _change(before: Record | None, after: Record | None) -> Change:
    if before is None:
        return "new"
    if after is None:
        return "dropped"
    return "unchanged" if before == after else "changed"


def _make_room(connection: Connection, holdings: Holdings, changes: Touched) -> None:
    """Free addresses and primary places that change hands within the folder."""
    for table, column, free in (
        (contacts, "email", None),
        (team, "email", "!"),
        (relation_contacts, "primary", False),
    ):
        for key, change in changes[table.name].items():
            moved = holdings.before[table.name].get(key, {}).get(column)
            if change == "changed" and moved != holdings.after[table.name][key][column]:
                parked = f"{free}{key[0]}" if free == "!" else free
                connection.execute(table.update().where(_same(table, key)).values({column: parked}))


def _same(table: Table, key: Key) -> Any:
    return and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))
