"""Putting an office back from an archive (R65): everything is checked before anything is written."""

import hashlib
import os
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pydantic import ValidationError
from sqlalchemy.engine import make_url

from ...files import PRIVATE_FOLDER, make_folder, make_private, sync_folder, write_new
from ...office.database.engine import open_database
from ...office.database.migrate import is_made
from ...plan import Model
from ...settings import Settings, settings_file
from ..claims import is_claimed
from ..errors import MisuseError
from .backup import run_postgresql
from .parts import (
    DATABASE,
    DUMP,
    FORMAT,
    MANIFEST,
    SERVER,
    SETTINGS,
    KeepingError,
    Manifest,
    folders_of,
    place_of,
)

CHUNK = 1024 * 1024
MANIFEST_MOST = 512 * CHUNK


class Restored(Model):
    """An office that was put back: where, as of which moment, and what was there before.

    `kept_settings` says that the settings file in use stayed, and the archive's was not needed.
    """

    home: Path
    moment: datetime
    documents: int
    server: bool
    aside: tuple[Path, ...] = ()
    kept_settings: bool = False


def restore(file: Path, load: Callable[[], Settings], over: Path | None = None) -> Restored:
    """Put an office back into the home of the settings, which `load` reads, again once the file is there.

    A home that holds an office is refused unless `over` names it; what is there is then set aside, not
    deleted. Raises MisuseError, KeepingError, DatabaseError, SettingsError and OSError.
    """
    try:
        return _restore(file, load, over)
    except tarfile.TarError:
        text = f"{file} was cut off, or not made by kantoor backup: nothing was changed"
        raise KeepingError(text) from None


def _restore(file: Path, load: Callable[[], Settings], over: Path | None) -> Restored:
    manifest = _check(file)
    settings = load()
    if is_claimed(settings.home):
        raise MisuseError(f"kantoor up is running for {settings.home}: stop it first")
    given = settings_file()
    make_folder(settings.home)
    placed = given is None and _place_settings(file, manifest, settings.home)
    try:
        settings = load()
        targets = _find_targets(settings, manifest)
        there = [target for target in targets if _holds_something(target)]
        if there and (over is None or over.expanduser().absolute() != settings.home):
            raise MisuseError(
                f"{there[0]} exists: set KANTOOR_HOME to a new folder, or name this one with --over "
                f"{settings.home} to set aside what is there"
            )
        _refuse_filled(settings, manifest)
        with _unpack(file, manifest, settings) as unpacked:
            aside = _set_aside(there)
            try:
                _place(unpacked, settings, manifest)
            except BaseException:
                _bring_back(there, aside)
                raise
    except BaseException:
        if placed:
            (settings.home / SETTINGS).unlink(missing_ok=True)
        raise
    names = [part.name for part in manifest.parts]
    return Restored(
        home=settings.home,
        moment=manifest.moment,
        documents=sum(name.startswith("documents/") for name in names),
        server=SERVER in names,
        aside=aside,
        kept_settings=SETTINGS in names and not placed,
    )


def _check(file: Path) -> Manifest:
    """Read the whole archive once, and compare every part with the manifest. Raises KeepingError."""
    digests: dict[str, str] = {}
    manifest: Manifest | None = None
    for name, size, stream in _read_members(file):
        if name == MANIFEST and size <= MANIFEST_MOST:
            manifest = _read_manifest(stream.read())
        else:
            digests[name] = _digest_of(stream)
    if manifest is None or manifest.format != FORMAT:
        raise KeepingError(f"{file} is not a whole backup of this version of kantoor: nothing was changed")
    wanted = {part.name: part.sha256 for part in manifest.parts}
    wrong = sorted(name for name in wanted.keys() | digests.keys() if wanted.get(name) != digests.get(name))
    if wrong:
        raise KeepingError(f"{file} was damaged or changed ({wrong[0][:60]}): nothing was changed here")
    return manifest


def _read_members(file: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Yield name, size and content of every file in the archive. Raises TarError, as reading them does."""
    with tarfile.open(file, "r:") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if not member.isreg() or stream is None:
                raise tarfile.ReadError("a member that we never wrote")
            yield member.name, member.size, stream


def _read_manifest(content: bytes) -> Manifest | None:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        return None


def _digest_of(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _place_settings(file: Path, manifest: Manifest, home: Path) -> bool:
    """Put the archive's settings file into the home, since it says where the rest belongs."""
    if all(part.name != SETTINGS for part in manifest.parts):
        return False
    content = next(stream.read() for name, _, stream in _read_members(file) if name == SETTINGS)
    write_new(home / SETTINGS, content)
    return True


def _find_targets(settings: Settings, manifest: Manifest) -> list[Path]:
    """Return the files and folders that the archive fills."""
    names = {part.name for part in manifest.parts}
    for name in names:
        place_of(settings, name)
    files = [place_of(settings, name) for name in (SERVER, DATABASE) if name in names]
    besides = [path.with_name(path.name + end) for path in files for end in ("-wal", "-shm")]
    folders = folders_of(settings)
    used = {name.partition("/")[0] for name in names if "/" in name}
    return [*files, *besides, *(folders[name] for name in folders if name in used)]


def _holds_something(target: Path) -> bool:
    return any(target.iterdir()) if target.is_dir() else target.exists()


def _refuse_filled(settings: Settings, manifest: Manifest) -> None:
    """Refuse a database on a server that holds an office, and one of another kind than the archive's."""
    dumped = any(part.name == DUMP for part in manifest.parts)
    backend = make_url(settings.database_url).get_backend_name()
    if dumped != (backend == "postgresql"):
        kind = "PostgreSQL" if dumped else "SQLite"
        raise MisuseError(f"the archive holds a database of {kind}: set KANTOOR_DATABASE_URL to one of these")
    if not dumped:
        return
    if shutil.which("pg_restore") is None:
        raise KeepingError("pg_restore is not installed: install PostgreSQL's client programs")
    database = open_database(settings.database_url)
    try:
        if is_made(database):
            raise MisuseError("the database of KANTOOR_DATABASE_URL holds an office: name an empty one")
    finally:
        database.close()


@contextmanager
def _unpack(file: Path, manifest: Manifest, settings: Settings) -> Iterator[Path]:
    """Write every part into a folder of the home that is gone afterwards, and compare it once more."""
    folder = settings.home / f".restore-{secrets.token_hex(4)}"
    folder.mkdir(mode=PRIVATE_FOLDER)
    wanted = {part.name: part.sha256 for part in manifest.parts}
    try:
        for name, _, stream in _read_members(file):
            if name in wanted:
                _write(folder / name, stream, wanted[name])
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(target: Path, stream: IO[bytes], sha256: str) -> None:
    make_folder(target.parent)
    make_private(target)
    digest = hashlib.sha256()
    with target.open("wb") as written:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    if digest.hexdigest() != sha256:
        raise KeepingError("the archive changed while it was read: nothing was changed here")


def _set_aside(there: list[Path]) -> tuple[Path, ...]:
    moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    aside = []
    for target in there:
        kept = target.with_name(f"{target.name}.before-{moment}")
        target.rename(kept)
        aside.append(kept)
    return tuple(aside)


def _bring_back(there: list[Path], aside: tuple[Path, ...]) -> None:
    """Put back what was set aside, but where a part of the archive is by now."""
    for target, kept in zip(there, aside, strict=True):
        if not target.exists():
            kept.rename(target)


def _place(unpacked: Path, settings: Settings, manifest: Manifest) -> None:
    """Move the parts to where they belong; the database last, since with it there is an office."""
    for name, folder in folders_of(settings).items():
        if (unpacked / name).is_dir():
            make_folder(folder.parent)
            if folder.is_dir():
                folder.rmdir()
            shutil.move(unpacked / name, folder)
            sync_folder(folder.parent)
    for name in (SERVER, DATABASE):
        if (unpacked / name).exists():
            target = place_of(settings, name)
            make_folder(target.parent)
            shutil.move(unpacked / name, target)
            sync_folder(target.parent)
    if (unpacked / DUMP).exists():
        words = ("--no-owner", "--single-transaction", "--exit-on-error", str(unpacked / DUMP))
        run_postgresql(shutil.which("pg_restore") or "pg_restore", settings.database_url, words)
