"""From the bytes of a CSV file to records of cells; one that cannot be split does not stop the next."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .problems import Problem


class Record(NamedTuple):
    """The line of a file on which a record begins, and its cells; None where its quotes do not fit."""

    file: str
    line: int
    cells: list[str] | None

    def problem(self, text: str, column: int = 1) -> Problem:
        """Return a problem in this record."""
        return Problem(file=self.file, line=self.line, column=column, text=text)


def read_text(path: Path) -> tuple[str | None, list[Problem]]:
    """Return the text of a file and what is wrong with its bytes; no text when nothing can be made of it."""
    try:
        content = path.read_bytes()
    except OSError:
        text = "het bestand is niet te lezen; is het een gewoon bestand, en heeft u leesrechten?"
        return None, [Problem(file=path.name, text=text)]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        return _other_text(path.name, content, error.start)


def split(file: str, text: str) -> Iterator[Record]:
    """Yield the records that are not blank. The separator is the one that the first line has most of."""
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter(text)
    begin = 0
    while begin < len(lines):
        reader = csv.reader(lines[begin:], delimiter=delimiter, strict=True)
        at = begin
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Record(file, at + 1, cells)
                at = begin + reader.line_num
            return
        except csv.Error:
            # A quote that is never closed swallows the lines below it: they are read again, as they are.
            yield Record(file, at + 1, None)
            begin = at + 1


def _other_text(file: str, content: bytes, wrong: int) -> tuple[str | None, list[Problem]]:
    """Read in the encoding of spreadsheets what is not UTF-8, so that other mistakes are reported as well."""
    wide = b"\0" in content
    text = content.decode("cp1252", "replace")
    before = content[:wrong].decode("cp1252", "replace")
    column = 1 if wide else before[before.rfind("\n") + 1 :].count(_delimiter(text)) + 1
    said = "geen UTF-8; bewaar het bestand als 'CSV UTF-8'"
    problem = Problem(file=file, line=before.count("\n") + 1, column=column, text=said)
    return None if wide else text, [problem]


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return ";" if first.count(";") >= first.count(",") and ";" in first else ","
