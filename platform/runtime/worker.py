"""The worker: runs workflows and activities until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from ..equipment import Equipment, open_equipment
from ..sbr.registry import REPORTS, Reports
from ..settings import Settings
from .activities.bulk import Bulk, Carry
from .activities.deliveries import Deliveries
from .activities.following import Following
from .activities.message_links import MessageLinks
from .activities.messages import Messages
from .activities.offers import Offers
from .activities.other_filings import OtherFilings
from .activities.outgoing import Outgoing
from .activities.recording import Recording
from .activities.recurrences import Recurrences
from .catching_up import CatchingUp, CaughtUp
from .connecting import connect, server_mend
from .office_mark import claim_server
from .rounds import make_rounds
from .search_attributes import register
from .starter import Starter
from .task_queues import make_workers

WATCH_MOST = timedelta(minutes=1)
"""The longest wait between two looks at a filing that another waits for: both are the office's own."""

_log = logging.getLogger(__name__)


def run(settings: Settings, say: Callable[[str], None], carry: Carry | None = None) -> None:
    """Run a worker until SIGTERM or Ctrl-C; `say` gets one line when it is ready, `carry` does bulk lines.

    Raises DatabaseError, KeyFileError, SettingsError and ServerAwayError. The caller must flush and end the
    process with `os._exit`: a process that used temporalio may abort in an ordinary exit.
    """
    gc.freeze()  # what is loaded stays: each look through all of it keeps who acts waiting for 0.1 s
    asyncio.run(_until_signal(settings, say, carry))


async def run_worker(
    settings: Settings,
    stop: asyncio.Event,
    say: Callable[[str], None],
    reports: Reports = REPORTS,
    carry: Carry | None = None,
) -> None:
    """Run a worker until `stop` is set; see `run`. Without `carry` bulk runs wait for one that has it."""
    equipment = await asyncio.to_thread(open_equipment, settings, reports)
    if equipment.news:
        say(equipment.news)
    try:
        client = await connect(settings.temporal, equipment.ring, mend=server_mend(settings), logs=True)
        await claim_server(client, equipment)
        await register(client)
        async with contextlib.AsyncExitStack() as stack:
            for worker in make_office_workers(equipment, client, carry):
                await stack.enter_async_context(worker)
            rounds = asyncio.create_task(make_rounds(equipment, client))
            queue = settings.temporal.task_queue
            say(f"worker ready: task queue {queue} of {settings.temporal.address}")
            await stop.wait()
            rounds.cancel()
    finally:
        equipment.close()


def make_office_workers(
    equipment: Equipment, client: Client, carry: Carry | None = None
) -> tuple[Worker, ...]:
    """Return the workers with all activities, on an office's own parts; see `run_worker` of `carry`."""
    settings = equipment.settings
    bulk = [Bulk(equipment, carry).carry_out] if carry else []
    return make_workers(
        client,
        settings.temporal.task_queue,
        [*activities_of(equipment, client), *bulk],
        [Recording(equipment.database, equipment.document_ring, catch_up_of(equipment, client)).record],
        sticky_queue_seconds=equipment.timing.sticky_queue_seconds,
        max_cached_workflows=settings.worker.cached_workflows,
        task_seconds=settings.worker.task_seconds,
        tasks_at_once=settings.worker.tasks_at_once,
    )


def catch_up_of(equipment: Equipment, client: Client) -> Callable[[str], object]:
    """Return what fetches the steps that the office lacks of a filing; called in a thread of an activity."""
    loop, catching_up = asyncio.get_running_loop(), CatchingUp(equipment, client)

    def catch_up(workflow_id: str) -> CaughtUp:
        caught_up = asyncio.run_coroutine_threadsafe(catching_up.catch_up(workflow_id), loop).result()
        for first, last in caught_up.fetched:
            _log.warning("%s: the database lacked steps %d to %d", workflow_id, first, last)
        return caught_up

    return catch_up


def activities_of(equipment: Equipment, client: Client) -> list[Callable[..., Any]]:
    """Return all activities but the one that records, on an office's own parts."""
    settings, timing, gateway = equipment.settings, equipment.timing, equipment.gateway()
    database, documents = equipment.database, equipment.documents
    outgoing = Outgoing(
        documents,
        equipment.reports,
        identity_type=settings.digipoort.identity_type,
        role=settings.digipoort.role,
    )
    poll = timedelta(seconds=timing.poll_seconds)
    names_us = settings.digipoort.acknowledgement_names == "aanleverkenmerk"
    messages = Messages(
        database,
        equipment.document_ring,
        equipment.mail_server(),
        MessageLinks(settings.base_url, timedelta(days=settings.portal.link_days)),
        timing.activity_seconds * 0.8,
        poll,
    )
    deliveries = Deliveries(
        database,
        documents,
        gateway,
        outgoing,
        margin=timedelta(seconds=timing.skew_seconds),
        poll=poll,
        names_us=names_us,
        most=timing.sendings_most,
    )
    following = Following(
        database,
        documents,
        gateway,
        outgoing,
        poll=poll,
        most=timedelta(seconds=timing.poll_most_seconds),
        patience=timedelta(hours=settings.digipoort.judgement_hours),
        names_us=names_us,
    )
    starter = Starter(equipment, client)
    recurrences = Recurrences(database, starter)
    others = OtherFilings(database, equipment.document_ring, starter, poll=poll, most=WATCH_MOST)
    return [
        messages.send,
        Offers(database, equipment.document_ring).resolve,
        deliveries.deliver,
        following.follow,
        recurrences.begin,
        recurrences.save,
        others.watch,
        others.start,
        others.find,
        others.leave_note,
    ]


async def _until_signal(settings: Settings, say: Callable[[str], None], carry: Carry | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run_worker(settings, stop, say, carry=carry)
