"""Whether a home is where its office runs, or a copy of one that may still run elsewhere (R65).

While it runs `kantoor up` holds a lock in its home. Two files tell of copies. `kantoor up` writes one: which
home it is, by a random id, in which folder and on which machine; in a copy of the folder it is wrong.
`kantoor restore` leaves the other until the office has run there: what the first one said where the backup
was made. What goes on may lack what was done elsewhere also where it is known as no copy: moved, or put back
by hand.
"""

import fcntl
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..files import sync_folder, write_whole
from .database.errors import DatabaseError

NOT_YET_UP = "restored"
PLACE = "place"
LOCK = "up.lock"
LONGEST_START = timedelta(minutes=10)
_STARTED = "started"
"""What the lock says below the process that holds it, once all has started."""
IS_A_COPY = (
    "the office in {home} is a copy, put back from a backup or copied with its folder, and has not run here: "
    "stop the office that it is a copy of, for good, and run `kantoor up --here`; until then it can be read, "
    "and nothing can be done in it. A home that was moved to another machine goes on by the same command"
)

_AT_ONCE = timedelta(minutes=1)
"""Within so long after what it says was decided a file is there."""

_MACHINE = Path("/etc/machine-id")


class CopiedHomeError(DatabaseError):
    """Something was to be written in an office that is a copy and has not run in its home."""

    def __init__(self, home: Path) -> None:
        super().__init__(IS_A_COPY.format(home=home))


@dataclass(frozen=True)
class _Place:
    id: str
    home: str
    machine: str
    written: str = ""
    """When, in real time (ISO); empty in a file of a kantoor that did not write it."""


def mark_not_yet_up(home: Path, place: bytes = b"") -> None:
    """Note that what is in a home was put back and does not run there yet; `place` says where it ran."""
    write_whole(home / NOT_YET_UP, place)


def read_place(home: Path) -> bytes:
    """Return what a home says of where its office runs, for a copy of it; empty where nothing ran there."""
    return (home / PLACE).read_bytes() if _read_place(home / PLACE) else b""


def unmark_not_yet_up(home: Path) -> None:
    """Note that what is in a home was not put back after all."""
    (home / NOT_YET_UP).unlink(missing_ok=True)


def settle(home: Path, machine: str) -> None:
    """Note that the office of a home runs there, and nowhere else. Raises OSError.

    `machine` is what the setting calls this machine; empty where only its own id names it.
    """
    written = _read_place(home / PLACE)
    id = written.id if written else secrets.token_hex(16)
    here = _Place(id, str(home.resolve()), _name_machine(machine), datetime.now(UTC).isoformat())
    if written is None or replace(written, written="") != replace(here, written="") or is_put_back(home):
        write_whole(home / PLACE, json.dumps(asdict(here)).encode())
    unmark_not_yet_up(home)
    sync_folder(home)


def settle_elsewhere(home: Path) -> None:
    """Note that the office runs whose database and Temporal server are elsewhere: no home is a copy of it."""
    (home / PLACE).unlink(missing_ok=True)
    unmark_not_yet_up(home)
    sync_folder(home)


def is_not_yet_up(home: Path, machine: str) -> bool:
    """Say whether what is in a home was put back or copied there, and has not run there since.

    A copy is known by its original, which is still in the folder where it ran, or by another machine. What
    was renamed, moved, or put back where it was goes on.
    """
    if (home / NOT_YET_UP).exists():
        return True
    written = _read_place(home / PLACE)
    if written is None:  # nothing ever ran here, or under a kantoor that wrote no such file
        return (home / PLACE).exists()  # but what cannot be read is asked about
    here = _name_machine(machine)
    if written.machine and here and written.machine != here:
        return True
    return written.home != str(home.resolve()) and _is_still_there(Path(written.home), home, written.id)


def is_claimed(home: Path) -> bool:
    """Say whether a `kantoor up` runs for a home: it holds the lock, and the system lets go of it."""
    try:
        with (home / LOCK).open("r", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: others may look at once
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def note_started(home: Path) -> None:
    """Note that the `kantoor up` which holds a home has started all its programs."""
    with (home / LOCK).open("a", encoding="ascii") as file:
        file.write(f"\n{_STARTED}\n")


def find_starting(home: Path) -> datetime | None:
    """Return since when (UTC) a `kantoor up` is starting the programs of a home; None where none is.

    One that takes longer than any start does is not said to be starting: something is wrong with it.
    """
    if not is_claimed(home):
        return None
    try:
        said, stat = (home / LOCK).read_text(encoding="ascii"), (home / LOCK).stat()
    except OSError:  # it ended just now
        return None
    since = datetime.fromtimestamp(stat.st_mtime, UTC)
    late = datetime.now(UTC) - since > LONGEST_START
    return None if late or _STARTED in said.splitlines() else since


def find_original(home: Path) -> Path | None:
    """Return the home of the office that a home holds a copy of, where that is still on this machine."""
    for file in (home / NOT_YET_UP, home / PLACE):
        written = _read_place(file)
        if written and _is_still_there(Path(written.home), home, written.id):
            return Path(written.home)
    return None


def may_lack(home: Path, machine: str) -> bool:
    """Say whether the office may have done elsewhere what is not in this home.

    It is a copy then, is in another folder than where it ran, or was put back over what ran there.
    """
    written = _read_place(home / PLACE)
    moved = written is not None and written.home != str(home.resolve())
    return moved or is_put_back(home) or is_not_yet_up(home, machine)


def is_put_back(home: Path) -> bool:
    """Say whether a home's own file was put there again after it was written, as from a copy.

    No copy keeps the moment at which a file was last changed here; a program can set every other one.
    """
    written = _read_place(home / PLACE)
    try:
        changed = datetime.fromtimestamp((home / PLACE).stat().st_ctime, UTC)
        return written is not None and changed - datetime.fromisoformat(written.written) > _AT_ONCE
    except (OSError, ValueError, TypeError):
        return False


def refuse_in_copy(home: Path, machine: str) -> None:
    """Raise CopiedHomeError where what is in a home is a copy that has not run there."""
    if is_not_yet_up(home, machine):
        raise CopiedHomeError(home)


def _is_still_there(before: Path, home: Path, id: str) -> bool:
    """Say whether this office is still in the folder where it ran, and is not this one by another name."""
    there = _read_place(before / PLACE)
    try:
        return there is not None and there.id == id and not before.samefile(home)
    except OSError:
        return False


def _read_place(file: Path) -> _Place | None:
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
        found = _Place(**written)
    except (OSError, ValueError, TypeError):
        return None
    return found if all(isinstance(one, str) for one in asdict(found).values()) and found.id else None


def _name_machine(given: str) -> str:
    """Return what tells this machine from others, where it has a name; hashed, for it is not to be shown."""
    name = given
    if not name:
        try:
            name = _MACHINE.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""
    return hashlib.sha256(f"kantoor {name}".encode()).hexdigest()[:16] if name else ""
