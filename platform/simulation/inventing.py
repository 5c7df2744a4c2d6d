"""Values that nobody gave: answers to a form, facts of a case. Always the same for the same question.

They are as people write them: an amount is in euros.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from ..data import Scalar
from ..filing.events import Enclosure
from ..patterns import PatternError, pattern_of
from ..plan import FactDefinition, Form, FormField

MONEY = 2_500
"""Euros: enough for what is corrected by itself (a VAT correction above 1.000 euro)."""


def invent_fact(fact: FactDefinition, today: date) -> Scalar:
    """Return a value for a fact: today, the first option, 2.500 euro, 1, no, or a text."""
    match fact.type:
        case "date":
            return today.isoformat()
        case "choice":
            return fact.options[0].id
        case "money":
            return MONEY
        case "number":
            return 1
        case "yes_no":
            return False
        case "text":
            return "ingevuld in de simulatie"


def invent_answers(form: Form, today: date, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers to a form: what was given, and something for every other field that is required."""
    invented = {field.id: invent_answer(field, today) for field in form.fields if field.required}
    return invented | dict(given)


def invent_enclosure(item: str) -> Enclosure:
    """Return a document as a client hands one in; its name and hash say for which item."""
    return Enclosure(hash=f"stuk {item}", name=f"{item}.pdf", media_type="application/pdf")


def invent_answer(field: FormField, today: date) -> Any:
    """Return an answer to a field that its form takes, as people write it."""
    match field.kind:
        case "yes_no":
            return False
        case "choice":
            return field.options[0].id
        case "choices":
            least = field.least if isinstance(field.least, int) else 1
            return tuple(option.id for option in field.options[: max(least, 1)])
        case "number" | "money":
            return _in_bounds(field, 1 if field.kind == "number" else MONEY)
        case "date":
            return today.isoformat()
        case _:
            return _invent_text(field)


def _in_bounds(field: FormField, value: int) -> int | float:
    cents = 100 if field.kind == "money" else 1
    low = field.least / cents if isinstance(field.least, int) else value
    high = field.most / cents if isinstance(field.most, int) else value
    bounded = min(max(value, low), high)
    return int(bounded) if bounded == int(bounded) else bounded


def _invent_text(field: FormField) -> str:
    least = field.least if isinstance(field.least, int) else 1
    if field.pattern:
        with suppress(PatternError):  # where none is found the machine refuses what follows
            return pattern_of(field.pattern).example(least)
    most = field.most if isinstance(field.most, int) else 40
    return "ingevuld in de simulatie"[:most].ljust(least, ".")
