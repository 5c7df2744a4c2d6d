"""Telling what an upgrade does: each file, what both sides changed, and where they meet, as lines of text."""

import os
from collections.abc import Iterator
from pathlib import Path

from ..format.arranging import arrange
from ..format.parts import Part
from ..format.writing import write_parts
from ..nodes import Node
from ..reports.text import plain
from .merging import Conflict
from .upgrading import FileUpgrade, Upgrade

MANY = 12
"""So many lines of a value are shown."""

_STATES = {
    "changed": "becomes kantoor's",
    "merged": "merged",
    "new": "new",
    "removed": "removed: kantoor has it no more, and the office had not changed it",
    "kept": "stays as the office has it",
}

_HELP = "choose with --prefer office or --prefer kantoor"

_CAUSES = {
    "changed": "was changed here and by kantoor",
    "added": "was added here and by kantoor, not alike",
    "removed by kantoor": "was removed by kantoor and changed here",
    "removed by the office": "was removed here and changed by kantoor",
    "ordered": "was put in another order here and by kantoor",
}


def tell_upgrade(upgrade: Upgrade, folder: Path) -> str:
    """Return what an upgrade of the definitions in a folder does; empty when there is nothing to tell."""
    lines = [line for file in upgrade.files if file.state != "same" for line in _tell_file(file, folder)]
    equal = sum(file.state == "same" for file in upgrade.files)
    if equal:
        lines.append(f"{equal} {'file is' if equal == 1 else 'files are'} like kantoor's already")
    for path in upgrade.unsettled:
        lines.append(f"{_show(folder, path)}: both versions are in it since an earlier run")
        lines.append("  help: choose one of the two at each place, and remove the marker lines")
    if lines and upgrade.own:
        lines += ["", "What only the office changed, and kantoor did not:"]
        lines += [f"  {_show(folder, path)}: {', '.join(changes)}" for path, changes in upgrade.own.items()]
    return "".join(f"{line}\n" for line in lines)


def _tell_file(file: FileUpgrade, folder: Path) -> Iterator[str]:
    where = _show(folder, file.path)
    if file.state == "met":
        count = len(file.conflicts)
        what = "1 conflict" if count == 1 else f"{count} conflicts"
        yield f"{where}: {file.reason or what}"
    elif file.replaces and not file.replaced:
        becomes = "is removed" if file.state == "removed" else "becomes kantoor's"
        yield f"{where}: replaced: {file.replaces}; it {becomes}"
    else:
        yield f"{where}: {_STATES[file.state]}"
    yield from (f"  kantoor: {change}" for change in file.by_kantoor)
    yield from (f"  office:  {change}" for change in file.by_office)
    for conflict in file.conflicts:
        yield from _tell_conflict(conflict, where, "conflict")
    for conflict in file.replaced:
        yield from _tell_conflict(conflict, where, "replaced by kantoor's")
    if file.replaced:
        yield ""
    if file.reason:
        yield f"  help: {_HELP}; --only {file.path} decides of this file alone"
    elif file.conflicts:
        yield f"  help: {_HELP}, or --write-conflicts to choose in the file; --only {file.path} for it alone"
        yield ""


def _tell_conflict(conflict: Conflict, where: str, what: str) -> Iterator[str]:
    place = conflict.place
    yield ""
    yield f"{where}:{place.line}:{place.column}: {what}: {conflict.path} {_CAUSES[conflict.cause]}"
    number = str(place.line)
    yield plain(f"  {number} | {place.lines[place.line - 1]}")
    yield f"  {' ' * len(number)} | {' ' * (place.column - 1)}^"
    ordered = conflict.cause == "ordered"
    for side, part in (("office", conflict.ours), ("kantoor", conflict.theirs), ("before", conflict.base)):
        if part is None:
            yield f"  {side}: none"
        elif ordered:
            yield f"  {side}: {', '.join(_name(child) for child in part.parts)}"
        else:
            yield f"  {side}:"
            yield from (plain(f"    {line}") for line in show_part(part))


def show_part(part: Part) -> list[str]:
    """Return a part in canonical layout, the first lines of it."""
    node = Node(part.node.span, {part.key: part.node} if part.key is not None else [part.node], "block")
    holder = Part(node, part.lines, part.line, part.column)
    holder.parts = [part.copy(holder)]
    arrange(holder)
    lines = write_parts(holder, []).splitlines()
    return lines if len(lines) <= MANY else [*lines[:MANY], f"… {len(lines) - MANY} lines more"]


def _name(part: Part) -> str:
    known = part.node.value.get("id") if isinstance(part.node.value, dict) else part.node
    return part.key or (str(known.value) if known is not None else "…")


def _show(folder: Path, path: str) -> str:
    return os.path.relpath(folder / path)
