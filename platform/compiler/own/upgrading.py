"""Upgrading an office's definitions: what becomes of them, worked out before it is written."""

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ...files import replace_content
from ..language.base import Definition
from ..language.kinds import find_kind
from .changes import list_changes
from .merging import Conflict, Merged, Side, UnmergeableError, merge_texts
from .shipped import ORIGIN, Origin, Texts, read_texts, write_record

REPLACED = ".replaced"
"""The folder in an office's definitions with what the office had where kantoor's version was preferred."""

OFFICE_MARK = "<<<<<<< office\n"
"""The line before what the office has, where both versions are written."""

State = Literal["changed", "merged", "new", "removed", "same", "kept", "met"]


@dataclass(frozen=True)
class FileUpgrade:
    """What becomes of one file that kantoor changed, added or removed.

    `text` is what is written, or None when the file goes or stays as it is: it is so already (`same`), the
    office's version was preferred (`kept`), or it has conflicts (`met`).
    """

    path: str
    state: State
    text: bytes | None = None
    conflicts: tuple[Conflict, ...] = ()
    reason: str = ""
    """Why the whole file is a conflict, where it is."""
    marked: bytes | None = None
    """A file with conflicts, both versions of each between the marker lines of Git."""
    by_kantoor: tuple[str, ...] = ()
    by_office: tuple[str, ...] = ()
    replaces: str = ""
    """How kantoor's version takes the place of what the office has, where it does."""
    replaced: tuple[Conflict, ...] = ()
    """The places where it does, of a file that is not replaced as a whole."""


@dataclass(frozen=True)
class Upgrade:
    """What becomes of an office's definitions, and the texts before and after."""

    origin: Origin
    newer: Origin
    ours: Texts
    files: tuple[FileUpgrade, ...]
    own: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What the office changed in files that kantoor did not."""
    unsettled: tuple[str, ...] = ()
    """The files in which both versions are since an earlier run, between the marker lines of Git."""

    @property
    def met(self) -> tuple[FileUpgrade, ...]:
        """Return the files with conflicts."""
        return tuple(file for file in self.files if file.state == "met")

    @property
    def replacing(self) -> tuple[FileUpgrade, ...]:
        """Return the files in which something of the office's own is replaced."""
        return tuple(file for file in self.files if file.replaces)

    def result(self, *, with_conflicts: bool = False) -> Texts:
        """Return the office's texts as they become; files with conflicts are as they were, or have both."""
        texts = dict(self.ours)
        for file in self.files:
            text = file.marked if with_conflicts and file.marked is not None else file.text
            if file.state == "removed":
                texts.pop(file.path, None)
            elif text is not None:
                texts[file.path] = text
        return texts


def plan_upgrade(
    folder: Path, origin: Origin, newer: Origin, prefer: Side | None = None, only: Collection[str] = ()
) -> Upgrade:
    """Work out what becomes of the definitions in a folder; nothing is written. Raises OSError.

    `prefer` decides conflicts; without it files that have some stay as they are. `only` has the paths that
    are looked at; all where there are none.
    """
    ours = read_texts(folder)
    paths = sorted({*origin.texts, *newer.texts} & set(only) if only else {*origin.texts, *newer.texts})
    files = tuple(
        _upgrade_file(path, origin.texts.get(path), ours.get(path), newer.texts.get(path), prefer)
        for path in paths
        if origin.texts.get(path) != newer.texts.get(path)
    )
    touched = {file.path for file in files}
    own = {
        path: list_changes(origin.texts.get(path), ours.get(path), model_of(path))
        for path in sorted({*origin.texts, *ours})
        if path not in touched and origin.texts.get(path) != ours.get(path)
    }
    unsettled = tuple(path for path, text in ours.items() if f"\n{OFFICE_MARK}".encode() in b"\n" + text)
    return Upgrade(origin, newer, ours, files, {} if only else own, unsettled)


def keep_replaced(folder: Path, upgrade: Upgrade) -> Path | None:
    """Write the files of which something is replaced as the office has them into a new folder, and return it.

    None where there is nothing to keep. Raises OSError.
    """
    texts = {file.path: upgrade.ours[file.path] for file in upgrade.replacing if file.path in upgrade.ours}
    if not texts:
        return None
    earlier = (int(one.name) for one in (folder / REPLACED).glob("*") if one.name.isdecimal())
    kept = folder / REPLACED / str(max(earlier, default=0) + 1)
    for path, text in texts.items():
        _write(kept / path, text)
    return kept


def write_upgrade(folder: Path, upgrade: Upgrade, *, with_conflicts: bool = False) -> None:
    """Write what was worked out. Each file is whole at any moment; a second run ends what was cut off.

    What a file was made from is renewed after it, so that a file which is not written meets kantoor's again.
    Raises OSError.
    """
    for file in upgrade.files:
        marked = file.marked if file.state == "met" and with_conflicts else None
        if file.state == "met" and marked is None:
            continue
        if file.state == "removed":
            (folder / file.path).unlink(missing_ok=True)
        elif (text := marked or file.text) is not None:
            _write(folder / file.path, text)
        newer = upgrade.newer.texts.get(file.path)
        kept = folder / ORIGIN / file.path
        if newer is None:
            kept.unlink(missing_ok=True)
        else:
            _write(kept, newer)
    texts = read_texts(folder / ORIGIN)
    texts.pop("origin.json", None)
    version = upgrade.newer.version if texts == upgrade.newer.texts else upgrade.origin.version
    _write(folder / ORIGIN / "origin.json", write_record(texts, version))


def model_of(path: str) -> type[Definition]:
    """Return the model of a file by its path; other files of YAML have one without keys."""
    kind = find_kind(path.rpartition("/")[0])
    return kind.model if kind is not None else Definition


def _write(file: Path, text: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_content(file, text)


def _upgrade_file(
    path: str, base: bytes | None, ours: bytes | None, theirs: bytes | None, prefer: Side | None
) -> FileUpgrade:
    model = model_of(path)
    said = list_changes(base, theirs, model), list_changes(base, ours, model)
    if ours == theirs:
        return FileUpgrade(path, "same", None, (), "", None, *said)
    if ours == base:
        state: State = "removed" if theirs is None else "new" if base is None else "changed"
        return FileUpgrade(path, state, theirs, (), "", None, *said)
    if ours is None or theirs is None:
        gone = "the office removed this file, and kantoor changed it"
        reason = gone if ours is None else "kantoor removed this file, and the office changed it"
        return _decide_whole(path, ours, theirs, reason, prefer, said)
    try:
        merged = _merge(path, base, ours, theirs, model)
    except UnmergeableError as error:
        reason = f"it cannot be merged: {error}"
        return _decide_whole(path, ours, theirs, reason, prefer, said)
    ours_kept, theirs_taken = merged
    if not ours_kept.conflicts or prefer is not None:
        text = (theirs_taken if prefer == "kantoor" else ours_kept).text.encode()
        if text == ours:
            return FileUpgrade(path, "same", None, (), "", None, *said)
        replaced = ours_kept.conflicts if prefer == "kantoor" else ()
        replaces = "the office and kantoor changed the same, and kantoor's is taken" if replaced else ""
        return FileUpgrade(path, "merged", text, (), "", None, *said, replaces, replaced)
    marked = "".join(_mark(ours_kept.text, theirs_taken.text)).encode()
    return FileUpgrade(path, "met", None, ours_kept.conflicts, "", marked, *said)


def _merge(
    path: str, base: bytes | None, ours: bytes, theirs: bytes, model: type[Definition]
) -> tuple[Merged, Merged]:
    if not path.endswith(".yaml"):
        raise UnmergeableError("it is not a file of YAML")
    return merge_texts(base, ours, theirs, model), merge_texts(base, ours, theirs, model, "kantoor")


def _decide_whole(
    path: str,
    ours: bytes | None,
    theirs: bytes | None,
    reason: str,
    prefer: Side | None,
    said: tuple[tuple[str, ...], tuple[str, ...]],
) -> FileUpgrade:
    """Return what becomes of a file of which one side's version is taken as a whole."""
    if prefer is None:
        return FileUpgrade(path, "met", None, (), reason, None, *said)
    if prefer == "office":
        return FileUpgrade(path, "kept", None, (), "", None, *said)
    state: State = "removed" if theirs is None else "new" if ours is None else "changed"
    return FileUpgrade(path, state, theirs, (), "", None, *said, reason)


def _mark(ours: str, theirs: str) -> Iterator[str]:
    """Yield the lines of two versions, those that differ between the marker lines of Git."""
    here, there = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    for kind, a, b, c, d in difflib.SequenceMatcher(None, here, there, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from here[a:b]
        else:
            yield from (OFFICE_MARK, *here[a:b], "=======\n", *there[c:d], ">>>>>>> kantoor\n")
