"""The worker of the hand-written return: `python -m bench.bare_worker`, with an office's settings.

The office's own activities, converter, codec and sandbox; a record activity and task queues of its own.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from kantoor.equipment import open_equipment
from kantoor.runtime.connecting import connect
from kantoor.runtime.task_queues import ACTIVITY_THREADS, PASSED_THROUGH, RECORD_THREADS
from kantoor.runtime.worker import activities_of
from kantoor.settings import load_settings

from .bare_inputs import QUEUE, RECORDS, texts
from .bare_recording import BareRecording
from .bare_return import BareReturn

PASSED = ("bench.bare_inputs", "bench.bare_return", "bench.bare_rules", "kantoor", "msgspec", *PASSED_THROUGH)


def make_workers(
    client: Client, activities: Sequence[Callable[..., Any]], records: Sequence[Callable[..., Any]]
) -> tuple[Worker, Worker]:
    """Return the worker of workflows and activities, and the one that records."""
    texts()  # read now: inside the sandbox reading would import the compiler again
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED)
    main = Worker(
        client,
        task_queue=QUEUE,
        workflows=[BareReturn],
        activities=list(activities),
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS, "activity"),
        max_concurrent_activities=ACTIVITY_THREADS,
        workflow_runner=SandboxedWorkflowRunner(restrictions=restrictions),
    )
    recording = Worker(
        client,
        task_queue=RECORDS,
        activities=list(records),
        activity_executor=ThreadPoolExecutor(RECORD_THREADS, "record"),
        max_concurrent_activities=RECORD_THREADS,
    )
    return main, recording


async def serve() -> None:
    """Work until the process is ended."""
    equipment = open_equipment(load_settings())
    client = await connect(equipment.settings.temporal, equipment.ring, logs=True)
    recording = BareRecording(equipment.database, equipment.document_ring)
    main, records = make_workers(client, activities_of(equipment, client), [recording.record])
    async with main, records:
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
    sys.stdout.flush()
    os._exit(0)
