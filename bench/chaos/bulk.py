"""A bulk start of many relations while the worker and the Temporal server are killed again and again (R30).

An office of its own. Every tenth relation is made unready by a bulk run of edits first. The run is confirmed
once; nobody does anything for it after that. Then every line is held against the database and the server.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from temporalio.client import Client

from kantoor.filing.outcome import Refusal
from kantoor.local.office import RunningOffice
from kantoor.local.programs import Name
from kantoor.office.bulk import Line
from kantoor.office.filings.filing import list_filings
from kantoor.runtime.bulk_client import workflow_id_of
from kantoor.service.bulk import reading, runs
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.reading import Summary
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.desk import Desk

from ..material import TEMPLATE, made_up
from ..office import practice_office, settings_in
from .kills import running, started_again
from .surely import surely
from .waits import until

TITLE = "each ready relation has one filing, each other one a reason, and the run has ended"
DAY = date(2026, 2, 2)
PERIOD = "2026-01"
WHO = "marieke"
UNREADY = 10
"""One relation of so many is not ready."""
KILLS = 6
VICTIMS: tuple[tuple[Name, ...], ...] = (("worker",), ("server",), ("worker", "server"))
GIVE_UP_SECONDS = 7200
SEEN_SECONDS = 600
"""So long the server may take to list what it has."""
LOOK_SECONDS = 0.5


@dataclass
class StartedInBulk:
    """What came of it; `wrong` are sentences of what should not be so."""

    relations: int
    ready: int = 0
    seconds: float = 0
    killed: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    again: int = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        killed = ", ".join(f"{name} {count} times" for name, count in sorted(self.killed.items()))
        rows = [
            ("bulk start of relations", f"{self.relations}, {self.ready} of them ready"),
            ("carried out", f"in {self.seconds:.0f} s"),
            ("killed meanwhile", killed or "nothing"),
            ("lines", ", ".join(f"{count} {name}" for name, count in sorted(self.outcomes.items()))),
            ("not known at first, tried again", str(self.again)),
        ]
        yield from (f"{name:<32}{value}" for name, value in rows)

    def violations(self) -> Iterator[str]:
        """Yield every sentence of what should not be so."""
        yield from self.wrong


async def start_in_bulk(count: int, home: Path, seed: int = 1) -> StartedInBulk:
    """Play it with so many relations in an office in `home`. Raises LocalError, UnfitError and StuckError."""
    settings = settings_in(home, restart_seconds=0.2)
    async with practice_office(settings, made_up(count), lambda line: None, day=DAY) as (office, desk):
        return await _Play(office, desk, count, Random(seed)).play()


class _Play:
    """One office, its bulk run, and who kills programs."""

    def __init__(self, office: RunningOffice, desk: Desk, count: int, rng: Random) -> None:
        self._office = office
        self._desk = desk
        self._rng = rng
        self._relations = [relation.number for relation in made_up(count)]
        self._unready = self._relations[::UNREADY]
        self._outcome = StartedInBulk(count)

    async def play(self) -> StartedInBulk:
        """Make some relations unready, start for all, kill meanwhile, and look at what there is."""
        switch_off = Asked(action="set", field="sbr_enabled", value="nee")
        await self._confirm(self._prepare(switch_off, self._unready))
        number = self._prepare(Asked(action="start", template=TEMPLATE, period=PERIOD), self._relations)
        self._outcome.ready = self._look(number).ready
        began = time.monotonic()
        await self._confirm(number)
        await self._kill(number)
        await self._until_done(number)
        self._outcome.seconds = time.monotonic() - began
        await self._judge(number)
        return self._outcome

    def _prepare(self, asked: Asked, relations: Sequence[str]) -> int:
        made = runs.prepare(self._desk, WHO, asked, Chosen(numbers=" ".join(relations)))
        assert not isinstance(made, Refusal), made
        return made

    async def _confirm(self, number: int) -> None:
        count = self._look(number).ready
        refusal = await surely(
            "a bulk run to be confirmed", lambda: runs.confirm(self._desk, WHO, number, count)
        )
        assert refusal is None, refusal

    def _look(self, number: int) -> Summary:
        found = reading.read_run(self._desk, number)
        assert not isinstance(found, Refusal)
        return found.run

    async def _kill(self, number: int) -> None:
        """Kill programs whenever another part of the lines is done, each time one or both."""
        ready = self._outcome.ready
        for turn in range(KILLS):
            share = (turn + self._rng.random()) / KILLS
            await until(
                lambda share=share: f"{share:.0%} of {ready} lines; {self._look(number).settled} are done",  # type: ignore[misc]
                lambda share=share: self._look(number).settled >= share * ready,  # type: ignore[misc]
                GIVE_UP_SECONDS,
            )
            for name in self._rng.choice(VICTIMS):
                await running(self._office, name)
                old = self._office.children[name].pid
                self._office.kill(name)
                self._outcome.killed[name] += 1
                await started_again(self._office, name, old)

    async def _until_done(self, number: int) -> None:
        """Wait for the end of a run; what nobody knows of is tried again, as its page offers."""
        while True:
            await until(
                lambda: f"the run to end; {self._look(number).outcomes}",
                lambda: self._look(number).status == "done",
                GIVE_UP_SECONDS,
            )
            unknown = self._look(number).outcomes.get("unknown", 0)
            if not unknown:
                return
            self._outcome.again += unknown
            await surely("the run to go on", lambda: runs.resume(self._desk, WHO, number))

    async def _judge(self, number: int) -> None:
        """Hold every line against the filings in the database, and those against the server."""
        lines = reading.read_lines(self._desk, number)
        assert not isinstance(lines, Refusal)
        filings = self._desk.read(list_filings)
        started = Counter(one.relation for one in filings)
        self._outcome.outcomes = Counter(line.status for line in lines)
        self._outcome.wrong += judge_lines(self._relations, self._unready, lines, started)
        client = await self._desk.client()
        self._outcome.wrong += await _judge_server(client, {one.id for one in filings})
        handle = client.get_workflow_handle(workflow_id_of(number))
        with suppress(TimeoutError):
            async with asyncio.timeout(SEEN_SECONDS):
                await surely("the run's workflow to end", handle.result)
                return
        self._outcome.wrong.append("the run's workflow has not ended")


async def _judge_server(client: Client, ids: set[str]) -> list[str]:
    """Return what the server has otherwise than these filings, each once; its list lags behind a while."""
    there: Counter[str] = Counter()
    with suppress(TimeoutError):
        async with asyncio.timeout(SEEN_SECONDS):
            while {*there} != ids:
                await asyncio.sleep(LOOK_SECONDS)
                there = await surely("the filings of the server", lambda: _list_workflows(client))
    lacking = [f"{id} is not both in the database and on the server" for id in sorted({*there} ^ ids)]
    return [*lacking, *(f"{id} is on the server {many} times" for id, many in there.items() if many > 1)]


def judge_lines(
    relations: Sequence[str], unready: Sequence[str], lines: Sequence[Line], started: Counter[str]
) -> Iterator[str]:
    """Yield what should not be so of the lines of a run that has ended, and of its filings by relation."""
    told = Counter(line.relation for line in lines)
    for number in relations:
        wanted = 0 if number in unready else 1
        if started[number] != wanted:
            yield f"relation {number} has {started[number]} filings, not {wanted}"
        if told[number] != 1:
            yield f"relation {number} has {told[number]} lines"
    for line in lines:
        right = ("not_ready", "left") if line.relation in unready else ("ready", "done")
        if (line.foreseen, line.status) != right:
            yield f"the line of relation {line.relation} is {line.foreseen} and {line.status}: {line.said}"
        if line.foreseen == "not_ready" and not line.text:
            yield f"the line of relation {line.relation} has no reason"


async def _list_workflows(client: Client) -> Counter[str]:
    """Return the filings that the server has, with how many runs of each are open."""
    query = f"WorkflowType = '{TEMPLATE}' AND ExecutionStatus = 'Running'"
    return Counter([one.id async for one in client.list_workflows(query)])
