"""What became of workflow tasks, counted from the histories that the server keeps."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client


@dataclass
class Tasks:
    """Counts of workflow tasks since a worker was killed.

    `lost`: timed out because the killed worker had them, or because they waited on its sticky queue. All the
    others that timed out did so with a worker that ran: `start_to_close` and `schedule_to_start` by kind.
    The server writes only the first of several attempts that come to nothing; `unwritten` counts the others.
    """

    events_before: list[int] = field(default_factory=list)
    """Events in each history when the worker was killed."""
    completed: int = 0
    lost: int = 0
    start_to_close: int = 0
    schedule_to_start: int = 0
    failed: list[str] = field(default_factory=list)
    unwritten: int = 0


async def tasks_of(client: Client, workflow_ids: Iterable[str], killed: datetime) -> Tasks:
    """Count the workflow tasks of these workflows since a worker was killed."""
    tasks = Tasks()
    for workflow_id in workflow_ids:
        history = await client.get_workflow_handle(workflow_id).fetch_history()
        count_tasks(tasks, history.events, killed)
    return tasks


def count_tasks(tasks: Tasks, events: Iterable[HistoryEvent], killed: datetime) -> None:
    """Add what one history says."""
    by_id: dict[int, HistoryEvent] = {}
    old: set[str] = set()
    """The killed worker's identity and its sticky queue."""
    before = written = 0
    for event in events:
        by_id[event.event_id] = event
        after = event.event_time.ToDatetime(tzinfo=killed.tzinfo) > killed
        if not after:
            before += 1
            old.add(_worker_of(event))
            continue
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
                attempt = event.workflow_task_scheduled_event_attributes.attempt
                tasks.unwritten += max(attempt - 1 - written, 0)
            case EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
                tasks.completed += 1
                written = 0
            case EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                tasks.failed.append(event.workflow_task_failed_event_attributes.failure.message)
                written += 1
            case EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
                _count_timeout(tasks, event, by_id, old)
                written += 1
    tasks.events_before.append(before)


def _count_timeout(tasks: Tasks, event: HistoryEvent, by_id: dict[int, HistoryEvent], old: set[str]) -> None:
    timed_out = event.workflow_task_timed_out_event_attributes
    started = timed_out.timeout_type == TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
    taken_by = _worker_of(by_id[timed_out.started_event_id if started else timed_out.scheduled_event_id])
    if taken_by in old:
        tasks.lost += 1
    elif started:
        tasks.start_to_close += 1
    else:
        tasks.schedule_to_start += 1


def _worker_of(event: HistoryEvent) -> str:
    """Return the worker that took a workflow task, or the queue on which one waits for its worker."""
    if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
        return event.workflow_task_started_event_attributes.identity
    return event.workflow_task_scheduled_event_attributes.task_queue.name
