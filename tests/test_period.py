"""Periods as they are written and as they are said."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.period import LOOSE, Period, PeriodError, PeriodKind, say_over
from kantoor.typed import TypedError, read_cents, read_day, read_number, read_period, read_yes_no

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from(get_args(PeriodKind))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-01", "januari 2026"),
        ("2026-Q1", "het eerste kwartaal van 2026"),
        ("2026-Q4", "het vierde kwartaal van 2026"),
        ("2026", "2026"),
        ("2026-H2", "het tweede halfjaar van 2026"),
        ("2026-P03", "periode 3 (vier weken) van 2026"),
        ("2026-01..2026-12", "boekjaar 2026"),
        ("2026-07..2027-06", "boekjaar 2026/2027 (juli tot en met juni)"),
        ("2026-03-01..2026-04-15", "1 maart 2026 tot en met 15 april 2026"),
        ("2026-03-15", "15 maart 2026"),
    ],
)
def test_a_period_is_said_as_it_stands_in_a_dutch_sentence(written: str, words: str) -> None:
    assert Period.parse(written).words == words


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(("2026-01", 1), ("2026-12", 12), ("2026-Q3", 3), ("2026-H2", 2), ("2026", 1)),
        *(("2026-P01", 1), ("2026-P02", 2), ("2026-P13", 13)),
        *(("2026-07..2027-06", 1), ("2026-03-01..2026-04-15", 1), ("2026-03-15", 1)),
    ],
)
def test_a_period_is_the_first_or_another_of_its_kind_in_its_year(written: str, number: int) -> None:
    assert Period.parse(written).number == number


@pytest.mark.parametrize(
    "written",
    [
        *("2026-01", "2026-Q3", "2026", "2026-H1", "2026-P01", "2026-P13", "2026-07..2027-06"),
        *("2026-03-01..2026-04-15", "2026-03-15"),
    ],
)
def test_the_code_of_a_period_is_read_back_as_that_period(written: str) -> None:
    period = Period.parse(written)
    assert period.code == written
    assert Period.parse(period.next().code) == period.next()


@pytest.mark.parametrize(
    "written",
    [
        *("", "2026-13", "2026-Q5", "2026-1", "jan", "2026-02-30", "2026-H3", "2026-P00", "2026-P14"),
        *("2026-07..2026-06", "2026-01..2028-01", "2026-04-15..2026-03-01", "2026-07..2027"),
    ],
)
def test_what_is_no_period_is_refused_with_how_one_is_written(written: str) -> None:
    with pytest.raises(PeriodError, match="write 2026-01, 2026-Q1 or 2026"):
        Period.parse(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-01", "over januari 2026"),
        ("2026", "over 2026"),
        ("2026-P03", "over periode 3 (vier weken) van 2026"),
        ("2026-02-27", "van 27 februari 2026"),
        ("2026-03-01..2026-04-15", "over 1 maart 2026 tot en met 15 april 2026"),
    ],
)
def test_a_period_follows_a_title_and_without_one_the_day_of_the_start_does(written: str, said: str) -> None:
    assert say_over(Period.parse(written).words) == said


@given(KINDS, DAYS, DAYS)
def test_every_day_lies_in_one_period_of_a_kind_and_they_follow_each_other(
    kind: PeriodKind, day: date, begun: date
) -> None:
    period = Period.holding(kind, day, begun)
    assert period.start <= day <= period.end
    assert Period.parse(period.code) == period
    assert period.code.startswith(str(period.start.year))
    assert period.next().start == period.end + timedelta(days=1)
    assert period.previous().end == period.start - timedelta(days=1)
    assert period.next().previous() == period
    if kind not in LOOSE:
        assert Period.holding(kind, period.next().start, begun) == period.next()


@given(DAYS)
def test_four_weeks_are_thirteen_to_a_year_and_leave_no_day_out(day: date) -> None:
    first = Period.holding("four_weeks", date(day.year, 1, 1))
    periods = [first]
    for _ in range(12):
        periods.append(periods[-1].next())
    assert (first.start, periods[-1].end) == (date(day.year, 1, 1), date(day.year, 12, 31))
    assert all(one.start.weekday() == 0 for one in periods[1:])


def test_four_weeks_are_those_of_the_iso_weeks() -> None:
    second = Period.parse("2026-P02")
    assert (second.start, second.end) == (date(2026, 1, 26), date(2026, 2, 22))


@pytest.mark.parametrize(
    ("written", "years", "words"),
    [
        ("2026-07..2027-06", (2026, 2027), "2026/2027"),
        ("2026-01..2026-06", (2026,), "2026"),
        ("2025-11-01..2027-02-15", (2025, 2026, 2027), "2025/2027"),
        ("2026-Q4", (2026,), "2026"),
        ("2026-P13", (2026,), "2026"),
    ],
)
def test_a_broken_book_year_is_about_both_its_years(written: str, years: tuple[int, ...], words: str) -> None:
    period = Period.parse(written)
    assert (period.years, period.year_words) == (years, words)


def test_after_a_long_first_book_year_ordinary_ones_follow() -> None:
    first = Period.parse("2026-10..2027-12")
    assert (first.start, first.end) == (date(2026, 10, 1), date(2027, 12, 31))
    assert (first.next().code, first.next().next().code) == ("2028-01..2028-12", "2029-01..2029-12")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026h1", "2026-H1"),
        ("eerste halfjaar van 2026", "2026-H1"),
        ("2e halfjaar 2026", "2026-H2"),
        ("periode 3 van 2026", "2026-P03"),
        ("2026p13", "2026-P13"),
        ("juli 2026 t/m juni 2027", "2026-07..2027-06"),
        ("1-3-2026 tot en met 15 april 2026", "2026-03-01..2026-04-15"),
        ("apr 2026", "2026-04"),
        ("2026 mrt", "2026-03"),
        ("apr. 2026", "2026-04"),
        ("sept. 2026", "2026-09"),
        ("kwartaal 1 2026", "2026-Q1"),
        ("kwartaal 4 van 2026", "2026-Q4"),
        ("2026-k1", "2026-Q1"),
        ("k2 2026", "2026-Q2"),
        ("1e kwartaal 26", "2026-Q1"),
        ("q1 '26", "2026-Q1"),
        ("jan 26", "2026-01"),
        ("jan t/m mrt 2026", "2026-Q1"),
        ("april 2026 t/m juni 2026", "2026-Q2"),
        ("jul t/m dec 26", "2026-H2"),
        ("feb t/m apr 2026", "2026-02..2026-04"),
        ("jan-mrt 2026", "2026-Q1"),
        ("okt. 2026 - dec. 2026", "2026-Q4"),
        ("2026 p 12", "2026-P12"),
    ],
)
def test_other_periods_are_read_as_people_write_them(typed: str, code: str) -> None:
    assert read_period(typed).code == code


@pytest.mark.parametrize("typed", ["31 aug 2026", "31 aug. 2026", "31/08/2026", "31/8/2026"])
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert read_day(typed) == date(2026, 8, 31)
    assert read_day("1 sept. 2026") == read_day("1 sept 2026") == date(2026, 9, 1)
    assert read_day("8/8/2026") == date(2026, 8, 8)


@pytest.mark.parametrize("typed", ["12/31/2025", "31/12", "1 septober 2026", "2026/09/01"])
def test_what_is_no_day_as_it_is_written_here_is_refused(typed: str) -> None:
    with pytest.raises(TypedError, match=typed):
        read_day(typed)
    with pytest.raises(TypedError, match="kan 1 september of 9 januari zijn"):
        read_day("01/09/2026")


@pytest.mark.parametrize(
    ("typed", "full"), [("1-3-26", "1-3-2026"), ("31/12/26", "31/12/2026"), ("1 maart 26", "1-3-2026")]
)
def test_a_day_with_a_short_year_is_answered_with_the_year_in_full(typed: str, full: str) -> None:
    with pytest.raises(TypedError, match=f"'{typed}' heeft een jaar van twee cijfers.*{full}"):
        read_day(typed)


@pytest.mark.parametrize("typed", ["2025/2026", "boekjaar 2025/2026", "2025-2026"])
def test_a_broken_book_year_by_its_years_is_answered_with_how_to_write_its_months(typed: str) -> None:
    with pytest.raises(TypedError, match=r"de maanden, zoals 2025-07\.\.2026-06"):
        read_period(typed)


def test_a_day_that_is_typed_for_a_period_is_no_period_unless_it_is_written_as_one() -> None:
    with pytest.raises(TypedError):
        read_period("15-3-2026")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("29-2-2026 t/m 1-1-2026", "februari 2026 heeft 28 dagen, dus 29 februari 2026 bestaat niet"),
        ("29 februari 2026", "februari 2026 heeft 28 dagen, dus 29 februari 2026 bestaat niet"),
        ("2026-06-31", "juni 2026 heeft 30 dagen, dus 31 juni 2026 bestaat niet"),
        ("1-3-2026 t/m 1-1-2026", "het einde ligt vóór het begin; schrijf de eerste dag eerst"),
        ("mrt 2026 t/m feb 2026", "het einde ligt vóór het begin; schrijf de eerste dag eerst"),
        ("2026-06..2026-01", "het einde ligt vóór het begin; schrijf de eerste dag eerst"),
        ("jan 2024 t/m dec 2026", "een boekjaar duurt hoogstens 24 maanden; schrijf anders de dagen"),
        ("1-13-2026 t/m 2-2-2026", "schrijf de eerste en de laatste dag, zoals 1-3-2026 t/m 15-4-2026"),
        ("1-2-2026 t/m", "schrijf de eerste en de laatste dag, zoals 1-3-2026 t/m 15-4-2026"),
    ],
)
def test_a_stretch_of_days_that_is_none_is_answered_with_what_is_wrong_with_it(typed: str, said: str) -> None:
    with pytest.raises(TypedError) as found:
        read_period(typed)
    assert str(found.value).startswith(f"'{typed}' is geen periode; {said}")


@pytest.mark.parametrize(
    ("typed", "end"), [("januarie 2026", " bedoelt u januari 2026 (2026-01)?"), ("x", ".")]
)
def test_a_complaint_is_a_sentence_that_ends_once(typed: str, end: str) -> None:
    with pytest.raises(TypedError) as found:
        read_period(typed)
    assert found.value.sentence.endswith(end)
    assert not found.value.sentence.endswith("?.")


@pytest.mark.parametrize("read", [read_period, read_day, read_cents, read_number, read_yes_no])
def test_of_a_long_text_a_complaint_repeats_the_beginning(read: Callable[[str], object]) -> None:
    with pytest.raises(TypedError) as found:
        read("x" * 3000)
    assert str(found.value).startswith(f"'{'x' * 60}…' is geen ")
    assert len(str(found.value)) < 200
