"""Which days of the plan have passed when a filing starts: a late start is told so beforehand (R27, R30)."""

from collections.abc import Iterable, Iterator
from datetime import date

from ...data import Struct
from ...filing.rules import Rules
from ...filing.state import Origin
from ...period import Period, in_words
from ...plan import Name, Phase, Plan
from ...words import join_in_dutch
from .plausible import find_created

_MOST = 3
"""Phases that are named; the others are counted."""


def may_have_passed(plan: Plan, period: Period, begins: date) -> bool:
    """Say whether a start on a day comes later than the plan means it, so that days may have passed."""
    created = find_created(plan, period)
    return created is None or begins > created


class Passed:
    """Says what has passed by a start: worked out once for relations that the plan treats alike."""

    def __init__(self) -> None:
        self._named: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._known: dict[tuple[object, ...], str] = {}

    def say(self, digest: str, plan: Plan, origin: Origin, begins: date) -> str:
        """Return what has passed when a filing begins, behind '; ' (Dutch), or nothing."""
        if digest not in self._named:
            self._named[digest] = tuple(sorted({*_list_names(plan)}))
        values = {"relation": origin.relation, "product": origin.product}
        read = tuple(values[kind].get(name) for kind, name, *_ in self._named[digest])
        key = (digest, origin.start_date, begins, read)
        if key not in self._known:
            self._known[key] = _say(Rules(plan, origin), begins)
        return self._known[key]


def _list_names(part: object) -> Iterator[tuple[str, ...]]:
    """Yield what of a relation or product the conditions of a part name."""
    if isinstance(part, Name) and part.path[0] in ("relation", "product"):
        yield part.path
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from _list_names(getattr(part, name))
    elif isinstance(part, tuple):
        for one in part:
            yield from _list_names(one)


def _say(rules: Rules, begins: date) -> str:
    phases = [one for one in rules.plan.phases if rules.holds(one.condition)]
    law = [
        f"de laatste dag van '{one.title}' ({in_words(day)})"
        for one in rules.deadlines()
        if (day := rules.deadline_day(one.id)) and day < begins
    ]
    targets = {
        one.title: day for one in phases if one.due and (day := rules.target_day(one.due)) and day < begins
    }
    escalated = {one.title: day for one in phases if (day := _find_escalation(rules, one)) and day <= begins}
    said = [
        *law,
        *_say_of("de streefdatum van", targets),
        *_say_of("de escalatie van", escalated),
    ]
    later = ", die nu later komt" if escalated else ""
    return f"; al voorbij: {'; '.join(said)}{later}" if said else ""


def _say_of(what: str, days: dict[str, date]) -> Iterator[str]:
    named = [f"'{title}' ({in_words(day)})" for title, day in days.items()]
    rest = len(named) - _MOST
    if rest > 1:
        named = [*named[:_MOST], f"nog {rest} fasen"]
    if named:
        yield f"{what} {join_in_dutch(named)}"


def _find_escalation(rules: Rules, phase: Phase) -> date | None:
    """Return the first day on which something in a phase would have escalated."""
    asked = (one.chase for one in phase.automations if rules.holds(one.condition))
    every: Iterable[date | None] = (
        rules.target_day(chase.escalate.on) for chase in (phase.chase, *asked) if chase and chase.escalate
    )
    return min((day for day in every if day), default=None)
