"""Letting the clock of a practice office run on, as `practice run` does (R56)."""

import asyncio
import contextlib
import logging
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ...clock import Clock, PracticeClock
from ...office.office_clock import clock_of, office_now
from ..desk import Desk
from ..progress import Telling
from ..results import Refusal

if TYPE_CHECKING:
    from temporalio.client import Client

_log = logging.getLogger(__name__)

CLOSING = time(18)
"""A clock that is to run until a day stops here on it: after office hours, before any deadline of the day."""
MOST_DAYS = 366
AGAIN_SECONDS = 2.0

PAST = Refusal(code="past_day", text="De klok kan niet terug: kies een latere dag.", field="day")
TOO_FAR = Refusal(code="too_far", text="Kies een dag binnen een jaar vanaf nu.", field="day")


def is_practice(desk: Desk) -> bool:
    """Say whether this office has a clock of its own. Raises DatabaseError."""
    return isinstance(desk.read(clock_of), PracticeClock)


def end_of_next_day(now: datetime) -> date:
    """Return the day until which the clock runs where it is asked for one day more."""
    return now.date() + timedelta(days=0 if now.time() < CLOSING else 1)


async def let_time_run(desk: Desk, day: date) -> Refusal | None:
    """Let the clock run until the end of a day at the office; None once it does.

    That is in the database then, and whoever lives by the clock is told in the background of this loop
    (`Desk.telling`), however many they are, until each has heard. Where that is cut off nothing is lost:
    `kantoor up` looks at the clock, and does the same of one that was moved.

    The same day again does no harm. Raises ValueError for an office that keeps real time, DatabaseError and
    ServerAwayError.
    """
    from ...runtime.practice_clock import write_moved

    now, until = await desk.ask(office_now), datetime.combine(day, CLOSING)
    if until <= now:
        return PAST
    if until > now + timedelta(days=MOST_DAYS):
        return TOO_FAR
    client = await desk.client()
    async with desk.moving_clock:
        before = desk.telling
        if before is not None and before.task is not None:
            before.task.cancel()  # of two clocks the last has to be heard last
            await asyncio.wait([before.task])
        clock, ids = await asyncio.to_thread(write_moved, desk.equipment.database, until)
        telling = desk.telling = Telling(len(ids))
        telling.task = asyncio.create_task(_tell(client, ids, clock, telling))
    return None


async def _tell(client: "Client", ids: tuple[str, ...], clock: Clock, telling: Telling) -> None:
    """Tell all of the clock, and those that did not answer again, by signals, which wait for no worker."""
    from temporalio.service import RPCError

    from ...runtime.client import move_clock, reanchor

    left = ids
    try:
        left = await move_clock(client, ids, clock, tell=telling.count)
    except RPCError as error:
        _log.warning("not all have heard of the clock yet (%s); they are told again", error.status.name)
    while left:
        await asyncio.sleep(AGAIN_SECONDS)
        with contextlib.suppress(RPCError):
            left = await reanchor(client, left, clock)
        telling.told = telling.total - len(left)
