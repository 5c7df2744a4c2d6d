"""Filings that run in which a contact can still object to what they were informed of: read at once."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, String, bindparam, select

from ...data import ListLine
from ..database.columns import first_day_to_object
from ..database.questions import Question
from ..database.tables import OPEN, filings, relation_contacts, relations

MOST_INFORMED = 50
"""Of so many filings the view is read: a contact may serve hundreds of relations."""


class Informing(ListLine):
    """A filing that runs, with the key by which a client knows it and its view as it was recorded."""

    id: str
    key: str
    title: str
    period: str
    relation: str
    relation_name: str
    view: dict[str, Any]


def list_informing(connection: Connection, contact: str) -> tuple[Informing, ...]:
    """Return the filings in which a contact can object, the earliest last day first; one more than the most.

    Of relations that have not left; the database looks into the views, and only these are read.
    """
    return INFORMING.ask(connection, contact=contact)


def _read(rows: Iterable[Any]) -> tuple[Informing, ...]:
    return tuple(Informing(**row._asdict()) for row in rows)


_contact = bindparam("contact", type_=String)
_until = first_day_to_object(filings.c.view, _contact)
INFORMING = Question(
    select(
        *(filings.c.id, filings.c.key, filings.c.title, filings.c.period, filings.c.relation),
        *(relations.c.name.label("relation_name"), filings.c.view),
    )
    .join(relations, relations.c.number == filings.c.relation)
    .join(relation_contacts, relation_contacts.c.relation == relations.c.number)
    .where(relation_contacts.c.contact == _contact, relations.c.status != "left", OPEN, _until.is_not(None))
    .order_by(_until, filings.c.id)
    .limit(MOST_INFORMED + 1),
    _read,
    "contact",
)
"""What `list_informing` returns."""
