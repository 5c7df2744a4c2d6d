"""The clock of this office: one row in its database, so that every process sees the same one (R56)."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from ..clock import Clock, WallClock
from .database.moments import once_a_moment
from .database.tables import clock

_CLOCK: TypeAdapter[Clock] = TypeAdapter(Clock)


def clock_of(connection: Connection) -> Clock:
    """Return the clock that every start carries; the zone's offsets go with a wall clock as data."""
    data = read_clock(connection)
    return _wall_clock(datetime.now(UTC).year) if data is None else _CLOCK.validate_python(data)


def office_now(connection: Connection) -> datetime:
    """Return office time now, naive."""
    return clock_of(connection).office_time(datetime.now(UTC))


@once_a_moment
def read_clock(connection: Connection) -> dict[str, Any] | None:
    """Return the clock as written (the JSON of a kantoor.clock model), or None for an ordinary office."""
    row = connection.execute(_JSON).first()
    return None if row is None else dict(row[0])


def write_clock(connection: Connection, data: dict[str, Any], office_time: datetime) -> None:
    """Replace the clock, with what it shows at this moment in office time."""
    connection.execute(clock.delete())
    connection.execute(clock.insert().values(id=1, json=data, office_time=office_time))


def last_office_time(connection: Connection) -> datetime | None:
    """Return the last office time that was written: where a practice clock goes on after a crash."""
    return connection.execute(select(clock.c.office_time)).scalar_one_or_none()


def note_office_time(connection: Connection, office_time: datetime) -> None:
    """Write down what the clock shows; never an earlier moment than the one recorded."""
    later = clock.c.office_time.is_(None) | (clock.c.office_time < office_time)
    connection.execute(clock.update().where(later).values(office_time=office_time))


_JSON = select(clock.c.json)
CLOCK_AS_WRITTEN = _JSON.scalar_subquery()
"""What `read_clock` returns, as a column of another question."""


@lru_cache(maxsize=2)
def _wall_clock(year: int) -> WallClock:
    return WallClock.around(datetime(year, 1, 1, tzinfo=UTC))
