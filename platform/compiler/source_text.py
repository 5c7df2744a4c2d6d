"""The text of a definition file, by lines and columns."""

import re
from dataclasses import dataclass
from functools import cached_property

from .diagnostics import Span

LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""The line ends of the YAML library, by which the compiler counts."""
SHOWN_END = re.compile("\r\n|[\n\r]")
"""The line ends of editors, by which whoever reads a report counts."""


@dataclass(frozen=True)
class Source:
    """The text of a file and its path below the definitions folder."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without line ends."""
        return LINE_END.split(self.text)

    @cached_property
    def shown_lines(self) -> list[str]:
        """The lines as an editor has them, without line ends."""
        return self.lines if self._is_plain else SHOWN_END.split(self.text)

    @cached_property
    def _is_plain(self) -> bool:
        """Whether the lines of the compiler are those of an editor."""
        return self.text.isascii() or not re.search("[\x85\u2028\u2029]", self.text)

    def show(self, span: Span) -> Span:
        """Return where a span is by the lines of an editor."""
        if self._is_plain:
            return span
        line, column = self._show(span.line, span.column)
        return Span(span.path, line, column, *self._show(span.end_line, span.end_column))

    def _show(self, line: int, column: int) -> tuple[int, int]:
        starts = [0, *(end.end() for end in LINE_END.finditer(self.text))]
        before = self.text[: starts[line - 1]] if 0 < line <= len(starts) else self.text
        lines = SHOWN_END.split(before)
        return len(lines), len(lines[-1]) + column

    def at(self, line: int = 1, column: int = 1, end: int | None = None) -> Span:
        """Return the span of one column (from 1), or of the columns up to `end`, on one line."""
        return Span(self.path, line, column, line, max(column + 1, end or 0))
