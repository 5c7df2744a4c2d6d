"""Periods as they are written and as they are said."""

import pytest

from kantoor.period import Period, PeriodError


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-01", "januari 2026"),
        ("2026-Q1", "het eerste kwartaal van 2026"),
        ("2026-Q4", "het vierde kwartaal van 2026"),
        ("2026", "2026"),
    ],
)
def test_a_period_is_said_as_it_stands_in_a_dutch_sentence(written: str, words: str) -> None:
    assert Period.parse(written).words == words


@pytest.mark.parametrize("written", ["2026-01", "2026-Q3", "2026"])
def test_the_code_of_a_period_is_read_back_as_that_period(written: str) -> None:
    period = Period.parse(written)
    assert period.code == written
    assert Period.parse(period.next().code) == period.next()


@pytest.mark.parametrize("written", ["", "2026-13", "2026-Q5", "2026-1", "jan", "2026-01-01"])
def test_what_is_no_period_is_refused_with_how_one_is_written(written: str) -> None:
    with pytest.raises(PeriodError, match="write 2026-01, 2026-Q1 or 2026"):
        Period.parse(written)
