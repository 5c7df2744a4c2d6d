"""Days that are not working days, by whose calendar counts, as plain dates for a horizon (DOMAIN 2)."""

from datetime import date
from functools import lru_cache

import holidays

from ..plan import ClosingDays, Model


class WorkCalendars(Model):
    """Days that are not working days, weekends aside, sorted: the office's, the law's and the bank's."""

    office: tuple[date, ...]
    law: tuple[date, ...]
    bank: tuple[date, ...]


@lru_cache(maxsize=64)
def calendars(closing: ClosingDays, first: date, last: date) -> WorkCalendars:
    """Return the non-working days from `first` to `last`, both included, without Saturdays and Sundays.

    Kept, since every start of a day asks the same.
    """
    years = range(first.year, last.year + 1)
    # ATW art. 3(1), with Good Friday by art. 3(2): a legal term moves over every one of them.
    named = [holiday for year in years for holiday in _named_days(year)]
    closed = (day for day, names in named if any(_closed_on(closing, day, name) for name in names))
    return WorkCalendars(
        office=_within({*closed, *closing.extra}, first, last),
        law=_within({day for day, _ in named}, first, last),
        bank=_within({day for year in years for day in _bank_days(year)}, first, last),
    )


def _closed_on(closing: ClosingDays, day: date, name: str) -> bool:
    if name == "Goede vrijdag":
        return closing.good_friday
    if name == "Bevrijdingsdag":
        every_five = closing.liberation_day == "every_five_years" and day.year % 5 == 0
        return closing.liberation_day == "every_year" or every_five
    return True


@lru_cache(maxsize=64)
def _named_days(year: int) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """Return a year's holidays with their names; two may fall on one day (Liberation Day, Ascension: 2016).

    The library has Liberation Day as optional outside each fifth year, where the law has it every year.
    """
    found = holidays.country_holidays("NL", years=year, categories=("public", "optional"), language="nl")
    return tuple((day, tuple(name.split("; "))) for day, name in found.items())


@lru_cache(maxsize=64)
def _bank_days(year: int) -> frozenset[date]:
    """Return the days of a year on which TARGET is closed: no credit transfer arrives then."""
    return frozenset(holidays.financial_holidays("ECB", years=year, language="en_US"))


def _within(days: set[date], first: date, last: date) -> tuple[date, ...]:
    return tuple(sorted(day for day in days if first <= day <= last and day.weekday() < 5))
