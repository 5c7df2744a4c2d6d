"""One mistake of shape: what pydantic refused, where that is in the file, and how to go on after it."""

import re
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from . import shape_codes as codes
from .diagnostics import Diagnostic, Span
from .language.base import Definition, Shaping
from .nodes import Node
from .suggest import did_you_mean, listed, nearest

_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "model_type": "a mapping of keys",
    "dict_type": "a mapping of keys",
}


_ALSO = {
    "to": "a block such as { function: directeur }",
    "at": "a date such as { after: period.end, days: 8 }",
}
_A_DATE = "a date is written as { after: period.end, days: 8 }"
_WRITTEN = {
    **dict.fromkeys(("created", "not_before", "due", "earliest", "at"), _A_DATE),
    "send": "it is written as { message: ... }",
    "texts": "below it stand the languages, nl and en, without dashes",
}


def what(value: Any) -> str:
    """Return what a value of a file is, in words."""
    if isinstance(value, dict):
        return "a mapping of keys"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"the text '{_short(value)}'" if isinstance(value, str) else f"the number {value}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


class Mistake:
    """An error of pydantic's, with the mapping of the file that it is in."""

    def __init__(self, error: ErrorDetails, raw: dict[str, Any], shaping: Shaping) -> None:
        self.kind = error["type"]
        self.text = error["msg"]
        self.value = error["input"]
        self.allowed = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        self.shaping = shaping
        self.holder, self.below = _innermost(raw, _path(raw, error["loc"]), shaping)

    @property
    def node(self) -> Node:
        """Return the node of the mapping that the mistake is in."""
        return self.shaping.nodes[id(self.holder)]

    @property
    def model(self) -> type[Definition]:
        """Return the model of that mapping."""
        return self.shaping.models[id(self.holder)]

    @property
    def key(self) -> str:
        """Return the key of that mapping that is, or lacks, or holds the mistake."""
        return str(self.below[0])

    @property
    def place(self) -> Span:
        """Return the place of the value."""
        return self.node.place(*self.below)

    def diagnostic(self) -> Diagnostic | None:
        """Return what to tell, or None for what follows from another mistake."""
        match self.kind:
            case "extra_forbidden":
                return self._unknown_key()
            case "missing":
                return self._missing()
            case "literal_error" if isinstance(self.value, str):
                return self._unknown_value()
            case "id":
                return codes.NOT_AN_ID.at(self.place, f"'{_short(self.value)}' is no id: {self.text}")
            case "must":
                return codes.OUT_OF_RANGE.at(self.place, f"{self._written()} cannot be: {self.text}")
            case _:
                return self._wrong_type()

    def _unknown_key(self) -> Diagnostic:
        key, known = self.key, self.model.keys()
        span = self.node.keys[key]
        if key in self.model.LATER:
            message = f"'{key}' is not in this version yet; it comes with {self.model.LATER[key]}"
            return codes.LATER.at(span, message)
        value = self.node.child(key)
        if self.node.style == "flow" and value is not None and value.is_absent:
            message = f"the comma cut this text: '{key}' became a key"
            return codes.CUT_TEXT.at(span, message, help="write it in block style, or put the text in quotes")
        absent = self._replaced()
        help = did_you_mean(key, known) or f"known here: {listed(known, 'and')}"
        if nearest(key, known) is None and absent is not None:
            help = f"did you mean '{absent}', which is missing here?"
        return codes.UNKNOWN_KEY.at(span, f"unknown key '{_short(key)}'", help=help)

    def _replaced(self) -> str | None:
        """Return the required key for which an unknown one stands: the only one of each in the mapping."""
        known = self.model.keys()
        absent = self.model.needs() - self.node.keys.keys()
        unknown = self.node.keys.keys() - {*known, *self.model.LATER}
        unknown = {key for key in unknown if nearest(key, known) is None}
        return absent.pop() if len(absent) == len(unknown) == 1 else None

    def _missing(self) -> Diagnostic | None:
        known = self.model.keys()
        if self.key in self.node.keys:
            return None  # it stands there, and was reported as no value at all
        unknown = [key for key in self.node.keys if key not in known]
        if self.key == self._replaced() or any(nearest(key, known) == self.key for key in unknown):
            return None
        if any(key in self.model.ALONE for key in unknown):
            return None
        return codes.MISSING_KEY.at(self.node.start, f"the key '{self.key}' is missing here")

    def _unknown_value(self) -> Diagnostic:
        if self.value in self.model.LATER_VALUES.get(self.key, ()):
            message = f"'{self.value}' is not in this version yet; it comes with the templates that need it"
            return codes.LATER.at(self.place, message)
        near = nearest(self.value, self.allowed)
        also = f" or {_ALSO[self.key]}" if self.key in _ALSO else ""
        message = f"unknown value '{_short(self.value)}', expected {listed(self.allowed)}{also}"
        return codes.UNKNOWN_VALUE.at(self.place, message, help=near and f"did you mean '{near}'?")

    def _wrong_type(self) -> Diagnostic:
        if self.value is None:
            needed = self.key in self.model.needs()
            help = "give it a value" if needed else "leave the key out, or give it a value"
            return codes.WRONG_TYPE.at(self.place, f"'{self.key}' has no value", help=help)
        expected = _EXPECTED.get(self.kind, listed(self.allowed) or "something else")
        message = f"expected {expected}, found {what(self.value)}"
        return codes.WRONG_TYPE.at(self.place, message, help=self._remedy())

    def _remedy(self) -> str | None:
        if self.kind == "string_type" and not isinstance(self.value, dict | list):
            return "put it in quotes to make it a text"
        if self.kind == "bool_type" and self.value in ("yes", "no", "on", "off", "ja", "nee"):
            return f"write {'true' if self.value in ('yes', 'on', 'ja') else 'false'}"
        if self.kind == "list_type":
            return "write a list, also of one: [...]"
        if self.kind == "string_type" and isinstance(self.value, dict):
            return "put a text with braces in quotes"
        if self.kind == "model_type":
            return _WRITTEN.get(self.key)
        return None

    def _written(self) -> str:
        if isinstance(self.value, dict | list):
            return "an empty list" if not self.value else what(self.value)
        return f"'{_short(str(self.value))}'"

    def repair(self, *, gently: bool) -> None:
        """Take the mistake out of the data, or put a placeholder where something must be.

        Gently: what a type's own rule refused stays, for the lenient pass lets it through.
        """
        damaged = self.shaping.damaged.setdefault(id(self.holder), set())
        damaged.add(self.key)
        if self.kind == "missing":
            self._fill()
        elif self.kind == "extra_forbidden":
            damaged.add(nearest(self.key, self.model.keys()) or self.key)
            self.shaping.kept.append(self.holder.pop(self.key, None))
        elif not (gently and self.kind in ("must", "id")):
            self._take_out()

    def _take_out(self) -> None:
        value = self.holder.get(self.key)
        self.shaping.kept.append(value)
        if len(self.below) > 1 and isinstance(value, list) and any(isinstance(item, dict) for item in value):
            self.holder[self.key] = [item for item in value if item is not self.value]
        else:
            self.holder.pop(self.key, None)

    def _fill(self) -> None:
        field = next(f for name, f in self.model.model_fields.items() if (f.alias or name) == self.key)
        made = _placeholder(field.annotation)
        if isinstance(made, dict):
            self.shaping.nodes[id(made)] = self.node
            self.shaping.damaged[id(made)] = {"*"}
        self.holder[self.key] = made


def _path(raw: Any, location: tuple[int | str, ...]) -> list[int | str]:
    """Return the way to a mistake without pydantic's tags of unions, which no key stands for."""
    path, here = [], raw
    for part in location:
        known = isinstance(here, dict) and part in here
        if str(part).startswith("~") and not known:
            continue
        path.append(part)
        here = here[part] if known or isinstance(here, list) else None
    return path


def _innermost(raw: Any, path: list[Any], shaping: Shaping) -> tuple[dict[str, Any], list[Any]]:
    """Return the innermost mapping on the way to a mistake that has a model, and the path below it."""
    holder, below, here = raw, path, raw
    for number, part in enumerate(path[:-1], 1):
        here = here[part]
        if isinstance(here, dict) and id(here) in shaping.models:
            holder, below = here, path[number:]
    return holder, below


def _placeholder(annotation: Any) -> Any:
    """Return a value of the type that stands in for one that is missing; '' never names anything."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _placeholder(arguments[0])
    if origin in (Union, UnionType):
        return _placeholder(next(kind for kind in arguments if kind is not type(None)))
    if origin is Literal:
        return arguments[0]
    if origin is list:
        return []
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {}
    return {int: 1, bool: False, str: ""}.get(annotation, "2000-01-01")
