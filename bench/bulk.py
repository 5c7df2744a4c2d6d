"""Bulk runs: a dry run of thousands, and what a bulk start costs against a bare concurrent loop of starts.

The dry run is worked out and kept in an office of real size. The starts are a bulk run that a worker of the
office carries out, from its confirmation until its last line is done; bare and own take turns on one server.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kantoor.equipment import open_equipment
from kantoor.filing.outcome import Refusal
from kantoor.office.filings.filing import list_filings
from kantoor.service.bulk import reading, runs
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.desk import Desk
from kantoor.service.starting.starting import AT_ONCE

from .big_office import MEMBER, Size, make_office
from .material import TEMPLATE, made_up
from .office import practice_office, settings_in
from .starts import DAY, PERIOD, are_at_rest, start_bare, trivial_worker

LINES = 5000
ROUNDS, EACH = 2, 200
"""Of each way, after one round that warms the server."""
NEXT = "2026-02"
"""The period of the dry run: the made-up office has filings up to the one before."""


@dataclass(frozen=True)
class Bulk:
    """Seconds for a dry run, and starts a second of both ways."""

    dry_run: float
    bare: float
    own: float

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        yield f"dry run of {LINES} relations, worked out and kept{self.dry_run:9.2f} s (mark 2)"
        yield f"bare start_workflow, {AT_ONCE} at once, {EACH} of them{self.bare:9.1f} starts/s"
        yield f"bulk start, carried out by the worker, {EACH} lines{self.own:9.1f} starts/s"
        yield f"  ratio, bulk to bare{self.own / self.bare:9.2f} (mark 0.8)"


async def measure(home: Path) -> Bulk:
    """Measure in offices of their own in `home`."""
    dry_run = await asyncio.to_thread(_prepare_many, home / "big")
    relations = [one.number for one in made_up((ROUNDS + 1) * EACH)]
    settings = settings_in(home / "running")
    bare, own = list[float](), list[float]()
    async with practice_office(settings, made_up(len(relations)), lambda line: None, day=DAY) as (_, desk):
        with trivial_worker(settings.temporal.address):
            for turn in range(ROUNDS + 1):
                bare.append(await _start_bare(desk, turn))
                own.append(await _start_in_bulk(desk, relations[turn * EACH : (turn + 1) * EACH]))
    count = EACH * ROUNDS
    return Bulk(dry_run, count / sum(bare[1:]), count / sum(own[1:]))


def _prepare_many(home: Path) -> float:
    """Return the seconds of a dry run of the first thousands of monthly payers; the best of three."""
    home.mkdir(parents=True)
    make_office(home, Size()).close()
    equipment = open_equipment(settings_in(home))
    desk, took = Desk(equipment), []
    asked = Asked(action="start", template=TEMPLATE, period=NEXT)
    chosen = Chosen(numbers=" ".join(str(10_001 + index) for index in range(LINES)))
    for _ in range(3):
        began = time.perf_counter()
        number = runs.prepare(desk, MEMBER, asked, chosen)
        took.append(time.perf_counter() - began)
        assert isinstance(number, int), number
    equipment.close()
    return min(took)


async def _start_bare(desk: Desk, turn: int) -> float:
    client, slots = await desk.client(), asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with slots:
            await start_bare(client, f"bulk-{turn}-{number}")

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(EACH)))
    took = time.perf_counter() - began
    await are_at_rest(client)
    return took


async def _start_in_bulk(desk: Desk, relations: Sequence[str]) -> float:
    asked = Asked(action="start", template=TEMPLATE, period=PERIOD)
    number = runs.prepare(desk, "marieke", asked, Chosen(numbers=" ".join(relations)))
    assert isinstance(number, int), number
    began = time.perf_counter()
    refusal = await runs.confirm(desk, "marieke", number, len(relations))
    assert refusal is None, refusal
    while True:
        found = reading.read_run(desk, number)
        assert not isinstance(found, Refusal)
        if found.run.status == "done":
            break
        await asyncio.sleep(0.1)
    took = time.perf_counter() - began
    assert found.run.outcomes == {"done": len(relations)}, found.run.outcomes
    while any(one.recorded == 0 for one in desk.read(list_filings)):  # noqa: ASYNC110  nobody tells
        await asyncio.sleep(0.1)
    return took
