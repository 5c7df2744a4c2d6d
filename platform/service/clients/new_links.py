"""New links for contacts whose e-mail address has changed: those in earlier mails are dead (R44)."""

from collections.abc import Collection

from sqlalchemy import Connection

from ...office.database.errors import DatabaseError
from ...office.office_clock import office_now
from ...office.people import contacts_of, find_contact
from ...plan import Model
from ..access import Visitor, may
from ..desk import Desk
from ..relations.waiting import find_waiting, name_filings
from ..results import Refusal
from ..visiting.visiting import mail_link

NOT_THERE = Refusal(code="not_there", text="Deze contactpersoon is er niet, of niet meer.")

AWAY = Refusal(
    code="away",
    text="Er is geen nieuwe link verstuurd: het kantoor is even niet bereikbaar. Probeer het later.",
)


class NewLink(Model):
    """A contact for whom something waits (`waiting`, Dutch), and the address that a new link went to.

    `address` is empty where none was sent; `problem` says in Dutch why it could not be.
    """

    contact: str
    name: str
    waiting: str
    address: str = ""
    problem: str = ""


def send_link(desk: Desk, me: Visitor, number: str, contact: str) -> str | Refusal:
    """Mail a contact of a relation a link to the address that the office has now; return what was done.

    `me` is a colleague. That the database cannot be reached is a refusal: what was saved before stays so.
    """

    def ask(connection: Connection) -> str | None:
        serving = contacts_of(connection, number) if may(connection, me, "work", number) else ()
        return next((one.name for one in serving if one.id == contact), None)

    try:
        name = desk.read(ask)
        if name is None:
            return NOT_THERE
        sent = mail_link(desk, contact)
    except DatabaseError:
        return AWAY
    return sent if isinstance(sent, Refusal) else f"{name} krijgt een nieuwe link op {sent}."


def send_links(desk: Desk, contacts: Collection[str], *, sends: bool) -> tuple[NewLink, ...]:
    """Return for which of these contacts something waits, and mail each of them a link where it `sends`.

    Raises DatabaseError.
    """

    def ask(connection: Connection) -> tuple[NewLink, ...]:
        today = office_now(connection).date()
        people = [found for one in contacts if (found := find_contact(connection, one))]
        waiting = {one.id: find_waiting(connection, one, today) for one in people}
        return tuple(
            NewLink(contact=one.id, name=one.name, waiting=name_filings(waiting[one.id]))
            for one in people
            if waiting[one.id]
        )

    found = desk.read(ask)
    return tuple(_send(desk, one) for one in found) if sends else found


def _send(desk: Desk, one: NewLink) -> NewLink:
    sent = mail_link(desk, one.contact)
    change = {"problem": sent.text} if isinstance(sent, Refusal) else {"address": sent}
    return one.model_copy(update=change)
