"""What a relation lacks is judged as of the day on which what it takes starts next, not as of today."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from kantoor.data import replace
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import (
    authorities,
    qualifications,
    recurrences,
    relation_products,
    standing_authorities,
)
from kantoor.office.overviews.insights import find_numbers, list_relations
from kantoor.office.plans import publish
from kantoor.office.relations.demands import Demands
from kantoor.office.relations.next_starts import judge_next_starts, list_missing, list_next_starts
from kantoor.office.relations.snapshot import load_snapshot
from kantoor.plan import Plan
from tests.counting import count_statements

from .material import NEEDS, NOW, OFFICE, PLAN, TODAY, VAT, find_filter, start

NEXT = date(2026, 1, 31)
"""The day on which the plan starts February."""
BETWEEN = date(2026, 1, 20)
BY_AN_RA = replace(
    PLAN,
    roles=tuple(
        replace(role, qualification=("RA",)) if role.id == "accountant" else role for role in PLAN.roles
    ),
    phases=(replace(PLAN.phases[0], role="accountant"), *PLAN.phases[1:]),
)


def plan_february(connection: Connection, relation: str = "1001", **facts: Any) -> None:
    """Have February planned for a relation."""
    row = {"relation": relation, "template": "btw-aangifte", "sub_number": "-", "product": VAT}
    connection.execute(
        recurrences.insert().values(**{**row, "next_period": "2026-02", "next_start": NEXT, **facts})
    )


def change(connection: Connection, table: Any, relation: str = "1001", **values: Any) -> None:
    connection.execute(table.update().where(table.c.relation == relation).values(**values))


def judge(connection: Connection, plan: Plan = PLAN, relation: str = "1001") -> list[tuple[date, list[str]]]:
    """Return the day of each next start, with the codes of what lacks then."""
    snapshot = load_snapshot(connection, [relation], TODAY, upcoming=True)
    found = judge_next_starts(snapshot, Demands(plan, NEEDS), relation, TODAY)
    return [(one.day, [missing.code for missing in one.missing]) for one in found]


BEGIN_OR_END: dict[str, tuple[Any, dict[str, Any], list[str]]] = {
    "an authority that is over by then": (authorities, {"until": BETWEEN}, ["no_authority"]),
    "an authority that begins before": (authorities, {"since": BETWEEN, "until": None}, []),
    "an agreement that is over by then": (relation_products, {"until": BETWEEN}, ["no_product"]),
}


@pytest.mark.parametrize("case", BEGIN_OR_END)
@pytest.mark.parametrize("status", ["running", "paused"])
def test_what_begins_or_ends_before_a_planned_start_counts(office: Database, case: str, status: str) -> None:
    table, values, codes = BEGIN_OR_END[case]
    with office.write() as connection:
        plan_february(connection, status=status)
        change(connection, table, **values)
        assert judge(connection) == [(NEXT, codes)]
        found = find_numbers(connection, find_filter("mist:iets nummer:1001"), TODAY, NEEDS)
        (line,) = list_relations(connection, find_filter("nummer:1001"), TODAY, NEEDS)
    assert found == (("1001",) if codes else ())
    assert [one.code for one in line.missing] == codes
    assert [one.day for one in line.starts] == [NEXT]


@pytest.mark.parametrize(("since", "codes"), [(BETWEEN, []), (date(2026, 2, 1), ["unqualified"])])
def test_a_consultant_has_the_title_that_is_asked_on_the_day_of_the_start(
    office: Database, since: date, codes: list[str]
) -> None:
    with office.write() as connection:
        plan_february(connection)
        row = {"member": "bas", "qualification": "RA", "since": since}
        connection.execute(qualifications.insert().values(**row))
        assert judge(connection, BY_AN_RA) == [(NEXT, codes)]


@pytest.mark.parametrize(
    ("until", "codes"), [(date(2026, 6, 29), ["no_standing_authority"]), (date(2026, 6, 30), [])]
)
def test_a_standing_authority_has_to_hold_until_the_start(
    office: Database, until: date, codes: list[str]
) -> None:
    with office.write() as connection:
        day = date(2026, 6, 30)
        plan_february(connection, "1002", sub_number="B01", next_period="2026-Q3", next_start=day)
        change(connection, standing_authorities, "1002", until=until)
        assert judge(connection, relation="1002") == [(day, codes)]


def test_without_a_plan_the_next_start_is_of_the_first_period_that_was_not_filed(office: Database) -> None:
    with office.write() as connection:
        assert judge(connection) == [(TODAY, [])]  # January could have been started
        start(connection, period="2026-01")
        change(connection, authorities, until=BETWEEN)
        assert judge(connection) == [(NEXT, ["no_authority"])]


def test_an_agreement_that_begins_later_is_judged_when_its_first_period_starts(office: Database) -> None:
    with office.write() as connection:
        change(connection, relation_products, since=date(2026, 3, 1))
        change(connection, authorities, since=date(2026, 2, 28))
        assert judge(connection) == [(date(2026, 2, 28), [])]


def test_what_is_started_by_hand_is_judged_as_of_today(office: Database) -> None:
    with office.write() as connection:
        start(connection, period="2026-01")
        assert judge(connection, replace(PLAN, start="by_hand")) == [(TODAY, [])]


def test_a_start_that_was_due_is_judged_as_of_today(office: Database) -> None:
    with office.write() as connection:
        plan_february(connection, next_period="2026-01", next_start=date(2025, 12, 31))
        assert judge(connection) == [(TODAY, [])]


def test_a_planned_period_that_is_covered_starts_after_its_agreement_is_over(office: Database) -> None:
    later = replace(PLAN, created=replace(PLAN.created, anchor="period.end", days=1))
    with office.write() as connection:
        plan_february(connection, next_period="2026-01", next_start=date(2026, 2, 1))
        change(connection, relation_products, until=NEXT)
        assert judge(connection, later) == [(date(2026, 2, 1), [])]


def test_each_product_under_a_number_of_its_own_has_its_own_day(office: Database) -> None:
    with office.write() as connection:
        taken = {"relation": "1001", "product": VAT, "frequency": "month", "sub_number": "B02"}
        connection.execute(relation_products.insert().values(**taken, since=date(2026, 4, 1)))
        plan_february(connection)
        snapshot = load_snapshot(connection, ["1001"], TODAY, upcoming=True)
    starts = list_next_starts(snapshot, Demands(PLAN, NEEDS), "1001", TODAY)
    assert [(one.day, one.taken and one.taken.sub_number) for one in starts] == [
        (NEXT, "-"),
        (date(2026, 3, 31), "B02"),
    ]


def test_one_relation_is_judged_as_many_are_with_as_many_statements(office: Database) -> None:
    with office.write() as connection:
        publish(connection, [PLAN], OFFICE, revision="", author="", at=NOW)
        plan_february(connection)
        change(connection, authorities, until=BETWEEN)
    demands, asked = Demands(PLAN, NEEDS), {}
    for numbers in (["1001"], ["1001", "1002", "1003"]):
        with office.read() as connection, count_statements(office) as counted:
            snapshot = load_snapshot(connection, numbers, TODAY, upcoming=True)
            found = {one: list_missing(judge_next_starts(snapshot, demands, one, TODAY)) for one in numbers}
        asked[len(numbers)] = (len(counted), found["1001"])
    assert asked[1] == asked[3]
    assert [one.code for one in asked[1][1]] == ["no_authority"]
