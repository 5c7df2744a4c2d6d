"""Shape: validate nodes against the models of the language; errors become diagnostics at their positions.

A file with errors still yields a model: invalid values are removed (or replaced by a placeholder, where the
key is required), and the model remembers which keys were damaged. So later checks report the other errors of
the file, and none that follows from these.
"""

from typing import Any, TypeVar

from pydantic import ValidationError

from . import shape_codes as codes
from .diagnostics import Diagnostic
from .language.base import Definition, Shaping
from .mistakes import Mistake, describe
from .nodes import Node

D = TypeVar("D", bound=Definition)

PASSES = 12


def shape(model: type[D], node: Node) -> tuple[D | None, list[Diagnostic]]:
    """Validate a node; return the definition and the diagnostics.

    The definition is None when the node is not a mapping. With diagnostics it is damaged: good for finding
    further errors, not for use.
    """
    shaping = Shaping()
    raw = _to_plain(node, shaping)
    if not isinstance(raw, dict):
        message = f"expected a mapping of keys, found {describe(raw)}"
        return None, [codes.WRONG_TYPE.at(node.start, message)]
    definition, mistakes = _validate(model, raw, shaping)
    reports = [mistake.diagnose() for mistake in mistakes]
    diagnostics = [report for report in reports if report is not None]
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


def _to_plain(node: Node, shaping: Shaping) -> Any:
    """Return a node as plain data; `shaping` remembers the node of each mapping."""
    if isinstance(node.value, dict):
        readable = {key: value for key, value in node.value.items() if not value.unreadable}
        mapping: dict[str, Any] = {key: _to_plain(value, shaping) for key, value in readable.items()}
        shaping.nodes[id(mapping)] = node
        shaping.damaged[id(mapping)] = node.value.keys() - readable.keys()
        return mapping
    if isinstance(node.value, list):
        return [_to_plain(item, shaping) for item in node.value if not item.unreadable]
    return node.value


def _validate(model: type[D], raw: Any, shaping: Shaping) -> tuple[D | None, list[Mistake]]:
    try:
        return model.model_validate(raw, context=shaping), []
    except ValidationError as error:
        return None, [Mistake(one, raw, shaping) for one in error.errors(include_url=False)]
