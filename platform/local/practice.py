"""The practice office (R56): an office on a clock of its own, which starts on a day that you choose."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

import msgspec
from sqlalchemy import Connection, select
from temporalio.client import Client

from ..clock import Clock, PracticeClock
from ..equipment import Equipment, open_equipment, open_own_database, refuse_real_endpoints
from ..office.database.engine import Database
from ..office.database.migrate import check_schema, upgrade
from ..office.database.tables import filings, relations
from ..office.filings.filing import list_filings
from ..office.filings.recurrences import list_recurrences
from ..office.office_clock import clock_of, last_office_time, write_clock
from ..office.own_home import is_claimed, refuse_in_copy
from ..plan import Model
from ..runtime import practice_clock
from ..runtime.reaching import reach_server
from ..service.upkeep.practice_time import CLOSING
from ..settings import Settings
from .clocks import read_clock, write_clock_file
from .errors import LocalError, MisuseError
from .programs import clock_file

Shown = Callable[[datetime], None]
"""Gets what the clock shows, now and then."""

BEGIN = time(9, 0)
"""The hour that a new practice office's clock shows: the office has opened, and the day's work has come."""

MORNING_OVER = time(12, 0)
"""What starts on a day has started by this hour, whenever the office opens."""

MOST_AHEAD = timedelta(days=366)
"""So far the clock runs without being asked whether that is meant."""
STARTS_SECONDS = 30
"""Real seconds that starts get after the clock has come where it was to stop."""

_HAS_FILINGS = "the office in {} has filings already: give a practice office a home of its own (KANTOOR_HOME)"
_HAS_RELATIONS = (
    "the office in {} has relations and keeps real time: give a practice office a home of its own "
    "(KANTOOR_HOME), or turn this one into a practice office for good with --convert"
)


class PracticeTime(Model):
    """A practice office's clock as people want it: what it shows, how fast, until when."""

    shows: datetime
    seconds_per_day: float
    until: datetime
    runs: bool
    """False when it stands still: it has come where it was to stop, or no kantoor up runs."""


def init(settings: Settings, day: date, seconds_per_day: float, *, converts: bool = False) -> PracticeTime:
    """Make the office a practice office whose clock stands still on the morning of `day`.

    An office that keeps real time and has relations becomes one only with `converts`; one with filings never.
    Raises MisuseError then, LocalError when it runs, SettingsError when something outside is real.
    """
    refuse_real_endpoints(settings)
    if is_claimed(settings.home):
        raise LocalError("stop kantoor up first: the clock of a running office cannot be replaced")
    refuse_in_copy(settings.home, settings.machine)
    database = open_own_database(settings)
    try:
        upgrade(database)
        moment = datetime.combine(day, BEGIN)
        clock = PracticeClock(
            real_anchor=datetime.now(UTC),
            office_anchor=moment,
            seconds_per_day=seconds_per_day,
            until=moment,
        )
        with database.write() as connection:
            if connection.execute(select(filings.c.id).limit(1)).first() is not None:
                raise MisuseError(_HAS_FILINGS.format(settings.home))
            if not converts and _keeps_real_time_for_somebody(connection):
                raise MisuseError(_HAS_RELATIONS.format(settings.home))
            write_clock(connection, msgspec.to_builtins(clock), moment)
        write_clock_file(clock_file(settings), clock)
        return show(settings, database)
    finally:
        database.close()


def _keeps_real_time_for_somebody(connection: Connection) -> bool:
    """Say whether this is an office with relations that was not made to practise in."""
    real = not isinstance(clock_of(connection), PracticeClock)
    return real and connection.execute(select(relations.c.number).limit(1)).first() is not None


async def run(settings: Settings, database: Database, client: Client, until: datetime) -> tuple[str, ...]:
    """Let the clock run on to a moment; return the filings that have not heard of it yet.

    They are told again by `kantoor up`, which must run. Raises MisuseError for a moment that has passed.
    """
    clock = _practice_clock(await asyncio.to_thread(read_clock, database))
    if until < clock.office_time(datetime.now(UTC)):
        raise MisuseError(f"the office's clock is already past {until:%Y-%m-%d %H:%M} and cannot go back")
    missed = await practice_clock.set_until(database, client, until)
    await _write_file(settings, database)
    return missed


async def pause(settings: Settings, database: Database, client: Client) -> tuple[str, ...]:
    """Let the clock stand still at what it shows; return the filings that have not heard of it yet."""
    _practice_clock(await asyncio.to_thread(read_clock, database))
    missed = await practice_clock.pause(database, client)
    await _write_file(settings, database)
    return missed


async def wait(database: Database, until: datetime, shown: Shown) -> datetime:
    """Wait until the clock shows a moment, or stands still before it; return what it shows then.

    And a little longer for what started meanwhile, so that whoever looks then finds it. `shown` gets the time
    now and then.
    """
    while True:
        clock = _practice_clock(await asyncio.to_thread(read_clock, database))
        now = clock.office_time(datetime.now(UTC))
        shown(now)
        if now >= min(until, clock.until):
            await _wait_for_starts(database, now)
            return now
        await asyncio.sleep(min(0.2, clock.seconds_per_day))


async def _wait_for_starts(database: Database, now: datetime) -> None:
    """Wait until every start that is due is in the database, for at most STARTS_SECONDS."""
    limit = monotonic() + STARTS_SECONDS
    while True:
        if monotonic() > limit or not await asyncio.to_thread(_has_pending_starts, database, now):
            return
        await asyncio.sleep(0.1)


def _has_pending_starts(database: Database, now: datetime) -> bool:
    with database.read() as connection:
        waiting = [one for one in list_recurrences(connection) if one.status == "running" and not one.problem]
        days = [one.next_start for one in waiting]
        days += [filing.start_date for filing in list_filings(connection, status="gepland")]
    return any(datetime.combine(day, MORNING_OVER) <= now for day in days)


def show(settings: Settings, database: Database) -> PracticeTime:
    """Return what the office's clock shows. Raises LocalError for an office that has none of its own."""
    with database.read() as connection:
        clock = _practice_clock(clock_of(connection))
        last = last_office_time(connection)
    running = is_claimed(settings.home)
    shows = clock.office_time(datetime.now(UTC)) if running or last is None else last
    return PracticeTime(
        shows=shows,
        seconds_per_day=clock.seconds_per_day,
        until=clock.until,
        runs=running and shows < clock.until,
    )


@dataclass(frozen=True)
class RunningPractice:
    """A practice office that runs, as whoever moves its clock meets it."""

    equipment: Equipment
    client: Client

    async def run(self, until: datetime) -> tuple[str, ...]:
        """Let the clock run on to a moment; see `run`."""
        return await run(self.equipment.settings, self.equipment.database, self.client, until)

    async def pause(self) -> tuple[str, ...]:
        """Let the clock stand still; see `pause`."""
        return await pause(self.equipment.settings, self.equipment.database, self.client)

    async def wait(self, until: datetime, shown: Shown) -> datetime:
        """Wait until the clock shows a moment, or stands still before it; see `wait`."""
        return await wait(self.equipment.database, until, shown)

    def show(self) -> PracticeTime:
        """Return what the clock shows."""
        return show(self.equipment.settings, self.equipment.database)


@asynccontextmanager
async def running_practice(settings: Settings) -> AsyncIterator[RunningPractice]:
    """Open a practice office that runs: a clock moves only there, and is shown to every filing.

    Raises LocalError where none runs, DatabaseError, KeyFileError, SettingsError and ServerAwayError.
    """
    if not is_claimed(settings.home):
        _open_checked_database(settings).close()  # where there is no office, none is to be started
        refuse_in_copy(settings.home, settings.machine)
        raise LocalError(
            "the office is not running: start it with kantoor up (its clock is stopped until then)"
        )
    equipment = await asyncio.to_thread(open_equipment, settings)
    try:
        patience = timedelta(seconds=settings.temporal.answer_seconds)
        yield RunningPractice(equipment, await reach_server(equipment, patience))
    finally:
        equipment.close()


def show_clock(settings: Settings) -> PracticeTime:
    """Return what the office's clock shows, whether it runs or not. Raises LocalError and DatabaseError."""
    database = _open_checked_database(settings)
    try:
        return show(settings, database)
    finally:
        database.close()


def check_near(settings: Settings, until: datetime) -> None:
    """Raise MisuseError when a moment is more than a year ahead of what the clock shows, such as in 2062.

    Raises LocalError and DatabaseError too, as `show_clock` does.
    """
    shows = show_clock(settings).shows
    if until - shows > MOST_AHEAD:
        raise MisuseError(
            f"{until:%Y-%m-%d %H:%M} is more than a year after {shows:%Y-%m-%d %H:%M}, which the clock "
            "shows, and the clock cannot go back: add --anyway if that is meant"
        )


def closing_of(day: datetime) -> datetime:
    """Return the moment that `--until` means: the one written, or the end of the office day."""
    return datetime.combine(day, CLOSING) if day.time() == time() else day


def _open_checked_database(settings: Settings) -> Database:
    database = open_own_database(settings)
    try:
        check_schema(database)
    except Exception:
        database.close()
        raise
    return database


def _practice_clock(clock: Clock) -> PracticeClock:
    if isinstance(clock, PracticeClock):
        return clock
    raise LocalError(
        "this office uses real time: kantoor practice init makes a practice office, in a home of "
        "its own (KANTOOR_HOME)"
    )


async def _write_file(settings: Settings, database: Database) -> None:
    clock = _practice_clock(await asyncio.to_thread(read_clock, database))
    await asyncio.to_thread(write_clock_file, clock_file(settings), clock)
