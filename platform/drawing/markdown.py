"""Markdown that shows texts as they are, whatever signs they hold."""

import re
from collections.abc import Iterable, Sequence
from textwrap import wrap

WIDTH = 110

_SIGNS = re.compile(r"([\\`*_\[\]<>|~&$])")
_BEGINS_A_BLOCK = re.compile(r"^(\s*)([-+#=]|\d+(?=[.)]))")


def escape(text: str) -> str:
    """Return a text, on one line, in which no sign means anything to Markdown."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split(" ")).replace("\n", " ").strip())


def fill(text: str, first: str = "", rest: str = "") -> str:
    """Return Markdown as lines that are not too wide; `first` and `rest` stand before them."""
    lines = wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join([*lines[:1], *map(_keep_plain, lines[1:])])


def _keep_plain(line: str) -> str:
    """Return a line of a paragraph that begins no list or heading, whatever word it begins with."""

    def mask(found: re.Match[str]) -> str:
        space, sign = found.groups()
        return f"{space}&#{ord(sign[0])};{sign[1:]}" if sign.isdigit() else f"{space}\\{sign}"

    return _BEGINS_A_BLOCK.sub(mask, line)


def bullet(text: str) -> str:
    """Return an item of a list."""
    return fill(text, "- ", "  ")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown."""
    lines = [_row(heads), "|" + "---|" * len(heads), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def fence(text: str) -> str:
    """Return a text as it is, in a fence that is longer than any in it."""
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}text\n{text.rstrip()}\n{ticks}"
