"""The class of what decides whether and when something is delivered, offered or begun: legal, as that is.

So is what a deadline of the law is chosen by or counts from.

The start of another filing counts as a delivery: a plan does not say what that one delivers.
"""

from collections.abc import Callable, Iterator
from typing import Any

from ...plan import (
    Automation,
    FactDefinition,
    Form,
    FormField,
    Offer,
    Office,
    Option,
    Outcome,
    Phase,
    Plan,
    Request,
    Role,
    WaitFor,
)
from ..deciding import decides_guard
from ..documents import number_stages
from ..passing import is_guarding, lies_on_every_way
from ..reaching import OFFER, WAIT
from ..saying import list_names
from ..ways_past import list_past
from .base import Told, find_swapped, holds_alike
from .dates import find_days
from .naming import class_of_title

Path = tuple[str, ...]


# --- phases -----------------------------------------------------------------------------------------------


def class_of_phase(told: Told) -> str:
    """Return the class of whether a phase is done at all, or where it comes.

    Legal where it delivers, offers, starts another filing, or records what decides that; where it can be left
    past such a phase; and where a delivery waits for it. A new phase on every way to a delivery asks of
    people what the delivery asks: legal where that is a title, and staffing where it is a role of its own.
    """
    if told.kind == "moved":
        return class_of_order(told)
    if holds_alike(told):
        return "flow"
    phases = (told.item,) if isinstance(told.item, Phase) else told.find_two(Phase) or ()
    if any(phase.offer for phase in phases):
        return "legal"
    ids = {phase.id for phase in phases}
    if isinstance(told.item, Phase) and any(_is_held_up(plan, told.item) for plan in told.roots):
        return "legal"
    if any(ids & _list_deciding(plan) for plan in told.roots):
        return "legal"
    return _class_of_asking(told) if told.kind == "added" and isinstance(told.item, Phase) else "flow"


def _class_of_asking(told: Told) -> str:
    """Return the class of a new phase by whom it asks for."""
    phase, before, after = told.item, *told.roots
    if not any(lies_on_every_way(after, phase.id, one.id) for one in after.phases if _hands_on(one)):
        return "flow"
    titled = any(one.qualification for one in after.roles if one.id == phase.role)
    if phase.qualification or titled:
        return "legal"
    return "flow" if any(one.role == phase.role for one in before.phases) else "staffing"


def _list_deciding(plan: Plan) -> set[str]:
    """Return the phases that decide whether or when something is delivered."""
    counting, _ = _find_decisive(plan)
    past = {way.start.id for way in list_past(plan) if way.over.id in counting}
    return {*counting, *past, *(one.id for one in plan.phases if is_awaited(plan, one))}


def class_of_begin(told: Told) -> str:
    """Return the class of when a phase can begin: legal where it is new or later, before a delivery."""
    sides = zip(told.roots, told.find_two(Phase) or (), strict=False)
    to_come = any(_hands_on(phase) or _comes_first(plan, phase) for plan, phase in sides)
    return "legal" if to_come and _is_later(told) else "timing"


def _is_later(told: Told) -> bool:
    """Say whether something can begin only later than it did, or may do so: earlier is what is certain."""
    old, new = told.before, told.after
    if old is None or new is None:
        return new is not None
    if (old.anchor, old.day) == (new.anchor, new.day):
        counts = ((one.months, one.weeks, one.days, one.workdays) for one in (old, new))
        return any(later > sooner for sooner, later in zip(*counts, strict=True))
    days = find_days(told) if {old.anchor, new.anchor} <= _OF_PERIOD else ()
    return not days or any(one.before is None or (one.after or one.before) > one.before for one in days)


_OF_PERIOD = {"period.start", "period.end", "period.year_end"}


def class_of_order(told: Told) -> str:
    """Return the class of another order: legal where a delivery newly waits, or what decides it comes first,
    and where that is no longer so.
    """
    before, after = ({one.id for one in plan.phases} for plan in told.roots)
    old, new = ({*_list_first(plan)} for plan in told.roots)
    return "legal" if (old ^ new) & before & after else "flow"


def _list_first(plan: Plan) -> Iterator[str]:
    """Yield the phases before a delivery that wait, begin no sooner than a day, or record what decides it."""
    counting, _ = _find_decisive(plan)
    for phase in plan.phases:
        records = phase.id in counting and not _hands_on(phase)
        if is_awaited(plan, phase) or _is_held_up(plan, phase) or (records and _comes_first(plan, phase)):
            yield phase.id


def _is_held_up(plan: Plan, phase: Phase) -> bool:
    """Say whether a phase begins no sooner than a day, and something is delivered after it."""
    return phase.not_before is not None and _comes_first(plan, phase)


def is_awaited(plan: Plan, phase: Phase) -> bool:
    """Say whether a phase is a wait that something is delivered after."""
    return isinstance(phase.block, WaitFor) and _comes_first(plan, phase)


def find_delivery_after(plan: Plan, phase: Phase) -> Phase | None:
    """Return the first phase after another that delivers something or starts another filing."""
    stages = number_stages(plan)
    later = (one for one in plan.phases if stages[phase.id] < stages[one.id])
    return next((one for one in later if _hands_on(one)), None)


def _comes_first(plan: Plan, phase: Phase) -> bool:
    there = any(one.id == phase.id for one in plan.phases)
    return there and (_starts(phase) or find_delivery_after(plan, phase) is not None)


def _hands_on(phase: Phase) -> bool:
    return phase.deliver is not None or _starts(phase)


def _starts(phase: Phase) -> bool:
    return any(one.start for one in phase.automations)


def class_of_qualification(told: Told) -> str:
    """Return the class of which title is asked: legal where fewer people may do what a delivery hangs on.

    That is the phase that delivers, and each that all ways to it lead through.
    """
    old, new = told.before or (), told.after or ()
    fewer = bool(new) and (not old or not {*old} <= {*new})
    return "legal" if fewer and any(_delivers_by(plan, told) for plan in told.roots) else "staffing"


def _delivers_by(plan: Plan | Office, told: Told) -> bool:
    roles = {one.id for one in told.find_two(Role) or ()}
    phases = {one.id for one in told.find_two(Phase) or ()}
    if not isinstance(plan, Plan):
        return False  # each plan with the role tells the same change
    asked = [one.id for one in plan.phases if one.role in roles or one.id in phases]
    goals = [one.id for one in plan.phases if _hands_on(one)]
    return any(lies_on_every_way(plan, phase, goal) for phase in asked for goal in goals)


# --- what happens by itself -------------------------------------------------------------------------------


def class_of_automation(told: Told) -> str:
    """Return the class of whether something happens by itself.

    Legal where it starts another filing, or asks what decides whether something is delivered.
    """
    if told.kind == "moved" or holds_alike(told):
        return "flow"
    some = (told.item,) if isinstance(told.item, Automation) else told.find_two(Automation) or ()
    asks = any(_asks(plan, one.request, _find_decisive(plan)[1]) for plan in told.roots for one in some)
    return "legal" if asks or any(one.start for one in some) else "flow"


def class_of_moment(told: Told) -> str:
    """Return the class of when something happens by itself.

    Legal where it starts another filing: a day after its phase is done never comes.
    """
    return "legal" if any(one.start for one in told.find_two(Automation) or ()) else "timing"


# --- ways and waits ---------------------------------------------------------------------------------------


def class_of_way(told: Told) -> str:
    """Return the class of a way in which a phase is left.

    Legal where it leads past a delivery, or past what decides whether there is one.
    """
    phases = told.find_two(Phase)
    if phases is None or told.kind == "moved" or told.find(Automation) is not None or holds_alike(told):
        return "flow"
    sides = zip(told.roots, phases, _find_ways(told), strict=True)
    return "legal" if any(_misses(plan, phase, way) for plan, phase, way in sides) else "flow"


def class_of_wait(otherwise: str) -> Callable[[Told], str]:
    """Return what gives the class of how long a phase waits: legal where something is delivered after it."""

    def classify(told: Told) -> str:
        return "legal" if told.kind != "moved" and _is_awaited(told) else otherwise

    return classify


def class_of_giving_up(told: Told) -> str:
    """Return the class of whether a wait ends: legal before a delivery, and where it then leads past one."""
    return "legal" if _is_awaited(told) else class_of_way(told)


def class_of_chase(told: Told) -> str:
    """Return the class of whether somebody is chased in a wait: legal where that is what ends it."""
    return class_of_giving_up(told) if told.item.give_up else "flow"


def class_of_block(told: Told) -> str:
    """Return the class of what a phase is for: legal for what goes out, and for a wait before that."""
    handed_on = any(one is not None and one.kind in ("offer", "deliver") for one in (told.before, told.after))
    return "legal" if handed_on or _is_awaited(told) else "flow"


def _is_awaited(told: Told) -> bool:
    if told.find(Automation) is not None:
        return False
    sides = zip(told.roots, told.find_two(Phase) or (), strict=False)
    return any(is_awaited(plan, phase) for plan, phase in sides)


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
    counting, _ = _find_decisive(plan)
    counting |= {one.id for one in plan.phases if one.offer or _is_due_by_law(plan, one)}
    return any(
        one.start.id == phase.id and one.over.id in counting and one.id == way for one in list_past(plan)
    )


def _is_due_by_law(plan: Plan, phase: Phase) -> bool:
    """Say whether the target of a phase counts from a deadline of the law that no delivery meets."""
    delivered = {one.deliver.deadline for one in plan.phases if one.deliver}
    owed = {f"deadlines.{one.id}" for one in plan.deadlines if one.law and one.id not in delivered}
    return phase.due is not None and phase.due.anchor in owed


# --- what decides it --------------------------------------------------------------------------------------


def class_of_fact(told: Told) -> str:
    """Return the class of what is recorded, and whether: legal where something is delivered by it."""
    facts = (told.item,) * 2 if isinstance(told.item, FactDefinition) else told.find_two(FactDefinition) or ()
    sides = zip(told.roots, facts, strict=False)
    legal = any(("facts", fact.id) in _find_decisive(plan)[1] for plan, fact in sides)
    return "legal" if legal and told.kind != "moved" else "flow"


def class_of_notice_day(told: Told) -> str:
    """Return the class of where the day of a notice is recorded: legal where the law counts from it."""
    facts = zip(told.roots, (told.before, told.after), strict=True)
    if any(("facts", fact) in _find_decisive(plan)[1] for plan, fact in facts):
        return "legal"
    return class_of_wait("flow")(told)


def class_of_question(told: Told) -> str:
    """Return the class of whether a question is asked: legal where something is delivered by the answer."""
    fields = (told.item,) * 2 if isinstance(told.item, FormField) else told.find_two(FormField) or ()
    sides = zip(told.roots, fields, strict=False)
    plans = (isinstance(plan, Plan) and ("answers", one.id) in _find_decisive(plan)[1] for plan, one in sides)
    return "legal" if any(plans) and told.kind != "moved" and not holds_alike(told) else "flow"


def _find_decisive(plan: Plan) -> tuple[frozenset[str], frozenset[Path]]:
    """Return the phases on which it hangs whether something is delivered or by when the law wants it, and
    the names that decide it.

    What a phase records counts where a condition of one of these reads it, or that of a way past one.
    """
    sent = {phase.deliver.document for phase in plan.phases if phase.deliver}
    when = [one.condition for one in plan.documents if one.id in sent]
    when += [one.condition for phase in plan.phases for one in phase.automations if one.start]
    counted, ended = _list_dating(plan)
    names = frozenset(path for condition in when for path in list_names(condition)) | counted
    phases = frozenset(phase.id for phase in plan.phases if _hands_on(phase)) | ended
    ways = tuple(list_past(plan))
    while True:
        found = phases | {one.id for one in plan.phases if _records(plan, one, names)}
        when = [one.condition for one in plan.phases if one.id in found]
        when += [way.condition for way in ways if way.over.id in found]
        more = names | {path for condition in when for path in list_names(condition)}
        if (found, more) == (phases, names):
            return phases, names
        phases, names = found, more


def _list_dating(plan: Plan) -> tuple[frozenset[Path], frozenset[str]]:
    """Return the names by which deadlines of the law are chosen or count, and the phases they count from.

    One can count from another deadline, which counts in its turn.
    """
    found = {one.id: one for one in plan.deadlines if one.law}
    known = {one.id: one for one in plan.deadlines}
    names: set[Path] = set()
    phases: set[str] = set()
    waiting = list(found.values())
    while waiting:
        one = waiting.pop()
        conditions = (one.condition, *(choice.condition for choice in one.due))
        names.update(path for condition in conditions for path in list_names(condition))
        for rule in (one.earliest, one.latest, *(choice.rule for choice in one.due)):
            group, _, item = rule.anchor.partition(".") if rule else ("", "", "")
            if group == "facts":
                names.add((group, item))
            elif group == "phases":
                phases.add(item)
            elif group == "deadlines" and item in known and item not in found:
                found[item] = known[item]
                waiting.append(known[item])
    return frozenset(names), frozenset(phases)


def _records(plan: Plan, phase: Phase, names: frozenset[Path]) -> bool:
    if any(phase.id in fact.set_in and ("facts", fact.id) in names for fact in plan.facts):
        return True
    return any(_asks(plan, one.request, names) for one in phase.automations)


def _asks(plan: Plan, request: Request | None, names: frozenset[Path]) -> bool:
    forms: tuple[Form, ...] = tuple(one for one in plan.forms if request and one.id == request.form)
    return any(("answers", field.id) in names for form in forms for field in form.fields)


def class_of_name(told: Told) -> str:
    """Return the class of a title by which somebody chooses: that of a text, unless another thing had it.

    Then it says something else than it did: legal where a delivery, a deadline of the law or a guard hangs
    on it.
    """
    swapped = find_swapped(told)
    if swapped is None:
        return class_of_title(told)
    if told.find(Outcome) is not None:
        sides = zip(told.roots, told.find_two(Phase) or (), strict=False)
        ways = [(plan, phase, one.id) for plan, phase in sides for one in phase.outcomes]
        return "legal" if any(_misses(*way) or _is_past_guard(*way) for way in ways) else "flow"
    if "legal" in (class_of_fact(told), class_of_question(told)):
        return "legal"
    return "legal" if any(_list_guarding(told, swapped.other)) else "flow"


def _is_past_guard(plan: Any, phase: Phase, way: str) -> bool:
    passed = (one for one in list_past(plan) if one.start.id == phase.id and one.id == way)
    return any(is_guarding(one.over) for one in passed)


def _list_guarding(told: Told, other: str) -> Iterator[bool]:
    """Yield whether a guard hangs on the fact or question of a title, or on which of two options it is."""
    for group, kind in (("facts", FactDefinition), ("answers", FormField)):
        option = told.find(Option)
        for plan, one in zip(told.roots, told.find_two(kind) or (), strict=False):
            if isinstance(plan, Plan) and option is not None:
                yield decides_guard(plan, (group, one.id), (option.id, other))
            elif isinstance(plan, Plan):
                yield any(decides_guard(plan, (group, item)) for item in (one.id, other))


def class_of_start(told: Told) -> str:
    """Return the class of whether filings begin: legal where they deliver or have a deadline of the law."""
    plans = [plan for plan in told.roots if isinstance(plan, Plan)]
    owed = any(one.law for plan in plans for one in plan.deadlines)
    return "legal" if owed or any(one.deliver for plan in plans for one in plan.phases) else "flow"
