"""Which files the formatter lays out: a folder with definitions, one of its folders, or single files."""

from pathlib import Path
from typing import NamedTuple

from ..language.kinds import KINDS, OFFICE_FILE, Kind, find_kind


class Target(NamedTuple):
    """A file to lay out, and its kind."""

    file: Path
    kind: Kind


def find_targets(path: Path) -> list[Target]:
    """Return the definitions in a folder, or the one that a file is; none when it is not a definition."""
    if not path.is_dir():
        kind = find_kind_of(path)
        return [Target(path, kind)] if kind else []
    own = find_kind(path.resolve().name)
    if own is not None and own.folder and not (path / OFFICE_FILE).exists():
        return [Target(file, own) for file in _list_files(path)]
    office = path / OFFICE_FILE
    found = [Target(office, KINDS[0])] if office.is_file() else []
    for kind in KINDS:
        if kind.folder:
            found += [Target(file, kind) for file in _list_files(path / kind.folder)]
    return found


def find_kind_of(file: Path) -> Kind | None:
    """Return the kind of a file by its name and folder, or None."""
    if file.name == OFFICE_FILE:
        return KINDS[0]
    kind = find_kind(file.resolve().parent.name)
    return kind if kind and kind.folder and file.suffix == ".yaml" else None


def _list_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.yaml") if file.is_file() and not file.name.startswith("."))
