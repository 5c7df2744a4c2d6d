"""Verdicts for ten thousand running filings, from their stored states: in the office, and by its snapshot."""

import time
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy import select

from kantoor.compiler.compilation import compile_definitions
from kantoor.data import canonical, replace
from kantoor.equipment import open_equipment
from kantoor.filing.state import State
from kantoor.office.database.engine import sqlite_url
from kantoor.office.database.tables import filings, states
from kantoor.period import Period
from kantoor.plan import Checkpoint, Office, Plan
from kantoor.review.runs import Runs
from kantoor.service.desk import Desk
from kantoor.service.reviewing.snapshots import make_snapshot, read_snapshot
from kantoor.service.reviewing.verdicts import judge_what_runs
from kantoor.service.reviewing.what_runs import read_what_runs
from kantoor.settings import load_settings
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import People
from kantoor.simulation.starting import invent_product, invent_relation, make_start

from .big_office import DEFINITIONS, Size, make_office
from .material import TEMPLATE
from .office import UnfitError

MARK = 10.0
"""Seconds for the verdicts of all, reading their states included."""
RELATIONS = 5_000
"""Each has two filings that run."""
DAYS = range(2, 62, 3)
"""After how many days of its course a filing was looked at: its states lie all over the template."""

T = TypeVar("T")


def measure(home: Path) -> Iterator[str]:
    """Make the office in `home` and yield what to print."""
    home.mkdir(parents=True, exist_ok=True)
    size = Size(relations=RELATIONS, filings=3 * RELATIONS, work=0)
    make_office(home, size).close()
    compiled = compile_definitions(DEFINITIONS)
    plan, office = compiled.plans[TEMPLATE], compiled.office
    if office is None:
        raise UnfitError("the shipped definitions have errors")
    equipment = open_equipment(load_settings(home=home, database_url=sqlite_url(home / "kantoor.db")))
    try:
        desk = Desk(equipment)
        count = _write_states(desk, plan, office)
        before, after = {TEMPLATE: plan}, {TEMPLATE: _edit(plan)}
        took, runs = _time(lambda: judge_what_runs(read_what_runs(desk), before, after, (office, office)))
        yield _say(f"{count} filings, by the office", took, MARK)
        yield f"  {_count(runs)}"
        took, content = _time(lambda: make_snapshot(desk))
        yield _say(f"their snapshot, {len(content) / 1e6:.1f} MB", took)
        took, away = _time(lambda: judge_what_runs(read_snapshot(content), before, after, (office, office)))
        yield _say(f"{count} filings, by the snapshot", took, MARK)
        if _count(away) != _count(runs):
            raise UnfitError("the snapshot gives other verdicts than the office")
    finally:
        equipment.close()


def _write_states(desk: Desk, plan: Plan, office: Office) -> int:
    """Give each filing that runs a state of somewhere in the template; return how many there are."""
    made: dict[str, list[State]] = {}
    seal = desk.equipment.document_ring.seal
    with desk.equipment.database.write() as connection:
        rows = connection.execute(
            select(filings.c.id, filings.c.relation, filings.c.period).where(filings.c.status == "loopt")
        ).all()
        for place, (name, relation, period) in enumerate(rows):
            if period not in made:
                made[period] = list(_list_states(plan, office, Period.parse(period)))
            state = made[period][place % len(made[period])]
            origin = replace(state.origin, filing=replace(state.origin.filing, relation=relation))
            content = seal(zlib.compress(canonical(replace(state, origin=origin))), name.encode())
            connection.execute(states.insert().values(filing=name, state=content))
    return len(rows)


def _list_states(plan: Plan, office: Office, period: Period) -> Iterator[State]:
    product = invent_product(office, plan, period.kind)
    start = make_start(plan, office, period, invent_relation(office, "bv"), product)
    for days in DAYS:
        filing = Simulation(plan, start, people=People())
        filing.run(start.start_date + timedelta(days=days))
        if not filing.has_ended:
            yield filing.state


def _edit(plan: Plan) -> Plan:
    """Return the plan with a mandatory checkpoint in its second phase, and earlier reminders of its offer."""
    first, second, *rest = plan.phases
    point = Checkpoint(id="nieuw_punt", title="Nieuw punt", required=True)
    edited = replace(second, checkpoints=(*second.checkpoints, point))
    return replace(plan, phases=(first, edited, *rest))


class Took(NamedTuple):
    """Seconds of the clock, which other work stretches, and of this process's CPU."""

    clock: float
    cpu: float


def _time(work: Callable[[], T]) -> tuple[Took, T]:
    began = time.perf_counter(), time.process_time()
    found = work()
    return Took(time.perf_counter() - began[0], time.process_time() - began[1]), found


def _count(runs: Runs) -> str:
    (only,) = islice(runs.templates, 1)
    return ", ".join(f"{number} {outcome}" for outcome, number in only.counts.items())


def _say(title: str, took: Took, mark: float | None = None) -> str:
    said = f"{title:<40}{took.clock:8.2f} s   CPU{took.cpu:6.2f} s"
    if mark is None:
        return said
    return f"{said}   mark <= {mark:.1f} s: {'met' if took.clock <= mark else 'not met'}"
