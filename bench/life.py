"""One filing with ten human acts: events, bytes of history, and what its worker computes for it.

The shipped VAT return with one checkpoint in each work phase: two acts to collect, three to prepare (the
return itself among them), two to review, one to approve, two to close. The office's clock stands still, so
no reminder comes and nothing is waited for; delivery and mail are real. The worker's CPU is that of the
process over many filings, less what it uses while nothing happens.
"""

import asyncio
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import psutil
from ruamel.yaml import YAML

from kantoor.filing.outcome import Refusal
from kantoor.local.office import RunningOffice
from kantoor.local.programs import Name
from kantoor.period import Period
from kantoor.service.desk import Desk
from kantoor.service.starting.starting import Selection, Wish, start

from .chaos.lists import Lists
from .chaos.memory import Memory
from .chaos.people import Manners, Player
from .chaos.stories import STORIES, Part
from .material import TEMPLATE, Made, made_up
from .office import DEFINITIONS, practice_office, settings_in

FILINGS = 20
IDLE_SECONDS = 5
PERIOD = "2026-01"
DAY = date(2026, 2, 3)
PROMPT = Manners(thinking=0, impatient=0, clumsy=0, wrong=0, talkative=0)


@dataclass(frozen=True, slots=True)
class Life:
    """Medians over the filings; CPU in seconds for one filing."""

    filings: int
    acts: float
    events: float
    size: float
    worker_cpu: float
    server_cpu: float

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        yield f"{'human acts of a filing':<40}{self.acts:8.0f}"
        yield f"{'events in its history':<40}{self.events:8.0f}"
        yield f"{'bytes of history':<40}{self.size:8.0f}"
        yield f"{'worker CPU for it':<40}{self.worker_cpu * 1000:8.0f} ms"
        yield f"{'server CPU for it':<40}{self.server_cpu * 1000:8.0f} ms"


async def measure(folder: Path) -> Life:
    """Measure in an office of its own in `folder`."""
    relations = made_up(FILINGS + 1)
    memory = Memory()
    opened = practice_office(
        settings_in(folder / "home"),
        relations,
        lambda line: None,
        day=DAY,
        definitions=shortened(folder / "definitions"),
    )
    async with opened as (office, desk), watched(desk) as lists:
        await play(desk, lists, memory, relations[:1])
        idle = await _idle(office)
        began, before = time.monotonic(), _cpu(office)
        memory.sent.clear()
        await play(desk, lists, memory, relations[1:])
        passed, after = time.monotonic() - began, _cpu(office)
        histories = [await history(desk, relation) for relation in relations[1:]]
    used = {name: (after[name] - before[name] - idle[name] * passed) / FILINGS for name in after}
    return Life(
        filings=FILINGS,
        acts=len(memory.acknowledged) / FILINGS,
        events=statistics.median(events for events, _ in histories),
        size=statistics.median(size for _, size in histories),
        worker_cpu=used["worker"],
        server_cpu=used["server"],
    )


def shortened(folder: Path) -> Path:
    """Copy the shipped definitions to `folder`, with only the first required checkpoint of each phase."""
    shutil.copytree(DEFINITIONS, folder)
    file = folder / "workflows" / f"{TEMPLATE}.yaml"
    yaml = YAML()
    template = yaml.load(file)
    for phase in template["phases"]:
        required = [point for point in phase.get("checkpoints", ()) if point.get("required")]
        if required:
            phase["checkpoints"] = required[:1]
    yaml.dump(template, file)
    return folder


@asynccontextmanager
async def watched(desk: Desk) -> AsyncIterator[Lists]:
    """Give the lists that people look at, kept up to date while the block runs."""
    lists = Lists(desk)
    looking = asyncio.create_task(lists.run())
    try:
        yield lists
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def begin(desk: Desk, relations: Sequence[Made]) -> None:
    """Start the filings of these relations."""
    numbers = tuple(relation.number for relation in relations)
    wish = Wish(template=TEMPLATE, period=Period.parse(PERIOD), selection=Selection(relations=numbers))
    begun = await start(desk, "marieke", wish, dry_run=False)
    assert not isinstance(begun, Refusal), begun.text


async def play(desk: Desk, lists: Lists, memory: Memory, relations: tuple[Made, ...]) -> None:
    """Start the filings of these relations, and have their people act until all have ended."""
    await begin(desk, relations)
    parts = [Part(relation, 1, PERIOD, STORIES[0]) for relation in relations]
    players = [Player(part, desk, lists, memory, Random(part.name), PROMPT) for part in parts]
    await asyncio.gather(*(player.play() for player in players))


async def _idle(office: RunningOffice) -> dict[Name, float]:
    """Return how much CPU a second the programs use while nothing happens."""
    before = _cpu(office)
    await asyncio.sleep(IDLE_SECONDS)
    return {name: (used - before[name]) / IDLE_SECONDS for name, used in _cpu(office).items()}


def _cpu(office: RunningOffice) -> dict[Name, float]:
    found: dict[Name, float] = {}
    for name, child in office.children.items():
        times = psutil.Process(child.pid).cpu_times()
        found[name] = times.user + times.system
    return found


async def history(desk: Desk, relation: Made) -> tuple[int, int]:
    """Return how many events a filing has in its history, and how many bytes they are."""
    handle = (await desk.client()).get_workflow_handle(Part(relation, 1, PERIOD, STORIES[0]).filing)
    events = (await handle.fetch_history()).events
    return len(events), sum(event.ByteSize() for event in events)
