"""Moving a practice office's clock, for all that is open (R56)."""

import asyncio
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection
from temporalio.client import Client

from ..clock import Clock, PracticeClock
from ..office.database.engine import Database
from ..office.filings.filing import list_filings
from ..office.filings.recurrences import list_recurrences
from ..office.office_clock import clock_of, last_office_time, note_office_time, write_clock
from .client import move_clock, reanchor


def open_workflows(connection: Connection) -> tuple[str, ...]:
    """Return the workflow ids of everything that lives by the office's clock: filings and recurrences."""
    filings = (filing.id for filing in list_filings(connection) if filing.status != "afgesloten")
    recurrences = (found.workflow_id for found in list_recurrences(connection) if found.status != "stopped")
    return (*filings, *recurrences)


async def set_until(database: Database, client: Client, until: datetime) -> tuple[str, ...]:
    """Let the office's clock run on to a moment of office time; return what did not hear of it.

    The same call again does no harm. A moment that has passed stops the clock now. Raises ValueError for an
    office that uses real time.
    """
    clock, ids = await asyncio.to_thread(write_moved, database, until)
    return await move_clock(client, ids, clock)


async def pause(database: Database, client: Client) -> tuple[str, ...]:
    """Stop the office's clock at what it shows; return what did not hear of it. Raises ValueError."""
    return await set_until(database, client, datetime.min)


async def resume(database: Database, client: Client) -> tuple[str, ...]:
    """Before a worker runs: go on from the last office time written, never from the wall's.

    An hour switched off would else be ten years. Returns what was not reached; an office that lives by the
    wall's clock needs nothing.
    """
    found = await asyncio.to_thread(_write_resumed, database)
    if found is None:
        return ()
    clock, ids = found
    return await reanchor(client, ids, clock)


def note_time(database: Database) -> None:
    """Write down what a practice clock shows, for `resume` after a crash; nothing while it stands still."""
    with database.read() as connection:
        later = _find_later(connection)
    if later is not None:
        with database.write() as connection:
            later = _find_later(connection)  # the clock may have been moved meanwhile
            if later is not None:
                note_office_time(connection, later)


def _find_later(connection: Connection) -> datetime | None:
    """Return what a practice clock shows, where it is later than what is written down."""
    clock, noted = clock_of(connection), last_office_time(connection)
    if not isinstance(clock, PracticeClock):
        return None
    shown = clock.office_time(datetime.now(UTC))
    return shown if noted is None or noted < shown else None


def write_moved(database: Database, until: datetime) -> tuple[Clock, tuple[str, ...]]:
    """Write that the office's clock runs on to a moment; return it, and the workflows that are to hear of it.

    `kantoor up` tells all of them whatever becomes of who wrote it. Raises ValueError for an office that uses
    real time.
    """
    real = datetime.now(UTC)
    with database.write() as connection:
        clock = clock_of(connection)
        if not isinstance(clock, PracticeClock):
            raise ValueError("this office uses real time")
        moved = clock.set_until(real, until)
        write_clock(connection, msgspec.to_builtins(moved), moved.office_time(real))
        return moved, open_workflows(connection)


def _write_resumed(database: Database) -> tuple[Clock, tuple[str, ...]] | None:
    real = datetime.now(UTC)
    with database.write() as connection:
        clock = clock_of(connection)
        last = last_office_time(connection)
        if not isinstance(clock, PracticeClock) or last is None:
            return None
        resumed = clock.resume_at(real, last)
        write_clock(connection, msgspec.to_builtins(resumed), last)
        return resumed, open_workflows(connection)
