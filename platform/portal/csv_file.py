"""A table as a file for a spreadsheet."""

from starlette.responses import Response

from ..tables import Table, write_csv
from .files import answer_file


def answer_csv(name: str, table: Table) -> Response:
    """Return a table as a file: UTF-8 with its mark, as Dutch spreadsheets read."""
    return answer_file(name, write_csv(table).encode("utf-8-sig"), "text/csv")
