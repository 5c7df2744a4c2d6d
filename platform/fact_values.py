"""The values of facts, as people read them: a leaf that machine, texts and faces share."""

from datetime import date

from .data import Scalar
from .period import in_words
from .plan import FactDefinition

UNKNOWN = "nog niet bekend"
"""What is said of a value, or of a day that hangs on one, while it is not recorded."""

_NO_BREAK = "\u00a0"


def say_money(cents: int) -> str:
    """Return cents as people write an amount: '€ 1.234,56', '€ -3,00'; the space does not break."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", ".")
    return f"€{_NO_BREAK}{'-' if cents < 0 else ''}{grouped},{rest:02}"


def say_euros(euros: int) -> str:
    """Return an amount that is always in whole euros, as a return has it: '€ 1.234', '€ -3'."""
    return say_money(euros * 100).removesuffix(",00")


def say_fact(definition: FactDefinition, value: Scalar) -> str:
    """Return a recorded value in Dutch; one that no longer fits its definition is said as it is."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int):
        return say_money(value) if definition.type == "money" else str(value)
    if definition.type == "date":
        return _say_day(value)
    return next((option.title for option in definition.options if option.id == value), value)


def _say_day(written: str) -> str:
    try:
        return in_words(date.fromisoformat(written))
    except ValueError:
        return written
