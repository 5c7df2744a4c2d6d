"""Examples of diagnostics: a fragment of a definition, merged into the small office of the documentation.

A fragment replaces the top-level keys of its file; in a list of items with ids, it replaces the items with
the same id and adds the others. So an example shows only what it is about.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

SMALL_OFFICE = Path(__file__).parent / "small_office"

WORKFLOW = "workflows/btw-aangifte.yaml"


class Example(NamedTuple):
    """A fragment of YAML for one file; `others` are more files.

    `how` says how `text` is used: merged as a piece, as the whole file, as the target of a symbolic link, or
    not at all (the file is absent).
    """

    text: str | bytes
    path: str = WORKFLOW
    how: Literal["piece", "whole", "link", "absent"] = "piece"
    others: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1)
def small_office() -> dict[str, str]:
    """Return the files of the small office, by path."""
    files = sorted(SMALL_OFFICE.rglob("*.yaml"))
    return {file.relative_to(SMALL_OFFICE).as_posix(): file.read_text("utf-8") for file in files}


def lay_out(example: Example, folder: Path) -> None:
    """Write the small office, with the example merged into it, to a folder."""
    files = {**small_office(), **dict(example.others)}
    base = files.pop(example.path, "")
    for path, text in files.items():
        _write(folder / path, text.encode())
    file, piece = folder / example.path, example.text
    if example.how == "link":
        file.symlink_to(str(piece))
    elif isinstance(piece, bytes):
        _write(file, piece)
    elif example.how != "absent":
        _write(file, (piece if example.how == "whole" else _merge(base, piece)).encode())


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def _merge(base: str, piece: str) -> str:
    blocks, over = _split_blocks(base, r"(?=^\w)"), _split_blocks(piece, r"(?=^\w)")
    for key, text in over.items():
        if "\n  - id: " in text and "\n  - id: " in blocks.get(key, ""):
            text = _merge_items(blocks[key], text)
        blocks[key] = text
    return "".join(blocks.values())


def _split_blocks(text: str, start: str) -> dict[str, str]:
    parts = [part for part in re.split(start, text, flags=re.MULTILINE) if part]
    return {part.split(":")[0] if part[0] != "#" else "#": part.rstrip("\n") + "\n" for part in parts}


def _merge_items(base: str, piece: str) -> str:
    head, *items = re.split(r"(?m)(?=^  - id: )", base)
    new = re.split(r"(?m)(?=^  - id: )", piece)[1:]
    merged: list[str] = []
    used: list[str] = []
    for item in items:
        same = [other for other in new if _id(other) == _id(item)]
        used += same
        merged += same or [item]
    return head + "".join(merged + [item for item in new if item not in used])


def _id(item: str) -> str:
    return item.splitlines()[0]
