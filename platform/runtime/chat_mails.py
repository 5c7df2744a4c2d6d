"""Mailing that something waits in a chat: a worker does so, until it is sent or somebody has read it.

What was written is kept before, so that nothing waits for a mail server, and nothing is lost with one. The
mail has no word of what was written. A contact gets a link of their own; of what a client wrote, the
colleague hears who is spoken to, and the office's own address where nobody is.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from ..emails import comparable
from ..equipment import Equipment
from ..mail.smtp import Letter, SendingError, send
from ..office.alarms import drop_alarm, raise_alarm
from ..office.filings.chat_lines import DueMail, claim_mail, list_due_mails, note_mail
from ..office.filings.chat_readers import find_readers
from ..office.filings.filing import Filing, find_filing, find_key
from ..office.office_clock import office_now
from ..office.people import (
    TeamMember,
    find_contact,
    find_member,
    ids_of_members,
    named_roles,
    relations_of,
)
from ..office.plans import active_office, find_plan
from ..office.presence import read_day
from ..office.visits.sign_in_links import make_link
from ..plan import Chat, Message, Office, OfficeText
from .activities.kept_links import filing_url
from .activities.latest_state import read_latest
from .activities.message_links import sign_in_url
from .activities.message_texts import (
    FALLBACK,
    Person,
    TextError,
    choose_language,
    render_message,
    values,
)
from .posting import note_sending

AT_ONCE = 20
"""Mails of one round; others of the office may wait for the same server."""

_log = logging.getLogger(__name__)


class _Reader(NamedTuple):
    """Whom a mail is for: the address, how texts name them, their language, and the way to the chat."""

    address: str
    person: Person
    language: str
    link: str


async def send_chat_mails(equipment: Equipment) -> bool:
    """Send the mails of chats that are due; say whether there are more at once. Raises DatabaseError."""
    now = datetime.now(UTC)
    due = await asyncio.to_thread(_list_due, equipment, now)
    for one in due:
        letter = await asyncio.to_thread(_prepare, equipment, one, now)
        if letter is None:
            continue
        try:
            await send(equipment.mail_server(), letter)
        except SendingError as error:
            await asyncio.to_thread(_note_failure, equipment, one, error)
        else:
            await asyncio.to_thread(_note_sent, equipment, one)
    return len(due) == AT_ONCE


def _list_due(equipment: Equipment, now: datetime) -> Sequence[DueMail]:
    with equipment.database.read() as connection:
        return list_due_mails(connection, now, office_now(connection), AT_ONCE)


def _prepare(equipment: Equipment, due: DueMail, now: datetime) -> Letter | None:
    """Take a mail for this worker and write it; None where another has it, or it cannot be written now."""
    with equipment.database.write() as connection:
        if not claim_mail(connection, due.number, now, office_now(connection)):
            return None
        office, filing = active_office(connection), find_filing(connection, due.filing)
        if office is None or office.chat is None or filing is None:
            return None
        with connection.begin_nested() as attempt:
            letter = _make_letter(connection, equipment, due, filing, office, office.chat, now)
            if letter is None:
                attempt.rollback()  # and with it the link that the letter would have had
        if letter is None:
            note_mail(connection, due.number, "late")
        return letter


def _make_letter(
    connection: Connection,
    equipment: Equipment,
    due: DueMail,
    filing: Filing,
    office: Office,
    chat: Chat,
    now: datetime,
) -> Letter | None:
    """Return the mail that is due, with a link of its reader's own; None where it cannot be written."""
    to_client = due.by != due.contact
    name = chat.to_client if to_client else chat.to_colleague
    message = next(one for one in office.messages if one.id == name)
    reader = (
        _find_contact(connection, equipment, due, filing, now)
        if to_client
        else _find_colleague(connection, equipment, filing, office)
    )
    sender = find_member(connection, due.by) if to_client else None
    if reader is None:
        return None
    return _write(connection, equipment, due, filing, office.text, message, reader, sender)


def _find_contact(
    connection: Connection, equipment: Equipment, due: DueMail, filing: Filing, now: datetime
) -> _Reader | None:
    """Return the contact, with a link that signs them in and leads to their chat.

    None without an address, and where they are not a contact of the relation any more: they cannot read it.
    """
    contact = find_contact(connection, due.contact)
    if contact is None or not contact.email or filing.relation not in relations_of(connection, contact.id):
        return None
    settings = equipment.settings
    token = make_link(
        connection,
        contact.id,
        comparable(contact.email),
        at=now,
        until=now + timedelta(days=settings.portal.link_days),
        filing=filing.id,
        path=f"/mijn/{find_key(connection, filing.id)}/gesprek",
    )
    person = Person(name=contact.name, salutation=contact.salutation)
    return _Reader(contact.email, person, contact.language, sign_in_url(settings.base_url, token))


def _find_colleague(connection: Connection, equipment: Equipment, filing: Filing, office: Office) -> _Reader:
    """Return the colleague who is spoken to; where nobody reads it, or they have no address, the office."""
    plan, today = find_plan(connection, filing.plan), office_now(connection).date()
    assert plan is not None, f"the plan of {filing.id} is not published"
    named, day = named_roles(connection, filing.relation), read_day(connection, today)
    here = ids_of_members(connection)
    link = f"{filing_url(equipment.settings.base_url, filing.id)}/gesprek"
    for who in find_readers(plan, office, filing.view, filing.ended, named, here, day):
        member = find_member(connection, who)
        if member is not None and member.active and member.email:
            return _Reader(member.email, Person(name=member.name), FALLBACK, link)
    return _Reader(office.text.email, Person(name=office.text.name), FALLBACK, link)


def _write(
    connection: Connection,
    equipment: Equipment,
    due: DueMail,
    filing: Filing,
    office: OfficeText,
    message: Message,
    reader: _Reader,
    sender: TeamMember | None,
) -> Letter | None:
    latest = read_latest(connection, filing.id, equipment.document_ring.open_sealed)
    if latest is None:
        return None
    now = office_now(connection)
    by = Person(name=office.name, phone=office.phone, email=office.email)
    if sender is not None:
        by = Person(name=sender.name, phone=sender.phone or office.phone, email=sender.email)
    language = choose_language(message, reader.language)
    said = values(
        latest[1].origin,
        office,
        filing.title,
        filing.due,
        reader.link,
        offered_as="",
        today=now.date(),
        reader=reader.person,
        sender=by,
        language=language,
    )
    try:
        text = render_message(message, language, said)
    except TextError:
        _log.error("%s: the text of the message %s of chats cannot be written", filing.id, message.id)
        return None
    return Letter(
        workflow_id=f"chat/{filing.id}",
        number=due.number,
        address=reader.address,
        name=reader.person.name,
        subject=text.subject,
        text=text.body,
        at=now,
        sender_name=by.name,
        repeated=due.mail == "late",
    )


def _note_sent(equipment: Equipment, due: DueMail) -> None:
    note_sending(equipment.database, None)
    with equipment.database.write() as connection:
        note_mail(connection, due.number, "sent")
        drop_alarm(connection, "chat_mail_not_sent", due.filing)


def _note_failure(equipment: Equipment, due: DueMail, error: SendingError) -> None:
    note_sending(equipment.database, error)
    text = f"a mail that something waits in a chat was not sent, and is tried again: {error}"
    with equipment.database.write() as connection:
        note_mail(connection, due.number, "late")
        raise_alarm(connection, "chat_mail_not_sent", due.filing, "", text)
