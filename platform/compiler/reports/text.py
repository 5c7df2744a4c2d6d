"""Diagnostics as text: first line, source line, carets, related positions, help."""

from collections.abc import Iterator

from ..compilation import Compilation
from ..diagnostics import Diagnostic, Span
from .paths import shown_path

WIDTH = 110


def text(compilation: Compilation) -> str:
    """Return every diagnostic, separated by empty lines."""
    reports = ("\n".join(_render(diagnostic, compilation)) for diagnostic in compilation.diagnostics)
    return "\n".join(f"{report}\n" for report in reports)


def summary(compilation: Compilation) -> str:
    """Return the number of definitions, errors and warnings."""
    errors = len(compilation.errors)
    warnings = len(compilation.diagnostics) - errors
    counts = [_count(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    return f"{_count(compilation.count, 'definition')}, {' and '.join(counts) or 'no errors'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _render(diagnostic: Diagnostic, compilation: Compilation) -> Iterator[str]:
    span = diagnostic.span
    position = f"{shown_path(compilation, span)}:{span.line}:{span.column}"
    yield plain(f"{position}: {diagnostic.level}[{diagnostic.code.id}]: {diagnostic.message}")
    yield from _render_excerpt(span, compilation)
    for note, place in diagnostic.related:
        at = f"{place.line}:{place.column}"
        path = "" if place.path == span.path else f"{shown_path(compilation, place)}:"
        yield plain(f"  {note} at {path}{at}")
    if diagnostic.help:
        yield plain(f"  help: {diagnostic.help}")


def _render_excerpt(span: Span, compilation: Compilation) -> Iterator[str]:
    """Yield the source line and the carets below it; a long line is shortened around the span."""
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


def plain(text: str) -> str:
    """Return text without control characters; a tab is one space, so that carets stay aligned."""
    return "".join(" " if sign == "\t" else sign if sign.isprintable() else "\ufffd" for sign in text)
