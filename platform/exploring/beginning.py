"""A plan as the start of a filing leaves it: what is known then is put in the place of its names.

The machine runs by the whole plan. Who explores asks of this one what conditions still tell apart, and
whether two filings that began otherwise have the same ahead of them.
"""

from typing import Any

from ..data import Struct, replace
from ..filing.conditions import Values, holds, list_names
from ..filing.state import Origin
from ..plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name, Plan

LEARNED = ("facts", "answers")
"""The groups of values that become known while a filing runs."""
TRUE, FALSE = LiteralValue(value=True), LiteralValue(value=False)


def begin(plan: Plan, values: Values) -> Plan:
    """Return a plan with its conditions as the values of a start decide them; other parts are the same."""
    begun: Plan = _begin(plan, values)
    return begun


def what_counts(origin: Origin) -> tuple[Any, ...]:
    """Return what of a start days and automations hang on, beside the conditions of a plan."""
    days = (origin.period, origin.start_date, origin.calendars, origin.opening_hour)
    return (*days, origin.automations_off, origin.without_automations)


def _begin(part: Any, values: Values) -> Any:
    if isinstance(part, tuple):
        items = tuple(_begin(item, values) for item in part)
        return items if any(new is not old for new, old in zip(items, part, strict=True)) else part
    if not isinstance(part, Struct):
        return part
    changed = {}
    for name in part.__struct_fields__:
        before = getattr(part, name)
        is_condition = name == "condition" and before is not None
        after = _decide(before, values) if is_condition else _begin(before, values)
        if after is not before:
            changed[name] = after
    return replace(part, **changed) if changed else part


def _decide(condition: Expression, values: Values) -> Expression:
    """Return a condition with what is known in the place of names, as short as it can be."""
    if all(path[0] not in LEARNED for path in list_names(condition)):
        return TRUE if holds(condition, values) else FALSE
    match condition:
        case Logic(by="not", of=(one,)):
            part = _decide(one, values)
            return {TRUE: FALSE, FALSE: TRUE}[part] if part in (TRUE, FALSE) else Logic(by="not", of=(part,))
        case Logic(by=by, of=of):
            ends, goes_on = (FALSE, TRUE) if by == "and" else (TRUE, FALSE)
            parts = tuple(part for one in of if (part := _decide(one, values)) != goes_on)
            return ends if ends in parts else Logic(by=by, of=parts)
        case _:
            return _fill_in(condition, values)


def _fill_in(expression: Expression, values: Values) -> Expression:
    match expression:
        case Name(path=(group, name)) if group not in LEARNED:
            return LiteralValue(value=values.get(group, {}).get(name))
        case ListOf(items=items):
            return ListOf(items=tuple(_fill_in(one, values) for one in items))
        case Absolute(of=of):
            return Absolute(of=_fill_in(of, values))
        case Compare(by=by, left=left, right=right):
            return Compare(by=by, left=_fill_in(left, values), right=_fill_in(right, values))
        case _:
            return expression
