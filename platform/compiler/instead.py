"""What to write instead of a value of the wrong shape: a number, a day, yes or no, a list, a date, names."""

import math
import re
from calendar import monthrange
from collections.abc import Container, Sequence
from typing import Any

from ..period import ENGLISH_MONTH_NAMES
from ..suggest import join_names
from ..typed import TypedError, read_day
from .dutch import NUMBERS

_DIGITS = re.compile(r"[0-9]{1,9}")
_SEPARATED = re.compile(r"\d{1,3}(?:[._ ]?\d{3})+|\d+(?:_\d+)+")
"""A number with signs between its digits: 1_000, 1.000."""
_DECIMAL = re.compile(r"[0-9]{1,9}[.,][0-9]{1,9}")
_HOUR = re.compile(r"([0-9]{1,2})[:.]00(?: uur)?")
_DAY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-\d\d")
_SIGNS_APART = re.compile(r" *[,;+&] *(?:(?:en|of|and|or) +)?")
_WORDS_APART = re.compile(r" +(?:en|of|and|or) +")
_NUMBER_FIRST = re.compile(r"([0-9_]+)_([a-z]\w*)")
_BETWEEN = re.compile(r" *[,;/+&] *| +(?:(?:en|of|and|or) +)?")
"""What people write between two names."""
_NAMES = re.compile(r"[\w.-]+(?:(?: *, *| +(?:en|of|and|or) +)[\w.-]+)*")
_ITEM = re.compile(r"\S - \S")
_CONDITION = re.compile(r"[a-z_]+\.[a-z_]")
_VARIABLE = re.compile(r"[a-z_.]+")
_ANCHOR = re.compile(r"\b(?:period|filing|deadlines|facts|phases)\.\w+")
_SPAN = re.compile(r"\b([0-9]{1,3}) *(werkdag|workday|dag|day|week|weken|maand|month)", re.IGNORECASE)
_UNITS = {
    **dict.fromkeys(("werkdag", "workday"), "workdays"),
    **dict.fromkeys(("dag", "day"), "days"),
    **dict.fromkeys(("week", "weken"), "weeks"),
    **dict.fromkeys(("maand", "month"), "months"),
}
_BEFORE = re.compile(r"\b(?:voor|vóór|before)\b", re.IGNORECASE)
_TRUTHS = {
    **dict.fromkeys(("yes", "on", "y", "ja", "j", "wel", "waar", "1"), "true"),
    **dict.fromkeys(("no", "off", "n", "nee", "niet", "onwaar", "0"), "false"),
    **{quoted: f"{quoted}, without quotes" for quoted in ("true", "false")},
}


def suggest_number(value: Any) -> str:
    """Return what to write where a whole number is asked."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], int):
        return f"write the number alone: {value[0]}"
    text = str(value).strip() if isinstance(value, str | float) else ""
    in_words = NUMBERS.get(text.casefold())
    if in_words is not None:
        return f"write it in digits: {in_words}"
    if _DECIMAL.fullmatch(text) and not _SEPARATED.fullmatch(text):
        least = math.floor(float(text.replace(",", ".")))
        return f"write a whole number: {least} or {least + 1}"
    if _DIGITS.fullmatch(text):
        return f"write it without quotes: {int(text)}"
    digits = re.sub("[^0-9]", "", text)
    if _SEPARATED.fullmatch(text) and _DIGITS.fullmatch(digits):
        return f"write the digits alone: {digits}"
    whole_hour = _HOUR.fullmatch(text)
    runs = re.findall("[0-9]+", whole_hour[1] if whole_hour else text)
    if len(runs) == 1 and _DIGITS.fullmatch(runs[0]):
        return f"write the number alone: {int(runs[0])}"
    return "write one whole number in digits, such as 3"


def suggest_id(value: str, *, one: bool) -> str:
    """Return the id that a text comes near to; of several names that each is an item."""
    near = _make_id(value)
    if one:
        return _say_id(near)
    names = [name for part in _SIGNS_APART.split(value.strip()) for name in _WORDS_APART.split(part) if name]
    several = suggest_items(names)
    if several is None:
        return _say_id(near)
    are_apart = _SIGNS_APART.search(value) or not any(" " in name for name in names)
    return several if are_apart else f"{several}; or, if it is one, write {near}"


def suggest_items(names: Sequence[str]) -> str | None:
    """Return that each of several names is an item; None where one of them is not a name."""
    ids = [_make_id(name) for name in names]
    if len(ids) < 2 or not all(ids):
        return None
    return f"make each an item of its own: {join_names(ids, 'and')}"


def _make_id(text: str) -> str:
    """Return a text as an id; nothing where it has no letters to begin with."""
    near = re.sub("[^a-z0-9]+", "_", text.casefold()).strip("_")
    number_first = _NUMBER_FIRST.fullmatch(near)
    if number_first:
        near = f"{number_first[2]}_{number_first[1]}"
    return near if near[:1].isalpha() else ""


def _say_id(near: str) -> str:
    return f"write {near}" if near else "write a name that begins with a letter"


def suggest_day_of_month(value: Any) -> str:
    """Return what to write where a day of a month is asked."""
    if isinstance(value, str) and value.strip().casefold() in ("laatste", "einde", "eind", "last", "end"):
        return "write last"
    return suggest_number(value)


def suggest_day(value: Any) -> str | None:
    """Return what to write where a date is asked, if what was written has one meaning."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        return f"write {read_day(text).isoformat()}"
    except TypedError:
        found = _DAY.fullmatch(text)
    if found is None or int(found[1]) == 0:
        return None
    year, month = int(found[1]), int(found[2])
    return f"{ENGLISH_MONTH_NAMES[month - 1]} {year} has {monthrange(year, month)[1]} days"


def suggest_quoted_day(text: str) -> str:
    """Return how to write a day that is compared with."""
    try:
        return f"write the day as '{read_day(text.strip()).isoformat()}'"
    except TypedError:
        return "write a day as '2026-12-31'"


def suggest_truth(value: Any) -> str:
    """Return what to write where true or false is asked."""
    text = str(value).strip().casefold()
    return f"write {_TRUTHS.get(text, 'true or false')}"


def suggest_list(value: Any) -> str:
    """Return what to write where a list is asked."""
    if isinstance(value, dict):
        return "begin each item with '- '"
    if isinstance(value, str) and _ITEM.search(value):
        return "begin each item with '- ', the first one too"
    named = isinstance(value, str) and _NAMES.fullmatch(value)
    return f"write a list, even for one item: [{', '.join(_BETWEEN.split(value)) if named else '...'}]"


def split_names(text: str, known: Container[str]) -> list[str]:
    """Return the names that were written as one, where each of them is known as such or in small letters."""
    written = [name for name in _BETWEEN.split(text.strip()) if name]
    names = [name if name in known else name.casefold() for name in written]
    return names if len(names) > 1 and all(name in known for name in names) else []


def is_condition(value: Any) -> bool:
    """Say whether a value looks like a condition: it names a variable."""
    return isinstance(value, str) and _CONDITION.search(value) is not None


def suggest_opposite(value: Any) -> str:
    """Return the condition to write where one was written that must not hold."""
    is_plain = isinstance(value, str) and _VARIABLE.fullmatch(value)
    return f"if: not {value}" if is_plain else "if: not (...)"


def suggest_date(value: Any, otherwise: str | None) -> str | None:
    """Return what to write where a date is asked and words or an anchor alone were written."""
    text = value if isinstance(value, str) else ""
    anchor, span = _ANCHOR.search(text), _SPAN.search(text)
    if anchor is None and span is None:
        return f"write a date as {otherwise}" if otherwise else None
    name = anchor[0] if anchor else "period.end"
    before = _BEFORE.search(text) if span else name.startswith("deadlines.")
    unit, count = (_UNITS[span[2].lower()], int(span[1])) if span else ("workdays" if before else "days", 8)
    return f"write a date as {{ {'before' if before else 'after'}: {name}, {unit}: {count} }}"


def suggest_text(value: Any) -> str:
    """Return what to write where a text is asked."""
    if isinstance(value, dict):
        return "put text with braces in quotes"
    if not isinstance(value, list):
        return "put it in quotes to make it a string"
    one = value[0] if len(value) == 1 and isinstance(value[0], str) else None
    return f"write it without brackets: {one}" if one else "write one, without brackets"
