"""A table as a file for a spreadsheet: in no cell does a formula run."""

import csv
from io import StringIO

from starlette.responses import Response

from ..tables import Table
from .files import answer_file

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def answer_csv(name: str, table: Table) -> Response:
    """Return a table as a file: UTF-8 with its mark and semicolons, as Dutch spreadsheets read."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([make_plain(cell) for cell in row] for row in (table.header, *table.rows))
    return answer_file(name, out.getvalue().encode("utf-8-sig"), "text/csv")


def make_plain(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is: what would begin a formula gets an apostrophe."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_BEGINS_A_FORMULA) else cell
