"""The line that names the columns."""

from typing import NamedTuple

from ...suggest import nearest
from .cells import mask_typed
from .columns import DUTCH, FileKind
from .problems import Problem
from .splitting import Record


class Header(NamedTuple):
    """How many columns there are, and where those of the file's kind stand, counted from 1."""

    width: int
    positions: dict[str, int]


def read_header(record: Record, kind: FileKind) -> Header | list[Problem]:
    """Return the header, or everything that is wrong with it."""
    known = [column.name for column in kind.columns]
    english = {DUTCH[name]: name for name in known if name in DUTCH} | {name: name for name in known}
    typed = [name.strip().lower() for name in record.cells or ()]
    names = [english.get(name, name) for name in typed]
    positions = {name: names.index(name) + 1 for name in known if name in names}
    if not positions:
        # The message quotes no cell: without a header this is a row of somebody's data.
        text = f"zet op de eerste regel de kolomnamen, gescheiden door puntkomma's: {';'.join(known)}"
        return [record.problem(text)]
    absent = [name for name in known if name not in positions]
    spelled = {word: name for word, name in english.items() if name in absent}
    meant = {name: spelled.get(nearest(name, spelled) or "") for name in names if name not in known}
    problems = []
    for place, name in enumerate(names, 1):
        if not name:
            text = "deze kolom heeft geen naam; geef de kolom een naam of verwijder de kolom"
        elif name in meant:
            hint = f"bedoelt u '{meant[name]}'?" if meant[name] else f"kies uit: {', '.join(known)}"
            text = f"onbekende kolom '{mask_typed(name)}'; {hint}"
        elif place != positions[name]:
            text = f"de kolom '{name}' komt twee keer voor, ook als kolom {positions[name]}"
        else:
            continue
        problems.append(record.problem(text, place))
    for column in kind.columns:
        if column.required and column.name in absent and column.name not in meant.values():
            problems.append(record.problem(f"de kolom '{column.name}' ontbreekt"))
    return problems or Header(len(names), positions)
