"""By when open work is due: none of the team is without a day, also once every deadline has passed (R44)."""

from datetime import date

from ..plan import Chase, Phase
from .deadlines import last_due
from .turn import Reader


def due_day(
    reader: Reader, phase: Phase, since: date | None = None, chase: Chase | None = None
) -> date | None:
    """Return the day by which something that waits for the team in a phase is due; None where none is known.

    That is the target date of the phase; else the day on which it, or `chase`, gives up or escalates; else
    the filing's own last day. What was asked `since` some day is due by the first of these that was to come
    then; where all had passed, it is late since the last of them.
    """
    if since is None and phase.due and reader.rules.target_day(phase.due) is None:
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
