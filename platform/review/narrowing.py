"""Conditions of a safeguard before and after: whether it still applies wherever it did, and how to say it.

A plan does not tell which values a variable can have, so it is taken to have every one that what it is
compared with tells apart. What is held to apply still then does for certain; what is told as narrower may be
so only for a value that never occurs.
"""

from collections.abc import Iterable

from ..plan import Expression, Logic, Plan
from ..reasoning import judge
from .saying import quote, say_condition

When = Expression | None
"""When something applies; None where it always does."""

SOME = "in some cases"
"""What is said of a condition of more terms than a sentence can have."""
MOST_TERMS = 12


def both(*conditions: When) -> When:
    """Return the condition of what applies where all of these hold."""
    parts = tuple(dict.fromkeys(one for one in conditions if one is not None))
    return Logic(by="and", of=parts) if len(parts) > 1 else next(iter(parts), None)


def either(conditions: Iterable[When]) -> When:
    """Return the condition of what applies where one of these holds, of which there is at least one."""
    every = tuple(dict.fromkeys(conditions))
    parts = tuple(one for one in every if one is not None)
    if len(parts) < len(every):
        return None
    return Logic(by="or", of=parts) if len(parts) > 1 else parts[0]


def is_narrower(old: When, new: When, given: When = None) -> bool | None:
    """Say whether something can be missing now where it was, both given; None where that is not known."""
    if new is None or old == new:
        return False
    return judge((old, given, Logic(by="not", of=(new,))), {})


def is_same(old: When, new: When) -> bool:
    """Say whether two conditions hold in the same cases, for certain."""
    return is_narrower(old, new) is False and is_narrower(new, old) is False


def say_narrower(plan: Plan, old: When, new: When, given: When = None) -> str | None:
    """Return when something now applies, as the end of a sentence; None where it still does wherever it did.

    `given` holds wherever it matters. What is named in them has its id in `plan`.
    """
    goes = is_narrower(old, new, given)
    if new is None or goes is False:
        return None
    said = f"only {say_when(plan, new)}; before, {say_when(plan, old)}"
    return said if goes else f"{said}; whether that is narrower could not be judged"


def say_wider(plan: Plan, old: When, new: When) -> str | None:
    """Return when something can now be, as the end of a sentence; None where it could wherever it can."""
    more = is_narrower(new, old)
    if old is None or more is False:
        return None
    said = f"{say_when(plan, new)}; before, only {say_when(plan, old)}"
    return said if more else f"{said}; whether that is more often could not be judged"


def say_when(plan: Plan, condition: When) -> str:
    """Return when a condition holds, as the end of a sentence."""
    if is_narrower(None, condition) is False:
        return "always"
    assert condition is not None
    if _count_terms(condition) > MOST_TERMS:
        return SOME
    return f"when {quote(say_condition(plan, _shorten(condition)))}"


def _shorten(condition: Expression) -> Expression:
    """Return the same without what an alternative can do without, as the others have the rest."""
    if not isinstance(condition, Logic) or condition.by != "or":
        return condition
    cases = [list(one.of) if isinstance(one, Logic) and one.by == "and" else [one] for one in condition.of]
    for case in cases:
        for part in [*case]:
            rest = [other for other in case if other is not part]
            if rest and is_same(condition, either(both(*(rest if one is case else one)) for one in cases)):
                case.remove(part)
    asked = [frozenset(case) for case in cases]
    kept = [case for case, parts in zip(cases, asked, strict=True) if not any(one < parts for one in asked)]
    return either(both(*case) for case in kept) or condition


def _count_terms(condition: Expression) -> int:
    return sum(map(_count_terms, condition.of)) if isinstance(condition, Logic) else 1
