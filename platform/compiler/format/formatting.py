"""Formatting one file: read it, arrange it, write it, and read that back before anybody gets it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..diagnostics import Diagnostic, Span
from ..language.base import Definition
from ..nodes import Node
from ..source import Reading, read_bytes
from .arranging import arrange, take_head
from .comments import attach_comments
from .parts import Part, find_parts
from .writing import write_parts


@dataclass(frozen=True)
class Formatted:
    """The canonical text of a file: UTF-8 without byte order mark, lines that end in LF."""

    text: str
    changed: bool
    """Whether the bytes of the file are others."""


@dataclass(frozen=True)
class Refused:
    """Why a file was not laid out: the errors of reading it, or a reason with its place."""

    diagnostics: tuple[Diagnostic, ...] = ()
    reason: str = ""
    help: str = ""
    span: Span | None = None


def format_definition(data: bytes, path: str, model: type[Definition]) -> Formatted | Refused:
    """Return a file in canonical layout, or why not. `path` names it in diagnostics.

    Never raises for its content. What is returned reads back to the same values, with the same comments about
    them, and is the same when it is formatted again.
    """
    reading = read_bytes(data, path)
    errors = tuple(diagnostic for diagnostic in reading.diagnostics if diagnostic.level == "error")
    if errors or reading.node is None:
        return Refused(errors)
    refused = find_hindrance(reading)
    if refused is not None:
        return refused
    text, said = _lay_out(reading, model)
    again = read_bytes(text.encode(), path)
    if again.node is not None and is_same(reading.node, again.node) and not find_hindrance(again):
        text_again, said_again = _lay_out(again, model)
        if text_again == text and said_again == said:
            return Formatted(text, text.encode() != data)
    reason = "this file would not read back as it is, so it was left alone"
    return Refused(
        (), reason, "please send it to the maintainers: this is a mistake of kantoor", reading.source.at()
    )


def _lay_out(reading: Reading, model: type[Definition]) -> tuple[str, list[Any]]:
    """Return a file in canonical layout, and its values with the comments about each."""
    assert reading.node is not None
    whole = find_parts(reading.node, model, reading.source.lines)
    attach_comments(whole)
    head = take_head(whole)
    arrange(whole)
    return write_parts(whole, head), [head, *_list_comments(whole, ())]


def _list_comments(part: Part, path: tuple[str | int, ...]) -> Iterator[Any]:
    """Yield where each comment is about, and what it says."""
    for number, child in enumerate(part.parts):
        below = (*path, number if child.key is None else child.key)
        said = [line for line in child.above if line], child.beside, child.below
        if any(said):
            yield below, *said
        yield from _list_comments(child, below)
    if part.end:
        yield path, [line for line in part.end if line]


def find_hindrance(reading: Reading) -> Refused | None:
    """Return what a file has that the layout has no place for."""
    assert reading.node is not None
    if not isinstance(reading.node.value, dict):
        return Refused(
            (), "expected a mapping of keys", "a definition is a mapping of keys", reading.node.start
        )
    lines = reading.source.lines
    whole = find_parts(reading.node, Definition, lines)
    for part in whole.walk():
        span = part.node.span
        if lines[span.line - 1][span.column - 1 : span.column] == "&":
            help = "write the value again in each place, without & and *"
            return Refused((), "an anchor (&name) is not kept by the layout", help, span)
    return None


def is_same(one: Node, other: Node) -> bool:
    """Say whether two nodes have the same values, whatever the order of keys."""
    if isinstance(one.value, dict) and isinstance(other.value, dict):
        return one.value.keys() == other.value.keys() and all(
            is_same(value, other.value[key]) for key, value in one.value.items()
        )
    if isinstance(one.value, list) and isinstance(other.value, list):
        return len(one.value) == len(other.value) and all(map(is_same, one.value, other.value))
    return type(one.value) is type(other.value) and (one.value == other.value or one.value != one.value)
