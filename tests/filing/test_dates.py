from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.data import replace
from kantoor.days import add_working_days, apply_date_rule, is_working_day, move_to_working_day
from kantoor.filing.events import Calendars
from kantoor.plan import (
    Automation,
    Chase,
    CreateTask,
    DateRule,
    Deadline,
    DueChoice,
    Escalate,
    Name,
    SendMessage,
    To,
    Work,
)

from .driver import Driver
from .plans import COLLECT, DEADLINE, VAT, with_phase

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
CLOSED = st.frozensets(DAYS, max_size=5)
KONINGSDAG = date(2026, 4, 27)


@pytest.mark.parametrize(
    ("period", "foreign", "due"),
    [
        ("2026-01", False, date(2026, 2, 28)),
        ("2026-Q1", False, date(2026, 4, 30)),
        ("2026-Q3", False, date(2026, 10, 31)),
        ("2026-Q4", False, date(2027, 1, 31)),
        ("2025", False, date(2026, 3, 31)),
        ("2025-12", True, date(2026, 2, 28)),
        ("2026-Q1", True, date(2026, 5, 31)),
        ("2027-Q4", True, date(2028, 2, 29)),
    ],
)
def test_vat_deadlines_are_the_tax_offices_own_and_stay_on_a_weekend(
    period: str, foreign: bool, due: date
) -> None:
    product = {"frequency": "month", "foreign": foreign}
    filing = Driver(VAT, period, product=product)
    assert filing.view.due == due


def test_a_target_counts_working_days_on_the_offices_calendar() -> None:
    open_office = Driver(VAT, "2026-Q1")
    closed_office = Driver(VAT, "2026-Q1", calendars=Calendars(office=(KONINGSDAG,)))
    assert open_office.view.phases[0].due == date(2026, 4, 14)
    assert closed_office.view.phases[0].due == date(2026, 4, 13)


def test_a_holiday_of_the_law_does_not_move_a_target() -> None:
    filing = Driver(VAT, "2026-Q1", calendars=Calendars(law=(KONINGSDAG,)))
    assert filing.view.phases[0].due == date(2026, 4, 14)


def test_a_number_of_the_month_that_it_lacks_is_its_last_day() -> None:
    assert apply_date_rule(DateRule(anchor="period.end", day=31), date(2026, 2, 10), ()) == date(2026, 2, 28)


def test_weeks_and_days_add_up_to_the_eight_weeks_of_a_suppletie() -> None:
    assert apply_date_rule(DateRule(anchor="period.end", weeks=8), date(2026, 3, 2), ()) == KONINGSDAG


@given(DAYS, CLOSED)
def test_a_moved_day_is_a_working_day_on_the_side_it_moves_to(day: date, closed: frozenset[date]) -> None:
    later, earlier = (
        move_to_working_day(day, "next_workday", closed),
        move_to_working_day(day, "previous_workday", closed),
    )
    assert earlier <= day <= later
    assert is_working_day(later, closed)
    assert is_working_day(earlier, closed)
    assert move_to_working_day(day, "never", closed) == day


@given(DAYS, st.integers(-60, 60))
def test_without_closed_days_weeks_are_jumped_over_to_the_same_day(start: date, count: int) -> None:
    elsewhere = {date(1999, 12, 31)}
    assert add_working_days(start, count, ()) == add_working_days(start, count, elsewhere)


@given(DAYS, st.integers(1, 40), CLOSED)
def test_working_days_forth_and_back_lead_home_from_a_working_day(
    day: date, count: int, closed: frozenset[date]
) -> None:
    start = move_to_working_day(day, "next_workday", closed)
    there = add_working_days(start, count, closed)
    assert add_working_days(there, -count, closed) == start
    between = [start + timedelta(days=n) for n in range(1, (there - start).days + 1)]
    assert sum(is_working_day(d, closed) for d in between) == count


@pytest.mark.parametrize(("days", "sent"), [(1, False), (2, False), (3, True)])
def test_a_message_dated_before_or_on_the_day_of_entering_is_left_out_and_a_task_is_made(
    days: int, sent: bool
) -> None:
    on = DateRule(anchor="period.end", days=days)
    message = Automation(id="bericht", at=on, send=SendMessage(message="btw-klaar", to=To()))
    task = Automation(id="taak", at=on, task=CreateTask(title="Bel", to=To()))
    entered = DateRule(anchor="period.end", days=2)
    filing = Driver(with_phase(replace(COLLECT, not_before=entered, automations=(message, task))))
    filing.until(date(2026, 2, 10))
    entry = next(e for e in filing.entries if e.what == "phase_entered")
    assert entry.at.date() == date(2026, 2, 2)
    assert filing.told().count("message_sent") == int(sent)
    assert filing.told().count("task_made") == 1


def test_a_deadline_applies_only_where_its_condition_holds() -> None:
    only_foreign = replace(
        DEADLINE, id="buitenland", condition=Name(path=("product", "foreign")), title="Buitenland"
    )
    plan = replace(VAT, deadlines=(DEADLINE, only_foreign))
    assert [one.id for one in Driver(plan).view.deadlines] == ["aangifte"]
    foreign = Driver(plan, product={"id": VAT.products[0], "frequency": "month", "foreign": True})
    assert [one.id for one in foreign.view.deadlines] == ["aangifte", "buitenland"]


def test_the_latest_day_moves_in_its_own_way() -> None:
    saturday, sunday = DateRule(anchor="period.end", months=1, day=28), DateRule(anchor="period.end", days=29)
    two = replace(DEADLINE, law=None, due=(DueChoice(rule=saturday),), latest=sunday, moves="next_workday")
    assert last_day(two) == date(2026, 3, 2)
    assert last_day(replace(two, latest_moves="never")) == date(2026, 3, 1)
    assert last_day(replace(two, latest_moves="previous_workday")) == date(2026, 2, 27)


def last_day(deadline: Deadline) -> date | None:
    return Driver(replace(VAT, deadlines=(deadline,))).view.deadlines[0].due


@pytest.mark.parametrize(
    ("begun", "target", "escalated"),
    [
        (date(2026, 2, 5), True, date(2026, 2, 17)),  # twelve days, as between target and escalation
        (date(2026, 2, 23), True, date(2026, 2, 27)),  # bounded by the last working day before the deadline
        (date(2026, 2, 27), True, date(2026, 3, 2)),  # at the least the next working day
        (date(2026, 3, 4), True, date(2026, 3, 16)),  # no deadline is to come
        (date(2026, 2, 5), False, date(2026, 2, 6)),
        (date(2026, 2, 3), True, date(2026, 2, 4)),  # in time: on the day of the plan
    ],
)
def test_what_begins_too_late_for_its_escalation_gets_as_long_as_the_plan_gives_it(
    begun: date, target: bool, escalated: date
) -> None:
    late = Escalate(on=DateRule(anchor="period.end", days=4), role="accountant")
    due = DateRule(anchor="period.end", days=-8) if target else None
    plan = with_phase(replace(COLLECT, due=due, block=Work(chase=Chase(escalate=late))))
    opens = datetime.combine(begun, time(8))
    filing = Driver(plan, begun=opens, begun_on=begun)
    filing.until(escalated - timedelta(days=1))
    assert "escalated" not in filing.told()
    filing.until(escalated)
    assert "escalated" in filing.told()
    recorded_before = Driver(plan, begun=opens)
    recorded_before.until(max(begun, date(2026, 2, 4)))
    assert "escalated" in recorded_before.told()


def test_work_that_stays_undone_is_escalated_so_many_days_after_its_own_target() -> None:
    late = Escalate(on=DateRule(anchor="targets.verzamelen", workdays=2), role="accountant")
    target = DateRule(anchor="period.end", days=9)  # Monday 9 February
    filing = Driver(with_phase(replace(COLLECT, due=target, block=Work(chase=Chase(escalate=late)))))
    filing.until(date(2026, 2, 10))
    assert "escalated" not in [entry.what for entry in filing.entries]
    filing.until(date(2026, 2, 11))
    assert [entry.what for entry in filing.entries].count("escalated") == 1
