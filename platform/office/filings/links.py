"""What filings have to do with each other: one started, corrects or waits for another (R58)."""

from typing import Literal

from sqlalchemy import Connection, or_, select

from ...plan import Model
from ..database.tables import filings, links

LinkKind = Literal["started", "corrects", "waits_for"]


class Link(Model):
    """A link as one of its filings sees it: `forward` where it is the one that started, corrects or waits."""

    kind: LinkKind
    forward: bool
    other: str
    title: str


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


def find_started(connection: Connection, filing: str, number: int) -> str | None:
    """Return the filing that a command of another started, or None."""
    wanted = (links.c.filing == filing, links.c.number == number, links.c.kind == "started")
    return connection.execute(select(links.c.other).where(*wanted)).scalar()


def links_of(connection: Connection, filing: str) -> tuple[Link, ...]:
    """Return the links of a filing, those that it made itself first."""
    query = select(links).where(or_(links.c.filing == filing, links.c.other == filing))
    found = [
        (row["kind"], row["filing"] == filing, row["other"] if row["filing"] == filing else row["filing"])
        for row in connection.execute(query).mappings()
    ]
    if not found:
        return ()
    titles = {
        row.id: row.title
        for row in connection.execute(
            select(filings.c.id, filings.c.title).where(filings.c.id.in_([other for *_, other in found]))
        )
    }
    seen = [Link(kind=kind, forward=own, other=other, title=titles[other]) for kind, own, other in found]
    return tuple(sorted(seen, key=lambda one: (not one.forward, one.kind, one.other)))
