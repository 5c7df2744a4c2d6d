"""What an office consists of on disk, and under which names it lies in an archive."""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from ...plan import Model
from ...settings import Settings
from ..errors import LocalError
from ..programs import certificate_folder, server_file, simulator_folder

MANIFEST, SETTINGS = "manifest.json", "kantoor.toml"
DATABASE, DUMP, SERVER = "database.sqlite", "database.pgdump", "temporal.sqlite"
FORMAT = 1

DOCUMENTS, KEYS = "documents", "keys"
_INNER = re.compile(r"[a-z]+/(?:[\w@+-][\w.@+-]*/)*[\w@+-][\w.@+-]*")


class KeepingError(LocalError):
    """A backup cannot be made or put back; one sentence that says what is wrong and what to do."""


class Part(Model):
    """One file in an archive."""

    name: str
    size: int
    sha256: str


class Manifest(Model):
    """What an archive says of itself: which kantoor made it, of which office, as it was at which moment."""

    format: int
    kantoor: str
    office: str
    moment: datetime
    parts: tuple[Part, ...]


def folders_of(settings: Settings) -> dict[str, Path]:
    """Return the folders that go into an archive, by their names there."""
    return {
        DOCUMENTS: settings.documents,
        KEYS: settings.keys,
        "certificates": certificate_folder(settings),
        "digipoort": simulator_folder(settings),
    }


def place_of(settings: Settings, name: str) -> Path:
    """Return where a part of an archive belongs. Raises KeepingError for a name that we never wrote."""
    if name == SERVER:
        return server_file(settings)
    if name == DATABASE:
        return Path(make_url(settings.database_url).database or "")
    if name in (SETTINGS, DUMP):
        return settings.home / name
    folder, _, inner = name.partition("/")
    if not _INNER.fullmatch(name) or folder not in folders_of(settings):
        raise KeepingError(f"the archive holds a part of an unknown name: {name[:60]}")
    return folders_of(settings)[folder] / inner


def list_files(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and those below it, in order; without what is being written."""
    for path, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(path) / name for name in sorted(names) if not name.startswith("."))
