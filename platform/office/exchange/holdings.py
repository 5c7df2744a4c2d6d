"""What the office holds, with the rows of a folder laid over it: checked as a whole, written as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from ...plan import Office
from ..tables import (
    ANY_PRODUCT,
    ONE_SUB_NUMBER,
    authorities,
    contacts,
    relation_contacts,
    relation_products,
    relation_roles,
    relations,
    standing_authorities,
    team,
)
from .reading import Row

Key = tuple[Any, ...]
Record = dict[str, Any]

TABLES = (
    relations,
    contacts,
    team,
    relation_contacts,
    authorities,
    standing_authorities,
    relation_roles,
    relation_products,
)
"""In the order in which they are written: what is referred to comes first."""


@dataclass
class Holdings:
    """Every table's records by key: as they are in the database, and as the folder would leave them."""

    before: dict[str, dict[Key, Record]]
    after: dict[str, dict[Key, Record]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    """Tables whose file could not be read: whether they hold something is not known."""

    def has(self, table: Table, *key: Any) -> bool:
        """Say whether a record will be there, or may be for all that can be told."""
        return table.name in self.broken or key in self.after[table.name]

    def records(self, table: Table) -> dict[Key, Record]:
        """Return a table's records as the folder would leave them."""
        return self.after[table.name]

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        """Lay values over the record with their key, or over a new one."""
        key = tuple(values[column.name] for column in table.primary_key.columns)
        record = self.after[table.name].setdefault(key, _blank(table))
        record.update({name: _plain(value) for name, value in values.items()})

    def drop(self, table: Table, *key: Any) -> None:
        """Leave a record out."""
        self.after[table.name].pop(key, None)


def load(connection: Connection, broken: Iterable[str] = ()) -> Holdings:
    """Read everything that an import can change."""
    before = {table.name: _load(connection, table) for table in TABLES}
    after = {name: {key: dict(record) for key, record in held.items()} for name, held in before.items()}
    return Holdings(before=before, after=after, broken=frozenset(broken))


def lay(holdings: Holdings, rows: Iterable[Row], office: Office) -> None:
    """Lay the rows of a folder over what is held; a row whose key could not be read is passed over."""
    for row in rows:
        _LAY[row.file](holdings, row, office)


def _load(connection: Connection, table: Table) -> dict[Key, Record]:
    names = [column.name for column in table.primary_key.columns]
    rows = (dict(row) for row in connection.execute(select(table)).mappings())
    return {tuple(row[name] for name in names): row for row in rows}


def _blank(table: Table) -> Record:
    """Return what a new record has where a file says nothing, as the columns' defaults have it."""
    defaults: Record = {
        "kind": "organisation",
        "sbr_enabled": False,
        "ideal_enabled": False,
        "status": "active",
        "language": "nl",
        "salutation": "",
        "phone": "",
        "proof": "",
        "active": True,
        "primary": False,
        "foreign": False,
        "kor": False,
        "fiscal_unit": False,
    }
    lists = {"automations_off", "functions", "jointly", "qualifications"}
    return {
        column.name: []
        if column.name in lists
        else {}
        if column.name == "fields"
        else defaults.get(column.name)
        for column in table.columns
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _named(row: Row, *names: str, **renamed: str) -> Record:
    """Return the row's values of these columns, those of `renamed` under their other name."""
    found = {name: row.values[name] for name in names if name in row.values}
    return found | {name: row.values[column] for name, column in renamed.items() if column in row.values}


def _lay_relation(holdings: Holdings, row: Row, office: Office) -> None:
    if "number" not in row.values:
        return
    own = {field.id for field in office.fields}
    values = {name: value for name, value in row.values.items() if name not in own and name != "kind"}
    kind = row.values.get("kind")
    holdings.put(relations, values | ({"kind": kind} if kind else {}))
    record = holdings.records(relations)[(row.values["number"],)]
    given = {name: _scalar(row.values[name]) for name in own if name in row.values}
    merged = {**record["fields"], **given}
    record["fields"] = {name: value for name, value in merged.items() if value is not None}


def _scalar(value: Any) -> Any:
    """Return an own field as JSON holds it: a day as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _lay_contact(holdings: Holdings, row: Row, office: Office) -> None:
    if "contact" not in row.values:
        return
    values = _named(row, "name", "salutation", "email", "language", id="contact")
    holdings.put(contacts, values)
    if row.values.get("relation"):
        holdings.put(relation_contacts, _named(row, "relation", "contact", "functions", "primary"))


def _lay_authority(holdings: Holdings, row: Row, office: Office) -> None:
    values = {"product": ANY_PRODUCT} | dict(row.values)
    if {"contact", "relation", "since"} <= values.keys():
        holdings.put(authorities, values)


def _lay_standing(holdings: Holdings, row: Row, office: Office) -> None:
    values = {"product": ANY_PRODUCT} | dict(row.values)
    if {"relation", "since"} <= values.keys():
        holdings.put(standing_authorities, values)


def _lay_member(holdings: Holdings, row: Row, office: Office) -> None:
    if "member" in row.values:
        names = ("name", "email", "phone", "qualifications", "active")
        holdings.put(team, _named(row, *names, id="member"))


def _lay_role(holdings: Holdings, row: Row, office: Office) -> None:
    if not {"relation", "role"} <= row.values.keys():
        return
    if row.values.get("member"):
        holdings.put(relation_roles, row.values)
    elif "member" in row.values:
        holdings.drop(relation_roles, row.values["relation"], row.values["role"])


def _lay_product(holdings: Holdings, row: Row, office: Office) -> None:
    values = {"sub_number": ONE_SUB_NUMBER} | dict(row.values)
    if {"relation", "product"} <= values.keys():
        holdings.put(relation_products, values)


_LAY = {
    "relations.csv": _lay_relation,
    "contacts.csv": _lay_contact,
    "authorities.csv": _lay_authority,
    "standing_authorities.csv": _lay_standing,
    "team.csv": _lay_member,
    "roles.csv": _lay_role,
    "products.csv": _lay_product,
}
