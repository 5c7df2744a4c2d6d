"""The workers of one process, and how its threads are shared out among what is outside.

Each outside system has a task queue of its own and so many threads: one that is slow holds those, and what
needs another system goes on beside it. Following deliveries is apart from delivering, since a filing follows
for days and delivers once.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from .bulk_workflow import BulkWorkflow
from .commands import CARRY_OUT, DELIVER, FOLLOW, SEND, queue_of
from .filing_workflow import FilingWorkflow, records_queue
from .recurrence_workflow import RecurrenceWorkflow

PASSED_THROUGH = (
    "annotated_types",
    "jinja2",
    "kantoor.clock",
    "kantoor.data",
    "kantoor.days",
    "kantoor.filing",
    "kantoor.period",
    "kantoor.plan",
    "kantoor.runtime.acts",
    "kantoor.runtime.commands",
    "kantoor.runtime.converter",
    "kantoor.runtime.inputs",
    "kantoor.runtime.filing_workflow",
    "kantoor.runtime.office_timer",
    "kantoor.runtime.outlook",
    "kantoor.runtime.own_plans",
    "kantoor.recurrence",
    "kantoor.rights",
    "kantoor.runtime.search_attributes",
    "msgspec",
    "pydantic",
    "pydantic_core",
)
"""Modules that workflows share with the process: pure, and too dear to import again for every filing.

The sandbox proves nothing of them; `tests/runtime/test_workflow_code.py` does.
"""

RECORD_THREADS = 4
ACTIVITY_THREADS = 10
"""For what only asks the office's own database and Temporal: offers, recurrences."""

SHARES = {SEND: 8, DELIVER: 12, FOLLOW: 12, CARRY_OUT: 2}
"""Threads for each activity that waits for a system outside (the mail server, Digipoort's two services), or
that goes on for long: bulk runs, of which so many at once are carried out. The workflow of a run is on that
queue too: on that of the filings it would wait behind the first steps of all that it started."""

WORKFLOWS: dict[str, list[type]] = {CARRY_OUT: [BulkWorkflow]}
"""Workflows on the queue of an activity; the first worker knows them for runs of before they were there."""

REPLAY_SECONDS = 0.125
"""CPU that replaying a filing of 300 events takes, at most (docs/measured.md)."""

SLOWNESS = 5
"""So many times slower than measured a machine may be, or be made by what else runs on it."""

CORES_BESIDE = 4
"""With so many cores a worker has one for itself; with fewer it shares with the server and the database."""


def choose_tasks_at_once(cores: int, task_seconds: float) -> int:
    """Return how many workflow tasks a worker can take on at once and still answer each in time.

    All of them may have to be replayed, and one process replays on one core however many there are (the GIL).
    The SDK wants two at least: one for its own sticky queue, one for the queue that all workers share.
    """
    share = min(1, cores / CORES_BESIDE)
    return max(2, int(task_seconds * share / (REPLAY_SECONDS * SLOWNESS)))


def count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workflow_runner() -> SandboxedWorkflowRunner:
    """Return the sandbox in which workflows run, here and when histories are replayed."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    )


def make_workers(
    client: Client,
    task_queue: str,
    activities: Sequence[Callable[..., Any]],
    records: Sequence[Callable[..., Any]],
    *,
    sticky_queue_seconds: float = 10,
    graceful_seconds: float = 5,
    max_cached_workflows: int = 1000,
    task_seconds: float = 10,
    tasks_at_once: int | None = None,
) -> tuple[Worker, ...]:
    """Return the worker of workflows and of the office's own activities, the one that records, the others.

    Each of the others has one queue of `SHARES`; the first knows their activities too, which filings of
    before these queues still ask of it.

    Without `tasks_at_once` it takes on as many workflow tasks as this machine can answer in `task_seconds`.
    """
    main = Worker(
        client,
        task_queue=task_queue,
        workflows=[FilingWorkflow, RecurrenceWorkflow, BulkWorkflow],
        activities=list(activities),
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS, "activity"),
        max_concurrent_activities=ACTIVITY_THREADS,
        max_cached_workflows=max_cached_workflows,
        max_concurrent_workflow_tasks=tasks_at_once or choose_tasks_at_once(count_cores(), task_seconds),
        workflow_runner=workflow_runner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=sticky_queue_seconds),
        graceful_shutdown_timeout=timedelta(seconds=graceful_seconds),
    )
    recording = Worker(
        client,
        task_queue=records_queue(task_queue),
        activities=list(records),
        activity_executor=ThreadPoolExecutor(RECORD_THREADS, "record"),
        max_concurrent_activities=RECORD_THREADS,
        graceful_shutdown_timeout=timedelta(seconds=graceful_seconds),
    )
    others = [
        Worker(
            client,
            task_queue=queue_of(task_queue, name),
            workflows=WORKFLOWS.get(name, []),
            workflow_runner=workflow_runner(),
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=sticky_queue_seconds),
            activities=list(activities),
            activity_executor=ThreadPoolExecutor(threads, name),
            max_concurrent_activities=threads,
            max_concurrent_activity_task_polls=2,
            graceful_shutdown_timeout=timedelta(seconds=graceful_seconds),
        )
        for name, threads in SHARES.items()
    ]
    return main, recording, *others
