"""An office's own keys: the database remembers which they are, so that no others take their place."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from ..keys.ring import DOCUMENTS, HISTORIES, KeyRing
from .database.engine import Database
from .database.tables import keys

PURPOSES = (HISTORIES, DOCUMENTS)


def own_keys(folder: Path, database: Database) -> tuple[KeyRing, KeyRing]:
    """Return the keys of histories and of documents; make them on first use, and take a newer one into use.

    Refused, before anything is written, unless the key that the office used last is there: a newer key comes
    beside it, never in its place. Raises KeyFileError and DatabaseError.
    """
    with database.read() as connection:
        known = {purpose: keys_used(connection, purpose) for purpose in PURPOSES}
    first_use = not any(known.values())
    rings = {
        purpose: KeyRing.open(folder, purpose, may_make=first_use, needed=needed_of(known[purpose]))
        for purpose in PURPOSES
    }
    _take_into_use(database, rings)
    return rings[HISTORIES], rings[DOCUMENTS]


def needed_of(used: Sequence[str]) -> str | None:
    """Return the id of the key without which an office is not opened: of those it used, the last."""
    return used[-1] if used else None


def keys_used(connection: Connection, purpose: str) -> tuple[str, ...]:
    """Return the ids of the keys that the office took into use for a purpose, the latest at the end."""
    rows = select(keys.c.id).where(keys.c.purpose == purpose).order_by(keys.c.first_used_at)
    return tuple(connection.execute(rows).scalars())


def note_key(connection: Connection, purpose: str, key_id: str) -> None:
    """Write down that a key is used from now on; one that is known stays as it is."""
    if key_id not in keys_used(connection, purpose):
        row = {"purpose": purpose, "id": key_id, "first_used_at": datetime.now(UTC)}
        connection.execute(keys.insert().values(**row))


def _take_into_use(database: Database, rings: dict[str, KeyRing]) -> None:
    with database.read() as connection:
        if all(ring.newest.id in keys_used(connection, purpose) for purpose, ring in rings.items()):
            return
    with database.write() as connection:
        for purpose, ring in rings.items():
            needed = needed_of(keys_used(connection, purpose))
            if needed is not None:
                ring.key(needed)  # another process may have taken its own into use since we looked
            note_key(connection, purpose, ring.newest.id)
