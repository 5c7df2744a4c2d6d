"""Deadlines: a deadline ends at midnight; it was missed when the next day begins without the delivery."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from ..days import DAY
from ..plan import Deliver, Phase
from .construct import Construct, Order, Wait
from .state import Told
from .turn import Reader, Turn, put

DeadlineStatus = Literal["open", "met", "met_late", "missed"]


class Deadlines(Construct):
    """What is told when a day has passed."""

    def dates(self, reader: Reader) -> Iterator[Wait]:
        """Yield the days on which deadlines will have been missed."""
        if reader.case.ended:
            return
        for phase in reader.plan.phases:
            if not isinstance(phase.block, Deliver) or reader.status(phase.id) in ("completed", "skipped"):
                continue
            day = reader.rules.deadline_day(phase.block.deadline)
            if day and not _was_told(reader, phase.block.deadline, day):
                yield Wait(day + DAY, Order.MISSED, phase.id, phase.block.deadline)


def deadline_status(reader: Reader, deadline: str) -> DeadlineStatus:
    """Return whether a deadline is open, was met or was missed; without a delivery it stays open."""
    deliveries = [p for p in reader.plan.phases if p.deliver and p.deliver.deadline == deadline]
    over = [reader.status(phase.id) in ("completed", "skipped") for phase in deliveries]
    day = reader.rules.deadline_day(deadline)
    missed = day is not None and _was_told(reader, deadline, day)
    if over and all(over):
        return "met_late" if missed else "met"
    return "missed" if missed else "open"


def _was_told(reader: Reader, deadline: str, day: date) -> bool:
    return any(t.deadline == deadline and t.day == day for t in reader.case.told)


def _tell_missed(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Tell that a deadline was missed, once for a day."""
    day = wait.on - DAY
    told = Told(deadline=wait.key, day=day)
    turn.set(told=put(turn.case.told, told, lambda t: (t.deadline, t.day)))
    title = turn.rules.deadline(wait.key).title
    turn.tell("deadline_missed", None, phase.id, title=title, due=day.isoformat())


DEADLINES = Deadlines()
Deadlines.fires = {Order.MISSED: _tell_missed}
