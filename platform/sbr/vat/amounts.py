"""Amounts as a figures file has them: whole cents, or euros as a Dutch ledger writes them.

The unit is the file's to say. What carries two decimals is in euros by itself; a whole number is either, and
is never guessed: a hundredth of a return would pass every other check.
"""

import re
from collections.abc import Iterable
from typing import Literal, get_args

Unit = Literal["euro", "centen"]
UNITS: tuple[Unit, ...] = get_args(Unit)

MAX_DIGITS = 14
"""Of an amount in cents; a larger one is a mistake."""

_CENTS = re.compile(r"-?[0-9]+")
_EUROS = re.compile(r"-?(?:€ ?)?(?P<whole>[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<decimals>[0-9]{2}))?")
_UNIT_WORDS: dict[str, Unit] = {
    **dict.fromkeys(("euro", "euro's", "eur", "€"), "euro"),
    **dict.fromkeys(("cent", "centen", "ct"), "centen"),
}


def read_unit(word: str) -> Unit | None:
    """Return the unit that a word of a file names, or None."""
    return _UNIT_WORDS.get(word.strip().lower())


def find_unit(amounts: Iterable[str]) -> Unit | None:
    """Return the unit that amounts have by their form: euros where one has decimals, else None."""
    return "euro" if any(_has_decimals(text) for text in amounts) else None


def read_amount(text: str, unit: Unit) -> int | None:
    """Return an amount in cents; None where it is not written as its unit is."""
    if unit == "centen":
        return int(text) if _CENTS.fullmatch(text) and not is_too_large(text, unit) else None
    match = _EUROS.fullmatch(text)
    if match is None or is_too_large(text, unit):
        return None
    cents = int(match["whole"].replace(".", "")) * 100 + int(match["decimals"] or 0)
    return -cents if text.startswith("-") else cents


def is_too_large(text: str, unit: Unit) -> bool:
    """Say whether a text is an amount of its unit with more digits than any return has."""
    form = _CENTS if unit == "centen" else _EUROS
    digits = sum(sign.isdigit() for sign in text) + (2 if unit == "euro" and "," not in text else 0)
    return digits > MAX_DIGITS and form.fullmatch(text) is not None


def describe_unit(unit: Unit) -> str:
    """Return in Dutch how amounts of a unit are written."""
    if unit == "centen":
        return "hele centen (alleen cijfers)"
    return "euro's (bijvoorbeeld 12345 of 12.345,67)"


def _has_decimals(text: str) -> bool:
    match = _EUROS.fullmatch(text)
    return match is not None and match["decimals"] is not None
