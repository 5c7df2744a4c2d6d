"""Positions: between the compiler's lines and columns and the protocol's.

The compiler counts lines and columns from 1 and ends a line where YAML does, which is also at NEL and U+2028.
The protocol counts from 0, ends lines at LF, CRLF and CR alone, and counts columns in the units that the
editor asked for (UTF-16 where it asked for nothing). Between them stand offsets: indexes into the text.
"""

import re
from bisect import bisect_right
from functools import cached_property

from lsprotocol import types

from ..compiler.diagnostics import Span
from ..compiler.source_text import LINE_END

_PROTOCOL_END = re.compile("\r\n|\n|\r")


class Page:
    """A text with its lines, as the compiler and as the protocol count them."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self.encoding = encoding

    @cached_property
    def _starts(self) -> list[int]:
        """The offset at which each line of the compiler begins."""
        return [0, *(end.end() for end in LINE_END.finditer(self.text))]

    @cached_property
    def _bounds(self) -> list[tuple[int, int]]:
        """The offsets of each line of the protocol: its beginning, and its end before the line end."""
        ends = list(_PROTOCOL_END.finditer(self.text))
        starts = [0, *(end.end() for end in ends)]
        return list(zip(starts, [*(end.start() for end in ends), len(self.text)], strict=True))

    @cached_property
    def _protocol_starts(self) -> list[int]:
        return [start for start, _ in self._bounds]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column of the compiler; within the text, whatever they are."""
        if line > len(self._starts):
            return len(self.text)
        start = self._starts[max(line, 1) - 1]
        return max(0, min(start + column - 1, len(self.text)))

    def offsets(self, span: Span) -> tuple[int, int]:
        """Return the offsets of a span: its beginning and its end, in order."""
        start = self.offset(span.line, span.column)
        return start, max(start, self.offset(span.end_line, span.end_column))

    def read(self, span: Span) -> str:
        """Return the text of a span as it is written."""
        start, end = self.offsets(span)
        return self.text[start:end]

    def span(self, path: str, start: int, end: int) -> Span:
        """Return the span of the compiler between two offsets."""
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, end)
        column, end_column = start - self._starts[line - 1] + 1, end - self._starts[end_line - 1] + 1
        return Span(path, line, column, end_line, end_column)

    def position(self, offset: int) -> types.Position:
        """Return the protocol's position of an offset; one inside a line end is that line's end."""
        line = bisect_right(self._protocol_starts, offset) - 1
        start, end = self._bounds[line]
        return types.Position(line, self._measure(self.text[start : min(offset, end)]))

    def offset_at(self, position: types.Position) -> int:
        """Return the offset of a position of the protocol; beyond a line's end it is that end."""
        if position.line >= len(self._bounds):
            return len(self.text)
        start, end = self._bounds[position.line]
        left = position.character
        for offset in range(start, end):
            left -= self._measure(self.text[offset])
            if left < 0:
                return offset
        return end

    def range(self, span: Span) -> types.Range:
        """Return the protocol's range of a span."""
        return self.range_of(*self.offsets(span))

    def range_of(self, start: int, end: int) -> types.Range:
        """Return the protocol's range between two offsets."""
        return types.Range(self.position(start), self.position(end))

    def line_bounds(self, offset: int) -> tuple[int, int]:
        """Return the offsets of the line (of the compiler) that an offset is on, without its line end."""
        start = self._starts[bisect_right(self._starts, offset) - 1]
        end = LINE_END.search(self.text, start)
        return start, end.start() if end else len(self.text)

    def _measure(self, text: str) -> int:
        """Return the length of a text in the protocol's units."""
        if self.encoding == "utf-32" or (text.isascii()):
            return len(text)
        if self.encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
