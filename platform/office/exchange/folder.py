"""Which file of a folder is which; one whose name is nearly right is read as what it resembles."""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .columns import FILES, FileKind
from .problems import Problem
from .reading import Row, read_rows

_DUTCH = {
    "klanten": "relations.csv",
    "relaties": "relations.csv",
    "contactpersonen": "contacts.csv",
    "bevoegdheden": "authorities.csv",
    "machtigingen": "standing_authorities.csv",
    "medewerkers": "team.csv",
    "rollen": "roles.csv",
    "producten": "products.csv",
}
"""What people at the office call the files."""


class FolderRead(NamedTuple):
    """Every row of a folder, what is wrong there, and the files whose content is not known."""

    rows: list[Row]
    problems: list[Problem]
    unknown: frozenset[str]


def read_folder(folder: Path, kinds: dict[str, FileKind]) -> FolderRead:
    """Read every file of the folder; nothing is raised, whatever is wrong becomes a problem."""
    try:
        there = sorted(path.name for path in folder.iterdir())
    except OSError:
        text = "de map kan niet worden gelezen; bestaat zij, en mag u haar lezen?"
        return FolderRead([], [_of_folder(folder, text)], frozenset(FILES))
    strange = [name for name in there if name.lower().endswith(".csv") and name not in FILES]
    guessed = _guesses(strange, [name for name in FILES if name not in there])
    names = {name: name for name in FILES if name in there} | {kind: name for name, kind in guessed.items()}
    problems = [_strange(name, guessed.get(name)) for name in strange]
    if not names and not strange:
        text = (
            f"er valt niets te importeren; zet een of meer van deze bestanden in de map: {', '.join(FILES)}"
        )
        problems.append(_of_folder(folder, text))
    rows: list[Row] = []
    # What a strange file holds may be what an absent one should: that is then not known.
    unknown = {name for name in FILES if name not in names} if len(strange) > len(guessed) else set()
    for name, kind in kinds.items():
        if name in names:
            found, wrong = read_rows(folder / names[name], kind)
            rows += found or ()
            problems += wrong
            unknown |= {name} if found is None else set()
    return FolderRead(rows, problems, frozenset(unknown))


def _guesses(strange: Iterable[str], absent: list[str]) -> dict[str, str]:
    """Return for strange names the absent file that each is meant to be, where that can be told."""
    stems = {name.removesuffix(".csv"): name for name in absent}
    found: dict[str, str] = {}
    for name in strange:
        stem = name.lower().removesuffix(".csv")
        near = difflib.get_close_matches(stem, stems, n=1, cutoff=0.7)
        kind = stems[near[0]] if near else _DUTCH.get(stem)
        if kind in absent and kind not in found.values():
            found[name] = kind
    return found


def _strange(name: str, meant: str | None) -> Problem:
    hint = f"bedoelt u '{meant}'?" if meant else f"gelezen worden: {', '.join(FILES)}"
    return Problem(file=name, text=f"dit bestand hoort niet bij een import; {hint}")


def _of_folder(folder: Path, text: str) -> Problem:
    return Problem(file=folder.absolute().name or str(folder), text=text)
