"""The clocks as pure functions: the hour that spring skips, the one that autumn repeats, standing still."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import ValidationError

from kantoor.clock import PracticeClock, WallClock

SECOND = timedelta(seconds=1)
WALL = WallClock.around(datetime(2026, 1, 1, tzinfo=UTC))
PRACTICE = {
    "real_anchor": "2026-01-05T08:00:00Z",
    "office_anchor": "2026-01-05T09:00:00",
    "seconds_per_day": 2,
    "until": "2026-01-06T09:00:00",
}


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("office", "real"),
    [
        (datetime(2026, 3, 29, 1, 59), utc(2026, 3, 29, 0, 59)),
        (datetime(2026, 3, 29, 2, 0), utc(2026, 3, 29, 1, 0)),
        (datetime(2026, 3, 29, 2, 30), utc(2026, 3, 29, 1, 0)),  # skipped: never shown
        (datetime(2026, 3, 29, 3, 0), utc(2026, 3, 29, 1, 0)),
        (datetime(2026, 10, 25, 2, 30), utc(2026, 10, 25, 0, 30)),  # shown twice
        (datetime(2026, 10, 25, 3, 0), utc(2026, 10, 25, 2, 0)),
        (datetime(2020, 1, 1, 9, 0), utc(2020, 1, 1, 8, 0)),  # before what the clock knows
    ],
)
def test_a_moment_of_the_wall_is_the_first_instant_that_shows_it(office: datetime, real: datetime) -> None:
    assert WALL.real_time(office) == real


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)))
def test_no_earlier_instant_shows_as_much(office: datetime) -> None:
    real = WALL.real_time(office)
    assert WALL.office_time(real) >= office
    assert WALL.office_time(real - SECOND) < office


def test_a_practice_clock_stands_still_however_long_ago_it_stopped() -> None:
    clock = msgspec.convert(PRACTICE, PracticeClock)
    assert clock.office_time(utc(2026, 1, 5, 8, 0, 1)) == datetime(2026, 1, 5, 21)
    assert clock.office_time(utc(9999, 12, 31)) == datetime(2026, 1, 6, 9)


@pytest.mark.parametrize(
    "wrong",
    [{"seconds_per_day": 0}, {"real_anchor": "2026-01-05T08:00:00"}, {"until": "2026-01-06T09:00:00Z"}],
)
def test_a_practice_clock_that_could_not_run_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        msgspec.convert(PRACTICE | wrong, PracticeClock)
