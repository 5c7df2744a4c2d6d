"""A table as every face shows it: the names of its columns, and its cells as text."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header, each with as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> list[str]:
        """Return header and rows as text, aligned in columns."""
        return align((self.header, *self.rows))


def align(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Return rows as lines whose columns are as wide as their widest cell."""
    lines = [*rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
