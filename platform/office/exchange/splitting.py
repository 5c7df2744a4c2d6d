"""From the bytes of a CSV file to records of cells; one that cannot be split does not stop the next."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .problems import Problem


class Record(NamedTuple):
    """A record: the line on which it begins, and its cells.

    A record that is not `whole` has quotes that do not fit; its cells are only what its line may hold.
    """

    line: int
    cells: list[str]
    whole: bool = True


def read_text(path: Path) -> tuple[str | None, list[Problem]]:
    """Return the text of a file and what is wrong with its bytes; no text when nothing can be made of it."""
    try:
        content = path.read_bytes()
    except OSError:
        text = "kan niet worden gelezen; is het een gewoon bestand, en mag u het lezen?"
        return None, [Problem(file=path.name, text=text)]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        return _other_text(path.name, content, error.start)


def split(text: str) -> Iterator[Record]:
    """Yield the records that are not blank. The separator is the one that the first line has most of."""
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter(lines)
    begin = 0
    reader = csv.reader(_from(lines, begin), delimiter=delimiter, strict=True)
    while True:
        at = begin + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A quote that is never closed swallows the lines below it: they are read again, as they are.
            yield Record(at + 1, [cell.strip(' "\r\n') for cell in lines[at].split(delimiter)], whole=False)
            begin = at + 1
            reader = csv.reader(_from(lines, begin), delimiter=delimiter, strict=True)
            continue
        if any(cell.strip() for cell in cells):
            yield Record(at + 1, cells)


def _other_text(file: str, content: bytes, wrong: int) -> tuple[str | None, list[Problem]]:
    """Read as what spreadsheets write when it is not UTF-8, so that other mistakes are told as well."""
    wide = b"\0" in content
    text = content.decode("cp1252", "replace")
    before = content[content.rfind(b"\n", 0, wrong) + 1 : wrong].decode("cp1252", "replace")
    problem = Problem(
        file=file,
        line=content.count(b"\n", 0, wrong) + 1,
        column=1 if wide else before.count(_delimiter(list(io.StringIO(text, newline="")))) + 1,
        text="geen UTF-8; bewaar het bestand als 'CSV UTF-8'",
    )
    return None if wide else text, [problem]


def _delimiter(lines: list[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    return ";" if first.count(";") >= first.count(",") and ";" in first else ","


def _from(lines: list[str], begin: int) -> Iterator[str]:
    return (lines[place] for place in range(begin, len(lines)))
