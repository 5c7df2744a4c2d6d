"""Periods of a filing: a month, a quarter or a year, as written (2026-01, 2026-Q1, 2026)."""

import re
from datetime import date, timedelta
from typing import Literal, Self

from .data import Struct

PeriodKind = Literal["month", "quarter", "year"]

MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "year": 12}
MONTH_NAMES = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
QUARTER_NAMES = ("eerste", "tweede", "derde", "vierde")

_WRITTEN = re.compile(r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class PeriodError(ValueError):
    """The text is not a period; the message says how to write one."""


class Period(Struct):
    """A calendar month, quarter or year; `start` and `end` are its first and last day."""

    kind: PeriodKind
    start: date
    end: date

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read 2026-01 (month), 2026-Q1 (quarter) or 2026 (year); raises PeriodError for anything else."""
        match = _WRITTEN.fullmatch(written.strip())
        if match is None:
            raise PeriodError(f"invalid period '{written}': write 2026-01, 2026-Q1 or 2026")
        year = int(match["year"])
        if match["month"]:
            return cls.beginning("month", date(year, int(match["month"]), 1))
        if match["quarter"]:
            return cls.beginning("quarter", date(year, 3 * int(match["quarter"]) - 2, 1))
        return cls.beginning("year", date(year, 1, 1))

    @classmethod
    def beginning(cls, kind: PeriodKind, start: date) -> Self:
        """Return the period of that kind that begins on `start`, the first day of a month."""
        return cls(kind=kind, start=start, end=add_months(start, MONTHS[kind]) - timedelta(days=1))

    @classmethod
    def holding(cls, kind: PeriodKind, day: date) -> Self:
        """Return the period of that kind in which `day` lies."""
        months = MONTHS[kind]
        return cls.beginning(kind, date(day.year, (day.month - 1) // months * months + 1, 1))

    def next(self) -> Self:
        """Return the period of the same kind that follows."""
        return self.beginning(self.kind, self.end + timedelta(days=1))

    @property
    def code(self) -> str:
        """Return how the period is written in commands, ids and files; `parse` reads it back."""
        if self.kind == "month":
            return f"{self.start.year}-{self.start.month:02}"  # strftime would import in the sandbox
        if self.kind == "quarter":
            return f"{self.start.year}-Q{self.quarter}"
        return f"{self.start.year}"

    @property
    def quarter(self) -> int:
        """Return the number (1 to 4) of the quarter in which the period begins."""
        return (self.start.month + 2) // 3

    @property
    def words(self) -> str:
        """Return the period as a Dutch sentence has it: 2026-Q1 is 'het eerste kwartaal van 2026'."""
        if self.kind == "month":
            return f"{MONTH_NAMES[self.start.month - 1]} {self.start.year}"
        if self.kind == "quarter":
            return f"het {QUARTER_NAMES[self.quarter - 1]} kwartaal van {self.start.year}"
        return f"{self.start.year}"

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


def in_words(day: date) -> str:
    """Return a date in Dutch, for people: '31 januari 2026'."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
