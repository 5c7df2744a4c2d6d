"""What the layout of a definition takes from the language: the order of keys, braces, and empty lines."""

from functools import cache
from typing import Any, get_args, get_origin

from ..language.base import Definition
from ..language.dates import DateRule, DueChoice
from ..language.people import FunctionTo, RoleTo
from ..language.phases import Deliver, GiveUp, LeaveNote, Phase, Request, Send, StartFiling, Together
from ..language.scenario import (
    After,
    ClientGiven,
    Do,
    Expect,
    Habits,
    OfficeHabits,
    ProductGiven,
    RelationGiven,
    Verdict,
    World,
)
from ..language.workflow import Workflow
from ..nodes import Node

WIDTH = 110

COMMENT_COLUMN = 42
"""Where a comment begins that follows something shorter on its line."""

OF_STORIES: frozenset[type[Definition]] = frozenset(
    (*(After, ClientGiven, Do, Expect, Habits, OfficeHabits, ProductGiven, RelationGiven, Verdict, World),)
)
"""What a scenario says in one breath: on one line where it fits, with the lists and values that are in it."""

IN_BRACES: frozenset[type[Definition]] = OF_STORIES | frozenset(
    (DateRule, DueChoice, GiveUp, FunctionTo, RoleTo, Send, Request, StartFiling, LeaveNote, Deliver)
)
"""Dates and short references: in braces where they fit on their line. In templates braces hold no prose."""

APART: frozenset[type[Definition]] = frozenset((Phase, Together))
"""Items of lists that have an empty line between them."""

SECTIONS: dict[type[Definition], frozenset[str]] = {
    Workflow: frozenset(("facts", "documents", "deadlines", "sbr", "phases", "ends"))
}
"""Keys that have an empty line before them."""

FIRST: dict[type[Definition], tuple[str, ...]] = {DueChoice: ("if",)}
"""Keys that come before those of the model: 'if this is a year, three months after'."""


def order_keys(model: type[Definition] | None, written: list[str]) -> list[str]:
    """Return keys in the order of their model; unknown ones are last, as they were written."""
    if model is None:
        return written
    places = _place_keys(model)
    return sorted(written, key=lambda key: places.get(key, len(places)))


def choose_model(candidates: tuple[type[Definition], ...], node: Node) -> type[Definition] | None:
    """Return the model of a mapping: of those that are possible the one that knows most of its keys."""
    if not isinstance(node.value, dict) or not candidates:
        return None
    keys = node.value.keys()
    return max(candidates, key=lambda model: len(keys & set(model.keys())))


@cache
def _place_keys(model: type[Definition]) -> dict[str, int]:
    known = dict.fromkeys((*FIRST.get(model, ()), *model.keys()))
    return {key: place for place, key in enumerate(known)}


@cache
def models_below(model: type[Definition]) -> dict[str, tuple[bool, tuple[type[Definition], ...]]]:
    """Return for each key whether its value is a mapping of ids, and the models that are possible in it."""
    return {
        field.alias or name: (get_origin(field.annotation) is dict, tuple(_find_models(field.annotation)))
        for name, field in model.model_fields.items()
    }


def _find_models(annotation: Any) -> list[type[Definition]]:
    if isinstance(annotation, type) and issubclass(annotation, Definition):
        return [annotation]
    return [model for part in get_args(annotation) for model in _find_models(part)]
