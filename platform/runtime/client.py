"""Talking to filings: start, act, ask, move clocks. Every call has a limit and says what it does not know.

Only a filing that has ended is asked. A query can reach a worker together with a result that no workflow
task has taken yet; sdk-core then has the cached filing take it, and its commands go out before the act that
comes next. Such a history does not replay, and the filing stands still when its worker forgets it. Of what
runs is read what it recorded.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from temporalio.client import Client, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from ..clock import Clock
from ..filing.events import Act, FilingKey, Start
from ..filing.outcome import ACT_ID_USED, Refusal
from ..filing.state import State
from ..filing.view import View
from ..plan import Model
from .acts import REFUSAL, words_digest, write_act
from .connecting import UnansweredStartError
from .faults import Fault, find_fault, is_unattended
from .inputs import ActAnswer, FilingInput, Timing
from .search_attributes import make_search_attributes
from .transient import within

LIMIT = timedelta(seconds=10)
ONE_CALL = timedelta(seconds=4)
"""How long one call of an update may take. An update that reached a workflow that was ending is answered by
nobody; the same call again finds that it has ended."""
AT_ONCE = 20
"""Calls in flight when something is said to many filings."""


T = TypeVar("T")


class NotRunning(Model):
    """No workflow of this id runs: it was not started yet, has ended, or is past its retention."""

    workflow_id: str


class Unknown(Model):
    """Not known whether this arrived: repeat it with the same id. It may be applied when a worker comes.

    With a `fault` the workflow is stalled until the fault is mended. While it is `unattended` no worker asks
    for its tasks, so that nobody can have taken it yet: the office starts, or its workers stand still.
    """

    workflow_id: str
    act: str
    fault: Fault | None = None
    unattended: bool = False


class Silent(Model):
    """No answer within the limit: no worker runs, or it cannot read the filing."""

    workflow_id: str


async def start_filing(
    client: Client,
    task_queue: str,
    plan: str,
    start: Start,
    clock: Clock,
    timing: Timing,
    workflow_task_seconds: float = 10,
) -> bool:
    """Start a filing on a plan (canonical JSON); False when it was started before.

    The filing's row must exist: after the retention it is the row, not Temporal, that refuses a second start.
    Raises what `start_within` raises.
    """
    input = FilingInput(plan=plan, clock=clock, timing=timing, start=start)
    never = WorkflowIDReusePolicy.REJECT_DUPLICATE
    return await start_run(client, task_queue, start.filing, input, never, workflow_task_seconds)


async def start_run(
    client: Client,
    task_queue: str,
    key: FilingKey,
    input: FilingInput,
    reuse: WorkflowIDReusePolicy,
    workflow_task_seconds: float,
) -> bool:
    """Start a run of a filing; False when one runs. `reuse` says what of one that has ended.

    Raises what `start_within` raises.
    """
    return await start_within(
        LIMIT,
        key.workflow_id,
        lambda: client.start_workflow(
            key.template,
            input,
            id=key.workflow_id,
            task_queue=task_queue,
            id_reuse_policy=reuse,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            task_timeout=timedelta(seconds=workflow_task_seconds),
            search_attributes=make_search_attributes(key, hashlib.sha256(input.plan.encode()).hexdigest()),
            rpc_timeout=LIMIT,
        ),
    )


async def start_within(limit: timedelta, workflow_id: str, start: Callable[[], Awaitable[object]]) -> bool:
    """Start a workflow, repeated while the answer passes; False when it runs already.

    That may be by a call of ours whose answer was lost. Raises UnansweredStartError when it is not known
    whether the start arrived, and RPCError for what repeating does not mend.
    """
    try:
        started = await within(limit, start)
    except WorkflowAlreadyStartedError:
        return False
    if started is None:
        raise UnansweredStartError(workflow_id)
    return True


async def act(
    client: Client, workflow_id: str, act: Act, limit: timedelta = LIMIT, plan: str | None = None
) -> ActAnswer | Refusal | NotRunning | Unknown:
    """Send an act; the filing stamps its moment. Safe to repeat: its id is answered once.

    `plan` is the one that a move goes to, as it was published. Raises RPCError for what repeating does not
    mend.
    """
    kind: str = act.kind
    said = [write_act(act), *([] if plan is None else [plan])]

    async def update() -> ActAnswer:
        handle = client.get_workflow_handle(workflow_id)
        answer: ActAnswer = await handle.execute_update(
            kind, args=said, id=act.id, result_type=ActAnswer, rpc_timeout=min(limit, ONE_CALL)
        )
        return answer

    try:
        taken = await within(limit, update)
    except WorkflowUpdateFailedError as error:
        return _refusal(error)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        earlier = await find_earlier_answer(client, workflow_id, act.id, ActAnswer, limit)
        if earlier is None:
            return NotRunning(workflow_id=workflow_id)
        taken = earlier
    if taken is None:
        return await explain_silence(client, workflow_id, act.id)
    if taken.said != words_digest(act):  # Temporal answers a repeated update id without asking the filing
        return ACT_ID_USED
    return taken


async def explain_silence(client: Client, workflow_id: str, act: str) -> Unknown:
    """Return what can be said of an act that was not answered within its limit."""
    fault, unattended = await asyncio.gather(
        find_fault(client, workflow_id), is_unattended(client, workflow_id)
    )
    return Unknown(workflow_id=workflow_id, act=act, fault=fault, unattended=unattended)


async def read_filing_view(
    client: Client, workflow_id: str, limit: timedelta = LIMIT
) -> View | NotRunning | Silent:
    """Return what people see of a filing, from the filing itself; not of one that runs."""
    return await _query(client, workflow_id, "view", View, limit)


async def filing_state(
    client: Client, workflow_id: str, limit: timedelta = LIMIT
) -> State | NotRunning | Silent:
    """Return everything that is known of a filing, from the filing itself; not of one that runs."""
    return await _query(client, workflow_id, "state", State, limit)


async def move_clock(
    client: Client,
    workflow_ids: Iterable[str],
    clock: Clock,
    limit: timedelta = LIMIT,
    tell: Callable[[bool], None] = lambda heard: None,
) -> tuple[str, ...]:
    """Have open filings and recurrences go on by another clock; return the ids that did not answer.

    A workflow that has ended needs no clock. `tell` gets of each, once it is known, whether it heard.
    The call may be repeated safely.
    """

    async def move(workflow_id: str) -> bool:
        handle = client.get_workflow_handle(workflow_id)
        heard = await _reaches(limit, lambda: handle.execute_update("clock", clock, rpc_timeout=limit))
        tell(heard)
        return heard

    return await _find_missed(workflow_ids, move)


async def reanchor(
    client: Client, workflow_ids: Iterable[str], clock: Clock, limit: timedelta = LIMIT
) -> tuple[str, ...]:
    """Put the clock into open filings and recurrences before a worker runs; return the ids not reached.

    By signals: they are applied before the timers that fired while nothing ran, so that an office that was
    switched off does not find its dates gone by.
    """

    async def put(workflow_id: str) -> bool:
        handle = client.get_workflow_handle(workflow_id)
        return await _reaches(limit, lambda: handle.signal("clock", clock, rpc_timeout=limit))

    return await _find_missed(workflow_ids, put)


async def find_earlier_answer(
    client: Client, workflow_id: str, act_id: str, kind: type[T], limit: timedelta
) -> T | None:
    """Return the answer of an act that a workflow took before it ended: the one that ended it, repeated."""

    async def poll() -> T:
        handle = client.get_workflow_handle(workflow_id)
        update = handle.get_update_handle(act_id, result_type=kind)
        found: T = await update.result(rpc_timeout=limit)
        return found

    try:
        return await within(limit, poll)
    except (RPCError, WorkflowUpdateFailedError):
        return None


async def is_taken(client: Client, workflow_id: str, act_id: str, limit: timedelta = LIMIT) -> bool | None:
    """Say whether a filing took an act, without sending it; None where nobody answers.

    Raises RPCError for what repeating does not mend.
    """

    async def poll() -> bool:
        update = client.get_workflow_handle(workflow_id).get_update_handle(act_id, result_type=ActAnswer)
        await update.result(rpc_timeout=min(limit, ONE_CALL))
        return True

    try:
        return await within(limit, poll)
    except WorkflowUpdateFailedError:
        return False
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return False
        raise


def _refusal(error: WorkflowUpdateFailedError) -> Refusal:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == REFUSAL and cause.details:
        return Refusal(code=str(cause.details[0]), text=cause.message)
    raise error


async def _query(
    client: Client, workflow_id: str, name: str, kind: type[T], limit: timedelta
) -> T | NotRunning | Silent:
    async def query() -> T:
        handle = client.get_workflow_handle(workflow_id)
        found: T = await handle.query(name, result_type=kind, rpc_timeout=limit)
        return found

    try:
        found = await within(limit, query)
    except WorkflowQueryFailedError:
        return Silent(workflow_id=workflow_id)
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return NotRunning(workflow_id=workflow_id)
        raise
    return Silent(workflow_id=workflow_id) if found is None else found


async def _reaches(limit: timedelta, call: Callable[[], Awaitable[object]]) -> bool:
    """Say whether a call that answers nothing arrived, or needs not to: what has ended has no clock."""

    async def confirm() -> bool:
        await call()
        return True

    try:
        return await within(limit, confirm) is True
    except WorkflowUpdateFailedError:
        return False
    except RPCError as error:
        return error.status == RPCStatusCode.NOT_FOUND


async def for_each(workflow_ids: Iterable[str], call: Callable[[str], Awaitable[T]]) -> dict[str, T]:
    """Call something for many workflows, a few at once; return the outcomes by workflow id."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(workflow_id: str) -> T:
        async with slots:
            return await call(workflow_id)

    ids = tuple(workflow_ids)
    return dict(zip(ids, await asyncio.gather(*(one(id) for id in ids)), strict=True))


async def _find_missed(ids: Iterable[str], call: Callable[[str], Awaitable[bool]]) -> tuple[str, ...]:
    """Return the workflows that a call did not reach."""
    reached = await for_each(ids, call)
    return tuple(id for id, heard in reached.items() if not heard)
