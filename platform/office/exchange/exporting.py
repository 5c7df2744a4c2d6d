"""Exporting to the same CSV files that an import reads: importing them elsewhere gives the same office."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ...plan import Office, RelationField
from ..database import Database
from ..tables import (
    authorities,
    contacts,
    relation_contacts,
    relation_products,
    relation_roles,
    relations,
    standing_authorities,
    team,
)
from .cells import CellError
from .columns import FileKind, file_kinds
from .holdings import Holdings, Record, load


class ExportError(Exception):
    """The files cannot be written; the message says why."""


def export_folder(
    database: Database, folder: Path, office: Office, left_out: list[str] | None = None
) -> dict[str, int]:
    """Write every file of the import format into a folder; return the number of rows by file.

    UTF-8 with BOM (spreadsheets then read accents), semicolons, sorted by key. The files hold personal data
    in the clear. What the definitions no longer know, such as a role that was renamed, an import would
    refuse: it is left out, and told in `left_out` (Dutch). Raises ExportError and DatabaseError.
    """
    said = [] if left_out is None else left_out
    with database.read() as connection:
        holdings = load(connection)
    counts: dict[str, int] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, kind in file_kinds(office).items():
            rows = [row for row in _ROWS[name](holdings, office) if _known(kind, row, said)]
            (folder / name).write_bytes(_bytes(kind, rows))
            counts[name] = len(rows)
    except OSError as error:
        raise ExportError(f"cannot write the export: {error.strerror}") from error
    return counts


def _bytes(kind: FileKind, rows: list[Record]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.name for column in kind.columns)
    for row in rows:
        writer.writerow(_cell(column.kind.show, row.get(column.name)) for column in kind.columns)
    return text.getvalue().encode("utf-8-sig")


def _known(kind: FileKind, row: Record, said: list[str]) -> bool:
    """Say whether the row can be read again; an unknown word outside key and required columns is emptied.

    Never one of the key: an empty product there would mean every product.
    """
    keep = True
    for column in kind.columns:
        cell = _cell(column.kind.show, row.get(column.name))
        try:
            column.kind.read(cell) if cell else None
        except CellError as error:
            at = ", ".join(str(row[name]) for name in kind.key if row.get(name) is not None)
            said.append(f"{kind.name}: weggelaten bij {at}: {column.name}: {error}")
            keep = keep and not column.required and column.name not in kind.key
            row[column.name] = column.empty
    return keep


def _cell(show: Any, value: Any) -> str:
    return "" if value is None else str(show(value))


def _relation_rows(holdings: Holdings, office: Office) -> Iterator[Record]:
    for _, record in sorted(holdings.records(relations).items()):
        own = {field.id: _own(field, record["fields"].get(field.id)) for field in office.fields}
        yield record | own


def _own(field: RelationField, value: Any) -> Any:
    return date.fromisoformat(value) if field.type == "date" and value is not None else value


def _contact_rows(holdings: Holdings, office: Office) -> Iterator[Record]:
    served: dict[str, list[Record]] = {}
    for _, record in sorted(holdings.records(relation_contacts).items()):
        served.setdefault(record["contact"], []).append(record)
    for (contact,), record in sorted(holdings.records(contacts).items()):
        for at in served.get(contact, [{}]):
            yield record | at | {"contact": contact}


def _member_rows(holdings: Holdings, office: Office) -> Iterator[Record]:
    for (member,), record in sorted(holdings.records(team).items()):
        yield record | {"member": member}


def _authority_rows(holdings: Holdings, office: Office) -> Iterator[Record]:
    yield from (record for _, record in sorted(holdings.records(authorities).items()))


def _standing_rows(holdings: Holdings, office: Office) -> Iterator[Record]:
    yield from (record for _, record in sorted(holdings.records(standing_authorities).items()))


def _role_rows(holdings: Holdings, office: Office) -> Iterator[Record]:
    yield from (record for _, record in sorted(holdings.records(relation_roles).items()))


def _product_rows(holdings: Holdings, office: Office) -> Iterator[Record]:
    yield from (record for _, record in sorted(holdings.records(relation_products).items()))


_ROWS = {
    "relations.csv": _relation_rows,
    "contacts.csv": _contact_rows,
    "authorities.csv": _authority_rows,
    "standing_authorities.csv": _standing_rows,
    "team.csv": _member_rows,
    "roles.csv": _role_rows,
    "products.csv": _product_rows,
}
