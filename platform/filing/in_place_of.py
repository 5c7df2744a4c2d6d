"""In whose place somebody acted: what the timeline says of a stand-in beside their own name (R2, R45)."""

from collections.abc import Collection

from ..data import replace
from ..plan import Plan
from .events import Act, Cancel, Hold, Note, Reassign, Resume, TaskDone
from .outcome import Entry
from .permissions import does_work_of, find_absent, responsible_roles
from .state import State
from .tasks import list_doers
from .turn import Reader
from .whole_filing import roles_over_all

IN_PLACE_OF = "in_place_of"
"""In the data of an entry: the colleague in whose place it was done."""


def name_absent(plan: Plan, state: State, act: Act, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return what an act left on the timeline, each entry of its own with in whose place it was done.

    Judged by the state before it. Whoever acts in a role of their own acts for nobody else.
    """
    if not (act.by.instead_of or act.by.stands_in):
        return entries
    before = Reader(plan, state, act.at)
    return tuple(_name(before, act, one) if one.by == act.by.id else one for one in entries)


def _name(before: Reader, act: Act, entry: Entry) -> Entry:
    person = find_absent(before, _list_roles(before, act, entry), act.by)
    return replace(entry, data={**entry.data, IN_PLACE_OF: person}) if person else entry


def _list_roles(before: Reader, act: Act, entry: Entry) -> Collection[str]:
    """Return the roles of which one allowed the act."""
    if isinstance(act, Note):
        return ()
    if isinstance(act, Cancel | Hold | Resume | Reassign):
        return roles_over_all(before)
    if isinstance(act, TaskDone):
        return list_doers(before, act.task)
    phase = before.rules.find_phase(entry.phase) if entry.phase else None
    roles = responsible_roles(before, phase) if phase else ()
    if any(does_work_of(before, role, act.by) for role in roles):
        return roles
    return [role.id for role in before.plan.roles]  # one to which what was asked has escalated
