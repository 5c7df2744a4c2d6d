"""Writing an office into one archive while it runs (R65).

The order is what makes it one point. The office database first: what happens after it, Temporal's file has,
and a filing's own history tells the database what it lacks. Documents after both: they are named by their
content and only ever added, so whatever a row or a step names is there. Keys last: one that was used for
anything before them is there too.
"""

import errno
import hashlib
import io
import os
import secrets
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from sqlalchemy.engine import make_url

from ...equipment import open_own_database
from ...files import PRIVATE_FILE, PRIVATE_FOLDER, make_private, sync_folder
from ...office.backed_up import note_backed_up
from ...office.database.engine import open_database
from ...office.database.migrate import check_schema
from ...office.office_name import name_of_office
from ...office.own_home import read_place
from ...plan import Model
from ...settings import Settings, settings_file
from ..errors import MisuseError
from ..programs import runs_server, server_file
from .parts import (
    DATABASE,
    DUMP,
    FORMAT,
    MANIFEST,
    SERVER,
    SETTINGS,
    KeepingError,
    Manifest,
    Part,
    folders_of,
    list_files,
    place_of,
)

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
"""What a file system says that has one name for each file, such as exFAT or a share of Windows."""


class BackedUp(Model):
    """An archive that was written: where, as of which moment, of how many documents.

    `server` says whether the state of the Temporal server is in it.
    """

    file: Path
    moment: datetime
    documents: int
    size: int
    server: bool


Copied = Callable[[int, int], None]
"""Takes how many files were copied, and of how many."""


def _tell_nobody(done: int, total: int) -> None:
    pass


def back_up(settings: Settings, target: Path, tell: Copied = _tell_nobody) -> BackedUp:
    """Write the office into a new archive: `target`, or a file of its own name in that folder.

    What ends in .tar is the archive; a folder is made where it is missing. Whole or not at all.
    Raises KeepingError, MisuseError where the file exists, DatabaseError and OSError.
    """
    name = _read_name(settings)
    moment = datetime.now(UTC)
    if target.suffix != ".tar" and not target.exists():
        _make_private_folder(target)
    file = target / f"kantoor-{name[:8]}-{moment:%Y%m%dT%H%M%SZ}.tar" if target.is_dir() else target
    if file.exists():
        raise MisuseError(f"{file} exists: name another file, or a folder")
    beside = file.parent / f".{file.name}.{secrets.token_hex(4)}"
    _make_private_folder(beside)
    try:
        parts = _write_archive(settings, beside, name, moment, tell)
        try:
            _give_name(beside / "archive", file)
        except FileExistsError:
            raise MisuseError(f"{file} exists: name another file, or a folder") from None
        sync_folder(file.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _note_made(settings, moment)
    names = [part.name for part in parts]
    return BackedUp(
        file=file,
        moment=moment,
        documents=sum(name.startswith("documents/") for name in names),
        size=file.stat().st_size,
        server=SERVER in names,
    )


def _note_made(settings: Settings, moment: datetime) -> None:
    """Write down when the office was last backed up, once the archive is whole."""
    database = open_database(settings.database_url)
    try:
        with database.write() as connection:
            note_backed_up(connection, moment)
    finally:
        database.close()


def _make_private_folder(folder: Path) -> None:
    """Make a folder that is its owner's alone. Raises MisuseError where it has no place."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER)
    except (FileNotFoundError, NotADirectoryError):
        raise MisuseError(
            f"the folder {folder.parent} does not exist: make it, or name another place"
        ) from None
    except OSError as error:
        raise MisuseError(f"nothing can be written in the folder {folder.parent}: {error.strerror}") from None


def _give_name(written: Path, file: Path) -> None:
    """Give what was written its name, unless something has it. Raises FileExistsError."""
    try:
        os.link(written, file)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
        written.replace(file)


def _read_name(settings: Settings) -> str:
    database = open_own_database(settings)
    try:
        check_schema(database)
        with database.read() as connection:
            return name_of_office(connection)
    finally:
        database.close()


def _write_archive(settings: Settings, beside: Path, name: str, moment: datetime, tell: Copied) -> list[Part]:
    make_private(beside / "archive")
    with (beside / "archive").open("wb") as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            tell(0, 1)
            parts = [_add(archive, *_copy_database(settings, beside))]
            if runs_server(settings) and server_file(settings).exists():
                parts.append(_add(archive, SERVER, _copy_sqlite(server_file(settings), beside / SERVER)))
            for folder, path in folders_of(settings).items():
                files = [*list_files(path)]
                for number, file in enumerate(files):
                    tell(number, len(files))
                    inner = f"{folder}/{file.relative_to(path).as_posix()}"
                    place_of(settings, inner)  # what could not be put back is not written
                    parts.append(_add(archive, inner, file))
            given = settings_file()
            if given is not None:
                parts.append(_add(archive, SETTINGS, given))
            manifest = Manifest(
                format=FORMAT,
                kantoor=version("kantoor"),
                office=name,
                moment=moment,
                parts=tuple(parts),
                place=read_place(settings.home).decode(),
            )
            content = manifest.model_dump_json(indent=1).encode()
            archive.addfile(_describe(MANIFEST, len(content)), io.BytesIO(content))
        stream.flush()
        os.fsync(stream.fileno())
    return parts


def _copy_database(settings: Settings, beside: Path) -> tuple[str, Path]:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return DATABASE, _copy_sqlite(Path(url.database or ""), beside / DATABASE)
    return DUMP, _dump_postgresql(settings.database_url, beside / DUMP)


def _copy_sqlite(source: Path, target: Path) -> Path:
    """Copy a SQLite file as it is at one moment, while others write it."""
    make_private(target)
    try:
        with closing(sqlite3.connect(source, timeout=30)) as taken, closing(sqlite3.connect(target)) as copy:
            taken.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise KeepingError(f"{source} cannot be copied: {error}") from error
    return target


def _dump_postgresql(url: str, target: Path) -> Path:
    """Have pg_dump write the database as it is at one moment; the password is not in its words."""
    program = shutil.which("pg_dump")
    if program is None:
        raise KeepingError(
            "pg_dump is not installed, and the office database is on PostgreSQL: install its client "
            "programs, or have the server's own backup keep the database and copy the folders after it"
        )
    make_private(target)
    words = ("--format", "custom", "--no-owner", "--file", str(target))
    run_postgresql(program, url, words)
    return target


def run_postgresql(program: str, url: str, words: tuple[str, ...]) -> None:
    """Run a program of PostgreSQL on a database. Raises KeepingError."""
    parsed = make_url(url)
    environment = {**os.environ} | ({"PGPASSWORD": str(parsed.password)} if parsed.password else {})
    address = parsed.set(drivername="postgresql", password=None).render_as_string()
    asked = [program, *words, "--dbname", address]
    done = subprocess.run(asked, env=environment, capture_output=True, check=False, text=True)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no word of why"])[-1]
        raise KeepingError(f"{Path(program).name} failed: {said}")


class _Hashing:
    """Reads a file for the archive and keeps the digest of what was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self.digest.update(content)
        return content


def _add(archive: tarfile.TarFile, name: str, file: Path) -> Part:
    with file.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        reading = _Hashing(stream)
        archive.addfile(_describe(name, size), reading)
    return Part(name=name, size=size, sha256=reading.digest.hexdigest())


def _describe(name: str, size: int) -> tarfile.TarInfo:
    described = tarfile.TarInfo(name)
    described.size, described.mode = size, PRIVATE_FILE
    described.mtime = int(datetime.now(UTC).timestamp())
    return described
