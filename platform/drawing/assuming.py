"""What a table of dates assumes of a filing: nothing, or what makes one alternative of a deadline count.

The facts are assumed, not the alternative: the machine chooses, so that an alternative that comes first does
so here too.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from itertools import islice, product
from typing import NamedTuple

from ..answers import Value
from ..data import Scalar
from ..filing.conditions import holds, values_of
from ..filing.events import Calendars, FilingKey
from ..filing.state import Fact, Origin, RequestState
from ..period import Period
from ..plan import Absolute, Compare, Deadline, Expression, ListOf, LiteralValue, Logic, Name, Plan
from .conditions import say_condition

_Path = tuple[str, ...]
_GIVEN = ("period", "filing", "office")
"""The groups of which the values of a filing are known to who draws its dates."""
_MOST_TRIED = 5000


class Assumed(NamedTuple):
    """Values by path that are assumed of a filing; `when` says them in Dutch, '' where there are none."""

    when: str = ""
    values: tuple[tuple[_Path, Scalar], ...] = ()

    def of(self, group: str) -> dict[str, Scalar]:
        """Return the values of one group, such as product, by name."""
        return {path[1]: value for path, value in self.values if path[0] == group}

    def facts(self, period: Period) -> tuple[Fact, ...]:
        """Return what is recorded, as if on the first day of the period."""
        at = datetime.combine(period.start, time())
        return tuple(Fact(id=id, value=value, by="-", at=at) for id, value in self.of("facts").items())

    def requests(self, period: Period) -> tuple[RequestState, ...]:
        """Return what was answered, as if to one form on the first day of the period."""
        values: dict[str, Value] = {n: value for n, value in self.of("answers").items() if value is not None}
        made = datetime.combine(period.start, time())
        return (RequestState(id="-", phase="-", automation="-", made=made, values=values),) if values else ()

    def origin(self, plan: Plan, period: Period, calendars: Calendars) -> Origin:
        """Return what a filing over a period is started with; it starts on the first day of that."""
        return Origin(
            filing=FilingKey(template=plan.template, relation="-", period=period.code, sub_number="-"),
            period=period,
            start_date=period.start,
            relation=self.of("relation"),
            product=self.of("product"),
            calendars=calendars,
            opening_hour=8,
        )


def list_assumed(plan: Plan, periods: Iterable[Period]) -> tuple[Assumed, ...]:
    """Return nothing assumed, and for each alternative that hangs on more than the period what it counts by.

    That is the least that does so in one of the periods at least. An alternative that counts when nothing is
    assumed, or that nothing of what its condition names makes count, adds none.
    """
    over = tuple(periods)
    found = [
        _assume_least(plan, deadline, place, over)
        for deadline in plan.deadlines
        for place, choice in enumerate(deadline.due)
        if any(_list_names(choice.condition))
    ]
    return tuple(dict.fromkeys((Assumed(), *(one for one in found if one))))


def find_reordered(
    plans: tuple[Plan, Plan], deadlines: tuple[Deadline, Deadline], periods: Iterable[Period]
) -> Iterator[tuple[Assumed, Period]]:
    """Yield where two orders of the alternatives of a deadline choose another rule, the least assumed first.

    Each plan has its own of these deadlines, with one order.
    """
    over = tuple(periods)
    for assumed in _list_tried(plans[1], deadlines[1], len(deadlines[1].due)):
        for period in over:
            places = [_find_choice(*side, assumed, period) for side in zip(plans, deadlines, strict=True)]
            old, new = (
                None if place is None else deadline.due[place].rule
                for place, deadline in zip(places, deadlines, strict=True)
            )
            if old != new:
                yield assumed, period


def _assume_least(plan: Plan, deadline: Deadline, place: int, periods: tuple[Period, ...]) -> Assumed | None:
    for assumed in _list_tried(plan, deadline, place + 1):
        if any(_find_choice(plan, deadline, assumed, period) == place for period in periods):
            return assumed
    return None


def _list_tried(plan: Plan, deadline: Deadline, many: int) -> Iterator[Assumed]:
    """Yield what may hold of what the first alternatives of a deadline ask, the least first."""
    names = dict.fromkeys(name for one in deadline.due[:many] for name in _list_names(one.condition))
    literals = {name: tuple(dict.fromkeys(_list_values(deadline, name))) for name in names}
    tried = product(*([(name, value) for value in (None, *literals[name])] for name in names))
    least = sorted(islice(tried, _MOST_TRIED), key=lambda values: sum(one is not None for _, one in values))
    for values in least:
        known = tuple(one for one in values if one[1] is not None)
        yield Assumed(say_condition(plan, as_condition(known)) if known else "", known)


def _find_choice(plan: Plan, deadline: Deadline, assumed: Assumed, period: Period) -> int | None:
    """Return the place of the alternative that counts; None where none does."""
    origin = assumed.origin(plan, period, Calendars())
    values = values_of(plan, origin, assumed.facts(period), assumed.requests(period))
    places = (place for place, choice in enumerate(deadline.due) if holds(choice.condition, values))
    return next(places, None)


def as_condition(values: tuple[tuple[_Path, Scalar], ...]) -> Expression:
    """Return the condition that these values hold."""
    parts = [_equals(path, value) for path, value in values]
    return parts[0] if len(parts) == 1 else Logic(by="and", of=tuple(parts))


def _equals(path: _Path, value: Scalar) -> Expression:
    if value is True:
        return Name(path=path)
    if value is False:
        return Logic(by="not", of=(Name(path=path),))
    return Compare(by="eq", left=Name(path=path), right=LiteralValue(value=value))


def _list_names(part: Expression | None) -> Iterator[_Path]:
    """Yield the paths in a condition whose values are assumed."""
    if isinstance(part, Name) and part.path[0] not in _GIVEN:
        yield part.path
    for one in _list_parts(part):
        yield from _list_names(one)


def _list_values(deadline: Deadline, name: _Path) -> Iterator[Scalar]:
    """Yield the values of a name that the conditions of a deadline tell apart."""
    for choice in deadline.due:
        yield from _list_compared(choice.condition, name)


def _list_compared(part: Expression | None, name: _Path) -> Iterator[Scalar]:
    if isinstance(part, Name) and part.path == name:
        yield True
    if not isinstance(part, Compare):
        for one in _list_parts(part):
            yield from _list_compared(one, name)
    elif name in _list_names(part):
        for value in (one.value for side in (part.left, part.right) for one in _list_literals(side)):
            near = (value, value + 1, value - 1) if type(value) is int else (value,)
            yield from (one for one in near if one is not None)


def _list_literals(part: Expression) -> Iterator[LiteralValue]:
    if isinstance(part, LiteralValue):
        yield part
    for one in _list_parts(part):
        yield from _list_literals(one)


def _list_parts(part: Expression | None) -> tuple[Expression, ...]:
    match part:
        case Compare(left=left, right=right):
            return (left, right)
        case Logic(of=of):
            return of
        case ListOf(items=items):
            return items
        case Absolute(of=of):
            return (of,)
        case _:
            return ()
