"""Titles that change places: each still names something, but not what people know by it."""

from collections.abc import Iterator
from typing import NamedTuple

from ...plan import (
    Deadline,
    Document,
    FactDefinition,
    Form,
    FormField,
    Office,
    Option,
    Outcome,
    Phase,
    Plan,
    Product,
    Role,
)
from ..deciding import decides_guard
from ..documents import is_handed_on
from ..outgoing import Outgoing
from ..passing import is_guarding, list_required
from ..saying import quote
from ..standing import list_checking
from ..ways_past import list_past
from .base import Say, Told, swap
from .handing_on import class_of_fact, class_of_question
from .naming import class_of_title


class Swapped(NamedTuple):
    """Another item of the list whose title this one took, or which took its own."""

    other: str
    took: bool


def find_swapped(told: Told) -> Swapped | None:
    """Return which item of the same list had the title that this one has, or newly has what this had."""
    if told.kind != "changed" or len(told.difference.chain) < 2:
        return None
    around, item = told.difference.chain[-2:]
    for field in type(around.after).__struct_fields__:
        before, after = getattr(around.before, field), getattr(around.after, field)
        if isinstance(after, tuple) and any(one is item.after for one in after):
            had = [one.id for one in before if one is not item.before and one.title == told.after]
            alike = {one.id for one in before if one.title == told.before}
            has = [one.id for one in after if one.id not in alike and one.title == told.before]
            return next(
                (Swapped(one, took) for took, some in ((True, had), (False, has)) for one in some), None
            )
    return None


def swap_title(changed: str) -> Say:
    """Return what says another title, and of one that another item of the list had that it is that one's."""
    said = swap(changed)

    def say(told: Told) -> str:
        swapped = find_swapped(told)
        if swapped is None:
            return said(told)
        other = quote(swapped.other)
        more = f"the title that {other} had" if swapped.took else f"and {other} has the title that it had"
        return f"{said(told)}, {more}: whoever goes by it takes the one for the other"

    return say


def class_of_name(told: Told) -> str:
    """Return the class of a title: that of a text, unless another thing of its list had it.

    Then it says something else than it did: legal where what goes out, a deadline of the law or a guard hangs
    on what it is of, and else flow.
    """
    swapped = find_swapped(told)
    if swapped is None:
        return class_of_title(told)
    return "legal" if any(_list_matters(told, swapped.other)) else "flow"


def _list_matters(told: Told, other: str) -> Iterator[bool]:
    """Yield of each side whether something hangs on which of two things of a list is which."""
    owner = told.difference.owner
    for plan, item in zip(told.roots, told.difference.chain[-1], strict=True):
        ids = {item.id, other}
        if isinstance(plan, Office):
            yield owner is Product
        elif owner is Outcome:
            yield from _list_past(plan, told)
        elif owner is Document:
            yield any(is_handed_on(plan, one) for one in ids)
        elif owner is Phase:
            yield any(is_guarding(one) for one in plan.phases if one.id in ids)
        elif owner is Role:
            yield not ids.isdisjoint(list_checking(plan))
        elif owner is Form:
            yield any(_asks_for_guard(plan, one) for one in ids)
        elif owner is Deadline:
            yield any(one.law for one in plan.deadlines if one.id in ids)
        else:
            yield "legal" in (class_of_fact(told), class_of_question(told))
            yield from _list_guarding(plan, told, ids)


def _list_past(plan: Plan, told: Told) -> Iterator[bool]:
    """Yield of each way past a phase, in which the phase around is left, whether that matters."""
    outgoing, phases = Outgoing(plan), told.find_two(Phase) or ()
    for phase in (one for one in plan.phases if any(one is each for each in phases)):
        outcomes = {one.id for one in phase.outcomes}
        yield any(outgoing.is_missed(phase, one) for one in outcomes)
        for way in list_past(plan):
            yield way.start is phase and way.id in outcomes and is_guarding(way.over)


def _list_guarding(plan: Plan, told: Told, ids: set[str]) -> Iterator[bool]:
    """Yield whether a guard hangs on one of these facts or questions, or on which of two options it is."""
    group = "facts" if told.find(FactDefinition) else "answers"
    if told.difference.owner is not Option:
        yield any(decides_guard(plan, (group, one)) for one in ids)
    for one in told.find_two((FactDefinition, FormField)) or () if told.find(Option) else ():
        yield decides_guard(plan, (group, one.id), tuple(sorted(ids)))


def _asks_for_guard(plan: Plan, form: str) -> bool:
    """Say whether work waits for the answers to a form, or something goes out by them."""
    required = (request for phase in plan.phases for _, request in list_required(phase))
    asked = (one.request for phase in plan.phases for one in phase.automations if one.request)
    outgoing = Outgoing(plan)
    return any(one.form == form for one in required) or any(
        one.form == form and outgoing.is_asked(one) for one in asked
    )
