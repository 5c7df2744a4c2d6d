"""What a workflow told the office, read back from its histories while the server keeps them (R65).

The inputs of a filing's record activities hold every step, also those that a later run carried on; those of
its delivering and following hold what went to the authority. Those of a recurrence's save activities hold its
whole state. Nothing here asks a worker.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payloads, WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from ..data import digest_of
from ..filing.events import AnyResult
from ..filing.following import find_first
from ..filing.format_1 import read_state
from ..filing.state import State
from ..plan import load_plan
from ..recurrence import Recurrence
from .commands import DELIVER, FOLLOW, RECORD
from .inputs import Answer, Carried, DeliverInput, FilingInput, FollowInput, RecordInput, StepRecord
from .recurrence_workflow import SAVE
from .transient import within

T = TypeVar("T")

PAGE = 100
"""Events that are asked for at once from the end: the last record is mostly among them."""
PAGE_LIMIT = timedelta(seconds=30)
"""How long a page is asked for again while the server's answer passes: many are asked for at once."""

SCHEDULED = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
COMPLETED = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
STARTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED


class Asked(NamedTuple):
    """Something that was asked of Digipoort for a filing: when, and how it was answered (None: not yet)."""

    input: DeliverInput | FollowInput
    at: datetime
    result: AnyResult | None
    answered_at: datetime | None


class Before(NamedTuple):
    """The state from which a run went on, and the digest of the plan that the filing was on in it."""

    state: State
    plan: str


class Told(NamedTuple):
    """Steps by number, what was asked of Digipoort, the oldest first, and from where runs went on.

    `before` has the states that runs carried on, by the number of their last step: whatever lacks before
    one, the steps after it can be followed.
    """

    steps: dict[int, StepRecord]
    asked: tuple[Asked, ...]
    before: dict[int, Before]


async def read_told(client: Client, workflow_id: str, since: int) -> Told:
    """Return what a filing told from a step on, as far back as the server knows. Raises RPCError.

    Where two runs have a step of one number, the later run's counts.
    """
    steps: dict[int, StepRecord] = {}
    asked: list[Asked] = []
    before: dict[int, Before] = {}
    async for events in _read_runs(client, workflow_id):
        found, requests = await _read_run(client, events)
        steps = found | steps
        asked = requests + asked
        before = await _read_before(client, events[0]) | before
        if steps and min(steps) <= since:
            break
    return Told({number: one for number, one in steps.items() if number >= since}, tuple(asked), before)


async def read_beginning(client: Client, workflow_id: str) -> FilingInput | None:
    """Return what a filing was started with; None where the server does not have its first run any more.

    Raises RPCError.
    """
    began: FilingInput | None = None
    async for events in _read_runs(client, workflow_id):
        started = events[0].workflow_execution_started_event_attributes
        found = await _decode(client, started.input, FilingInput)
        began = found if found.start is not None else began
    return began


async def read_last_recorded(client: Client, workflow_id: str) -> int:
    """Return the last step that an office said it recorded, 0 where the server tells of none.

    Raises RPCError.
    """
    async for one in _read_tried(client, workflow_id, RECORD):
        if one.done:
            scheduled = one.event.activity_task_scheduled_event_attributes
            return (await _decode(client, scheduled.input, RecordInput)).steps[-1].sequence
    return 0


class Saved(NamedTuple):
    """What a recurrence saved last, and by which event of which run."""

    run_id: str
    event_id: int
    recurrence: Recurrence


async def read_last_saved(client: Client, workflow_id: str) -> Saved | None:
    """Return what a recurrence saved last; None where that is under way, or the server tells of nothing.

    Raises RPCError.
    """
    async for one in _read_tried(client, workflow_id, SAVE):
        if not one.done:
            return None
        scheduled = one.event.activity_task_scheduled_event_attributes
        recurrence = await _decode(client, scheduled.input, Recurrence)
        return Saved(one.run_id, one.event.event_id, recurrence)
    return None


class _Tried(NamedTuple):
    """An activity that a run asked for, and whether it was carried out."""

    run_id: str
    event: HistoryEvent
    done: bool


async def _read_tried(client: Client, workflow_id: str, name: str) -> AsyncIterator[_Tried]:
    """Yield the activities of a name that a workflow asked for, the latest first."""
    seen = set[str]()
    run_id = await _find_latest(client, workflow_id)
    while run_id:
        seen.add(run_id)
        before = ""
        done = set[int]()
        async for event in _read_backwards(client, workflow_id, run_id):
            if event.event_type == COMPLETED:
                done.add(event.activity_task_completed_event_attributes.scheduled_event_id)
            elif event.event_type == SCHEDULED and _is_of(event, name):
                yield _Tried(run_id, event, event.event_id in done)
            elif event.event_type == STARTED:
                before = event.workflow_execution_started_event_attributes.continued_execution_run_id
        run_id = await _find_before(client, workflow_id, before, seen)


async def _read_before(client: Client, started: HistoryEvent) -> dict[int, Before]:
    """Return the states from which a run went on, by their last steps; none of the first run."""
    input = await _decode(client, started.workflow_execution_started_event_attributes.input, FilingInput)
    return {} if input.carried is None else _list_before(input.plan, input.carried)


def _list_before(text: str, carried: Carried) -> dict[int, Before]:
    """Return the state that a run carried on, and that before the steps which were still to be recorded."""
    plan = digest_of(text.encode())
    states = [Before(read_state(load_plan(text), bytes(carried.state)), plan)]
    if carried.outbox and carried.recorded is not None:
        events = (one.event for one in carried.outbox if one.event is not None)
        states.append(Before(carried.recorded, find_first(plan, events)))
    return {one.state.journal.sequence: one for one in states}


async def _read_run(
    client: Client, events: Sequence[HistoryEvent]
) -> tuple[dict[int, StepRecord], list[Asked]]:
    answers = {
        event.activity_task_completed_event_attributes.scheduled_event_id: event
        for event in events
        if event.event_type == COMPLETED
    }
    steps: dict[int, StepRecord] = {}
    asked = []
    for event in events:
        if event.event_type != SCHEDULED:
            continue
        scheduled = event.activity_task_scheduled_event_attributes
        if _is_of(event, RECORD):
            input = await _decode(client, scheduled.input, RecordInput)
            steps |= {one.sequence: one for one in input.steps if one.event is not None}
        elif _is_of(event, DELIVER, FOLLOW):
            kind = DeliverInput if _is_of(event, DELIVER) else FollowInput
            request: DeliverInput | FollowInput = await _decode(client, scheduled.input, kind)
            answer = answers.get(event.event_id)
            asked.append(await _ask(client, request, event, answer))
    return steps, asked


async def _ask(
    client: Client, input: DeliverInput | FollowInput, event: HistoryEvent, answer: HistoryEvent | None
) -> Asked:
    at = _moment(event.event_time)
    if answer is None:
        return Asked(input, at, None, None)
    answered = await _decode(client, answer.activity_task_completed_event_attributes.result, Answer)
    return Asked(input, at, answered.result, _moment(answer.event_time))


async def _read_runs(client: Client, workflow_id: str) -> AsyncIterator[list[HistoryEvent]]:
    """Yield the events of each run under a workflow id, the latest first, as far as the server has them.

    A run names the one that it continues; one that was revived names none, and is found by the list of runs.
    What a run calls its original is not itself after an operator reset it.
    """
    seen = set[str]()
    run_id = await _find_latest(client, workflow_id)
    while run_id:
        seen.add(run_id)
        events = await _read_events(client, workflow_id, run_id)
        before = ""
        if events:
            before = events[0].workflow_execution_started_event_attributes.continued_execution_run_id
            yield events
        run_id = await _find_before(client, workflow_id, before, seen)


async def _find_latest(client: Client, workflow_id: str) -> str | None:
    """Return the run that the server has under a workflow id now."""
    try:
        return (await client.get_workflow_handle(workflow_id).describe()).run_id
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return await _find_older(client, workflow_id, set())


async def _find_before(client: Client, workflow_id: str, before: str, seen: set[str]) -> str | None:
    """Return the run that a run continues, or else the latest that was not seen yet."""
    return before if before and before not in seen else await _find_older(client, workflow_id, seen)


async def _find_older(client: Client, workflow_id: str, seen: set[str]) -> str | None:
    """Return the latest run under a workflow id that was not seen yet."""
    runs = [one async for one in client.list_workflows(f"WorkflowId = '{workflow_id}'")]
    others = [one for one in runs if one.run_id not in seen]
    return max(others, key=lambda one: one.start_time).run_id if others else None


async def _read_events(client: Client, workflow_id: str, run_id: str) -> list[HistoryEvent]:
    handle = client.get_workflow_handle(workflow_id, run_id=run_id or None)
    try:
        return [event async for event in handle.fetch_history_events()]
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return []


async def _read_backwards(client: Client, workflow_id: str, run_id: str) -> AsyncIterator[HistoryEvent]:
    token = b""
    while True:
        request = GetWorkflowExecutionHistoryReverseRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=workflow_id, run_id=run_id),
            maximum_page_size=PAGE,
            next_page_token=token,
        )
        try:
            page = await within(
                PAGE_LIMIT, partial(client.workflow_service.get_workflow_execution_history_reverse, request)
            )
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return
        if page is None:
            raise RPCError("a page of a history did not come in time", RPCStatusCode.UNAVAILABLE, b"")
        for event in page.history.events:
            yield event
        token = page.next_page_token
        if not token:
            return


def _is_of(event: HistoryEvent, *names: str) -> bool:
    return event.activity_task_scheduled_event_attributes.activity_type.name in names


async def _decode(client: Client, payloads: Payloads, kind: type[T]) -> T:
    found: list[Any] = await client.data_converter.decode(list(payloads.payloads), [kind])
    decoded: T = found[0]
    return decoded


def _moment(at: Timestamp) -> datetime:
    return at.ToDatetime(tzinfo=UTC)
