"""Mails with a link to sign in that did not go out: alarms that end when a later one does, or somebody is in.

An alarm is about a relation of the contact, or about the colleague; its detail is the id of who asked. All
moments are real time.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from ..alarms import raise_alarm
from ..database.columns import among
from ..database.tables import alarms

NOT_SENT = "link_not_sent"
"""The mail server did not take it now; it is tried again."""

REFUSED = "link_refused"
"""The mail server refuses it, or the address is none: trying again does not help."""

HELPS = timedelta(days=1)
"""So long after somebody asked for a link, a late one still helps them."""


class UnsentLink(NamedTuple):
    """A link that did not go out to somebody (their id) who asked for it then."""

    person: str
    at: datetime


def note_unsent_link(
    connection: Connection, person: str, relation: str | None, error: str, *, again: bool
) -> None:
    """Raise the alarm that a link to somebody (their id) did not go out, in the place of an earlier one.

    `relation` is that of a contact; `again` says whether it is tried again. `error` is English and holds no
    personal data. Needs a writing connection.
    """
    settle_unsent_link(connection, person)
    about = f"relation/{relation}" if relation else f"person/{person}"
    kind = NOT_SENT if again else REFUSED
    raise_alarm(connection, kind, about, person, f"a link to sign in was not sent: {error}")


def settle_unsent_link(connection: Connection, person: str) -> None:
    """Remove the alarms about somebody's links: one went out, or they are in. Needs a writing connection."""
    unsent = (among(alarms.c.kind, (NOT_SENT, REFUSED)), alarms.c.detail == person)
    if connection.execute(select(alarms.c.id).where(*unsent).limit(1)).first() is not None:
        connection.execute(alarms.delete().where(*unsent))


def list_unsent_links(connection: Connection, now: datetime) -> list[UnsentLink]:
    """Return the links that are to be sent again, those first that were asked for first."""
    query = select(alarms.c.detail, alarms.c.at).where(alarms.c.kind == NOT_SENT, alarms.c.at > now - HELPS)
    return [UnsentLink(person, at) for person, at in connection.execute(query.order_by(alarms.c.id))]
