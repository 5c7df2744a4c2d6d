"""A plan on pilot is in force for its relations alone, for whoever asks."""

from datetime import date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from kantoor.data import replace
from kantoor.filing.events import Actor
from kantoor.office.database.engine import Database
from kantoor.office.deploys import Deploy, find_last_standing, list_deploys, note_deploy
from kantoor.office.overviews.uncovered import find_uncovered
from kantoor.office.pilots import begin_pilots, end_pilots, find_pilot_of, list_pilots
from kantoor.office.plans import (
    InForce,
    active_plans,
    keep_plans,
    plan_in_force,
    plans_in_force,
    read_published,
)
from kantoor.office.relations.next_starts import find_missing_of
from kantoor.plan import DateRule, Phase, Plan, Work, digest
from kantoor.runtime.preparing import NotReady, Prepared, StartRequest, prepare_all

from .material import NEEDS, NOW, OFFICE, PLAN, TODAY, vat_plan

TEMPLATE = PLAN.template
AT = datetime(2026, 1, 5, 10)
LATER = replace(vat_plan(title="Nieuw"), created=DateRule(anchor="period.start", days=-3))


def deploy(kind: str, before: Plan, after: Plan) -> Deploy:
    return Deploy(
        at=AT,
        revision="r2",
        author="Bea",
        changes={TEMPLATE: digest(after)},
        office=digest(OFFICE),
        kind=kind,
        before={TEMPLATE: digest(before)},
        office_before=digest(OFFICE),
    )


def begin(office: Database, plan: Plan = LATER, *relations: str) -> None:
    with office.write() as connection:
        keep_plans(connection, [plan], "r2", "Bea", NOW)
        number = note_deploy(connection, deploy("pilot", PLAN, plan))
        begin_pilots(connection, {TEMPLATE: (digest(PLAN), digest(plan))}, relations or ("1001",), number)


def test_it_is_in_force_for_its_relations_until_it_ends(office: Database) -> None:
    with office.read() as connection:
        seen = read_published(connection)
    begin(office)
    with office.read() as connection:
        theirs, others = (plan_in_force(connection, TEMPLATE, number) for number in ("1001", "1002"))
        assert theirs
        assert others
        assert (theirs.plan, theirs.active, others.plan) == (LATER, False, PLAN)
        assert [one.plan for one in active_plans(connection)] == [PLAN]
        in_force = plans_in_force(connection)
        assert [one.plan for one in in_force.list_for("1001")] == [LATER]
        assert [one.plan for one in in_force.list_all()] == [PLAN, LATER]
        (pilot,) = list_pilots(connection, TEMPLATE, running=True)
        assert (pilot.by, pilot.relations, pilot.before) == ("Bea", ("1001",), digest(PLAN))
        assert find_pilot_of(connection, digest(LATER), "1001") == pilot.id
        assert find_pilot_of(connection, digest(LATER), "1002") is None
        assert read_published(connection) != seen
        assert find_last_standing(connection) is None
        number = list_deploys(connection)[0].id
    with pytest.raises(IntegrityError), office.write() as connection:
        begin_pilots(connection, {TEMPLATE: (digest(PLAN), digest(LATER))}, ("1002",), number)
    with office.write() as connection:
        end_pilots(connection, [pilot], note_deploy(connection, deploy("rollback", LATER, PLAN)))
    with office.read() as connection:
        assert plan_in_force(connection, TEMPLATE, "1001") == others
        assert list_pilots(connection, running=True) == ()
        (ended,) = list_pilots(connection)
        assert (ended.how, ended.until) == ("rollback", AT)
        assert read_published(connection) == seen


def test_starts_readiness_and_periods_that_nothing_covers_go_by_it(office: Database) -> None:
    extra = Phase(id="slot", title="Slot", role="administratie", qualification=("RB",), block=Work())
    demanding = replace(LATER, phases=(*LATER.phases, extra))
    begin(office, demanding, "1001")
    wanted = StartRequest(
        template=TEMPLATE,
        relation="1002",
        period="2026-Q1",
        sub_number="B01",
        start_date=TODAY,
        by=Actor(kind="team", id="ans"),
    )
    both = [wanted, replace(wanted, relation="1001", period="2026-01", sub_number="-")]
    on = date(2026, 1, 29)  # three days before February, and more than the one of everyone else
    with office.read() as connection:
        others, theirs = prepare_all(connection, both, datetime(2026, 1, 5, 9), NEEDS).outcomes
        assert isinstance(theirs, NotReady)
        assert "unqualified" in {one.code for one in theirs.missing}
        assert isinstance(others, Prepared), others
        assert others.new.plan == digest(PLAN)
        found = find_uncovered(connection, on, ["1001"])
        assert [one.plan.title for one in found if one.period.code == "2026-02"] == ["Nieuw"]
        in_force = plans_in_force(connection)
        everywhere = find_missing_of(connection, InForce(in_force.everyone, {}), NEEDS, TODAY)
        piloted = find_missing_of(connection, in_force, NEEDS, TODAY)
        assert {at for at, missing in everywhere.items() if missing != piloted[at]} == {("1001", TEMPLATE)}


def test_a_period_is_due_by_the_products_of_the_plan_of_each_relation(office: Database) -> None:
    begin(office, replace(LATER, products=("jaarrekening",)), "1001")
    with office.read() as connection:
        found = find_uncovered(connection, date(2026, 7, 15), ["1001", "1002"])
    assert {one.relation for one in found} == {"1002"}
