"""Reasoning about conditions: whether they can hold together, from the possible values of the variables.

A variable with few values has those. One that is compared with numbers, texts or dates has these and the
values beside them, which is all that the comparisons can tell apart. Any other comparison is free: it may
hold or not, but every occurrence of it has the same result. So 'never' and 'always' are certain. With too
many cases to enumerate, nothing is claimed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from math import prod

from .context import VARIABLES
from .plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name, Scalar

MAX_CASES = 4096
RANGES = {"period.year": (2000, 2100), "period.month": (1, 12)}
"""Numbers that lie between bounds."""

Values = Mapping[str, tuple[Scalar, ...]]
"""The possible values of a variable with few values, by its dotted name."""

_Case = Mapping[Expression, object]
"""A value of what is free, or _OPEN."""
_OPEN = object()
"""Not known yet: it hangs on what has no value in a case so far."""


def possible(conditions: Iterable[Expression | None], values: Values, recorded: Collection[str] = ()) -> bool:
    """Say whether all conditions can hold together (None always holds).

    What `may_be_unknown` can also be so, unless it is `recorded`, by its dotted name.
    """
    return judge(conditions, values, recorded) is not False


def judge(
    conditions: Iterable[Expression | None], values: Values, recorded: Collection[str] = ()
) -> bool | None:
    """Say whether all conditions can hold together; None where there are too many cases to look at.

    Conditions that share no variable are looked at apart, so that many of them are no more than the sum.
    """
    parts = tuple(_list_parts(conditions))
    paths = dict.fromkeys(path for part in parts for path in _list_paths(part))
    known = tuple((path, values[path]) for path in paths if path in values)
    return _judge(parts, known, frozenset(path for path in paths if path in recorded))


@lru_cache(maxsize=8192)
def _judge(
    conditions: tuple[Expression, ...],
    known: tuple[tuple[str, tuple[Scalar, ...]], ...],
    recorded: frozenset[str],
) -> bool | None:
    """Judge conditions by the values of their own variables alone: templates of an office ask much alike."""
    unsure, values = False, dict(known)
    for group in _list_groups(conditions, values):
        free = _list_free(group, values, recorded)
        if prod(len(options) for options in free.values()) > MAX_CASES:
            unsure = True
        elif not _can_hold(group, free):
            return False
    return None if unsure else True


def _list_parts(conditions: Iterable[Expression | None]) -> Iterator[Expression]:
    """Yield the conditions, each once, and of one that joins others by `and` these."""
    waiting = [condition for condition in conditions if condition is not None]
    seen: set[Expression] = set()
    while waiting:
        condition = waiting.pop()
        if isinstance(condition, Logic) and condition.by == "and":
            waiting += condition.of
        elif condition not in seen:
            seen.add(condition)
            yield condition


@lru_cache(maxsize=2048)
def _list_paths(expression: Expression) -> tuple[str, ...]:
    """Return the dotted names of the variables of an expression."""
    if isinstance(expression, Logic):
        return tuple(path for part in expression.of for path in _list_paths(part))
    return tuple(_join_path(name) for name in _names(expression))


def _list_groups(conditions: Iterable[Expression], values: Values) -> list[list[Expression]]:
    """Return the conditions in groups that share no variable."""
    group_of: dict[Expression, list[Expression]] = {}
    atoms_of: dict[int, list[Expression]] = {}
    alone: list[list[Expression]] = []
    for condition in conditions:
        atoms = list(dict.fromkeys(_join_coupled(atom) for atom in _atoms(condition, values)))
        groups = {id(group): group for atom in atoms if (group := group_of.get(atom)) is not None}
        most = max(groups.values(), key=len, default=[])
        most.append(condition)
        taken = atoms_of.setdefault(id(most), [])
        for key, group in groups.items():
            if group is not most:  # the smaller one goes into the larger
                most += group
                atoms += atoms_of.pop(key)
        group_of.update(dict.fromkeys(atoms, most))
        taken += atoms
        if not atoms:
            alone.append(most)
    return [*{id(group): group for group in group_of.values()}.values(), *alone]


def _can_hold(conditions: list[Expression], free: Mapping[Expression, tuple[Scalar, ...]]) -> bool:
    """Say whether conditions hold together in some case; what has one value has it from the beginning on."""
    case = {atom: options[0] if len(options) == 1 else _OPEN for atom, options in free.items()}
    choices = [(atom, options) for atom, options in free.items() if len(options) != 1]
    return _search(conditions, case, choices)


def _search(
    conditions: list[Expression],
    case: dict[Expression, object],
    choices: list[tuple[Expression, tuple[Scalar, ...]]],
) -> bool:
    """Say whether a case that has no value for some choices can be completed so that the conditions hold."""
    left = []
    for condition in conditions:
        holds = _evaluate(condition, case)
        if holds is _OPEN:
            left.append(condition)
        elif not holds:
            return False
    if case.get(_KIND) == "year" and case.get(_LAST_OF_YEAR) is False:
        return False  # a year always ends on 31 December
    if not choices or (not left and all(atom not in (_KIND, _LAST_OF_YEAR) for atom, _ in choices)):
        return True
    (atom, options), rest = choices[0], choices[1:]
    for value in options:
        case[atom] = value
        if _search(left, case, rest):
            return True
    case[atom] = _OPEN
    return False


def _join_coupled(atom: Expression) -> Expression:
    """Return one name for variables that are not free of each other (`_is_consistent`)."""
    return _KIND if isinstance(atom, Name) and _join_path(atom) in _COUPLED else atom


_KIND = Name(path=("period", "kind"))
_LAST_OF_YEAR = Name(path=("period", "last_of_year"))
_COUPLED = ("period.kind", "period.last_of_year")


def implies(
    given: Expression | None, then: Expression | None, values: Values, recorded: Collection[str] = ()
) -> bool:
    """Say whether `then` holds whenever `given` does."""
    if then is None or given == then:
        return True
    return judge([given, Logic(by="not", of=(then,))], values, recorded) is not True


def _list_free(
    conditions: list[Expression], values: Values, recorded: Collection[str]
) -> dict[Expression, tuple[Scalar, ...]]:
    """Return what is free in the conditions, names and comparisons, with the values that each can have."""
    atoms = {atom: None for condition in conditions for atom in _atoms(condition, values)}
    literals: dict[Expression, set[int | str]] = {}
    for condition in conditions:
        for name, literal in _find_compared(condition):
            literals.setdefault(name, set()).add(literal)
    return {atom: _values_of(atom, values, literals.get(atom, set()), recorded) for atom in atoms}


def _values_of(
    atom: Expression, values: Values, literals: set[int | str], recorded: Collection[str]
) -> tuple[Scalar, ...]:
    path = _join_path(atom)
    unknown: tuple[Scalar, ...] = (None,) if may_be_unknown(path) and path not in recorded else ()
    if path in values:
        return tuple(value for value in values[path] if value is not None or path not in recorded)
    if isinstance(atom, Compare) and _is_of_period(atom):
        return (bool(_evaluate(atom, _PERIOD)),)
    if not literals:
        return (True, False, *unknown)
    numbers = sorted({n + beside for n in literals if isinstance(n, int) for beside in (-1, 0, 1)})
    if path in RANGES:
        least, most = RANGES[path]
        numbers = sorted({least, most, *(n for n in numbers if least <= n <= most)})
    texts = sorted({text for one in literals if isinstance(one, str) for text in _texts_beside(one)})
    return (*numbers, *texts, *unknown)


def may_be_unknown(path: str) -> bool:
    """Say whether a variable can have no value: a fact, an answer or a field of the office's own."""
    group, _, name = path.partition(".")
    return group in ("facts", "answers") or (group == "relation" and name not in VARIABLES["relation"])


_PERIOD: _Case = {Name(path=("period", "start")): "1", Name(path=("period", "end")): "2"}
"""A period ends after it starts."""


def _is_of_period(compare: Compare) -> bool:
    """Say whether a comparison is between the first and the last day of the period."""
    names = list(_names(compare))
    return len(names) == 2 and {compare.left, compare.right} == _PERIOD.keys()


def _texts_beside(text: str) -> tuple[str, ...]:
    """Return a text with one that sorts right before it and one right after it."""
    before = f"{text[:-1]}{chr(max(ord(text[-1]) - 1, 0))}~" if text else ""
    return before, text, f"{text} "


def _find_compared(expression: Expression) -> Iterator[tuple[Name, int | str]]:
    """Yield each name with the literals that it is compared with; through `abs` with both signs."""
    match expression:
        case Logic(of=of):
            for part in of:
                yield from _find_compared(part)
        case Compare(left=left, right=right):
            names = list(_names(expression))
            if len(names) == 1:
                signs = (1, -1) if isinstance(left, Absolute) or isinstance(right, Absolute) else (1,)
                for value in (*_literals(left), *_literals(right)):
                    if isinstance(value, str):
                        yield names[0], value
                    elif isinstance(value, int) and not isinstance(value, bool):
                        yield from ((names[0], sign * value) for sign in signs)


def _literals(expression: Expression) -> Iterator[Scalar]:
    match expression:
        case LiteralValue(value=value):
            yield value
        case ListOf(items=items):
            for item in items:
                yield from _literals(item)
        case Absolute(of=of):
            yield from _literals(of)


def _join_path(atom: Expression) -> str:
    return ".".join(atom.path) if isinstance(atom, Name) else ""


def _atoms(expression: Expression, values: Values) -> Iterator[Expression]:
    """Yield the names whose values matter, and the comparisons that are free."""
    if isinstance(expression, Logic):
        for part in expression.of:
            yield from _atoms(part, values)
    elif isinstance(expression, Name):
        yield expression
    elif isinstance(expression, Compare):
        names = list(_names(expression))
        known = all(_join_path(name) in values for name in names)
        asked = _is_asked(expression, names)
        yield from names if known or asked or list(_find_compared(expression)) else [expression]


def _is_asked(compare: Compare, names: list[Name]) -> bool:
    """Say whether a comparison with none asks whether a value that can be unknown is there."""
    with_none = LiteralValue(value=None) in (compare.left, compare.right)
    return with_none and all(may_be_unknown(_join_path(name)) for name in names)


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
    """Return the value of an expression in a case; _OPEN where that hangs on what is open."""
    match expression:
        case Logic(by="not", of=(part,)):
            value = _evaluate(part, case)
            return value if value is _OPEN else not value
        case Logic(by=op, of=of):
            decides, is_open = op == "or", False
            for part in of:
                value = _evaluate(part, case)
                if value is _OPEN:
                    is_open = True
                elif bool(value) == decides:
                    return decides
            return _OPEN if is_open else not decides
        case LiteralValue(value=literal):
            return literal
        case ListOf(items=items):
            values = [_evaluate(item, case) for item in items]
            return _OPEN if any(value is _OPEN for value in values) else values
        case Absolute(of=of):
            number = _evaluate(of, case)
            return abs(number) if isinstance(number, int) else _OPEN if number is _OPEN else None
        case Compare(by=op, left=left, right=right) if expression not in case:
            first, second = _evaluate(left, case), _evaluate(right, case)
            return _OPEN if first is _OPEN or second is _OPEN else _compare(op, first, second)
        case _:
            return case.get(expression, True)


def _compare(op: str, left: object, right: object) -> bool:
    """Compare as the machine does (filing/conditions.py): a value that is not known is in no order."""
    if op in ("eq", "ne"):
        return (left == right) == (op == "eq")
    if op == "in":
        return isinstance(right, list) and left in right
    if isinstance(left, int) and isinstance(right, int):
        return _is_in_order(op, left - right)
    if isinstance(left, str) and isinstance(right, str):
        return _is_in_order(op, (left > right) - (left < right))
    return False


def _is_in_order(op: str, sign: int) -> bool:
    return {"lt": sign < 0, "le": sign <= 0, "gt": sign > 0, "ge": sign >= 0}[op]
