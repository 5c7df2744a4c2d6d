"""Raw braces: titles are shown as they are written, so a variable in one reaches its reader as braces."""

import re
from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..nodes import Node


def _title_example(title: str) -> Example:
    return Example(
        f"phases:\n  - id: nabellen\n    title: Nabellen\n    role: accountant\n    checkpoints:\n"
        f"      - id: gebeld\n        title: {title}\n        required: true\n"
    )


RAW_BRACES = Code(
    "K613",
    "braces in a title",
    "Only the texts of messages have variables. A title, a description or a help is shown as it is written, "
    "with its braces.",
    wrong=_title_example('"Bel {{ relation.name }}"'),
    right=_title_example("Bel de klant"),
)

_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{ *[a-z_]+\.[a-z_]+ *\}")
_SHOWN = frozenset({"title", "description", "help"})


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report titles of templates and forms that have a variable in them."""
    for files in (definitions.workflows, definitions.forms):
        for file in files.values():
            if file.model is not None and _BRACES.search(file.source.text):
                yield from _check_node(file.model.node)


def _check_node(node: Node) -> Iterator[Diagnostic]:
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            found = _BRACES.search(child.value) if isinstance(child.value, str) and key in _SHOWN else None
            if found:
                message = f"'{found[0]}' is in a {key}, which is shown as it is written"
                yield RAW_BRACES.at(child.start, message, help="only texts of messages have variables")
            yield from _check_node(child)
    elif isinstance(node.value, list):
        for child in node.value:
            yield from _check_node(child)
