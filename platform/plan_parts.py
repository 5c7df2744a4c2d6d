"""The parts of a plan and of the office by name, as reviews class them: phase.due, remind.every_days."""

from functools import cache, lru_cache
from typing import Any, get_type_hints

from .data import Struct
from .plan import DateRule, Expression, Office, Plan, To

VALUES: tuple[type, ...] = (DateRule, To, *Expression.__args__)  # type: ignore[attr-defined]
"""Structs that are one value to a reader: half of a date says nothing."""


@lru_cache(maxsize=1)
def list_parts() -> tuple[tuple[type, str], ...]:
    """Return every field of every struct that a plan or an office can hold, those of values aside."""
    seen: dict[type, None] = {}
    _collect(Plan, seen)
    _collect(Office, seen)
    return tuple((kind, field) for kind in seen for field in get_types(kind))


def _collect(kind: Any, seen: dict[type, None]) -> None:
    if isinstance(kind, type) and issubclass(kind, Struct):
        if kind in seen or issubclass(kind, VALUES):
            return
        seen[kind] = None
        for inside in get_types(kind).values():
            _collect(inside, seen)
    for inside in getattr(kind, "__args__", ()):
        _collect(inside, seen)


@cache
def list_fields_holding(kind: type[Struct], sought: type[Struct]) -> tuple[str, ...]:
    """Return the fields of a struct that can hold one of the sought kind, however deep."""
    return tuple(name for name, hint in get_types(kind).items() if sought in list_structs(hint))


@cache
def list_structs(hint: Any) -> tuple[type[Struct], ...]:
    """Return every kind of struct that what a type says can hold, however deep."""
    seen: dict[Any, None] = {}
    waiting = [hint]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen[one] = None
            waiting += getattr(one, "__args__", ())
            if isinstance(one, type) and issubclass(one, Struct):
                waiting += get_types(one).values()
    return tuple(one for one in seen if isinstance(one, type) and issubclass(one, Struct))


@cache
def get_types(kind: type) -> dict[str, Any]:
    """Return the types of the fields of a struct."""
    fields: tuple[str, ...] = getattr(kind, "__struct_fields__", ())
    return {name: hint for name, hint in get_type_hints(kind).items() if name in fields}


def name_part(owner: type, field: str) -> str:
    """Return the name of a part: the struct and the field, as phase.due."""
    words = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in owner.__name__)
    return f"{words.strip('_')}.{field}"
