"""Our own filing against a hand-written workflow of the same return, in turns on one server.

The same people do the same acts through the same service; both have a worker process of their own, the same
activities, converter and codec. A turn plays a few filings of the one, then of the other. Latency is that of
an update as the client sees it.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from unittest import mock

import psutil
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowUpdateInput,
    WorkflowUpdateHandle,
)

from kantoor.filing.events import Actor
from kantoor.filing.state import Origin
from kantoor.local.environment import child_environment
from kantoor.local.office import RunningOffice
from kantoor.office.office_clock import clock_of, office_now
from kantoor.runtime.preparing import Prepared, StartRequest, prepare, write_row
from kantoor.runtime.search_attributes import make_search_attributes
from kantoor.runtime.starter import timing_of
from kantoor.service.desk import Desk
from kantoor.service.filings import acts

from . import life
from .bare_inputs import QUEUE, BareInput
from .bare_return import BareReturn
from .chaos.lists import Lists
from .chaos.memory import Memory
from .chaos.people import Player
from .chaos.stories import STORIES, Part
from .material import TEMPLATE, Made, made_up
from .office import practice_office, settings_in

TURNS = 5
EACH = 4
"""Filings of one kind in a turn."""

IDLE_SECONDS = 5
EVENTS, BYTES, CPU, LATENCY = 1.0, 1.0, 1.1, 1.1
"""The marks: how much of the hand-written workflow's ours may be at most."""


@dataclass
class Kind:
    """What was measured of one kind of filing; seconds."""

    title: str
    filings: int = 0
    cpu: float = 0.0
    elapsed: float = 0.0
    events: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, float]:
        """Return what is compared, by its title."""
        cuts = statistics.quantiles(self.latencies, n=20)
        return {
            "events in its history": statistics.median(self.events),
            "bytes of history": statistics.median(self.sizes),
            "worker CPU for it, ms": self.cpu / self.filings * 1000,
            "update latency, median, ms": statistics.median(self.latencies) * 1000,
            "update latency, 95%, ms": cuts[-1] * 1000,
        }


@dataclass
class Against:
    """Both kinds."""

    own: Kind = field(default_factory=lambda: Kind("ours"))
    bare: Kind = field(default_factory=lambda: Kind("by hand"))

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        yield f"{'':<40}{self.own.title:>10}{self.bare.title:>10}{'ratio':>8}"
        marks = (EVENTS, BYTES, CPU, LATENCY, LATENCY)
        for (title, own), bare, mark in zip(
            self.own.figures.items(), self.bare.figures.values(), marks, strict=True
        ):
            met = "met" if own <= mark * bare else "not met"
            yield f"{title:<40}{own:10.1f}{bare:10.1f}{own / bare:8.2f}   mark <= {mark:.1f}: {met}"


class Watch(Interceptor):
    """Keeps how long each update took, by workflow."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        """Take the time of what goes out."""
        return _Timed(next, self.seconds)


class _Timed(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, seconds: dict[str, list[float]]) -> None:
        super().__init__(next)
        self._seconds = seconds

    async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[object]:
        began = time.perf_counter()
        handle = await super().start_workflow_update(input)
        self._seconds[input.id].append(time.perf_counter() - began)
        return handle


async def measure(folder: Path, turns: int = TURNS, each: int = EACH) -> Against:
    """Measure in an office of its own in `folder`."""
    relations = made_up((turns + 1) * 2 * each)
    opened = practice_office(
        settings_in(folder / "home"),
        relations,
        lambda line: None,
        day=life.DAY,
        definitions=life.shortened(folder / "definitions"),
    )
    warming, measured = Against(), Against()
    # Before a tick the service opens the state to look at four eyes, which it cannot of the return by hand;
    # neither side is asked, and what is measured (update and worker) has no part in it.
    unasked = mock.patch.object(acts, "judge_tick", return_value=None)
    async with opened as (office, plain), _bare_worker(office) as bare_pid:
        watch = Watch()
        client = await plain.client()
        watched = Client(
            client.service_client,
            namespace=client.namespace,
            data_converter=client.data_converter,
            interceptors=[watch],
        )
        desk = Desk(plain.equipment, watched)
        own_pid = office.children["worker"].pid
        assert own_pid is not None
        async with life.watched(desk) as lists:
            for turn in range(turns + 1):
                first = turn * 2 * each
                own, bare = relations[first : first + each], relations[first + each : first + 2 * each]
                found = measured if turn else warming
                with unasked:
                    await _turn(found.own, desk, lists, watch, own, own_pid, bare=False)
                    await _turn(found.bare, desk, lists, watch, bare, bare_pid, bare=True)
        before = _cpu(own_pid), _cpu(bare_pid)
        await asyncio.sleep(IDLE_SECONDS)
        idle = _cpu(own_pid) - before[0], _cpu(bare_pid) - before[1]
    measured.own.cpu -= idle[0] / IDLE_SECONDS * measured.own.elapsed
    measured.bare.cpu -= idle[1] / IDLE_SECONDS * measured.bare.elapsed
    return measured


async def _turn(
    kind: Kind, desk: Desk, lists: Lists, watch: Watch, relations: Sequence[Made], pid: int, *, bare: bool
) -> None:
    parts = [Part(relation, 1, life.PERIOD, STORIES[0]) for relation in relations]
    began, before = time.monotonic(), _cpu(pid)
    if bare:
        for relation in relations:
            await _start_bare(desk, relation)
    else:
        await life.begin(desk, relations)
    memory = Memory()
    players = [Player(part, desk, lists, memory, Random(part.name), life.PROMPT) for part in parts]
    await asyncio.gather(*(player.play() for player in players))
    kind.cpu += _cpu(pid) - before
    kind.elapsed += time.monotonic() - began
    kind.filings += len(parts)
    for part, relation in zip(parts, relations, strict=True):
        events, size = await life.history(desk, relation)
        kind.events.append(events)
        kind.sizes.append(size)
        kind.latencies += watch.seconds[part.filing]


async def _start_bare(desk: Desk, relation: Made) -> None:
    """Start the hand-written return as `Starter` does ours: row first, then the workflow."""
    wanted = StartRequest(
        template=TEMPLATE,
        relation=relation.number,
        period=life.PERIOD,
        start_date=life.DAY,
        by=Actor(kind="team", id="marieke"),
    )
    database = desk.equipment.database
    needs = desk.equipment.reports.identity_needs()
    with database.read() as connection:
        clock, prepared = clock_of(connection), prepare(connection, wanted, office_now(connection), needs)
    assert isinstance(prepared, Prepared), prepared
    with database.write() as connection:
        write_row(connection, prepared)
    start = prepared.start
    origin = Origin(
        filing=start.filing,
        period=start.period,
        start_date=start.start_date,
        relation=start.relation,
        product=start.product,
        calendars=start.calendars,
        opening_hour=start.opening_hour,
        automations_off=start.automations_off,
        without_automations=start.without_automations,
    )
    timing = desk.equipment.timing
    await (await desk.client()).start_workflow(
        BareReturn.run,
        BareInput(origin=origin, clock=clock, timing=timing_of(timing)),
        id=start.filing.workflow_id,
        task_queue=QUEUE,
        task_timeout=timedelta(seconds=desk.settings.worker.task_seconds),
        search_attributes=make_search_attributes(start.filing, prepared.new.plan),
    )


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@asynccontextmanager
async def _bare_worker(office: RunningOffice) -> AsyncIterator[int]:
    """Run the worker of the hand-written return while the block runs; give its process id."""
    words = (sys.executable, "-m", "bench.bare_worker")
    process = await asyncio.create_subprocess_exec(
        *words,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        env=child_environment(office.settings),
    )
    try:
        assert process.stdout is not None
        line = await process.stdout.readline()
        assert line == b"ready\n", "the worker of the hand-written return did not start"
        yield process.pid
    finally:
        process.kill()
        await process.wait()
