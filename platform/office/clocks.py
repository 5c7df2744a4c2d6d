"""The office's clock as data: one row, so that every process and every start sees the same one (R56)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from .tables import clock


def read_clock(connection: Connection) -> dict[str, Any] | None:
    """Return the clock as written (the JSON of a kantoor.clock model), or None for an ordinary office."""
    row = connection.execute(select(clock.c.json)).first()
    return None if row is None else dict(row[0])


def write_clock(connection: Connection, data: dict[str, Any], office_time: datetime) -> None:
    """Replace the clock, with what it shows at this moment in office time."""
    connection.execute(clock.delete())
    connection.execute(clock.insert().values(id=1, json=data, office_time=office_time))


def last_office_time(connection: Connection) -> datetime | None:
    """Return the last office time that was written: where a practice clock goes on after a crash."""
    return connection.execute(select(clock.c.office_time)).scalar_one_or_none()


def note_office_time(connection: Connection, office_time: datetime) -> None:
    """Write down what the clock shows; never an earlier moment than the one that stands there."""
    later = clock.c.office_time.is_(None) | (clock.c.office_time < office_time)
    connection.execute(clock.update().where(later).values(office_time=office_time))
