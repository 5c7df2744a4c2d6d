"""The line that names the columns."""

from collections.abc import Mapping
from typing import NamedTuple

from ...suggest import nearest
from .cells import mask_typed
from .columns import DUTCH, FileKind
from .problems import Problem
from .splitting import Record


class Header(NamedTuple):
    """How many columns there are, and where those of the file's kind stand, counted from 1.

    `called` has what a complaint calls each column of the kind: as the file does, and an absent one in the
    language of the others, which is `dutch` or else English.
    """

    width: int
    positions: Mapping[str, int]
    called: Mapping[str, str]
    dutch: bool


def read_header(record: Record, kind: FileKind) -> Header | list[Problem]:
    """Return the header, or everything that is wrong with it, each mistake once."""
    known = [column.name for column in kind.columns]
    english = {DUTCH[name]: name for name in known if name in DUTCH} | {name: name for name in known}
    typed = [name.strip().lower() for name in record.cells or ()]
    names = [english.get(name, name) for name in typed]
    positions = {name: names.index(name) + 1 for name in known if name in names}
    dutch = _is_dutch(typed)
    called = call_columns(kind, dutch=dutch) | {n: typed[place - 1] for n, place in positions.items()}
    if not positions:
        # The message quotes no cell: without a header this is a row of somebody's data.
        text = (
            f"zet op de eerste regel de kolomnamen, gescheiden door puntkomma's: {';'.join(called.values())}"
        )
        return [record.problem(text)]
    absent = [name for name in known if name not in positions]
    meant = {name: _find_meant(name, absent, dutch=dutch) for name in names if name not in known}
    found = {english[word] for word in meant.values() if word}
    lacking = [c.name for c in kind.columns if c.required and c.name in absent and c.name not in found]
    strange = [name for name, word in meant.items() if name and not word]
    if len(strange) == len(lacking) == 1:  # the one is probably the other: that is one mistake
        meant[strange[0]], lacking = called[lacking[0]], []
    problems = []
    choices = f"; kies uit: {', '.join(called[name] for name in absent)}" if absent else ""
    for place, name in enumerate(names, 1):
        if not name:
            text = f"kolom {place} heeft geen naam; geef de kolom een naam of verwijder de kolom"
        elif name in meant:
            near = meant[name]
            text = f"onbekende kolom '{mask_typed(name)}'"
            text += f"; bedoelt u '{near}'?" if near else choices
            choices = choices if near else ""  # a long list is told once
        elif place != positions[name]:
            text = f"de kolom '{typed[place - 1]}' komt twee keer voor, ook als kolom {positions[name]}"
        else:
            continue
        problems.append(record.problem(text, place))
    problems += [record.problem(f"de kolom '{called[name]}' ontbreekt") for name in lacking]
    return problems or Header(len(names), positions, called, dutch)


def call_columns(kind: FileKind, *, dutch: bool) -> dict[str, str]:
    """Return what each column of a file is called in Dutch or English."""
    return {c.name: DUTCH.get(c.name, c.name) if dutch else c.name for c in kind.columns}


def _is_dutch(typed: list[str]) -> bool:
    """Say whether a header has Dutch names; one without a name of either language is of a Dutch office."""
    return sum(name in DUTCH.values() for name in typed) >= sum(name in DUTCH for name in typed)


def _find_meant(name: str, absent: list[str], *, dutch: bool) -> str | None:
    """Return the absent column that a name is nearly that of, in the header's language if it can be."""
    in_dutch, in_english = ([DUTCH.get(one, one) for one in absent], absent)
    first, second = (in_dutch, in_english) if dutch else (in_english, in_dutch)
    return nearest(name, first) or nearest(name, second)
