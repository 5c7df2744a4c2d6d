"""By which keys the office encrypts, so that others in their place are noticed before anything is written."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from .tables import keys


def key_used_last(connection: Connection, purpose: str) -> str | None:
    """Return the id of the key that the office took into use last for a purpose; None before the first."""
    rows = select(keys.c.id).where(keys.c.purpose == purpose).order_by(keys.c.first_used_at.desc()).limit(1)
    return connection.execute(rows).scalar_one_or_none()


def knows_key(connection: Connection, purpose: str, key_id: str) -> bool:
    """Say whether the office has used a key for a purpose."""
    same = (keys.c.purpose == purpose, keys.c.id == key_id)
    return connection.execute(select(keys.c.id).where(*same)).first() is not None


def note_key(connection: Connection, purpose: str, key_id: str) -> None:
    """Write down that a key is used from now on; one that is known stays as it is."""
    if not knows_key(connection, purpose, key_id):
        row = {"purpose": purpose, "id": key_id, "first_used_at": datetime.now(UTC)}
        connection.execute(keys.insert().values(**row))
