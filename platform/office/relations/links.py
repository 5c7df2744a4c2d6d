"""What relations are to each other from when to when (R25): partners, a holding, who owns a business."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, bindparam, case, or_, select, union_all

from ...linked import KEPT, REVERSE, Link
from ...plan import Model
from ..database.questions import Question
from ..database.tables import relation_links, relations


class RelationLink(Model):
    """A link as one relation sees it: what the other is to it, from when, and until when if that is known."""

    link: Link
    other: str
    name: str
    since: date
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Say whether it holds on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


class LinkedDays(NamedTuple):
    """From when to when a relation has this link with some other; without a last day until further notice."""

    link: Link
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        """Say whether it holds on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


def list_links(connection: Connection, number: str) -> tuple[RelationLink, ...]:
    """Return the links of a relation, whichever side they are kept from, those that are over included."""
    return LINKS_OF_RELATION.ask(connection, relation=number)


def find_linked(connection: Connection, number: str, link: Link, on: date) -> tuple[str, ...]:
    """Return the numbers of the relations that are this to a relation on a day, in order."""
    found = (one for one in list_links(connection, number) if one.link == link and one.holds(on))
    return tuple(sorted({one.other for one in found}))


def group_days(rows: Iterable[Any]) -> dict[str, list[LinkedDays]]:
    """Return by relation which links it has and when, of rows of `BOTH_SIDES`; in the order of the links."""
    found: dict[str, list[LinkedDays]] = {}
    for number, link, since, until in rows:
        found.setdefault(number, []).append(LinkedDays(link, since, until))
    return {number: sorted(some, key=lambda one: (one.link, one.since)) for number, some in found.items()}


def _read_links(rows: Iterable[Any]) -> tuple[RelationLink, ...]:
    found = (
        RelationLink(
            link=row.link if row.told_from_here else REVERSE[row.link],
            other=row.number,
            name=row.name,
            since=row.since,
            until=row.until,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: (one.link, one.other, one.since)))


BOTH_SIDES = union_all(
    select(
        relation_links.c.relation.label("number"),
        relation_links.c.link,
        relation_links.c.since,
        relation_links.c.until,
    ),
    select(
        relation_links.c.other,
        case({str(link): str(REVERSE[link]) for link in KEPT}, value=relation_links.c.link),
        relation_links.c.since,
        relation_links.c.until,
    ),
).subquery()
"""Every link as each of its relations has it."""
_relation = bindparam("relation", type_=String)
_from_here = relation_links.c.relation == _relation
LINKS_OF_RELATION = Question(
    select(
        relation_links.c.link,
        relation_links.c.since,
        relation_links.c.until,
        _from_here.label("told_from_here"),
        relations.c.number,
        relations.c.name,
    )
    .select_from(relation_links)
    .join(
        relations,
        or_(
            _from_here & (relations.c.number == relation_links.c.other),
            (relation_links.c.other == _relation) & (relations.c.number == relation_links.c.relation),
        ),
    ),
    _read_links,
    "relation",
)
"""What `list_links` returns."""
