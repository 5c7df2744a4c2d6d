"""Finding out why a workflow does not answer: its workflow task fails, no worker runs, or it is only late.

A workflow task that timed out is taken again by a worker that has the time. One that failed fails again until
somebody mends what it failed on: code that no longer fits the history, a key that is missing.
"""

from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, TaskQueueType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent, WorkflowTaskFailedEventAttributes
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    GetWorkflowExecutionHistoryReverseRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from ..plan import Model
from .transient import within

LOOK_LIMIT = timedelta(seconds=2)
EVENTS_LOOKED_AT = 20
"""The task that is waited for was begun by one of the last events."""

ENDS = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
)
BY_WORKERS = (
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
)
"""Causes that a worker reports. With all others the server made the task again by itself."""

TOO_SLOW = "TMPRL1101"
"""The SDK fails a task whose code took more than two seconds at a stretch: the machine was too busy."""


class Fault(Model):
    """The workflow task that failed: its event in the history, why, and the kind of error; no values."""

    event: int
    cause: str
    error: str


async def find_fault(client: Client, workflow_id: str) -> Fault | None:
    """Return the fault that stalls a workflow, or None when it is only late or its history cannot be read.

    The server's history has only the first of several attempts: a task that first timed out and then failed
    looks late.
    """
    try:
        events = await within(LOOK_LIMIT, lambda: _last_events(client, workflow_id))
    except RPCError:
        return None
    last = next((event for event in events or () if event.event_type in ENDS), None)
    if last is None or last.event_type != EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
        return None
    failed = last.workflow_task_failed_event_attributes
    if failed.cause not in BY_WORKERS or await _was_too_slow(client, failed):
        return None
    cause = WorkflowTaskFailedCause.Name(failed.cause).removeprefix("WORKFLOW_TASK_FAILED_CAUSE_")
    return Fault(
        event=last.event_id, cause=cause, error=failed.failure.application_failure_info.type or "unknown"
    )


async def is_unattended(client: Client, workflow_id: str) -> bool:
    """Say whether no worker asks for the tasks of a workflow; False where the server does not say.

    A server that has just come up has heard of none. It remembers one that has gone for some minutes, and a
    workflow without a worker only looks late until then.
    """
    try:
        found = await within(LOOK_LIMIT, lambda: _describe_queue(client, workflow_id))
    except RPCError:
        return False
    return found is not None and not found.pollers


async def _describe_queue(client: Client, workflow_id: str) -> DescribeTaskQueueResponse:
    """Return what the server knows of the task queue of a workflow's newest run."""
    run = await client.get_workflow_handle(workflow_id).describe(rpc_timeout=LOOK_LIMIT)
    return await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=run.task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        ),
        retry=True,
        timeout=LOOK_LIMIT,
    )


async def _last_events(client: Client, workflow_id: str) -> tuple[HistoryEvent, ...]:
    """Return the last events of the newest run, the newest first."""
    found = await client.workflow_service.get_workflow_execution_history_reverse(
        GetWorkflowExecutionHistoryReverseRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=workflow_id),
            maximum_page_size=EVENTS_LOOKED_AT,
        ),
        retry=True,
        timeout=LOOK_LIMIT,
    )
    return tuple(found.history.events)


async def _was_too_slow(client: Client, failed: WorkflowTaskFailedEventAttributes) -> bool:
    try:
        error = await client.data_converter.decode_failure(failed.failure)
    except Exception:  # encrypted with a key that is missing here, which mostly is the fault itself
        return False
    return TOO_SLOW in str(error)
