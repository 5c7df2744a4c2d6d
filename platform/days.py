"""Counting days: working days on a calendar, and the day that a date rule gives. Pure."""

from collections.abc import Collection
from datetime import date, timedelta

from .period import add_months, last_of_month
from .plan import DateRule

DAY = timedelta(days=1)
SATURDAY = 5


def is_working_day(day: date, closed: Collection[date]) -> bool:
    """Say whether a day is Monday to Friday and not among the closed days of a calendar."""
    return day.weekday() < SATURDAY and day not in closed


def add_working_days(day: date, count: int, closed: Collection[date]) -> date:
    """Return the working day `count` working days after `day` (before, when negative); 0 is `day` itself."""
    if not closed:
        return _add_weekdays(day, count)
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, closed):
            day += step
    return day


def _add_weekdays(day: date, count: int) -> date:
    """Return the working day after `count` of them, without walking them: each week has five."""
    if count == 0:
        return day
    place = day.weekday()
    if count > 0:
        place = min(place, SATURDAY - 1)  # from a weekend one counts as from the Friday before it
        start = day - (day.weekday() - place) * DAY
        weeks, rest = divmod(place + count, SATURDAY)
    else:
        start = day + (7 - place) * DAY if place >= SATURDAY else day  # as from the Monday after it
        place = 0 if place >= SATURDAY else place
        weeks, rest = divmod(place + count, SATURDAY)
    return start + timedelta(days=7 * weeks + rest - place)


def move_to_working_day(day: date, moves: str, closed: Collection[date]) -> date:
    """Return a deadline's day; one that is not a working day is moved to one as `moves` says."""
    step = {"never": timedelta(0), "next_workday": DAY, "previous_workday": -DAY}[moves]
    while step and not is_working_day(day, closed):
        day += step
    return day


def apply_date_rule(rule: DateRule, anchor: date, closed: Collection[date]) -> date:
    """Return the day that a rule gives for its anchor: months, day of the month, weeks and days, workdays."""
    day = add_months(anchor, rule.months) if rule.months else anchor
    if rule.day == "last":
        day = last_of_month(day)
    elif rule.day is not None:
        day = day.replace(day=min(rule.day, last_of_month(day).day))
    day += timedelta(weeks=rule.weeks, days=rule.days)
    return add_working_days(day, rule.workdays, closed)
