"""By when open work is due: none of the team is without a day, also once every deadline has passed (R44).

The day that a plan gives work is part of what a move to another plan tells, and so of recorded histories:
what is said here is for whoever looks at the work, and `list_work` goes without it.
"""

from datetime import date

from ..data import replace
from ..plan import Chase, Phase
from .construct import WorkItem
from .deadlines import last_due
from .state import RequestState, TaskState
from .tasks import find_automation
from .turn import Reader


def give_day(reader: Reader, item: WorkItem) -> WorkItem:
    """Return work of the team with a day, where the plan gives it none; the client's as it is."""
    phase = reader.rules.find_phase(item.phase)
    if item.due or phase is None or not (item.roles or item.person):
        return item
    every: tuple[TaskState | RequestState, ...] = (*reader.case.tasks, *reader.case.requests)
    asked = next((one for one in every if one.id == item.id), None)
    if asked is None:
        return replace(item, due=_find_day(reader, phase, None, None))
    automation = find_automation(reader, asked)
    chase = automation.chase if automation else None
    return replace(item, due=_find_day(reader, phase, _find_since(asked, item), chase))


def _find_since(asked: TaskState | RequestState, item: WorkItem) -> date:
    """Return since when something asked is the team's: made, or for an answer the day on which it came."""
    came = []
    if isinstance(asked, RequestState) and item.kind in ("received", "received_late"):
        came = [one.at.date() for one in asked.items if one.status == "received"]
    return min(came, default=asked.made.date())


def _find_day(reader: Reader, phase: Phase, since: date | None, chase: Chase | None) -> date | None:
    """Return the day by which something that waits for the team in a phase is due; None where none is known.

    That is the target date of the phase; else the day on which it, or `chase`, gives up or escalates; else
    the filing's own last day. What was asked `since` some day is due by the first of these that was to come
    then; where all had passed, it is late since the last of them.
    """
    if since is None and phase.due:
        return None  # a target that hangs on something: people read that it is not known yet
    chases = [one for one in (chase, phase.chase) if one]
    rules = [
        *([phase.due] if phase.due else []),
        *(one.give_up.on for one in chases if one.give_up),
        *(one.escalate.on for one in chases if one.escalate),
    ]
    days = [day for day in (*map(reader.rules.target_day, rules), last_due(reader)) if day]
    if since is None:
        return days[0] if days else None
    return next((day for day in days if day >= since), max(days, default=None))
