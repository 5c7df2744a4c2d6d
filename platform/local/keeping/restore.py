"""Putting an office back from an archive (R65): everything is checked before anything is written."""

import hashlib
import os
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import IO

from pydantic import ValidationError
from sqlalchemy.engine import make_url

from ...files import PRIVATE_FOLDER, make_folder, make_private, sync_folder, write_new
from ...office.backed_up import note_backed_up
from ...office.database.engine import open_database, sqlite_url
from ...office.database.errors import DatabaseError
from ...office.database.migrate import check_schema, is_made, upgrade
from ...office.office_name import name_of_office
from ...office.own_home import NOT_YET_UP, mark_not_yet_up, unmark_not_yet_up
from ...office.restored import note_restored
from ...plan import Model
from ...settings import Settings, settings_file
from ..claims import claim, end_left_behind
from ..errors import AlreadyRunsError, MisuseError
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

    `office` is its own name, `instead_of` that of the office that was set aside, where it could be read.
    `kept_settings` says that the settings file in use stayed, and the archive's was not needed.
    """

    home: Path
    moment: datetime
    documents: int
    server: bool
    office: str
    instead_of: str | None = None
    aside: tuple[Path, ...] = ()
    kept_settings: bool = False


def restore(file: Path, load: Callable[[], Settings], over: Path | None = None) -> Restored:
    """Put an office back into the home of the settings, which `load` reads, again once the file is there.

    A home that holds an office is refused unless `over` names it; what is there is then set aside, not
    deleted. All or nothing: when a part cannot be put in its place, everything is put back as it was. Raises
    MisuseError, KeepingError, DatabaseError, SettingsError and OSError.
    """
    try:
        manifest, home = _check(file), load().home
        with claim(home):
            end_left_behind(home)  # programs of an `up` that was killed would go on with what is set aside
            return _restore(file, manifest, load, over)
    except AlreadyRunsError:
        raise MisuseError(f"kantoor up is running for {home}: stop it first") from None
    except tarfile.TarError:
        text = f"{file} was cut off, or not made by kantoor backup: nothing was changed"
        raise KeepingError(text) from None


def _restore(file: Path, manifest: Manifest, load: Callable[[], Settings], over: Path | None) -> Restored:
    home, given = load().home, settings_file()
    with ExitStack() as undo:
        placed = given is None and _place_settings(file, manifest, home)
        if placed:
            undo.callback((home / SETTINGS).unlink, missing_ok=True)
        settings = load()
        if settings.home != home:
            raise MisuseError(f"the archive's settings name another home: set KANTOOR_HOME to {home}")
        named = over is not None and over.expanduser().absolute() == home
        instead_of = _read_name(settings) if named else None
        there = _find_filled(settings, manifest)
        if there and not named:
            raise MisuseError(
                f"{there[0]} exists: set KANTOOR_HOME to a new folder, or name this one with --over "
                f"{home} to set aside what is there"
            )
        _refuse_filled(settings, manifest)
        with _unpack(file, manifest, settings) as unpacked:
            if (unpacked / DATABASE).exists():
                _note_moment(sqlite_url(unpacked / DATABASE), manifest)
            if (home / NOT_YET_UP).exists():
                undo.callback(mark_not_yet_up, home, (home / NOT_YET_UP).read_bytes())
            else:
                undo.callback(unmark_not_yet_up, home)
            mark_not_yet_up(home, manifest.place.encode())
            aside = _set_aside(there, undo)
            _place(unpacked, settings, manifest, undo)
        undo.pop_all()
    names = [part.name for part in manifest.parts]
    return Restored(
        home=home,
        moment=manifest.moment,
        documents=sum(name.startswith("documents/") for name in names),
        server=SERVER in names,
        office=manifest.office,
        instead_of=instead_of,
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


def _read_name(settings: Settings) -> str | None:
    """Return the own name of the office in the home; None where no database of this version tells it."""
    if make_url(settings.database_url).get_backend_name() != "sqlite":
        return None  # another one is never set aside
    database = open_database(settings.database_url)
    try:
        check_schema(database)
        with database.read() as connection:
            return name_of_office(connection)
    except DatabaseError:
        return None
    finally:
        database.close()


def _find_filled(settings: Settings, manifest: Manifest) -> list[Path]:
    """Return what is there of the files and folders that the archive fills.

    The state of a Temporal server is among them also where the archive has none: beside another database it
    would be another office's. Raises MisuseError for what is there outside the home, which is not ours to
    move.
    """
    names = {part.name for part in manifest.parts}
    for name in names:
        place_of(settings, name)
    files = [place_of(settings, name) for name in (SERVER, DATABASE) if name == SERVER or name in names]
    besides = [path.with_name(path.name + end) for path in files for end in ("-wal", "-shm")]
    folders = folders_of(settings)
    used = {name.partition("/")[0] for name in names if "/" in name}
    targets = [*files, *besides, *(folders[name] for name in folders if name in used)]
    there = [target for target in targets if _holds_something(target)]
    for target in there:
        if not Path(os.path.normpath(target)).is_relative_to(settings.home):
            setting = {settings.documents: "documents", settings.keys: "keys"}.get(target, "database_url")
            raise MisuseError(
                f"{target} exists, to which the setting {setting} points, outside {settings.home}: move it "
                f"away, or set KANTOOR_{setting.upper()}"
            )
    return there


def _holds_something(target: Path) -> bool:
    return any(target.iterdir()) if target.is_dir() else target.exists()


def _note_moment(url: str, manifest: Manifest) -> None:
    """Write into the database as of when it was put back: what was done since is asked for before it is done.

    One of an older version is brought up to date for it. Raises DatabaseError, also for one of a newer one.
    """
    database = open_database(url)
    try:
        upgrade(database)
        with database.write() as connection:
            note_restored(connection, manifest.moment)
            note_backed_up(connection, manifest.moment)
    finally:
        database.close()


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


def _set_aside(there: list[Path], undo: ExitStack) -> tuple[Path, ...]:
    end = _find_free_end(there)
    aside = []
    for target in there:
        kept = target.with_name(f"{target.name}{end}")
        target.rename(kept)
        undo.callback(kept.rename, target)
        aside.append(kept)
    return tuple(aside)


def _find_free_end(there: list[Path]) -> str:
    """Return what to put behind the names of what is set aside: the moment, counted on within one second."""
    moment = f".before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    ends = (moment if number == 1 else f"{moment}-{number}" for number in count(1))
    return next(e for e in ends if not any(t.with_name(f"{t.name}{e}").exists() for t in there))


def _place(unpacked: Path, settings: Settings, manifest: Manifest, undo: ExitStack) -> None:
    """Move the parts to where they belong; the database last, since with it there is an office."""
    for name, folder in folders_of(settings).items():
        if (unpacked / name).is_dir():
            if not folder.is_dir():
                make_folder(folder)
                undo.callback(folder.rmdir)
            for one in sorted((unpacked / name).iterdir()):
                _move(one, folder / one.name, undo)
            sync_folder(folder)
    for name in (SERVER, DATABASE):
        if (unpacked / name).exists():
            target = place_of(settings, name)
            make_folder(target.parent)
            _move(unpacked / name, target, undo)
            sync_folder(target.parent)
    if (unpacked / DUMP).exists():
        words = ("--no-owner", "--single-transaction", "--exit-on-error", str(unpacked / DUMP))
        run_postgresql(shutil.which("pg_restore") or "pg_restore", settings.database_url, words)
        try:
            _note_moment(settings.database_url, manifest)
        except DatabaseError as error:
            raise KeepingError(
                f"the database was filled, so empty it before you try again: {error}"
            ) from None


def _move(source: Path, target: Path, undo: ExitStack) -> None:
    """Move to where nothing is, possibly to another disk; a half copy is undone too."""
    undo.callback(_remove, target)
    shutil.move(source, target)


def _remove(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
