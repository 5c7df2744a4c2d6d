"""What changed of relations, told with who did it: of each record only what is another now."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table

from ...identifiers import HIDDEN_NUMBERS, mask_number
from ...linked import REVERSE
from ..database.tables import (
    authorities,
    contacts,
    relation_contacts,
    relation_links,
    relation_products,
    relation_roles,
    relations,
    standing_authorities,
)
from ..presence_changes import Author
from ..relations.changes import RelationChange
from .holdings import Holdings, Key, Record
from .writing import Touched

TOLD = (
    relations,
    contacts,
    relation_contacts,
    authorities,
    standing_authorities,
    relation_roles,
    relation_products,
    relation_links,
)


def tell_changes(holdings: Holdings, touched: Touched, author: Author) -> Iterator[RelationChange]:
    """Yield each change of a relation; of a contact for each that they serve.

    A relation that comes in with files tells nothing yet: all of it is what it came with.
    """
    known, served = holdings.before[relations.name], _list_served(holdings)
    for table in TOLD:
        for key in (key for key, change in touched[table.name].items() if change != "unchanged"):
            held, new = holdings.before[table.name].get(key), holdings.after[table.name].get(key)
            before, after = _compare(table, held, new)
            for number in _find_relations(served, table, key):
                if author.id is not None or (number,) in known:
                    yield RelationChange(
                        relation=number,
                        kind=table.name,
                        subject=_name_subject(table, _see_from(number, table, key)),
                        before=before,
                        after=after,
                        by=author.id,
                        at=author.at,
                        run=author.run,
                    )


def _list_served(holdings: Holdings) -> dict[str, set[str]]:
    """Return the relations that each contact serves, or served until now."""
    served: dict[str, set[str]] = {}
    for held in (holdings.before, holdings.after):
        for relation, contact in held[relation_contacts.name]:
            served.setdefault(contact, set()).add(relation)
    return served


def _find_relations(served: Mapping[str, set[str]], table: Table, key: Key) -> list[str]:
    if table is contacts:
        return sorted(served.get(key[0], ()))
    if table is relation_links:
        return sorted({key[0], key[2]})
    number = "number" if table is relations else "relation"
    return [str(key[table.primary_key.columns.keys().index(number)])]


def _see_from(number: str, table: Table, key: Key) -> Key:
    """Return the key of a record as a relation sees it: of a link what the other is to it."""
    if table is not relation_links or number == key[0]:
        return key
    return (number, REVERSE[key[1]], key[0], *key[3:])


def _name_subject(table: Table, key: Key) -> str:
    names = table.primary_key.columns.keys()
    parts = [part for name, part in zip(names, key, strict=True) if name not in ("relation", "number")]
    return "/".join(part.isoformat() if isinstance(part, date) else str(part) for part in parts)


def _compare(
    table: Table, before: Record | None, after: Record | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return what differs of a record, as it was and as it is; None where it does not exist."""
    was, now = (_flatten(table, record) for record in (before, after))
    if was is None or now is None:
        return _leave_empty_out(was), _leave_empty_out(now)
    names = [name for name in was | now if was.get(name) != now.get(name)]
    return {name: _show(name, was.get(name)) for name in names}, {n: _show(n, now.get(n)) for n in names}


def _flatten(table: Table, record: Record | None) -> Record | None:
    if record is None:
        return None
    keys = set(table.primary_key.columns.keys())
    own: Mapping[str, Any] = record.get("fields", {}) if table is relations else {}
    plain = {name: value for name, value in record.items() if name not in keys and name != "fields"}
    return plain | dict(own)


def _leave_empty_out(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {name: _show(name, value) for name, value in record.items() if value not in (None, "", [], False)}


def _show(name: str, value: Any) -> Any:
    if name in HIDDEN_NUMBERS and value:
        return mask_number(value)
    return value.isoformat() if isinstance(value, date) else value
