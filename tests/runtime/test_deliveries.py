import asyncio
import dataclasses
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from kantoor.data import replace
from kantoor.filing.commands import Deliver, Follow
from kantoor.filing.events import Delivered, Failed, Hold, Judged, Resume
from kantoor.office.alarms import DELIVERY_WAITS, JUDGEMENT_WAITS, STATUS_WAITS, all_alarms
from kantoor.office.database.tables import deliveries, filings, relations, standing_authorities
from kantoor.office.filings.deliveries import (
    BY_HAND,
    NewDelivery,
    begin_delivery,
    deliveries_of,
    find_delivery,
    mark_delivery_taken,
    record_judgement,
)
from kantoor.office.filings.deliveries import Delivery as Attempt
from kantoor.office.filings.held import find_left
from kantoor.office.filings.links import link_filings
from kantoor.office.office_clock import office_now
from kantoor.office.overviews.halted import WAITS
from kantoor.office.overviews.worklist import WorkLine, work_of
from kantoor.office.people import find_person
from kantoor.office.presence import StandsIn, Stretch
from kantoor.office.presence_changes import Author, note_absence, note_stand_in
from kantoor.office.programs import read_programs
from kantoor.office.restored import note_restored
from kantoor.runtime.activities.deliveries import XML, Deliveries
from kantoor.runtime.activities.following import Following
from kantoor.runtime.activities.outgoing import Outgoing, aanleverkenmerk_of, identity_digest
from kantoor.runtime.activities.retrying import POLLING, WAITING
from kantoor.runtime.catching_up import CatchingUp
from kantoor.runtime.histories import Asked, Told
from kantoor.runtime.inputs import Answer, DeliverInput, FollowInput
from kantoor.runtime.later_judgements import ask_later_judgements
from kantoor.sbr.digipoort.client import Channel, DigipoortClient
from kantoor.sbr.digipoort.messages import Fault, Identity, Receipt
from kantoor.sbr.digipoort.practice_certificates import make_test_authority
from kantoor.sbr.digipoort.problems import FaultAnswered, NotSent, Problem, Trouble
from kantoor.sbr.digipoort.settings import DigipoortSettings, simulator_settings
from kantoor.sbr.digipoort.simulator.journal import Entry, read_journal
from kantoor.sbr.digipoort.simulator.script import Row, Script
from kantoor.sbr.digipoort.simulator.server import Simulator, SimulatorSettings
from kantoor.sbr.registry import REPORTS
from kantoor.service.filings.kept_proofs import list_answers
from tests.filing.driver import ADMIN

from .office import OB_NUMBER, OfficeAtWork, Story, make_office, origin_of

SOON = timedelta(seconds=0.01)
_NO_SERVER: Any = None
LOST_BEFORE_ITS_CODE = (
    "De aangifte is niet aangekomen: vastgelegd door Dirk Zwart. Kies 'Opnieuw proberen' om nog eens in te "
    "dienen, of annuleer de opdracht."
)
"""What was answered of a delivery recorded as lost, when the answer had no code."""
MOST = 3


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_test_authority(tmp_path_factory.mktemp("certificates")).folder


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeAtWork]:
    office = make_office(tmp_path / "home")
    yield office
    office.equipment.close()


def outgoing(office: OfficeAtWork) -> Outgoing:
    return Outgoing(office.documents, REPORTS, identity_type="Fi", role="Bedrijf")


class Digipoort:
    """A simulator that runs, the office's client of it, and the activities over that client."""

    names_us = True

    def __init__(self, office: OfficeAtWork, client: DigipoortClient, folder: Path) -> None:
        self.office = office
        self.client = client
        self.folder = folder
        self._told: tuple[Any, ...] = ()

    @property
    def journal(self) -> tuple[Entry, ...]:
        return read_journal(self.folder)

    def over(self, client: Any) -> Deliveries:
        return Deliveries(
            self.office.database,
            self.office.documents,
            client,
            outgoing(self.office),
            margin=timedelta(0),
            poll=SOON,
            names_us=self.names_us,
            most=MOST,
        )

    def deliver_now(self, input: DeliverInput, attempt: int = 1) -> Answer:
        """Deliver as an activity at this attempt, which is told what the one before told last."""
        answer: Answer = self._environment(attempt).run(self.over(self.client).deliver, input)
        return answer

    def _hear(self, *told: Any) -> None:
        self._told = told

    def deliver_again(self, input: DeliverInput, since: datetime) -> Answer:
        """Deliver as an activity that was asked for at this moment and is tried again."""
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(environment.info, attempt=2, scheduled_time=since)
        answer: Answer = environment.run(self.over(self.client).deliver, input)
        return answer

    async def deliver(self, input: DeliverInput, attempt: int = 1) -> Answer:
        return await asyncio.to_thread(self.deliver_now, input, attempt)

    async def deliver_until_done(self, input: DeliverInput, seconds: float = 20) -> Answer:
        """Try again as the server does."""
        async with asyncio.timeout(seconds):
            while True:
                try:
                    return await self.deliver(input)
                except ApplicationError:
                    await asyncio.sleep(SOON.total_seconds())

    async def follow(self, input: FollowInput) -> Answer:
        following = Following(
            self.office.database,
            self.office.documents,
            self.client,
            outgoing(self.office),
            poll=SOON,
            most=timedelta(seconds=1),
            patience=timedelta(hours=72),
        )
        return await asyncio.to_thread(self._environment().run, following.follow, input)

    def tell_since(self, since: timedelta) -> None:
        """Have the next attempt hear that all have failed for so long."""
        with self.office.database.read() as connection:
            self._told = (0, (office_now(connection) - since).isoformat())

    def _environment(self, attempt: int = 1) -> ActivityEnvironment:
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(
            environment.info, attempt=attempt, heartbeat_details=self._told
        )
        environment.on_heartbeat = self._hear
        return environment

    def attempt(self, input: DeliverInput) -> Attempt | None:
        with self.office.database.read() as connection:
            return find_delivery(connection, input.workflow_id, input.command.number)


class Overtaken(DigipoortClient):
    """A client that is so slow that another run of the activity is done before it sees its fault."""

    def __init__(self, settings: DigipoortSettings, other: Callable[[], object]) -> None:
        super().__init__(settings)
        self._other = other

    def prove_channel(self, identity: Identity, message_kind: str) -> Channel:
        self._other()
        raise NotSent(Trouble(Problem.KEY_UNREADABLE), lasting=True)


class Proving:
    """A client while whose proof of the channel something else happens."""

    def __init__(self, client: DigipoortClient, other: Callable[[], object]) -> None:
        self._client = client
        self._other = other

    def prove_channel(self, identity: Identity, message_kind: str) -> Channel:
        self._other()
        return self._client.prove_channel(identity, message_kind)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()


class Forgetful(Proving):
    """A client whose Digipoort answers a fault where it is asked for statuses; it may not list anything."""

    def __init__(self, client: Any, *, listed: bool = True) -> None:
        super().__init__(client, lambda: None)
        self._listed = listed

    def statuses(self, kenmerk: str) -> Any:
        raise FaultAnswered(Fault("STS999", "onbekend"))

    def processes(self, identity: Identity, message_kind: str) -> Any:
        return self._client.processes(identity, message_kind) if self._listed else ()


class SilentAbout(Proving):
    """A client whose Digipoort does not answer about one delivery."""

    def __init__(self, client: Any, kenmerk: str | None) -> None:
        super().__init__(client, lambda: None)
        self._kenmerk = kenmerk

    def statuses(self, kenmerk: str) -> Any:
        if kenmerk == self._kenmerk:
            raise NotSent(Trouble(Problem.KEY_UNREADABLE))
        return self._client.statuses(kenmerk)


@pytest.fixture
def simulator(office: OfficeAtWork, certificates: Path, tmp_path: Path) -> Any:
    """Run a simulator whose first deliveries meet these scenarios; then the messages live a second."""

    @asynccontextmanager
    async def running(*scenarios: str, pace: float = 0, **changes: Any) -> AsyncIterator[Digipoort]:
        rows = [Row(identity=OB_NUMBER, delivery=n, scenario=name) for n, name in enumerate(scenarios, 1)]
        script = Script({(row.identity, row.delivery): row for row in rows})
        folder = tmp_path / "simulator"
        program = Simulator(
            SimulatorSettings(
                folder=folder, certificates=certificates, script=script, pace=pace, slow=30, skew=1
            )
        )
        address = await program.start()
        known = {"lifetime": 1.0 if rows else 60.0, "skew": 1.0, "answer_timeout": 10.0} | changes
        client = DigipoortClient(dataclasses.replace(simulator_settings(address, certificates), **known))
        try:
            yield Digipoort(office, client, folder)
        finally:
            client.close()
            await program.stop()

    return running


def asked(
    office: OfficeAtWork, content: bytes | None = None, number: int = 5, period: str = "2026-01"
) -> DeliverInput:
    """The filing's request to deliver the return that was approved."""
    prepared = office.prepared(period)
    name = office.documents.put(content or office.instance(), "application/xml")
    return DeliverInput(
        workflow_id=prepared.new.id,
        origin=origin_of(prepared),
        at=datetime(2026, 2, 3, 10),
        command=Deliver(number=number, phase="indienen", document="aangifte", hash=name, attempt=1),
        report="omzetbelasting",
    )


def followed(input: DeliverInput, answer: Answer) -> FollowInput:
    assert isinstance(answer.result, Delivered)
    command = Follow(
        number=input.command.number + 1,
        phase="indienen",
        reference=answer.result.reference,
        attempt=1,
        delivery=input.command.number,
    )
    return FollowInput(workflow_id=input.workflow_id, origin=input.origin, at=input.at, command=command)


async def test_what_nobody_approved_goes_out_only_while_the_standing_authority_holds(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    input = replace(input, command=replace(input.command, standing=True))
    async with simulator() as digipoort:
        withdrawn = await digipoort.deliver(input)
        assert isinstance(withdrawn.result, Failed)
        assert "machtiging" in withdrawn.result.error
        assert digipoort.journal == ()
        today = datetime.now(UTC).date()
        with office.database.write() as connection:
            connection.execute(
                standing_authorities.insert().values(
                    relation="1001",
                    product="aangifte-btw",
                    since=today,
                    until=today + timedelta(days=1),
                    proof="brief",
                )
            )
        assert isinstance((await digipoort.deliver(input)).result, Failed)
        again = replace(input, command=replace(input.command, number=6))
        assert isinstance((await digipoort.deliver(again)).result, Delivered)


def _hold(office: OfficeAtWork) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return what holds the filing, and what resumes it."""
    story = Story(office, office.prepared())
    hold = Hold(at=datetime(2026, 2, 3, 11), id="a1", by=ADMIN, reason="De cijfers kloppen niet")
    resume = Resume(at=datetime(2026, 2, 9, 9), id="a2", by=ADMIN)
    return lambda: story.take(hold), lambda: story.take(resume)


@pytest.mark.parametrize("when", ["before it is tried", "while it is tried"])
async def test_a_return_that_has_not_left_stays_while_its_filing_is_held_and_goes_once_it_is_resumed(
    when: str, office: OfficeAtWork, simulator: Any
) -> None:
    input, (hold, resume) = asked(office), _hold(office)
    async with simulator() as digipoort:
        tried = digipoort.over(digipoort.client).deliver
        if when == "before it is tried":
            hold()
        else:
            tried = digipoort.over(Proving(digipoort.client, hold)).deliver
        with pytest.raises(ApplicationError, match="held") as told:
            await asyncio.to_thread(ActivityEnvironment().run, tried, input)
        assert told.value.type == POLLING
        assert (digipoort.journal, digipoort.attempt(input)) == ((), None)
        resume()
        assert isinstance((await digipoort.deliver(input)).result, Delivered)
    assert len(digipoort.journal) == 1


@pytest.mark.parametrize("arrived", [False, True])
async def test_what_may_have_left_before_its_filing_was_held_is_told_and_settled_and_not_sent_again(
    arrived: bool, office: OfficeAtWork, simulator: Any
) -> None:
    input, (hold, resume) = asked(office), _hold(office)
    async with simulator("busy") as digipoort:
        with pytest.raises(ApplicationError, match="settled first"):
            await digipoort.deliver(input)
        hold()
        with office.database.read() as connection:
            assert find_left(connection, input.workflow_id).maybe_delivered
        if arrived:
            await asyncio.to_thread(digipoort.client.deliver, _outgoing(office, input))
        else:
            _let_expire(office, input)
            with pytest.raises(ApplicationError, match="held"):
                await digipoort.deliver(input)
            assert digipoort.journal == ()
            resume()
        answer = await digipoort.deliver_until_done(input)
    assert [entry.kenmerk for entry in digipoort.journal] == [answer.result.reference]


async def test_exactly_the_approved_bytes_are_delivered_and_followed_to_acceptance(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        answer = await digipoort.deliver(input)
        judged = await digipoort.follow(followed(input, answer))
    (entry,) = digipoort.journal
    assert entry.sha256 == input.command.hash
    assert isinstance(answer.result, Delivered)
    with office.database.read() as connection:
        assert answer.result.sent == office_now(connection).date()
    assert answer.result.reference == entry.kenmerk
    assert isinstance(judged.result, Judged)
    assert (judged.result.accepted, judged.result.code) == (True, "500")
    attempt = digipoort.attempt(input)
    assert attempt is not None
    assert (attempt.status, attempt.kenmerk) == ("accepted", entry.kenmerk)
    assert attempt.receipt is not None
    assert entry.kenmerk.encode() in office.documents.get(attempt.receipt)


async def test_a_delivery_of_which_an_older_database_knows_nothing_is_found_and_not_sent_again(
    office: OfficeAtWork, simulator: Any
) -> None:
    input, since = asked(office), datetime.now(UTC)
    async with simulator() as digipoort:
        first = await digipoort.deliver(input)
        with office.database.write() as connection:
            connection.execute(deliveries.delete())
        again = await asyncio.to_thread(digipoort.deliver_again, input, since)
    assert len(digipoort.journal) == 1
    assert isinstance(first.result, Delivered)
    assert again == first
    attempt = digipoort.attempt(input)
    assert attempt is not None
    assert (attempt.status, attempt.kenmerk) == ("taken", first.result.reference)


async def test_after_a_restore_a_new_command_sends_nothing_that_may_have_been_delivered_since_the_backup(
    office: OfficeAtWork, simulator: Any
) -> None:
    before = asked(office, number=4)
    async with simulator() as digipoort:
        await digipoort.deliver(before)
        with office.database.write() as connection:
            connection.execute(deliveries.delete())
            note_restored(connection, datetime.now(UTC) - timedelta(hours=1))
        stopped = await digipoort.deliver(asked(office))
        again = await digipoort.deliver(asked(office))
        assert isinstance(stopped.result, Failed)
        assert digipoort.journal[0].kenmerk in stopped.result.error
        assert "opdracht die het kantoor niet kent" in stopped.result.error
        assert again == stopped
        assert _alarms(office) == ["delivery_undecided"]
        assert len(digipoort.journal) == 1
        sent = await digipoort.deliver(asked(office, number=7))  # a person looked, and has it tried again
    assert isinstance(sent.result, Delivered)
    assert len(digipoort.journal) == 2


async def test_after_a_restore_a_new_command_finds_its_own_and_the_day_on_which_the_authority_had_it(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        first = await digipoort.deliver(input)
        with office.database.write() as connection:
            connection.execute(deliveries.delete())
            note_restored(connection, datetime.now(UTC) - timedelta(days=2))
        assert await digipoort.deliver(input) == first
    assert len(digipoort.journal) == 1
    assert _alarms(office) == ["delivery_found"]


async def test_what_came_since_a_restore_and_the_authority_names_as_nobodys_is_for_a_person(
    office: OfficeAtWork, simulator: Any
) -> None:
    async with simulator() as digipoort:
        digipoort.names_us = False
        await asyncio.to_thread(digipoort.client.deliver, _outgoing(office, asked(office, number=4)))
        with office.database.write() as connection:
            note_restored(connection, datetime.now(UTC) - timedelta(hours=1))
        stopped = await digipoort.deliver(asked(office))
    assert isinstance(stopped.result, Failed)
    assert "back-up" in stopped.result.error
    assert digipoort.journal[0].kenmerk in stopped.result.error


async def test_a_new_command_finds_what_the_authority_names_as_its_own_whoever_put_a_copy_back(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        first = await digipoort.deliver(input)
        with office.database.write() as connection:
            connection.execute(deliveries.delete())
        assert await digipoort.deliver(input) == first
    assert len(digipoort.journal) == 1
    assert _alarms(office) == ["delivery_found"]


async def test_what_the_authority_names_as_another_command_of_this_filing_is_for_a_person_once(
    office: OfficeAtWork, simulator: Any
) -> None:
    async with simulator() as digipoort:
        await digipoort.deliver(asked(office, number=14))
        with office.database.write() as connection:
            connection.execute(deliveries.delete())
        stopped = await digipoort.deliver(asked(office))
        assert isinstance(stopped.result, Failed)
        assert digipoort.journal[0].kenmerk in stopped.result.error
        assert len(digipoort.journal) == 1
        assert _alarms(office) == ["delivery_undecided"]
        sent = await digipoort.deliver(asked(office, number=7))
    assert isinstance(sent.result, Delivered)
    assert len(digipoort.journal) == 2


async def test_what_the_taxpayer_filed_before_stops_nothing(office: OfficeAtWork, simulator: Any) -> None:
    async with simulator() as digipoort:
        theirs = dataclasses.replace(_outgoing(office, asked(office)), aanleverkenmerk="zelf-ingediend")
        await asyncio.to_thread(digipoort.client.deliver, theirs)
        assert isinstance((await digipoort.deliver(asked(office))).result, Delivered)
    assert _alarms(office) == []


async def test_what_was_delivered_before_the_backup_stops_nothing(
    office: OfficeAtWork, simulator: Any
) -> None:
    async with simulator() as digipoort:
        await asyncio.to_thread(digipoort.client.deliver, _outgoing(office, asked(office)))
        with office.database.write() as connection:
            note_restored(connection, datetime.now(UTC) + timedelta(seconds=5))
        assert isinstance((await digipoort.deliver(asked(office))).result, Delivered)


async def test_a_status_that_is_not_final_yet_is_asked_again_and_is_no_trouble(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator(pace=3600) as digipoort:
        answer = await digipoort.deliver(input)
        with pytest.raises(ApplicationError, match="not final yet") as looking:
            await digipoort.follow(followed(input, answer))
        assert looking.value.type == POLLING
    with pytest.raises(ApplicationError, match="the status was not asked") as away:
        await digipoort.follow(followed(input, answer))
    assert away.value.type == WAITING


async def test_the_same_command_delivers_once_however_often_it_is_tried(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        first = await digipoort.deliver(input)
        assert await digipoort.deliver(input) == first
    assert len(digipoort.journal) == 1


async def test_an_answer_that_was_lost_after_the_return_was_taken_ends_with_one_delivery(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator("lost_answer") as digipoort:
        with pytest.raises(ApplicationError, match="was lost"):
            await digipoort.deliver(input)
        answer = await digipoort.deliver_until_done(input)
    (entry,) = digipoort.journal
    assert isinstance(answer.result, Delivered)
    assert answer.result.reference == entry.kenmerk


async def test_a_worker_that_died_before_it_sent_sends_after_the_message_has_expired(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        _begun(office, input, expires_at=datetime.now(UTC) + timedelta(seconds=30))
        with pytest.raises(ApplicationError, match="may still be on its way") as waiting:
            await digipoort.deliver(input)
        assert waiting.value.type == POLLING
        assert not digipoort.journal
        _let_expire(office, input)
        answer = await digipoort.deliver_until_done(input)
    (entry,) = digipoort.journal
    assert isinstance(answer.result, Delivered)
    assert entry.kenmerk == answer.result.reference


async def test_a_worker_that_died_after_it_sent_finds_its_delivery_and_sends_nothing(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        going = _outgoing(office, input)
        _begun(office, input, expires_at=datetime.now(UTC) + timedelta(seconds=30))
        await asyncio.to_thread(digipoort.client.deliver, going)
        answer = await digipoort.deliver(input)
    (entry,) = digipoort.journal
    assert isinstance(answer.result, Delivered)
    assert answer.result.reference == entry.kenmerk


async def test_a_delivery_made_elsewhere_before_is_not_taken_for_ours(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        going = _outgoing(office, input)
        await asyncio.to_thread(
            digipoort.client.deliver, dataclasses.replace(going, aanleverkenmerk="elders")
        )
        answer = await digipoort.deliver(input)
    elsewhere, ours = digipoort.journal
    assert isinstance(answer.result, Delivered)
    assert answer.result.reference == ours.kenmerk != elsewhere.kenmerk


async def test_several_deliveries_that_nobody_knows_are_for_a_person_and_nothing_is_sent(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        _begun(office, input, expires_at=datetime.now(UTC) + timedelta(seconds=30))
        going = _outgoing(office, input)
        for _ in range(2):
            await asyncio.to_thread(digipoort.client.deliver, going)
        with pytest.raises(ApplicationError, match="may still be on its way"):
            await digipoort.deliver(input)
        _let_expire(office, input)
        answer = await digipoort.deliver(input)
        again = await digipoort.deliver(input)
    assert isinstance(answer.result, Failed)
    assert "aanleveringen die wij niet kennen" in answer.result.error
    assert all(entry.kenmerk in answer.result.error for entry in digipoort.journal)
    assert again == answer
    assert len(digipoort.journal) == 2
    assert _alarms(office) == ["delivery_undecided"]


@pytest.mark.parametrize("names_us", [True, False], ids=["acknowledgements tell", "only the moment tells"])
async def test_a_return_that_the_taxpayer_filed_meanwhile_is_never_recorded_as_ours(
    names_us: bool, office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator("busy", lifetime=300.0) as digipoort:
        digipoort.names_us = names_us
        with pytest.raises(ApplicationError, match="settled first"):
            await digipoort.deliver(input)
        _let_expire(office, input)
        theirs = dataclasses.replace(_outgoing(office, input), aanleverkenmerk="zelf-ingediend")
        await asyncio.to_thread(digipoort.client.deliver, theirs)
        answer = await digipoort.deliver_until_done(input)
    (entry,) = digipoort.journal
    assert entry.aanleverkenmerk == "zelf-ingediend"
    assert isinstance(answer.result, Failed)
    assert "niet van ons" in answer.result.error
    assert entry.kenmerk in answer.result.error
    assert OB_NUMBER not in answer.result.error
    attempt = digipoort.attempt(input)
    assert attempt is not None
    assert (attempt.status, attempt.kenmerk) == ("failed", None)
    assert _alarms(office) == ["delivery_undecided"]


async def test_a_kenmerk_found_by_its_moment_is_given_up_when_the_acknowledgement_names_another(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        theirs = dataclasses.replace(_outgoing(office, input), aanleverkenmerk="zelf-ingediend")
        receipt = await asyncio.to_thread(digipoort.client.deliver, theirs)
        assert isinstance(receipt, Receipt)
        _begun(office, input, expires_at=datetime.now(UTC) + timedelta(seconds=30))
        with office.database.write() as connection:
            moment = datetime.now(UTC)
            mark_delivery_taken(connection, input.workflow_id, input.command.number, receipt.kenmerk, moment)
        judged = await digipoort.follow(followed(input, await digipoort.deliver(input)))
    assert isinstance(judged.result, Failed)
    assert judged.result.over
    assert "niet van ons" in judged.result.error
    assert _alarms(office) == ["delivery_undecided"]


async def test_a_refused_return_comes_back_with_the_authoritys_own_text(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator("refused_content") as digipoort:
        answer = await digipoort.deliver(input)
        judged = await digipoort.follow(followed(input, answer))
    assert isinstance(judged.result, Judged)
    assert (judged.result.accepted, judged.result.code) == (False, "510")
    assert "niet aannemelijk" in judged.result.text
    attempt = digipoort.attempt(input)
    assert attempt is not None
    assert attempt.status == "refused"


async def test_a_fault_at_the_door_is_for_a_person_and_is_not_sent_again(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator("AanleverFault") as digipoort:
        with pytest.raises(ApplicationError, match="settled first"):
            await digipoort.deliver(input)
        answer = await digipoort.deliver_until_done(input)
        assert await digipoort.deliver(input) == answer
    assert isinstance(answer.result, Failed)
    assert "Digipoort heeft de aangifte geweigerd" in answer.result.error
    assert not digipoort.journal


async def test_a_return_that_was_taken_counts_although_an_unsigned_fault_came_for_it(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator("AanleverFault") as digipoort:
        with pytest.raises(ApplicationError, match="settled first"):
            await digipoort.deliver(input)
        await asyncio.to_thread(digipoort.client.deliver, _outgoing(office, input))
        answer = await digipoort.deliver_until_done(input)
    assert isinstance(answer.result, Delivered)
    assert [entry.kenmerk for entry in digipoort.journal] == [answer.result.reference]


@pytest.mark.parametrize(
    ("scenario", "sendings", "said"),
    [
        ("security_fault", 2, "the certificate is revoked"),
        ("nameless_fault", 2, "ALS100: Het verzoek voldoet niet aan de koppelvlakspecificaties"),
        ("busy", MOST, "HTTP 503"),
        ("AanleverFault", 1, "volgens het draaiboek"),
    ],
)
async def test_what_is_not_taken_again_and_again_stands_still_with_what_was_said(
    scenario: str, sendings: int, said: str, office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator(*[scenario] * 9) as digipoort:
        for _ in range(sendings):
            with pytest.raises(ApplicationError, match="settled first"):
                await digipoort.deliver(input)
            _let_expire(office, input)
        answer = await digipoort.deliver(input)
    assert isinstance(answer.result, Failed)
    assert said in answer.result.error
    assert digipoort.journal == ()
    attempt = digipoort.attempt(input)
    assert attempt is not None
    assert (attempt.status, attempt.sendings) == ("failed", sendings)
    assert attempt.said is not None
    assert said in attempt.said
    assert _alarms(office) == ["delivery_not_taken"]


async def test_a_fault_of_the_status_service_reaches_a_person_when_it_stays(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        # A clock that is far ahead: Digipoort takes no message of ours, and says so in an unsigned fault.
        ahead = DigipoortClient(
            digipoort.client.settings, now=lambda: datetime.now(UTC) + timedelta(minutes=10)
        )
        digipoort.client = ahead
        for earlier in range(1, MOST):  # Digipoort was away before: that does not count
            with pytest.raises(ApplicationError, match="STS100"):
                await digipoort.deliver(input, attempt=100 + earlier)
        answer = await digipoort.deliver(input, attempt=100 + MOST)
        ahead.close()
    assert isinstance(answer.result, Failed)
    assert answer.result.error.startswith("Niet ingediend: Digipoort antwoordde met een foutmelding (STS100")
    assert digipoort.journal == ()


async def test_a_failure_on_the_way_stands_still_for_a_person(office: OfficeAtWork, simulator: Any) -> None:
    input = asked(office)
    async with simulator("authentication_failed") as digipoort:
        judged = await digipoort.follow(followed(input, await digipoort.deliver(input)))
    assert isinstance(judged.result, Failed)
    assert "210" in judged.result.error


async def test_an_overloaded_gateway_is_tried_again_after_it_surely_has_nothing(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator("OverbelastAanleveren") as digipoort:
        answer = await digipoort.deliver_until_done(input)
    (entry,) = digipoort.journal
    assert isinstance(answer.result, Delivered)
    assert answer.result.reference == entry.kenmerk


async def test_a_delivery_waits_its_turn_behind_an_unsettled_one_and_that_is_no_trouble(
    office: OfficeAtWork, simulator: Any
) -> None:
    _begun(office, asked(office, number=6), expires_at=datetime.now(UTC) + timedelta(seconds=60))
    async with simulator() as digipoort:
        with pytest.raises(ApplicationError, match="is not settled yet") as waiting:
            await digipoort.deliver(asked(office))
    assert waiting.value.type == POLLING
    assert not digipoort.journal


async def test_nothing_is_written_down_or_sent_while_digipoort_is_away(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        pass
    with pytest.raises(ApplicationError, match="nothing was sent"):
        await digipoort.deliver(input)
    assert digipoort.attempt(input) is None


async def test_what_digipoort_leaves_unanswered_for_long_is_told_once_and_until_it_answers(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)

    async def fail(digipoort: Digipoort, after: timedelta, follow: FollowInput | None = None) -> list[str]:
        digipoort.tell_since(after)
        with pytest.raises(ApplicationError) as raised:
            await (digipoort.follow(follow) if follow else digipoort.deliver(input))
        assert raised.value.type == WAITING
        return _alarms(office)

    def put_due(days: int) -> None:
        with office.database.write() as connection:
            day = office_now(connection).date() + timedelta(days)
            connection.execute(filings.update().values(due=day))

    async with simulator() as away:
        pass
    put_due(days=9)
    assert await fail(away, timedelta(hours=23)) == []
    put_due(days=0)
    assert await fail(away, timedelta(minutes=59)) == []
    for _ in range(2):
        assert await fail(away, timedelta(hours=1)) == ["delivery_waits"]
    with office.database.read() as connection:
        carla = find_person(connection, "carla")
        assert carla is not None
        (line,) = (one for one in work_of(connection, carla, date(2026, 2, 3)) if one.kind == DELIVERY_WAITS)
    assert line.filing == input.workflow_id
    assert line.missing[0].startswith("De aangifte is nog niet ingediend: het lukt niet sinds ")
    with office.database.read() as connection:
        assert read_programs(connection)["digipoort"].silent_since
    async with simulator() as digipoort:
        follow = followed(input, await digipoort.deliver(input))
        assert _alarms(office) == []
    with office.database.read() as connection:
        heard = read_programs(connection)["digipoort"]
    assert heard.answered_at
    assert heard.silent_since is None
    put_due(days=9)
    assert await fail(digipoort, timedelta(hours=23), follow) == []
    assert await fail(digipoort, timedelta(days=1), follow) == ["status_waits"]
    with office.database.write() as connection:
        connection.execute(filings.update().values(phases=["indienen"]))
    assert [line.kind for line in _work_of(office, "dirk")] == ["status_waits"]
    assert _work_of(office, "carla") == []


@pytest.mark.parametrize("scenario", ["undecided", "no_status"])
async def test_a_return_that_digipoort_took_and_does_not_judge_is_told_to_who_delivers_until_it_is_judged(
    office: OfficeAtWork, simulator: Any, scenario: str
) -> None:
    input = asked(office)
    async with simulator(scenario) as digipoort:
        follow = followed(input, await digipoort.deliver(input))
        _put_taken(office, timedelta(hours=71))
        with office.database.write() as connection:
            connection.execute(filings.update().values(due=office_now(connection).date() + timedelta(9)))
        assert await _look(digipoort, _taken_for(office, follow, timedelta(hours=71))) == []
        long = _taken_for(office, follow, timedelta(hours=72))
        for _ in range(2):
            assert await _look(digipoort, long) == [JUDGEMENT_WAITS]
        with office.database.write() as connection:
            connection.execute(filings.update().values(due=date(2026, 2, 28), phases=["indienen"]))
        (line,) = _work_of(office, "dirk")
        assert "nog geen uitslag" in line.missing[0]
        assert _work_of(office, "carla") == []
        ends = {
            date(2026, 2, 24): "dubbel ingediend.",
            date(2026, 2, 25): "De termijn loopt af op 28 februari 2026.",
            date(2026, 3, 1): "De termijn is verstreken op 28 februari 2026.",
        }
        for day, end in ends.items():
            assert _work_of(office, "dirk", day)[0].missing[0].endswith(end)
        _put_sent_by_its_day(office, date(2026, 2, 28), assigned=[{"role": "fiscaal", "person": "bart"}])
        (line,) = _work_of(office, "bart", date(2026, 3, 1))
        assert line.missing[0].endswith("De termijn is verstreken op 28 februari 2026.")
        assert not line.late  # it was sent in time
        assert _work_of(office, "dirk", date(2026, 3, 1)) == []
        away = Stretch(date(2026, 3, 1), date(2026, 3, 1))
        with office.database.write() as connection:
            author = Author("dirk", office_now(connection))
            note_absence(connection, "bart", away, author)
            note_stand_in(connection, StandsIn("bart", "*", "anna", away), author)
        (line,) = _work_of(office, "anna", date(2026, 3, 1))
        assert line.in_place_of == "Bart Groen"
        assert _work_of(office, "bart", date(2026, 3, 1)) == []
        _record(office, input, "accepted")
        assert _alarms(office) == []
        judged = (await digipoort.follow(follow)).result
    assert isinstance(judged, Judged)
    assert (judged.accepted, judged.text) == (True, "vastgelegd door Dirk Zwart")


@pytest.mark.parametrize("recorded", ["accepted", "refused", "failed"])
@pytest.mark.parametrize(("scenario", "final"), [("happy", True), ("refused_content", False)])
async def test_what_digipoort_says_in_the_end_counts_whatever_a_person_recorded_and_a_difference_is_told(
    office: OfficeAtWork, simulator: Any, recorded: Any, scenario: str, final: bool
) -> None:
    input = asked(office)
    async with simulator(scenario, pace=3600) as digipoort:
        follow = followed(input, await digipoort.deliver(input))
    _record(office, input, recorded)
    async with simulator() as digipoort:
        answers = [await digipoort.follow(follow) for _ in range(2)]
    judged = answers[0].result
    assert answers[1].result == judged
    assert isinstance(judged, Judged)
    assert (judged.accepted, judged.code) == (final, "500" if final else "510")
    attempt = digipoort.attempt(input)
    assert attempt is not None
    assert attempt.status == ("accepted" if final else "refused")
    assert (attempt.proof, attempt.receipt == "hash") == ("hash", False)
    with office.database.read() as connection:
        kept = [(one.title, one.receipt) for one in list_answers(connection, input.workflow_id)]
    given = "Bewijs bij de uitslag die eerder is vastgelegd"
    assert kept == [(given, False), ("Ontvangstbevestiging van de Belastingdienst", True)]
    differs = recorded != attempt.status
    assert _alarms(office) == (["judgement_contradicted"] if differs else [])
    assert judged.text.endswith("vastgelegd door Dirk Zwart.)") == differs


async def test_what_a_person_recorded_waits_until_digipoort_was_asked_again(
    office: OfficeAtWork, simulator: Any, tmp_path: Path
) -> None:
    input = asked(office)
    async with simulator("undecided") as digipoort:
        follow = followed(input, await digipoort.deliver(input))
    _record(office, input, "accepted")
    digipoort.tell_since(timedelta(days=1))
    with pytest.raises(ApplicationError) as away:
        await digipoort.follow(follow)
    assert away.value.type == WAITING
    assert _alarms(office) == [STATUS_WAITS]
    digipoort.client = _without_certificate(digipoort.client, tmp_path)
    stopped = (await digipoort.follow(follow)).result
    assert isinstance(stopped, Failed)
    assert not stopped.over
    assert stopped.error.endswith(
        "De uitslag die is vastgelegd geldt pas als Digipoort nog eens is gevraagd."
    )
    async with simulator() as digipoort:
        judged = (await digipoort.follow(follow)).result
    assert isinstance(judged, Judged)
    assert (judged.accepted, judged.text) == (True, "vastgelegd door Dirk Zwart")
    assert _alarms(office) == []


async def test_what_a_person_recorded_counts_where_digipoort_answers_that_it_does_not_know_the_delivery(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator("undecided") as digipoort:
        follow = followed(input, await digipoort.deliver(input))
        _record(office, input, "failed")
        reached, digipoort.client = digipoort.client, Forgetful(digipoort.client)
        with pytest.raises(ApplicationError, match="the status did not come"):
            await digipoort.follow(follow)  # it lists the delivery, so that it knows it
        digipoort.client = Forgetful(reached, listed=False)
        lost = (await digipoort.follow(follow)).result
    assert isinstance(lost, Failed)
    assert lost.over
    assert lost.error.startswith("De aangifte is niet aangekomen: vastgelegd door Dirk Zwart.")


@pytest.mark.parametrize(
    ("recorded", "word", "scenario", "final"),
    [
        ("failed", "niet ontvangen", "happy", True),
        ("failed", "niet ontvangen", "refused_content", False),
        ("refused", "geweigerd", "happy", True),
    ],
)
async def test_a_return_recorded_as_not_filed_that_digipoort_has_judged_counts_and_is_not_sent_again(
    office: OfficeAtWork, simulator: Any, recorded: Any, word: str, scenario: str, final: bool
) -> None:
    input = asked(office)
    again = replace(input, command=replace(input.command, number=9, attempt=2))
    async with simulator(scenario, pace=3600) as digipoort:
        first = await digipoort.deliver(input)
    _record(office, input, recorded)
    with pytest.raises(ApplicationError, match="nothing was sent"):
        await digipoort.deliver(again)
    async with simulator() as digipoort:
        digipoort.client, reached = Forgetful(digipoort.client), digipoort.client
        with pytest.raises(ApplicationError, match="one recorded as not filed did not come"):
            await digipoort.deliver(again)
        digipoort.client = reached
        answer = await digipoort.deliver(again)
        assert answer == await digipoort.deliver(again)
        assert _list_answers(office, input) == [f"Bewijs bij de uitslag '{word}', vastgelegd door Dirk Zwart"]
        _give_proof(office, again)
        assert _list_answers(office, input)[1:] == ["Bewijs bij de uitslag die eerder is vastgelegd"]
        judged = (await digipoort.follow(followed(again, answer))).result
    assert len(digipoort.journal) == 1
    assert isinstance(answer.result, Delivered)
    assert isinstance(first.result, Delivered)
    assert (answer.result.reference, answer.result.sent) == (first.result.reference, first.result.sent)
    assert isinstance(judged, Judged)
    assert judged.accepted == final
    assert f"Eerder was '{word}' vastgelegd door Dirk Zwart" in judged.text
    assert _alarms(office) == ["judgement_contradicted"]


@pytest.mark.parametrize(("scenario", "recorded"), [("undecided", "failed"), ("refused_content", "refused")])
async def test_a_return_recorded_as_not_filed_of_which_digipoort_says_nothing_else_is_sent_again(
    office: OfficeAtWork, simulator: Any, scenario: str, recorded: Any
) -> None:
    input = asked(office)
    again = replace(input, command=replace(input.command, number=9, attempt=2))
    async with simulator(scenario) as digipoort:
        await digipoort.deliver(input)
        _record(office, input, recorded)
        answer = await digipoort.deliver(again)
        judged = (await digipoort.follow(followed(again, answer))).result
    assert len(digipoort.journal) == 2
    assert isinstance(judged, Judged)
    assert judged.accepted


@pytest.mark.parametrize("recorded", ["failed", "refused", "accepted"])
@pytest.mark.parametrize("there", [True, False])
async def test_what_a_person_recorded_is_known_as_such_after_yesterdays_database_is_put_back(
    office: OfficeAtWork, simulator: Any, recorded: Any, *, there: bool
) -> None:
    input = asked(office)
    async with simulator("undecided") as digipoort:
        first = await digipoort.deliver(input)
        follow = followed(input, first)
        _record(office, input, recorded)
        answer = await digipoort.follow(follow)
        kept = digipoort.attempt(input)
    _forget_recorded(office, input, there=there)
    now = datetime.now(UTC)
    told = (Asked(input, now, first.result, now), Asked(follow, now, answer.result, now))
    for _ in range(2):
        CatchingUp(office.equipment, _NO_SERVER).write(input.workflow_id, 0, Told({}, told, {}))
    known = ("status", "code", "text", "kenmerk", "proof", "receipt")
    restored = digipoort.attempt(input)
    assert [getattr(restored, name) for name in known] == [getattr(kept, name) for name in known]
    assert _alarms(office) == []


async def test_what_counts_as_a_later_attempt_does_so_after_yesterdays_database_is_put_back(
    office: OfficeAtWork, simulator: Any
) -> None:
    begun, input = datetime.now(UTC), asked(office)
    again = replace(input, command=replace(input.command, number=9, attempt=2))
    async with simulator(pace=3600) as digipoort:
        first = await digipoort.deliver(input)
    _record(office, input, "failed")
    lost = Failed(at=input.at, number=6, over=True, error=LOST_BEFORE_ITS_CODE)
    async with simulator() as digipoort:
        second = await digipoort.deliver(again)
        judged = await digipoort.follow(followed(again, second))
        now = datetime.now(UTC)
        told = (
            Asked(input, begun, first.result, now),
            Asked(followed(input, first), now, lost, now),
            Asked(again, begun, second.result, now),
            Asked(followed(again, second), now, judged.result, now),
        )
        with office.database.write() as connection:
            connection.execute(deliveries.delete())
        CatchingUp(office.equipment, _NO_SERVER).write(input.workflow_id, 0, Told({}, told, {}))
        alarms = await _ask_later(digipoort)
    assert sorted(alarms) == ["judgement_contradicted", "receipt_missing"]
    with office.database.read() as connection:
        one, two = deliveries_of(connection, input.workflow_id)
    assert (one.status, one.code, one.text) == ("failed", BY_HAND, "vastgelegd door Dirk Zwart")
    assert (one.kenmerk, two.status, two.code) == (None, "accepted", "500")


@pytest.mark.parametrize(("recorded", "word"), [("failed", "niet ontvangen"), ("refused", "geweigerd")])
async def test_another_version_of_one_recorded_as_not_filed_that_is_accepted_stops_for_a_person_once(
    office: OfficeAtWork, simulator: Any, recorded: Any, word: str
) -> None:
    input = asked(office)
    other = asked(office, office.instance() + b"<!-- -->", number=9)
    async with simulator(pace=3600) as digipoort:
        await digipoort.deliver(input)
    _record(office, input, recorded)
    async with simulator() as digipoort:
        for _ in range(2):
            stopped = (await digipoort.deliver(other)).result
            assert isinstance(stopped, Failed)
            assert f"als {word} is vastgelegd, is door de Belastingdienst geaccepteerd" in stopped.error
        assert len(digipoort.journal) == 1
        assert _alarms(office) == ["judgement_contradicted"]
        decided = replace(other, command=replace(other.command, number=13))
        assert isinstance((await digipoort.deliver(decided)).result, Delivered)


async def test_a_return_recorded_as_lost_that_is_accepted_stands_in_the_way_of_another_filing(
    office: OfficeAtWork, simulator: Any
) -> None:
    input, second = asked(office), asked(office, period="2026-02", number=6)
    with office.database.write() as connection:
        days = {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31)}  # as if it is about them too
        connection.execute(filings.update().where(filings.c.id == second.workflow_id).values(**days))
    async with simulator(pace=3600) as digipoort:
        await digipoort.deliver(input)
    _record(office, input, "failed")
    async with simulator() as digipoort:
        stopped = (await digipoort.deliver(second)).result
    assert isinstance(stopped, Failed)
    assert "is al een aangifte over januari 2026 ingediend" in stopped.error
    assert len(digipoort.journal) == 1
    assert sorted(_alarms(office)) == ["filed_already", "judgement_contradicted"]


async def test_two_accepted_returns_of_one_period_are_told_to_who_delivers_until_a_correction_is_started(
    office: OfficeAtWork, simulator: Any
) -> None:
    input, other = asked(office), asked(office, period="2026-02", number=6)
    again = replace(input, command=replace(input.command, number=9, attempt=2))
    async with simulator("happy", "happy", pace=3600) as digipoort:
        await digipoort.deliver(input)
        _record(office, input, "failed")
        second = followed(again, await digipoort.deliver(again))
        assert await _ask_later(digipoort) == []
    async with simulator() as digipoort:
        judged = (await digipoort.follow(second)).result
        assert isinstance(judged, Judged)
        assert judged.accepted
        assert await _ask_later(digipoort, timedelta(hours=1)) == []  # so soon its own filing asks
        for through in (lambda one: one, Forgetful):  # an unsigned fault says nothing of it
            assert await _ask_later(digipoort, through=through) == ["filed_twice"]
    assert await _ask_later(digipoort) == ["filed_twice"]  # as it does where nothing answers
    with office.database.write() as connection:
        connection.execute(filings.update().values(status="afgesloten", ended="completed"))
    (line,) = _work_of(office, "dirk")
    first = digipoort.attempt(input)
    assert first is not None
    assert f"die met kenmerk {first.kenmerk} is geaccepteerd" in line.missing[0]
    assert f"die met kenmerk {second.command.reference} is ook ingediend" in line.missing[0]
    assert "Vraag de Belastingdienst welke geldt" in line.missing[0]
    with office.database.write() as connection:
        link_filings(connection, other.workflow_id, input.workflow_id, "corrects")
        own = filings.c.id == other.workflow_id
        connection.execute(filings.update().where(own).values(ended="cancelled"))
    assert await _ask_later(digipoort) == ["filed_twice"]
    with office.database.write() as connection:
        connection.execute(filings.update().where(own).values(ended=None))
    assert await _ask_later(digipoort) == []


@pytest.mark.parametrize(
    ("scenario", "recorded", "said"),
    [
        ("refused_content", "accepted", "Digipoort meldt 'geweigerd' van"),
        ("happy", "failed", "vastgelegd was 'niet ontvangen'. Die is dus ingediend: dien niet nog eens in."),
        ("happy", "refused", "vastgelegd was 'geweigerd'. Die is dus ingediend"),
        ("happy", "accepted", ""),
    ],
)
async def test_what_digipoort_says_otherwise_when_no_filing_asks_is_told_to_who_delivers(
    office: OfficeAtWork, simulator: Any, scenario: str, recorded: Any, said: str
) -> None:
    input = asked(office)
    async with simulator(scenario, pace=3600) as digipoort:
        await digipoort.deliver(input)
    _record(office, input, recorded)
    async with simulator() as digipoort:
        assert await _ask_later(digipoort) == (["judged_later"] if said else [])
    assert [said in line.missing[0] for line in _work_of(office, "dirk")] == ([True] if said else [])


async def test_that_a_return_is_filed_after_all_is_told_to_who_does_it_again_and_as_its_filing_is(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator("happy", pace=3600) as digipoort:
        await digipoort.deliver(input)
    _record(office, input, "refused")
    async with simulator() as digipoort:
        assert await _ask_later(digipoort) == ["judged_later"]

    def told(**now: Any) -> dict[str, str]:
        with office.database.write() as connection:
            connection.execute(filings.update().values(**now))
        lines = {who: _work_of(office, who) for who in ("anna", "dirk")}
        return {who: line.missing[0].split(". ")[2] for who, found in lines.items() for line in found}

    again = "De opdracht is nog in behandeling: overleg met wie eraan werkt"
    assert told(phases=["opstellen"]) == {"anna": again, "dirk": again}
    still = "Staat de opdracht daarop stil, kies dan 'Opnieuw proberen'"
    assert told(phases=["indienen"]) == {"dirk": still}
    (over,) = told(phases=[], status="afgesloten", ended="cancelled").items()
    assert over == (
        "dirk",
        "De opdracht is geannuleerd, maar wat is aangegeven geldt: laat de klant weten wat te betalen is",
    )


async def test_that_a_return_is_not_filed_is_told_with_its_last_day_until_another_is_with_the_authority(
    office: OfficeAtWork, simulator: Any
) -> None:
    input, extra = asked(office), asked(office, period="2026-02", number=6)
    async with simulator("refused_content", pace=3600) as digipoort:
        await digipoort.deliver(input)
    _record(office, input, "accepted")
    day = date(2026, 2, 5)
    _put_sent_by_its_day(office, day)
    with office.database.write() as connection:
        ended = {"status": "afgesloten", "ended": "completed", "phases": []}
        connection.execute(filings.update().where(filings.c.id == input.workflow_id).values(**ended))
        over = {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31), "again_of": [input.workflow_id]}
        connection.execute(filings.update().where(filings.c.id == extra.workflow_id).values(**over))
    async with simulator() as digipoort:
        assert await _ask_later(digipoort) == ["judged_later"]
        (line,) = _work_of(office, "dirk", day)
        assert line.deadline == day
        assert "dien opnieuw in. De termijn loopt af op 5 februari 2026." in line.missing[0]
        assert isinstance((await digipoort.deliver(extra)).result, Delivered)
        assert await _ask_later(digipoort) == []


async def test_one_return_whose_status_does_not_come_keeps_no_other_from_being_asked_about(
    office: OfficeAtWork, simulator: Any
) -> None:
    first, second = asked(office), asked(office, period="2026-02", number=6)
    async with simulator("happy", "happy", pace=3600) as digipoort:
        for input in (first, second):
            await digipoort.deliver(input)
            _record(office, input, "failed")
    silent = partial(SilentAbout, kenmerk=digipoort.attempt(first).kenmerk)
    async with simulator() as digipoort:
        assert await _ask_later(digipoort, through=silent) == ["judged_later"]
        assert await _ask_later(digipoort) == ["judged_later"] * 2
        assert await _ask_later(digipoort, through=silent) == ["judged_later"] * 2


@pytest.mark.parametrize("met", [False, True])
async def test_from_the_last_day_on_an_hour_without_a_judgement_is_told_also_where_it_was_sent_in_time(
    office: OfficeAtWork, simulator: Any, *, met: bool
) -> None:
    input = asked(office)
    with office.database.write() as connection:
        day = office_now(connection).date()
        connection.execute(filings.update().values(due=day))
    if met:
        _put_sent_by_its_day(office, day - timedelta(days=1))
    async with simulator("undecided") as digipoort:
        follow = followed(input, await digipoort.deliver(input))
        _put_taken(office, timedelta(hours=1))
        assert await _look(digipoort, _taken_for(office, follow, timedelta(minutes=59))) == []
        assert await _look(digipoort, _taken_for(office, follow, timedelta(hours=1))) == [JUDGEMENT_WAITS]


async def test_a_return_that_is_delivered_no_longer_waits_though_its_worker_died_as_it_wrote_the_kenmerk(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as away:
        pass
    away.tell_since(timedelta(days=1))
    with pytest.raises(ApplicationError):
        await away.deliver(input)
    assert _alarms(office) == [DELIVERY_WAITS]
    async with simulator() as digipoort:
        dying = digipoort.over(digipoort.client)
        with pytest.MonkeyPatch.context() as fault:
            fault.setattr(dying, "_note_taken", _die_after(dying._note_taken))
            with pytest.raises(KeyboardInterrupt):
                await asyncio.to_thread(ActivityEnvironment().run, dying.deliver, input)
        answer = await digipoort.deliver(input)
    assert isinstance(answer.result, Delivered)
    assert _alarms(office) == []


async def test_a_return_that_is_given_up_before_it_is_tried_no_longer_waits(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as away:
        pass
    away.tell_since(timedelta(days=1))
    with pytest.raises(ApplicationError):
        await away.deliver(input)
    assert _alarms(office) == [DELIVERY_WAITS]
    broken = replace(input, command=replace(input.command, hash=office.documents.put(b"<a/>", XML)))
    assert isinstance((await away.deliver(broken)).result, Failed)
    assert _alarms(office) == []


async def test_a_certificate_that_cannot_be_used_is_for_a_person_before_anything_is_sent(
    office: OfficeAtWork, simulator: Any, tmp_path: Path
) -> None:
    input = asked(office)
    async with simulator(certificate_file=tmp_path / "none.pem") as digipoort:
        answer = await digipoort.deliver(input)
    assert isinstance(answer.result, Failed)
    assert answer.result.error.startswith("Niet ingediend: ")
    assert digipoort.journal == ()


async def test_a_run_that_gives_up_says_what_another_run_has_delivered_meanwhile(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        overtaken = Overtaken(digipoort.client.settings, lambda: digipoort.deliver_now(input))
        answer = await asyncio.to_thread(ActivityEnvironment().run, digipoort.over(overtaken).deliver, input)
        overtaken.close()
    (entry,) = digipoort.journal
    assert isinstance(answer.result, Delivered)
    assert answer.result.reference == entry.kenmerk


async def test_a_run_that_comes_after_another_gave_up_sends_nothing(
    office: OfficeAtWork, simulator: Any, tmp_path: Path
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        good, digipoort.client = digipoort.client, _without_certificate(digipoort.client, tmp_path)
        given_up = await digipoort.deliver(input)
        digipoort.client = good
        late = await digipoort.deliver(input)
    assert isinstance(given_up.result, Failed)
    assert late == given_up
    assert digipoort.journal == ()


@pytest.mark.parametrize("why", ["machtiging", "omzetbelastingnummer"])
async def test_what_did_not_arrive_is_not_sent_again_once_it_may_not_leave_any_more(
    office: OfficeAtWork, simulator: Any, why: str
) -> None:
    input = asked(office)
    input = replace(input, command=replace(input.command, standing=why == "machtiging"))
    if why == "omzetbelastingnummer":
        with office.database.write() as connection:
            connection.execute(relations.update().values(ob_number="001000003B01"))
    async with simulator() as digipoort:
        _begun(office, input, expires_at=datetime.now(UTC) - timedelta(seconds=30))
        answer = await digipoort.deliver(input)
    assert isinstance(answer.result, Failed)
    assert why in answer.result.error
    assert digipoort.journal == ()


async def test_an_attempt_whose_answer_was_lost_is_not_given_up_but_settled_once_the_certificate_is_mended(
    office: OfficeAtWork, simulator: Any, tmp_path: Path
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        going = _outgoing(office, input)
        _begun(office, input, expires_at=datetime.now(UTC) + timedelta(seconds=30))
        await asyncio.to_thread(digipoort.client.deliver, going)
        certificate = tmp_path / "client.pem"
        good = digipoort.client.settings.certificate_file
        digipoort.client = DigipoortClient(
            dataclasses.replace(digipoort.client.settings, certificate_file=certificate)
        )
        with pytest.raises(ApplicationError, match="cannot be settled yet"):
            await digipoort.deliver(input)
        certificate.write_bytes(good.read_bytes())
        answer = await digipoort.deliver(input)
        digipoort.client.close()
    (entry,) = digipoort.journal
    assert isinstance(answer.result, Delivered)
    assert answer.result.reference == entry.kenmerk
    assert _alarms(office) == ["delivery_unsettled"]


async def test_what_was_taken_is_said_so_also_when_the_document_cannot_be_read_any_more(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        first = await digipoort.deliver(input)
        command = replace(input.command, hash=hashlib.sha256(b"gone").hexdigest())
        assert await digipoort.deliver(replace(input, command=command)) == first


def test_what_goes_out_is_named_as_the_report_says(office: OfficeAtWork) -> None:
    going = _outgoing(office, asked(office))
    assert (going.message_kind, going.file_name) == ("Omzetbelasting", "Omzetbelasting.xbrl")
    assert going.identity == Identity(OB_NUMBER, "Fi")


async def test_a_report_that_the_office_does_not_know_is_never_sent(
    office: OfficeAtWork, simulator: Any
) -> None:
    input = replace(asked(office), report="icp-opgaaf")
    async with simulator() as digipoort:
        answer = await digipoort.deliver(input)
    assert isinstance(answer.result, Failed)
    assert "icp-opgaaf" in answer.result.error
    assert not digipoort.journal


async def test_bytes_that_are_no_return_are_never_sent(office: OfficeAtWork, simulator: Any) -> None:
    input = asked(office, content=b"<xbrl/>")
    async with simulator() as digipoort:
        answer = await digipoort.deliver(input)
    assert isinstance(answer.result, Failed)
    assert not digipoort.journal


async def test_a_document_that_is_not_there_is_for_a_person(office: OfficeAtWork, simulator: Any) -> None:
    input = asked(office)
    command = replace(input.command, hash=hashlib.sha256(b"else").hexdigest())
    async with simulator() as digipoort:
        answer = await digipoort.deliver(replace(input, command=command))
    assert isinstance(answer.result, Failed)


async def test_a_return_that_the_authority_has_by_another_filing_stands_still_with_an_alarm(
    office: OfficeAtWork, simulator: Any
) -> None:
    first = asked(office)
    second = asked(office, period="2026-02", number=6)
    days = {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31)}  # as if the number was another's
    with office.database.write() as connection:
        own = filings.c.id == second.workflow_id
        connection.execute(filings.update().where(own).values(**days))
    async with simulator() as digipoort:
        assert isinstance((await digipoort.deliver(first)).result, Delivered)
        stopped = await digipoort.deliver(second)
        assert await digipoort.deliver(second) == stopped
    assert isinstance(stopped.result, Failed)
    assert stopped.result.error == (
        "Onder hetzelfde nummer is al een aangifte over januari 2026 ingediend, of ligt die nog bij "
        "Digipoort, door btw-aangifte/1001/2026-01/-/1 van relatie 1001. Annuleer deze opdracht, of "
        "start een extra opdracht met een reden die relatie 1001 noemt (--again)."
    )
    assert len(digipoort.journal) == 1
    with office.database.read() as connection:
        (alarm,) = all_alarms(connection)
    assert (alarm.kind, alarm.filing) == ("filed_already", second.workflow_id)
    assert OB_NUMBER not in alarm.text


async def test_only_one_of_two_overlapping_runs_sends_again(office: OfficeAtWork, simulator: Any) -> None:
    input = asked(office)
    async with simulator() as digipoort:
        _begun(office, input, expires_at=datetime.now(UTC) - timedelta(seconds=1))
        answers = await asyncio.gather(*(digipoort.deliver_until_done(input) for _ in range(4)))
    (entry,) = digipoort.journal
    assert {answer.result.reference for answer in answers if isinstance(answer.result, Delivered)} == {
        entry.kenmerk
    }


def _without_certificate(client: DigipoortClient, folder: Path) -> DigipoortClient:
    return DigipoortClient(dataclasses.replace(client.settings, certificate_file=folder / "none.pem"))


def _outgoing(office: OfficeAtWork, input: DeliverInput) -> Any:
    return outgoing(office).make_delivery(input)


def _record(office: OfficeAtWork, input: DeliverInput, judgement: Any) -> None:
    """Record what a person knows of a return."""
    with office.database.write() as connection:
        record_judgement(
            connection,
            input.workflow_id,
            input.command.number,
            judgement,
            text="vastgelegd door Dirk Zwart",
            proof="hash",
            at=datetime.now(UTC),
        )


def _forget_recorded(office: OfficeAtWork, input: DeliverInput, *, there: bool) -> None:
    """Put back a copy of before the judgement was recorded, or of before the delivery."""
    with office.database.write() as connection:
        if there:
            before = {"status": "taken", "code": None, "text": None, "proof": None, "receipt": None}
            connection.execute(deliveries.update().values(**before, judged_at=None))
        else:
            connection.execute(deliveries.delete())


def _give_proof(office: OfficeAtWork, input: DeliverInput) -> None:
    """Have what counts in the place of another delivery its proof, as a database may of before."""
    with office.database.write() as connection:
        own = deliveries.c.number == input.command.number
        connection.execute(deliveries.update().where(own).values(proof="hash"))


def _list_answers(office: OfficeAtWork, input: DeliverInput) -> list[str]:
    with office.database.read() as connection:
        return [one.title for one in list_answers(connection, input.workflow_id)]


def _put_taken(office: OfficeAtWork, ago: timedelta) -> None:
    """Have every return been taken so long ago, in real time."""
    with office.database.write() as connection:
        connection.execute(deliveries.update().values(taken_at=datetime.now(UTC) - ago))


def _put_sent_by_its_day(office: OfficeAtWork, day: date, **said: Any) -> None:
    """Have what filings deliver have been sent by its last day, which has passed: no deadline is open."""
    (name,) = (phase.deliver.deadline for phase in office.plan.phases if phase.deliver)
    seen = {"deadlines": [{"id": name, "due": day.isoformat()}], **said}
    with office.database.write() as connection:
        connection.execute(filings.update().values(due=None, phases=["indienen"], view=seen))


def _taken_for(office: OfficeAtWork, follow: FollowInput, long: timedelta) -> FollowInput:
    """Return what is followed as asked for so long ago, in office time."""
    with office.database.read() as connection:
        return replace(follow, at=office_now(connection) - long)


async def _ask_later(
    digipoort: Digipoort, own: timedelta = timedelta(0), *, through: Callable[[Any], Any] = lambda one: one
) -> list[str]:
    """Ask about what was recorded so long ago at least; return the alarms after it."""
    settings = digipoort.client.settings
    ask = partial(
        ask_later_judgements, digipoort.office.database, lambda: through(DigipoortClient(settings)), own
    )
    await asyncio.to_thread(ask)
    return _alarms(digipoort.office)


async def _look(digipoort: Digipoort, follow: FollowInput) -> list[str]:
    """Look for a judgement that has not come; return the alarms after it."""
    with pytest.raises(ApplicationError, match="not final yet"):
        await digipoort.follow(follow)
    return _alarms(digipoort.office)


def _work_of(office: OfficeAtWork, who: str, on: date = date(2026, 2, 3)) -> list[WorkLine]:
    """Return the lines about what waits for Digipoort on somebody's list."""
    with office.database.read() as connection:
        member = find_person(connection, who)
        assert member is not None
        lines = work_of(connection, member, on)
    return [line for line in lines if line.kind in WAITS]


def _die_after(write: Callable[..., str]) -> Callable[..., str]:
    """Return what writes, and then ends as a worker does that is killed."""

    def die(*args: Any) -> str:
        write(*args)
        raise KeyboardInterrupt

    return die


def _alarms(office: OfficeAtWork) -> list[str]:
    with office.database.read() as connection:
        return [alarm.kind for alarm in all_alarms(connection)]


def _let_expire(office: OfficeAtWork, input: DeliverInput) -> None:
    """Let the message be of so long ago that it cannot arrive any more."""
    long_ago = datetime.now(UTC) - timedelta(minutes=30)
    with office.database.write() as connection:
        connection.execute(
            deliveries.update()
            .where(deliveries.c.filing == input.workflow_id, deliveries.c.number == input.command.number)
            .values(begun_at=long_ago, expires_at=long_ago + timedelta(minutes=5))
        )


def _begun(office: OfficeAtWork, input: DeliverInput, expires_at: datetime) -> None:
    """Write an attempt down as a worker does that dies before it knows more."""
    with office.database.write() as connection:
        begin_delivery(
            connection,
            NewDelivery(
                filing=input.workflow_id,
                number=input.command.number,
                attempt=1,
                relation="1001",
                identity_digest=identity_digest(Identity(OB_NUMBER, "Fi")),
                message_kind="Omzetbelasting",
                document="aangifte",
                sha256=input.command.hash,
                aanleverkenmerk=aanleverkenmerk_of(input),
                begun_at=datetime.now(UTC) - timedelta(seconds=60),
                expires_at=expires_at,
            ),
        )
