"""Relation fields: the office's own do not shadow the fields that every relation has."""

from collections.abc import Iterator

from ...context import VARIABLES
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example


def _field_example(name: str) -> Example:
    return Example(f"fields:\n  - id: {name}\n    title: Naam\n    type: text\n", "office.yaml")


FIELD_TAKEN = Code(
    "K215",
    "relation field already exists",
    "Every relation already has a field with this id, so conditions and texts could not tell the two apart.",
    wrong=_field_example("name"),
    right=_field_example("trade_name"),
    remedy="use that one, or give this another id",
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report fields of the office with the id of a field that every relation has."""
    office = definitions.office.model if definitions.office else None
    for own in office.fields if office else ():
        if own.id in VARIABLES["relation"]:
            yield FIELD_TAKEN.at(own.place("id"), f"every relation already has a field '{own.id}'")
