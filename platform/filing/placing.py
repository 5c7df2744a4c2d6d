"""In which phase of a plan an act is, and as which role it is done."""

from ..plan import Plan
from . import events
from .events import Act

OF_THE_FILING = (
    events.Cancel,
    events.Hold,
    events.Resume,
    events.Note,
    events.Reassign,
    events.ResolveAgain,
)
"""Acts that answer nothing in the filing."""


def find_phase(plan: Plan, act: Act) -> str | None:
    """Return the phase that an act is in; None for one of the filing as a whole."""
    if isinstance(act, OF_THE_FILING):
        return None
    if isinstance(act, events.Attach):
        name = act.shown.document
        return next((one.made_in for one in plan.documents if one.id == name), plan.phases[0].id)
    named = getattr(act, "phase", None) or getattr(act, "request", None) or getattr(act, "task", "")
    return str(named).split(".")[0]


def find_role(plan: Plan, act: Act) -> str | None:
    """Return the role whose work an act of a colleague is: of its phase, its task, or who makes exceptions.

    None for an act of the filing as a whole, or of a phase that the plan does not have.
    """
    found = find_phase(plan, act)
    phase = next((one for one in plan.phases if one.id == found), None)
    if phase is None:
        return None
    if isinstance(act, events.Waive):
        return phase.four_eyes_exception or phase.role
    if isinstance(act, events.TaskDone):
        name = act.task.split(".")[1]
        to = next((one.task.to for one in phase.automations if one.id == name and one.task), None)
        return to.name if to and to.kind == "role" and to.name else phase.role
    return phase.role
