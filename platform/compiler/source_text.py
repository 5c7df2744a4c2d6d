"""The text of a definition file, by lines and columns."""

import re
from dataclasses import dataclass
from functools import cached_property

from .diagnostics import Span

LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""The line ends of the YAML library."""


@dataclass(frozen=True)
class Source:
    """The text of a file and its path below the definitions folder."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without line ends."""
        return LINE_END.split(self.text)

    def at(self, line: int = 1, column: int = 1, end: int | None = None) -> Span:
        """Return the span of one column (from 1), or of the columns up to `end`, on one line."""
        return Span(self.path, line, column, line, max(column + 1, end or 0))
