"""A table as a file for a spreadsheet."""

from urllib.parse import quote

from starlette.responses import Response

from ..tables import Table, write_csv


def answer_csv(name: str, table: Table) -> Response:
    """Return a table as a file: UTF-8 with its mark, as Dutch spreadsheets read."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(write_csv(table).encode("utf-8-sig"), media_type="text/csv", headers=headers)
