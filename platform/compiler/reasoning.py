"""Reasoning about conditions: whether they can hold together, from the possible values of the variables.

A comparison with a value that is not known at compile time is free: it may hold or not, but every occurrence
of it has the same result. So 'never' and 'always' are certain. With too many cases to enumerate, nothing is
claimed.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from ..plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name, Scalar

MAX_CASES = 4096

Values = Mapping[str, tuple[Scalar, ...]]
"""The possible values of a variable with few values, by its dotted name."""

_Case = Mapping[Expression, Scalar]


def possible(conditions: Iterable[Expression | None], values: Values) -> bool:
    """Say whether all conditions can hold together (None always holds)."""
    real = [condition for condition in conditions if condition is not None]
    free = _collect_atoms(real, values)
    if prod(len(options) for options in free.values()) > MAX_CASES:
        return True
    return any(all(_evaluate(condition, case) for condition in real) for case in _list_cases(free))


def implies(given: Expression | None, then: Expression | None, values: Values) -> bool:
    """Say whether `then` holds whenever `given` does."""
    if then is None or given == then:
        return True
    both = [condition for condition in (given, then) if condition is not None]
    if prod(len(options) for options in _collect_atoms(both, values).values()) > MAX_CASES:
        return True
    return not possible([given, Logic(by="not", of=(then,))], values)


def _collect_atoms(conditions: list[Expression], values: Values) -> dict[Expression, tuple[Scalar, ...]]:
    """Return the atoms of the conditions with the values that each can have."""
    return {
        atom: values.get(_join_path(atom), (True, False))
        for condition in conditions
        for atom in _atoms(condition, values)
    }


def _list_cases(free: Mapping[Expression, tuple[Scalar, ...]]) -> Iterator[_Case]:
    for values in product(*free.values()):
        case = dict(zip(free, values, strict=True))
        if _is_consistent(case):
            yield case


def _is_consistent(case: _Case) -> bool:
    """Say whether a case can occur: a year always ends on 31 December."""
    by_path = {_join_path(atom): value for atom, value in case.items()}
    return not (by_path.get("period.kind") == "year" and by_path.get("period.last_of_year") is False)


def _join_path(atom: Expression) -> str:
    return ".".join(atom.path) if isinstance(atom, Name) else ""


def _atoms(expression: Expression, values: Values) -> Iterator[Expression]:
    """Yield the names with few values, and the comparisons that have other names."""
    if isinstance(expression, Logic):
        for part in expression.of:
            yield from _atoms(part, values)
    elif isinstance(expression, Name):
        yield expression
    elif isinstance(expression, Compare):
        names = list(_names(expression))
        yield from names if all(_join_path(name) in values for name in names) else [expression]


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


def _evaluate(expression: Expression, case: _Case) -> object:
    if expression in case:
        return case[expression]
    match expression:
        case LiteralValue(value=value):
            return value
        case ListOf(items=items):
            return [_evaluate(item, case) for item in items]
        case Logic(by="not", of=(part,)):
            return not _evaluate(part, case)
        case Logic(by=op, of=of):
            results = (bool(_evaluate(part, case)) for part in of)
            return all(results) if op == "and" else any(results)
        case Compare(by=op, left=left, right=right):
            return _compare(op, _evaluate(left, case), _evaluate(right, case))
        case _:
            return True


def _compare(op: str, left: object, right: object) -> bool:
    if op in ("eq", "ne"):
        return (left == right) == (op == "eq")
    if op == "in" and isinstance(right, list):
        return left in right
    return True
