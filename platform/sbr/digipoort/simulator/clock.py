"""The practice clock, read from a file: the simulator needs it for one thing, the earliest day of a return.

The file is JSON: `real_anchor` (ISO, UTC), `office_anchor` (ISO, no zone: office time), `seconds_per_day`
(real seconds that an office day takes) and `until` (ISO, no zone, or null: where office time stands still).
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime, ValidationError


class ClockError(Exception):
    """The clock's file is there but cannot be read."""


class PracticeClock(BaseModel):
    """The clock as it lies in the file."""

    model_config = ConfigDict(frozen=True)

    real_anchor: AwareDatetime
    office_anchor: NaiveDatetime
    seconds_per_day: float = Field(gt=0)
    until: NaiveDatetime | None = None

    def at(self, now: datetime) -> datetime:
        """Office time (no zone) at real time `now` (aware)."""
        passed = max(now - self.real_anchor, timedelta(0))
        office = self.office_anchor + passed * (timedelta(days=1).total_seconds() / self.seconds_per_day)
        return office if self.until is None else min(office, self.until)


def office_time(file: Path | None, now: datetime) -> datetime:
    """Office time (no zone, Europe/Amsterdam) at real time `now`; real time when there is no file.

    Raises ClockError.
    """
    try:
        text = None if file is None else file.read_bytes()
    except FileNotFoundError:
        text = None
    except OSError as error:
        raise ClockError(f"the practice clock cannot be read: {error.strerror}") from None
    if text is None:
        return now.astimezone(ZoneInfo("Europe/Amsterdam")).replace(tzinfo=None)
    try:
        return PracticeClock.model_validate_json(text).at(now.astimezone(UTC))
    except (ValidationError, OverflowError):
        raise ClockError("the practice clock's file is not a practice clock") from None
