"""Slots: what a place of a definition may hold, from the models of the language."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from ..compiler.language.kinds import KINDS, Kind, find_kind
from ..compiler.nodes import Node
from ..compiler.reference import Key, blocks


@dataclass(frozen=True)
class Slot:
    """What a place may hold: a mapping of one of these blocks, one of these values, a list, or text."""

    blocks: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    item: "Slot | None" = None
    """What each item may be, where it is a list."""
    each: "Slot | None" = None
    """What each value may be, where it is a mapping whose keys are ids."""


TEXT = Slot()


class Place(NamedTuple):
    """A value of a definition, and where it stands: under a key of a block, perhaps as an item of a list.

    Where the keys of a mapping are ids, the slot of each value is the key of the mapping and `.*`.
    """

    node: Node
    slot: Slot
    block: str = ""
    key: str = ""
    owner: Node | None = None
    """The mapping that has the key; the top has none."""
    up: "Place | None" = None
    """The mapping that it is in."""

    @property
    def named(self) -> str:
        """Return the key under which it stands, as it is written; '' where it is the top or an item."""
        written = self.owner.value if self.owner else None
        pairs = written.items() if isinstance(written, dict) else ()
        return next((key for key, value in pairs if value is self.node), "")

    def above(self, *names: str) -> Node | None:
        """Return the node of the nearest mapping above that is a block of one of these names."""
        place = self.up
        while place is not None:
            if set(names) & set(place.slot.blocks):
                return place.node
            place = place.up
        return None


def kind_of(path: str) -> Kind | None:
    """Return the kind of definition that a file of the folder holds."""
    folder, _, _ = path.rpartition("/")
    return find_kind(folder)


def walk(node: Node, kind: Kind) -> Iterator[Place]:
    """Yield every value of a definition, outer ones first. What has no place in the language is left out."""
    top = Place(node, Slot(blocks=(kind.model.__name__,)))
    waiting = [top]
    while waiting:
        place = waiting.pop()
        block = choose_block(place.node, place.slot.blocks)
        if block:
            place = place._replace(slot=replace(place.slot, blocks=(block,)))
        yield place
        waiting += reversed(list(_below(place, block)))


def choose_block(node: Node, names: tuple[str, ...]) -> str:
    """Return which block a mapping is: of several, the one with most of its keys; '' where it is none."""
    if not isinstance(node.value, dict) or not names:
        return ""
    written = node.value.keys()
    return max(names, key=lambda name: len(written & key_table(name).keys()))


def _below(place: Place, block: str) -> Iterator[Place]:
    node, slot = place.node, place.slot
    if isinstance(node.value, list):
        inner = slot.item or TEXT
        for item in node.value:
            yield Place(item, inner, place.block, place.key, place.owner, place.up)
    elif isinstance(node.value, dict) and block:
        table = slots_of(block)
        for key, value in node.value.items():
            yield Place(value, table.get(key, TEXT), block, key, node, place)
    elif isinstance(node.value, dict) and slot.each:
        for value in node.value.values():
            yield Place(value, slot.each, place.block, f"{place.key}.*", node, place.up)


@cache
def key_table(block: str) -> dict[str, Key]:
    """Return the keys of a block by name, in the order of the model."""
    return {key.name: key for key in blocks()[block].keys}


@cache
def slots_of(block: str) -> dict[str, Slot]:
    """Return what each key of a block may hold."""
    return {key: _make_slot(part) for key, part in _schemas()[block]["properties"].items()}


@cache
def _schemas() -> dict[str, Any]:
    """Return the schema of every block by its name."""
    found: dict[str, Any] = {}
    for kind in KINDS:
        schema = kind.model.model_json_schema(by_alias=True)
        found |= schema.pop("$defs", {})
        found[kind.model.__name__] = schema
    return found


def _make_slot(part: dict[str, Any]) -> Slot:
    if "$ref" in part:
        return Slot(blocks=(str(part["$ref"]).rsplit("/", 1)[-1],))
    if "const" in part or "enum" in part:
        return Slot(values=tuple(_write(value) for value in part.get("enum", [part.get("const")])))
    if "oneOf" in part or "anyOf" in part:
        return _merge(_make_slot(below) for below in (*part.get("oneOf", ()), *part.get("anyOf", ())))
    if "patternProperties" in part:
        return Slot(each=_merge(_make_slot(below) for below in part["patternProperties"].values()))
    if isinstance(part.get("additionalProperties"), dict):
        return Slot(each=_make_slot(part["additionalProperties"]))
    if part.get("type") == "array":
        return Slot(item=_make_slot(part["items"]))
    return Slot(values=("true", "false")) if part.get("type") == "boolean" else TEXT


def _merge(slots: Iterable[Slot]) -> Slot:
    merged = Slot()
    for slot in slots:
        merged = Slot(
            merged.blocks + slot.blocks,
            merged.values + slot.values,
            merged.item or slot.item,
            merged.each or slot.each,
        )
    return merged


def _write(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
