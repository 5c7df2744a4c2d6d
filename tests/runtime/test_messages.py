import asyncio
import dataclasses
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from kantoor.data import replace
from kantoor.filing.commands import Send
from kantoor.filing.digests import state_digest
from kantoor.filing.events import (
    SYSTEM,
    AnyEvent,
    Cancel,
    Failed,
    Hold,
    ResolveAgain,
    Resume,
    Sent,
    Tick,
    Withdrawn,
)
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.reasons import CANCELLED, PASSED_ON, TOLD
from kantoor.filing.state import Assigned
from kantoor.filing.step import step
from kantoor.mail.catcher import Caught, list_caught, start_catcher
from kantoor.mail.smtp import REPEAT_HEADER, Server
from kantoor.office.database.tables import authorities, contacts, messages, relation_contacts
from kantoor.office.filings.held import find_left
from kantoor.office.filings.messages import UNSENT, messages_of
from kantoor.office.office_clock import office_now
from kantoor.office.presence import StandsIn, Stretch
from kantoor.office.presence_changes import Author, note_absence, note_stand_in
from kantoor.plan import Text, To
from kantoor.runtime.activities.kept_links import PERSONAL_LINK
from kantoor.runtime.activities.message_links import MessageLinks
from kantoor.runtime.activities.messages import PATIENCE, PATIENCE_OF_OTHERS, Messages
from kantoor.runtime.activities.recording import Recording
from kantoor.runtime.inputs import Answer, RecordInput, SendInput, StepRecord
from tests.filing.driver import ADMIN, MANAGER, RECIPIENT, Driver
from tests.filing.plans import VAT

from .office import OfficeAtWork, Story, make_office, origin_of

SOON = timedelta(seconds=0.01)
BODY = "{{ contact.salutation }}, zie {{ filing.link }}. Groet, {{ sender.name }} ({{ sender.phone }})"
MESSAGE = replace(
    VAT.message("btw-stukken"), texts={"nl": Text(subject="Stukken over {{ period.words }}", body=BODY)}
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeAtWork]:
    office = make_office(tmp_path / "home")
    yield office
    office.equipment.close()


@pytest.fixture
async def catcher(tmp_path: Path) -> AsyncIterator[Server]:
    server = await start_catcher(tmp_path / "mail", "127.0.0.1", 0)
    async with server:
        yield server_at(server.sockets[0].getsockname()[1])


@pytest.fixture
def mail(tmp_path: Path) -> "Mailbox":
    return Mailbox(tmp_path / "mail")


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def all(self) -> list[Caught]:
        return list_caught(self.folder)


def server_at(port: int) -> Server:
    return Server(host="127.0.0.1", port=port, sender="kantoor@linde.example", seconds=2)


def sending(office: OfficeAtWork, server: Server, seconds: float = 3) -> Messages:
    links = MessageLinks("https://mijn.linde.example", timedelta(days=30))
    return Messages(office.database, office.equipment.document_ring, server, links, seconds, SOON)


def asked(office: OfficeAtWork, **facts: object) -> SendInput:
    """The filing's request to ask the primary contact for documents."""
    prepared = office.prepared()
    return SendInput(
        workflow_id=prepared.new.id,
        origin=origin_of(prepared),
        at=datetime(2026, 2, 1, 8),
        command=Send(
            **{
                "number": 1,
                "phase": "verzamelen",
                "message": "btw-stukken",
                "purpose": "automation",
                "to": To(),
            }
            | facts
        ),
        message=MESSAGE,
        office=VAT.office,
        title=VAT.title,
        due=date(2026, 2, 28),
        role="administratie",
        roles=VAT.roles,
    )


def let_pass(office: OfficeAtWork, time: timedelta) -> None:
    """Have it so long ago that a mail server first asked to try later."""
    with office.database.write() as connection:
        connection.execute(messages.update().values(put_off_since=datetime.now(UTC) - time))


async def run(messages: Messages, input: SendInput, attempt: int = 1) -> Answer:
    """Run the activity."""
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, attempt=attempt)
    return await asyncio.to_thread(environment.run, messages.send, input)


async def test_a_message_is_written_in_the_plans_own_words_and_kept_as_it_was_sent(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    input = asked(office)
    answer = await run(sending(office, catcher), input)
    assert answer.result == Sent(at=input.at, number=1, recipients=("c-jansen",))
    (one,) = mail.all
    assert one.subject == "Stukken over januari 2026"
    link = re.search(r"https://mijn.linde.example/in/[\w-]{43}", one.text)
    assert link
    assert one.text.strip() == f"Beste mevrouw Jansen, zie {link[0]}. Groet, Anna de Wit (020 1)"
    body = f"Beste mevrouw Jansen, zie {PERSONAL_LINK}. Groet, Anna de Wit (020 1)"
    with office.database.read() as connection:
        (kept,) = messages_of(connection, input.workflow_id)
    assert (kept.body, kept.address, kept.message_id) == (body, "els@jansen.example", one.message_id)
    assert kept.sent_at is not None


async def test_the_same_command_sends_once_however_often_it_is_tried(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    input = asked(office)
    first = await run(sending(office, catcher), input)
    assert await run(sending(office, catcher), input) == first
    assert len(mail.all) == 1


async def test_a_message_that_a_killed_worker_may_have_sent_goes_out_again_and_says_so(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    input = asked(office)
    killed = sending(office, catcher)
    killed._hand_over = lambda message, letter, until: None  # type: ignore[method-assign]  # died right before
    await run(killed, input)
    answer = await run(sending(office, catcher), input)
    assert isinstance(answer.result, Sent)
    assert answer.result.repeated
    (one,) = mail.all
    assert one.repeated


async def test_a_mail_that_may_have_been_sent_goes_to_the_address_that_was_corrected_meanwhile(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    input = asked(office)
    killed = sending(office, catcher)
    killed._hand_over = lambda message, letter, until: None  # type: ignore[method-assign]  # died right before
    await run(killed, input)
    with office.database.write() as connection:
        (before,) = messages_of(connection, input.workflow_id)
        connection.execute(contacts.update().values(email="juist@jansen.example"))
    answer = await run(sending(office, catcher), input)
    assert answer.result == Sent(at=input.at, number=1, recipients=("c-jansen",), repeated=True)
    (one,) = mail.all
    with office.database.read() as connection:
        (kept,) = messages_of(connection, input.workflow_id)
    assert (one.to, kept.address, one.message_id) == (
        "juist@jansen.example",
        "juist@jansen.example",
        kept.message_id,
    )
    assert one.message_id != before.message_id


async def test_a_server_that_is_away_is_waited_for_and_nothing_counts_as_sent(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        away = sending(office, server_at(taken.getsockname()[1]))
        input = asked(office)
        with pytest.raises(ApplicationError) as raised:
            await run(away, input)
    assert raised.value.category == ApplicationErrorCategory.BENIGN
    assert not raised.value.non_retryable
    assert "jansen" not in str(raised.value)
    answer = await run(sending(office, catcher), input)
    assert isinstance(answer.result, Sent)
    assert not answer.result.repeated


class Refusing:
    """A mail server that does not know some addresses, or has no time for them."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.taken: list[tuple[str, bool]] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address.partition("@")[0])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.taken.append((envelope.rcpt_tos[0], REPEAT_HEADER.encode() in raw))
        return "250 OK"


class Slow(Refusing):
    """A mail server that thinks for so many seconds before it takes a message."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self._seconds)
        return await super().handle_DATA(server, session, envelope)


@asynccontextmanager
async def listening(handler: object) -> AsyncIterator[Server]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    async with server:
        yield server_at(server.sockets[0].getsockname()[1])


UNKNOWN = "550 5.1.1 <els@jansen.example> unknown"


async def test_a_refused_reader_is_for_a_person_to_see_to(office: OfficeAtWork) -> None:
    async with listening(Refusing(els=UNKNOWN)) as server:
        answer = await run(sending(office, server), asked(office))
    assert isinstance(answer.result, Failed)
    assert (
        answer.result.error == "Niet verstuurd aan c-jansen: de mailserver weigert de ontvanger (550 5.1.1)."
    )


def waiting(office: OfficeAtWork) -> list[str]:
    """Return who messages go to that are not known to be sent, as the page of the office names them."""
    with office.database.read() as connection:
        return [one.recipient for one in UNSENT.ask(connection, most=9)]


@pytest.fixture
def partner(office: OfficeAtWork) -> str:
    """A second contact of the relation."""
    with office.database.write() as connection:
        row = {"id": "c-piet", "name": "Piet Jansen", "email": "piet@jansen.example"}
        connection.execute(contacts.insert().values(row))
        connection.execute(
            relation_contacts.insert().values(relation="1001", contact="c-piet", functions=["directeur"])
        )
    return "c-piet"


async def test_who_follows_a_refused_reader_gets_the_message_and_not_again_when_it_is_retried(
    office: OfficeAtWork, partner: str
) -> None:
    input = asked(office, to=None, contacts=("c-jansen", partner), purpose="offer")
    handler = Refusing(els=UNKNOWN)
    async with listening(handler) as server:
        failed = await run(sending(office, server), input)
        assert isinstance(failed.result, Failed)
        assert "c-jansen" in failed.result.error
        assert failed.result.reached == (partner,)
        assert waiting(office) == ["c-jansen"]
        handler.answers.clear()
        again = asked(
            office,
            number=2,
            to=None,
            contacts=("c-jansen", partner),
            reached=failed.result.reached,
            purpose="offer",
        )
        answer = await run(sending(office, server), again)
    assert isinstance(answer.result, Sent)
    assert answer.result.recipients == ("c-jansen",)
    assert handler.taken == [("piet@jansen.example", False), ("els@jansen.example", False)]
    assert waiting(office) == []


async def test_one_reader_who_has_to_wait_holds_nobody_else_up_and_nobody_gets_it_twice(
    office: OfficeAtWork, partner: str
) -> None:
    input = asked(office, to=None, contacts=("c-jansen", partner), purpose="offer")
    handler = Refusing(els="450 4.2.0 greylisted")
    async with listening(handler) as server:
        with pytest.raises(ApplicationError, match="try later"):
            await run(sending(office, server), input)
        assert handler.taken == [("piet@jansen.example", False)]
        handler.answers.clear()
        answer = await run(sending(office, server), input)
    assert isinstance(answer.result, Sent)
    assert answer.result.recipients == ("c-jansen", partner)
    assert handler.taken == [("piet@jansen.example", False), ("els@jansen.example", False)]


async def test_a_reader_for_whom_there_is_no_time_for_long_is_for_a_person_to_see_to(
    office: OfficeAtWork, partner: str
) -> None:
    input = asked(office, to=None, contacts=("c-jansen", partner), purpose="offer")
    async with listening(Refusing(els="450 4.2.0 greylisted")) as server:
        with pytest.raises(ApplicationError, match="try later"):
            await run(sending(office, server), input)
        let_pass(office, PATIENCE_OF_OTHERS)
        answer = await run(sending(office, server), input)
        alone = asked(office, number=2)
        with pytest.raises(ApplicationError, match="try later"):
            await run(sending(office, server), alone)
        let_pass(office, PATIENCE_OF_OTHERS)
        with pytest.raises(ApplicationError, match="try later"):
            await run(sending(office, server), alone)
        let_pass(office, PATIENCE)
        nobody = await run(sending(office, server), alone)
    assert isinstance(answer.result, Failed)
    assert "c-jansen: de mailserver is tijdelijk niet beschikbaar (450 4.2.0)" in answer.result.error
    assert answer.result.reached == (partner,)
    assert isinstance(nobody.result, Failed)


async def test_after_a_night_without_a_server_one_refusal_for_now_is_waited_out(office: OfficeAtWork) -> None:
    input = asked(office)
    async with listening(Refusing(els="451 4.3.0 try later")) as server:
        with pytest.raises(ApplicationError, match="try later"):
            await run(sending(office, server), input)
        let_pass(office, PATIENCE)
        with pytest.raises(ApplicationError, match="cannot be reached"):
            await run(sending(office, server_at(1)), input)
        with pytest.raises(ApplicationError, match="try later"):
            await run(sending(office, server), input)


async def test_each_run_begins_with_another_reader_so_that_a_slow_one_takes_nobody_else_s_turn(
    office: OfficeAtWork, partner: str
) -> None:
    input = asked(office, to=None, contacts=("c-jansen", partner), purpose="offer")
    handler = Refusing(els="450 4.2.0 greylisted")
    slow = Slow(1.2)
    async with listening(slow) as server:
        with pytest.raises(ApplicationError, match="too slow"):
            await run(sending(office, server, seconds=2.3), input, attempt=2)
    assert slow.taken == [("piet@jansen.example", False)]
    async with listening(handler) as server:
        with pytest.raises(ApplicationError, match="try later"):
            await run(sending(office, server), input, attempt=3)
        let_pass(office, PATIENCE_OF_OTHERS)
        answer = await run(sending(office, server), input, attempt=3)
    assert isinstance(answer.result, Failed)
    assert answer.result.reached == (partner,)


async def test_a_slow_server_gets_nobody_the_same_message_twice(office: OfficeAtWork, partner: str) -> None:
    input = asked(office, to=None, contacts=("c-jansen", partner), purpose="offer")
    handler = Slow(1.2)
    async with listening(handler) as server:
        with pytest.raises(ApplicationError, match="too slow"):
            await run(sending(office, server, seconds=2.3), input)
        answer = await run(sending(office, server, seconds=2.3), input)
    assert isinstance(answer.result, Sent)
    assert answer.result.recipients == ("c-jansen", partner)
    assert handler.taken == [("els@jansen.example", False), ("piet@jansen.example", False)]


async def test_a_contact_who_is_gone_is_told_and_not_left_out(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    input = asked(office, to=None, contacts=("c-jansen", "c-weg"), purpose="offer")
    answer = await run(sending(office, catcher), input)
    assert isinstance(answer.result, Failed)
    assert answer.result.error == "c-weg bestaat niet meer; 'btw-stukken' is niet verstuurd."
    assert answer.result.reached == ("c-jansen",)
    assert len(mail.all) == 1


async def test_a_server_that_never_answers_is_given_up_within_the_limit_and_tried_again(
    office: OfficeAtWork,
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        messages = sending(office, server_at(server.sockets[0].getsockname()[1]), seconds=0.2)
        with pytest.raises(ApplicationError, match="connection to the mail server was lost"):
            await run(messages, asked(office))


async def test_a_message_to_a_role_goes_to_its_holder(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    answer = await run(sending(office, catcher), asked(office, to=To(kind="role", name="accountant")))
    assert isinstance(answer.result, Sent)
    assert answer.result.recipients == ("bart",)
    assert mail.all[0].to == "bart@linde.example"


async def test_a_colleague_gets_the_same_words_about_a_filing_once_a_day(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    first = asked(office, to=To(kind="role", name="accountant"), purpose="escalation", number=1)
    again = replace(first, command=replace(first.command, number=2))
    tomorrow = replace(again, at=first.at + timedelta(days=1), command=replace(first.command, number=3))
    results = [(await run(sending(office, catcher), one)).result for one in (first, again, first, tomorrow)]
    assert [type(one) for one in results] == [Sent, Withdrawn, Sent, Sent]
    assert results[1] == Withdrawn(at=again.at, number=2, reason=TOLD)
    assert [one.to for one in mail.all] == ["bart@linde.example"] * 2


async def test_a_message_to_a_role_goes_to_the_stand_in_while_its_holder_is_absent(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    to_role = asked(office, to=To(kind="role", name="accountant"))
    with office.database.write() as connection:
        now = office_now(connection)
        today, author = now.date(), Author("dirk", now)
        away = Stretch(today, today)
        note_absence(connection, "bart", away, author)
    alone = await run(sending(office, catcher), to_role)
    with office.database.write() as connection:
        note_stand_in(connection, StandsIn("bart", "*", "dirk", away), author)
    later = replace(to_role.command, number=to_role.command.number + 1)
    answer = await run(sending(office, catcher), replace(to_role, command=later))
    assert [alone.result, answer.result] == [
        Sent(at=alone.result.at, number=to_role.command.number, recipients=("bart",)),
        Sent(at=answer.result.at, number=later.number, recipients=("dirk",)),
    ]


async def test_an_offer_goes_to_the_contacts_it_was_resolved_to_in_its_senders_name(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    input = asked(office, to=None, contacts=("c-jansen",), sender="carla", purpose="offer")
    await run(sending(office, catcher), input)
    assert "Carla Blauw (020 3)" in mail.all[0].text
    given = (Assigned(role="relatiebeheerder", person="bart"),)
    later = replace(input, command=replace(input.command, number=2), assigned=given)
    await run(sending(office, catcher), replace(later, on_behalf_of="relatiebeheerder"))
    assert "Bart Groen (020 2)" in mail.all[1].text


async def test_who_has_no_address_is_told_after_the_others_have_the_message(
    office: OfficeAtWork, partner: str, catcher: Server, mail: Mailbox
) -> None:
    input = asked(office, to=None, contacts=("c-jansen", partner), purpose="offer")
    with office.database.write() as connection:
        connection.execute(contacts.update().where(contacts.c.id == "c-jansen").values(email=None))
    answer = await run(sending(office, catcher), input)
    assert isinstance(answer.result, Failed)
    assert answer.result.error == "c-jansen heeft geen e-mailadres; 'btw-stukken' is niet verstuurd."
    assert answer.result.reached == (partner,)


async def test_nobody_to_send_to_is_for_a_person_to_see_to(office: OfficeAtWork, catcher: Server) -> None:
    answer = await run(sending(office, catcher), asked(office, to=To(kind="function", name="vennoot")))
    assert isinstance(answer.result, Failed)
    assert answer.result.error == "Er is niemand naar wie 'btw-stukken' kan worden gestuurd."


def record_story(office: OfficeAtWork, *events: AnyEvent) -> SendInput:
    """Have a filing's first events recorded; return the request of the first message that they ask for."""
    input, story = asked(office), Story(office, office.prepared())
    story.take(*events)
    return replace(input, command=next(one for one in story.commands if isinstance(one, Send)))


async def test_a_mail_that_waits_for_its_server_stays_while_its_filing_is_held_and_goes_once_it_is_resumed(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    input, story = asked(office), Story(office, office.prepared())
    story.take(Tick(at=datetime(2026, 2, 1, 8)))
    input = replace(input, command=next(one for one in story.commands if isinstance(one, Send)))
    async with listening(Refusing(els="451 4.3.0 try later")) as busy:
        with pytest.raises(ApplicationError, match="try later"):
            await run(sending(office, busy), input)
        let_pass(office, PATIENCE)
        story.take(Hold(at=datetime(2026, 2, 1, 9), id="a1", by=ADMIN, reason="Nog niet"))
        with pytest.raises(ApplicationError, match="held"):
            await run(sending(office, catcher), input)
        assert mail.all == []
        story.take(Resume(at=datetime(2026, 2, 9, 9), id="a2", by=ADMIN))
        with pytest.raises(ApplicationError, match="try later"):  # patience counts from then on
            await run(sending(office, busy), input)
    answer = await run(sending(office, catcher), input)
    assert answer.result == Sent(at=input.at, number=input.command.number, recipients=("c-jansen",))
    story.take(Hold(at=datetime(2026, 2, 9, 10), id="a3", by=ADMIN, reason="Toch niet"))
    assert await run(sending(office, catcher), input) == answer  # what has left is told as it is
    assert len(mail.all) == 1


async def test_a_mail_that_may_have_left_before_its_filing_was_held_is_told_and_not_repeated_while_it_is(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    input, story = asked(office), Story(office, office.prepared())
    story.take(Tick(at=datetime(2026, 2, 1, 8)))
    input = replace(input, command=next(one for one in story.commands if isinstance(one, Send)))
    killed = sending(office, catcher)
    killed._hand_over = lambda message, letter, until: None  # type: ignore[method-assign]  # died right before
    await run(killed, input)
    story.take(Hold(at=datetime(2026, 2, 1, 9), id="a1", by=ADMIN, reason="Nog niet"))
    with pytest.raises(ApplicationError, match="held"):
        await run(sending(office, catcher), input)
    assert mail.all == []
    with office.database.read() as connection:
        assert find_left(connection, input.workflow_id).maybe_sent == ("c-jansen",)


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_message_that_waited_until_its_filing_was_cancelled_is_not_sent(
    office: OfficeAtWork, catcher: Server, mail: Mailbox, cancelled: bool
) -> None:
    entered = Tick(at=datetime(2026, 2, 1, 8))
    cancel = Cancel(at=datetime(2026, 2, 3, 9), id="a1", by=MANAGER, reason="Dubbel")
    input = record_story(office, entered, *([cancel] if cancelled else []))
    answer = await run(sending(office, catcher), input)
    about = {"at": input.at, "number": input.command.number}
    if cancelled:
        assert (answer.result, mail.all) == (Withdrawn(reason=CANCELLED, **about), [])
    else:
        assert answer.result == Sent(recipients=("c-jansen",), **about)


class Recorded(Driver):
    """A filing of the office, recorded after every step; its mail waits."""

    def __init__(self, office: OfficeAtWork) -> None:
        self.office, self.asked, self.recorded = office, asked(office), 0
        self.steps: list[StepRecord] = []
        super().__init__(VAT)
        self.hold = {"send"}
        self.to_offer()

    def send(self, event: AnyEvent) -> Step | Refusal:
        outcome = step(self.plan, self.state, event)
        if isinstance(outcome, Step):
            digest = state_digest(self.plan, outcome.state)
            self.steps.append(StepRecord(sequence=outcome.sequence, event=event, digest=digest))
        return super().send(event)

    def request(self) -> SendInput:
        """Record what has happened; return the last message asked for."""
        fresh = tuple(self.steps[self.recorded :])
        recording = Recording(self.office.database, self.office.equipment.document_ring)
        ActivityEnvironment().run(
            recording.record, RecordInput(workflow_id=self.asked.workflow_id, steps=fresh)
        )
        self.recorded += len(fresh)
        return replace(self.asked, command=[c for c in self.commands if isinstance(c, Send)][-1])

    def pass_to(self, contact: str) -> None:
        """Have the filing look again, and find that this contact decides now."""
        recipient = replace(RECIPIENT, contact=contact)
        self.resolution = {"recipients": (recipient,), "sender": MANAGER.id}
        self.must(ResolveAgain, SYSTEM, phase="aanbieden")


def exchange_contacts(office: OfficeAtWork) -> None:
    """Make another contact the primary one of the relation, with the first's authority."""
    with office.database.write() as connection:
        connection.execute(
            contacts.insert().values(
                id="c-new", name="Nel Jansen", salutation="Beste Nel", email="nel@jansen.example"
            )
        )
        connection.execute(relation_contacts.update().values(primary=False))
        theirs = {"relation": "1001", "contact": "c-new", "functions": [], "primary": True}
        connection.execute(relation_contacts.insert().values(**theirs))
        (given,) = connection.execute(select(authorities)).mappings()
        connection.execute(authorities.insert().values(**{**given, "contact": "c-new"}))


@pytest.mark.parametrize("why", ["the filing is cancelled", "others decide", "others are asked"])
async def test_a_message_that_is_withdrawn_or_passed_on_waits_no_longer_to_be_sent(
    office: OfficeAtWork, catcher: Server, why: str
) -> None:
    if why == "others are asked":
        input = record_story(office, Tick(at=datetime(2026, 2, 1, 8)))
    else:
        filing = Recorded(office)
        input = filing.request()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        with pytest.raises(ApplicationError):
            await run(sending(office, server_at(taken.getsockname()[1])), input)
    assert waiting(office) == ["c-jansen"]
    if why == "the filing is cancelled":
        filing.must(Cancel, MANAGER, reason="Dubbel")
        filing.request()
    else:
        exchange_contacts(office)
    if why == "others decide":
        filing.pass_to("c-new")
        filing.request()
    answer = await run(sending(office, catcher), input)
    assert isinstance(answer.result, Sent if why == "others are asked" else Withdrawn)
    assert waiting(office) == []


async def test_an_offer_that_waited_goes_to_who_decides_by_then(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    filing = Recorded(office)
    first = filing.request()
    exchange_contacts(office)
    with pytest.raises(ApplicationError, match="others decide now"):
        await run(sending(office, catcher), first)
    assert mail.all == []
    filing.pass_to("c-new")
    second = filing.request()
    answer = await run(sending(office, catcher), first)
    assert answer.result == Withdrawn(at=first.at, number=first.command.number, reason=PASSED_ON)
    answer = await run(sending(office, catcher), second)
    assert isinstance(answer.result, Sent)
    assert [one.to for one in mail.all] == ["nel@jansen.example"]


async def test_nobody_gets_one_offer_by_two_messages(
    office: OfficeAtWork, catcher: Server, mail: Mailbox
) -> None:
    filing = Recorded(office)
    first = filing.request()
    await run(sending(office, catcher), first)
    filing.pass_to("c-new")
    filing.pass_to("c-jansen")
    back = filing.request()
    assert back.command.number != first.command.number
    answer = await run(sending(office, catcher), back)
    assert answer.result == Sent(at=back.at, number=back.command.number, recipients=())
    assert len(mail.all) == 1
