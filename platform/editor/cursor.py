"""The cursor: what stands where somebody types, in a file that is not finished.

A mark is put in place of the word at the cursor, as a value and as a key, and the text is read: where the
mark comes out is what is being typed. A line that is not finished gets what closes its braces and quotes;
lines elsewhere that cannot be read are left out.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..compiler.language.kinds import Kind
from ..compiler.nodes import Node
from .positions import Page
from .slots import Place, walk
from .trees import blank_broken_lines, read_whole

MARK = "zzcursorzz"
_WORD_BEFORE = re.compile(r"[\w.\-]*$")
_WORD_AFTER = re.compile(r"[\w.\-]*")
_BEGINNING = re.compile(r"[ ]*(?:- +)*-?$")
_CLOSERS = {"{": "}", "[": "]"}


class Typed(NamedTuple):
    """What is being typed: a key of a mapping or a value, and which text a choice replaces."""

    place: Place
    """The mapping that gets the key, or the value."""
    is_key: bool
    start: int
    end: int
    lead: str = ""
    """What goes before a choice: a dash where a list's item begins, a space after a colon."""
    has_colon: bool = False
    tree: Node | None = None

    @property
    def text(self) -> str:
        """Return the text of the value, with the mark in it."""
        value = self.place.node.value
        return value if isinstance(value, str) else ""


class _Line(NamedTuple):
    """The line at the cursor around the word that is typed."""

    prefix: str
    suffix: str


def read_typed(page: Page, kind: Kind, offset: int) -> Iterator[Typed]:
    """Yield what may be typed at an offset, the likeliest first."""
    begin, finish = page.line_bounds(offset)
    start = offset - len(_match(_WORD_BEFORE, page.text[begin:offset]))
    end = offset + len(_match(_WORD_AFTER, page.text[offset:finish]))
    line = _Line(page.text[begin:start], page.text[end:finish])
    before, after = page.text[:begin], page.text[finish:]
    found = False
    for one in _read_variants(line, before, after, kind, start, end):
        found = True
        yield one
    if not found:
        base = blank_broken_lines(f"{before}{' ' * (finish - begin)}{after}")
        yield from _read_variants(line, base[:begin], base[finish:], kind, start, end)


def _read_variants(line: _Line, before: str, after: str, kind: Kind, start: int, end: int) -> Iterator[Typed]:
    for lead, text in _list_variants(line):
        tree = read_whole(f"{before}{text}{after}")
        typed = tree and _find_mark(tree, kind, start, end, lead, line.suffix)
        if typed:
            yield typed


def _list_variants(line: _Line) -> Iterator[tuple[str, str]]:
    """Yield ways to read the line, each with what goes before a choice."""
    prefix, suffix = line
    lead = " " if prefix.endswith(":") else ""
    closers = _close(prefix)
    value, key = f"{prefix}{lead}{MARK}", f"{prefix}{lead}{MARK}: "
    if _BEGINNING.fullmatch(prefix):
        dash = " " if prefix.endswith("-") else ""
        yield dash, f"{prefix}{dash}{MARK}:{suffix.removeprefix(':')}"
        yield dash, f"{prefix}{dash}{MARK}{suffix}"
        yield "- ", f"{prefix}- {MARK}: "
        yield "- ", f"{prefix}- {MARK}"
        return
    yield lead, f"{value}{suffix}"
    if closers:
        yield lead, f"{value}{closers}"
        yield lead, f"{key}{closers}"
    yield lead, f"{key}{suffix}"


def _close(prefix: str) -> str:
    """Return what closes the braces, brackets and quotes that are open at the end of a line's beginning."""
    waiting: list[str] = []
    for sign in prefix:
        if waiting and waiting[-1] in "'\"":
            if sign == waiting[-1]:
                waiting.pop()
        elif sign in "{[":
            waiting.append(_CLOSERS[sign])
        elif sign in "'\"":
            waiting.append(sign)
        elif waiting and sign == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting))


def _find_mark(tree: Node, kind: Kind, start: int, end: int, lead: str, suffix: str) -> Typed | None:
    has_colon = suffix.lstrip().startswith(":")
    for place in walk(tree, kind):
        value = place.node.value
        if isinstance(value, dict) and MARK in value:
            return Typed(place, True, start, end, lead, has_colon, tree)
        if isinstance(value, str) and MARK in value:
            return Typed(place, False, start, end, lead, has_colon, tree)
    return None


def _match(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""
