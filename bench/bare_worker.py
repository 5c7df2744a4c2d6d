"""The worker of the hand-written return: `python -m bench.bare_worker`, with an office's settings.

The office's own activities, converter, codec and sandbox; workflows and records on task queues of their own.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from kantoor.equipment import Equipment, open_equipment
from kantoor.runtime.activities.deliveries import Deliveries
from kantoor.runtime.activities.following import Following
from kantoor.runtime.activities.messages import Messages
from kantoor.runtime.activities.offers import Offers
from kantoor.runtime.activities.recording import Recording
from kantoor.runtime.connecting import connect
from kantoor.runtime.task_queues import ACTIVITY_THREADS, PASSED_THROUGH, RECORD_THREADS
from kantoor.settings import load_settings

from .bare_inputs import QUEUE, RECORDS, texts
from .bare_return import BareReturn

PASSED = ("bench.bare_inputs", "bench.bare_rules", "kantoor", "msgspec", *PASSED_THROUGH)


def workers_of(equipment: Equipment, client: Client) -> tuple[Worker, Worker]:
    """Return the workers, built as the office's own are."""
    settings, timing, gateway = equipment.settings, equipment.timing, equipment.gateway()
    database, documents = equipment.database, equipment.documents
    poll = timedelta(seconds=timing.poll_seconds)
    messages = Messages(
        database,
        equipment.mail_server(),
        lambda contact, filing: settings.link.format(contact=contact, filing=filing),
        timing.activity_seconds * 0.8,
    )
    deliveries = Deliveries(
        database,
        documents,
        gateway,
        identity_type=settings.digipoort.identity_type,
        role=settings.digipoort.role,
        margin=timedelta(seconds=timing.skew_seconds),
        poll=poll,
    )
    most = timedelta(seconds=timing.poll_most_seconds)
    following = Following(database, documents, gateway, poll=poll, most=most)
    asked: list[Callable[..., Any]] = [
        messages.send,
        Offers(database).resolve,
        deliveries.deliver,
        following.follow,
    ]
    return make_workers(client, asked, [Recording(database).record])


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
    main, records = workers_of(equipment, client)
    async with main, records:
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
    sys.stdout.flush()
    os._exit(0)
