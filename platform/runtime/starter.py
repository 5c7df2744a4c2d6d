"""Starting filings with a database and a client: one at a time, repeatable, never twice (R27)."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from temporalio.client import Client

from ..clock import PracticeClock
from ..equipment import Equipment
from ..office.filings.filing import find_filing
from ..office.office_clock import clock_of, office_now
from ..settings import Transport
from .client import reanchor, start_filing
from .inputs import Timing
from .preparing import NotReady, Prepared, Started, StartRequest, prepare, write_row

T = TypeVar("T")


class Starter:
    """Starts filings of one office."""

    def __init__(self, equipment: Equipment, client: Client) -> None:
        self._database = equipment.database
        self._client = client
        self._settings = equipment.settings
        self._needs = equipment.reports.identity_needs()

    async def start(self, wanted: StartRequest) -> Started | NotReady:
        """Start a filing if the relation is ready, or say everything that is missing.

        Raises ServerAwayError, RPCError and DatabaseError; then the same call again goes on.
        """
        prepared = await asyncio.to_thread(self._write, wanted)
        if not isinstance(prepared, Prepared):
            return prepared
        clock = await self._read(clock_of)
        timing = self._settings.timing(isinstance(clock, PracticeClock))
        key = prepared.start.filing
        new = await start_filing(
            self._client,
            self._settings.temporal.task_queue,
            prepared.plan,
            prepared.start,
            clock,
            timing_of(timing),
            self._settings.worker.task_seconds,
        )
        # Whoever moved the clock meanwhile listed the open filings, perhaps without this one.
        moved = await self._read(clock_of)
        if moved != clock:
            await reanchor(self._client, [key.workflow_id], moved)
        filing = await self._read(lambda connection: find_filing(connection, key.workflow_id))
        assert filing is not None
        return Started(filing=filing, again=not new)

    def _write(self, wanted: StartRequest) -> Prepared | Started | NotReady:
        """Prepare and write the row; one that was started already needs no readiness any more."""
        with self._database.read() as connection:
            there = find_filing(connection, wanted.key.workflow_id)
            if there and (there.recorded or there.status != "gepland"):
                return Started(filing=there, again=True)
            prepared = prepare(connection, wanted, office_now(connection), self._needs)
        if isinstance(prepared, NotReady):
            return prepared
        with self._database.write() as connection:
            return write_row(connection, prepared)

    async def _read(self, ask: Callable[[Connection], T]) -> T:
        def read() -> T:
            with self._database.read() as connection:
                return ask(connection)

        return await asyncio.to_thread(read)


def timing_of(transport: Transport) -> Timing:
    """Return what of the transport settings travels with a filing."""
    return Timing(
        activity_seconds=transport.activity_seconds,
        record_seconds=transport.record_seconds,
        delivery_seconds=transport.delivery_seconds,
        retry_seconds=transport.retry_seconds,
        retry_most_seconds=transport.retry_most_seconds,
    )
