"""Which file of a folder is which, and what they contain."""

import difflib
from pathlib import Path
from typing import NamedTuple

from .cells import NOTHING, Held
from .columns import FileKind
from .problems import Problem
from .reading import OpenedFile, Row, open_file, read_rows


class FolderRead(NamedTuple):
    """Every row of a folder, what is wrong in them, and the files with a row that has no key of its own.

    `warnings` tell how a file was read.
    """

    rows: list[Row]
    problems: list[Problem]
    warnings: list[Problem]
    unsure: frozenset[str]


def read_folder(folder: Path, kinds: dict[str, FileKind], held: Held = NOTHING) -> FolderRead | list[Problem]:
    """Read every file of the folder, or return everything that is wrong with its files and their headers.

    Nothing is raised; what the office holds already (`held`) is not judged. No row is read while a file or a
    column is not known: what its cells mean, and what rows of other files refer to, would be guessed.
    """
    try:
        there = sorted(path.name for path in folder.iterdir())
    except OSError:
        return [_report_folder(folder, "de map is niet te lezen; bestaat de map, en heeft u leesrechten?")]
    problems = [_report_unknown_file(name, there, kinds) for name in there if _is_unknown_file(name, kinds)]
    present = [kind for name, kind in kinds.items() if name in there]
    if not present and not problems:
        text = (
            f"er valt niets te importeren; zet een of meer van deze bestanden in de map: {', '.join(kinds)}"
        )
        return [_report_folder(folder, text)]
    opened: list[OpenedFile] = []
    for kind in present:
        file = open_file(folder / kind.name, kind)
        if isinstance(file, OpenedFile):
            opened.append(file)
        else:
            problems += file
    if problems:
        return problems
    read = [(file.kind.name, read_rows(file, held)) for file in opened]
    return FolderRead(
        [row for _, file in read for row in file.rows],
        [problem for _, file in read for problem in file.problems],
        [warning for file in opened for warning in file.warnings],
        frozenset(name for name, file in read if not file.whole),
    )


def _is_unknown_file(name: str, kinds: dict[str, FileKind]) -> bool:
    return name.lower().endswith(".csv") and name not in kinds


def _report_unknown_file(name: str, there: list[str], kinds: dict[str, FileKind]) -> Problem:
    absent = [kind for kind in kinds if kind not in there]
    near = difflib.get_close_matches(name.lower(), absent, n=1, cutoff=0.75)
    hint = f"bedoelt u '{near[0]}'?" if near else f"gelezen worden: {', '.join(kinds)}"
    return Problem(file=name, text=f"dit bestand hoort niet bij een import; {hint}")


def _report_folder(folder: Path, text: str) -> Problem:
    return Problem(file=folder.absolute().name or str(folder), text=text)
