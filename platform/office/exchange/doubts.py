"""Which names that nothing brings may be those of rows whose own name is wrong.

Such a row is told once; the rows that name it are right and must not be called wrong for it. Where nobody can
tell what the name should be, every name that nothing brings may be it: such names are told in the next run.
"""

import re
from collections.abc import Collection

from sqlalchemy import Table

from ..tables import contacts, relations, team
from .reading import Row

REFERENCES = (("relation", relations), ("contact", contacts), ("member", team))
"""The columns that name a record, wherever they stand, and of which table it must be."""

_BRINGING = (("relations.csv", "number", relations), ("team.csv", "member", team))
_Names = set[str] | None
"""What a cell may say, None being anything."""


class Doubts:
    """What may be there although no row that could be read says so."""

    def __init__(self, rows: list[Row], repeated: Collection[int]) -> None:
        """Look through the rows; those at the places of `repeated` have a key that was there already."""
        self._brought = {
            table.name: [
                None if place in repeated else meant(row, column)
                for place, row in enumerate(rows)
                if row.file == file and (place in repeated or not row.knows(column))
            ]
            for file, column, table in _BRINGING
        }
        self._serving = [
            (meant(row, "contact"), meant(row, "relation"))
            for row in rows
            if row.file == "contacts.csv" and not row.knows("contact", "relation")
        ]

    def named(self, row: Row, column: str, table: Table) -> bool:
        """Say whether what a row names in a column may be what a row brings that could not be read."""
        name = row.values[column]
        if table is contacts:
            return self.serves(name, row.values.get("relation"))
        return any(_may_be(names, name) for names in self._brought[table.name])

    def serves(self, contact: str, relation: str | None) -> bool:
        """Say whether such a row may bring this contact to this relation; None is any relation."""
        return any(_may_be(who, contact) and _may_be(where, relation) for who, where in self._serving)


def meant(row: Row, column: str) -> _Names:
    """Return what a cell says, or may have meant to say when it could not be read."""
    if column in row.values:
        return {row.values[column]}
    return {plain for plain in map(_plain, row.unread.get(column, ())) if plain} or None


def _may_be(names: _Names, name: str | None) -> bool:
    return names is None or name is None or name in names


def _plain(text: str) -> str:
    """Return what is left of a text when everything goes that no number or id may have."""
    return re.sub(r"[^A-Za-z0-9._-]", "", text).lstrip("._-")
