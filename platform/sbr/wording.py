"""Dutch words for what clients read about a return: periods, days, whole euros."""

from datetime import date

from ..period import MONTHS, WEEKDAY_NAMES, Period, in_words

_NO_BREAK = "\u00a0"
_MINUS = "\u2212"


def period_in_words(start: date, end: date) -> str:
    """Return 'januari 2026', 'het eerste kwartaal van 2026', '2026' and the like, else the two days."""
    for kind in MONTHS:
        period = Period.holding(kind, start)
        if (period.start, period.end) == (start, end):
            return period.words
    return days_in_words(start, end)


def days_in_words(start: date, end: date) -> str:
    """Return '1 januari 2026 tot en met 31 maart 2026'."""
    return f"{in_words(start)} tot en met {in_words(end)}"


def day_in_words(day: date) -> str:
    """Return 'zaterdag 28 februari 2026'."""
    return f"{WEEKDAY_NAMES[day.weekday()]} {in_words(day)}"


def format_number(amount: int) -> str:
    """Return whole euros as Dutch people write them: '15.000', and a real minus sign before a negative."""
    return f"{_MINUS if amount < 0 else ''}{abs(amount):,}".replace(",", ".")


def format_euros(amount: int) -> str:
    """Return '€ 15.000' with a space that does not break."""
    return f"€{_NO_BREAK}{format_number(amount)}"


def format_cents(cents: int) -> str:
    """Return an amount of cents as '€ 3.150,05', with a no-break space."""
    whole, rest = divmod(abs(cents), 100)
    return f"€{_NO_BREAK}{_MINUS if cents < 0 else ''}{format_number(whole)},{rest:02}"
