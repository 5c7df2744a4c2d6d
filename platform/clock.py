"""Office time: what the clock on the office's wall says, as a pure function of real time.

Two times, never mixed. Real time is UTC and belongs to transport, certificates and polling. Office time is
naive local time (Europe/Amsterdam) and belongs to dates, the timeline and texts. They differ by more than the
zone's offset only in a practice office (R56), whose clock is data.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import msgspec

from .data import Struct, Tagged, replace

ZONE = "Europe/Amsterdam"
DAY = timedelta(days=1)


class Offset(Struct):
    """From `since` (UTC) on, local time is `seconds` ahead of UTC."""

    since: datetime
    seconds: int


class WallClock(Tagged, tag="wall"):
    """The clock of an ordinary office; the zone's offsets travel as data, since zone tables change."""

    offsets: tuple[Offset, ...]

    @classmethod
    def around(cls, real: datetime, years: int = 12) -> Self:
        """Read the zone's offsets from a year before `real` on. Does I/O: never call it in a workflow."""
        zone = ZoneInfo(ZONE)
        first = datetime(real.year - 1, 1, 1, tzinfo=UTC)
        found: list[Offset] = []
        for hour in range(years * 366 * 24):
            moment = first + timedelta(hours=hour)
            if moment.hour != 1 and found:  # EU clocks change at 01:00 UTC
                continue
            offset = moment.astimezone(zone).utcoffset() or timedelta(0)
            seconds = int(offset.total_seconds())
            if not found or found[-1].seconds != seconds:
                found.append(Offset(since=moment, seconds=seconds))
        return cls(offsets=tuple(found))

    def office_time(self, real: datetime) -> datetime:
        """Return local time, naive, for an aware UTC instant."""
        seconds = next(
            (o.seconds for o in reversed(self.offsets) if o.since <= real), self.offsets[0].seconds
        )
        return (real + timedelta(seconds=seconds)).replace(tzinfo=None)

    def real_time(self, office: datetime) -> datetime:
        """Return the first UTC instant at which the office's clock shows at least `office`.

        In the hour that spring skips, which the clock never shows, that is the instant at which it skips.
        """
        as_utc = office.replace(tzinfo=UTC)
        first = as_utc - timedelta(seconds=self.offsets[0].seconds)
        for following in self.offsets[1:]:
            if first < following.since:
                return first
            first = max(as_utc - timedelta(seconds=following.seconds), following.since)
        return first


class PracticeClock(Tagged, tag="practice"):
    """A practice office's clock: a day lasts `seconds_per_day` real seconds; the clock stops at `until`."""

    real_anchor: Annotated[datetime, msgspec.Meta(tz=True)]
    office_anchor: Annotated[datetime, msgspec.Meta(tz=False)]
    seconds_per_day: Annotated[float, msgspec.Meta(gt=0)]
    until: Annotated[datetime, msgspec.Meta(tz=False)]

    def office_time(self, real: datetime) -> datetime:
        """Return what the office's clock shows at an aware UTC instant; never before its anchor."""
        passed = max((real - self.real_anchor).total_seconds(), 0.0) / self.seconds_per_day
        end = max(self.until, self.office_anchor)
        # Compared as numbers: after weeks of standing still the sum could be too late for a datetime.
        if passed >= (end - self.office_anchor) / DAY:
            return end
        return min(self.office_anchor + DAY * passed, end)

    def real_time(self, office: datetime) -> datetime | None:
        """Return the UTC instant at which the clock shows `office`, or None when it stops before that."""
        if office > max(self.until, self.office_anchor):
            return None
        return self.real_anchor + timedelta(
            seconds=(office - self.office_anchor) / DAY * self.seconds_per_day
        )

    def set_until(self, real: datetime, until: datetime) -> Self:
        """Return the clock anchored at now, with another `until`; a moment that has passed stops it now."""
        now = self.office_time(real)
        return replace(self, real_anchor=real, office_anchor=now, until=max(until, now))

    def resume_at(self, real: datetime, office: datetime) -> Self:
        """Return the clock after a crash: it continues from `office`, the last office time written."""
        return replace(self, real_anchor=real, office_anchor=office)


Clock = WallClock | PracticeClock
