"""The practice clock on this machine: its file for the simulator, and hearing of every change."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from temporalio.client import Client

from ..clock import Clock, PracticeClock
from ..files import write_whole
from ..office.database.engine import Database
from ..office.office_clock import clock_of, write_clock
from ..runtime.client import reanchor
from ..runtime.practice_clock import open_workflows

LOOK_SECONDS = 0.5
AGAIN_SECONDS = 2
"""How long after a change all are told once more: a start may have carried the clock from before it."""


class ClockKeeper:
    """Keeps file and filings by the clock in the database, whoever moved it."""

    def __init__(self, database: Database, client: Client, file: Path) -> None:
        self._database = database
        self._client = client
        self._file = file
        self._known: Clock | None = None
        self._due = float("inf")

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once: write the file when the clock has changed, and tell all open work a little later."""
        clock = await asyncio.to_thread(read_clock, self._database)
        if not isinstance(clock, PracticeClock):
            return
        if clock != self._known:
            await asyncio.to_thread(write_clock_file, self._file, clock)
            self._known, self._due = clock, time.monotonic() + AGAIN_SECONDS
        if time.monotonic() >= self._due:
            self._due = float("inf")
            missed = await reanchor(self._client, await asyncio.to_thread(_open, self._database), clock)
            if missed:
                self._due = time.monotonic() + AGAIN_SECONDS


def read_clock(database: Database) -> Clock:
    """Return the office's clock."""
    with database.read() as connection:
        return clock_of(connection)


def write_clock_file(file: Path, clock: PracticeClock) -> None:
    """Write the clock where the simulator reads it, whole or not at all."""
    write_whole(file, msgspec.json.encode(clock))


def pause_for_good(database: Database) -> None:
    """Stop a practice clock at what it shows, once no worker runs; the next start tells the filings."""
    real = datetime.now(UTC)
    with database.write() as connection:
        clock = clock_of(connection)
        if isinstance(clock, PracticeClock):
            stopped = clock.set_until(real, datetime.min)
            write_clock(connection, msgspec.to_builtins(stopped), stopped.office_time(real))


def _open(database: Database) -> tuple[str, ...]:
    with database.read() as connection:
        return open_workflows(connection)
