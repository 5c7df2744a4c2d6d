"""Everything that was written down about a run, by whom: read once, while nothing is disturbed any more."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Connection, select
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus

from kantoor.filing.commands import Send
from kantoor.filing.digests import state_digest
from kantoor.filing.outcome import Step
from kantoor.filing.state import State
from kantoor.filing.view import View
from kantoor.local.office import RunningOffice
from kantoor.local.programs import simulator_folder
from kantoor.mail.catcher import Caught, list_caught
from kantoor.office.alarms import Alarm, all_alarms
from kantoor.office.database.tables import steps, timeline
from kantoor.office.document_store import DocumentError
from kantoor.office.filings.deliveries import Delivery, list_deliveries
from kantoor.office.filings.filing import Filing, list_filings
from kantoor.office.filings.messages import Message, messages_of
from kantoor.office.filings.records import read_events
from kantoor.office.filings.recurrences import Recurrence, list_recurrences
from kantoor.office.filings.words import entry_place, open_words
from kantoor.office.office_clock import office_now
from kantoor.office.overviews.uncovered import find_uncovered
from kantoor.office.plans import require_plan
from kantoor.office.relations.relation import RelationProduct, products_of
from kantoor.plan import Plan
from kantoor.runtime.client import NotRunning, Silent, filing_state, read_filing_view
from kantoor.runtime.rebuilding import RebuildError, rebuild
from kantoor.sbr.digipoort.simulator.journal import Entry, read_journal
from kantoor.service.desk import Desk

T = TypeVar("T")

ASK_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the timeline as the database holds it."""

    filing: str
    sequence: int
    index: int
    by: str
    what: str
    phase: str | None
    data: Mapping[str, Any]
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Workflow:
    """What the Temporal server has of a filing; `failed_tasks` are causes of workflow tasks that failed.

    `state` and `view` are the filing's own, rebuilt from its history; None when it did not answer.
    """

    status: str
    events: int
    size: int
    failed_tasks: tuple[str, ...]
    state: State | None
    view: View | None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A filing made again from the events that the office kept; `wrong` says why it could not be.

    `asked` maps the number of each command to the step that asked for it, `sends` that of each message to
    its command; `closing` are the numbers of those that, by the plan, tell that their phase was completed.
    """

    steps: int
    digest: str
    wrong: str
    asked: Mapping[int, int]
    sends: Mapping[int, Send]
    closing: frozenset[int] = frozenset()
    wanted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By each request of the plan (phase and automation) the titles of what has to be given."""


@dataclass(frozen=True)
class Evidence:
    """The office database, the server, the simulator, the catcher, and the supervisor, each by itself.

    `contents` maps the hash under which the simulator keeps delivered bytes to their real hash, `stored` the
    same for the office's document store. `said` is what `kantoor up` said.
    """

    filings: tuple[Filing, ...]
    timeline: tuple[Line, ...]
    steps: Mapping[str, tuple[tuple[int, str], ...]]
    deliveries: tuple[Delivery, ...]
    messages: tuple[Message, ...]
    alarms: tuple[Alarm, ...]
    recurrences: tuple[Recurrence, ...]
    workflows: Mapping[str, Workflow]
    rebuilt: Mapping[str, Rebuilt]
    running: tuple[str, ...]
    """Ids of workflows that the server says are running."""
    journal: tuple[Entry, ...]
    contents: Mapping[str, str]
    stored: Mapping[str, str]
    caught: tuple[Caught, ...]
    left: Mapping[int, datetime]
    """When each caught message was taken, in real time."""
    products: tuple[RelationProduct, ...]
    uncovered: tuple[tuple[str, str, str], ...]
    """Relation, product and period of the lines about periods that nothing covers."""
    today: date
    said: tuple[str, ...]

    def lines(self, filing: str, what: str | None = None) -> tuple[Line, ...]:
        """Return a filing's timeline, or its entries of one kind."""
        return tuple(x for x in self.timeline if x.filing == filing and what in (None, x.what))


async def gather(
    office: RunningOffice, desk: Desk, said: list[str], forgotten: Collection[str] = ()
) -> Evidence:
    """Read everything, but the workflows that the server forgot.

    Raises what the databases and servers raise: nothing is to be missed.
    """
    client = await desk.client()
    filings = desk.read(list_filings)
    deliveries = desk.read(list_deliveries)
    folder = simulator_folder(office.settings)
    return Evidence(
        filings=filings,
        timeline=_timeline(desk),
        steps=read_steps(desk),
        deliveries=deliveries,
        messages=desk.read(lambda c: tuple(m for f in filings for m in messages_of(c, f.id))),
        alarms=desk.read(all_alarms),
        recurrences=desk.read(list_recurrences),
        rebuilt={f.id: _rebuild(desk, f) for f in filings},
        workflows={f.id: await _workflow(client, f.id) for f in filings if f.id not in forgotten},
        running=tuple([w.id async for w in client.list_workflows("ExecutionStatus = 'Running'")]),
        journal=read_journal(folder),
        contents={
            file.name: sha256(file.read_bytes()).hexdigest()
            for file in sorted((folder / "contents").iterdir())
        },
        stored={d.sha256: _stored(desk, d.sha256) for d in deliveries},
        caught=tuple(list_caught(office.settings.mailbox)),
        left={
            int(file.stem): datetime.fromtimestamp(file.stat().st_mtime, UTC)
            for file in office.settings.mailbox.glob("*.eml")
        },
        products=desk.read(products_of),
        uncovered=desk.read(_read_uncovered),
        today=desk.read(office_now).date(),
        said=tuple(said),
    )


def _rebuild(desk: Desk, filing: Filing) -> Rebuilt:
    def ask(connection: Connection) -> list[Step] | str:
        events = read_events(connection, filing.id, desk.equipment.document_ring.open_sealed)
        try:
            return list(rebuild(filing.plan, events, partial(require_plan, connection)))
        except RebuildError as error:
            return str(error)

    steps = desk.read(ask)
    if isinstance(steps, str):
        return Rebuilt(0, "", steps, {}, {})
    asked: dict[int, int] = {}
    for step in steps:
        for number in range(len(asked) + 1, step.state.journal.last_number + 1):
            asked[number] = step.state.journal.sequence
    plan = desk.read(lambda connection: require_plan(connection, filing.plan))
    sends = {one.number: one for step in steps for one in step.commands if isinstance(one, Send)}
    digest = state_digest(plan, steps[-1].state) if steps else ""
    closing = frozenset(number for number, one in sends.items() if _tells_completion(plan, one))
    return Rebuilt(len(steps), digest, "", asked, sends, closing, dict(_list_wanted(plan)))


def _list_wanted(plan: Plan) -> Iterator[tuple[str, frozenset[str]]]:
    forms = {form.id: form for form in plan.forms}
    for phase in plan.phases:
        for automation in phase.automations:
            if automation.request is None:
                continue
            form = forms[automation.request.form]
            items = [one for one in form.fields if one.required]
            titles = {form.title} if form.kind == "form" else {one.title for one in items}
            yield f"{phase.id}.{automation.id}", frozenset(titles)


def _tells_completion(plan: Plan, command: Send) -> bool:
    """Say whether a message goes out because a phase was completed: nothing that comes later is too late."""
    return any(
        automation.at == "completed"
        for phase in plan.phases
        for automation in phase.automations
        if (phase.id, automation.id) == (command.phase, command.automation)
    )


ENDING = 50
"""How many times, a fifth of a second apart, it is looked whether a workflow has ended."""


async def _workflow(client: Client, id: str) -> Workflow:
    handle = client.get_workflow_handle(id)
    described = await handle.describe()
    for _ in range(ENDING):  # a filing whose end was just recorded has a workflow task to go
        if described.status is not WorkflowExecutionStatus.RUNNING:
            break
        await asyncio.sleep(0.2)
        described = await handle.describe()
    history = await handle.fetch_history()
    failed = [
        str(event.workflow_task_failed_event_attributes.failure.message)
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]
    state = await _ask_until_answered(lambda: filing_state(client, id))
    view = await _ask_until_answered(lambda: read_filing_view(client, id))
    return Workflow(
        status=(described.status or WorkflowExecutionStatus.RUNNING).name,
        events=len(history.events),
        size=sum(event.ByteSize() for event in history.events),
        failed_tasks=tuple(failed),
        state=state,
        view=view,
    )


async def _ask_until_answered(ask: Callable[[], Awaitable[T | NotRunning | Silent]]) -> T | None:
    """Ask again for what did not come in time on a busy machine; None when it never comes."""
    for _ in range(ASK_AT_MOST):
        answer = await ask()
        if not isinstance(answer, NotRunning | Silent):
            return answer
    return None


def _read_uncovered(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    found = find_uncovered(connection, office_now(connection).date())
    return tuple((one.relation, product, one.period.code) for one in found for product in one.plan.products)


def _timeline(desk: Desk) -> tuple[Line, ...]:
    query = select(timeline).order_by(timeline.c.filing, timeline.c.sequence, timeline.c.index)
    rows = desk.read(lambda connection: connection.execute(query).mappings().all())
    return tuple(_line(dict(row), desk) for row in rows)


def _line(row: dict[str, Any], desk: Desk) -> Line:
    """Return an entry with what people wrote, which its row has sealed."""
    place = entry_place(row["filing"], row["sequence"], row["index"])
    row["data"] = open_words(row["data"], row["said"], place, desk.equipment.document_ring.open_sealed)
    return Line(**{name: row[name] for name in Line.__slots__})


def read_steps(desk: Desk) -> dict[str, tuple[tuple[int, str], ...]]:
    """Return number and digest of every recorded step, by filing."""
    query = select(steps.c.filing, steps.c.sequence, steps.c.digest).order_by(steps.c.sequence)
    found: dict[str, list[tuple[int, str]]] = {}
    for row in desk.read(lambda connection: connection.execute(query).all()):
        found.setdefault(row.filing, []).append((row.sequence, row.digest))
    return {filing: tuple(taken) for filing, taken in found.items()}


def _stored(desk: Desk, name: str) -> str:
    try:
        return sha256(desk.equipment.documents.get(name)).hexdigest()
    except DocumentError as error:
        return str(error)
