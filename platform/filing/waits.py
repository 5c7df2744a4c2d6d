"""Dates that a filing waits for, derived from plan and state; a tick fires those that have come."""

from collections.abc import Iterator
from datetime import datetime

from ..plan import Plan
from .advance import entering
from .construct import Order, Wait
from .holds import GOING_ON
from .registry import DATES, FIRES
from .state import State
from .turn import Reader, Turn


def next_wake(plan: Plan, state: State) -> datetime | None:
    """Return the office time of the earliest waiting date, or None when nothing waits for a date."""
    return find_wake(Reader(plan, state))


def find_wake(reader: Reader) -> datetime | None:
    """Return what `next_wake` does, of a filing as its last event left it."""
    first = min(waits(reader), default=None)
    return reader.rules.opening(first.on) if first else None


def waits(reader: Reader) -> Iterator[Wait]:
    """Yield everything that waits for a date; their order is that of `Wait`.

    While the filing is held only the deadlines go on, and the day on which it is resumed.
    """
    if reader.case.ended:
        return
    if reader.held:
        yield from (w for construct in DATES for w in construct.dates(reader) if w.order in GOING_ON)
        return
    for phase in entering(reader):
        day = reader.rules.target_day(phase.not_before) if phase.not_before else None
        if day:
            yield Wait(day, Order.ENTER, phase.id)
    looking = _list_looking(reader)
    for construct in DATES:
        if looking:
            yield from (w for w in construct.dates(reader) if w.phase not in looking or w.order in GOING_ON)
        else:
            yield from construct.dates(reader)


def _list_looking(reader: Reader) -> set[str]:
    """Return the phases that wait for filings of others of whom it is being looked up who they are.

    That is answered at once, and until then no day of theirs comes: a phase that is entered late would be
    given up, or not, by which of the two is first.
    """
    in_flight = reader.in_flight if isinstance(reader, Turn) else reader.state.journal.in_flight
    return {one.phase for one in in_flight if one.what == "find" and one.awaited and not one.withdrawn}


def fire_next(turn: Turn) -> bool:
    """Fire the first date that has come; say whether there was one. Entering a phase is `advance`'s own."""
    due = [w for w in waits(turn) if w.order != Order.ENTER and turn.rules.has_come(w.on, turn.now)]
    if not due:
        return False
    wait = min(due)
    FIRES[wait.order](turn, turn.rules.phase(wait.phase), wait)
    return True
