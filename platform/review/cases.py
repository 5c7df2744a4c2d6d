"""When a stage of a plan is reached, over all ways to it, in a bounded number of cases.

Each way has conditions of its own, and the ways can be as many as there are subsets of the phases. A case
that asks all that another asks, and more, says nothing: it is left out.
"""

from collections.abc import Iterator

from ..plan import Expression, Logic
from .narrowing import When, both, either

Cases = tuple[tuple[Expression, ...], ...] | None
"""One of these, of each of which all conditions hold; None where they are more than are looked at."""

ALWAYS: Cases = ((),)
MOST = 8
"""Cases that are told apart: a sentence with more is not read, and to judge them takes too long."""


def add_condition(cases: Cases, condition: When) -> Cases:
    """Return the cases in which a condition holds too."""
    if cases is None or condition is None:
        return cases
    more = tuple(_list_parts(condition))
    return _absorb(tuple(tuple(dict.fromkeys((*case, *more))) for case in cases))


def join_cases(one: Cases, other: Cases) -> Cases:
    """Return the cases of what applies in the one or in the other."""
    if ALWAYS in (one, other):
        return ALWAYS
    return None if one is None or other is None else _absorb((*one, *other))


def to_condition(cases: tuple[tuple[Expression, ...], ...]) -> When:
    """Return cases as one condition."""
    return either(both(*case) for case in cases)


def _list_parts(condition: Expression) -> Iterator[Expression]:
    if isinstance(condition, Logic) and condition.by == "and":
        for part in condition.of:
            yield from _list_parts(part)
    else:
        yield condition


def _absorb(cases: tuple[tuple[Expression, ...], ...]) -> Cases:
    kept: list[tuple[frozenset[Expression], tuple[Expression, ...]]] = []
    for case in sorted(cases, key=len):
        asked = frozenset(case)
        if not any(other <= asked for other, _ in kept):
            kept.append((asked, case))
    return tuple(case for _, case in kept) if len(kept) <= MOST else None
