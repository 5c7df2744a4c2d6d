"""Starts: what the office's own start costs against a bare `start_workflow` of a workflow that does nothing.

All on the same server in the same run, in turns, each way with as many calls in flight as its counterpart.
The office's start looks up whether the relation is ready, writes the filing's row, starts the workflow with
its whole plan, encrypted, and reads how it stands; its worker carries the filing on meanwhile.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from temporalio.client import Client

from kantoor.filing.events import Actor
from kantoor.filing.outcome import Refusal
from kantoor.office.filings.filing import list_filings
from kantoor.period import Period
from kantoor.runtime.preparing import NotReady, StartRequest
from kantoor.runtime.starter import Starter
from kantoor.service.desk import Desk
from kantoor.service.starting.starting import AT_ONCE, Selection, Wish, start

from .material import TEMPLATE, made_up
from .office import practice_office, settings_in
from .trivial import QUEUE, Trivial

ROUNDS = 3
EACH = 40
"""Starts of one kind in a round."""

PERIOD = "2026-01"
DAY = date(2026, 1, 5)


@dataclass
class Way:
    """One way of starting: seconds for the calls, and until everything they set going was at rest.

    `cpu` are the caller's own seconds of the calls, which a busy machine stretches least.
    """

    title: str
    calls: float = 0.0
    cpu: float = 0.0
    rest: float = 0.0
    count: int = 0

    @property
    def rate(self) -> float:
        """Return starts a second, as their caller sees it."""
        return self.count / self.calls


@dataclass(frozen=True)
class Starts:
    """What was measured: the bare and the office's way, one at a time and several at once."""

    bare_single: Way = field(default_factory=lambda: Way("bare start_workflow, one at a time"))
    own_single: Way = field(default_factory=lambda: Way("Starter, one at a time"))
    bare_many: Way = field(default_factory=lambda: Way(f"bare start_workflow, {AT_ONCE} at once"))
    own_many: Way = field(default_factory=lambda: Way(f"service.start of many, {AT_ONCE} at once"))

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        for bare, own in ((self.bare_single, self.own_single), (self.bare_many, self.own_many)):
            for way in (bare, own):
                rates = f"{way.rate:8.1f} starts/s{way.count / way.rest:8.1f}/s until at rest"
                yield f"{way.title:<36}{rates}{way.cpu / way.count * 1000:8.1f} ms caller's CPU each"
            ratio, rest = own.rate / bare.rate, (own.count / own.rest) / (bare.count / bare.rest)
            yield f"{'  ratio, office to bare':<36}{ratio:8.2f}{rest:17.2f}"


async def measure(home: Path) -> Starts:
    """Measure in an office of its own in `home`."""
    relations = [relation.number for relation in made_up((ROUNDS + 1) * 2 * EACH)]
    measured, warming = Starts(), Starts()
    settings = settings_in(home)
    opened = practice_office(settings, made_up(len(relations)), lambda line: None, day=DAY)
    async with opened as (_, desk):
        with trivial_worker(settings.temporal.address):
            for turn in range(ROUNDS + 1):
                await _round(warming if turn == 0 else measured, desk, relations, turn)
    return measured


async def _round(starts: Starts, desk: Desk, relations: Sequence[str], turn: int) -> None:
    client = await desk.client()
    first = turn * 2 * EACH
    single, many = relations[first : first + EACH], relations[first + EACH : first + 2 * EACH]
    ids = [f"bare-{turn}-{number}" for number in range(2 * EACH)]

    async def bare_single() -> None:
        for id in ids[:EACH]:
            await start_bare(client, id)

    async def bare_many() -> None:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(id: str) -> None:
            async with slots:
                await start_bare(client, id)

        await asyncio.gather(*(one(id) for id in ids[EACH:]))

    async def own_single() -> None:
        starter = Starter(desk.equipment, client)
        for relation in single:
            begun = await starter.start(_request(relation))
            assert not isinstance(begun, NotReady), begun.text

    async def own_many() -> None:
        wish = Wish(
            template=TEMPLATE, period=Period.parse(PERIOD), selection=Selection(relations=tuple(many))
        )
        lines = await start(desk, "marieke", wish, dry_run=False)
        assert not isinstance(lines, Refusal), lines.text

    bare_rest, own_rest = (lambda: are_at_rest(client)), (lambda: _own_at_rest(desk))
    await _time(starts.bare_single, bare_single, bare_rest)
    await _time(starts.own_single, own_single, own_rest)
    await _time(starts.bare_many, bare_many, bare_rest)
    await _time(starts.own_many, own_many, own_rest)


async def _time(way: Way, calls: Callable[[], Awaitable[None]], rest: Callable[[], Awaitable[None]]) -> None:
    began, before = time.perf_counter(), time.process_time()
    await calls()
    way.calls += time.perf_counter() - began
    way.cpu += time.process_time() - before
    await rest()
    way.rest += time.perf_counter() - began
    way.count += EACH


async def start_bare(client: Client, id: str) -> None:
    """Start a workflow that does nothing."""
    await client.start_workflow(Trivial.run, id=id, task_queue=QUEUE)


def _request(relation: str) -> StartRequest:
    by = Actor(kind="team", id="marieke")
    return StartRequest(template=TEMPLATE, relation=relation, period=PERIOD, start_date=DAY, by=by)


async def are_at_rest(client: Client) -> None:
    """Wait until every workflow that does nothing has ended."""
    query = "WorkflowType = 'Trivial' AND ExecutionStatus = 'Running'"
    while (await client.count_workflows(query)).count:  # noqa: ASYNC110  the server tells nobody
        await asyncio.sleep(0.02)


async def _own_at_rest(desk: Desk) -> None:
    while any(f.recorded == 0 for f in desk.read(list_filings)):  # noqa: ASYNC110  nor does the database
        await asyncio.sleep(0.02)


@contextmanager
def trivial_worker(address: str) -> Iterator[None]:
    """Run the worker of workflows that do nothing until the block ends."""
    words = [sys.executable, "-m", "bench.trivial", address]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield
        finally:
            process.kill()
