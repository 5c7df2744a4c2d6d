"""Positions inside texts: where a word of a condition or message is in its file."""

from .diagnostics import Span
from .nodes import Node
from .source_text import Source


def inside(source: Source, node: Node, line: int, word: str) -> Span:
    """Return the span of a word on a line (from 1) of a scalar, or of the scalar when it is not found.

    The lines of a literal block are those of the file. Other scalars are folded, so every line is searched.
    """
    lines = source.lines
    first = node.span.line + line if node.style == "|" else node.span.line
    last = first if node.style == "|" else node.span.end_line
    for number in range(first, min(last, len(lines)) + 1):
        start = node.span.column - 1 if number == node.span.line else 0
        column = _find_word(lines[number - 1], word, start)
        if column is not None:
            return source.at(number, column + 1, column + 1 + len(word))
    if node.style == "|" and first <= len(lines):
        return _span_line(source, first)
    return node.start


def _find_word(line: str, word: str, start: int) -> int | None:
    column = line.find(word, start) if word else -1
    while column >= 0 and _is_part_of_word(line, word, column):
        column = line.find(word, column + 1)
    return column if column >= 0 else None


def _is_part_of_word(line: str, word: str, start: int) -> bool:
    """Say whether a match in a line is part of a longer word; a sign at its edge is none."""
    end = start + len(word)
    before, after = line[start - 1 : start] if start else "", line[end : end + 1]
    return (_is_letter(word[0]) and _is_letter(before)) or (_is_letter(word[-1]) and _is_letter(after))


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _span_line(source: Source, line: int) -> Span:
    text = source.lines[line - 1]
    return source.at(line, len(text) - len(text.lstrip()) + 1, len(text) + 1)
