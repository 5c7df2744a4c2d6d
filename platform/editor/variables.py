"""Variables: those that a condition or a text may name at a place, with their types and meanings."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..context import VARIABLES
from .index import Index
from .names import CODE, GROUPS, TEXTS, Definition, Symbol
from .slots import Place

_TYPES = {"choice": "text", "string": "text", "boolean": "yes_no", "integer": "number", "array": "a list"}


class Shown(NamedTuple):
    """A variable as an editor shows it."""

    path: str
    type: str
    meaning: str
    values: tuple[str, ...] = ()
    definition: Definition | None = None


def list_variables(index: Index, scope: str, *, texts: bool) -> Iterator[Shown]:
    """Yield the variables of a scope (names.Symbol): the language's, then those that definitions bring."""
    for group, names in VARIABLES.items():
        for name, variable in names.items():
            if texts or variable.in_conditions:
                yield Shown(f"{group}.{name}", variable.type, variable.meaning, variable.values)
    for group, kind in GROUPS.items():
        if texts and kind == "answer":
            continue
        for definition in index.list_defined(kind, "" if kind == "field" else scope):
            type_ = _TYPES.get(definition.about, definition.about)
            values = tuple(_list_options(index, definition.symbol))
            yield Shown(f"{group}.{definition.symbol.id}", type_, definition.title, values, definition)


def _list_options(index: Index, symbol: Symbol) -> Iterator[str]:
    if symbol.kind == "fact":
        for option in index.list_defined("option", symbol.scope, symbol.id):
            yield option.symbol.id


def is_code(place: Place) -> bool:
    """Say whether a place is a condition or a text, where variables stand."""
    return place.key == "if" or (place.block, place.key) in TEXTS


def read_code(place: Place, text: str, at: int) -> str | None:
    """Return the code of a condition or text up to an index of it; None where no variable can stand.

    In a text that is what follows the braces that are open there.
    """
    before = text[:at]
    if place.key == "if":
        return before
    opened = max(before.rfind("{{"), before.rfind("{%"))
    if opened < 0 or any(code.start() == opened and code.end() <= at for code in CODE.finditer(text)):
        return None
    return before[opened + 2 :] if "}" not in before[opened:] else None


COMPARED = re.compile(r"([a-z]+\.[a-z0-9_]+)\s*(?:==|!=|(?:not\s+)?in\s*[\[(][^\])]*)\s*\\?['\"]+[\w-]*$")
"""The end of code in which a value is compared with a variable: inside the quotes of that value."""
