"""The dates of a template over one year: the machine's own, for a relation of which nothing is known.

Where a day hangs on what is recorded later, there is none. A deadline with alternatives is followed along the
one that holds when nothing is known, and along each of the others by itself.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple, get_args

from msgspec.structs import replace

from ..data import Struct
from ..days import move_to_working_day
from ..filing.events import Calendars, FilingKey
from ..filing.rules import Rules
from ..filing.state import Origin
from ..office.calendars import calendars
from ..period import LOOSE, Period, PeriodKind
from ..plan import ClosingDays, DateRule, Deadline, DueChoice, Plan, Product
from .conditions import say_condition

_HORIZON = 12
"""Years of closed days after the period: more than any date of a template counts."""
_LATER = timedelta(days=100)


class Variant(NamedTuple):
    """A template with one alternative of a deadline chosen; `when` says in Dutch when it holds."""

    when: str
    plan: Plan


class Dates:
    """The dates of one period of a template; what somebody starts is counted as if it began in January."""

    def __init__(self, plan: Plan, period: Period, closing: ClosingDays) -> None:
        self.period = period
        last = date(period.end.year + _HORIZON, 12, 31)
        closed = calendars(closing, date(period.start.year - 1, 1, 1), last)
        known = Calendars(office=closed.office, law=closed.law, bank=closed.bank)
        created = _make_rules(plan, period, known, period.start).target_day(plan.created)
        if created is None or (plan.start != "at_creation" and created < period.start):
            created = move_to_working_day(period.start, "next_workday", known.office)
        self.start = created
        self._rules = _make_rules(plan, period, known, created)
        later = _make_rules(plan, period, known, created + _LATER)
        self.counts_from_start = plan.start != "at_creation" and any(
            self._rules.target_day(rule) != later.target_day(rule) for rule in list_date_rules(plan)
        )
        """Whether a date hangs on the day on which somebody starts it."""

    def day(self, rule: DateRule) -> date | None:
        """Return the day of a target or wait; None where it hangs on what is not known yet."""
        return self._rules.target_day(rule)

    def last_day(self, deadline: str) -> date | None:
        """Return the last day of a deadline."""
        return self._rules.deadline_day(deadline)

    def first_day(self, deadline: str) -> date | None:
        """Return the first day on which the authority takes what is delivered for a deadline."""
        return self._rules.earliest_day(deadline)


def list_date_rules(part: object) -> Iterator[DateRule]:
    """Yield every date rule in a part of a plan."""
    if isinstance(part, DateRule):
        yield part
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from list_date_rules(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from list_date_rules(item)


def _make_rules(plan: Plan, period: Period, closed: Calendars, start: date) -> Rules:
    filing = FilingKey(template=plan.template, relation="-", period=period.code, sub_number="-")
    origin = Origin(
        filing=filing,
        period=period,
        start_date=start,
        relation={},
        product={},
        calendars=closed,
        opening_hour=8,
    )
    return Rules(plan, origin)


def list_kinds(plan: Plan, products: Iterable[Product]) -> tuple[PeriodKind, ...]:
    """Return the kinds of period that a template runs over, in the order of the language.

    A book year is left out beside a calendar year: its dates are those of its own last month.
    """
    if plan.period != "by_product":
        return (plan.period,)
    agreed = {kind for one in products if one.id in plan.products for kind in one.frequencies}
    known: tuple[PeriodKind, ...] = get_args(PeriodKind)
    return tuple(kind for kind in known if kind in agreed and not (kind == "book_year" and "year" in agreed))


def list_periods(kinds: Iterable[PeriodKind], year: int) -> tuple[Period, ...]:
    """Return the periods of these kinds that begin in a year."""
    return tuple(period for kind in kinds for period in _list_kind(kind, year))


def _list_kind(kind: PeriodKind, year: int) -> Iterator[Period]:
    """Yield the periods of a kind that begin in a year; of those of no fixed length one."""
    period = Period.beginning(kind, date(year, 1, 1))
    if kind in LOOSE:
        yield period
        return
    while period.start.year == year:
        yield period
        period = period.next()


def list_variants(plan: Plan) -> tuple[Variant, ...]:
    """Return the template as it is, and with each alternative that hangs on more than the period."""
    return (
        Variant("", plan),
        *(
            Variant(say_condition(plan, choice.condition), _choose(plan, deadline, choice))
            for deadline in plan.deadlines
            for choice in deadline.due
            if choice.condition is not None and not _is_known(choice)
        ),
    )


def _choose(plan: Plan, chosen: Deadline, choice: DueChoice) -> Plan:
    only = replace(chosen, due=(DueChoice(rule=choice.rule),))
    return replace(plan, deadlines=tuple(only if one.id == chosen.id else one for one in plan.deadlines))


def _is_known(choice: DueChoice) -> bool:
    """Say whether an alternative hangs on the period alone, so that it needs no column of its own."""
    groups = {name[0] for name in _list_names(choice.condition)}
    return groups <= {"period"}


def _list_names(part: object) -> Iterator[tuple[str, ...]]:
    path = getattr(part, "path", None)
    if path:
        yield path
    for name in ("left", "right", "of", "items"):
        below = getattr(part, name, ())
        for one in below if isinstance(below, tuple) else (below,):
            yield from _list_names(one)
