"""Whether a home is where its office runs, or a copy of one that may still run elsewhere (R65).

Two files tell it. `kantoor restore` leaves one until the office has run there. `kantoor up` writes the other:
it says which file it is itself, so that in a folder that was copied it says what it is not.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from ..files import make_private, sync_folder

NOT_YET_UP = "restored"
PLACE = "place"

_MACHINE = Path("/etc/machine-id")


def mark_not_yet_up(home: Path) -> None:
    """Note that what is in a home was put back and does not run there yet."""
    make_private(home / NOT_YET_UP)


def unmark_not_yet_up(home: Path) -> None:
    """Note that what is in a home was not put back after all."""
    (home / NOT_YET_UP).unlink(missing_ok=True)


def settle(home: Path) -> None:
    """Note that the office of a home runs there, and nowhere else. Raises OSError."""
    beside = home / f".{PLACE}.new"
    beside.unlink(missing_ok=True)
    make_private(beside)
    beside.write_text(json.dumps(_describe(beside, home)), encoding="utf-8")
    beside.replace(home / PLACE)  # which keeps the file's number
    unmark_not_yet_up(home)
    sync_folder(home)


def is_not_yet_up(home: Path) -> bool:
    """Say whether what is in a home was put back or copied there, and has not run there since.

    A folder that was renamed is the same one, unless the same file is still where it was, as in a snapshot.
    """
    if (home / NOT_YET_UP).exists():
        return True
    place = home / PLACE
    try:
        written = json.loads(place.read_text(encoding="utf-8"))
        here = _describe(place, home)
    except FileNotFoundError:
        return False  # nothing ever ran here, or under a kantoor that wrote no such file
    except ValueError:
        return True
    if not isinstance(written, dict) or any(written.get(key) != here[key] for key in ("file", "machine")):
        return True
    return _is_still_there(Path(str(written.get("home"))), home, here["file"])


def _is_still_there(before: Path, home: Path, number: int) -> bool:
    """Say whether this office is in the folder too where it was before."""
    try:
        return (before / PLACE).stat().st_ino == number and not before.samefile(home)
    except OSError:
        return False


def _describe(place: Path, home: Path) -> dict[str, Any]:
    return {"file": place.stat().st_ino, "machine": _name_machine(), "home": str(home.resolve())}


def _name_machine() -> str:
    """Return what tells this machine from others, where it has a name; hashed, for it is not to be shown."""
    try:
        name = _MACHINE.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return hashlib.sha256(f"kantoor {name}".encode()).hexdigest()[:16] if name else ""
