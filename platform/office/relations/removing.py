"""Removing a relation that came in by mistake: a row of totals, a number that was typed wrongly."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, delete, exists, or_, select

from ..database.columns import among
from ..database.tables import (
    authorities,
    bulk_lines,
    chat_lines,
    contacts,
    deliveries,
    dossier_documents,
    filings,
    messages,
    notices,
    number_views,
    recurrences,
    relation_changes,
    relation_contacts,
    relation_links,
    relation_products,
    relation_roles,
    relations,
    standing_authorities,
    timeline,
)
from ..visits.ending import end_visits

_OF_A_RELATION = (
    authorities,
    standing_authorities,
    relation_roles,
    relation_products,
    relation_contacts,
    recurrences,
)
"""What goes with a relation; what refers to another comes first."""


def is_begun(connection: Connection, number: str) -> bool:
    """Say whether anything was started for a relation or put into its dossier, or an authority wrote."""
    return any(
        connection.scalar(select(exists().where(condition)))
        for condition in (
            table.c.relation == number for table in (filings, deliveries, notices, dossier_documents)
        )
    )


def remove_relation(connection: Connection, number: str) -> dict[str, int]:
    """Remove a relation for which nothing was begun or recurs; return how many records went, by table.

    Its contacts go too, but for those who serve another relation or are named in what happened; who serves
    no other is signed out, and no link of before signs in whoever gets their id. What bulk runs said of it
    can name people: only that it was in them stays.
    """
    serving = select(relation_contacts.c.contact).where(relation_contacts.c.relation == number)
    people = list(connection.execute(serving).scalars())
    for trace in (number_views, relation_changes):
        connection.execute(delete(trace).where(trace.c.relation == number))
    told = bulk_lines.update().where(bulk_lines.c.relation == number)
    connection.execute(told.values(text="", said=""))
    gone = {
        table.name: connection.execute(delete(table).where(table.c.relation == number)).rowcount
        for table in _OF_A_RELATION
    }
    links = relation_links.c
    both_sides = delete(relation_links).where(or_(links.relation == number, links.other == number))
    gone[relation_links.name] = connection.execute(both_sides).rowcount
    serving_others = select(relation_contacts.c.contact).where(among(relation_contacts.c.contact, people))
    end_visits(connection, {*people} - {*connection.execute(serving_others).scalars()})
    gone[contacts.name] = sum(
        connection.execute(delete(contacts).where(contacts.c.id == who, *_is_nowhere(who))).rowcount
        for who in people
    )
    gone[relations.name] = connection.execute(delete(relations).where(relations.c.number == number)).rowcount
    return {name: count for name, count in gone.items() if count}


def _is_nowhere(who: str) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions under which nothing else names a contact."""
    for column in (relation_contacts.c.contact, timeline.c.by, messages.c.recipient, chat_lines.c.contact):
        yield ~exists().where(column == who)
