"""Shape: validate nodes against the models of the language; errors become diagnostics at their positions.

A file with errors still yields a model: invalid values are removed (or replaced by a placeholder, where the
key is required), and the model remembers which keys were damaged. So later checks report the other errors of
the file, and none that follows from these.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import ValidationError

from . import shape_codes as codes
from .diagnostics import Diagnostic
from .language.base import Definition, Shaping
from .mistakes import Mistake, describe
from .nodes import Node
from .source import Reading

D = TypeVar("D", bound=Definition)

PASSES = 12


def shape(model: type[D], reading: Reading) -> tuple[D | None, list[Diagnostic]]:
    """Validate what was read from a file; return the definition and the diagnostics.

    The definition is None when nothing was read, or no mapping. With diagnostics it is damaged: good for
    finding further errors, not for use.
    """
    shaping = Shaping(reading.source.path)
    raw = reading.plain
    if raw is not None:
        shaping.find_nodes = lambda: _find_nodes(raw, reading.node)
    elif reading.node is None:
        return None, []
    else:
        nodes: dict[int, Node] = {}
        shaping.find_nodes = lambda: nodes
        raw = _to_plain(reading.node, nodes, shaping.damaged)
        if not isinstance(raw, dict):
            message = f"expected a mapping of keys, found {describe(raw)}"
            return None, [codes.WRONG_TYPE.at(reading.node.start, message)]
    definition, mistakes = _validate(model, raw, shaping)
    if not mistakes:
        return definition, []
    return _repair(model, raw, mistakes, shaping)


def _repair(
    model: type[D], raw: dict[str, Any], mistakes: list[Mistake], shaping: Shaping
) -> tuple[D | None, list[Diagnostic]]:
    """Return what can be made of data with mistakes, and the diagnostics of these."""
    definition: D | None = None
    shaping.keep_nodes()
    diagnostics = list(_diagnose(mistakes))
    first = True
    shaping.lenient = True
    for _ in range(PASSES):
        if definition is not None:
            break
        for mistake in mistakes:
            mistake.repair(gently=first)
        definition, mistakes = _validate(model, raw, shaping)
        first = False
    return definition, diagnostics


def _diagnose(mistakes: list[Mistake]) -> Iterator[Diagnostic]:
    """Yield the diagnostics of mistakes; items of one list that have the same wrong type are told once."""
    alike: dict[tuple[object, ...], list[Mistake]] = {}
    for mistake in mistakes:
        alike.setdefault(mistake.sort, []).append(mistake)
    for first, *others in alike.values():
        told = first.diagnose()
        if told is not None:
            yield replace(told, also=tuple(one.place for one in others)) if others else told


def _to_plain(node: Node, nodes: dict[int, Node], damaged: dict[int, set[str]]) -> Any:
    """Return a node as plain data; `nodes` gets the node of each mapping, `damaged` its unreadable keys."""
    if isinstance(node.value, dict):
        readable = {key: value for key, value in node.value.items() if not value.unreadable}
        mapping: dict[str, Any] = {key: _to_plain(value, nodes, damaged) for key, value in readable.items()}
        nodes[id(mapping)] = node
        if len(readable) < len(node.value):
            damaged[id(mapping)] = node.value.keys() - readable.keys()
        return mapping
    if isinstance(node.value, list):
        return [_to_plain(item, nodes, damaged) for item in node.value if not item.unreadable]
    return node.value


def _find_nodes(raw: Any, node: Node | None) -> dict[int, Node]:
    """Return the node of each mapping in plain data, by its identity; both were read from one text."""
    found: dict[int, Node] = {}
    pairs = [(raw, node)]
    while pairs:
        data, there = pairs.pop()
        assert there is not None
        if isinstance(data, dict):
            assert isinstance(there.value, dict)
            found[id(data)] = there
            pairs += [(value, there.value[key]) for key, value in data.items()]
        elif isinstance(data, list):
            assert isinstance(there.value, list)
            pairs += zip(data, there.value, strict=True)
    return found


def _validate(model: type[D], raw: Any, shaping: Shaping) -> tuple[D | None, list[Mistake]]:
    try:
        return model.model_validate(raw, context=shaping), []
    except ValidationError as error:
        return None, [Mistake(one, raw, shaping) for one in error.errors(include_url=False)]
