"""How many relations that a filter finds have each value of a field: what to narrow a filter by."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    Table,
    case,
    distinct,
    func,
    literal,
    select,
    true,
    union_all,
)

from ...data import ListLine, replace
from ...filters import NOTHING, Filter
from ..database.columns import texts_of
from ..database.tables import OPEN, filings, relation_products, relation_roles, relations, team
from .filtering import Condition, compile_filter, list_lacks, match_row

MOST = 12
"""Values of a field that are shown: those that most relations have."""
QUICK = ("status", "product", "frequency", "legal_form", "sbr")
"""Fields of which counting takes little."""


class Facet(ListLine):
    """A value of a field, and how many relations have it."""

    value: str
    count: int


class Counts(NamedTuple):
    """How many relations a filter finds, and by field how many have each value."""

    found: int
    facets: dict[str, tuple[Facet, ...]]


def count_relations(
    connection: Connection, wanted: Filter, on: date, *, whole: bool = False
) -> Counts | None:
    """Count what a filter finds, in all and by the values of fields, by one statement.

    Values are counted of what the rest of the filter finds, so that another value of the same field can be
    chosen; who works for relations, and phases, only where the `whole` is asked: they take most of the time.
    None where the filter asks what lacks: that takes reading them all.
    """
    if list_lacks(wanted):
        return None
    there = select(relations.c.number).where(*compile_filter(wanted, on)).cte("there")
    total = select(literal(""), literal(""), func.count()).select_from(there)
    fields = _SOURCES if whole else QUICK
    query: CompoundSelect[Any] = union_all(total, *(_select(field, wanted, there, on) for field in fields))
    count, found = 0, dict[str, list[Facet]]()
    for row in connection.execute(query):
        if row[0]:
            found.setdefault(row[0], []).append(Facet(value=row[1], count=row[2]))
        else:
            count = row[2]
    ordered = {
        field: sorted(found.get(field, ()), key=lambda one: (-one.count, one.value)) for field in _SOURCES
    }
    return Counts(count, {field: tuple(some[:MOST]) for field, some in ordered.items() if some})


def leave_out(wanted: Filter, field: str) -> Filter:
    """Return a filter without what it asks of a field."""
    return replace(wanted, terms=tuple(term for term in wanted.terms if term.field != field))


class _Source(NamedTuple):
    """Where the values of a field are: `number` is a relation's in `rows`, `table` has what counts."""

    value: ColumnElement[Any]
    number: ColumnElement[str]
    rows: FromClause
    table: Table | None = None
    among: Select[Any] | None = None
    """The values that there are still."""


def _select(field: str, wanted: Filter, there: CTE, on: date) -> Select[Any]:
    source, rest = _SOURCES[field], leave_out(wanted, field)
    counts: list[Condition] = [] if source.table is None else match_row(rest, source.table, on)
    if source.among is not None:
        counts.append(source.value.in_(source.among))
    if rest.terms:  # else every relation is found, and none needs to be looked up
        numbers = select(there.c.number)
        if rest != wanted:
            numbers = select(relations.c.number).where(*compile_filter(rest, on)).correlate(None)
        counts.append(source.number.in_(numbers))
    if source.rows is filings:
        return _select_phases(field, counts)
    count = func.count() if source.rows is relations else func.count(distinct(source.number))
    return (
        select(literal(field).label("field"), source.value.label("value"), count)
        .select_from(source.rows)
        .where(*counts)
        .group_by(source.value)
    )


def _select_phases(field: str, counts: list[Condition]) -> Select[Any]:
    """Return the statement for phases of open filings: each list of them is taken apart once a relation."""
    listed = select(filings.c.relation, filings.c.phases).where(OPEN, *counts).distinct().subquery("listed")
    active = texts_of(listed.c.phases, "active_phase")
    return (
        select(literal(field), active.c.value, func.count(distinct(listed.c.relation)))
        .select_from(listed.join(active, true()))
        .group_by(active.c.value)
    )


_here = select(team.c.id).where(team.c.active)
_number, _taken = relations.c.number, relation_products.c
_SOURCES = {
    "status": _Source(relations.c.status, _number, relations),
    "product": _Source(_taken.product, _taken.relation, relation_products, relation_products),
    "frequency": _Source(_taken.frequency, _taken.relation, relation_products, relation_products),
    "legal_form": _Source(func.coalesce(func.lower(relations.c.legal_form), NOTHING), _number, relations),
    "group": _Source(func.coalesce(relations.c["group"], NOTHING), _number, relations),
    "sbr": _Source(case((relations.c.sbr_enabled, "yes"), else_="no"), _number, relations),
    "member": _Source(*(relation_roles.c.member, relation_roles.c.relation, relation_roles), among=_here),
    "phase": _Source(filings.c.phases, filings.c.relation, filings, filings),
}
