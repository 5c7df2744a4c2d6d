"""Simulating the shipped templates, for tests."""

from pathlib import Path
from typing import Any

from kantoor.filing.events import Start
from kantoor.period import Period
from kantoor.plan import Office, Plan
from kantoor.simulation.engine import Simulation, run
from kantoor.simulation.habits import People
from kantoor.simulation.starting import find_last_day, invent_product, invent_relation, make_start
from kantoor.simulation.story import Story
from kantoor.simulation.wishes import list_year
from kantoor.simulation.world import World

from ..shipped import compile_shipped

DEFINITIONS = Path(__file__).parents[2] / "definitions"
PERIODS = {
    "month": "2027-01",
    "quarter": "2027-Q1",
    "year": "2027",
    "book_year": "2027-01..2027-12",
    "none": "2027-01-04",
    "by_product": "2027-01",
}


def plan_of(template: str) -> Plan:
    return compile_shipped().plans[template]


def office() -> Office:
    found = compile_shipped().office
    assert found is not None
    return found


def start_of(template: str, form: str = "bv", period: Period | None = None, **more: Any) -> Start:
    plan = plan_of(template)
    period = period or Period.parse(PERIODS[plan.period])
    relation = invent_relation(office(), form)
    return make_start(plan, office(), period, relation, invent_product(office(), plan, period.kind), **more)


def simulate(
    template: str, people: People | None = None, world: World | None = None, form: str = "bv"
) -> Story:
    start = start_of(template, form)
    return run(plan_of(template), start, world, people, find_last_day(start))


def simulate_year(template: str, written: str = "2027-01") -> tuple[Story, ...]:
    """Simulate every filing of the calendar year of a period."""
    starts = [start_of(template, period=period) for period in list_year(Period.parse(written))]
    return tuple(run(plan_of(template), one, World(), People(), find_last_day(one)) for one in starts)


def drive(template: str, people: People | None = None, world: World | None = None) -> Simulation:
    return Simulation(plan_of(template), start_of(template), world, people)
