"""The class of what decides whether something is delivered, offered or begun: legal, as what that is."""

from typing import Any

from ...plan import Automation, FactDefinition, Offer, Outcome, Phase, Plan
from ..saying import list_names
from ..ways_past import OFFER, WAIT, list_ways
from .base import Told


def class_of_phase(told: Told) -> str:
    """Return the class of whether a phase is done at all.

    Legal where it delivers, offers, starts another filing, or can be left past a delivery.
    """
    phases = (told.item,) if isinstance(told.item, Phase) else told.find_two(Phase) or ()
    if any(phase.deliver or phase.offer or _starts(phase) for phase in phases):
        return "legal"
    ids = {phase.id for phase in phases}
    past = (one for plan in told.roots for one in list_ways(plan) if ids and one.start.id in ids)
    return "legal" if any(one.over.deliver for one in past) else "flow"


def class_of_automation(told: Told) -> str:
    """Return the class of whether something happens by itself: legal where it starts another filing."""
    some = (told.item,) if isinstance(told.item, Automation) else told.find_two(Automation) or ()
    return "legal" if any(one.start for one in some) else "flow"


def _starts(phase: Phase) -> bool:
    return any(one.start for one in phase.automations)


def class_of_way(told: Told) -> str:
    """Return the class of a way in which a phase is left: legal where it leads past a delivery."""
    phases = told.find_two(Phase)
    if phases is None or told.kind == "moved" or told.find(Automation) is not None:
        return "flow"
    sides = zip(told.roots, phases, _find_ways(told), strict=True)
    return "legal" if any(_misses(plan, phase, way) for plan, phase, way in sides) else "flow"


def class_of_fact(told: Told) -> str:
    """Return the class of whether a fact is recorded: legal where a delivery hangs on it."""
    sides = zip(told.roots, told.find_two(FactDefinition) or (), strict=False)
    return "legal" if any(("facts", fact.id) in _list_decisive(plan) for plan, fact in sides) else "flow"


def _list_decisive(plan: Plan) -> set[tuple[str, ...]]:
    """Return the names of what decides whether something is delivered."""
    phases = [phase for phase in plan.phases if phase.deliver]
    sent = {phase.deliver.document for phase in phases if phase.deliver}
    when = [phase.condition for phase in phases]
    when += [one.condition for one in plan.documents if one.id in sent]
    return {path for condition in when for path in list_names(condition)}


def class_of_start(told: Told) -> str:
    """Return the class of whether filings begin: legal where they deliver or have a deadline of the law."""
    plans = [plan for plan in told.roots if isinstance(plan, Plan)]
    owed = any(one.law for plan in plans for one in plan.deadlines)
    return "legal" if owed or any(one.deliver for plan in plans for one in plan.phases) else "flow"


def _find_ways(told: Told) -> tuple[str, str]:
    """Return by which way it is, before and after: an outcome by its id."""
    if isinstance(told.item, Outcome):
        return told.item.id, told.item.id
    outcomes = told.find_two(Outcome)
    if outcomes:
        return outcomes.before.id, outcomes.after.id
    ends = told.difference.owner is Offer and told.difference.field == "may_end"
    return (OFFER, OFFER) if ends else (WAIT, WAIT)


def _misses(plan: Any, phase: Phase, way: str) -> bool:
    return any(one.start.id == phase.id and one.over.deliver and one.id == way for one in list_ways(plan))
