"""The definitions that kantoor ships, as texts by path, and the copy of them that an office started from."""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

SHIPPED = Path(__file__).parents[2] / "definitions"

ORIGIN = ".defaults"
"""The folder in an office's definitions with kantoor's texts that they were made from, for a merge."""

_RECORD = "origin.json"

Texts = dict[str, bytes]
"""The files of a folder, by their path in it."""


class Origin(NamedTuple):
    """What an office's definitions were made from: the version of kantoor, and its texts."""

    version: str
    texts: Texts


def read_texts(folder: Path) -> Texts:
    """Return the files of a folder, without hidden ones and those in hidden folders. Raises OSError."""
    return {
        path.as_posix(): (folder / path).read_bytes()
        for path in sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
        if not any(part.startswith((".", "__")) for part in path.parts)
    }


def read_origin(folder: Path) -> Origin | None:
    """Return what the definitions in a folder were made from, or None where that was not kept."""
    kept = folder / ORIGIN
    if not kept.is_dir():
        return None
    texts = read_texts(kept)
    try:
        record = json.loads(texts.pop(_RECORD, b"{}"))
    except ValueError:
        record = {}
    return Origin(str(record.get("kantoor", "unknown")) if isinstance(record, dict) else "unknown", texts)


def write_record(texts: Texts, made_by: str | None = None) -> bytes:
    """Return the record that goes beside the texts which definitions were made from."""
    record = {"kantoor": made_by or version("kantoor"), "sha256": digest_texts(texts)}
    return (json.dumps(record, indent=2) + "\n").encode()


def digest_texts(texts: Texts) -> str:
    """Return the digest of files by path and content."""
    summed = hashlib.sha256()
    for path, text in sorted(texts.items()):
        summed.update(f"{path}\0{len(text)}\0".encode() + text)
    return summed.hexdigest()


def list_origin(texts: Texts, made_by: str | None = None) -> Texts:
    """Return the files of the folder that keeps what definitions were made from, by path in their folder."""
    kept = {f"{ORIGIN}/{path}": text for path, text in texts.items()}
    return {**kept, f"{ORIGIN}/{_RECORD}": write_record(texts, made_by)}
