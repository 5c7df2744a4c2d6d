"""One `kantoor up` per home, and the programs that a killed one left behind."""

import fcntl
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

from ..files import make_folder, make_private
from ..office.own_home import LOCK, find_original, is_claimed
from .environment import MARK
from .errors import AlreadyRunsError

LOOKED_AT_SECONDS = 0.3
"""Who only looks whether a home is claimed (`is_claimed`) holds its lock for a moment: claim tries longer."""


@contextmanager
def claim(home: Path) -> Iterator[None]:
    """Hold a home for one `kantoor up`; the system lets go of it when the process ends, however that is.

    The file that is held is gone when this ends: one that is left tells of an `up` that was killed. Raises
    AlreadyRunsError.
    """
    make_folder(home)
    with _open_lock(home):
        try:
            yield
        finally:
            (home / LOCK).unlink(missing_ok=True)


@contextmanager
def _open_lock(home: Path) -> Iterator[None]:
    """Hold the lock file of a home, with our process id in it. Raises AlreadyRunsError."""
    with ExitStack() as held:
        while True:
            make_private(home / LOCK)
            file = held.enter_context((home / LOCK).open("a+", encoding="ascii"))
            _lock(home, file)
            if _is_still(home / LOCK, file):
                break
            held.close()  # whoever held it has ended meanwhile, and took it away
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _lock(home: Path, file: IO[str]) -> None:
    end = time.monotonic() + LOOKED_AT_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                break
            time.sleep(0.01)
        else:
            return
    file.seek(0)
    raise AlreadyRunsError(
        f"kantoor up is already running for {home} (process {file.readline().strip() or 'unknown'}): "
        "type the other commands in this terminal, such as kantoor planner or kantoor doctor; "
        "Ctrl-C stops it in its own"
    )


def _is_still(path: Path, file: IO[str]) -> bool:
    """Say whether an open file is the one of that name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def was_claimed(home: Path) -> bool:
    """Say whether a `kantoor up` runs for a home, or did not end by itself."""
    return (home / LOCK).exists()


def find_running_original(home: Path) -> Path | None:
    """Return the home of the office that a copy was made of, where it, or a program of it, runs here now."""
    original = find_original(home)
    return original if original and (is_claimed(original) or left_behind(original)) else None


def left_behind(home: Path) -> tuple[int, ...]:
    """Return the process ids of programs of a home whose `up` was killed; none while one runs."""
    return () if is_claimed(home) else tuple(process.pid for process in _find_marked(home))


def end_left_behind(home: Path, seconds: float = 5) -> tuple[int, ...]:
    """End the programs that an `up` which was killed left running; return their process ids.

    They are known by a variable in their environment that names the home: a number in a file could be
    another process's by now. Call it only while holding the claim.
    """
    orphans = list(_find_marked(home))
    for process in orphans:
        with suppress(psutil.Error):
            process.send_signal(signal.SIGTERM)
    for process in psutil.wait_procs(orphans, timeout=seconds)[1]:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(orphans, timeout=seconds)
    return tuple(process.pid for process in orphans)


def _find_marked(home: Path) -> Iterable[psutil.Process]:
    own = os.getpid()
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != own and process.environ().get(MARK) == str(home):
                yield process
