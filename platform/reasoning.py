"""Reasoning about conditions: whether they can hold together, from the possible values of the variables.

A variable with few values has those. One that is compared with numbers, texts or dates has these and the
values beside them, which is all that the comparisons can tell apart. Any other comparison is free: it may
hold or not, but every occurrence of it has the same result. So 'never' and 'always' are certain. With too
many cases to enumerate, nothing is claimed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from math import prod
from operator import ge, gt, le, lt
from typing import Any, NamedTuple, get_args

from .context import IS_NATURAL, VARIABLES
from .period import MONTHS, Period, PeriodKind
from .plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name, Scalar

MAX_CASES = 4096
RANGES = {"period.year": (2000, 2100), "period.month": (1, 12), "period.number": (1, 13)}
"""Numbers that lie between bounds."""

Values = Mapping[str, tuple[Scalar, ...]]
"""The possible values of a variable with few values, by its dotted name."""


class _Pair(NamedTuple):
    """Two variables that are compared with each other, by their dotted names, in alphabetical order."""

    first: str
    second: str


_Atom = str | Compare | _Pair
"""What is free: a variable, by its dotted name, how two of them stand to each other (`_STANDS`), or another
comparison of which nothing is known."""
_Case = Mapping[_Atom, object]
"""A value of what is free, or _OPEN."""
_OPEN = object()
"""Not known yet: it hangs on what has no value in a case so far."""
_Evaluate = Callable[[_Case], object]
"""Return the value of an expression in a case; _OPEN where that hangs on what is open."""


class _Compared(NamedTuple):
    """A comparison: the variables in it, by their dotted names, and what literals one is compared with."""

    compare: Compare
    paths: tuple[str, ...]
    literals: tuple[int | str, ...]
    """With both signs where a number is compared through `abs`; none where several variables are compared."""
    asked: bool
    """Whether it asks, by comparing with none, if a value that can be unknown is there."""

    def list_atoms(self, values: Values) -> tuple[_Atom, ...]:
        """Return its variables where their values matter, else itself."""
        told = self.asked or self.literals or all(path in values for path in self.paths)
        return self.paths if told else (_find_pair(self.compare) or self.compare,)


class _Studied(NamedTuple):
    """What there is to know of a condition, whatever the values of its variables."""

    paths: tuple[str, ...]
    """All variables, by their dotted names."""
    parts: tuple[str | _Compared, ...]
    """The variables that stand by themselves, and the comparisons."""
    evaluate: _Evaluate

    def list_atoms(self, values: Values) -> Iterator[_Atom]:
        """Yield the variables whose values matter, and the comparisons that are free."""
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part.list_atoms(values)


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
    paths = dict.fromkeys(path for part in parts for path in _study(part).paths)
    if not _SHAPE.isdisjoint(paths):
        paths[_KIND] = None  # which of these go together, and are there at all, hangs on it
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
    for group in _list_groups([_study(condition) for condition in conditions], values):
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


def _list_groups(conditions: list[_Studied], values: Values) -> list[list[_Studied]]:
    """Return the conditions in groups that share no variable."""
    if len(conditions) == 1:
        return [conditions]
    group_of: dict[_Atom, list[_Studied]] = {}
    atoms_of: dict[int, list[_Atom]] = {}
    alone: list[list[_Studied]] = []
    for condition in conditions:
        atoms = list(dict.fromkeys(_join_coupled(atom) for atom in condition.list_atoms(values)))
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


def _can_hold(conditions: list[_Studied], free: Mapping[_Atom, tuple[Scalar, ...]]) -> bool:
    """Say whether conditions hold together in some case; what has one value has it from the beginning on."""
    case = {atom: options[0] if len(options) == 1 else _OPEN for atom, options in free.items()}
    choices = [(atom, options) for atom, options in free.items() if len(options) != 1]
    return _search([condition.evaluate for condition in conditions], case, choices)


def _search(
    conditions: list[_Evaluate],
    case: dict[_Atom, object],
    choices: list[tuple[_Atom, tuple[Scalar, ...]]],
) -> bool:
    """Say whether a case that has no value for some choices can be completed so that the conditions hold."""
    left = []
    for evaluate in conditions:
        holds = evaluate(case)
        if holds is _OPEN:
            left.append(evaluate)
        elif not holds:
            return False
    if not _is_period(case):
        return False
    start, end = case.get(_START), case.get(_END)
    if isinstance(start, str) and isinstance(end, str) and start > end:
        return False  # a period ends after it starts
    form, person = case.get(_FORM), case.get(_PERSON)
    if isinstance(form, str) and isinstance(person, bool) and IS_NATURAL.get(form, person) != person:
        return False  # a legal form tells whether the relation is a natural person
    if not choices or (not left and all(atom not in _COUPLED for atom, _ in choices)):
        return True
    (atom, options), rest = choices[0], choices[1:]
    for value in options:
        case[atom] = value
        if _search(left, case, rest):
            return True
    case[atom] = _OPEN
    return False


def _is_period(case: _Case) -> bool:
    """Say whether a period of a kind can begin in a month, have a number and end, or not, on 31 December."""
    kind = case.get(_KIND)
    shapes = _list_shapes().get(kind) if isinstance(kind, str) else None
    if shapes is None:
        return True
    month, number, last = (case.get(path, _OPEN) for path in (_MONTH, _NUMBER, _LAST_OF_YEAR))
    return any(
        month in (one.month, _OPEN) and number in (one.number, _OPEN) and last in (one.last_of_year, _OPEN)
        for one in shapes
    )


class _Shape(NamedTuple):
    """What a period has by its place in a year."""

    month: int
    number: int
    last_of_year: bool


@lru_cache(maxsize=1)
def _list_shapes() -> Mapping[str, frozenset[_Shape]]:
    """Return by kind of period which ones there are; a book year, a range or a day can lie anywhere."""
    first, last = (date(year, 1, 1) for year in RANGES["period.year"])
    anywhere = frozenset(_Shape(month, 1, ends) for month in range(1, 13) for ends in (True, False))
    found: dict[str, frozenset[_Shape]] = dict.fromkeys(get_args(PeriodKind), anywhere)
    for kind in (*MONTHS, _FOUR_WEEKS):
        period = Period.beginning(kind, first)
        shapes: set[_Shape] = set()
        while period.start < (last if kind == _FOUR_WEEKS else date(first.year + 1, 1, 1)):
            shapes.add(_Shape(period.start.month, period.number, period.last_of_year))
            period = period.next()
        found[kind] = frozenset(shapes)
    return found


_FOUR_WEEKS: PeriodKind = "four_weeks"
"""The one kind of which the months differ from year to year."""
_KIND, _MONTH, _LAST_OF_YEAR = "period.kind", "period.month", "period.last_of_year"
_NUMBER = "period.number"
_SHAPE = frozenset({_MONTH, _NUMBER, _LAST_OF_YEAR})
_START, _END = "period.start", "period.end"
_FORM, _PERSON = "relation.legal_form", "relation.natural_person"
_COUPLED = {
    _KIND: _KIND,
    _MONTH: _KIND,
    _NUMBER: _KIND,
    _LAST_OF_YEAR: _KIND,
    _START: _START,
    _END: _START,
    _FORM: _FORM,
    _PERSON: _FORM,
}
"""Variables that are not free of each other (`_search`), with one of them as the name of all."""


def _join_coupled(atom: _Atom) -> _Atom:
    """Return one name for variables that are not free of each other."""
    return _COUPLED.get(atom, atom) if isinstance(atom, str) else atom


def implies(
    given: Expression | None, then: Expression | None, values: Values, recorded: Collection[str] = ()
) -> bool:
    """Say whether `then` holds whenever `given` does."""
    if then is None or given == then:
        return True
    return judge([given, Logic(by="not", of=(then,))], values, recorded) is not True


def _list_free(
    conditions: list[_Studied], values: Values, recorded: Collection[str]
) -> dict[_Atom, tuple[Scalar, ...]]:
    """Return what is free in the conditions, names and comparisons, with the values that each can have."""
    literals: dict[_Atom, set[int | str]] = {}
    for condition in conditions:
        for part in condition.parts:
            if isinstance(part, str):
                literals.setdefault(part, set())
            else:
                for atom in part.list_atoms(values):
                    literals.setdefault(atom, set()).update(part.literals)
    if not _SHAPE.isdisjoint(literals) and _KIND in values:
        literals.setdefault(_KIND, set())
    for one in (_MONTH, _NUMBER):
        if one in literals and _KIND in literals:
            least, most = RANGES[one]
            literals[one] |= set(range(least, most + 1))
    if _START in literals and _END in literals:  # each can be before, at and after what the other is
        literals[_START] = literals[_END] = literals[_START] | literals[_END]
    return {atom: _values_of(atom, values, found, recorded) for atom, found in literals.items()}


def _values_of(
    atom: _Atom, values: Values, literals: set[int | str], recorded: Collection[str]
) -> tuple[Scalar, ...]:
    if isinstance(atom, _Pair):
        return _list_stands(atom, recorded)
    if not isinstance(atom, str):
        return (True, False)
    unknown: tuple[Scalar, ...] = (None,) if may_be_unknown(atom) and atom not in recorded else ()
    if atom in values:
        return tuple(value for value in values[atom] if value is not None or atom not in recorded)
    if not literals:
        return (True, False, *unknown)
    numbers = sorted({n + beside for n in literals if isinstance(n, int) for beside in (-1, 0, 1)})
    if atom in RANGES:
        least, most = RANGES[atom]
        numbers = sorted({least, most, *(n for n in numbers if least <= n <= most)})
    texts = sorted({text for one in literals if isinstance(one, str) for text in _texts_beside(one)})
    return (*numbers, *texts, *unknown)


def may_be_unknown(path: str) -> bool:
    """Say whether a variable can have no value: a fact, an answer or a field of the office's own."""
    group, _, name = path.partition(".")
    return group in ("facts", "answers") or (group == "relation" and name not in VARIABLES["relation"])


_BELOW, _EQUAL, _ABOVE, _NEITHER, _APART = "below", "equal", "above", "neither", "apart"
_STANDS: Mapping[str, frozenset[str]] = {
    "lt": frozenset({_BELOW}),
    "le": frozenset({_BELOW, _EQUAL}),
    "gt": frozenset({_ABOVE}),
    "ge": frozenset({_ABOVE, _EQUAL}),
    "eq": frozenset({_EQUAL, _NEITHER}),
    "ne": frozenset({_BELOW, _ABOVE, _APART}),
}
"""The comparisons that hold, by how the first of a pair stands to the second; `_NEITHER` where neither is
known, and `_APART` where one is."""
_SWAPPED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def _find_pair(compare: Compare) -> _Pair | None:
    """Return the two variables of a comparison that is between these alone."""
    if not (isinstance(compare.left, Name) and isinstance(compare.right, Name)) or compare.by not in _SWAPPED:
        return None
    first, second = sorted((_join_path(compare.left), _join_path(compare.right)))
    return _Pair(first, second) if first != second else None


def _list_stands(pair: _Pair, recorded: Collection[str]) -> tuple[Scalar, ...]:
    """Return how the first of a pair can stand to the second. A period ends after it starts."""
    if pair == (_END, _START):
        return (_ABOVE,)
    unsure = [path for path in pair if may_be_unknown(path) and path not in recorded]
    unknown = (*((_APART,) if unsure else ()), *((_NEITHER,) if len(unsure) == len(pair) else ()))
    return (_BELOW, _EQUAL, _ABOVE, *unknown)


def _texts_beside(text: str) -> tuple[str, ...]:
    """Return a text with one that sorts right before it and one right after it."""
    before = f"{text[:-1]}{chr(max(ord(text[-1]) - 1, 0))}~" if text else ""
    return before, text, f"{text} "


def list_paths(expression: Expression) -> tuple[str, ...]:
    """Return the variables of a condition by their dotted names, each once."""
    return _study(expression).paths


@lru_cache(maxsize=8192)
def _study(expression: Expression) -> _Studied:
    """Return what there is to know of a condition; of one that joins others, from what is known of these."""
    if isinstance(expression, Logic):
        below = [_study(part) for part in expression.of]
        paths = tuple(dict.fromkeys(path for one in below for path in one.paths))
        parts = tuple(part for one in below for part in one.parts)
        return _Studied(paths, parts, _join(expression.by, [one.evaluate for one in below]))
    if isinstance(expression, Compare):
        compared = _study_compare(expression)
        evaluate = _build_compare(expression, may_be_free=not compared.literals)
        return _Studied(tuple(dict.fromkeys(compared.paths)), (compared,), evaluate)
    paths = tuple(dict.fromkeys(_list_paths(expression)))
    return _Studied(paths, paths if isinstance(expression, Name) else (), _build(expression))


def _study_compare(compare: Compare) -> _Compared:
    left, right = compare.left, compare.right
    paths = (*_list_paths(left), *_list_paths(right))
    signs = (1, -1) if isinstance(left, Absolute) or isinstance(right, Absolute) else (1,)
    literals: list[int | str] = []
    for value in (*_literals(left), *_literals(right)) if len(paths) == 1 else ():
        if isinstance(value, str):
            literals.append(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            literals += (sign * value for sign in signs)
    with_none = _NONE in (left, right)
    return _Compared(compare, paths, tuple(literals), with_none and all(map(may_be_unknown, paths)))


_NONE = LiteralValue(value=None)


def _literals(expression: Expression) -> Iterator[Scalar]:
    match expression:
        case LiteralValue(value=value):
            yield value
        case ListOf(items=items):
            for item in items:
                yield from _literals(item)
        case Absolute(of=of):
            yield from _literals(of)


def _join_path(name: Expression) -> str:
    return ".".join(name.path) if isinstance(name, Name) else ""


def _list_paths(expression: Expression) -> Iterator[str]:
    """Yield the dotted names of the variables on one side of a comparison."""
    match expression:
        case Name():
            yield _join_path(expression)
        case ListOf(items=items):
            for item in items:
                yield from _list_paths(item)
        case Compare(left=left, right=right):
            yield from _list_paths(left)
            yield from _list_paths(right)
        case Absolute(of=of):
            yield from _list_paths(of)


# --- evaluating -------------------------------------------------------------------------------------------
# A condition is evaluated in many cases, so it is built once into functions.


def _build(expression: Expression) -> _Evaluate:
    match expression:
        case Logic(by=op, of=of):
            return _join(op, [_build(part) for part in of])
        case Compare():
            return _build_compare(expression, may_be_free=False)
        case Name():
            path = _join_path(expression)
            return lambda case: case.get(path, True)
        case LiteralValue(value=literal):
            return lambda case: literal
        case ListOf(items=items):
            if all(isinstance(item, LiteralValue) for item in items):
                listed = [item.value for item in items if isinstance(item, LiteralValue)]
                return lambda case: listed
            return _build_list([_build(item) for item in items])
        case Absolute(of=of):
            return _build_absolute(_build(of))


def _join(op: str, parts: list[_Evaluate]) -> _Evaluate:
    if op == "not":
        return _build_not(parts[0])
    return _build_either(parts) if op == "or" else _build_all(parts)


def _build_not(part: _Evaluate) -> _Evaluate:
    def evaluate(case: _Case) -> object:
        value = part(case)
        return value if value is _OPEN else not value

    return evaluate


def _build_either(parts: list[_Evaluate]) -> _Evaluate:
    def evaluate(case: _Case) -> object:
        is_open = False
        for part in parts:
            value = part(case)
            if value is _OPEN:
                is_open = True
            elif value:
                return True
        return _OPEN if is_open else False

    return evaluate


def _build_all(parts: list[_Evaluate]) -> _Evaluate:
    def evaluate(case: _Case) -> object:
        is_open = False
        for part in parts:
            value = part(case)
            if value is _OPEN:
                is_open = True
            elif not value:
                return False
        return _OPEN if is_open else True

    return evaluate


def _build_list(items: list[_Evaluate]) -> _Evaluate:
    def evaluate(case: _Case) -> object:
        values = [item(case) for item in items]
        return _OPEN if any(value is _OPEN for value in values) else values

    return evaluate


def _build_absolute(of: _Evaluate) -> _Evaluate:
    def evaluate(case: _Case) -> object:
        number = of(case)
        return abs(number) if isinstance(number, int) else _OPEN if number is _OPEN else None

    return evaluate


def _build_compare(compare: Compare, *, may_be_free: bool) -> _Evaluate:
    """Return what compares; in a case that has a value for the comparison itself, that is its result."""
    left, right, op = _build(compare.left), _build(compare.right), compare.by
    pair = _find_pair(compare)
    if pair and may_be_free:
        by = op if _join_path(compare.left) == pair.first else _SWAPPED[op]
        return _build_pair(pair, _STANDS[by], left, right, op)

    def compare_sides(case: _Case) -> object:
        first, second = left(case), right(case)
        return _OPEN if first is _OPEN or second is _OPEN else _compare(op, first, second)

    evaluate: _Evaluate = compare_sides
    if isinstance(compare.left, Name) and not any(_list_paths(compare.right)):
        evaluate = _build_compare_name(_join_path(compare.left), op, right({}))
    return (lambda case: case[compare] if compare in case else evaluate(case)) if may_be_free else evaluate


def _build_compare_name(path: str, op: str, literal: object) -> _Evaluate:
    """Return what compares a variable with what is the same in each case."""

    def evaluate(case: _Case) -> object:
        value = case.get(path, True)
        return _OPEN if value is _OPEN else _compare(op, value, literal)

    return evaluate


def _build_pair(
    pair: _Pair, holding: frozenset[str], left: _Evaluate, right: _Evaluate, op: str
) -> _Evaluate:
    """Return what compares two variables: by how they stand to each other where a case says that."""

    def evaluate(case: _Case) -> object:
        if pair in case:
            how = case[pair]
            return _OPEN if how is _OPEN else how in holding
        first, second = left(case), right(case)
        return _OPEN if first is _OPEN or second is _OPEN else _compare(op, first, second)

    return evaluate


def _compare(op: str, left: object, right: object) -> bool:
    """Compare as the machine does (filing/conditions.py): a value that is not known is in no order."""
    if op in ("eq", "ne"):
        return (left == right) == (op == "eq")
    if op == "in":
        return isinstance(right, list) and left in right
    if isinstance(left, int) and isinstance(right, int):
        return _ORDERS[op](left, right)
    if isinstance(left, str) and isinstance(right, str):
        return _ORDERS[op](left, right)
    return False


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}
