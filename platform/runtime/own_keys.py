"""An office's own keys: the database remembers which they are, so that no others take their place."""

from sqlalchemy import Connection

from ..office.database import Database
from ..office.keys import key_used_last, knows_key, note_key
from ..settings import Settings
from .keys import DOCUMENTS, HISTORIES, KeyRing

PURPOSES = (HISTORIES, DOCUMENTS)


def own_keys(settings: Settings, database: Database) -> tuple[KeyRing, KeyRing]:
    """Return the keys of histories and of documents; make them on first use, and take a newer one into use.

    Refused, before anything is written, unless the key that the office used last is there: a newer key comes
    beside it, never in its place. Raises KeyFileError and DatabaseError.
    """
    with database.read() as connection:
        needed = {purpose: key_used_last(connection, purpose) for purpose in PURPOSES}
    used = any(needed.values())
    rings = {
        purpose: KeyRing.open(settings.keys, purpose, may_make=not used, needed=needed[purpose])
        for purpose in PURPOSES
    }
    _take_into_use(database, rings)
    return rings[HISTORIES], rings[DOCUMENTS]


def _take_into_use(database: Database, rings: dict[str, KeyRing]) -> None:
    with database.read() as connection:
        if all(knows_key(connection, purpose, ring.newest.id) for purpose, ring in rings.items()):
            return
    with database.write() as connection:
        for purpose, ring in rings.items():
            _check_again(connection, purpose, ring)
            note_key(connection, purpose, ring.newest.id)


def _check_again(connection: Connection, purpose: str, ring: KeyRing) -> None:
    """Refuse a key where another process took its own into use since we looked."""
    needed = key_used_last(connection, purpose)
    if needed is not None:
        ring.key(needed)
