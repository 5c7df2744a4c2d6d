"""Periods of a filing, as they are written in commands, ids and files.

2026-01 (month), 2026-Q1 (quarter), 2026-H1 (half year), 2026 (year), 2026-P01 (four weeks, 13 to a year),
2026-07..2027-06 (book year), 2026-03-01..2026-04-15 (a range of days), 2026-03-15 (none: of no period, by
the day on which it is started). All begin with the year in which they begin.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal, Self

from .data import Struct

PeriodKind = Literal["month", "quarter", "half_year", "year", "four_weeks", "book_year", "range", "none"]

MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""The kinds that are a part of the calendar year in whole months."""
LOOSE: tuple[PeriodKind, ...] = ("range", "none")
"""Periods after which none follows by itself."""
LONGEST_BOOK_YEAR = 24
"""Months of a book year, the first of which may be longer than twelve."""
MONTH_NAMES = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
ENGLISH_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAY_NAMES = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
QUARTER_NAMES = ("eerste", "tweede", "derde", "vierde")
_ENGLISH_QUARTER_NAMES = ("first", "second", "third", "fourth")

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_LAST_OF_FOUR_WEEKS = 13
_MONTH = r"([12]\d{3})-(0[1-9]|1[0-2])"


class PeriodError(ValueError):
    """The text is not a period; the message says how to write one."""


class Period(Struct):
    """A stretch of days that a filing is about; `start` and `end` are its first and last day."""

    kind: PeriodKind
    start: date
    end: date

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read a period as it is written (see above); raises PeriodError for anything else."""
        plain = written.strip()
        for pattern, read in _FORMS:
            match = re.fullmatch(pattern, plain)
            found = _read(read, match) if match else None
            if found is not None:
                kind, start, end = found
                return cls(kind=kind, start=start, end=end)
        raise PeriodError(
            f"invalid period '{written}': write 2026-01, 2026-Q1 or 2026, or 2026-H1 (half year), 2026-P01 "
            "(four weeks), 2026-07..2027-06 (book year), 2026-03-01..2026-04-15 (days), 2026-03-15 (none)"
        )

    @classmethod
    def beginning(cls, kind: PeriodKind, start: date) -> Self:
        """Return the period of that kind that begins on `start`, a day on which one can begin."""
        if kind in LOOSE:
            return cls(kind=kind, start=start, end=start)
        if kind == "four_weeks":
            return cls(kind=kind, start=start, end=_end_of_four_weeks(start))
        return cls(kind=kind, start=start, end=add_months(start, MONTHS.get(kind, 12)) - _DAY)

    @classmethod
    def holding(cls, kind: PeriodKind, day: date, begun: date | None = None) -> Self:
        """Return the period of that kind in which `day` lies; of a range the day itself.

        Book years are twelve months that begin in the month of `begun`, a day on which one began; without it
        in January.
        """
        if kind in LOOSE:
            return cls.beginning(kind, day)
        if kind == "four_weeks":
            return cls.beginning(kind, _start_of_four_weeks(day))
        if kind == "book_year":
            start = date(day.year, begun.month if begun else 1, 1)
            return cls.beginning(kind, start if start <= day else add_months(start, -12))
        months = MONTHS[kind]
        return cls.beginning(kind, date(day.year, (day.month - 1) // months * months + 1, 1))

    def next(self) -> Self:
        """Return the period of the same kind that follows; of those of no fixed length, one as long."""
        if self.kind == "range":
            return type(self)(
                kind="range", start=self.end + _DAY, end=self.end + (self.end - self.start) + _DAY
            )
        return self.beginning(self.kind, self.end + _DAY)

    def previous(self) -> Self:
        """Return the period of the same kind that comes before; of those of no fixed length, one as long."""
        if self.kind == "range":
            length = self.end - self.start
            return type(self)(kind="range", start=self.start - length - _DAY, end=self.start - _DAY)
        return self.holding(self.kind, self.start - _DAY, self.start)

    @property
    def code(self) -> str:
        """Return how the period is written in commands, ids and files; `parse` reads it back."""
        start, end = self.start, self.end
        match self.kind:
            case "month":
                return _code_of_month(start)
            case "quarter":
                return f"{start.year}-Q{self.quarter}"
            case "half_year":
                return f"{start.year}-H{1 if start.month < 7 else 2}"
            case "four_weeks":
                return f"{start.year}-P{self.number:02}"
            case "book_year":
                return f"{_code_of_month(start)}..{_code_of_month(end)}"
            case "range":
                return f"{start.isoformat()}..{end.isoformat()}"
            case "none":
                return start.isoformat()
        return f"{start.year}"

    @property
    def quarter(self) -> int:
        """Return the number (1 to 4) of the quarter in which the period begins."""
        return (self.start.month + 2) // 3

    @property
    def number(self) -> int:
        """Return which of its kind it is in its year, from 1 on; a year, a range and a day are 1."""
        if self.kind == "four_weeks":
            return _number_of_four_weeks(self.start)
        return (self.start.month - 1) // MONTHS[self.kind] + 1 if self.kind in MONTHS else 1

    @property
    def words(self) -> str:
        """Return the period as a Dutch sentence has it: 2026-Q1 is 'het eerste kwartaal van 2026'."""
        start, end = self.start, self.end
        match self.kind:
            case "month":
                return _month_in_words(start)
            case "quarter":
                return f"het {QUARTER_NAMES[self.quarter - 1]} kwartaal van {start.year}"
            case "half_year":
                return f"het {QUARTER_NAMES[0 if start.month < 7 else 1]} halfjaar van {start.year}"
            case "four_weeks":
                return f"periode {self.number} (vier weken) van {start.year}"
            case "book_year":
                return _book_year_in_words(start, end)
            case "range":
                return f"{in_words(start)} tot en met {in_words(end)}"
            case "none":
                return in_words(start)
        return f"{start.year}"

    @property
    def english_words(self) -> str:
        """Return the period as an English sentence has it: 2026-Q1 is 'the first quarter of 2026'."""
        start, end = self.start, self.end
        match self.kind:
            case "month":
                return f"{ENGLISH_MONTH_NAMES[start.month - 1]} {start.year}"
            case "quarter":
                return f"the {_ENGLISH_QUARTER_NAMES[self.quarter - 1]} quarter of {start.year}"
            case "half_year":
                return f"the {_ENGLISH_QUARTER_NAMES[0 if start.month < 7 else 1]} half of {start.year}"
            case "four_weeks":
                return f"period {self.number} (four weeks) of {start.year}"
            case "book_year":
                return _book_year_in_english(start, end)
            case "range":
                return f"{in_english(start)} to {in_english(end)}"
            case "none":
                return in_english(start)
        return f"{start.year}"

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years that it is about: of a book year and a range of days each that it lies in."""
        last = self.end.year if self.kind in ("book_year", "range") else self.start.year
        return tuple(range(self.start.year, last + 1))

    @property
    def year_words(self) -> str:
        """Return the year that it is about as a column has it: 2026, and 2026/2027 of a broken book year."""
        first, *_, last = (*self.years, self.years[-1])
        return f"{first}" if first == last else f"{first}/{last}"

    def overlaps(self, first: date, last: date) -> bool:
        """Say whether any of these days, the first and the last included, lies in the period."""
        return self.start <= last and first <= self.end

    @property
    def last_of_year(self) -> bool:
        """Say whether the period ends on 31 December."""
        return (self.end.month, self.end.day) == (12, 31)


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (earlier when negative).

    The last day of a month stays the last day (30 June plus five months is 30 November), and a day that
    the target month lacks becomes its last (DOMAIN 1.8).
    """
    number = day.year * 12 + day.month - 1 + months
    last = last_of_month(date(number // 12, number % 12 + 1, 1))
    if day == last_of_month(day):
        return last
    return last.replace(day=min(day.day, last.day))


def last_of_month(day: date) -> date:
    """Return the last day of the month in which `day` lies."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def say_over(words: str) -> str:
    """Return how the words of a period follow a title: 'over januari 2026'.

    Of a filing without one it is the day of its start: 'van 27 februari 2026'.
    """
    first, *rest = words.split()
    is_day = first.isdigit() and len(rest) == 2 and rest[0] in MONTH_NAMES
    return f"{'van' if is_day else 'over'} {words}"


def moment_in_words(moment: datetime) -> str:
    """Return a moment in Dutch: 25 januari 2027 om 09:30."""
    return f"{in_words(moment.date())} om {moment:%H:%M}"


def in_words(day: date) -> str:
    """Return a date in Dutch, for people: '31 januari 2026'."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def in_english(day: date) -> str:
    """Return a date in English, for people: '31 January 2026'."""
    return f"{day.day} {ENGLISH_MONTH_NAMES[day.month - 1]} {day.year}"


def _book_year_in_english(start: date, end: date) -> str:
    years = f"{start.year}" if start.year == end.year else f"{start.year}/{end.year}"
    first, last = ENGLISH_MONTH_NAMES[start.month - 1], ENGLISH_MONTH_NAMES[end.month - 1]
    plain = start.year == end.year and (start.month, end.month) == (1, 12)
    return f"financial year {years}" if plain else f"financial year {years} ({first} to {last})"


def _book_year_in_words(start: date, end: date) -> str:
    years = f"{start.year}" if start.year == end.year else f"{start.year}/{end.year}"
    first, last = MONTH_NAMES[start.month - 1], MONTH_NAMES[end.month - 1]
    plain = start.year == end.year and (start.month, end.month) == (1, 12)
    return f"boekjaar {years}" if plain else f"boekjaar {years} ({first} tot en met {last})"


# --- how periods are written --------------------------------------------------------------------------------

_Read = tuple[PeriodKind, date, date]


def _read(read: Callable[..., _Read | None], match: re.Match[str]) -> _Read | None:
    """Return what a match says; None for days that do not exist."""
    try:
        return read(*match.groups())
    except ValueError:
        return None


def _of_months(kind: PeriodKind, year: str, number: int) -> _Read:
    months = MONTHS[kind]
    start = date(int(year), (number - 1) * months + 1, 1)
    return kind, start, add_months(start, months) - _DAY


def _read_four_weeks(year: str, number: str) -> _Read:
    start = date(int(year), 1, 1)
    if int(number) > 1:
        start = _first_monday(start.year) + 4 * (int(number) - 1) * _WEEK
    return "four_weeks", start, _end_of_four_weeks(start)


def _read_book_year(year: str, month: str, to_year: str, to_month: str) -> _Read | None:
    start, last = date(int(year), int(month), 1), date(int(to_year), int(to_month), 1)
    months = (last.year - start.year) * 12 + last.month - start.month + 1
    return ("book_year", start, last_of_month(last)) if 0 < months <= LONGEST_BOOK_YEAR else None


def _read_range(first: str, last: str) -> _Read | None:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return ("range", start, end) if start <= end else None


def _read_day(day: str) -> _Read:
    start = date.fromisoformat(day)
    return "none", start, start


_FORMS: tuple[tuple[str, Callable[..., _Read | None]], ...] = (
    (_MONTH, lambda year, month: _of_months("month", year, int(month))),
    (r"([12]\d{3})-Q([1-4])", lambda year, quarter: _of_months("quarter", year, int(quarter))),
    (r"([12]\d{3})-H([12])", lambda year, half: _of_months("half_year", year, int(half))),
    (r"([12]\d{3})", lambda year: _of_months("year", year, 1)),
    (r"([12]\d{3})-P(0[1-9]|1[0-3])", _read_four_weeks),
    (rf"{_MONTH}\.\.{_MONTH}", _read_book_year),
    (r"([12]\d{3}-\d\d-\d\d)\.\.([12]\d{3}-\d\d-\d\d)", _read_range),
    (r"([12]\d{3}-\d\d-\d\d)", _read_day),
)


def _code_of_month(day: date) -> str:
    return f"{day.year}-{day.month:02}"  # strftime would import in the sandbox


def _month_in_words(day: date) -> str:
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


# Four weeks are those of ISO weeks 1 to 4 and so on, but the first begins on 1 January and the last ends on
# 31 December (DOMAIN 1.5); the tax authority's own table of the year comes with its letter of November.


def _first_monday(year: int) -> date:
    """Return the Monday of ISO week 1, which holds 4 January."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=fourth.weekday())


def _number_of_four_weeks(day: date) -> int:
    return min(max((day - _first_monday(day.year)).days // 28, 0) + 1, _LAST_OF_FOUR_WEEKS)


def _start_of_four_weeks(day: date) -> date:
    number = _number_of_four_weeks(day)
    return date(day.year, 1, 1) if number == 1 else _first_monday(day.year) + 4 * (number - 1) * _WEEK


def _end_of_four_weeks(start: date) -> date:
    number = _number_of_four_weeks(start)
    if number == _LAST_OF_FOUR_WEEKS:
        return date(start.year, 12, 31)
    return _first_monday(start.year) + 4 * number * _WEEK - _DAY
