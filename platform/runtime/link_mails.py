"""Mails with a link to sign in: writing them, and sending again those that did not go out.

A link is in its mail alone, so that what is sent again has a link of its own. All moments are real time, but
that of a letter.
"""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ..emails import comparable
from ..equipment import Equipment
from ..mail.smtp import Letter, Problem, SendingError, send
from ..office.office_clock import office_now
from ..office.people import Contact, TeamMember, find_person, relations_of
from ..office.plans import active_office
from ..office.visits.attempts import count_attempt
from ..office.visits.sign_in_links import drop_link, find_asked_link, make_link
from ..office.visits.unsent_links import list_unsent_links, note_unsent_link, settle_unsent_link
from ..settings import Settings
from .activities.message_links import sign_in_url
from .link_texts import LinkText, write_link_text
from .posting import SILENT, note_sending

AGAIN = timedelta(minutes=1)
"""How often a mail to one person is tried again, by whichever worker."""


def make_own_link(
    settings: Settings,
    connection: Connection,
    person: TeamMember | Contact,
    at: datetime,
    filing: str | None = None,
    path: str | None = None,
) -> str:
    """Make a link for somebody at the address that the office has now; return its token."""
    address, until = comparable(person.email or ""), at + timedelta(days=settings.portal.link_days)
    return make_link(connection, person.id, address, at=at, until=until, filing=filing, path=path)


def write_letter(
    settings: Settings,
    connection: Connection,
    person: TeamMember | Contact,
    address: str,
    token: str,
    text: LinkText,
) -> Letter:
    """Return a mail with a link that signs in."""
    office = active_office(connection)
    name = office.text.name if office else "kantoor"
    subject, body = write_link_text(
        text,
        person,
        url=sign_in_url(settings.base_url, token),
        days=settings.portal.link_days,
        office=name,
        phone=office.text.phone if office else "",
    )
    return Letter(
        workflow_id=f"sign-in/{secrets.token_hex(8)}",
        number=0,
        address=address,
        name=person.name,
        subject=subject,
        text=body,
        at=office_now(connection),
        sender_name=name,
    )


def note_unsent(connection: Connection, person: TeamMember | Contact, error: SendingError) -> None:
    """Have the office know that a link to somebody did not go out. Needs a writing connection."""
    relations = relations_of(connection, person.id) if isinstance(person, Contact) else ()
    relation = next(iter(relations), None)
    note_unsent_link(connection, person.id, relation, str(error), again=error.temporary)


async def send_links_again(equipment: Equipment) -> bool:
    """Send the links again that were asked for and did not go out, while they help. Raises DatabaseError.

    Nothing is left to be done at once.
    """
    now = datetime.now(UTC)
    for person in await asyncio.to_thread(_list_due, equipment, now):
        prepared = await asyncio.to_thread(_prepare, equipment, person, now)
        if prepared is None:
            continue
        letter, token = prepared
        try:
            await send(equipment.mail_server(), letter)
        except SendingError as error:
            await asyncio.to_thread(_note_failure, equipment, person, token, error)
            if error.problem in SILENT:
                break  # so it is for the others
        else:
            await asyncio.to_thread(_note_sent, equipment, person)
    return False


def _list_due(equipment: Equipment, now: datetime) -> list[str]:
    with equipment.database.read() as connection:
        return [one.person for one in list_unsent_links(connection, now)]


def _prepare(equipment: Equipment, who: str, now: datetime) -> tuple[Letter, str] | None:
    """Take a mail for this worker and write it; None where another has it, or nobody can get it any more."""
    with equipment.database.write() as connection:
        mark = equipment.document_ring.mark(who)
        if count_attempt(connection, "link_again", mark, AGAIN, now) > 1:
            return None
        person = find_person(connection, who)
        if person is None or not person.email:
            settle_unsent_link(connection, who)
            return None
        asked = find_asked_link(connection, who)
        filing, path = (asked.filing, asked.path) if asked else (None, None)
        token = make_own_link(equipment.settings, connection, person, now, filing, path)
        return write_letter(equipment.settings, connection, person, person.email, token, "asked"), token


def _note_sent(equipment: Equipment, who: str) -> None:
    note_sending(equipment.database, None)
    with equipment.database.write() as connection:
        settle_unsent_link(connection, who)


def _note_failure(equipment: Equipment, who: str, token: str, error: SendingError) -> None:
    note_sending(equipment.database, error)
    with equipment.database.write() as connection:
        if error.problem is not Problem.BROKEN_OFF:  # then nobody knows whether it went out
            drop_link(connection, token)
        person = find_person(connection, who)
        if person is not None and not error.temporary:
            note_unsent(connection, person, error)
