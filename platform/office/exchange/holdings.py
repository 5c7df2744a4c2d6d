"""What the office holds, with the rows of a folder laid over it: checked as a whole, written as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, false, or_, select

from ...linked import keep
from ..database.columns import among
from ..database.tables import (
    absences,
    authorities,
    contacts,
    process_teams,
    qualifications,
    relation_contacts,
    relation_links,
    relation_products,
    relation_roles,
    relations,
    stand_ins,
    standing_authorities,
    team,
)
from .cells import Held, put_on_one_line
from .columns import FileKind
from .reading import Row

Key = tuple[Any, ...]
Record = dict[str, Any]

TABLES = (
    relations,
    contacts,
    team,
    qualifications,
    absences,
    stand_ins,
    process_teams,
    relation_contacts,
    authorities,
    standing_authorities,
    relation_roles,
    relation_products,
    relation_links,
)
"""In the order in which they are written: what is referred to comes first."""
_IDS = {contacts.name: "contact", team.name: "member"}
"""What the column `id` of these tables is called in the files."""


class Scope(NamedTuple):
    """What is read instead of all: these relations and contacts, and who has these addresses and numbers."""

    relations: frozenset[str]
    contacts: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    same: Mapping[str, frozenset[str]] = {}
    """By field of a relation the numbers that are typed in it."""
    linked: frozenset[str] = frozenset()
    """Relations to which one of these is to be linked."""


class Placed(NamedTuple):
    """The stretch of an agreement that a row is about, and what was known of it before."""

    key: Key
    known: Record


@dataclass
class Holdings:
    """Every table's records by key: as they are in the database, and as the folder would leave them."""

    before: dict[str, dict[Key, Record]]
    after: dict[str, dict[Key, Record]]
    unsure: frozenset[str] = frozenset()
    """Tables with a row whose key is unknown: a missing record may be that row, so it is not reported."""
    placed: dict[int, Placed] = field(default_factory=dict)
    """By line of products.csv which stretch of an agreement the row is about (`agreements.place_rows`)."""

    def made_up(self, kinds: Iterable[FileKind]) -> Held:
        """Return the ids and texts that the office made up and holds, as files of these kinds have them."""
        found: dict[str, set[str]] = {}
        for kind in kinds:
            columns = [(column.name, column.kind.of) for column in kind.columns if column.kind.of]
            for table in kind.tables:
                for record in self.before[table.name].values():
                    known = cells(table, record) | record.get("fields", {})
                    for name, of in columns:
                        if isinstance(value := known.get(name), str):
                            found.setdefault(of, set()).add(put_on_one_line(value))
        return found

    def has(self, table: Table, *key: Any) -> bool:
        """Say whether a record will exist, or may exist since some keys could not be read."""
        return table.name in self.unsure or key in self.after[table.name]

    def lay(self, row: Row) -> None:
        """Write the cells of a row into the records with its key, or into new ones, if the key is known."""
        row = _turn(row)
        for table in row.kind.tables:
            key = self._find_key(table, row)
            if key is None:
                continue
            held = self.after[table.name]
            if table in (relation_roles, process_teams) and row.values.get("member") is None:
                if "member" in row.values:
                    held.pop(key, None)
                continue
            record = held.setdefault(key, make_blank(table, row.kind))
            record.update(_read_given(table, row))
            if table is relations:
                record["fields"] = _own_fields(record["fields"], row)

    def merge(self, row: Row) -> Record:
        """Return the record that a row results in: its cells, and the known values of columns it lacks.

        Cells that could not be read are left out. When the key could not be read, so are the known values:
        nobody can tell which record the row is about.
        """
        if not row.knows(*row.kind.key):
            return dict(row.values)
        known: Record = {}
        for table in row.kind.tables:
            known |= cells(table, self._find_known(table, _turn(row)) or make_blank(table, row.kind))
        return {name: value for name, value in (known | {**row.values}).items() if row.knows(name)}

    def find_before(self, row: Row) -> Record | None:
        """Return the record with the key of a row that was there before it, or None."""
        row = _turn(row)
        held = (self.before[table.name].get(self._find_key(table, row) or ()) for table in row.kind.tables)
        return next((record for record in held if record is not None), None)

    def _find_key(self, table: Table, row: Row) -> Key | None:
        """Return the key of a row's record in a table; None when a part of it is empty or unreadable."""
        if table is relation_products:
            placed = self.placed.get(row.line)
            return placed.key if placed else None
        key = tuple(row.values.get(_cell(table, column.name)) for column in table.primary_key.columns)
        return None if None in key else key

    def _find_known(self, table: Table, row: Row) -> Record | None:
        """Return the record that a row is about, as it was before the row was laid over it."""
        if table is relation_products:
            placed = self.placed.get(row.line)
            return placed.known if placed else None
        return self.before[table.name].get(self._find_key(table, row) or ())


def load(connection: Connection, unsure: Iterable[Table] = (), scope: Scope | None = None) -> Holdings:
    """Read everything that an import can change, or what of it is in a scope; the team is in each."""
    conditions = _list_conditions(scope) if scope else {}
    before = {table.name: _load(connection, table, conditions.get(table)) for table in TABLES}
    after = {name: {key: dict(record) for key, record in held.items()} for name, held in before.items()}
    return Holdings(before, after, frozenset(table.name for table in unsure))


def cells(table: Table, record: Record) -> Record:
    """Return a record by the names that the columns have in the files."""
    return {_cell(table, name): value for name, value in record.items()}


def _cell(table: Table, name: str) -> str:
    return _IDS.get(table.name, name) if name == "id" else name


def _load(connection: Connection, table: Table, condition: ColumnElement[bool] | None) -> dict[Key, Record]:
    names = [column.name for column in table.primary_key.columns]
    query = select(table) if condition is None else select(table).where(condition)
    rows = (dict(row) for row in connection.execute(query).mappings())
    return {tuple(row[name] for name in names): row for row in rows}


def _list_conditions(scope: Scope) -> dict[Table, ColumnElement[bool]]:
    """Return which records of each table are in a scope; of a table that is not named all are."""
    sharing = or_(false(), *(among(relations.c[field], some) for field, some in scope.same.items()))
    sharers = select(relations.c.number).where(sharing)
    serving = select(relation_contacts.c.contact).where(among(relation_contacts.c.relation, scope.relations))
    theirs = {
        table: among(table.c.relation, scope.relations)
        for table in (relation_contacts, authorities, standing_authorities, relation_roles, relation_products)
    }
    linking = scope.relations | scope.linked
    return theirs | {
        relation_links: among(relation_links.c.relation, linking) | among(relation_links.c.other, linking),
        relations: among(relations.c.number, linking) | sharing,
        contacts: among(contacts.c.id, scope.contacts)
        | contacts.c.id.in_(serving)
        | among(contacts.c.email, scope.emails),
        relation_contacts: theirs[relation_contacts] | among(relation_contacts.c.contact, scope.contacts),
        relation_products: theirs[relation_products] | relation_products.c.relation.in_(sharers),
        **dict.fromkeys((qualifications, absences, stand_ins, process_teams), false()),
    }


def make_blank(table: Table, kind: FileKind) -> Record:
    """Return what a new record has where a file says nothing: what an empty cell means."""
    empty = {column.name: _plain(column.empty) for column in kind.columns}
    blank = {column.name: empty.get(_cell(table, column.name)) for column in table.columns}
    return blank | {"kind": "organisation", "fields": {}} if table is relations else blank


def _turn(row: Row) -> Row:
    """Return a row of a link as the link is kept, whichever side it was told from; any other as it is."""
    if row.kind.tables != (relation_links,) or not row.knows("relation", "link", "other"):
        return row
    relation, link, other = keep(*(row.values[name] for name in ("relation", "link", "other")))
    return replace(row, values={**row.values, "relation": relation, "link": link, "other": other})


def _read_given(table: Table, row: Row) -> Record:
    names = {column.name: _cell(table, column.name) for column in table.columns}
    given = {name: _plain(row.values[cell]) for name, cell in names.items() if cell in row.values}
    if given.get("kind", "") is None:
        del given["kind"]  # it then follows from the legal form, or stays as it is
    return given


def _own_fields(known: Record, row: Row) -> Record:
    """Return the office's own fields of a relation; they hold JSON, so a day is a text."""
    own = {name: value for name, value in row.values.items() if name not in relations.columns}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in own.items()}
    return {name: value for name, value in (known | plain).items() if value is not None}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
