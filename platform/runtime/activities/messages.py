"""Sending a filing's messages: each to one reader, written down before it goes out (R7, R17).

A worker that is killed between sending and writing that down sends once more, and that one says so. While the
filing is held nothing is sent (R30).
"""

import asyncio
import time
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection
from temporalio import activity

from ...filing.events import Failed, Sent, Withdrawn
from ...filing.reasons import (
    OVERTAKEN,
    PASSED_ON,
    TOLD,
    awaits_way,
    find_lost_reason,
    find_offered_way,
    find_own_documents,
    find_readers,
)
from ...filing.state import State
from ...keys.ring import KeyRing
from ...mail.smtp import Letter, Problem, SendingError, Server, message_id, send
from ...office.database.engine import Database
from ...office.filings.held import is_held
from ...office.filings.messages import (
    Message,
    NewMessage,
    begin_message,
    drop_messages,
    find_message,
    find_unsent,
    forget_put_off,
    message_not_taken,
    message_sent,
    messages_of,
    put_off_message,
    was_told,
)
from ...office.office_clock import office_now
from ...plan import Plan
from ...rights import NEEDED
from ..commands import SEND
from ..footings import read_footing
from ..inputs import Answer, SendInput
from ..posting import note_sending
from .latest_state import read_latest
from .message_links import MessageLinks
from .message_recipients import MessageRecipient, find_recipients, find_sender
from .message_texts import Person, TextError, write_message
from .retrying import again, await_resume

PATIENCE = timedelta(hours=4)
"""How long a mail server may ask to try later, before a person has to know."""

PATIENCE_OF_OTHERS = timedelta(minutes=15)
"""The same where others have the message: nothing follows for them before it is told whom it has reached."""

OF_THE_SERVER = (Problem.UNREACHABLE, Problem.INSECURE, Problem.LOGIN)
"""Troubles that no reader is to blame for; these are waited for as long as it takes."""


class _PutOffError(Exception):
    """A reader's message is to be sent later, and has been so `since` a moment of real time."""

    def __init__(self, error: SendingError, since: datetime) -> None:
        super().__init__(str(error))
        self.error = error
        self.since = since


class Messages:
    """The activity that sends messages; `links` make the way to the pages for a reader and a filing.

    `ring` opens the recorded state, `seconds` is how long one run of it may take, `poll` how soon it is
    looked whether something has changed in the office.
    """

    def __init__(
        self,
        database: Database,
        ring: KeyRing,
        server: Server,
        links: MessageLinks,
        seconds: float,
        poll: timedelta,
    ) -> None:
        self._database = database
        self._ring = ring
        self._server = server
        self._links = links
        self._seconds = seconds
        self._poll = poll

    @activity.defn(name=SEND, no_thread_cancel_exception=True)
    def send(self, input: SendInput) -> Answer:
        """Send a message to everybody it is for; who had it already does not get it again.

        An offer and its reminders go to who decides now. Waits, as often as it takes, for an unavailable mail
        server and while the filing is held, and asks the machine each time whether it is still to be sent.
        Whom the server refuses is told after everybody else has it. What was written down for others
        meanwhile is forgotten.
        """
        answer = self._send_to_readers(input)
        if not isinstance(answer.result, Failed):
            self._drop_unsent(input)
        return answer

    def _send_to_readers(self, input: SendInput) -> Answer:
        """Send a message to those who do not have it. Raises ApplicationError when it is to be retried."""
        number, at = input.command.number, input.at
        with self._database.read() as connection:
            latest = read_latest(connection, input.workflow_id, self._ring.open_sealed)
            if latest and awaits_way(*latest, number):
                raise again("it is not known yet whether a decision is asked")
            lost = find_lost_reason(*latest, number) if latest else None
            decides = _list_deciders(connection, input, *latest) if latest else None
            if lost or (decides and not decides.all):
                reached = _list_reached(connection, input)
                reason = lost or (OVERTAKEN if decides and decides.any_left else PASSED_ON)
                return Answer(result=Withdrawn(at=at, number=number, reason=reason, reached=reached))
            found = find_recipients(connection, input, decides.now if decides else None)
            sender = find_sender(connection, input)
        readers = tuple(one for one in found.readers if not self._was_told(input, one, sender))
        if found.readers and not readers and not found.problems:
            return Answer(result=Withdrawn(at=at, number=number, reason=TOLD))
        _, problems = self._send_all(input, readers, sender)
        if decides and decides.later:
            raise again("others decide now, and the filing does not know it yet")
        problems = [*found.problems, *problems]
        with self._database.read() as connection:
            sent = _list_sent(connection, input)
        reached = tuple(message.recipient for message in sent)
        repeated = any(message.repeated for message in sent)
        if problems:
            error = " ".join(problems)
            failed = Failed(at=at, number=number, error=error, reached=reached, repeated=repeated)
            return Answer(result=failed)
        return Answer(result=Sent(at=at, number=number, recipients=reached, repeated=repeated))

    def _was_told(self, input: SendInput, reader: MessageRecipient, sender: Person) -> bool:
        """Say whether a colleague got this very escalation today: phases that are late one after another."""
        if reader.client or input.command.purpose != "escalation":
            return False
        try:
            new, _ = self._write(input, reader, sender)
        except TextError:
            return False  # told of who is sent to
        with self._database.read() as connection:
            return was_told(connection, new)

    def _drop_unsent(self, input: SendInput) -> None:
        """Forget what was written for readers who will not get it: else it waits for ever to be sent.

        So is what failed and of which this is the retry.
        """
        sent = input.command
        with self._database.read() as connection:
            unsent = find_unsent(connection, input.workflow_id, sent.number, sent.message, sent.purpose)
        if unsent:
            with self._database.write() as connection:
                drop_messages(connection, unsent)

    def _send_all(
        self, input: SendInput, readers: tuple[MessageRecipient, ...], sender: Person
    ) -> tuple[list[Message], list[str]]:
        """Send to each; return what they have, and what stands in the way of the others.

        Raises ApplicationError when trying again can help, after the others have theirs if it is one
        reader's trouble; and when time is up: the server would begin a second run beside this one. Each run
        begins with another reader, so that one whose server is slow takes nobody else's turn.
        """
        sent, problems, later = [], [], dict[str, _PutOffError]()
        until = time.monotonic() + self._seconds
        first = (activity.info().attempt - 1) % max(len(readers), 1)
        for reader in (*readers[first:], *readers[:first]):
            if time.monotonic() > until - self._seconds / 2:
                raise again("the mail server is too slow for all readers in one run")
            try:
                sent.append(self._send(input, reader, sender, until))
            except TextError as error:
                problems.append(str(error))
            except _PutOffError as put_off:
                later[reader.id] = put_off
            except SendingError as error:
                if error.problem in OF_THE_SERVER:
                    raise again(str(error)) from None
                problems.append(f"Niet verstuurd aan {reader.id}: {error.dutch}.")
        if later and _is_waited_for(later.values(), reached=bool(sent)):
            raise again(str(next(iter(later.values())).error))
        problems += [f"Niet verstuurd aan {reader}: {one.error.dutch}." for reader, one in later.items()]
        return sorted(sent, key=lambda message: message.recipient), problems

    def _write(self, input: SendInput, reader: MessageRecipient, sender: Person) -> tuple[NewMessage, Letter]:
        link = self._links.write_link(input.workflow_id, client=reader.client)
        text = write_message(input, reader.person, sender, reader.language, link)
        letter = Letter(
            workflow_id=input.workflow_id,
            number=input.command.number,
            address=reader.address,
            name=reader.person.name,
            subject=text.subject,
            text=text.body,
            at=input.at,
            sender_name=sender.name,
        )
        new = NewMessage(
            filing=input.workflow_id,
            number=input.command.number,
            recipient=reader.id,
            message=input.command.message,
            purpose=input.command.purpose,
            message_id=message_id(letter, self._server.sender),
            address=reader.address,
            language=text.language,
            subject=text.subject,
            body=text.body,
            at=input.at,
        )
        return new, letter

    def _send(self, input: SendInput, reader: MessageRecipient, sender: Person, until: float) -> Message:
        """Send to one reader what was written down first. Raises SendingError and _PutOffError."""
        new, letter = self._write(input, reader, sender)
        message = self._begin(new)
        if message.sent_at is None:
            with self._database.write() as connection:
                body = self._links.put_in(connection, message)
            letter = replace(
                letter,
                address=message.address,
                subject=message.subject,
                text=body,
                repeated=message.repeated,
            )
            self._hand_over(message, letter, until)
        return message

    def _begin(self, new: NewMessage) -> Message:
        """Write a message down that is about to go out.

        Raises ApplicationError while the filing is held: it waits, and nobody's patience is used up by that.
        """
        with self._database.write() as connection:
            there = find_message(connection, new.filing, new.number, new.recipient)
            if (there and there.sent_at) or not is_held(connection, new.filing):
                return begin_message(connection, new)
            forget_put_off(connection, new.filing, new.number)
        raise await_resume(self._poll)

    def _hand_over(self, message: Message, letter: Letter, until: float) -> None:
        try:
            asyncio.run(self._within_limit(letter, until - time.monotonic()))
        except SendingError as error:
            note_sending(self._database, error)
            since = self._note_failure(message, error)
            raise error if since is None else _PutOffError(error, since) from None
        note_sending(self._database, None)
        with self._database.write() as connection:
            message_sent(connection, message, datetime.now(UTC))

    def _note_failure(self, message: Message, error: SendingError) -> datetime | None:
        """Write down why an attempt failed; return since when a reader who is put off has been so."""
        with self._database.write() as connection:
            if error.problem is not Problem.BROKEN_OFF:  # then nobody knows whether it was taken
                message_not_taken(connection, message)
            if error.problem in OF_THE_SERVER:
                forget_put_off(connection, message.filing, message.number)
                return None
            return put_off_message(connection, message, datetime.now(UTC)) if error.temporary else None

    async def _within_limit(self, letter: Letter, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await send(self._server, letter)
        except TimeoutError:
            raise SendingError(Problem.BROKEN_OFF) from None


class _Deciders(NamedTuple):
    """Of those whom a message of an offer is for: who decides still, and who of them gets it now.

    Not who has it by another message of the same offer; and later, when the filing knows it, who does not
    decide today by what the office knows.
    """

    all: tuple[str, ...]
    now: tuple[str, ...]
    later: tuple[str, ...]
    any_left: bool
    """The offer still goes to one of them at least, if only by a later message."""


def _list_deciders(connection: Connection, input: SendInput, plan: Plan, state: State) -> _Deciders | None:
    """Return who decides on the offer that a message is about; None where it is about none (R66)."""
    command = input.command
    offer = next((o for o in state.case.offers if o.phase == command.phase), None)
    if not command.contacts or offer is None:
        return None
    theirs = find_readers(plan, state, command.number, command.contacts)
    had = _list_offered(connection, input, offer.number) if command.purpose == "offer" else frozenset()
    on, offered = office_now(connection).date(), find_offered_way(plan, state, command.phase)
    own = find_own_documents(plan, state, command.phase)
    footing = read_footing(connection, plan, state.origin, command.phase, on, offered, own)
    needed = NEEDED[input.offered_as or "approval"]
    today = {r.contact for r in footing.recipients if command.purpose == "offer" or needed in r.may}
    recipients = offer.lookup.recipients if offer.lookup else ()
    return _Deciders(
        theirs,
        tuple(contact for contact in theirs if contact in today and contact not in had),
        tuple(contact for contact in theirs if contact not in today and contact not in had),
        any_left=any(one.contact in command.contacts for one in recipients),
    )


def _list_offered(connection: Connection, input: SendInput, since: int) -> frozenset[str]:
    """Return who has the offer that began with a command by another message than this one."""
    return frozenset(
        message.recipient
        for message in messages_of(connection, input.workflow_id)
        if message.purpose == "offer" and message.sent_at
        if message.number >= since and message.number != input.command.number
    )


def _list_reached(connection: Connection, input: SendInput) -> tuple[str, ...]:
    """Return who has a command's message, by id."""
    return tuple(message.recipient for message in _list_sent(connection, input))


def _list_sent(connection: Connection, input: SendInput) -> list[Message]:
    """Return what of a command's message was sent, in the order of its readers."""
    mine = messages_of(connection, input.workflow_id, input.command.number)
    return sorted((one for one in mine if one.sent_at is not None), key=lambda one: one.recipient)


def _is_waited_for(later: Collection[_PutOffError], *, reached: bool) -> bool:
    """Say whether readers whom the mail server did not take a message for are still waited for.

    Where nobody was reached a connection that is lost is taken for the server's trouble.
    """
    age = datetime.now(UTC) - min(one.since for one in later)
    if reached:
        return age < PATIENCE_OF_OTHERS
    return age < PATIENCE or all(one.error.problem is Problem.BROKEN_OFF for one in later)
