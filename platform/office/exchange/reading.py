"""Reading one CSV file into typed rows that remember where they stood, with every mistake in it."""

import csv
import difflib
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cells import CellError
from .columns import Column, FileKind
from .problems import Problem


@dataclass(frozen=True)
class Row:
    """A row of a file: its values by column (only columns that the file has), and where they stood.

    A row that is not `sound` has cells that could not be read; what could is kept, so that other rows may
    refer to it without a second complaint.
    """

    file: str
    line: int
    values: Mapping[str, Any]
    positions: Mapping[str, int]
    sound: bool = True

    def problem(self, column: str, text: str) -> Problem:
        """Return a problem at this row's cell in a column, or at the row when the file lacks that column."""
        position = self.positions.get(column, 0)
        said = f"{column}: {text}" if position else text
        return Problem(file=self.file, line=self.line, column=position, text=said)


def read_rows(path: Path, kind: FileKind) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a file and everything that is wrong in it; no rows when its header is wrong."""
    problems: list[Problem] = []
    records = _records(path, problems)
    header = next(records, None)
    if header is None:
        empty = Problem(file=path.name, line=1, text="het bestand is leeg")
        return [], problems or [empty]
    names = [name.strip().lower() for name in header[1]]
    problems += _header_problems(path.name, header[0], names, kind)
    if problems:
        return [], problems
    return [_row(path.name, line, cells, names, kind, problems) for line, cells in records], problems


def _records(path: Path, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Return lines and cells; whatever stops the reading becomes a problem."""
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(Problem(file=path.name, text=f"kan niet worden gelezen: {error.strerror}"))
        return iter(())
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        wrong = "geen UTF-8; bewaar het bestand als 'CSV UTF-8'"
        problems.append(Problem(file=path.name, line=line, column=column, text=wrong))
        return iter(())
    return _split(path.name, text, problems)


def _split(file: str, text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") >= first.count(",") and ";" in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            wrong = "een veld is te lang, of aanhalingstekens kloppen niet: schrijf er een in een veld dubbel"
            problems.append(Problem(file=file, line=line, column=1, text=wrong))
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _header_problems(file: str, line: int, names: list[str], kind: FileKind) -> Iterator[Problem]:
    known = [column.name for column in kind.columns]
    for position, name in enumerate(names, 1):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"bedoelt u '{near[0]}'?" if near else f"deze zijn er: {', '.join(known)}"
            yield Problem(file=file, line=line, column=position, text=f"onbekende kolom '{name}'; {hint}")
        elif name in names[: position - 1]:
            yield Problem(file=file, line=line, column=position, text=f"de kolom '{name}' staat er twee keer")
    for column in kind.columns:
        if column.required and column.name not in names:
            yield Problem(file=file, line=line, text=f"de kolom '{column.name}' ontbreekt")


def _row(
    file: str, line: int, cells: list[str], names: list[str], kind: FileKind, problems: list[Problem]
) -> Row:
    columns = {column.name: column for column in kind.columns}
    values: dict[str, Any] = {}
    before = len(problems)
    if len(cells) != len(names):
        text = f"{len(cells)} velden, waar de kopregel er {len(names)} heeft"
        position = min(len(cells), len(names)) + 1
        problems.append(Problem(file=file, line=line, column=position, text=text))
    for position, (name, cell) in enumerate(zip(names, cells, strict=False), 1):
        try:
            values[name] = _value(columns[name], cell.strip())
        except CellError as error:
            problems.append(Problem(file=file, line=line, column=position, text=f"{name}: {error}"))
    positions = {name: position for position, name in enumerate(names, 1)}
    return Row(file, line, values, positions, sound=len(problems) == before)


def _value(column: Column, cell: str) -> Any:
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in cell):
        raise CellError("er staat een onzichtbaar stuurteken in dit veld")
    if cell:
        return column.kind.read(cell)
    if column.required:
        raise CellError("dit veld mag niet leeg zijn")
    return column.empty
