"""From the bytes of a CSV file to records of cells; one that cannot be split does not stop the next."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .problems import Problem

_UTF_8_LEFT = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x80-\xbf]")
"""What UTF-8 makes of letters with accents and of curly quotes: Dutch in Windows-1252 never has these."""


class Record(NamedTuple):
    """The line of a file on which a record begins, and its cells; None where its quotes do not fit."""

    file: str
    line: int
    cells: list[str] | None

    def problem(self, text: str, column: int = 1) -> Problem:
        """Return a problem in this record."""
        return Problem(file=self.file, line=self.line, column=column, text=text)


class FileText(NamedTuple):
    """The text of a file, and what somebody should know about how it was read."""

    text: str
    warnings: tuple[Problem, ...] = ()


def read_text(path: Path) -> FileText | Problem:
    """Read a file in UTF-8, else as Dutch spreadsheets write; say which letters that gave."""
    try:
        content = path.read_bytes()
    except OSError:
        text = "het bestand is niet te lezen; is het een gewoon bestand, en heeft u leesrechten?"
        return Problem(file=path.name, text=text)
    other = Problem(file=path.name, text="dit is geen tekst die te lezen is; bewaar het als 'CSV UTF-8'")
    if b"\0" in content:
        return other
    with suppress(UnicodeDecodeError):
        return FileText(content.decode("utf-8-sig"))
    if mixed := _UTF_8_LEFT.search(content):
        told = "hier staat UTF-8 in een bestand dat het verder niet is; herstel de letters en bewaar het als "
        line = content.count(b"\n", 0, mixed.start()) + 1
        return Problem(file=path.name, line=line, column=1, text=f"{told}'CSV UTF-8'")
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return other
    letters = ", ".join(dict.fromkeys(sign for sign in text if not sign.isascii()))
    told = f"gelezen als Windows-1252, met {letters}; kloppen die tekens niet, bewaar het dan als 'CSV UTF-8'"
    return FileText(text, (Problem(file=path.name, text=told),))


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


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return ";" if first.count(";") >= first.count(",") and ";" in first else ","
