"""The line that names the columns; one whose name is nearly right is read as what it resembles."""

import difflib
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from .cells import shown
from .columns import FileKind
from .problems import Problem
from .splitting import Record


class Header(NamedTuple):
    """Where the columns stand, counted from 1.

    `unsure` are columns that are not found though the file may have them under a name that is not known.
    """

    width: int
    positions: dict[str, int]
    unsure: tuple[str, ...] = ()


def read_header(file: str, record: Record, kind: FileKind) -> tuple[Header | None, list[Problem]]:
    """Return the header and what is wrong with it; none when the first line is no header at all."""
    names = [name.strip().lower() for name in record.cells]
    known = [column.name for column in kind.columns]
    positions = {name: place for place, name in reversed([*enumerate(names, 1)]) if name in known}
    guessed = _guesses(names, known)
    if not positions and 2 * len(guessed) < len(names):
        # No name is repeated here: without a header this is a row of somebody's data.
        text = f"de eerste regel hoort de kolommen te noemen, met puntkomma's ertussen: {';'.join(known)}"
        return None, [Problem(file=file, line=record.line, text=text)]
    positions |= {name: place for place, name in guessed.items()}
    absent = [column for column in kind.columns if column.name not in positions]
    problems = [
        Problem(file=file, line=record.line, column=place, text=text)
        for place, text in _strange(names, kind, positions, guessed)
    ]
    problems += (
        Problem(file=file, line=record.line, text=f"de kolom '{column.name}' ontbreekt")
        for column in absent
        if column.required
    )
    strange = len(names) > len(positions)
    unsure = tuple(column.name for column in absent if column.required or strange)
    return Header(len(names), positions, unsure), problems


def _guesses(names: list[str], known: list[str]) -> dict[int, str]:
    """Return by place the absent column that an unknown name is meant to be, where that can be told."""
    left = [name for name in known if name not in names]
    found: dict[int, str] = {}
    for place, name in enumerate(names, 1):
        near = [] if name in known else difflib.get_close_matches(name, left, n=1)
        if near and names.count(name) == 1:
            found[place] = near[0]
            left.remove(near[0])
    return found


def _strange(
    names: list[str], kind: FileKind, positions: dict[str, int], guessed: dict[int, str]
) -> Iterator[tuple[int, str]]:
    """Yield place and text for every name that is no column, or one that was there already."""
    known = ", ".join(column.name for column in kind.columns)
    required = {column.name for column in kind.columns if column.required}
    times: Counter[str] = Counter()
    for place, name in enumerate(names, 1):
        times[name] += 1
        if not name:
            if times[name] == 1:
                yield place, "deze kolom heeft geen naam; geef hem een naam of haal hem weg"
        elif place in guessed:
            needed = ", de kolom die ontbreekt" if guessed[place] in required else ""
            yield place, f"onbekende kolom '{shown(name)}'; bedoelt u '{guessed[place]}'{needed}?"
        elif name not in positions:
            yield place, f"onbekende kolom '{shown(name)}'; deze zijn er: {known}"
        elif place != positions[name]:
            yield place, f"de kolom '{name}' staat er al, als kolom {positions[name]}"
