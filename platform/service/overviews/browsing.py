"""Lists that colleagues leaf through, and what a word finds: relations by number and name, filings."""

import re
from datetime import date

from sqlalchemy import Connection

from ...identifiers import normalize_number
from ...office.overviews.browsing import (
    Found,
    FoundContact,
    FoundFiling,
    FoundStart,
    Wanted,
    browse_filings,
    browse_relations,
    browse_starts,
    count_filings,
    count_relations,
    find_by_contact,
    find_by_identifier,
    find_filings_by_name,
)
from ...office.overviews.under_way import tell_under_way
from ...office.plans import active_office, active_plans
from ...office.relations.relation import find_relation
from ...plan import Model
from ...typed import TypedError, read_period
from ..desk import Desk
from ..paging import Leaf, turn_to

__all__ = [
    "FilingList",
    "Found",
    "FoundContact",
    "FoundFiling",
    "FoundStart",
    "Hits",
    "RelationList",
    "Wanted",
    "identifies_somebody",
    "list_filings",
    "list_relations",
    "look_up",
]

SIZE = 100
MOST_HITS = 25
_MANY_DIGITS = re.compile(r"[0-9]{8}")


class RelationList(Model):
    """A page of the relations; `titles` are those of products."""

    leaf: Leaf
    lines: tuple[Found, ...]
    titles: dict[str, str]


class FilingList(Model):
    """A page of the filings; `templates` are the titles of those that can be asked for, by id.

    `starts` are those that are still to start by themselves, on the first page of what is planned.
    """

    leaf: Leaf
    lines: tuple[FoundFiling, ...]
    templates: dict[str, str]
    starts: tuple[FoundStart, ...] = ()


class Hits(Model):
    """What a word finds, of either so many; `exact` is the relation with exactly this number."""

    relations: tuple[Found, ...]
    contacts: tuple[FoundContact, ...] = ()
    filings: tuple[FoundFiling, ...] = ()
    exact: str | None = None
    more: bool = False


def identifies_somebody(text: str) -> bool:
    """Say whether a text looks like an e-mail address or an identifying number: never in an address bar.

    A book year or another stretch of days has many digits too.
    """
    if "@" in text:
        return True
    return _MANY_DIGITS.search(normalize_number(text)) is not None and not _is_period(text)


def _is_period(text: str) -> bool:
    try:
        read_period(text)
    except TypedError:
        return False
    return True


def list_relations(desk: Desk, word: str, status: str, page: int) -> RelationList:
    """Return a page of the relations with a word in their name and a status. Raises DatabaseError."""

    def ask(connection: Connection) -> RelationList:
        leaf = turn_to(page, count_relations(connection, word, status), SIZE)
        office = active_office(connection)
        return RelationList(
            leaf=leaf,
            lines=browse_relations(connection, word, status, leaf.skip, SIZE),
            titles={one.id: one.title for one in office.products} if office else {},
        )

    return desk.read(ask)


def list_filings(desk: Desk, wanted: Wanted, today: date, page: int) -> FilingList:
    """Return a page of the filings that are wanted, what is due first coming first. Raises DatabaseError."""

    def ask(connection: Connection) -> FilingList:
        leaf = turn_to(page, count_filings(connection, wanted, today), SIZE)
        return FilingList(
            leaf=leaf,
            lines=tell_under_way(
                connection, browse_filings(connection, wanted, today, leaf.skip, SIZE), today
            ),
            templates={one.template: one.plan.title for one in active_plans(connection)},
            starts=browse_starts(connection, wanted, SIZE)
            if wanted.state == "gepland" and leaf.number == 1
            else (),
        )

    return desk.read(ask)


def look_up(desk: Desk, text: str, today: date) -> Hits:
    """Return what a word, a number or an address finds. Raises DatabaseError."""

    def ask(connection: Connection) -> Hits:
        exact = find_relation(connection, text)
        if exact is not None:
            return Hits(relations=(), exact=exact.number)
        if identifies_somebody(text):
            return Hits(relations=find_by_identifier(connection, text, MOST_HITS))
        found = browse_relations(connection, text, "", 0, MOST_HITS + 1)
        people = find_by_contact(connection, text, MOST_HITS + 1)
        filings = find_filings_by_name(connection, text, today, MOST_HITS + 1)
        return Hits(
            relations=found[:MOST_HITS],
            contacts=people[:MOST_HITS],
            filings=tell_under_way(connection, filings[:MOST_HITS], today),
            more=max(len(found), len(people), len(filings)) > MOST_HITS,
        )

    return desk.read(ask)
