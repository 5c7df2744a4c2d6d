"""Shape: nodes become models of the language; what does not fit becomes diagnostics at the nodes' places.

A file with mistakes still gives a model: what was wrong is taken out (or filled with a placeholder, where
the key is required), and the model remembers which keys were damaged, so that later checks report the other
mistakes of the file and nothing that follows from these.
"""

from typing import Any, TypeVar

from pydantic import ValidationError

from . import shape_codes as codes
from .diagnostics import Diagnostic
from .language.base import Definition, Shaping
from .mistakes import Mistake, what
from .nodes import Node

D = TypeVar("D", bound=Definition)

PASSES = 12


def shape(model: type[D], node: Node) -> tuple[D | None, list[Diagnostic]]:
    """Return the definition that a node holds, and what is wrong with it.

    The definition is None when the node is no mapping. When there are diagnostics it is damaged: fit for
    finding further mistakes, not for use.
    """
    shaping = Shaping()
    raw = _plain(node, shaping)
    if not isinstance(raw, dict):
        message = f"a definition is a mapping of keys, this is {what(raw)}"
        return None, [codes.WRONG_TYPE.at(node.start, message)]
    made, mistakes = _validated(model, raw, shaping)
    diagnostics = [found for mistake in mistakes if (found := mistake.diagnostic()) is not None]
    first = True
    shaping.lenient = True
    for _ in range(PASSES):
        if made is not None:
            break
        for mistake in mistakes:
            mistake.repair(gently=first)
        made, mistakes = _validated(model, raw, shaping)
        first = False
    return made, diagnostics


def _plain(node: Node, shaping: Shaping) -> Any:
    if isinstance(node.value, dict):
        readable = {key: value for key, value in node.value.items() if not value.unreadable}
        made: dict[str, Any] = {key: _plain(value, shaping) for key, value in readable.items()}
        shaping.nodes[id(made)] = node
        shaping.damaged[id(made)] = node.value.keys() - readable.keys()
        return made
    if isinstance(node.value, list):
        return [_plain(item, shaping) for item in node.value if not item.unreadable]
    return node.value


def _validated(model: type[D], raw: Any, shaping: Shaping) -> tuple[D | None, list[Mistake]]:
    try:
        return model.model_validate(raw, context=shaping), []
    except ValidationError as error:
        return None, [Mistake(one, raw, shaping) for one in error.errors(include_url=False)]
