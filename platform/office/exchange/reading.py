"""Reading one CSV file into typed rows that remember where they stood, with every mistake in it."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cells import CellError
from .columns import Column, FileKind
from .header import Header, read_header
from .problems import Problem
from .splitting import Record, read_text, split


@dataclass(frozen=True)
class Row:
    """A row of a file: its values by column (only columns that the file has), and where they stood.

    `unread` are the columns whose cell could not be read, each with the texts that may be what stands there
    (none at all where the column was not found): nothing may be concluded from what they lack, and other
    rows may mean what they hold. Columns of the key that the file lacks hold what an empty cell means.
    `path` is the name of the file itself, which may be nearly that of its kind.
    """

    kind: FileKind
    path: str
    line: int
    values: Mapping[str, Any]
    positions: Mapping[str, int]
    unread: Mapping[str, tuple[str, ...]]

    @property
    def file(self) -> str:
        """The name of its kind of file."""
        return self.kind.name

    def knows(self, *columns: str) -> bool:
        """Say whether none of these columns holds what could not be read."""
        return not self.unread.keys() & {*columns}

    def filled(self, column: str) -> bool:
        """Say whether a cell says something, though it may be nothing that can be read."""
        return bool(self.values.get(column)) or any(self.unread.get(column, ()))

    def problem(self, column: str, text: str) -> Problem:
        """Return a problem at this row's cell in a column, or at the row when the file lacks that column."""
        position = self.positions.get(column, 1)
        return Problem(file=self.path, line=self.line, column=position, text=f"{column}: {text}")

    def place(self, seen_from: "Row") -> str:
        """Return in Dutch where this row stands, for a complaint about another row."""
        return f"regel {self.line}" if seen_from.path == self.path else f"{self.path}, regel {self.line}"


def read_rows(path: Path, kind: FileKind) -> tuple[list[Row] | None, list[Problem]]:
    """Return the rows of a file and everything that is wrong in it; None when its rows cannot be told."""
    text, problems = read_text(path)
    if text is None:
        return None, problems
    records = split(text)
    first = next(records, None)
    if first is None:
        names = ";".join(column.name for column in kind.columns if column.required)
        empty = f"het bestand is leeg; noem op de eerste regel de kolommen, ten minste {names}"
        return None, [*problems, Problem(file=path.name, text=empty)]
    if not first.whole:
        return None, [*problems, _quotes(path.name, first)]
    header, wrong = read_header(path.name, first, kind)
    problems += wrong
    if header is None:
        return None, problems
    sheet = _Sheet(path.name, kind, header)
    rows: list[Row] = []
    for record in records:
        row, wrong = sheet.row(record)
        rows.append(row)
        problems += wrong
    return rows, problems


class _Sheet:
    """One file under its header."""

    def __init__(self, path: str, kind: FileKind, header: Header) -> None:
        self._path, self._kind, self._header = path, kind, header
        columns = {column.name: column for column in kind.columns}
        self._columns = {place: columns[name] for name, place in header.positions.items()}
        lacking = set(kind.key) - header.positions.keys() - set(header.unsure)
        self._understood: dict[str, Any] = {name: columns[name].empty for name in lacking}

    def row(self, record: Record) -> tuple[Row, list[Problem]]:
        """Read a record."""
        if not record.whole:
            return self._unread(record, 0), [_quotes(self._path, record)]
        surplus = len(record.cells) - self._header.width
        if surplus:
            return self._unread(record, surplus), [*self._shifted(record, surplus)]
        values = dict(self._understood)
        unread: dict[str, tuple[str, ...]] = dict.fromkeys(self._header.unsure, ())
        problems: list[Problem] = []
        for place, column in self._columns.items():
            cell = record.cells[place - 1].strip()
            try:
                values[column.name] = _value(column, cell)
            except CellError as error:
                unread[column.name] = (cell,)
                problems.append(self._problem(record, place, f"{column.name}: {error}"))
        return self._row(record, values, unread), problems

    def _unread(self, record: Record, surplus: int) -> Row:
        """Return a row of which no cell is known, only what each may be."""
        unread: dict[str, tuple[str, ...]] = dict.fromkeys(self._header.unsure, ())
        for place, column in self._columns.items():
            step = 1 if surplus >= 0 else -1
            places = range(place, place + surplus + step, step)
            unread[column.name] = tuple(
                record.cells[p - 1].strip() for p in places if 1 <= p <= len(record.cells)
            )
        return self._row(record, {}, unread)

    def _shifted(self, record: Record, surplus: int) -> Iterator[Problem]:
        """Tell that there are cells too many or too few, and which cells are wrong wherever they belong.

        A separator too many or too few moves what comes after it, so a cell may belong to any of the columns
        in between; most of them would be called wrong only for standing in another's place.
        """
        count, width = len(record.cells), self._header.width
        misfits = [*self._misfits(record, surplus)]
        place = min(count, width) + 1
        if 0 < len(misfits) <= surplus:  # these are the ones too many
            place, misfits = misfits[0][0], []
        fields = "1 veld" if count == 1 else f"{count} velden"
        text = f"{fields}, waar de kopregel er {width} heeft"
        if surplus > 0:
            text += "; zet een tekst waar het scheidingsteken in staat tussen aanhalingstekens"
        yield self._problem(record, place, text)
        yield from (self._problem(record, place, text) for place, text in misfits)

    def _misfits(self, record: Record, surplus: int) -> Iterator[tuple[int, str]]:
        """Yield place and complaint of every cell that fits none of the columns to which it may belong."""
        for place, column in self._columns.items():
            cell = record.cells[place - 1].strip() if place <= len(record.cells) else ""
            others = range(min(place, place - surplus), max(place, place - surplus) + 1)
            fits = any(self._can_hold(other, cell) for other in others if 1 <= other <= self._header.width)
            if cell and not fits:
                yield place, f"{column.name}: {_complaint(column, cell)}"

    def _can_hold(self, place: int, cell: str) -> bool:
        return place not in self._columns or not _complaint(self._columns[place], cell)

    def _row(self, record: Record, values: dict[str, Any], unread: dict[str, tuple[str, ...]]) -> Row:
        return Row(self._kind, self._path, record.line, values, self._header.positions, unread)

    def _problem(self, record: Record, place: int, text: str) -> Problem:
        return Problem(file=self._path, line=record.line, column=place, text=text)


def _quotes(file: str, record: Record) -> Problem:
    wrong = "een veld is te lang, of aanhalingstekens kloppen niet"
    text = f"{wrong}; schrijf een aanhalingsteken in een veld dubbel"
    return Problem(file=file, line=record.line, text=text)


def _complaint(column: Column, cell: str) -> str:
    try:
        _value(column, cell)
    except CellError as error:
        return str(error)
    return ""


def _value(column: Column, cell: str) -> Any:
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in cell):
        raise CellError("er staat een onzichtbaar stuurteken in dit veld")
    if cell:
        return column.kind.read(cell)
    if column.required:
        raise CellError("dit veld mag niet leeg zijn")
    return column.empty
