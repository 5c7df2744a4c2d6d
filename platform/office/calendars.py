"""Days that are not working days, by whose calendar counts, as plain dates for a horizon (DOMAIN 2)."""

from datetime import date, timedelta
from functools import lru_cache

from ..plan import ClosingDays, Model

FIRST_YEAR = 2014
"""The first with Koningsdag, since which no holiday came or went; of earlier years a library knows."""


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

    Liberation Day is one every year, as the law has it; so is Good Friday.
    """
    if year < FIRST_YEAR:
        return _ask_library(year)
    easter, birthday = _find_easter(year), date(year, 4, 27)
    named: dict[date, tuple[str, ...]] = {}
    for day, name in (
        (date(year, 1, 1), "Nieuwjaarsdag"),
        (easter - timedelta(days=2), "Goede vrijdag"),
        (easter, "Eerste paasdag"),
        (easter + timedelta(days=1), "Tweede paasdag"),
        (birthday - timedelta(days=1) if birthday.weekday() == 6 else birthday, "Koningsdag"),
        (date(year, 5, 5), "Bevrijdingsdag"),
        (easter + timedelta(days=39), "Hemelvaartsdag"),
        (easter + timedelta(days=49), "Eerste pinksterdag"),
        (easter + timedelta(days=50), "Tweede pinksterdag"),
        (date(year, 12, 25), "Eerste kerstdag"),
        (date(year, 12, 26), "Tweede kerstdag"),
    ):
        named[day] = (*named.get(day, ()), name)
    return tuple(sorted(named.items()))


def _ask_library(year: int) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """Return the holidays of a year as the library has them, Liberation Day as optional in four of five."""
    import holidays  # loading it costs more than most commands need

    found = holidays.country_holidays("NL", years=year, categories=("public", "optional"), language="nl")
    return tuple((day, tuple(name.split("; "))) for day, name in sorted(found.items()))


@lru_cache(maxsize=64)
def _bank_days(year: int) -> frozenset[date]:
    """Return the days of a year on which TARGET is closed: no credit transfer arrives then."""
    if year < FIRST_YEAR:
        import holidays  # loading it costs more than most commands need

        return frozenset(holidays.financial_holidays("ECB", years=year, language="en_US"))
    easter = _find_easter(year)
    fixed = {date(year, month, day) for month, day in ((1, 1), (5, 1), (12, 25), (12, 26))}
    return frozenset({*fixed, easter - timedelta(days=2), easter + timedelta(days=1)})


def _find_easter(year: int) -> date:
    """Return Easter Sunday, by the Gregorian calendar's own rule (Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, left = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _within(days: set[date], first: date, last: date) -> tuple[date, ...]:
    return tuple(sorted(day for day in days if first <= day <= last and day.weekday() < 5))
