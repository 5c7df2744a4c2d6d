"""Filings that run at the relations of a contact, of which they may have been informed: read at once."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, String, bindparam, select

from ...data import ListLine
from ..database.questions import Question
from ..database.tables import OPEN, filings, relation_contacts, relations


class Running(ListLine):
    """A filing that runs, with the key by which a client knows it and its view as it was recorded."""

    id: str
    key: str
    title: str
    period: str
    relation: str
    relation_name: str
    view: dict[str, Any]


def list_running_of(connection: Connection, contact: str) -> tuple[Running, ...]:
    """Return the filings that run at relations of a contact that have not left, by id."""
    return RUNNING_OF.ask(connection, contact=contact)


def _read(rows: Iterable[Any]) -> tuple[Running, ...]:
    return tuple(Running(**row._asdict()) for row in rows)


RUNNING_OF = Question(
    select(
        *(filings.c.id, filings.c.key, filings.c.title, filings.c.period, filings.c.relation),
        *(relations.c.name.label("relation_name"), filings.c.view),
    )
    .join(relations, relations.c.number == filings.c.relation)
    .join(relation_contacts, relation_contacts.c.relation == relations.c.number)
    .where(
        relation_contacts.c.contact == bindparam("contact", type_=String),
        relations.c.status != "left",
        filings.c.view.is_not(None),
        OPEN,
    )
    .order_by(filings.c.id),
    _read,
    "contact",
)
"""What `list_running_of` returns."""
