"""Deadlines: a deadline ends at midnight; it was missed when the next day begins before it was met.

A delivery meets it. Where nothing is delivered for it, the phases that have it as their target do
(`Rules.phases_meeting`). What was sent by its day was in time, though the authority answers later: only
where it refuses, the deadline was missed after all.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from ..days import DAY
from ..plan import Phase
from .construct import Construct, Order, Wait
from .deliveries import was_sent_by
from .state import Told
from .turn import Reader, Turn, put

DeadlineStatus = Literal["open", "met", "met_late", "missed"]


class Deadlines(Construct):
    """What is told when a day has passed."""

    def dates(self, reader: Reader) -> Iterator[Wait]:
        """Yield the days on which deadlines will have been missed."""
        if reader.case.ended:
            return
        for deadline in reader.plan.deadlines:
            day = reader.rules.deadline_day(deadline.id)
            phase = _first_to_come(reader, deadline.id)
            if day and phase and not _was_told(reader, deadline.id, day):
                yield Wait(day + DAY, Order.MISSED, phase.id, deadline.id)


def deadline_status(reader: Reader, deadline: str) -> DeadlineStatus:
    """Return whether a deadline is open, was met or was missed."""
    day = reader.rules.deadline_day(deadline)
    told = _find_told(reader, deadline, day) if day else None
    if day and told and _first_to_come(reader, deadline):
        return "met" if _was_all_sent(reader, deadline, day) else "missed"
    if _first_to_come(reader, deadline):
        return "open"
    last = _find_last_day(reader, deadline)
    late = day is not None and last > day if last else told is not None and not told.sent
    return "met_late" if late else "met"


def is_needless(reader: Reader, deadline: str) -> bool:
    """Say whether nobody has to meet a deadline: the filing ended before it, or what it is for was skipped.

    Of phases that only aim at it that is the one that comes nearest, such as an objection after a check. One
    whose day passed, or that a phase is still to come for, somebody has or had to meet.
    """
    status = deadline_status(reader, deadline)
    if reader.case.ended and status == "open":
        return not _ends_late(reader)
    if status != "met" or _first_to_come(reader, deadline):
        return False
    meeting = reader.rules.phases_meeting(deadline)
    if not any(phase.deliver for phase in meeting):
        days = {
            phase.id: day for phase in meeting if phase.due and (day := reader.rules.target_day(phase.due))
        }
        last = max(days.values(), default=None)
        meeting = tuple(phase for phase in meeting if days.get(phase.id) == last)
    return all(reader.status(phase.id) == "skipped" for phase in meeting)


def _ends_late(reader: Reader) -> bool:
    """Say whether a filing came to an end that the planner shows as late: what the law asks is not done."""
    end = reader.case.ended.end if reader.case.ended else None
    return any(one.id == end and one.planner == "te_laat" for one in reader.plan.ends)


def first_due(reader: Reader) -> date | None:
    """Return the earliest open deadline of a filing that has not ended, or None."""
    return min(list_open_days(reader), default=None)


def list_open_days(reader: Reader) -> list[date]:
    """Return the days, as far as known, of the deadlines that a filing still has to meet."""
    days = (reader.rules.deadline_day(name) for name in _open_deadlines(reader))
    return [day for day in days if day]


def last_due(reader: Reader) -> date | None:
    """Return the earliest open deadline, or the latest of all deadlines when none is open.

    None while the day of what is open is not known.
    """
    if _open_deadlines(reader):
        return first_due(reader)
    days = (reader.rules.deadline_day(d.id) for d in reader.plan.deadlines)
    return max((day for day in days if day), default=None)


def _open_deadlines(reader: Reader) -> list[str]:
    """Return the deadlines of a filing that has not ended that are not met."""
    if reader.case.ended:
        return []
    return [d.id for d in reader.rules.deadlines() if deadline_status(reader, d.id) in ("open", "missed")]


def _find_last_day(reader: Reader, deadline: str) -> date | None:
    """Return the day on which the last thing was done for a deadline; None where no delivery has its day.

    What is delivered by hand may be recorded later than it was done, and what was sent be answered later,
    also after the deadline was told.
    """
    known, days = False, []
    for phase in reader.rules.phases_meeting(deadline):
        state, delivery = reader.phase_state(phase.id), reader.delivery_state(phase.id)
        sent = delivery and (delivery.on or delivery.sent)
        if sent:
            known = True
            days.append(sent)
        elif state and state.entered and state.ended:
            days.append(state.ended.date())
    return max(days) if known else None


def _first_to_come(reader: Reader, deadline: str) -> Phase | None:
    """Return the first phase that a deadline still waits for, or None where it is met."""
    return next(_list_to_come(reader, deadline), None)


def _list_to_come(reader: Reader, deadline: str) -> Iterator[Phase]:
    over = ("completed", "skipped")
    return (p for p in reader.rules.phases_meeting(deadline) if reader.status(p.id) not in over)


def _was_all_sent(reader: Reader, deadline: str, day: date) -> bool:
    """Say whether all that a deadline still waits for was sent by its day, and stands."""
    return all(was_sent_by(reader, phase, day) for phase in _list_to_come(reader, deadline))


def _find_told(reader: Reader, deadline: str, day: date) -> Told | None:
    return next((t for t in reader.case.told if t.deadline == deadline and t.day == day), None)


def _was_told(reader: Reader, deadline: str, day: date) -> bool:
    """Say whether nothing is left to be told of a day that has passed."""
    told = _find_told(reader, deadline, day)
    return told is not None and (not told.sent or _was_all_sent(reader, deadline, day))


def _tell_missed(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Tell that a deadline was missed, once for a day; keep silent where all was sent by it."""
    day = wait.on - DAY
    told = Told(deadline=wait.key, day=day, sent=_was_all_sent(turn, wait.key, day))
    turn.set(told=put(turn.case.told, told, lambda t: (t.deadline, t.day)))
    if told.sent:
        return
    title = turn.rules.deadline(wait.key).title
    turn.tell("deadline_missed", None, phase.id, title=title, due=day.isoformat())


DEADLINES = Deadlines()
Deadlines.fires = {Order.MISSED: _tell_missed}
