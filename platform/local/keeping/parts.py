"""What an office consists of on disk, and under which names it lies in an archive."""

import os
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


class KeepingError(LocalError):
    """A backup cannot be made or put back; one sentence that says what is wrong and what to do."""


class Part(Model):
    """One file in an archive."""

    name: str
    size: int
    sha256: str


class Manifest(Model):
    """What an archive says of itself: which kantoor made it, of which office, as it was at which moment.

    `place` is what its home said of where it ran.
    """

    format: int
    kantoor: str
    office: str
    moment: datetime
    parts: tuple[Part, ...]
    place: str = ""


def folders_of(settings: Settings) -> dict[str, Path]:
    """Return the folders that go into an archive, by their names there."""
    return {
        DOCUMENTS: settings.documents,
        KEYS: settings.keys,
        "certificates": certificate_folder(settings),
        "digipoort": simulator_folder(settings),
    }


def place_of(settings: Settings, name: str) -> Path:
    """Return where a part of an archive belongs. Raises KeepingError for a name that leads elsewhere."""
    if name == SERVER:
        return server_file(settings)
    if name == DATABASE:
        return Path(make_url(settings.database_url).database or "")
    if name in (SETTINGS, DUMP):
        return settings.home / name
    folder, *inner = name.split("/")
    leads_out = any(part in ("", ".", "..") or "\0" in part for part in inner)
    if not inner or leads_out or not _is_text(name) or folder not in folders_of(settings):
        shown = name[:60].encode(errors="backslashreplace").decode()
        raise KeepingError(f"an archive cannot hold a file of this name: {shown}")
    return folders_of(settings)[folder].joinpath(*inner)


def _is_text(name: str) -> bool:
    """Say whether a name can be written as UTF-8: a file system may have others."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def list_files(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and those below it, in order; without what is being written.

    Raises KeepingError for a link to a folder, which an archive would lack.
    """
    for path, folders, names in os.walk(folder):
        folders.sort()
        for name in folders:
            if (Path(path) / name).is_symlink():
                raise KeepingError(f"{Path(path) / name} is a link to a folder: put the folder itself there")
        yield from (Path(path) / name for name in sorted(names) if not name.startswith("."))
