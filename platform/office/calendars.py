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
    return WorkCalendars(
        office=_within(_office_days(closing, years), first, last),
        law=_within(_law_days(years), first, last),
        bank=_within(_bank_days(years), first, last),
    )


def _law_days(years: range) -> set[date]:
    """Return the days over which a legal term moves: ATW art. 3(1), with Good Friday by art. 3(2)."""
    return set(_named_days(years))


def _office_days(closing: ClosingDays, years: range) -> set[date]:
    """Return the days on which this office is closed: generally recognised holidays and its own choices."""
    days = {
        day
        for day, names in _named_days(years).items()
        if any(_closed_on(closing, day, name) for name in names)
    }
    return days | set(closing.extra)


def _closed_on(closing: ClosingDays, day: date, name: str) -> bool:
    if name == "Goede vrijdag":
        return closing.good_friday
    if name == "Bevrijdingsdag":
        every_five = closing.liberation_day == "every_five_years" and day.year % 5 == 0
        return closing.liberation_day == "every_year" or every_five
    return True


def _named_days(years: range) -> dict[date, list[str]]:
    """Return the holidays with their names; two may fall on one day (Liberation Day and Ascension, 2016).

    The library has Liberation Day as optional outside each fifth year, where the law has it every year.
    """
    found = holidays.country_holidays("NL", years=years, categories=("public", "optional"), language="nl")
    return {day: name.split("; ") for day, name in found.items()}


def _bank_days(years: range) -> set[date]:
    """Return the days on which TARGET is closed: no credit transfer arrives then."""
    return set(holidays.financial_holidays("ECB", years=years, language="en_US"))


def _within(days: set[date], first: date, last: date) -> tuple[date, ...]:
    return tuple(sorted(day for day in days if first <= day <= last and day.weekday() < 5))
