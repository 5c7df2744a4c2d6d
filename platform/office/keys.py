"""By which keys the office encrypts, so that others in their place are noticed before anything is written."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from .tables import keys


def keys_used(connection: Connection, purpose: str) -> tuple[str, ...]:
    """Return the ids of the keys that the office took into use for a purpose, the latest at the end."""
    rows = select(keys.c.id).where(keys.c.purpose == purpose).order_by(keys.c.first_used_at)
    return tuple(connection.execute(rows).scalars())


def note_key(connection: Connection, purpose: str, key_id: str) -> None:
    """Write down that a key is used from now on; one that is known stays as it is."""
    if key_id not in keys_used(connection, purpose):
        row = {"purpose": purpose, "id": key_id, "first_used_at": datetime.now(UTC)}
        connection.execute(keys.insert().values(**row))
