"""Which names that nothing brings may be those of rows that are wrong themselves.

A row whose own name cannot be read is told once; the rows that name it are right, and must not be called
wrong for it. What is only guessed here is what not to say: a folder with any mistake is not imported.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import Table

from ..tables import contacts, relations, team
from .holdings import Holdings
from .reading import Row

REFERENCES = (("relation", relations), ("contact", contacts), ("member", team))
"""The columns that name a record, wherever they stand, and of which table it must be."""


class Doubts:
    """What may be there although no row that could be read says so."""

    def __init__(self, rows: list[Row], repeated: Mapping[int, Row], holdings: Holdings) -> None:
        """Look through the rows; `repeated` gives by place in them the first row with the same key."""
        self._holdings = holdings
        self._missing = {table.name: self._count(rows, column, table) for column, table in REFERENCES}
        odd = [
            row for place, row in enumerate(rows) if self._taken(row) or _other_name(row, repeated.get(place))
        ]
        self._claimed = {
            table.name: self._claims(
                [row for row in rows if row.file == file],
                sum(row.file == file for row in odd),
                column,
                table,
            )
            for file, column, table in (
                ("relations.csv", "number", relations),
                ("team.csv", "member", team),
            )
        }
        served = (
            (row, self._contact(row), self._relation(row)) for row in rows if row.file == "contacts.csv"
        )
        self._serving = [
            (who, where)
            for row, who, where in served
            if who is None or where is None or not row.knows("contact", "relation")
        ]

    def named(self, row: Row, column: str, table: Table) -> bool:
        """Say whether what a row names in a column may be what a wrong row brings."""
        name = row.values[column]
        if table is contacts:
            return self.serves(name, row.values.get("relation"))
        return name in self._claimed[table.name]

    def serves(self, contact: str, relation: str | None) -> bool:
        """Say whether a wrong row may bring this contact to this relation; None is any relation."""
        return any(
            (who is None or contact in who) and (where is None or relation is None or relation in where)
            for who, where in self._serving
        )

    def _count(self, rows: list[Row], column: str, table: Table) -> Counter[str]:
        """Count the names in a column that no row brings and the database does not have."""
        named = Counter(row.values[column] for row in rows if row.values.get(column) is not None)
        return Counter({name: n for name, n in named.items() if not self._holdings.has(table, name)})

    def _claims(self, rows: list[Row], odd: int, column: str, table: Table) -> set[str]:
        """Return the missing names that rows may have whose own name is unread, or odd."""
        missing = self._missing[table.name]
        claimed: set[str] = set()
        nameless = 0
        for texts in (row.unread[column] for row in rows if not row.knows(column)):
            meant = self._meant(texts, table)
            claimed |= meant or set()
            nameless += meant is None and not any(texts)
            odd += meant is None and any(texts)
        claimed |= _most(missing, claimed, nameless, least=1)
        # An odd row says something, perhaps what is right: only what is missed again and again is its own.
        return claimed | _most(missing, claimed, odd, least=2)

    def _meant(self, texts: tuple[str, ...], table: Table) -> set[str] | None:
        """Return the names that an unread cell is meant to be, or None when that cannot be told."""
        missing = self._missing[table.name]
        plain = {stripped(text) for text in texts}
        found = {name for name in plain if name and (name in missing or self._holdings.has(table, name))}
        return found or None

    def _contact(self, row: Row) -> set[str] | None:
        """Return whom a row of contacts.csv may be about, None being anybody."""
        if not row.knows("contact"):
            return self._meant(row.unread["contact"], contacts)
        return None if self._taken(row) else {row.values["contact"]}

    def _relation(self, row: Row) -> set[str] | None:
        """Return which relations he may serve there, None being any."""
        if not row.knows("relation"):
            return self._meant(row.unread["relation"], relations)
        relation = row.values.get("relation")
        if relation is None:
            return None if row.filled("functions") or row.filled("primary") else set()
        claimed = relation in self._claimed[relations.name]
        return {relation} if claimed or self._holdings.has(relations, relation) else None

    def _taken(self, row: Row) -> bool:
        """Say whether a row's id is that of a person of the other kind."""
        contact, member = row.values.get("contact"), row.values.get("member")
        if row.file == "contacts.csv" and contact is not None:
            return (contact,) in self._holdings.records(team)
        if row.file == "team.csv" and member is not None:
            return (member,) in self._holdings.records(contacts)
        return False


def stripped(text: str) -> str:
    """Return what is left of a text when everything goes that no number or id may have."""
    return re.sub(r"[^A-Za-z0-9._-]", "", text).lstrip("._-")


def _other_name(row: Row, first: Row | None) -> bool:
    """Say whether a row with a key that was there already is about somebody else."""
    return first is not None and row.values.get("name") != first.values.get("name")


def _most(missing: Counter[str], claimed: Collection[str], count: int, least: int) -> set[str]:
    """Return the `count` names that are missed most, with those that are missed as much as the last."""
    left = {name: times for name, times in missing.items() if name not in claimed and times >= least}
    if not left or not count:
        return set()
    last = sorted(left.values(), reverse=True)[min(count, len(left)) - 1]
    return {name for name, times in left.items() if times >= last}
