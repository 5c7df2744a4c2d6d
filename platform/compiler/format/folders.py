"""Which files the formatter lays out: a folder with definitions, one of its folders, or single files."""

from pathlib import Path
from typing import NamedTuple

from ..language.kinds import KINDS, OFFICE_FILE, SCENARIOS, Kind, find_kind


class Target(NamedTuple):
    """A file to lay out, and its kind."""

    file: Path
    kind: Kind

    @property
    def folder(self) -> Path:
        """Return the folder with the definitions that it is one of."""
        depth = {"": 0, SCENARIOS: 2}.get(self.kind.folder, 1)
        return self.file.absolute().parents[depth]


def find_targets(path: Path) -> list[Target]:
    """Return the definitions in a folder, or the one that a file is; none when it is not a definition."""
    if not path.is_dir():
        kind = find_kind_of(path)
        return [Target(path, kind)] if kind else []
    own = _find_kind_in(path.resolve().name)
    if own is not None and own.folder and not (path / OFFICE_FILE).exists():
        return _list_targets(path, own)
    if path.resolve().parent.name == SCENARIOS:
        return _list_files(path, KINDS[-1])
    office = path / OFFICE_FILE
    found = [Target(office, KINDS[0])] if office.is_file() else []
    for kind in KINDS:
        if kind.folder:
            found += _list_targets(path / kind.folder, kind)
    return found


def find_kind_of(file: Path) -> Kind | None:
    """Return the kind of a file by its name and folders, or None."""
    if file.name == OFFICE_FILE:
        return KINDS[0]
    above = file.resolve().parent
    kind = KINDS[-1] if above.parent.name == SCENARIOS else find_kind(above.name)
    return kind if kind and kind.folder and file.suffix == ".yaml" else None


def _find_kind_in(folder: str) -> Kind | None:
    return KINDS[-1] if folder == SCENARIOS else find_kind(folder)


def _list_targets(folder: Path, kind: Kind) -> list[Target]:
    """Return the files of a kind in its folder; scenarios lie in a folder per template."""
    if kind.folder != SCENARIOS:
        return _list_files(folder, kind)
    templates = sorted(path for path in folder.glob("*") if path.is_dir() and not path.name.startswith("."))
    return [target for template in templates for target in _list_files(template, kind)]


def _list_files(folder: Path, kind: Kind) -> list[Target]:
    files = (file for file in folder.glob("*.yaml") if file.is_file() and not file.name.startswith("."))
    return [Target(file, kind) for file in sorted(files)]
