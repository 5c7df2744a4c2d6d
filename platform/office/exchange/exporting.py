"""Exporting to the same CSV files that an import reads: importing them elsewhere gives the same office."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from ...files import make_folder, write_whole
from ...plan import Office
from ..database.engine import Database
from ..database.tables import contacts, relation_contacts
from .agreements import FILE, is_over_before_it_began, show_first_period
from .cells import CellError, Held, check_written, write_cell
from .columns import FileKind, file_kinds
from .holdings import Holdings, Record, cells, load


class ExportError(Exception):
    """The files cannot be written; the message says why."""


class ExportThereError(ExportError):
    """Files of an export already exist."""


def export_folder(
    database: Database,
    folder: Path,
    office: Office,
    left_out: list[str] | None = None,
    *,
    overwrite: bool = False,
) -> dict[str, int]:
    """Write every file of the import format into a folder; return the number of rows by file.

    Only their owner can read them. Existing files are overwritten only with `overwrite`.

    UTF-8 with BOM (spreadsheets then read accents), semicolons, sorted by key. The files hold personal data
    in the clear. What the definitions no longer know, such as a role that was renamed, an import would
    refuse: it is left out, and told in `left_out` (Dutch). Raises ExportError and DatabaseError.
    """
    said = [] if left_out is None else left_out
    with database.read() as connection:
        holdings = load(connection)
    counts: dict[str, int] = {}
    kinds = file_kinds(office)
    held = holdings.made_up(kinds.values())
    there = [name for name in kinds if (folder / name).exists()]
    if there and not overwrite:
        raise ExportThereError(f"{folder} holds {', '.join(there)} already; nothing was written")
    try:
        make_folder(folder)
        for name, kind in kinds.items():
            made = (row for row in _make_rows(kind, holdings) if not _is_over_before_it_began(kind, row))
            rows = [row for row in made if _clear_unknown_cells(kind, row, held, said)]
            write_whole(folder / name, _encode_rows(kind, rows))
            counts[name] = len(rows)
    except OSError as error:
        raise ExportError(f"cannot write the export: {error.strerror}") from error
    return counts


def _encode_rows(kind: FileKind, rows: list[Record]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.name for column in kind.columns)
    for row in rows:
        writer.writerow(write_cell(column.kind, row.get(column.name)) for column in kind.columns)
    return text.getvalue().encode("utf-8-sig")


def _is_over_before_it_began(kind: FileKind, row: Record) -> bool:
    """Say whether an absence, stand-in or agreement has no day left; an import refuses it as a new one."""
    return kind.name in ("absences.csv", "stand_ins.csv", FILE) and is_over_before_it_began(row)


def _clear_unknown_cells(kind: FileKind, row: Record, held: Held, said: list[str]) -> bool:
    """Empty the cells that an import would refuse; say whether the row can be exported without them.

    It cannot when such a cell is required or part of the key: an empty product there means every product.
    """
    keep = True
    for column in kind.columns:
        cell = write_cell(column.kind, row.get(column.name))
        try:
            check_written(column.kind, cell, held) if cell else None
        except CellError as error:
            at = ", ".join(str(row[name]) for name in kind.key if row.get(name) is not None)
            said.append(f"{kind.name}: weggelaten bij {at}: {column.name}: {error}")
            keep = keep and not column.required and column.name not in kind.key
            row[column.name] = column.empty
    return keep


def _make_rows(kind: FileKind, holdings: Holdings) -> Iterator[Record]:
    """Yield the rows of a file, sorted by key; a row may have values that the file has no column for."""
    if kind.name == "contacts.csv":
        yield from _make_contact_rows(holdings)
        return
    (table,) = kind.tables
    for _, record in sorted(holdings.after[table.name].items()):
        agreed = {"first_period": show_first_period(record)} if kind.name == FILE else {}
        yield cells(table, record) | record.get("fields", {}) | agreed


def _make_contact_rows(holdings: Holdings) -> Iterator[Record]:
    served: dict[str, list[Record]] = {}
    for _, record in sorted(holdings.after[relation_contacts.name].items()):
        served.setdefault(record["contact"], []).append(record)
    for (contact,), record in sorted(holdings.after[contacts.name].items()):
        for at in served.get(contact, [{}]):
            yield record | at | {"contact": contact}
