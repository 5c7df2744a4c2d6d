"""The clock of this office, from its database: the wall's, or a practice clock (R56)."""

from datetime import UTC, datetime
from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import Connection

from ..clock import Clock, WallClock
from ..office.clocks import read_clock

_CLOCK: TypeAdapter[Clock] = TypeAdapter(Clock)


def clock_of(connection: Connection) -> Clock:
    """Return the clock that every start carries; the zone's offsets go with a wall clock as data."""
    data = read_clock(connection)
    return _wall_clock(datetime.now(UTC).year) if data is None else _CLOCK.validate_python(data)


def office_now(connection: Connection) -> datetime:
    """Return office time now, naive."""
    return clock_of(connection).office_time(datetime.now(UTC))


@lru_cache(maxsize=2)
def _wall_clock(year: int) -> WallClock:
    return WallClock.around(datetime(year, 1, 1, tzinfo=UTC))
