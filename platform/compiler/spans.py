"""Spans: ranges in definition files, found when somebody looks at one."""

from collections.abc import Callable, Iterator
from typing import Any


class Span:
    """A range in a definition file: lines and columns from 1, the end is exclusive.

    `path` is relative to the definitions folder, with forward slashes. Nobody changes a span.
    """

    __slots__ = ("column", "end_column", "end_line", "line", "path")

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __init__(self, path: str, line: int, column: int, end_line: int, end_column: int) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column

    def until(self, end_line: int, end_column: int) -> "Span":
        """Return the span that begins where this one does, with another end."""
        return Span(self.path, self.line, self.column, end_line, end_column)

    def __iter__(self) -> Iterator[Any]:
        """Yield path, line, column, end line and end column."""
        return iter((self.path, self.line, self.column, self.end_line, self.end_column))

    def __getitem__(self, part: slice) -> tuple[Any, ...]:
        """Return some of path, line, column, end line and end column."""
        return tuple(self)[part]

    def __eq__(self, other: object) -> bool:
        """Say whether two spans are the same range of the same file."""
        return isinstance(other, Span) and tuple(self) == tuple(other)

    def __lt__(self, other: "Span") -> bool:
        """Say whether this span comes first: by path, then by place."""
        return tuple(self) < tuple(other)

    def __hash__(self) -> int:
        """Return the hash of the range."""
        return hash(tuple(self))

    def __repr__(self) -> str:
        """Return path, line and columns, for whoever reads a failing test."""
        return f"Span{tuple(self)}"


class LaterSpan(Span):
    """A span that is found when somebody looks at it: a check says where something is before it is wrong."""

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[], Span]) -> None:
        self._find = find

    def __getattr__(self, name: str) -> Any:
        """Find the span; asked once, for what is not there yet."""
        if name.startswith("_"):
            raise AttributeError(name)
        found = self._find()
        super().__init__(*found)
        return getattr(found, name)
