"""The workers of one process: workflows and activities, and records on a queue of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from .filing_workflow import FilingWorkflow, records_queue
from .recurrence_workflow import RecurrenceWorkflow

PASSED_THROUGH = (
    "annotated_types",
    "jinja2",
    "kantoor.clock",
    "kantoor.days",
    "kantoor.filing",
    "kantoor.period",
    "kantoor.plan",
    "kantoor.runtime.acts",
    "kantoor.runtime.commands",
    "kantoor.runtime.inputs",
    "kantoor.runtime.office_timer",
    "kantoor.recurrence",
    "kantoor.rights",
    "kantoor.runtime.search_attributes",
    "pydantic",
    "pydantic_core",
)
"""Modules that workflows share with the process: pure, and too dear to import again for every filing."""

RECORD_THREADS = 4
ACTIVITY_THREADS = 40


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
) -> tuple[Worker, Worker]:
    """Return the worker of workflows and activities, and the one that records."""
    main = Worker(
        client,
        task_queue=task_queue,
        workflows=[FilingWorkflow, RecurrenceWorkflow],
        activities=list(activities),
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS, "activity"),
        max_concurrent_activities=ACTIVITY_THREADS,
        max_cached_workflows=max_cached_workflows,
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
    return main, recording
