"""What is tried at the start of a filing where conditions name it: periods, and the office's own fields."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from ..data import Scalar
from ..days import DAY
from ..period import Period, PeriodError, PeriodKind

YEAR = 2027
PERIODS: dict[PeriodKind, str] = {
    "month": "{0}-01",
    "quarter": "{0}-Q1",
    "half_year": "{0}-H1",
    "year": "{0}",
    "four_weeks": "{0}-P02",
    "book_year": "{0}-07..{1}-06",
    "range": "{0}-03-01..{0}-04-15",
    "none": "{0}-03-15",
}
"""The period that is invented where none makes a difference, by its kind and year."""
MONTHS = range(1, 13)


def list_periods(kind: PeriodKind, named: set[str], literals: tuple[Scalar, ...]) -> Iterator[Period]:
    """Yield the periods of a kind that are tried; `named` is what conditions name of a period.

    First the one that stands for all. Where more than its kind is named, those of every month of a year, and
    where the year counts, also of the years around those that conditions compare with.
    """
    usual = _write(kind, YEAR)
    yield Period.parse(usual)
    if named <= {"kind"}:
        return
    years = [YEAR]
    if named - {"kind", "month", "number", "last_of_year"}:
        years += sorted({year + n for year in _list_years(literals) for n in (-1, 0, 1)} - {YEAR})
    for year in years:
        for written in _list_of_year(kind, year):
            if written != usual:
                with suppress(PeriodError, ValueError):  # no year of a calendar
                    yield Period.parse(written)
    if kind == "none":
        for day in (day for one in literals if (day := read_day(one))):
            yield from (Period.beginning(kind, day + n * DAY) for n in (-1, 0, 1))


def list_values(kind: str, literals: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    """Return what is tried for a field of the office's own; None is that nothing is known."""
    match kind:
        case "yes_no":
            return (False, True)
        case "number":
            known = [one for one in literals if isinstance(one, int) and not isinstance(one, bool)]
            near = {sign * one + n for one in known for sign in (1, -1) for n in (-1, 0, 1)}
            return (None, 0, *sorted(near - {0}))
        case "date":
            days = [day for one in literals if (day := read_day(one))]
            near_days = dict.fromkeys(day + n * DAY for day in days or [date(YEAR, 1, 1)] for n in (-1, 0, 1))
            return (None, *(day.isoformat() for day in near_days))
        case _:
            return (None, "tekst", *dict.fromkeys(one for one in literals if isinstance(one, str)))


def read_day(value: Scalar) -> date | None:
    """Return the day that a value is as ISO text, or None."""
    with suppress(ValueError):
        return date.fromisoformat(value) if isinstance(value, str) else None
    return None


def _write(kind: PeriodKind, year: int) -> str:
    return PERIODS[kind].format(year, year + 1)


def _list_of_year(kind: PeriodKind, year: int) -> Iterator[str]:
    """Yield the periods of a kind that begin in a year, as they are written."""
    match kind:
        case "month":
            yield from (f"{year}-{month:02}" for month in MONTHS)
        case "quarter":
            yield from (f"{year}-Q{number}" for number in range(1, 5))
        case "half_year":
            yield from (f"{year}-H{number}" for number in (1, 2))
        case "year":
            yield f"{year}"
        case "four_weeks":
            yield from (f"{year}-P{number:02}" for number in range(1, 14))
        case "book_year":
            for month in MONTHS:
                last = f"{year}-12" if month == 1 else f"{year + 1}-{month - 1:02}"
                yield f"{year}-{month:02}..{last}"
                yield f"{year}-{month:02}..{year}-12"
        case "range":
            for month in MONTHS:
                yield f"{year}-{month:02}-01..{year}-{month:02}-15"
                yield f"{year}-{month:02}-01..{year}-12-31"
        case "none":
            yield from (f"{year}-{month:02}-15" for month in MONTHS)
            yield f"{year}-12-31"


def _list_years(literals: tuple[Scalar, ...]) -> Iterator[int]:
    """Yield the years that conditions compare with, as a number or as the beginning of a date or a code."""
    for one in literals:
        if isinstance(one, int) and not isinstance(one, bool) and 1900 < one < 2200:
            yield one
        elif isinstance(one, str) and one[:4].isdigit() and 1900 < int(one[:4]) < 2200:
            yield int(one[:4])
