"""The last day of a return that waits for the authority, also once it has passed or counts as met.

What was sent by its day meets its deadline, so that the filing's earliest open deadline is another one then,
or none: of a return that nobody has judged yet its own day still says how long one can wait.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from ...plan import Plan


def find_last_day(
    plan: Plan, phases: Collection[str], view: Mapping[str, Any] | None, due: date | None
) -> date | None:
    """Return the earliest last day of what these active phases deliver, by the filing's view.

    Without any it is the filing's earliest open deadline (`due`).
    """
    wanted = {one.deliver.deadline for one in plan.phases if one.id in phases and one.deliver}
    days = (one["due"] for one in (view or {}).get("deadlines", ()) if one["id"] in wanted)
    return min((date.fromisoformat(day) for day in days if day), default=due)
