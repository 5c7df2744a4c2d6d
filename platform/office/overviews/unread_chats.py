"""The chats in which somebody has something to read: of a colleague, of nobody, and of a contact.

What a client wrote is on the lists of those who read it (`filings.chat_readers`); one statement finds it with
the roles of the relation.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, or_, select

from ..database.columns import among_given
from ..database.tables import (
    chat_lines,
    contacts,
    filings,
    relation_contacts,
    relation_roles,
    relations,
    team,
)
from ..filings.chat_lines import of_client, unread
from ..filings.chat_readers import find_readers, is_closed
from ..people import all_members
from ..plans import active_office, find_plan
from ..presence import OnDay, read_day
from .given_work import was_given


class UnreadChat(NamedTuple):
    """A chat with what its reader has not read: how many lines, since when (office time).

    `contact` is whose chat it is; `closed` that it was closed meanwhile, or before it was written.
    """

    filing: str
    key: str
    contact: str
    contact_name: str
    title: str
    relation: str
    relation_name: str
    period: str
    lines: int
    since: datetime
    closed: bool


def find_unread(connection: Connection, member: str | None, on: date) -> tuple[UnreadChat, ...]:
    """Return what clients wrote that a member is to read on a day, the oldest first.

    With None: what is nobody's to read, since nobody does the work of its roles.
    """
    day = read_day(connection, on)
    if member is None:
        rows = connection.execute(_OF_CLIENTS).all()
    else:
        rows = connection.execute(_OF_THEIR_CLIENTS, {"members": day.list_covered(member)}).all()
    return _pick(connection, rows, member, day)


def find_unread_of_both(
    connection: Connection, member: str, on: date
) -> tuple[tuple[UnreadChat, ...], tuple[UnreadChat, ...]]:
    """Return what clients wrote that a member is to read, and what is nobody's: read at once."""
    day, rows = read_day(connection, on), connection.execute(_OF_CLIENTS).all()
    return _pick(connection, rows, member, day), _pick(connection, rows, None, day)


def _pick(
    connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]], member: str | None, day: OnDay
) -> tuple[UnreadChat, ...]:
    """Return the chats of rows that are a member's to read, or nobody's."""
    if not rows:
        return ()
    office, here = active_office(connection), {one.id for one in all_members(connection) if one.active}
    chats: dict[tuple[str, str], tuple[Row[*tuple[Any, ...]], dict[str, str]]] = {}
    for row in rows:
        _, named = chats.setdefault((row.filing, row.contact), (row, {}))
        if row.member is not None:
            named[row.role] = row.member
    found = []
    for row, named in chats.values():
        plan = find_plan(connection, row.plan)
        assert plan is not None, f"the plan of {row.filing} is not published"
        readers = find_readers(plan, office, row.view, row.ended, named, here, day)
        if member in readers if member else not readers:
            found.append(_make(row, closed=is_closed(plan, row.ended)))
    return tuple(found)


def find_unread_of_contact(connection: Connection, contact: str) -> tuple[UnreadChat, ...]:
    """Return the chats in which the office wrote what a contact has not read, the oldest first."""
    rows: Iterable[Row[*tuple[Any, ...]]] = connection.execute(_OF_OFFICE, {"contact": contact})
    return tuple(_make(row, closed=False) for row in rows)


def _make(row: Row[*tuple[Any, ...]], *, closed: bool) -> UnreadChat:
    return UnreadChat(
        *(row.filing, row.key, row.contact, row.contact_name, row.title, row.relation, row.relation_name),
        *(row.period, row.lines, row.since, closed),
    )


def _select(side: Any, *more: Any) -> Select[*tuple[Any, ...]]:
    """Return the chats with unread lines of one side, with their filing, and more columns."""
    waiting = (
        select(
            *(chat_lines.c.filing, chat_lines.c.contact),
            *(func.count().label("lines"), func.min(chat_lines.c.at).label("since")),
        )
        .where(unread, side)
        .group_by(chat_lines.c.filing, chat_lines.c.contact)
        .subquery()
    )
    return (
        select(
            *(waiting, filings.c.key, filings.c.title, filings.c.relation, filings.c.period),
            *(relations.c.name.label("relation_name"), contacts.c.name.label("contact_name"), *more),
        )
        .join(filings, filings.c.id == waiting.c.filing)
        .join(relations, relations.c.number == filings.c.relation)
        .join(contacts, contacts.c.id == waiting.c.contact)
        .order_by(waiting.c.since, waiting.c.filing, waiting.c.contact)
    )


_OF_CLIENTS = (
    _select(
        of_client,
        *(filings.c.plan, filings.c.ended, filings.c.view),
        *(relation_roles.c.role, team.c.id.label("member")),
    )
    .outerjoin(relation_roles, relation_roles.c.relation == filings.c.relation)
    .outerjoin(team, (team.c.id == relation_roles.c.member) & team.c.active)
)
_theirs = select(relation_roles.c.relation).where(among_given(relation_roles.c.member, "members"))
_OF_THEIR_CLIENTS = _OF_CLIENTS.where(or_(filings.c.relation.in_(_theirs), was_given("members")))
_serves = exists().where(
    relation_contacts.c.relation == filings.c.relation, relation_contacts.c.contact == bindparam("contact")
)
_OF_OFFICE = _select(~of_client & (chat_lines.c.contact == bindparam("contact"))).where(_serves)
