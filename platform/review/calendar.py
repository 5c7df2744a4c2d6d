"""The days of a plan before and after, for the periods of the coming year, by the machine's own rules.

They are those of a relation of which nothing is known, as the pages of a template show them.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from ..data import ListLine, replace
from ..drawing.assuming import as_condition, find_reordered
from ..drawing.year import Dates, list_kinds, list_periods
from ..period import ENGLISH_MONTH_NAMES, LOOSE, Period
from ..plan import DateRule, Deadline, DueChoice, Expression, Office, Plan
from .beginning import find_first_days
from .comparing import Two
from .narrowing import both
from .saying import list_names

YEAR = timedelta(days=365)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Day(ListLine):
    """A day of one period, before and after; None where there is none, or it is not known beforehand."""

    period: str
    before: date | None
    after: date | None


class Begin(NamedTuple):
    """The first day on which a phase can begin in one period, before and after, and its last day by law."""

    period: str
    before: date | None
    after: date
    last: date


class Calendar:
    """The days of one template before and after."""

    def __init__(self, plans: Two, offices: Two, on: date) -> None:
        self.plans = plans
        self.offices = offices
        self.on = on

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Return the periods that both plans run over and that begin in the year after the day."""
        old = list_kinds(self.plans.before, self.offices.before.products)
        kinds = [kind for kind in list_kinds(self.plans.after, self.offices.after.products) if kind in old]
        years = (self.on.year, self.on.year + 1)
        every = [period for year in years for period in list_periods(kinds, year)]
        coming = [one for one in every if one.kind in LOOSE or self.on <= one.start < self.on + YEAR]
        one_each = {(one.kind, one.start if one.kind not in LOOSE else None): one for one in coming}
        return tuple(sorted(one_each.values(), key=lambda one: (kinds.index(one.kind), one.start)))

    def list_days(self, before: DateRule | None, after: DateRule | None) -> tuple[Day, ...]:
        """Return the day that each of two rules gives, for each period."""
        return self._pair(
            self.plans,
            lambda dates: dates.day(before) if before else None,
            lambda dates: dates.day(after) if after else None,
        )

    def can_count_later(self, before: DateRule, after: DateRule) -> bool:
        """Say whether the second of two rules can give a later day, from any day of the coming year."""
        if not self.periods:
            return True
        old, new = (self._dates(plan, self.periods[0], side) for side, plan in enumerate(self.plans))
        days = (self.on + timedelta(days=days) for days in range(YEAR.days))
        return any(new.count(after, day) > old.count(before, day) for day in days)

    def list_last_days(self, deadlines: Two) -> tuple[Day, ...]:
        """Return the last day of a deadline, which may be another deadline on each side."""
        before, after = deadlines
        return self._pair(
            Two(*(_with(plan, deadline) for plan, deadline in zip(self.plans, deadlines, strict=True))),
            lambda dates: dates.last_day(before.id) if before else None,
            lambda dates: dates.last_day(after.id) if after else None,
        )

    def list_first_days(self, deadlines: Two) -> tuple[Day, ...]:
        """Return the first day on which the authority takes what is delivered for a deadline."""
        before, after = deadlines
        return self._pair(
            self.plans,
            lambda dates: dates.first_day(before.id) if before else None,
            lambda dates: dates.first_day(after.id) if after else None,
        )

    def find_reordered_day(self, deadlines: Two) -> tuple[Expression | None, Day] | None:
        """Return the first last day that the order of alternatives moves, and for whom; None where none is.

        Of a client of whom nothing is known no alternative holds that asks something of them, so that what
        tells them apart is assumed: as little of it as moves a day.
        """
        plans = (self.plans.before, self.plans.after)
        for assumed, period in find_reordered(plans, (deadlines.before, deadlines.after), self.periods):
            before, after = (
                Dates(plan, period, office.closing_days, assumed).last_day(deadline.id)
                for plan, office, deadline in zip(plans, self.offices, deadlines, strict=True)
            )
            if before != after:
                whom = as_condition(assumed.values) if assumed.values else None
                return whom, Day(period=say_period(period), before=before, after=after)
        return None

    def list_begins(self, phases: Two, deadline: str) -> tuple[Begin, ...]:
        """Return for each period when a phase can begin at the earliest, and the last day of a deadline."""
        found = []
        for period in self.periods:
            old, new = (self._begins(plan, period, side) for side, plan in enumerate(self.plans))
            last = self._dates(self.plans.after, period, 1).last_day(deadline)
            before, after = old.get(phases.before), new.get(phases.after)
            if last and after:
                found.append(Begin(say_period(period), before, after, last))
        return tuple(found)

    def _begins(self, plan: Plan, period: Period, side: int) -> dict[str, date]:
        known: dict[Any, dict[str, date]] = self.__dict__.setdefault("_first", {})
        key = (period.code, side)
        if key not in known:
            known[key] = find_first_days(plan, self._dates(plan, period, side))
        return known[key]

    def _pair(
        self,
        plans: Two,
        before: Callable[[Dates], date | None],
        after: Callable[[Dates], date | None],
    ) -> tuple[Day, ...]:
        found = []
        for period in self.periods:
            old, new = self._dates(plans.before, period, 0), self._dates(plans.after, period, 1)
            found.append(Day(period=say_period(period), before=before(old), after=after(new)))
        return tuple(day for day in found if day.before or day.after)

    def _dates(self, plan: Plan, period: Period, side: int) -> Dates:
        known: dict[Any, tuple[Plan, Dates]] = self.__dict__.setdefault("_known", {})
        key = (id(plan), period.code, side)
        if key not in known:
            office: Office = self.offices[side]
            known[key] = plan, Dates(plan, period, office.closing_days)
        return known[key][1]


_OF_PERIOD = {"period.start", "period.end", "period.year_end"}


def is_later(before: DateRule, after: DateRule, calendar: Calendar | None) -> bool:
    """Say whether a day can come later by another rule; of what is not known that it can.

    From one anchor it is looked at from any day, else for each period.
    """
    if (before.anchor, before.day) == (after.anchor, after.day):
        old, new = ((one.months, 7 * one.weeks + one.days, one.workdays) for one in (before, after))
        more = any(later > sooner for sooner, later in zip(old, new, strict=True))
        less = any(later < sooner for sooner, later in zip(old, new, strict=True))
        return more and not (less and calendar and not calendar.can_count_later(before, after))
    known = calendar and {before.anchor, after.anchor} <= _OF_PERIOD
    days = calendar.list_days(before, after) if calendar and known else ()
    return not days or any(one.before is None or (one.after or one.before) > one.before for one in days)


def _with(plan: Plan, deadline: Deadline | None) -> Plan:
    """Return a plan with another deadline in the place of its own; the plan itself where it is its own.

    What was worked out is kept by plan.
    """
    if deadline is None or any(one is deadline for one in plan.deadlines):
        return plan
    return replace(
        plan, deadlines=tuple(deadline if one.id == deadline.id else one for one in plan.deadlines)
    )


def alone(deadline: Deadline, place: int) -> Deadline:
    """Return a deadline as it is where one of its alternatives is the one that holds.

    What the period alone decides goes first, as in the deadline itself; where that is what decides on the
    alternative, there is no day in other periods.
    """
    chosen = deadline.due[place]
    before = tuple(one for one in deadline.due[:place] if hangs_on_period(one.condition))
    if not hangs_on_period(chosen.condition):
        return replace(deadline, due=(*before, DueChoice(rule=chosen.rule)))
    only = both(deadline.condition, chosen.condition)
    return replace(deadline, condition=only, due=(*before, chosen))


def hangs_on_period(condition: object) -> bool:
    """Say whether a condition asks the period alone, so that it is known for each period."""
    return condition is not None and {path[0] for path in list_names(condition)} <= {"period"}


# --- in words ---------------------------------------------------------------------------------------------


def say_period(period: Period) -> str:
    """Return a period in English: January 2027, the first quarter's 2027-Q1 as it is written."""
    if period.kind == "month":
        return f"{ENGLISH_MONTH_NAMES[period.start.month - 1]} {period.start.year}"
    if period.kind in LOOSE:
        return f"one begun {say_day(period.start)}"
    return period.code


def say_day(day: date) -> str:
    """Return a day in English: 25 January 2027."""
    return f"{day.day} {ENGLISH_MONTH_NAMES[day.month - 1]} {day.year}"


def say_weekday(day: date | None) -> str:
    """Return a day with its day of the week, short; a dash where there is none."""
    return (
        "–"
        if day is None
        else f"{WEEKDAYS[day.weekday()]} {day.day} {ENGLISH_MONTH_NAMES[day.month - 1][:3]} {day.year}"
    )


def say_shift(days: tuple[Day, ...]) -> str:
    """Return how far days move: '3 days earlier', '1 to 3 days later', nothing where none moves."""
    moved = [(one.after - one.before).days for one in days if one.before and one.after]
    moved = [number for number in moved if number]
    if not moved:
        return ""
    least, most = min(map(abs, moved)), max(map(abs, moved))
    if min(moved) < 0 < max(moved):
        return "earlier in some periods and later in others"
    much = f"{least} to {most} days" if least != most else f"{most} day{'' if most == 1 else 's'}"
    return f"{much} {'later' if moved[0] > 0 else 'earlier'}"


def say_first(days: tuple[Day, ...]) -> str:
    """Return the first day that moves: '28 becomes 25 January 2027'; nothing where none does."""
    day = next((one for one in days if one.before and one.after and one.before != one.after), None)
    if day is None or day.before is None or day.after is None:
        return ""
    old, new = day.before, day.after
    if (old.year, old.month) == (new.year, new.month):
        was = f"{old.day}"
    elif old.year == new.year:
        was = f"{old.day} {ENGLISH_MONTH_NAMES[old.month - 1]}"
    else:
        was = say_day(old)
    return f"{was} becomes {say_day(new)} (for {day.period})"
