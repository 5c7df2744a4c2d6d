"""Ten thousand closed filings run by both sides of a change, from the file that the office wrote of them."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Literal

from kantoor.compiler.compilation import compile_definitions
from kantoor.data import replace
from kantoor.filing.events import Calendars
from kantoor.filing.redacting import Redactor
from kantoor.period import Period
from kantoor.plan import Checkpoint, DateRule, Office, Plan, digest, plan_bytes
from kantoor.review.review import Side
from kantoor.service.reviewing.closed_filings import (
    number_calendars,
    put_together,
    read_closed_snapshot,
    write_closed_snapshot,
)
from kantoor.service.reviewing.what_if import compare_closed
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import ClientHabits, OfficeHabits, People
from kantoor.simulation.starting import invent_product, invent_relation, make_start
from kantoor.what_if.closed import ClosedFiling
from kantoor.what_if.redacting import redact_events
from kantoor.what_if.telling import say_total

from .big_office import DEFINITIONS
from .material import TEMPLATE
from .office import UnfitError

MARK = 60.0
"""Seconds for all of them, reading the file included."""
FILINGS = 10_000
DECIDES: tuple[Literal["approve", "reject_once"], ...] = ("approve", "reject_once")
PERIODS = tuple(f"2026-{month:02}" for month in range(1, 13))


def measure(_home: Path) -> Iterator[str]:
    """Make the filings and yield what to print."""
    compiled = compile_definitions(DEFINITIONS)
    plan, office = compiled.plans[TEMPLATE], compiled.office
    if office is None:
        raise UnfitError("the shipped definitions have errors")
    began = time.process_time()
    courses = list(_list_courses(plan, office))
    redacted = time.process_time() - began
    calendars: dict[Calendars, int] = {}
    filings = [
        replace(number_calendars(courses[place % len(courses)], calendars), id=f"{place:012x}")
        for place in range(FILINGS)
    ]
    made = put_together(
        date(2027, 3, 1), None, {digest(plan): plan_bytes(plan).decode()}, filings, tuple(calendars)
    )
    content = write_closed_snapshot(made)
    events = sum(len(one.events) for one in courses) / len(courses)
    packed = write_closed_snapshot(made, packed=True)
    yield f"{FILINGS} filings of {events:.0f} events, {len(courses)} of them different"
    yield f"their file {len(content) / 1e6:.1f} MB, compressed {len(packed) / 1e6:.1f} MB"
    yield f"simulated and redacted, each {1e3 * redacted / len(courses):.1f} ms of CPU"
    clock, cpu = time.perf_counter(), _count_cpu()
    closed = read_closed_snapshot(content)
    sides = (Side("before", {TEMPLATE: plan}, office), Side("after", {TEMPLATE: _edit(plan)}, office))
    found = compare_closed(closed, *sides)
    took, used = time.perf_counter() - clock, _count_cpu() - cpu
    said = "met" if took <= MARK else "not met"
    yield f"read and compared{took:>22.1f} s   CPU {used:.1f} s   mark <= {MARK:.0f} s: {said}"
    yield f"  {say_total(found)}"
    (only,) = found.templates
    if only.reproduced != FILINGS:
        raise UnfitError(f"only {only.reproduced} of {FILINGS} filings come out as they happened")


def _list_courses(plan: Plan, office: Office) -> Iterator[ClosedFiling]:
    """Yield filings over a year by people of every pace; some clients reject once."""
    redactor = Redactor(plan)
    for period, days, decides in product(PERIODS, (1, 3, 6, 9), DECIDES):
        when = Period.parse(period)
        start = make_start(
            plan, office, when, invent_relation(office, "bv"), invent_product(office, plan, when.kind)
        )
        client = ClientHabits(decides=decides, decides_after=1 + days % 4)
        people = People(office=OfficeHabits(phase_workdays={"verzamelen": days}), client=client)
        filing = Simulation(plan, start, people=people)
        filing.run(start.start_date + timedelta(days=400))
        bare = ClosedFiling(id="", template=plan.template, plan=digest(plan))
        yield redact_events(redactor, bare, filing.tell().events)


def _edit(plan: Plan) -> Plan:
    """Return the plan with an earlier day of the law, and a mandatory checkpoint in its second phase."""
    first, second, *rest = plan.phases
    point = Checkpoint(id="nieuw_punt", title="Nieuw punt", required=True)
    edited = replace(second, checkpoints=(*second.checkpoints, point))
    (deadline,) = plan.deadlines
    due = (*deadline.due[:-1], replace(deadline.due[-1], rule=DateRule(anchor="period.end", days=20)))
    return replace(plan, phases=(first, edited, *rest), deadlines=(replace(deadline, due=due),))


def _count_cpu() -> float:
    """Return the seconds of CPU of this process and of those that it began and that are over."""
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))
