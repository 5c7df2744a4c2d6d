"""Non-working days of office, law and bank, as DOMAIN 2 has them."""

from datetime import date

import holidays
import pytest

from kantoor.office.calendars import FIRST_YEAR, calendars
from kantoor.plan import ClosingDays


def days(year: int, closing: ClosingDays | None = None) -> dict[str, set[str]]:
    found = calendars(closing or ClosingDays(), date(year, 1, 1), date(year, 12, 31))
    return {name: {f"{day:%m-%d}" for day in value} for name, value in found}


def test_legal_terms_move_over_good_friday_and_over_liberation_day_every_year() -> None:
    assert days(2026)["law"] == {
        *("01-01", "04-03", "04-06", "04-27", "05-05", "05-14", "05-25", "12-25"),
    }


def test_the_office_is_closed_as_it_chose() -> None:
    plain = {"01-01", "04-06", "04-27", "05-14", "05-25", "12-25"}
    assert days(2026)["office"] == plain
    assert days(2025)["office"] == {"01-01", "04-21", "05-05", "05-29", "06-09", "12-25", "12-26"}
    assert days(2026, ClosingDays(good_friday=True))["office"] == plain | {"04-03"}
    assert days(2026, ClosingDays(liberation_day="every_year"))["office"] == plain | {"05-05"}
    assert "05-05" not in days(2025, ClosingDays(liberation_day="never"))["office"]
    extra = ClosingDays(extra=(date(2026, 5, 15), date(2026, 12, 24)))
    assert days(2026, extra)["office"] == plain | {"05-15", "12-24"}


def test_the_bank_works_on_kings_day_and_not_on_the_first_of_may() -> None:
    assert days(2026)["bank"] == {"01-01", "04-03", "04-06", "05-01", "12-25"}


def test_kings_day_is_a_day_earlier_when_it_would_be_a_sunday() -> None:
    assert "04-26" not in days(2025)["law"]  # a Saturday
    assert not {"04-26", "04-27"} & days(2031)["law"]  # again a Saturday


def test_ascension_on_liberation_day_closes_an_office_that_never_keeps_the_latter() -> None:
    assert "05-05" in days(2016, ClosingDays(liberation_day="never"))["office"]


@pytest.mark.parametrize("locale", ["en_US", "nl", "th", ""])
def test_the_language_of_the_process_does_not_matter(monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    monkeypatch.setenv("LANGUAGE", locale)
    monkeypatch.setenv("LANG", locale)
    assert "04-03" not in days(2026)["office"]


@pytest.mark.parametrize("year", range(FIRST_YEAR - 4, 2100))
def test_the_days_are_those_of_the_library_of_holidays(year: int) -> None:
    """It is asked here alone: to load it costs more than most commands need."""
    every = ClosingDays(good_friday=True, liberation_day="every_year")
    named = holidays.country_holidays("NL", years=year, categories=("public", "optional"), language="nl")
    banks = holidays.financial_holidays("ECB", years=year, language="en_US")
    for name, theirs in (("office", named), ("law", named), ("bank", banks)):
        assert days(year, every)[name] == {f"{day:%m-%d}" for day in theirs if day.weekday() < 5}


def test_the_horizon_is_kept_to_the_day() -> None:
    found = calendars(ClosingDays(), date(2025, 12, 26), date(2026, 1, 1))
    assert found.office == (date(2025, 12, 26), date(2026, 1, 1))
