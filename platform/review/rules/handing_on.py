"""The class of what decides whether and when something goes out: legal, as that is.

So is what a deadline of the law is chosen by or counts from. What goes out is `outgoing.list_goals`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from ...plan import (
    Automation,
    FactDefinition,
    FormField,
    Offer,
    Outcome,
    Phase,
    Plan,
    Role,
)
from ..calendar import is_later
from ..deciding import decides_guard
from ..documents import is_check
from ..outgoing import Outgoing, list_goals
from ..reaching import OFFER, WAIT, lies_on_every_way
from ..standing import list_checking
from .base import Told, holds_alike, is_unused


def _list_sides(told: Told, *kinds: type) -> Iterator[tuple[Outgoing, Any]]:
    """Yield what goes out before and after, each with what around a difference is of one of some types.

    What is new or gone stands for itself on both sides. The office has nothing that goes out.
    """
    own = isinstance(told.item, kinds)
    two = (told.item, told.item) if own else told.find_two(kinds) or ()
    for plan, one in zip(told.roots, two, strict=False):
        if isinstance(plan, Plan):
            yield Outgoing(plan), one


# --- phases -----------------------------------------------------------------------------------------------


def class_of_phase(told: Told) -> str:
    """Return the class of whether a phase is done at all, or where it comes.

    Legal where it delivers, offers, starts another filing, or records what decides that; where it can be left
    past such a phase; and where a delivery waits for it. A new phase on every way to what goes out asks
    people for it: legal where that is a title, a role that no template had or four eyes that keep others out,
    and staffing where it is a role that this template had not.
    """
    if told.kind == "moved":
        return class_of_order(told)
    if holds_alike(told):
        return "flow"
    sides = [*_list_sides(told, Phase)]
    ids = {phase.id for _, phase in sides}
    if any(phase.offer or ids & out.list_deciding() for out, phase in sides):
        return "legal"
    if not isinstance(told.item, Phase):
        return "flow"
    if any(phase.not_before and out.is_to_come(phase) for out, phase in sides):
        return "legal"
    return _class_of_asking(told) if told.kind == "added" else "flow"


def _class_of_asking(told: Told) -> str:
    """Return the class of a new phase by whom it asks for."""
    phase, before, after = told.item, *told.roots
    if not _holds_up(after, phase):
        return "flow"
    titled = any(one.qualification for one in after.roles if one.id == phase.role)
    if phase.qualification or titled or is_unused(told, phase.role) or _keeps_more_out(told, phase):
        return "legal"
    return "flow" if any(one.role == phase.role for one in before.phases) else "staffing"


def _keeps_more_out(told: Told, phase: Phase) -> bool:
    """Say whether the four eyes of a new phase keep out whom those of no phase of its role did."""
    before, after = told.roots
    known = [_list_kept_out(before, one.four_eyes) for one in before.phases if one.role == phase.role]
    return not any(_list_kept_out(after, phase.four_eyes) <= one for one in (*known, set()))


def _list_kept_out(plan: Plan, phases: tuple[str, ...]) -> set[str]:
    """Return the roles whose work phases are."""
    return {one.role for one in plan.phases if one.id in phases}


def class_of_four_eyes(told: Told) -> str:
    """Return the class of whose own work nobody checks: staffing where it is more work of the same roles."""
    old, meant, new = told.before or (), told.difference.meant or told.before or (), told.after or ()
    kept_out = _list_kept_out(told.roots.before, old)
    same = {*meant} < {*new} and _list_kept_out(told.roots.after, new) <= kept_out
    return "staffing" if same else "legal"


def class_of_role(told: Told) -> str:
    """Return the class of who does a phase.

    Legal where it checks, as who checks is what the law asks; where a role that checks leaves what has to be
    ticked, or decides on a guard, to one that does not; and where a role that no template had comes to do
    what something that goes out comes after.
    """
    sides = [*zip(told.roots, told.find_two(Phase) or (), strict=False)]
    if any(is_check(phase) for _, phase in sides) or _is_trusted_less(told):
        return "legal"
    unused = told.kind == "changed" and is_unused(told, told.after)
    return "legal" if unused and any(_holds_up(*side) for side in sides) else "staffing"


def _is_trusted_less(told: Told) -> bool:
    checked, checks = map(list_checking, told.roots)
    two = told.find_two(Phase)
    if two is None or told.before not in checked or told.after in checks:
        return False
    plan, phase = told.roots.before, two.before
    facts = (one.id for one in plan.facts if phase.id in one.set_in)
    ticked = any(one.required for one in phase.checkpoints)
    return ticked or any(decides_guard(plan, ("facts", one)) for one in facts)


def _holds_up(plan: Plan, phase: Phase) -> bool:
    """Say whether each way to something that goes out leads through a phase."""
    return any(lies_on_every_way(plan, phase.id, one.id) for one in Outgoing(plan).goals)


def class_of_begin(told: Told) -> str:
    """Return the class of when a phase can begin: legal where it is new or later, before what goes out."""
    to_come = any(out.is_to_come(phase) for out, phase in _list_sides(told, Phase))
    return "legal" if to_come and _is_later(told) else "timing"


def class_of_target(told: Told) -> str:
    """Return the class of the day by which a phase should be done: legal where what goes out has none now.

    Nothing is then late before its deadline is, and no policy holds the one against the other. So it is where
    a deadline of the law that no delivery meets is kept by the phase no more, as it is due only after that.
    """
    two = told.find_two(Phase)
    if two is None:
        return "timing"
    was, still = (
        any(one.id == phase.id for one in list_goals(plan))
        for plan, phase in zip(told.roots, two, strict=True)
    )
    return "legal" if was and (told.kind == "removed" or not still) else "timing"


def _is_later(told: Told) -> bool:
    """Say whether something can begin only later than it did, or may do so: earlier is what is certain."""
    old, new = told.before, told.after
    if old is None or new is None:
        return new is not None
    return is_later(old, new, told.calendar)


def class_of_order(told: Told) -> str:
    """Return the class of another order: legal where what goes out newly waits, or what decides it comes
    first, and where that is no longer so.
    """
    before, after = ({one.id for one in plan.phases} for plan in told.roots)
    old, new = ({*Outgoing(plan).list_first()} for plan in told.roots)
    return "legal" if (old ^ new) & before & after else "flow"


def class_of_qualification(told: Told) -> str:
    """Return the class of which title is asked: legal where fewer people may do what all ways to something
    that goes out lead through.
    """
    old, new = told.before or (), told.after or ()
    fewer = bool(new) and (not old or not {*old} <= {*new})
    if not fewer or not isinstance(told.roots.after, Plan):
        return "staffing"  # each plan with the role tells the same change
    roles = {one.id for one in told.find_two(Role) or ()}
    phases = {one.id for one in told.find_two(Phase) or ()}
    asked = ((plan, one) for plan in told.roots for one in plan.phases)
    mine = ((plan, one) for plan, one in asked if one.role in roles or one.id in phases)
    return "legal" if any(_holds_up(plan, one) for plan, one in mine) else "staffing"


# --- what happens by itself -------------------------------------------------------------------------------


def class_of_automation(told: Told) -> str:
    """Return the class of whether something happens by itself.

    Legal where it starts another filing, or asks what decides whether something goes out.
    """
    if told.kind == "moved" or holds_alike(told):
        return "flow"
    sides = _list_sides(told, Automation)
    return "legal" if any(one.start or out.is_asked(one.request) for out, one in sides) else "flow"


def class_of_moment(told: Told) -> str:
    """Return the class of when something happens by itself.

    Legal where it starts another filing: a day after its phase is done never comes.
    """
    return "legal" if any(one.start for one in told.find_two(Automation) or ()) else "timing"


# --- ways and waits ---------------------------------------------------------------------------------------


def class_of_way(told: Told) -> str:
    """Return the class of a way in which a phase is left.

    Legal where it leads past what goes out, or past what decides whether it does, and where fewer filings
    would get to what goes out without it.
    """
    if told.kind == "moved" or told.find(Automation) is not None or holds_alike(told):
        return "flow"
    sides = zip(_list_around(told), _find_ways(told), strict=False)
    out_by_it = (out.is_missed(phase, way) or out.is_led(phase, way) for (out, phase), way in sides)
    return "legal" if any(out_by_it) else "flow"


def _list_around(told: Told) -> Iterator[tuple[Outgoing, Phase]]:
    sides = zip(told.roots, told.find_two(Phase) or (), strict=False)
    return ((Outgoing(plan), phase) for plan, phase in sides)


def class_of_wait(otherwise: str) -> Callable[[Told], str]:
    """Return what gives the class of how long a phase waits: legal where something goes out after it."""

    def classify(told: Told) -> str:
        return "legal" if told.kind != "moved" and _is_awaited(told) else otherwise

    return classify


def class_of_giving_up(told: Told) -> str:
    """Return the class of whether a wait ends: legal before what goes out, and where it leads past that."""
    return "legal" if _is_awaited(told) else class_of_way(told)


def class_of_giving_up_day(told: Told) -> str:
    """Return the class of when a wait ends: legal where it does so before what goes out, or past that."""
    return "legal" if class_of_giving_up(told) == "legal" else "timing"


def class_of_chase(told: Told) -> str:
    """Return the class of whether somebody is chased in a wait: legal where that is what ends it."""
    return class_of_giving_up(told) if told.item.give_up else "flow"


def class_of_block(told: Told) -> str:
    """Return the class of what a phase is for: legal for what goes out, and for a wait before that."""
    handed_on = any(one is not None and one.kind in ("offer", "deliver") for one in (told.before, told.after))
    return "legal" if handed_on or _is_awaited(told) else "flow"


def _is_awaited(told: Told) -> bool:
    inside = told.find(Automation) is not None
    return not inside and any(out.is_awaited(phase) for out, phase in _list_around(told))


def _find_ways(told: Told) -> tuple[str, str]:
    """Return by which way it is, before and after: an outcome by its id."""
    if isinstance(told.item, Outcome):
        return told.item.id, told.item.id
    outcomes = told.find_two(Outcome)
    if outcomes:
        return outcomes.before.id, outcomes.after.id
    ends = told.difference.owner is Offer and told.difference.field == "may_end"
    return (OFFER, OFFER) if ends else (WAIT, WAIT)


# --- what decides it --------------------------------------------------------------------------------------


def class_of_fact(told: Told) -> str:
    """Return the class of what is recorded, and whether: legal where something goes out by it."""
    return _class_of_deciding(told, "facts", FactDefinition)


def class_of_question(told: Told) -> str:
    """Return the class of whether a question is asked: legal where something goes out by the answer."""
    return "flow" if holds_alike(told) else _class_of_deciding(told, "answers", FormField)


def _class_of_deciding(told: Told, group: str, kind: type) -> str:
    legal = any((group, one.id) in out.names for out, one in _list_sides(told, kind))
    return "legal" if legal and told.kind != "moved" else "flow"


def class_of_notice_day(told: Told) -> str:
    """Return the class of where the day of a notice is recorded: legal where the law counts from it."""
    facts = zip(told.roots, (told.before, told.after), strict=True)
    if any(("facts", fact) in Outgoing(plan).names for plan, fact in facts):
        return "legal"
    return class_of_wait("flow")(told)


def class_of_start(told: Told) -> str:
    """Return the class of whether filings begin: legal where they deliver or have a deadline of the law."""
    plans = [plan for plan in told.roots if isinstance(plan, Plan)]
    owed = any(one.law for plan in plans for one in plan.deadlines)
    return "legal" if owed or any(one.deliver for plan in plans for one in plan.phases) else "flow"
