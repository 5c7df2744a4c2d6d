"""The line that names the columns; one whose name is nearly right is read as what it resembles."""

import difflib
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
    unsure: frozenset[str]


def read_header(record: Record, kind: FileKind) -> tuple[Header | None, list[Problem]]:
    """Return the header and what is wrong with it; none when the line is no header at all."""
    names = [name.strip().lower() for name in record.cells or ()]
    known = [column.name for column in kind.columns]
    positions = {name: names.index(name) + 1 for name in known if name in names}
    guessed = _guesses(names, known)
    if not positions and 2 * len(guessed) < len(names):
        # No name is repeated here: without a header this is a row of somebody's data.
        text = f"de eerste regel hoort de kolommen te noemen, met puntkomma's ertussen: {';'.join(known)}"
        return None, [record.problem(text)]
    problems = []
    for place, name in enumerate(names, 1):
        if not name and place == names.index(name) + 1:
            text = "deze kolom heeft geen naam; geef hem een naam of haal hem weg"
        elif name and name not in known:
            hint = f"bedoelt u '{guessed[name]}'?" if name in guessed else f"deze zijn er: {', '.join(known)}"
            text = f"onbekende kolom '{shown(name)}'; {hint}"
        elif name and place != positions[name]:
            text = f"de kolom '{name}' staat er al, als kolom {positions[name]}"
        else:
            continue
        problems.append(record.problem(text, place))
    positions |= {meant: names.index(name) + 1 for name, meant in guessed.items()}
    absent = [column for column in kind.columns if column.name not in positions]
    problems += (
        record.problem(f"de kolom '{column.name}' ontbreekt") for column in absent if column.required
    )
    strange = len(names) > len(positions)
    unsure = frozenset(column.name for column in absent if column.required or strange)
    return Header(len(names), positions, unsure), problems


def _guesses(names: list[str], known: list[str]) -> dict[str, str]:
    """Return for names that are not known the absent column that each is meant to be, if that can be told."""
    left = [name for name in known if name not in names]
    found: dict[str, str] = {}
    for name in names:
        near = [] if name in known or name in found else difflib.get_close_matches(name, left, n=1)
        if near:
            found[name] = near[0]
            left.remove(near[0])
    return found
