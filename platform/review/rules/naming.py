"""The class of a text by what it names: another account is legal, other days are timing."""

import re
from collections.abc import Iterator

from ...context import VARIABLES
from ...plan import (
    Checkpoint,
    CreateTask,
    Deadline,
    Document,
    End,
    FactDefinition,
    Form,
    FormField,
    Message,
    Option,
    Outcome,
    Phase,
    Product,
    RelationField,
    Role,
    Text,
)
from .base import Told

_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
"""What is written as the number of an account (IBAN)."""
_MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "january|february|march|may|june|july|august|october"
)
_NUMBERS = (
    "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|veertien|"
    "a|one|two|three|four|five|six|seven|eight|nine|ten|fourteen"
)
_UNITS = (
    "werkdag|werkdagen|dag|dagen|week|weken|maand|maanden|jaar|uur|"
    "(?:working |business )?days?|weeks?|months?|years?|hours?"
)
_DAY = re.compile(
    r"\{[{%](?P<code>.*?)[}%]\}"
    rf"|\b\d{{1,2}} (?:{_MONTHS})\b|\b(?:{_MONTHS}) \d{{1,2}}\b|\b\d{{1,4}}-\d{{1,2}}-\d{{1,4}}\b"
    rf"|\b(?:\d+|{_NUMBERS}) (?:{_UNITS})\b"
    r"|\b(?:maan|dins|woens|donder|vrij|zater|zon)dag\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:vandaag|morgen|(?:deze|volgende) week|today|tomorrow|(?:this|next) week)\b",
    re.IGNORECASE,
)
"""What is written in a text as a day or a time, and what is worked out in it."""
_VARIABLE = re.compile(r"\b[a-z_]+\.[a-z_]+\b")

OF_TEXT = {
    *((Text, field) for field in ("subject", "body")),
    *((Form, "intro"), (FormField, "help"), (CreateTask, "title")),
    *(
        (owner, "title")
        for owner in (FormField, Option, Outcome, FactDefinition, Checkpoint, Document, Phase)
    ),
    *((owner, "title") for owner in (Role, Product, Form, End, Deadline, Message, RelationField)),
}
"""Texts whose class is not always wording."""


def class_of_text(told: Told) -> str:
    """Return the class of a text: that of what it names otherwise than it did, or in another order."""
    old, new = told.before or "", told.after or ""
    if list(_list_accounts(old)) != list(_list_accounts(new)):
        return "legal"
    return "wording" if list(_list_days(old)) == list(_list_days(new)) else "timing"


def class_of_title(told: Told) -> str:
    """Return the class of a short text, in which a day is what is asked about and not a day of the filing."""
    old, new = told.before or "", told.after or ""
    return "wording" if list(_list_accounts(old)) == list(_list_accounts(new)) else "legal"


def _list_accounts(text: str) -> Iterator[str]:
    return (one.replace(" ", "") for one in _ACCOUNT.findall(text))


def _list_days(text: str) -> Iterator[str]:
    """Yield the days of a text in their order, as they are written or by their variables."""
    for found in _DAY.finditer(text):
        code = found["code"]
        if code is None:
            yield found[0].casefold()
        else:
            yield from (name for name in _VARIABLE.findall(code) if _is_day(*name.split(".")))


def _is_day(group: str, name: str) -> bool:
    variable = VARIABLES.get(group, {}).get(name)
    return variable is not None and variable.type == "date"
