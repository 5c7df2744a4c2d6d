"""What filings have to do with each other: one started, corrects or waits for another (R58)."""

from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import Connection, String, bindparam, case, or_, select

from ...plan import Model
from ..database.questions import Question
from ..database.tables import filings, links

LinkKind = Literal["started", "corrects", "waits_for"]


class Link(Model):
    """A link as one of its filings sees it: `forward` where it is the one that started, corrects or waits."""

    kind: LinkKind
    forward: bool
    other: str
    title: str
    relation: str = ""
    """Whose the other is, where it is another relation's."""


def link_filings(
    connection: Connection, filing: str, other: str, kind: LinkKind, number: int | None = None
) -> None:
    """Link a filing to another, once. Needs a writing connection; both have a row."""
    if not is_linked(connection, filing, other, kind):
        connection.execute(links.insert().values(filing=filing, other=other, kind=kind, number=number))


def is_linked(connection: Connection, filing: str, other: str, kind: LinkKind) -> bool:
    """Say whether a filing is linked to another in this way."""
    same = (links.c.filing == filing, links.c.other == other, links.c.kind == kind)
    return connection.execute(select(links.c.kind).where(*same)).first() is not None


def is_corrected(connection: Connection, corrected: Iterable[str]) -> bool:
    """Say whether some filing corrects one of these, or has done so: not one that ended without that."""
    query = (
        select(links.c.kind)
        .join(filings, filings.c.id == links.c.filing)
        .where(
            links.c.other.in_([*corrected]),
            links.c.kind == "corrects",
            filings.c.ended.is_(None) | (filings.c.ended == "completed"),
        )
    )
    return connection.execute(query).first() is not None


def find_started(connection: Connection, filing: str, number: int) -> str | None:
    """Return the filing that a command of another started, or None."""
    wanted = (links.c.filing == filing, links.c.number == number, links.c.kind == "started")
    return connection.execute(select(links.c.other).where(*wanted)).scalar()


def links_of(connection: Connection, filing: str) -> tuple[Link, ...]:
    """Return the links of a filing, those that it made itself first."""
    return LINKS_OF.ask(connection, filing=filing)


def _read_links(rows: Iterable[Any]) -> tuple[Link, ...]:
    found = (
        Link(
            kind=row.kind,
            forward=row.forward,
            other=row.id,
            title=row.title,
            relation="" if row.relation == row.asking.split("/")[2] else row.relation,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: (not one.forward, one.kind, one.other)))


_filing = bindparam("filing", type_=String)
_forward = links.c.filing == _filing
LINKS_OF = Question(
    select(
        links.c.kind,
        _forward.label("forward"),
        filings.c.id,
        filings.c.title,
        filings.c.relation,
        _filing.label("asking"),
    )
    .join(filings, filings.c.id == case((_forward, links.c.other), else_=links.c.filing))
    .where(or_(_forward, links.c.other == _filing)),
    _read_links,
    "filing",
)
"""What `links_of` returns."""
