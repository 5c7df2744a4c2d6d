"""Answers to what was asked of a client (R8): read as people and forms write them, and checked by field.

The rules are those of the form's JSON Schema; what is refused is said in Dutch by field, and never with the
answer itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .fact_values import say_money
from .patterns import longest_of, pattern_of
from .plan import FormField
from .suggest import nearest
from .typed import TypedError, read_cents, read_number, read_yes_no
from .words import say_excess

Value = str | int | bool | tuple[str, ...]
"""An answer of a form: a date is ISO text, money whole cents, choices the ids of options."""

LONGEST = 10_000
"""A text without a pattern is at most this long."""
LARGEST = 10**15
"""No number or amount of cents is larger."""

CENTS = 100

_READERS: dict[str, Callable[[str], Value]] = {
    "money": read_cents,
    "number": read_number,
    "yes_no": read_yes_no,
}


class Fault(NamedTuple):
    """What is wrong with the answer to a field, in Dutch; `title` is the field's label."""

    title: str
    text: str

    @property
    def sentence(self) -> str:
        """Return field and fault as one part of a sentence."""
        return f"{self.title}: {self.text}"


def read_answers(fields: Sequence[FormField], written: Mapping[str, Any]) -> dict[str, Value]:
    """Return answers as the machine takes them from what a file or a form holds.

    An empty answer is left out. What cannot be read stays a text, which the check refuses.
    """
    known = {field.id: field for field in fields}
    return {
        name: _read(known.get(name), value)
        for name, value in written.items()
        if value is not None and not (isinstance(value, str) and not value.strip())
    }


def check_answers(fields: Sequence[FormField], values: Mapping[str, Value]) -> tuple[Fault, ...]:
    """Return what is wrong with the answers to a form, in the order of its fields."""
    known = [field.id for field in fields]
    strange = sorted(set(values) - set(known))
    return (*(fault for field in fields for fault in _check(field, values)), *_refuse_strange(strange, known))


def _refuse_strange(names: Sequence[str], known: Sequence[str]) -> Iterator[Fault]:
    for name in names:
        near = nearest(name, known)
        meant = f" (bedoelt u '{near}'?)" if near else ""
        yield Fault(f"'{name[:40]}'", f"deze vraag staat niet op het formulier{meant}")


def _check(field: FormField, values: Mapping[str, Value]) -> Iterator[Fault]:
    value = values.get(field.id)
    if value is None:
        if field.required:
            yield Fault(field.title, "vul dit in")
        return
    fault = _CHECKS[field.kind](field, value)
    if fault:
        yield Fault(field.title, fault)


def _check_text(field: FormField, value: Value) -> str | None:
    if not isinstance(value, str):
        return "vul een tekst in"
    given = field.most if isinstance(field.most, int) else None
    most = longest_of(given) if field.pattern else LONGEST if given is None else min(given, LONGEST)
    if isinstance(field.least, int) and len(value) < field.least:
        return f"gebruik minstens {_count(field.least, 'teken', 'tekens')}"
    if len(value) > most:
        return f"dit is {say_excess(len(value), most)}"
    if field.pattern and not pattern_of(field.pattern).matches(value):
        return "dit heeft niet de gevraagde vorm" + (f" ({field.help})" if field.help else "")
    return None


def _check_number(field: FormField, value: Value) -> str | None:
    money = field.kind == "money"
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        return "vul een bedrag in, zoals 1250,50" if money else "vul een heel getal in"
    say = say_money if money else str
    if isinstance(field.least, int) and value < field.least:
        return f"vul {say(field.least)} of meer in"
    if isinstance(field.most, int) and value > field.most:
        return f"vul {say(field.most)} of minder in"
    return None


def _check_date(field: FormField, value: Value) -> str | None:
    return None if isinstance(value, str) and _is_day(value) else "vul een datum in, zoals 2026-01-31"


def _check_yes_no(field: FormField, value: Value) -> str | None:
    return None if isinstance(value, bool) else "antwoord met ja of nee"


def _check_choice(field: FormField, value: Value) -> str | None:
    if isinstance(value, str) and value in {option.id for option in field.options}:
        return None
    return f"kies uit: {_say_options(field)}"


def _check_choices(field: FormField, value: Value) -> str | None:
    if not isinstance(value, tuple) or not set(value) <= {option.id for option in field.options}:
        return f"kies uit: {_say_options(field)}"
    if len(set(value)) < len(value):
        return "kies elke mogelijkheid hoogstens één keer"
    if isinstance(field.least, int) and len(value) < field.least:
        return f"kies er minstens {field.least}"
    if isinstance(field.most, int) and len(value) > field.most:
        return f"kies er hoogstens {field.most}"
    return None


def _check_document(field: FormField, value: Value) -> str | None:
    return "voeg een document toe"


_CHECKS = {
    "text": _check_text,
    "number": _check_number,
    "money": _check_number,
    "date": _check_date,
    "yes_no": _check_yes_no,
    "choice": _check_choice,
    "choices": _check_choices,
    "document": _check_document,
}


def _read(field: FormField | None, value: Any) -> Value:
    """Return one answer: texts by the readers that facts have, so that both take the same ways of writing."""
    kind = field.kind if field else "text"
    if isinstance(value, str):
        return _read_text(kind, value)
    if isinstance(value, bool):
        return value
    if isinstance(value, (list, tuple)):
        return tuple(str(item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return _read_figure(kind, value)
    return str(value)


def _read_text(kind: str, text: str) -> Value:
    try:
        value = _READERS[kind](text) if kind in _READERS else text
    except TypedError:
        return text
    return text if isinstance(value, int) and abs(value) > LARGEST else value


def _read_figure(kind: str, value: int | float) -> Value:
    """Return a number of a file, in whole cents where it is an amount; one that cannot be is a text."""
    if not abs(value) <= LARGEST:  # what is not a number is not either
        return hex(value) if isinstance(value, int) else str(value)  # no text in digits above 4300 of them
    figure = Decimal(str(value))
    whole = figure * CENTS if kind == "money" else figure
    return int(whole) if whole == whole.to_integral_value() else str(value)


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _say_options(field: FormField) -> str:
    return ", ".join(o.id if o.id == o.title else f"{o.id} ('{o.title}')" for o in field.options)


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
