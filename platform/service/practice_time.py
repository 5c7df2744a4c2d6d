"""Letting the clock of a practice office run on, as `practice run` does (R56)."""

from datetime import date, datetime, time, timedelta

from ..clock import PracticeClock
from ..office.office_clock import clock_of
from .desk import Desk
from .results import Refusal

CLOSING = time(18)
"""A clock that is to run until a day stops here on it: after office hours, before any deadline of the day."""
MOST_DAYS = 366

PAST = Refusal(code="past_day", text="De klok kan niet terug: kies een latere dag.", field="day")
TOO_FAR = Refusal(code="too_far", text="Kies een dag binnen een jaar vanaf nu.", field="day")


def is_practice(desk: Desk) -> bool:
    """Say whether this office has a clock of its own. Raises DatabaseError."""
    return isinstance(desk.read(clock_of), PracticeClock)


def end_of_next_day(now: datetime) -> date:
    """Return the day until which the clock runs where it is asked for one day more."""
    return now.date() + timedelta(days=0 if now.time() < CLOSING else 1)


async def let_time_run(desk: Desk, day: date) -> Refusal | None:
    """Let the clock run until the end of a day at the office; None once it runs.

    The same day again does no harm. Raises ValueError for an office that keeps real time, DatabaseError and
    ServerAwayError.
    """
    from ..runtime.practice_clock import set_until

    now, until = desk.now(), datetime.combine(day, CLOSING)
    if until <= now:
        return PAST
    if until > now + timedelta(days=MOST_DAYS):
        return TOO_FAR
    await set_until(desk.equipment.database, await desk.client(), until)
    return None
