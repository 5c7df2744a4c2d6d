"""Reading one CSV file into typed rows that remember where they stood, with every mistake in it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .cells import NOTHING, CellError, Held, has_numbers_only, read_cell
from .columns import Column, FileKind
from .header import Header, call_columns, read_header
from .problems import Problem
from .splitting import Record, read_text, split

_QUOTES = "een veld is te lang of een aanhalingsteken is niet afgesloten; schrijf het binnen een veld dubbel"


@dataclass(frozen=True)
class Row:
    """A row of a file: its values by column, and where they stand; a cell that cannot be read has no value.

    Columns of the key that the file lacks hold what an empty cell means.
    """

    kind: FileKind
    line: int
    values: Mapping[str, Any]
    header: Header

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.kind.name

    @property
    def positions(self) -> Mapping[str, int]:
        """Where its columns stand."""
        return self.header.positions

    def knows(self, *columns: str) -> bool:
        """Say whether each cell in these columns could be read, or is in a column that the file lacks."""
        return all(column in self.values or column not in self.positions for column in columns)

    def is_filled(self, column: str) -> bool:
        """Say whether a cell is not empty, readable or not."""
        return bool(self.values.get(column)) or not self.knows(column)

    def problem(self, column: str, text: str, plain: str = "") -> Problem:
        """Return a problem at this row's cell in a column, or at the row when the file lacks that column.

        `plain` is the sentence for who sees no files.
        """
        return Problem(
            file=self.file,
            line=self.line,
            column=self.positions.get(column, 1),
            name=self.header.called.get(column, column),
            lacks=column not in self.positions,
            text=text,
            plain=plain,
        )

    def say(self, code: str, words: Mapping[Any, str]) -> str:
        """Return what a code is called in the language of the file's header."""
        return words[code] if self.header.dutch else code

    def place(self, seen_from: "Row") -> str:
        """Return the place of this row in Dutch, for a complaint about another row."""
        return f"regel {self.line}" if seen_from.file == self.file else f"{self.file}, regel {self.line}"


class OpenedFile(NamedTuple):
    """A file whose header was read: the records below it, and what to know about how it was read."""

    kind: FileKind
    header: Header
    records: Iterator[Record]
    warnings: tuple[Problem, ...]


class FileRead(NamedTuple):
    """The rows of a file and what is wrong in it; `whole` says that each row has a key of its own."""

    rows: list[Row]
    problems: list[Problem]
    whole: bool


def open_file(path: Path, kind: FileKind) -> OpenedFile | list[Problem]:
    """Read a file's header, or return what is wrong with the file or its header; nothing is raised."""
    read = read_text(path)
    if isinstance(read, Problem):
        return [read]
    records = split(path.name, read.text)
    first = next(records, None)
    if first is None:
        called = call_columns(kind, dutch=True)
        names = ";".join(called[column.name] for column in kind.columns if column.required)
        text = f"het bestand is leeg; zet op de eerste regel de kolomnamen, ten minste {names}"
        return [Problem(file=path.name, text=text)]
    header = read_header(first, kind) if first.cells else [first.problem(_QUOTES)]
    return OpenedFile(kind, header, records, read.warnings) if isinstance(header, Header) else header


def read_rows(file: OpenedFile, held: Held = NOTHING) -> FileRead:
    """Read the rows below a header; whatever is wrong in them, and not `held` already, becomes a problem."""
    rows: list[Row] = []
    problems: list[Problem] = []
    records = [*file.records]
    numbers = frozenset(_find_numbers(records, file.header))
    for record in records:
        row, wrong = _read_row(record, file.kind, file.header, held, numbers)
        rows.append(row)
        problems += wrong
    repeated = [*_find_repeated(rows)]
    whole = not repeated and all(row.knows(*file.kind.key) for row in rows)
    return FileRead(rows, problems + repeated, whole)


def read_typed(
    kind: FileKind, typed: Mapping[str, str], called: Mapping[str, str], line: int, held: Held = NOTHING
) -> tuple[Row, list[Problem]]:
    """Read what was typed in a form as a row of a file, by column; what `called` lacks has its Dutch name."""
    places = {name: place for place, name in enumerate(typed, 1)}
    header = Header(len(typed), places, {**call_columns(kind, dutch=True), **called}, dutch=True)
    return _read_row(Record(kind.name, line, [*typed.values()]), kind, header, held, ())


def _find_numbers(records: list[Record], header: Header) -> Iterator[str]:
    """Yield the columns that have whole numbers only."""
    sound = [record.cells for record in records if record.cells and len(record.cells) == header.width]
    for name, position in header.positions.items():
        if has_numbers_only(cells[position - 1] for cells in sound):
            yield name


def _read_row(
    record: Record, kind: FileKind, header: Header, held: Held, numbers: Collection[str]
) -> tuple[Row, list[Problem]]:
    """Read a record; when it has not as many cells as the header, none of its cells is known."""
    cells, positions = record.cells, header.positions
    values: dict[str, Any] = {}
    row = Row(kind, record.line, values, header)
    if cells is None or len(cells) != header.width:
        return row, [_misfit(record, header)]
    problems = []
    for column in kind.columns:
        try:
            if column.name in positions:
                cell = cells[positions[column.name] - 1].strip()
                values[column.name] = _value(column, cell, held, numbers=column.name in numbers)
            elif column.name in kind.key:
                values[column.name] = column.empty
        except CellError as error:
            problems.append(row.problem(column.name, str(error)))
    return row, problems


def _misfit(record: Record, header: Header) -> Problem:
    if record.cells is None:
        return record.problem(_QUOTES)
    count = len(record.cells)
    text = f"{'1 veld' if count == 1 else f'{count} velden'}, waar de kopregel er {header.width} heeft"
    if count == 1 and record.cells[0].count(",") >= header.width - 1 > 0:
        text += "; scheid velden zoals in de kopregel, niet met komma's"
    elif count > header.width:
        text += "; zet een tekst waar het scheidingsteken in staat tussen aanhalingstekens"
    return record.problem(text, min(count, header.width) + 1)


def _value(column: Column, cell: str, held: Held, *, numbers: bool) -> Any:
    if cell:
        return read_cell(column.kind, cell, held, numbers=numbers)
    if column.required:
        raise CellError(column.kind.nothing)
    return column.empty


def _find_repeated(rows: list[Row]) -> Iterator[Problem]:
    """Yield a problem for every row that has the key of an earlier row."""
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        if row.knows(*row.kind.key):
            first = seen.setdefault(tuple(row.values[name] for name in row.kind.key), row)
            if first is not row:
                text = f"nog een rij met {row.kind.shared} (ook op regel {first.line})"
                yield row.problem(row.kind.key[0], text)
