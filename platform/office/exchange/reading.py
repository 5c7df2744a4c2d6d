"""Reading one CSV file into typed rows that remember where they stood, with every mistake in it."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .cells import CellError
from .columns import Column, FileKind
from .header import Header, read_header
from .problems import Problem
from .splitting import Record, read_text, split

_QUOTES = (
    "een veld is te lang, of aanhalingstekens kloppen niet; schrijf een aanhalingsteken in een veld dubbel"
)


@dataclass(frozen=True)
class Row:
    """A row of a file: its values by column (only columns that the file has), and where they stood.

    Nothing may be concluded from the columns that are `unread`. Columns of the key that the file lacks hold
    what an empty cell means. `path` is the name of the file itself, which may be nearly that of its kind.
    """

    kind: FileKind
    path: str
    line: int
    values: Mapping[str, Any]
    positions: Mapping[str, int]
    unread: frozenset[str]

    @property
    def file(self) -> str:
        """The name of its kind of file."""
        return self.kind.name

    def knows(self, *columns: str) -> bool:
        """Say whether none of these columns holds what could not be read."""
        return self.unread.isdisjoint(columns)

    def filled(self, column: str) -> bool:
        """Say whether a cell says something, though it may be nothing that can be read."""
        return bool(self.values.get(column)) or column in self.unread & self.positions.keys()

    def problem(self, column: str, text: str) -> Problem:
        """Return a problem at this row's cell in a column, or at the row when the file lacks that column."""
        position = self.positions.get(column, 1)
        return Problem(file=self.path, line=self.line, column=position, text=f"{column}: {text}")

    def place(self, seen_from: "Row") -> str:
        """Return in Dutch where this row stands, for a complaint about another row."""
        return f"regel {self.line}" if seen_from.path == self.path else f"{self.path}, regel {self.line}"


class FileRead(NamedTuple):
    """The rows of a file and what is wrong in it; `whole` says that each row has a key of its own."""

    rows: list[Row]
    problems: list[Problem]
    whole: bool


def read_file(path: Path, kind: FileKind) -> FileRead:
    """Read a file; nothing is raised, whatever is wrong becomes a problem."""
    text, problems = read_text(path)
    if text is None:
        return FileRead([], problems, whole=False)
    records = split(path.name, text)
    first = next(records, None)
    if first is None:
        names = ";".join(column.name for column in kind.columns if column.required)
        text = f"het bestand is leeg; noem op de eerste regel de kolommen, ten minste {names}"
        return FileRead([], [*problems, Problem(file=path.name, text=text)], whole=False)
    header, wrong = read_header(first, kind) if first.cells else (None, [first.problem(_QUOTES)])
    problems += wrong
    if header is None:
        return FileRead([], problems, whole=False)
    rows = []
    for record in records:
        row, wrong = _row(record, kind, header)
        rows.append(row)
        problems += wrong
    repeated = [*_repeated(rows)]
    whole = not repeated and all(row.knows(*kind.key) for row in rows)
    return FileRead(rows, problems + repeated, whole)


def _row(record: Record, kind: FileKind, header: Header) -> tuple[Row, list[Problem]]:
    """Read a record; of one that cannot be laid under the header no cell is known."""
    cells, positions, unread = record.cells, header.positions, header.unsure
    values: dict[str, Any] = {}
    if cells is None or len(cells) != header.width:
        unread |= positions.keys()
        return Row(kind, record.file, record.line, values, positions, unread), [_misfit(record, header)]
    problems = []
    for column in kind.columns:
        try:
            if column.name in positions:
                values[column.name] = _value(column, cells[positions[column.name] - 1].strip())
            elif column.name in kind.key and column.name not in unread:
                values[column.name] = column.empty
        except CellError as error:
            unread |= {column.name}
            problems.append(record.problem(f"{column.name}: {error}", positions[column.name]))
    return Row(kind, record.file, record.line, values, positions, unread), problems


def _misfit(record: Record, header: Header) -> Problem:
    if record.cells is None:
        return record.problem(_QUOTES)
    count = len(record.cells)
    text = f"{'1 veld' if count == 1 else f'{count} velden'}, waar de kopregel er {header.width} heeft"
    if count > header.width:
        text += "; zet een tekst waar het scheidingsteken in staat tussen aanhalingstekens"
    return record.problem(text, min(count, header.width) + 1)


def _value(column: Column, cell: str) -> Any:
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in cell):
        raise CellError("er staat een onzichtbaar stuurteken in dit veld")
    if cell:
        return column.kind.read(cell)
    if column.required:
        raise CellError("dit veld mag niet leeg zijn")
    return column.empty


def _repeated(rows: list[Row]) -> Iterator[Problem]:
    """Yield every row whose key was there already."""
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        if row.knows(*row.kind.key):
            first = seen.setdefault(tuple(row.values[name] for name in row.kind.key), row)
            if first is not row:
                text = f"nog een rij met {row.kind.shared} (ook op regel {first.line})"
                yield row.problem(row.kind.key[0], text)
