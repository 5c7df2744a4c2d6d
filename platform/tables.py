"""A table as every face shows it: the names of its columns, and its cells as text."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


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


def write_csv(table: Table) -> str:
    """Return a table as a file for a spreadsheet, with semicolons: in no cell does a formula run."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([make_plain(cell) for cell in row] for row in (table.header, *table.rows))
    return out.getvalue()


def make_plain(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is: what would begin a formula gets an apostrophe."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_BEGINS_A_FORMULA) else cell
