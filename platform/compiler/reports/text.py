"""Diagnostics as text: first line, source line, caret, related place, help."""

from collections.abc import Iterator

from ..compilation import Compilation
from ..diagnostics import Diagnostic, Span
from .paths import shown_path

WIDTH = 110


def text(compilation: Compilation) -> str:
    """Return every diagnostic, with an empty line between two."""
    return "\n".join("\n".join(_lines(found, compilation)) + "\n" for found in compilation.diagnostics)


def summary(compilation: Compilation) -> str:
    """Return how many definitions were read and what was found in them."""
    errors = len(compilation.errors)
    warnings = len(compilation.diagnostics) - errors
    told = [_several(count, word) for count, word in ((errors, "mistake"), (warnings, "warning")) if count]
    return f"{_several(compilation.count, 'definition')}, {' and '.join(told) or 'no mistakes'}"


def _several(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _lines(found: Diagnostic, compilation: Compilation) -> Iterator[str]:
    span = found.span
    where = f"{shown_path(compilation, span)}:{span.line}:{span.column}"
    yield plain(f"{where}: {found.level}[{found.code.id}]: {found.message}")
    yield from _excerpt(span, compilation)
    for note, place in found.related:
        at = f"{place.line}:{place.column}"
        path = "" if place.path == span.path else f"{shown_path(compilation, place)}:"
        yield plain(f"  {note} at {path}{at}")
    if found.help:
        yield plain(f"  help: {found.help}")


def _excerpt(span: Span, compilation: Compilation) -> Iterator[str]:
    """Yield the source line and a line of carets below it; a long line is cut around the place."""
    source = compilation.sources.get(span.path)
    lines = source.lines if source else []
    if not 0 < span.line <= len(lines) or not lines[span.line - 1].strip():
        return
    line, start = lines[span.line - 1], span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    first = max(0, start - WIDTH // 2) if len(line) > WIDTH else 0
    shown = line[first : first + WIDTH]
    carets = min(max(1, end - start), max(1, len(shown) - (start - first)))
    number = str(span.line)
    yield f"  {number} | {plain(shown)}".rstrip()
    yield f"  {' ' * len(number)} | {' ' * (start - first)}{'^' * carets}"


def plain(words: str) -> str:
    """Return text with nothing in it that a terminal obeys; tabs are single spaces, so that carets fit."""
    return "".join(" " if sign == "\t" else sign if sign.isprintable() else "\ufffd" for sign in words)
