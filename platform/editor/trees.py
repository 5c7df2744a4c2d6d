"""Trees: the nodes of a file, also while it is half typed.

A file that YAML cannot read is read without the lines at which reading stops: they are blanked, so that every
other line keeps its position.
"""

import re

from ..compiler.nodes import Node
from ..compiler.source import read_bytes
from .positions import Page

ATTEMPTS = 8
LARGE = 100_000
"""So many characters are read once, without repair: reading one again and again would hold up the typist."""


def read_tree(text: str, path: str = "") -> Node | None:
    """Return the top node of a text, without the lines that cannot be read; None where nothing can be."""
    return read_whole(text, path) or read_whole(blank_broken_lines(text, path), path)


def read_whole(text: str, path: str = "") -> Node | None:
    """Return the top node of a text, or None when any of it cannot be read."""
    return read_bytes(text.encode("utf-8", "replace"), path).node


def blank_broken_lines(text: str, path: str = "") -> str:
    """Return a text of the same length that can be read, as far as a few attempts go."""
    for _ in range(ATTEMPTS if len(text) <= LARGE else 0):
        reading = read_bytes(text.encode("utf-8", "replace"), path)
        if reading.node is not None or not reading.diagnostics or not text.strip():
            break
        page = Page(text)
        stuck = page.offset(reading.diagnostics[-1].span.line, 1)
        start, end = _last_line_written(page, stuck)
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _last_line_written(page: Page, offset: int) -> tuple[int, int]:
    """Return the bounds of the line at an offset, or of the nearest above (then below) that is not blank."""
    start, end = page.line_bounds(offset)
    while not page.text[start:end].strip() and start > 0:
        start, end = page.line_bounds(start - 1)
    if page.text[start:end].strip():
        return start, end
    written = re.search(r"\S", page.text)
    return page.line_bounds(written.start()) if written else (start, end)
