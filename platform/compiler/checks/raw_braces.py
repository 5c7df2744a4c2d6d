"""Raw words: what is shown as it is written has no variables, no accounts, no identification numbers."""

import re
from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..nodes import Node
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
    groups = (definitions.workflows, definitions.forms, definitions.roles, definitions.products)
    for file in (*(file for group in groups for file in group.values()), definitions.office):
        if file and file.model and _is_suspect(file.source.text):
            yield from _check_node(file.model.node)
    office = definitions.office.model if definitions.office else None
    if office is not None:
        yield from _check_words("name", office.name, office.place("name"))
    for message in definitions.messages.values():
        if message.model is not None:
            yield from _check_words("title", message.model.title, message.model.place("title"))


def _is_suspect(text: str) -> bool:
    return _BRACES.search(text) is not None or _NUMBERS.search(text) is not None


def _check_node(node: Node) -> Iterator[Diagnostic]:
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            if isinstance(child.value, str) and key in _SHOWN:
                yield from _check_words(key, child.value, child.start)
            yield from _check_node(child)
    elif isinstance(node.value, list):
        for child in node.value:
            yield from _check_node(child)


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
