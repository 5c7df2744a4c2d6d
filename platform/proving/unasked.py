"""What no act hangs on: when work should be done, and what is sent by itself.

Who can do what is the same whatever a plan says of it, so that two plans that differ in nothing else need
no walk for that. That somebody has what could not be sent tried again does not count.
"""

from ..data import replace
from ..exploring.reach import list_date_rules
from ..plan import Automation, Chase, Phase, Plan


def take_unasked(old: Plan, new: Plan) -> Plan:
    """Return the older plan with what the newer says of that on which no act hangs; ids are the same."""
    counted = {rule.anchor for plan in (old, new) for rule in list_date_rules(plan)}
    theirs = {phase.id: phase for phase in new.phases}
    return replace(
        old,
        phases=tuple(
            _take(phase, theirs[phase.id], counts=f"targets.{phase.id}" in counted)
            if phase.id in theirs
            else phase
            for phase in old.phases
        ),
    )


def _take(phase: Phase, other: Phase, *, counts: bool) -> Phase:
    """Return a phase with what another sends by itself; and its target, if no date `counts` from that."""
    chase = _take_reminder(phase.chase, other.chase)
    return replace(
        phase,
        due=phase.due if counts else other.due,
        automations=_take_messages(phase.automations, other.automations),
        block=phase.block if chase == phase.chase else replace(phase.block, chase=chase),
    )


def _take_messages(mine: tuple[Automation, ...], theirs: tuple[Automation, ...]) -> tuple[Automation, ...]:
    """Return automations with others' messages and reminders; with the latter alone where more differs."""
    chased = {one.id: one.chase for one in theirs}
    kept = tuple(replace(one, chase=_take_reminder(one.chase, chased.get(one.id, one.chase))) for one in mine)
    others = ([one for one in some if one.send is None] for some in (kept, theirs))
    return theirs if next(others) == next(others) else kept


def _take_reminder(chase: Chase | None, other: Chase | None) -> Chase | None:
    """Return a chase with another's reminder, and its message of an escalation that both have."""
    remind = other.remind if other else None
    if chase is None:
        return Chase(remind=remind) if remind else None
    taken = replace(chase, remind=remind)
    if other and chase.escalate and other.escalate:
        taken = replace(taken, escalate=replace(chase.escalate, message=other.escalate.message))
    return None if other is None and taken == Chase() else taken
