"""Reasoning about conditions: whether they can hold together, by the few values that variables have.

A comparison of which a value is not known beforehand is free: it may hold or not, but the same one always
does the same. So 'never' and 'always' are certain; where there is too much to go through, nothing is claimed.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from ..plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name, Scalar

MAX_CASES = 4096

Values = Mapping[str, tuple[Scalar, ...]]
"""The few values of a variable, by its dotted name."""

_Case = Mapping[Expression, Scalar]


def possible(conditions: Iterable[Expression | None], values: Values) -> bool:
    """Say whether all the conditions can hold together (None always holds)."""
    real = [condition for condition in conditions if condition is not None]
    free = _free(real, values)
    if prod(len(chosen) for chosen in free.values()) > MAX_CASES:
        return True
    return any(all(_value(condition, case) for condition in real) for case in _cases(free))


def implies(given: Expression | None, then: Expression | None, values: Values) -> bool:
    """Say whether `then` holds whenever `given` does."""
    if then is None or given == then:
        return True
    both = [condition for condition in (given, then) if condition is not None]
    if prod(len(chosen) for chosen in _free(both, values).values()) > MAX_CASES:
        return True
    return not possible([given, Logic(by="not", of=(then,))], values)


def _free(conditions: list[Expression], values: Values) -> dict[Expression, tuple[Scalar, ...]]:
    return {
        atom: values.get(_dotted(atom), (True, False))
        for condition in conditions
        for atom in _atoms(condition, values)
    }


def _cases(free: Mapping[Expression, tuple[Scalar, ...]]) -> Iterator[_Case]:
    for chosen in product(*free.values()):
        case = dict(zip(free, chosen, strict=True))
        if _consistent(case):
            yield case


def _consistent(case: _Case) -> bool:
    """A year always ends on 31 December."""
    named = {_dotted(atom): value for atom, value in case.items()}
    return not (named.get("period.kind") == "year" and named.get("period.last_of_year") is False)


def _dotted(atom: Expression) -> str:
    return ".".join(atom.path) if isinstance(atom, Name) else ""


def _atoms(expression: Expression, values: Values) -> Iterator[Expression]:
    """Yield the names whose values are few, and the comparisons that have others."""
    if isinstance(expression, Logic):
        for part in expression.of:
            yield from _atoms(part, values)
    elif isinstance(expression, Name):
        yield expression
    elif isinstance(expression, Compare):
        names = list(_names(expression))
        yield from names if all(_dotted(name) in values for name in names) else [expression]


def _names(expression: Expression) -> Iterator[Name]:
    match expression:
        case Name():
            yield expression
        case ListOf(items=items):
            for item in items:
                yield from _names(item)
        case Compare(left=left, right=right):
            yield from _names(left)
            yield from _names(right)
        case Absolute(of=of):
            yield from _names(of)


def _value(expression: Expression, case: _Case) -> object:
    if expression in case:
        return case[expression]
    match expression:
        case LiteralValue(value=value):
            return value
        case ListOf(items=items):
            return [_value(item, case) for item in items]
        case Logic(by="not", of=(part,)):
            return not _value(part, case)
        case Logic(by=op, of=of):
            results = (bool(_value(part, case)) for part in of)
            return all(results) if op == "and" else any(results)
        case Compare(by=op, left=left, right=right):
            return _compared(op, _value(left, case), _value(right, case))
        case _:
            return True


def _compared(op: str, left: object, right: object) -> bool:
    if op in ("eq", "ne"):
        return (left == right) == (op == "eq")
    if op == "in" and isinstance(right, list):
        return left in right
    return True
