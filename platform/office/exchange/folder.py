"""Which file of a folder is which; one whose name is nearly right is read as what it resembles."""

import difflib
from pathlib import Path
from typing import NamedTuple

from .columns import FileKind
from .problems import Problem
from .reading import Row, read_file


class FolderRead(NamedTuple):
    """Every row of a folder, what is wrong there, and the files that may bring more than could be read."""

    rows: list[Row]
    problems: list[Problem]
    unsure: frozenset[str]


def read_folder(folder: Path, kinds: dict[str, FileKind]) -> FolderRead:
    """Read every file of the folder; nothing is raised, whatever is wrong becomes a problem."""
    try:
        there = sorted(path.name for path in folder.iterdir())
    except OSError:
        text = "de map kan niet worden gelezen; bestaat zij, en mag u haar lezen?"
        return FolderRead([], [_of_folder(folder, text)], frozenset(kinds))
    names = {name: name for name in kinds if name in there}
    strange = [name for name in there if name.lower().endswith(".csv") and name not in kinds]
    problems: list[Problem] = []
    # What a file holds whose name says nothing may be what an absent one should: that is then not known.
    stray = False
    for name in strange:
        absent = [kind for kind in kinds if kind not in names]
        near = difflib.get_close_matches(name.lower(), absent, n=1, cutoff=0.75)
        hint = f"bedoelt u '{near[0]}'?" if near else f"gelezen worden: {', '.join(kinds)}"
        problems.append(Problem(file=name, text=f"dit bestand hoort niet bij een import; {hint}"))
        names |= dict.fromkeys(near, name)
        stray = stray or not near
    if not names and not strange:
        text = (
            f"er valt niets te importeren; zet een of meer van deze bestanden in de map: {', '.join(kinds)}"
        )
        problems.append(_of_folder(folder, text))
    read = {kind: read_file(folder / names[kind], kinds[kind]) for kind in kinds if kind in names}
    unsure = {kind for kind, file in read.items() if not file.whole}
    unsure |= kinds.keys() - names.keys() if stray else set()
    return FolderRead(
        [row for file in read.values() for row in file.rows],
        problems + [problem for file in read.values() for problem in file.problems],
        frozenset(unsure),
    )


def _of_folder(folder: Path, text: str) -> Problem:
    return Problem(file=folder.absolute().name or str(folder), text=text)
