"""The practice clock, read from a file: the simulator needs it for one thing, the earliest day of a return.

The file is the JSON of `kantoor.clock.PracticeClock`; `kantoor up` writes it.
"""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from ....clock import ZONE, PracticeClock


class ClockError(Exception):
    """The clock's file is there but cannot be read."""


def office_time(file: Path | None, now: datetime) -> datetime:
    """Return office time at real time `now` (aware); without a file it is the time in the Netherlands.

    Raises ClockError.
    """
    try:
        text = None if file is None else file.read_bytes()
    except FileNotFoundError:
        text = None
    except OSError as error:
        raise ClockError(f"the practice clock cannot be read: {error.strerror}") from None
    if text is None:
        return now.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    try:
        return PracticeClock.model_validate_json(text).office_time(now.astimezone(UTC))
    except (ValidationError, OverflowError):
        raise ClockError("the practice clock's file is not a practice clock") from None
