"""Files that are their own user's alone: whole or not at all, and on disk when the call returns.

Folders get mode 0700 and files 0600 from the first byte on, whatever the umask. Every function
raises OSError.
"""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
PRIVATE_UMASK = 0o077
"""For programs of others, which give no rights of their own to what they write."""


def make_folder(folder: Path) -> None:
    """Make a folder with those above it that are missing; an existing one keeps its mode."""
    if folder.is_dir():
        return
    if not folder.parent.exists():
        make_folder(folder.parent)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_private(file: Path) -> None:
    """Make a file that is missing, empty; an existing one is not touched."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole or replace it: a reader sees the old content or the new, never a part."""
    beside = _write_beside(file, content)
    try:
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def replace_content(file: Path, content: bytes) -> None:
    """Replace the content of a file, whole or not at all; its mode and a link to it stay as they are.

    One that is missing is made with the mode that files of this user have.
    """
    target = file.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_read_umask()
    beside = _write_beside(target, content)
    try:
        beside.chmod(mode)
        beside.replace(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _read_umask() -> int:
    mask = os.umask(PRIVATE_UMASK)  # it can only be read by setting it
    os.umask(mask)
    return mask


def write_new(file: Path, content: bytes) -> None:
    """Write a file whole under a name that is free. Raises FileExistsError when it is not."""
    beside = _write_beside(file, content)
    try:
        os.link(beside, file)  # refuses an existing name, unlike a rename
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk: a file that was written and synced may else lose its name."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_beside(file: Path, content: bytes) -> Path:
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside
