"""Diagnostics as text: first line, source line, carets, related positions, help."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import partial

from ..compilation import Checked
from ..diagnostics import Diagnostic, Span
from .paths import show, shown_path

WIDTH = 110
MOST = 50
"""Diagnostics that are shown at once: whoever made more mistakes corrects these first."""
ALSO = 3
"""Other places of one mistake that are shown: the first tells what it is."""


def text(checked: Checked, most: int | None = MOST) -> str:
    """Return the diagnostics, separated by empty lines: at most so many, errors before warnings, or all."""
    every = checked.diagnostics
    shown = every if most is None or len(every) <= most else _pick(every, most)
    reports = ["\n".join(_render(diagnostic, checked)) for diagnostic in shown]
    if len(shown) < len(every):
        rest = Counter(d.level for d in every) - Counter(d.level for d in shown)
        counts = " and ".join(_count(rest[level], level) for level in ("error", "warning") if rest[level])
        reports.append(f"... and {counts} more; --all shows all {len(every)}")
    return "\n".join(f"{report}\n" for report in reports)


def _pick(every: tuple[Diagnostic, ...], most: int) -> list[Diagnostic]:
    """Return the first errors, and warnings where there are too few of these, by position."""
    picked = sorted(range(len(every)), key=lambda n: (every[n].level != "error", n))[:most]
    return [every[number] for number in sorted(picked)]


def summary(checked: Checked) -> str:
    """Return the number of definitions, errors and warnings."""
    errors = len(checked.errors)
    warnings = len(checked.diagnostics) - errors
    counts = [_count(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    silenced = f", {_count(len(checked.silenced), 'warning')} silenced" if checked.silenced else ""
    return f"{_count(checked.count, 'definition')}, {' and '.join(counts) or 'no errors'}{silenced}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _render(diagnostic: Diagnostic, checked: Checked) -> Iterator[str]:
    span = show(checked, diagnostic.span)
    position = f"{shown_path(checked, span)}:{span.line}:{span.column}"
    yield plain(f"{position}: {diagnostic.level}[{diagnostic.code.id}]: {diagnostic.message}")
    yield from _render_excerpt(span, checked)
    for note, related in diagnostic.related:
        place = show(checked, related)
        at = f"{place.line}:{place.column}"
        path = "" if place.path == span.path else f"{shown_path(checked, place)}:"
        yield plain(f"  {note} at {path}{at}")
    for place in map(partial(show, checked), diagnostic.also[:ALSO]):
        yield plain(f"  the same at {shown_path(checked, place)}:{place.line}:{place.column}")
    if len(diagnostic.also) > ALSO:
        yield f"  and in {_count(len(diagnostic.also) - ALSO, 'more place')}"
    if diagnostic.help:
        yield plain(f"  help: {diagnostic.help}")


def _render_excerpt(span: Span, checked: Checked) -> Iterator[str]:
    """Yield the source line and the carets below it; a long line is shortened around the span."""
    source = checked.sources.get(span.path)
    lines = source.shown_lines if source else []
    if not 0 < span.line <= len(lines) or not lines[span.line - 1].strip():
        return
    line, start = lines[span.line - 1], span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    first = max(0, start - WIDTH // 2) if len(line) > WIDTH else 0
    shown = line[first : first + WIDTH]
    carets = min(max(1, end - start), max(1, len(shown) - (start - first)))
    number = str(span.line)
    yield f"  {number} | {plain(shown)}".rstrip()
    before, marked = shown[: start - first], shown[start - first : start - first + carets]
    width = max(carets if not marked else 1, _measure(marked))
    yield f"  {' ' * len(number)} | {' ' * (_measure(before) + start - first - len(before))}{'^' * width}"


def _measure(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_measure_sign, plain(text)))


def _measure_sign(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1


def plain(text: str) -> str:
    """Return text without control characters; a tab is one space, so that carets stay aligned."""
    return "".join(" " if sign == "\t" else sign if sign.isprintable() else "\ufffd" for sign in text)
