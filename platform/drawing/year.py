"""The dates of a template over a year: the machine's own, for a filing of what is assumed.

Where a day hangs on what is recorded later, there is none.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import get_args

from msgspec.structs import replace

from ..data import Struct
from ..days import apply_date_rule, move_to_working_day
from ..filing.events import Calendars
from ..filing.rules import Rules
from ..office.calendars import calendars
from ..period import LOOSE, Period, PeriodKind
from ..plan import ClosingDays, DateRule, Plan, Product
from .assuming import Assumed

_HORIZON = 12
"""Years of closed days after the period: more than any date of a template counts."""
_LATER = timedelta(days=100)
_NOTHING = Assumed()


class Dates:
    """The dates of one period of a template; what somebody starts is counted as if it began in January."""

    def __init__(self, plan: Plan, period: Period, closing: ClosingDays, assumed: Assumed = _NOTHING) -> None:
        self.period = period
        last = date(period.end.year + _HORIZON, 12, 31)
        closed = calendars(closing, date(period.start.year - 1, 1, 1), last)
        known = Calendars(office=closed.office, law=closed.law, bank=closed.bank)
        created = _make_rules(plan, period, known, assumed, period.start).target_day(plan.created)
        if created is None or (plan.start != "at_creation" and created < period.start):
            created = move_to_working_day(period.start, "next_workday", known.office)
        self.start = created
        self._made_of = plan, period, known, assumed
        self._rules = _make_rules(*self._made_of, created)

    @cached_property
    def counts_from_start(self) -> bool:
        """Say whether a date hangs on the day on which somebody starts it."""
        plan = self._made_of[0]
        if plan.start == "at_creation":
            return False
        later = _make_rules(*self._made_of, self.start + _LATER)
        return any(self._rules.target_day(rule) != later.target_day(rule) for rule in list_date_rules(plan))

    def day(self, rule: DateRule) -> date | None:
        """Return the day of a target or wait; None where it hangs on what is not known yet."""
        return self._rules.target_day(rule)

    def count(self, rule: DateRule, since: date) -> date:
        """Return the day that a rule gives from a day that its anchor is taken to have."""
        return apply_date_rule(rule, since, self._made_of[2].office)

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


def _make_rules(plan: Plan, period: Period, closed: Calendars, assumed: Assumed, start: date) -> Rules:
    origin = replace(assumed.origin(plan, period, closed), start_date=start)
    return Rules(plan, origin, assumed.facts(period), assumed.requests(period))


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
