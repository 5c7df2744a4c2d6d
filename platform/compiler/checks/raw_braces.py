"""Raw words: what is shown as it is written has no variables, no accounts, no identification numbers."""

import re
from collections.abc import Callable, Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..nodes import Node
from ..source_text import Source
from ..spans import Span
from .texts import find_numbers


def _title_example(title: str) -> Example:
    return Example(
        f"phases:\n  - id: nabellen\n    title: Nabellen\n    role: accountant\n    checkpoints:\n"
        f"      - id: gebeld\n        title: {title}\n        required: true\n"
    )


RAW_BRACES = Code(
    "K613",
    "braces in what is shown as it is written",
    "Only the texts of messages have variables. Titles, descriptions, help, the intro of a form, the law of "
    "a deadline, the ways of a correction and the name of the office are shown as they are written.",
    wrong=_title_example('"Bel {{ relation.name }}"'),
    right=_title_example("Bel de klant"),
)

_BRACES = re.compile(r"\{\{(?:[^{\n]|\{(?!\{))*?\}\}|\{%(?:[^{\n]|\{(?!%))*?%\}|\{ *[a-z_]+\.[a-z_]+ *\}")
_NUMBERS = re.compile(r"\d\d(?:\d{7}|\d\d[ .]\d\d|\d[ .]\d{3}[ .]\d{3}(?!\d)|[ .-]?[A-Za-z]{4}[ .-]?\d)")
"""What a number that is looked at more closely has in it."""
_SHOWN = frozenset({"title", "description", "help", "intro", "when", "procedure", "law"})


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report words of definitions with a variable, an account or an identification number in them."""
    for _, key, node in list_shown(definitions, _is_suspect):
        yield from _check_words(key, str(node.value), node.start)


def _is_suspect(text: str) -> bool:
    return _BRACES.search(text) is not None or _NUMBERS.search(text) is not None


def list_shown(
    definitions: Definitions, is_suspect: Callable[[str], bool]
) -> Iterator[tuple[Source, str, Node]]:
    """Yield the words that are shown as they are written, with their file and key.

    Those of a file whose text is not suspect are left out.
    """
    groups = (definitions.workflows, definitions.forms, definitions.roles, definitions.products)
    for file in (*(file for group in groups for file in group.values()), definitions.office):
        if file and file.model and is_suspect(file.source.text):
            yield from ((file.source, key, node) for key, node in _list_words(file.model.node))
    for named, key in ((definitions.messages.values(), "title"), ((definitions.office,), "name")):
        for one in named:
            if not (one and one.model and one.model.intact(key)):
                continue
            if is_suspect(f'{key}: "{getattr(one.model, key)}"'):  # the texts of a message have variables
                node = one.model.node.child(key)
                if node:
                    yield one.source, key, node


def _list_words(node: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            if isinstance(child.value, str) and key in _SHOWN:
                yield key, child
            yield from _list_words(child)
    elif isinstance(node.value, list):
        for child in node.value:
            yield from _list_words(child)


def _check_words(key: str, words: str, place: Span) -> Iterator[Diagnostic]:
    found = _BRACES.search(words)
    if found:
        message = f"'{found[0]}' is in {_say(key)}, which is shown as it is written"
        yield RAW_BRACES.at(place, message, help="only texts of messages have variables")
    for code, what, typed in find_numbers(words) if _NUMBERS.search(words) else ():
        message = f"{what} is typed in {_say(key)}: '{typed}'"
        yield code.at(place, message, help="leave it out: everybody reads this, whoever it is about")


def _say(key: str) -> str:
    return "an intro" if key == "intro" else f"'{key}'" if key in ("when", "law") else f"a {key}"
