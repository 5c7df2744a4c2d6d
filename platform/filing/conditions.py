"""Evaluate conditions on plain data: what came with the start of the filing, its facts and answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..data import Scalar, Struct
from ..plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name, Plan
from .state import Fact, Origin, RequestState

Values = Mapping[str, Mapping[str, Scalar]]
_Value = Scalar | tuple["_Value", ...]
_OPEN = object()


def values_of(
    plan: Plan, origin: Origin, facts: Sequence[Fact] = (), requests: Sequence[RequestState] = ()
) -> Values:
    """Return what a condition may name (kantoor.context); dates are ISO text, so that they compare."""
    period = origin.period
    return {
        "relation": origin.relation,
        "product": origin.product,
        "period": {
            "kind": period.kind,
            "code": period.code,
            "words": period.words,
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "year": period.start.year,
            "month": period.start.month,
            "number": period.number,
            "last_of_year": period.last_of_year,
        },
        "filing": {"start": origin.start_date.isoformat()},
        "office": {"name": plan.office.name},
        **learned_of(facts, requests),
    }


def learned_of(facts: Sequence[Fact], requests: Sequence[RequestState]) -> dict[str, dict[str, Scalar]]:
    """Return what a condition may name that becomes known while a filing runs."""
    return {"facts": {fact.id: fact.value for fact in facts}, "answers": _list_answers(requests)}


def _list_answers(requests: Sequence[RequestState]) -> dict[str, Scalar]:
    """Return what was answered to forms and counts, by field."""
    return {
        name: value
        for request in requests
        for name, value in request.known.items()
        if not isinstance(value, tuple)
    }


def holds(condition: Expression | None, values: Values) -> bool:
    """Say whether a condition holds; one that is absent always does."""
    return condition is None or bool(_evaluate(condition, values))


def can_hold(condition: Expression, values: Values, is_open: Callable[[tuple[str, ...]], bool]) -> bool:
    """Say whether a condition holds, or may once what `is_open` is known; what is known stays as it is."""
    found = _foresee(condition, values, is_open)
    return found is _OPEN or bool(found)


def _foresee(expression: Expression, values: Values, is_open: Callable[[tuple[str, ...]], bool]) -> Any:
    """Return the value of an expression, or _OPEN where it hangs on what is open."""
    parts = [_foresee(one, values, is_open) for one in _list_parts(expression)]
    if isinstance(expression, Name):
        return _OPEN if is_open(expression.path) else _evaluate(expression, values)
    if isinstance(expression, Logic) and expression.by in ("and", "or"):
        decides = expression.by == "or"
        if any(one is not _OPEN and bool(one) == decides for one in parts):
            return decides
    return _OPEN if any(one is _OPEN for one in parts) else _evaluate(expression, values)


def _evaluate(expression: Expression, values: Values) -> _Value:
    match expression:
        case LiteralValue(value=value):
            return value
        case Name(path=(group, name)):
            return values.get(group, {}).get(name)
        case ListOf(items=items):
            return tuple(_evaluate(item, values) for item in items)
        case Absolute(of=of):
            number = _evaluate(of, values)
            return abs(number) if isinstance(number, int) else None
        case Logic():
            return _decide(expression, values)
        case Compare(by=by, left=left, right=right):
            return _compare(by, _evaluate(left, values), _evaluate(right, values))
        case _:
            raise ValueError("a name in a condition has a group and a field")


def _decide(expression: Logic, values: Values) -> bool:
    if expression.by == "and":
        return all(_evaluate(part, values) for part in expression.of)
    if expression.by == "or":
        return any(_evaluate(part, values) for part in expression.of)
    return not _evaluate(expression.of[0], values)


def _compare(by: str, left: _Value, right: _Value) -> bool:
    """Compare two values; a value that is not known is in no order and equals only itself."""
    if by == "eq":
        return left == right
    if by == "ne":
        return left != right
    if by == "in":
        return isinstance(right, tuple) and left in right
    if isinstance(left, int) and isinstance(right, int):
        return _order(by, left - right)
    if isinstance(left, str) and isinstance(right, str):
        return _order(by, (left > right) - (left < right))
    return False


def _order(by: str, sign: int) -> bool:
    return {"lt": sign < 0, "le": sign <= 0, "gt": sign > 0, "ge": sign >= 0}[by]


def list_names(expression: Expression) -> Iterator[tuple[str, ...]]:
    """Yield the paths of the values that a condition names."""
    if isinstance(expression, Name):
        yield expression.path
    for part in _list_parts(expression):
        yield from list_names(part)


def _list_parts(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Compare(left=left, right=right):
            return (left, right)
        case Logic(of=of):
            return of
        case Absolute(of=inner):
            return (inner,)
        case ListOf(items=items):
            return items
        case _:
            return ()


def list_literals(expression: Expression) -> Iterator[Scalar]:
    """Yield the values that a condition compares with."""
    if isinstance(expression, LiteralValue):
        yield expression.value
    for part in _list_parts(expression):
        yield from list_literals(part)


def list_conditions(part: object, owner: object = None) -> Iterator[tuple[object, Expression]]:
    """Yield every condition of a plan with what it is of."""
    if isinstance(part, Struct):
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if name == "condition" and value is not None:
                yield part, value
            else:
                yield from list_conditions(value, part)
    elif isinstance(part, tuple):
        for item in part:
            yield from list_conditions(item, owner)
