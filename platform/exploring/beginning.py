"""A plan as its filing leaves it: what is known from the start, or settled since, stands for its names.

The machine runs by the whole plan. Who explores asks of this one what conditions still tell apart, and
whether two filings that went otherwise have the same ahead of them.
"""

from collections.abc import Iterator
from typing import Any

from ..data import Struct, replace
from ..filing.conditions import Values, holds, list_names
from ..filing.state import Origin
from ..plan import Absolute, Compare, Deadline, Expression, ListOf, LiteralValue, Logic, Name, Plan
from .reach import Past, Reach
from .telling_apart import Telling

LEARNED = ("facts", "answers")
"""The groups of values that become known while a filing runs."""
TRUE, FALSE = LiteralValue(value=True), LiteralValue(value=False)


def begin(plan: Plan, values: Values, settled: frozenset[Past] = frozenset()) -> Plan:
    """Return a plan with its conditions as what is known decides them; other parts are the same.

    Of what is learned on the way that is what is `settled`. Alternatives of a deadline that are never chosen
    are left out.
    """
    begun: Plan = _begin(plan, values, settled)
    return begun


def list_settled(plan: Plan, telling: Telling, reach: Reach, ahead: frozenset[str]) -> Iterator[Past]:
    """Yield what the course hangs on and no phase ahead can change: facts other than dates, and answers."""
    days = {("facts", fact.id) for fact in plan.facts if fact.type == "date"}
    for path in sorted(telling.names):
        if path[0] in LEARNED and path not in days and not reach.can_come((path[0], path[1]), ahead):
            yield path[0], path[1]


def what_counts(origin: Origin) -> tuple[Any, ...]:
    """Return what of a start days and automations hang on, beside the conditions of a plan."""
    days = (origin.period, origin.start_date, origin.begun_on, origin.calendars, origin.opening_hour)
    return (*days, origin.automations_off, origin.without_automations)


def _begin(part: Any, values: Values, settled: frozenset[Past]) -> Any:
    if isinstance(part, tuple):
        items = tuple(_begin(item, values, settled) for item in part)
        return items if any(new is not old for new, old in zip(items, part, strict=True)) else part
    if not isinstance(part, Struct):
        return part
    changed = {}
    for name in part.__struct_fields__:
        before = getattr(part, name)
        is_condition = name == "condition" and before is not None
        after = _decide(before, values, settled) if is_condition else _begin(before, values, settled)
        if after is not before:
            changed[name] = after
    begun = replace(part, **changed) if changed else part
    return _leave_out(begun) if isinstance(begun, Deadline) else begun


def _leave_out(deadline: Deadline) -> Deadline:
    """Return a deadline without the alternatives that are never chosen."""
    due = [one for one in deadline.due if one.condition != FALSE and deadline.condition != FALSE]
    last = next((place for place, one in enumerate(due) if one.condition in (None, TRUE)), len(due))
    return deadline if len(due) == len(deadline.due) else replace(deadline, due=tuple(due[: last + 1]))


def _decide(condition: Expression, values: Values, settled: frozenset[Past]) -> Expression:
    """Return a condition with what is known in the place of names, as short as it can be."""
    if all(_is_known(path, settled) for path in list_names(condition)):
        return TRUE if holds(condition, values) else FALSE
    match condition:
        case Logic(by="not", of=(one,)):
            part = _decide(one, values, settled)
            return {TRUE: FALSE, FALSE: TRUE}[part] if part in (TRUE, FALSE) else Logic(by="not", of=(part,))
        case Logic(by=by, of=of):
            ends, goes_on = (FALSE, TRUE) if by == "and" else (TRUE, FALSE)
            parts = tuple(part for one in of if (part := _decide(one, values, settled)) != goes_on)
            if len(parts) < 2:
                return parts[0] if parts else goes_on
            return ends if ends in parts else Logic(by=by, of=parts)
        case _:
            return _fill_in(condition, values, settled)


def _fill_in(expression: Expression, values: Values, settled: frozenset[Past]) -> Expression:
    match expression:
        case Name(path=(group, name)) if _is_known((group, name), settled):
            return LiteralValue(value=values.get(group, {}).get(name))
        case ListOf(items=items):
            return ListOf(items=tuple(_fill_in(one, values, settled) for one in items))
        case Absolute(of=of):
            return Absolute(of=_fill_in(of, values, settled))
        case Compare(by=by, left=left, right=right):
            both = (_fill_in(left, values, settled), _fill_in(right, values, settled))
            return Compare(by=by, left=both[0], right=both[1])
        case _:
            return expression


def _is_known(path: tuple[str, ...], settled: frozenset[Past]) -> bool:
    return path[0] not in LEARNED or path in settled
