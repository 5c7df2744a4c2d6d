from datetime import date, datetime, timedelta
from typing import Any

from kantoor.period import Period
from kantoor.plan import DateRule
from kantoor.recurrence import (
    ENDED,
    Begun,
    Recurrence,
    Stretch,
    Taken,
    Terms,
    advance_period,
    after,
    digest_change,
    find_next_attempt,
    find_period_before,
    find_period_from,
    find_taken,
    go_back,
    is_agreed_period,
    refresh,
    remember_act,
    start_day,
)

MONTHLY = Terms(created=DateRule(anchor="period.start", days=-1), kind="month", closed=(), opening_hour=8)


def after_period(terms: Terms, period: Period) -> Period:
    found = find_period_from(terms, period.end + timedelta(days=1))
    assert found is not None
    return found


def recurrence(**facts: object) -> Recurrence:
    known = {
        "template": "btw-aangifte",
        "relation": "1001",
        "sub_number": "-",
        "product": "aangifte-btw",
        "terms": MONTHLY,
        "period": "2026-02",
        "start": date(2026, 1, 31),
    }
    return Recurrence.model_validate(known | facts)


def test_the_next_filing_starts_on_the_day_of_its_plan_at_the_opening_hour() -> None:
    assert find_next_attempt(recurrence()) == datetime(2026, 1, 31, 8)


def test_after_a_start_the_next_period_is_planned_by_the_same_rule() -> None:
    then = after(recurrence(), Begun(started=True, terms=MONTHLY), date(2026, 1, 31))
    assert (then.period, then.start) == ("2026-03", date(2026, 2, 28))


def test_what_was_skipped_is_planned_again_as_far_as_it_is_agreed() -> None:
    skipped = advance_period(recurrence())
    assert go_back(skipped) == recurrence()
    begun = MONTHLY.model_copy(update={"stretches": (Stretch(kind="month", first=date(2026, 2, 1)),)})
    assert find_period_before(recurrence(terms=begun)) is None
    assert go_back(recurrence(terms=begun)) == recurrence(terms=begun)
    assert find_period_before(recurrence(once=True)) is None
    quarters = Stretch(kind="quarter", last=date(2025, 12, 31))
    months = Stretch(kind="month", first=date(2026, 1, 1))
    changed = recurrence(period="2026-01", terms=MONTHLY.model_copy(update={"stretches": (quarters, months)}))
    assert go_back(changed).period == "2025-Q4"
    years = MONTHLY.model_copy(update={"stretches": (Stretch(kind="book_year", first=date(2023, 7, 1)),)})
    assert go_back(recurrence(period="2025-07..2026-06", terms=years)).period == "2024-07..2025-06"


def test_what_cannot_start_is_tried_again_on_the_next_office_day_and_says_why() -> None:
    friday = date(2026, 1, 30)
    closed = MONTHLY.model_copy(update={"closed": (date(2026, 2, 2),)})
    then = after(recurrence(), Begun(started=False, problem="Geen contactpersoon", terms=closed), friday)
    assert then.period == "2026-02"
    assert find_next_attempt(then) == datetime(2026, 2, 3, 8)
    assert then.problem == "Geen contactpersoon"


def test_a_start_clears_what_stood_in_the_way() -> None:
    waiting = recurrence(problem="Geen contactpersoon", again_on=date(2026, 2, 3))
    then = after(waiting, Begun(started=True, terms=MONTHLY), date(2026, 2, 3))
    assert (then.problem, then.again_on) == ("", None)


def test_paused_and_stopped_recurrences_wait_for_nothing() -> None:
    assert find_next_attempt(recurrence(paused=True)) is None
    assert find_next_attempt(recurrence(stopped=True)) is None


def test_a_single_start_stops_after_it() -> None:
    assert after(recurrence(once=True), Begun(started=True, terms=MONTHLY), date(2026, 1, 31)).stopped


def test_skipping_passes_over_one_period() -> None:
    assert advance_period(recurrence()).period == "2026-03"


def test_a_changed_frequency_begins_after_the_last_period_and_never_overlaps_it() -> None:
    quarterly = MONTHLY.model_copy(update={"kind": "quarter"})
    assert after_period(quarterly, Period.parse("2026-02")).code == "2026-Q2"
    assert after_period(quarterly, Period.parse("2026-03")).code == "2026-Q2"
    assert after_period(MONTHLY, Period.parse("2026-Q1")).code == "2026-04"


def test_a_period_that_is_no_longer_agreed_gives_way_to_one_that_is() -> None:
    quarterly = MONTHLY.model_copy(update={"kind": "quarter"})
    then = after(recurrence(period="2026-04"), Begun(started=False, terms=quarterly), today=date(2026, 3, 31))
    assert (then.period, then.start, then.again_on) == ("2026-Q2", date(2026, 3, 31), None)


def test_a_single_start_over_a_period_that_is_not_agreed_waits_for_a_person() -> None:
    quarterly = MONTHLY.model_copy(update={"kind": "quarter"})
    begun = Begun(started=False, problem="Het tijdvak past niet", terms=quarterly)
    then = after(recurrence(once=True), begun, today=date(2026, 1, 30))
    assert (then.period, then.again_on) == ("2026-02", date(2026, 2, 2))


def test_nothing_starts_before_the_first_period_of_the_product() -> None:
    later = MONTHLY.model_copy(update={"first": "2026-06"})
    assert after_period(later, Period.parse("2026-02")).code == "2026-06"


def test_a_start_counted_from_the_end_of_the_period_lies_after_it() -> None:
    rule = MONTHLY.model_copy(update={"created": DateRule(anchor="period.end", workdays=1)})
    assert start_day(rule, Period.parse("2026-02")) == date(2026, 3, 2)


def test_only_the_last_acts_are_remembered() -> None:
    many = recurrence()
    for number in range(30):
        many = remember_act(many, Taken(id=f"act-{number}", said=digest_change("skip", "marieke", None)))
    assert len(many.acts) == 20
    assert many.acts[-1].id == "act-29"
    assert find_taken(many, "act-9") is None
    assert find_taken(many, "act-10") == many.acts[0]


def test_an_act_is_another_when_it_changes_something_else_or_somebody_else_does_it() -> None:
    day = date(2026, 2, 10)
    acts = [
        digest_change("pause", "marieke", None),
        digest_change("stop", "marieke", None),
        digest_change("pause", "carla", None),
        digest_change("set_start", "marieke", day),
        digest_change("set_start", "marieke", date(2026, 2, 11)),
    ]
    assert len(set(acts)) == len(acts)
    assert digest_change("set_start", "marieke", day) == acts[3]


SWITCHED = MONTHLY.model_copy(
    update={
        "kind": None,
        "stretches": (
            Stretch(kind="month", first=date(2026, 1, 1), last=date(2026, 9, 30)),
            Stretch(kind="quarter", first=date(2026, 10, 1)),
        ),
    }
)
ENDING = MONTHLY.model_copy(
    update={"kind": None, "stretches": (Stretch(kind="month", last=date(2026, 9, 30)),)}
)


def waiting(terms: Terms, period: str, start: date, **facts: Any) -> Recurrence:
    known = {"template": "btw", "relation": "1001", "sub_number": "-", "product": "btw"}
    return Recurrence(**known, terms=terms, period=period, start=start, **facts)


def test_the_period_after_the_last_one_is_of_the_kind_agreed_over_the_day_after_it() -> None:
    september = waiting(SWITCHED, "2026-09", date(2026, 8, 31))
    assert is_agreed_period(SWITCHED, Period.parse("2026-09"))
    assert not is_agreed_period(SWITCHED, Period.parse("2026-10"))
    following = after(september, Begun(started=True, terms=SWITCHED), date(2026, 8, 31))
    assert (following.period, following.start) == ("2026-Q4", date(2026, 9, 30))


def test_a_change_that_is_planned_takes_the_place_of_what_waited_at_once() -> None:
    october = waiting(MONTHLY, "2026-10", date(2026, 9, 30))
    assert refresh(october, SWITCHED).period == "2026-Q4"
    september = waiting(MONTHLY, "2026-09", date(2026, 8, 31))
    assert refresh(september, SWITCHED) == september.model_copy(update={"terms": SWITCHED})


def test_another_start_day_of_the_plan_counts_for_what_waits_but_not_for_a_chosen_day() -> None:
    later = MONTHLY.model_copy(update={"created": DateRule(anchor="period.start", days=5)})
    planned = waiting(MONTHLY, "2026-10", date(2026, 9, 30))
    assert refresh(planned, later).start == date(2026, 10, 6)
    for chosen in (
        waiting(MONTHLY, "2026-10", date(2026, 9, 20)),
        waiting(MONTHLY, "2026-10", date(2026, 9, 30), once=True),
        waiting(MONTHLY, "2026-10", date(2026, 9, 30), again_on=date(2026, 10, 1)),
        waiting(MONTHLY, "2026-10", date(2026, 9, 30), stopped=True),
    ):
        assert refresh(chosen, later).start == chosen.start


def test_a_product_that_ended_ends_its_recurrence_with_a_sentence() -> None:
    september = waiting(MONTHLY, "2026-09", date(2026, 8, 31))
    over = after(september, Begun(started=True, terms=ENDING), date(2026, 8, 31))
    assert (over.stopped, over.problem, over.period) == (True, ENDED, "2026-09")
    assert refresh(waiting(MONTHLY, "2026-10", date(2026, 9, 30)), ENDING).problem == ENDED
    tried = waiting(MONTHLY, "2026-10", date(2026, 9, 30))
    assert after(tried, Begun(started=False, problem="x", terms=ENDING), date(2026, 9, 30)).stopped


BOOK_YEARS = Terms(
    created=DateRule(anchor="period.end", days=1),
    closed=(),
    opening_hour=8,
    stretches=(Stretch(kind="book_year", first=date(2026, 10, 1)),),
)


def test_book_years_follow_each_other_also_after_a_long_first_one() -> None:
    long = recurrence(terms=BOOK_YEARS, period="2026-10..2027-12", start=date(2028, 1, 1))
    assert (advance_period(long).period, advance_period(long).start) == ("2028-01..2028-12", date(2029, 1, 1))
    ordinary = recurrence(terms=BOOK_YEARS, period="2026-10..2027-09", start=date(2027, 10, 1))
    assert advance_period(ordinary).period == "2027-10..2028-09"


def test_book_years_begin_with_the_day_from_which_they_are_agreed() -> None:
    found = find_period_from(BOOK_YEARS, date(2026, 1, 1))
    assert found is not None
    assert found.code == "2026-10..2027-09"


def test_nothing_follows_by_itself_where_no_period_does() -> None:
    terms = BOOK_YEARS.model_copy(update={"stretches": (Stretch(kind="none"), Stretch(kind="range"))})
    assert find_period_from(terms, date(2026, 1, 1)) is None
