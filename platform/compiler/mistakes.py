"""One validation error of pydantic: its position in the file, its diagnostic, and its repair."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from ..suggest import ask_if_meant, join_names, name_foreign_sign, nearest
from . import instead
from . import shape_codes as codes
from .diagnostics import Diagnostic, Span
from .dutch import OPPOSITES, find_key, find_value
from .language.base import ID, NAME, Definition, Must, Shaping
from .language.dates import DateRule
from .language.forms import FormProperty
from .language.meanings import find_meanings
from .language.phases import Send, Task
from .nodes import Node

_EXPECTED = {
    "string_type": "a string",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "model_type": "a mapping",
    "dict_type": "a mapping",
}


_ALSO = {
    "to": "a block such as { function: directeur }",
    "at": "a date such as { after: period.end, days: 8 }",
}
_DATES = ("created", "not_before", "due", "earliest", "latest", "at", "date")
_NOTATIONS = {
    "send": "write it as { message: ... }",
    "request": "write it as { form: ... }",
    "texts": "write the languages, nl and en, below it without dashes",
}


_CLIENTS = frozenset({"client", "cliënt", "customer", "klant"})
"""What authors call the client where the primary contact is meant."""
_FORM_TYPES = {
    **dict.fromkeys(("date", "datum"), "type: string, and below it format: date"),
    **dict.fromkeys(("money", "bedrag"), "type: number, and below it x-kind: money"),
    **dict.fromkeys(("choice", "keuze"), "type: string, and below it enum: [...]"),
}
"""The types of facts and of Dutch authors for which JSON Schema has two keys."""


def describe(value: Any) -> str:
    """Describe a value of a file in words: 'a list', 'the number 5'."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"the string '{_shorten(value)}'" if isinstance(value, str) else f"the number {value}"


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}..."


class Mistake:
    """A validation error with the innermost mapping of the file that contains it."""

    def __init__(self, error: ErrorDetails, raw: dict[str, Any], shaping: Shaping) -> None:
        self.kind = error["type"]
        self.text = error["msg"]
        self.value = error["input"]
        self.allowed = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        self.shaping = shaping
        self.holder, self.below = _innermost(raw, _path(raw, error), shaping)

    @property
    def node(self) -> Node:
        """Return the node of that mapping."""
        return self.shaping.nodes[id(self.holder)]

    @property
    def model(self) -> type[Definition]:
        """Return the model that validates it."""
        return self.shaping.models[id(self.holder)]

    @property
    def key(self) -> str:
        """Return the key of that mapping that is wrong, missing, or holds the wrong value."""
        return str(self.below[0])

    @property
    def place(self) -> Span:
        """Return the span of the value, or of a key that does not belong there."""
        if self.kind == "extra_forbidden":
            return self.node.keys[self.key]
        return self.node.place(*self.below)

    @property
    def sort(self) -> tuple[object, ...]:
        """Return what mappings or items of a list share that are wrong alike; of all else it is its own."""
        if self.kind == "extra_forbidden" and self.key in self.model.NOT_HERE:
            return self.kind, self.model, self.key
        if self.kind == "extra_forbidden" and self._is_with_equals_sign():
            return self.kind, id(self.holder)
        if self.kind == "extra_forbidden" and (above := self._find_key_above()) is not None:
            return self.kind, id(self.holder), above
        if len(self.below) == 2 and self.kind in _EXPECTED:
            return id(self.holder), self.key, self.kind, type(self.value)
        return (id(self),)

    def diagnose(self) -> Diagnostic | None:
        """Return the diagnostic, or None when the error follows from another one."""
        match self.kind:
            case "extra_forbidden":
                return self._diagnose_unknown_key()
            case "missing":
                return self._diagnose_missing_key()
            case "literal_error" if isinstance(self.value, str):
                return self._diagnose_unknown_value()
            case "id":
                message = f"invalid id '{_shorten(self.value)}': expected {self.text}"
                near = instead.suggest_id(self.value, one=self.key == "id")
                help = name_foreign_sign(self.value) or near
                return codes.NOT_AN_ID.at(self.place, message, help=help)
            case "must" | "day" | "day_of_month":
                message = f"expected {self.text}, found {self._describe_value()}"
                help = (
                    self._suggest_for_rule()
                    or self._suggest_direction()
                    or f"write {self.text}: {_find_meaning(self.model, self.key)}"
                )
                return codes.OUT_OF_RANGE.at(self.place, message, help=help)
            case "thousands":
                return codes.WRONG_TYPE.at(
                    self.place, self.text, help=instead.suggest_number(self.value.written)
                )
            case _:
                return self._diagnose_type()

    def _diagnose_unknown_key(self) -> Diagnostic:
        key, known = self.key, self.model.keys()
        span = self.node.keys[key]
        value = self.node.child(key)
        if self._is_with_equals_sign():
            name, _, rest = (part.strip() for part in key.partition("="))
            help = f"write a colon and a space instead of '=': {name}: {rest}"
            return codes.UNKNOWN_KEY.at(span, f"unknown key '{_shorten(key)}'", help=help)
        above = self._find_key_above()
        if above is not None:
            help = f"indent it more than '{above}', to which it belongs"
            return codes.UNKNOWN_KEY.at(span, f"unknown key '{_shorten(key)}'", help=help)
        if self.node.style == "flow" and value is not None and value.is_absent:
            message = f"text split at a comma: '{key}' was read as a key"
            return codes.CUT_TEXT.at(span, message, help="use block style, or put the text in quotes")
        absent = self._guess_missing_key()
        if key == "<<":
            help = "write the keys themselves: with '<<' YAML merges blocks, and the language does not"
            return codes.UNKNOWN_KEY.at(span, "unknown key '<<'", help=help)
        near = find_near_key(key, known)
        other = _find_other(key, self.model) if near is None else None
        if other is not None:
            return codes.UNKNOWN_KEY.at(span, f"unexpected key '{key}'", help=self.model.NOT_HERE[other])
        within = self._find_block_of(key) if near is None else None
        help = ask_if_meant(key, near) if near else f"valid keys: {join_names(known, 'and')}"
        if within is not None:
            return codes.UNKNOWN_KEY.at(span, f"unknown key '{key}'", help=f"it belongs in '{within}'")
        if key.casefold() in OPPOSITES and near == "if":
            help = f"write the opposite: {instead.suggest_opposite(self.value)}"
            return codes.UNKNOWN_KEY.at(span, f"unknown key '{key}'", help=help)
        if absent is not None and near in (None, absent) and nearest(key, known) is None:
            help = f"did you mean '{absent}', which is missing here?"
        elif near is None:
            sign = name_foreign_sign(key)
            help = f"{help}; {sign}" if sign else help
        return codes.UNKNOWN_KEY.at(span, f"unknown key '{_shorten(key)}'", help=help)

    def _is_with_equals_sign(self) -> bool:
        """Say whether an unknown key in braces is a key with '=' and its value."""
        name, sign, _ = self.key.partition("=")
        value = self.node.child(self.key)
        known = self.model.keys()
        return bool(sign) and name.strip() in known and value is not None and value.is_absent

    def _find_key_above(self) -> str | None:
        """Return the key without a value above an unknown one that belongs to it, had it been indented."""
        known = self.model.keys()
        for key in known:
            value = self.node.child(key)
            if value is not None and value.is_absent and self.key in self._list_keys_within(key):
                written = [*self.node.keys]
                return key if written.index(key) < written.index(self.key) else None
        return None

    def _find_block_of(self, key: str) -> str | None:
        """Return the only block that takes an unknown key, of those that are written or else of all."""
        takes = _list_blocks(self.model).get(key, ())
        written = [one for one in takes if one in self.node.keys]
        return next(iter(written or takes)) if len(written or takes) == 1 else None

    def _list_keys_within(self, key: str) -> tuple[str, ...]:
        """Return the keys of the block that a key takes, if it takes one."""
        return _list_within(self.model, key)

    def _find_meant_key(self) -> str | None:
        """Return the key that an unknown one is meant for, or None."""
        near = find_near_key(self.key, self.model.keys())
        return near or (self._guess_missing_key() if isinstance(self.value, dict | list) else None)

    def _guess_missing_key(self) -> str | None:
        """Return the required key that an unknown one replaces: when the mapping has exactly one of each."""
        known = self.model.keys()
        absent = [key for key in self.model.required_keys() if key not in self.node.keys]
        if len(absent) != 1:
            return None
        unknown = (key for key in self.node.keys if key not in known)
        unlike = islice((key for key in unknown if nearest(key, known) is None), 2)
        return absent[0] if len(list(unlike)) == 1 else None

    def _diagnose_missing_key(self) -> Diagnostic | None:
        """Return the diagnostic of all keys that a mapping lacks, at the first of them."""
        absent = self._list_absent_keys()
        if self.key != next(iter(absent), None):
            return None
        what = f"missing key{'' if len(absent) == 1 else 's'} {join_names(absent, 'and')}"
        return codes.MISSING_KEY.at(self.node.start, what, help=_say_what_to_add(self.model, absent))

    def _list_absent_keys(self) -> list[str]:
        """Return the required keys that are not there, and that no other key is meant for."""
        known, required = self.model.keys(), self.model.required_keys()
        unknown = [key for key in self.node.keys if key not in known]
        if any(_find_other(key, self.model) for key in unknown):
            return []  # it is another kind of mapping, which is reported
        meant = {self._guess_missing_key(), *(find_near_key(key, known) for key in unknown)}
        # a key with an unreadable value was reported
        return [key for key in known if key in required and key not in self.node.keys and key not in meant]

    def _diagnose_unknown_value(self) -> Diagnostic:
        if self.value in self.model.LATER_VALUES.get(self.key, ()):
            message = f"value '{self.value}' is reserved and not supported yet"
            return codes.LATER.at(self.place, message)
        near = find_value(self.value, self.allowed) or nearest(self.value, self.allowed)
        several = instead.split_names(self.value, self.allowed)
        value, remarks = self.value.partition(" //")[::2]
        also = f" or {_ALSO[self.key]}" if self.key in _ALSO else ""
        message = f"unknown value '{_shorten(self.value)}', expected {join_names(self.allowed)}{also}"
        help = ask_if_meant(self.value, near) if near else name_foreign_sign(self.value)
        if remarks and value.strip() in self.allowed:
            help = f"write {value.strip()}: a comment begins with '#'"
        if self.model is FormProperty and self.key == "type" and self.value in _FORM_TYPES:
            help = f"write {_FORM_TYPES[self.value]}"
        if several:
            help = f"write one of them: {' or '.join(several)}"
        if help is None and self.key == "at":
            help = instead.suggest_date(self.value, None)
        if help is None:
            help = self._suggest_block()
        if help is None and self.key == "to" and self.value.casefold() in _CLIENTS:
            help = "leave 'to' out for the client: then it is primary_contact"
        if help is None and self.key == "to" and self.model in (Send, Task):
            help = f"for colleagues write {{ role: {_shorten(self.value)} }}"
        return codes.UNKNOWN_VALUE.at(self.place, message, help=help)

    def _suggest_block(self) -> str | None:
        """Return what to write where a word is the key of the block that could be there."""
        model = _find_model(self._find_annotation(self.key))
        within = model.keys() if model is not None else ()
        if model is None or self.value not in within:
            return None
        return f"write {{ {self.value}: ... }}: {_find_meaning(model, self.value)}"

    def _has_key_below(self) -> bool:
        """Say whether the next key is told as one that belongs to this one without a value."""
        written = [*self.node.keys]
        following = written[written.index(self.key) + 1 :][:1]
        known, within = self.model.keys(), self._list_keys_within(self.key)
        return any(key not in known and key in within for key in following)

    def _diagnose_type(self) -> Diagnostic | None:
        if self.value is None:
            if self._has_key_below():
                return None
            needed = self.key in self.model.required_keys()
            help = "add a value" if needed else "add a value, or remove the key"
            return codes.WRONG_TYPE.at(self.place, f"key '{self.key}' has no value", help=help)
        expected = _EXPECTED.get(self.kind, join_names(self.allowed) or "something else")
        message = f"expected {expected}, found {describe(self.value)}"
        return codes.WRONG_TYPE.at(self.place, message, help=self._suggest_fix())

    def _suggest_fix(self) -> str | None:
        match self.kind:
            case "string_type" if self.key == "if" and isinstance(self.value, bool):
                return "remove the key 'if' where it always applies"
            case "string_type" if self.key == "if" and isinstance(self.value, list):
                return "write a condition, such as relation.legal_form in ['bv', 'nv']"
            case "int_type":
                return instead.suggest_number(self.value)
            case "bool_type" if instead.is_condition(self.value) and find_key("als", self.model.keys()):
                return "write true or false, and the condition as 'if'"
            case "bool_type":
                return instead.suggest_truth(self.value)
            case "list_type":
                help = instead.suggest_list(self.value)
                return f"{help}: {_find_meaning(self.model, self.key)}" if help.endswith("[...]") else help
            case "string_type" if isinstance(self.value, bool) and self._takes(NAME):
                return f"write a name: {_find_meaning(self.model, self.key)}"
            case "string_type" if isinstance(self.value, int | float) and self._takes(ID):
                return instead.suggest_id(str(self.value), one=True)
            case "string_type" if isinstance(self.value, list) and self.key != "id" and self._takes(ID):
                named = [one for one in self.value if isinstance(one, str)]
                return instead.suggest_items(named) or instead.suggest_text(self.value)
            case "string_type":
                return instead.suggest_text(self.value)
            case "model_type" if self.key in _DATES:
                return instead.suggest_date(self.value, "{ after: period.end, days: 8 }")
            case "model_type":
                return _NOTATIONS.get(self.key) or self._name_keys()
            case _:
                return None

    def _name_keys(self) -> str | None:
        """Return which keys a block has that was written as something else."""
        model = _find_model(self._find_annotation(self.key))
        if model is None:
            return None
        keys, required = model.keys(), model.required_keys()
        named = join_names([key for key in keys if key in required], "and") or join_names(keys)
        return f"write a block below it, or in braces, with {named}"

    def _find_annotation(self, key: str | None) -> Any:
        """Return the annotation of a key of that mapping, or None."""
        return _find_annotation(self.model, key)

    def _takes(self, rule: Must) -> bool:
        """Say whether the key takes what has this rule: the name of something else, or an id."""
        fields = self.model.model_fields.items()
        field = next((field for name, field in fields if (field.alias or name) == self.key), None)
        return field is not None and (rule in field.metadata or _has_rule(field.annotation, rule))

    def _suggest_direction(self) -> str | None:
        """Return what to write instead of a date that is counted with a minus sign."""
        if not issubclass(self.model, DateRule) or not isinstance(self.value, int) or self.value >= 0:
            return None
        counted = {"after": "before", "before": "after"}
        key = next((key for key in counted if key in self.node.keys), None)
        return f"write {-self.value}, and '{counted[key]}' instead of '{key}'" if key else None

    def _suggest_for_rule(self) -> str | None:
        """Return what to write where a rule of the type does not hold."""
        if self.kind == "day_of_month":
            return instead.suggest_day_of_month(self.value) if isinstance(self.value, str | float) else None
        return instead.suggest_day(self.value) if self.kind == "day" else self._suggest_folding()

    def _suggest_folding(self) -> str | None:
        """Return the help for a text whose only mistake is the line end that `>` and `|` keep."""
        lone = (
            isinstance(self.value, str) and self.value.endswith("\n") and "\n" not in self.value.rstrip("\n")
        )
        child = self.node.child(self.key) if lone else None
        return (
            f"write {child.style}- instead of {child.style}" if child and child.style in (">", "|") else None
        )

    def _describe_value(self) -> str:
        if isinstance(self.value, bool):
            return describe(self.value)
        if isinstance(self.value, dict | list):
            return "an empty list" if not self.value else describe(self.value)
        if self.kind == "day_of_month":
            return describe(self.value)
        whole = isinstance(self.value, float) and self.value.is_integer()
        return f"'{_shorten(str(int(self.value) if whole else self.value))}'"

    def repair(self, *, gently: bool) -> None:
        """Remove the wrong value from the data, or add a placeholder for a missing one.

        Gently: a value that only its type's own rule rejects stays; the lenient pass accepts it.
        """
        damaged = self.shaping.damaged.setdefault(id(self.holder), set())
        damaged.add(self.key)
        if self.kind == "missing":
            self._add_placeholder()
        elif self.kind == "extra_forbidden":
            meant = self._find_meant_key()
            damaged.add(meant or self.key)
            value = self.holder.pop(self.key, None)
            self.shaping.kept.append(value)
            if meant == "if" and isinstance(value, str) and meant not in self.node.keys:
                self.holder[meant] = f"not ({value})" if self.key.casefold() in OPPOSITES else value
            if meant is not None and meant in self.model.required_keys() and meant not in self.node.keys:
                self.holder[meant] = value
        elif not (gently and self.kind in ("must", "id")):
            self._remove()

    def _remove(self) -> None:
        value = self.holder.get(self.key)
        self.shaping.kept.append(value)
        if len(self.below) > 1 and isinstance(value, list) and any(isinstance(item, dict) for item in value):
            self.holder[self.key] = [item for item in value if item is not self.value]
        else:
            self.holder.pop(self.key, None)

    def _add_placeholder(self) -> None:
        if self.key in self.holder:
            return  # what was meant for it was put there
        field = next(f for name, f in self.model.model_fields.items() if (f.alias or name) == self.key)
        placeholder = _placeholder(field.annotation)
        if isinstance(placeholder, dict):
            self.shaping.nodes[id(placeholder)] = self.node
            self.shaping.damaged[id(placeholder)] = {"*"}
        self.holder[self.key] = placeholder


def _path(raw: Any, error: ErrorDetails) -> list[int | str]:
    """Return the path to an error without pydantic's tags of unions, which are not keys of the file."""
    location = error["loc"]
    path: list[int | str] = []
    here = raw
    for number, part in enumerate(location, 1):
        missing = error["type"] == "missing" and number == len(location)
        if isinstance(part, str) and not missing and not (isinstance(here, dict) and part in here):
            continue
        path.append(part)
        here = None if missing else here[part]
    return path


def _innermost(raw: Any, path: list[Any], shaping: Shaping) -> tuple[dict[str, Any], list[Any]]:
    """Return the innermost mapping on the path that has a model, and the rest of the path."""
    holder, below, here = raw, path, raw
    for number, part in enumerate(path[:-1], 1):
        here = here[part]
        if isinstance(here, dict) and id(here) in shaping.models:
            holder, below = here, path[number:]
    return holder, below


def find_near_key(written: str, known: Collection[str]) -> str | None:
    """Return the key of a mapping that was meant: by its Dutch word, else the most similar one; or None."""
    return find_key(written, known) or nearest(written, known)


def _find_other(key: str, model: type[Definition]) -> str | None:
    """Return the key of another kind of mapping that a key is or is meant for, or None."""
    return key if key in model.NOT_HERE else find_near_key(key, model.NOT_HERE)


def _say_what_to_add(model: type[Definition], keys: list[str]) -> str:
    """Return the help for keys that are missing: each with its meaning."""
    if len(keys) == 1:
        return f"add '{keys[0]}': {_find_meaning(model, keys[0])}"
    listed = [f"'{key}' ({_find_meaning(model, key)})" for key in keys]
    return f"add {', '.join(listed)}"


def _find_meaning(model: type[Definition], key: str) -> str:
    """Return what a key is in a few words."""
    field = next(name for name, field in model.model_fields.items() if (field.alias or name) == key)
    meaning = re.split(r"[.;:](?: |$)", find_meanings(model).get(field, ""))[0]
    return f"{meaning[:1].lower()}{meaning[1:]}"


def _find_annotation(model: type[Definition], key: str | None) -> Any:
    """Return the annotation of a key of a model, or None."""
    fields = model.model_fields.items()
    return next((field.annotation for name, field in fields if (field.alias or name) == key), None)


def _list_within(model: type[Definition], key: str) -> tuple[str, ...]:
    """Return the keys of the block that a key of a model takes, if it takes one."""
    within = _find_model(_find_annotation(model, key))
    return within.keys() if within is not None else ()


@lru_cache(maxsize=128)
def _list_blocks(model: type[Definition]) -> Mapping[str, Sequence[str]]:
    """Return by key the keys of a model whose block takes it."""
    found: dict[str, list[str]] = {}
    known = model.keys()
    for key in known:
        for within in _list_within(model, key):
            found.setdefault(within, []).append(key)
    return found


def _find_model(annotation: Any) -> type[Definition] | None:
    """Return the model in an annotation, if there is exactly one."""
    if isinstance(annotation, type) and issubclass(annotation, Definition):
        return annotation
    found = [one for one in map(_find_model, get_args(annotation)) if one]
    return found[0] if len(found) == 1 else None


def _has_rule(annotation: Any, rule: Must) -> bool:
    """Say whether an annotation has a rule."""
    return any(part is rule or _has_rule(part, rule) for part in get_args(annotation))


def _placeholder(annotation: Any) -> Any:
    """Return a value of the type to replace a missing one; the empty string refers to nothing."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _placeholder(arguments[0])
    if origin in (Union, UnionType):
        return _placeholder(next(kind for kind in arguments if kind is not type(None)))
    if origin is Literal:
        return arguments[0]
    if origin is list:
        return []
    if origin is dict:
        return {}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {}
    return {int: 1, bool: False, str: ""}.get(annotation, "2000-01-01")
