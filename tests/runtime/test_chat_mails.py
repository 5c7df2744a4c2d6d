"""Mails that say that something waits in a chat: one at a time, to who has to look, and never lost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from kantoor.data import replace
from kantoor.filing.digests import state_digest
from kantoor.filing.outcome import Step
from kantoor.filing.step import step
from kantoor.mail.catcher import Caught, list_caught, start_catcher
from kantoor.office.alarms import all_alarms
from kantoor.office.database.tables import chat_lines, contacts, relation_roles, sign_in_links
from kantoor.office.filings.chat_lines import LONGEST_WAIT, NewChatLine, list_lines, mark_read, write_line
from kantoor.office.office_clock import office_now
from kantoor.office.plans import publish
from kantoor.plan import Text
from kantoor.runtime.activities.recording import Recording
from kantoor.runtime.chat_mails import send_chat_mails
from kantoor.runtime.inputs import RecordInput, StepRecord
from tests.filing.plans import VAT
from tests.local.homes import free_ports
from tests.shipped import compile_shipped

from .office import OfficeAtWork, make_office, office_of

CLIENT, COLLEAGUE = "c-jansen", "anna"
SECRET = "Mijn rekening is leeg"


class Chatting:
    """An office with one filing, whose people write each other; its mail is caught while `open` holds."""

    def __init__(self, office: OfficeAtWork, port: int, folder: Path) -> None:
        self.office, self.port, self.folder = office, port, folder
        prepared = office.prepared()
        self.filing = prepared.new.id
        begun = step(VAT, None, prepared.start)
        assert isinstance(begun, Step), begun
        taken = StepRecord(
            sequence=begun.sequence, event=prepared.start, digest=state_digest(VAT, begun.state)
        )
        recording = Recording(office.database, office.equipment.document_ring)
        ActivityEnvironment().run(recording.record, RecordInput(workflow_id=self.filing, steps=(taken,)))
        shipped = compile_shipped().office
        assert shipped is not None
        self.definitions = replace(office_of(VAT), chat=shipped.chat, messages=shipped.messages)
        with office.database.write() as connection:
            publish(connection, [VAT], self.definitions, revision="r", author="t", at=datetime.now(UTC))

    def write(self, by: str, act: str, text: str = SECRET) -> None:
        with self.office.database.write() as connection:
            at = office_now(connection)
            new = NewChatLine(filing=self.filing, contact=CLIENT, by=by, at=at, text=text, act=act)
            write_line(connection, new, self.office.equipment.document_ring.seal, seen=0, mailed=True)

    def read(self, by: str) -> None:
        with self.office.database.write() as connection:
            mark_read(connection, self.filing, CLIENT, by, 1_000_000, office_now(connection))

    def mails(self) -> list[str]:
        """Return what became of the mail of each line."""
        ring = self.office.equipment.document_ring
        with self.office.database.read() as connection:
            return [one.mail for one in list_lines(connection, self.filing, ring.open_sealed)]

    def alarms(self) -> list[str]:
        with self.office.database.read() as connection:
            return [one.kind for one in all_alarms(connection)]

    async def send(self, *, server: bool = True) -> list[Caught]:
        """Have a worker make its round; return all that was caught until now."""
        if not server:
            await send_chat_mails(self.office.equipment)
        else:
            async with await start_catcher(self.folder, "127.0.0.1", self.port):
                await send_chat_mails(self.office.equipment)
        return list_caught(self.folder)

    def let_pass(self, since_tried: timedelta = LONGEST_WAIT, since_written: timedelta | None = None) -> None:
        """Have it so long ago that a mail was tried, and that its line was written."""
        ago = since_tried + timedelta(seconds=1)
        tried = datetime.now(UTC) - ago
        with self.office.database.write() as connection:
            written = office_now(connection) - (ago if since_written is None else since_written)
            connection.execute(chat_lines.update().values(tried_at=tried, at=written))

    def count_links(self) -> int:
        with self.office.database.read() as connection:
            return len(connection.execute(sign_in_links.select()).all())


@pytest.fixture
def chatting(tmp_path: Path) -> Iterator[Chatting]:
    (port,) = free_ports(1)
    office = make_office(tmp_path / "home", smtp={"host": "127.0.0.1", "port": port})
    yield Chatting(office, port, tmp_path / "mail")
    office.equipment.close()


async def test_who_is_spoken_to_gets_one_mail_without_what_was_written(chatting: Chatting) -> None:
    chatting.write(CLIENT, "a")
    chatting.write(CLIENT, "b")
    (mail,) = await chatting.send()
    assert "carla@linde.example" in mail.to
    assert f"/opdrachten/{chatting.filing.removeprefix('filing/').removesuffix('/-/1')}/gesprek" in mail.text
    assert SECRET not in mail.text + mail.subject
    assert await chatting.send() == [mail], "the first was not read yet"
    chatting.read(COLLEAGUE)
    chatting.write(CLIENT, "c")
    assert len(await chatting.send()) == 2


async def test_a_contact_gets_a_link_of_their_own_that_leads_to_the_chat(chatting: Chatting) -> None:
    chatting.write(COLLEAGUE, "a")
    (mail,) = await chatting.send()
    assert "els@jansen.example" in mail.to
    assert "Beste mevrouw Jansen" in mail.text
    assert "Anna de Wit" in mail.text
    assert "/in/" in mail.text
    assert SECRET not in mail.text + mail.subject
    with chatting.office.database.read() as connection:
        (link,) = connection.execute(sign_in_links.select()).all()
    assert (link.person, link.path.rpartition("/")[2]) == (CLIENT, "gesprek")


async def test_what_cannot_be_mailed_is_tried_again_until_it_is_read(chatting: Chatting) -> None:
    chatting.write(CLIENT, "a")
    assert await chatting.send(server=False) == []
    assert chatting.mails() == ["late"]
    assert chatting.alarms() == ["chat_mail_not_sent"]
    assert await chatting.send() == [], "not at once"
    chatting.let_pass()
    assert len(await chatting.send()) == 1
    assert (chatting.mails(), chatting.alarms()) == (["sent"], [])
    chatting.read(COLLEAGUE)
    chatting.write(CLIENT, "b")
    chatting.read(COLLEAGUE)
    assert len(await chatting.send()) == 1, "what was read meanwhile needs no mail"


async def test_a_contact_without_an_address_is_told_of_on_the_page(chatting: Chatting) -> None:
    with chatting.office.database.write() as connection:
        connection.execute(contacts.update().values(email=None))
    chatting.write(COLLEAGUE, "a")
    assert await chatting.send() == []
    assert chatting.mails() == ["late"]


@pytest.mark.parametrize(
    ("since_written", "since_tried", "links"),
    [(timedelta(minutes=5), timedelta(minutes=1), 2), (timedelta(hours=5), timedelta(minutes=30), 1)],
)
async def test_the_longer_a_mail_could_not_be_sent_the_longer_it_waits(
    chatting: Chatting, since_written: timedelta, since_tried: timedelta, links: int
) -> None:
    chatting.write(COLLEAGUE, "a")
    await chatting.send(server=False)
    chatting.let_pass(since_tried, since_written)
    await chatting.send(server=False)
    assert chatting.count_links() == links


async def test_a_mail_that_cannot_be_written_makes_no_link(chatting: Chatting) -> None:
    definitions = chatting.definitions
    broken = [replace(one, texts={"nl": Text(subject="?", body="{{ x }}")}) for one in definitions.messages]
    with chatting.office.database.write() as connection:
        definitions = replace(definitions, messages=tuple(broken))
        publish(connection, [VAT], definitions, revision="s", author="t", at=datetime.now(UTC))
    chatting.write(COLLEAGUE, "a")
    assert await chatting.send() == []
    assert (chatting.mails(), chatting.count_links()) == (["late"], 0)


def leave_nobody(chatting: Chatting) -> None:
    with chatting.office.database.write() as connection:
        connection.execute(relation_roles.delete())


def have_no_mails(chatting: Chatting) -> None:
    with chatting.office.database.write() as connection:
        publish(connection, [VAT], office_of(VAT), revision="r", author="t", at=datetime.now(UTC))


@pytest.mark.parametrize(("change", "to"), [(leave_nobody, [VAT.office.email]), (have_no_mails, [])])
async def test_where_nobody_reads_it_the_office_is_mailed_and_without_a_message_nobody(
    chatting: Chatting, change: Callable[[Chatting], None], to: list[str]
) -> None:
    change(chatting)
    chatting.write(CLIENT, "a")
    assert [one.to.rpartition("<")[2].rstrip(">") for one in await chatting.send()] == to
