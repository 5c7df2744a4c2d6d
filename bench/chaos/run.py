"""The run: rounds of filings in one office, each begun, played and disturbed, until all have ended."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from ruamel.yaml import YAML

from kantoor.filing.outcome import Refusal
from kantoor.local import practice
from kantoor.local.errors import LocalError
from kantoor.local.office import RunningOffice
from kantoor.period import Period
from kantoor.runtime.client import NotRunning, Unknown
from kantoor.service.desk import Desk
from kantoor.service.starting import recurrences, starting
from kantoor.service.starting.starting import Line, Selection, Wish

from ..material import TEMPLATE, Made, made_up
from ..office import practice_office, settings_in
from .evidence import Evidence, gather
from .kills import Kill, Killer, running
from .lists import Lists
from .memory import Memory
from .people import MANNERS, Manners, Player
from .scenes import (
    BACK_SECONDS,
    FIRST_MONTH_OF_QUARTER,
    MAIL_DAYS,
    OLD_SECONDS,
    QUARTER_FROM,
    REVIEWED,
    REVIVE_SECONDS,
    SCENES,
    Imports,
    Loss,
    People,
    Scene,
    hold_mail,
    make_quarterly,
    take_product,
)
from .stories import QUARTER, Part, Story, cast, period_of, script_of
from .surely import surely
from .waits import StuckError, limited

T = TypeVar("T")

FIRST_DAY = date(2026, 1, 30)
"""The office begins shortly before January's returns can be made, and goes on a month with each round."""

DAYS = 28
"""About so many days of office time go by in a round."""

AGAIN_SECONDS = 0.1
ROUND_SECONDS = 900
"""A filing that has not ended by then stands still, however busy the machine is."""

RECURRING_SHARE = 0.6
"""Of the relations: these returns start by themselves, the others by hand, twice at the same time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be run: `kills` in a round, `day` the real seconds that an office day takes."""

    seed: int
    rounds: int = 5
    filings: int = 12
    informed: int = 2
    kills: int = 6
    day: float = 0.8
    manners: Manners = MANNERS
    scenes: frozenset[Scene] = frozenset(SCENES)
    stories: tuple[Story, ...] = ()
    """Where they are given: the first relation's, and that of all others."""
    answer_seconds: float | None = None
    """How long Digipoort may take to answer; None leaves what a practice office has."""


@dataclass(frozen=True)
class Ran:
    """What was run, and everything that can be held against everything else."""

    wanted: Wanted
    parts: tuple[tuple[Part, ...], ...]
    kills: tuple[Kill, ...]
    memory: Memory
    people: People
    loss: Loss
    evidence: Evidence
    seconds: float


async def run(wanted: Wanted, home: Path, say: Callable[[str], None]) -> Ran:
    """Run the rounds in an office in `home`; every record is read while nothing is killed any more.

    Raises LocalError when the office does not come up, and StuckError.
    """
    began = time.monotonic()
    rng = Random(wanted.seed)
    relations = made_up(wanted.filings, wanted.informed)
    members: tuple[Made, ...] = ()
    if "unit" in wanted.scenes:
        relations, members = _unite(relations)
    parts = cast(relations, wanted.rounds, rng)
    if "frequency" in wanted.scenes:
        parts = _by_quarter(parts, relations[0])
    if wanted.stories:
        parts = _told(parts, wanted.stories)
    script = _write_script(home, parts)
    settings = settings_in(home, script=script, restart_seconds=0.2, steady_seconds=3)
    if wanted.answer_seconds is not None:
        answers = {"answer_seconds": wanted.answer_seconds}
        settings = settings.model_copy(update={"practice": settings.practice.model_copy(update=answers)})
    said: list[str] = []
    opened = practice_office(
        settings, (*relations, *members), said.append, day=FIRST_DAY, seconds_per_day=wanted.day
    )
    async with opened as (office, desk):
        rounds = _Rounds(wanted, office, desk, relations, members, parts, rng)
        async with meanwhile(rounds.lists.run()):
            for number, played in enumerate(parts, 1):
                say(await rounds.play(number, played))
                if rounds.memory.wrong:
                    say(f"ended after round {number}: {rounds.memory.wrong[0]}")
                    break
        evidence = await gather(office, desk, said, rounds.loss.forgotten)
    seconds = time.monotonic() - began
    return Ran(
        wanted,
        parts,
        tuple(rounds.killer.kills),
        rounds.memory,
        rounds.people,
        rounds.loss,
        evidence,
        seconds,
    )


def _write_script(home: Path, parts: tuple[tuple[Part, ...], ...]) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    script = home / "script.yaml"
    YAML(typ="safe").dump(script_of(part for played in parts for part in played), script)
    return script


def _told(parts: tuple[tuple[Part, ...], ...], stories: tuple[Story, ...]) -> tuple[tuple[Part, ...], ...]:
    """Give the first part of each round the first story, and the others the last."""
    return tuple(
        tuple(replace(part, story=stories[0 if i == 0 else -1]) for i, part in enumerate(played))
        for played in parts
    )


def _unite(relations: tuple[Made, ...]) -> tuple[tuple[Made, ...], tuple[Made, ...]]:
    """Make a fiscal unit of a relation that is started by hand and another one under the same OB number."""
    place = next(i for i in reversed(range(len(relations))) if not relations[i].informed)
    first = replace(relations[place], unit=True)
    united = (*relations[:place], first, *relations[place + 1 :])
    return united, (Made("2001", first.rsin, unit=True, was_taken=True),)


def _by_quarter(parts: tuple[tuple[Part, ...], ...], relation: Made) -> tuple[tuple[Part, ...], ...]:
    """Let a relation have a quarter, which is cancelled, for the months from the second quarter on."""
    left: list[tuple[Part, ...]] = []
    for number, played in enumerate(parts, 1):
        others = tuple(p for p in played if p.relation != relation or number < FIRST_MONTH_OF_QUARTER)
        if number == FIRST_MONTH_OF_QUARTER:
            others = (Part(relation, number, QUARTER_FROM, QUARTER), *others)
        left.append(others)
    return tuple(left)


class _Rounds:
    """One office, its people's memory, and what disturbs it."""

    def __init__(
        self,
        wanted: Wanted,
        office: RunningOffice,
        desk: Desk,
        relations: Sequence[Made],
        members: Sequence[Made],
        parts: tuple[tuple[Part, ...], ...],
        rng: Random,
    ) -> None:
        self.lists = Lists(desk)
        self.memory = Memory()
        self.killer = Killer(office, Random(rng.random()))
        self.imports = Imports(desk, desk.settings.home / "exchanged")
        self.people = People(desk, self.lists, Random(rng.random()), self.imports)
        self._wanted = wanted
        self._office = office
        self._desk = desk
        self._rng = rng
        self._parts = parts
        self._members = tuple(member.number for member in members)
        self.loss = Loss(office, desk, self.killer, self.memory, self.lists)
        self._lost_in = rng.randint(1, wanted.rounds)
        self._quarterly_in = rng.randint(1, min(wanted.rounds, 2))
        # Not in the round whose import would be lost with the database.
        others = [number for number in range(1, wanted.rounds + 1) if number != self._quarterly_in]
        self._back_in = rng.choice(others or [1])
        recurs = round(len(relations) * RECURRING_SHARE)
        self._by_itself = tuple(relation.number for relation in relations[:recurs])
        self._by_hand = tuple(relation.number for relation in relations[recurs:])

    async def play(self, number: int, parts: Sequence[Part]) -> str:
        """Play a round; return a line about it."""
        began = time.monotonic()
        players = [self._player(part) for part in parts]
        victims = self.killer.victims(self._wanted.kills)
        before = len(self.killer.kills)
        pause = DAYS * self._wanted.day / max(len(victims), 1)
        async with meanwhile(self.killer.run(number, victims, pause)):
            try:
                async with asyncio.timeout(ROUND_SECONDS):
                    await self._begin(number)
                    async with self._scenes(number, parts):
                        await asyncio.gather(*(self._tell_stuck(player.play()) for player in players))
            except TimeoutError:
                self.memory.wrong.append(f"round {number} was not over after {ROUND_SECONDS} s")
            except StuckError as error:
                self.memory.wrong.append(f"round {number} did not begin: {error}")
        await self._all_up()
        kills = ", ".join(f"{k.program} at {k.what}" for k in self.killer.kills[before:])
        return f"round {number}: {len(parts)} filings in {time.monotonic() - began:.0f} s; killed {kills}"

    @asynccontextmanager
    async def _scenes(self, number: int, parts: Sequence[Part]) -> AsyncIterator[None]:
        """Have the scenes of a round happen beside the block; what they began is ended with it."""
        over = asyncio.Event()
        wanted: list[Coroutine[Any, Any, None]] = []
        if "people" in self._wanted.scenes:
            asked = {part.filing: part.relation for part in parts if not part.relation.informed}
            wanted.append(self.people.run(asked, over))
        if "mail" in self._wanted.scenes:
            wanted.append(self._hold_mail(number, [part.filing for part in parts], over))
        if "frequency" in self._wanted.scenes and number == self._quarterly_in:
            day = self._rng.uniform(0, DAYS) * self._wanted.day
            wanted.append(make_quarterly(self.imports, self._by_itself[0], day, over))
        if "revive" in self._wanted.scenes and number == self._lost_in:
            wanted.append(self.loss.run(number, self._rng.uniform(*REVIVE_SECONDS), over))
        if "yesterday" in self._wanted.scenes and number == self._back_in:
            seconds, since = self._rng.uniform(*BACK_SECONDS), self._rng.uniform(*OLD_SECONDS)
            wanted.append(self.loss.go_back(number, seconds, since, over))
        async with asyncio.TaskGroup() as group:
            for scene in wanted:
                group.create_task(self._tell_stuck(scene))
            try:
                yield
            finally:
                over.set()

    async def _tell_stuck(self, work: Coroutine[Any, Any, None]) -> None:
        """Remember what does not go on, and let the others go on."""
        try:
            await work
        except StuckError as error:
            self.memory.wrong.append(str(error))

    async def _hold_mail(self, number: int, filings: Sequence[str], over: asyncio.Event) -> None:
        """Have the mail server away for days, from when the first return is reviewed."""
        while not any(REVIEWED in self.lists.phases(filing) for filing in filings):
            if over.is_set():
                return
            await asyncio.sleep(AGAIN_SECONDS)
        await hold_mail(self._office, self.killer, number, MAIL_DAYS * self._wanted.day, over)

    def _player(self, part: Part) -> Player:
        rng = Random(self._rng.random())
        return Player(part, self._desk, self.lists, self.memory, rng, self._wanted.manners)

    async def _begin(self, number: int) -> None:
        """Start what does not start by itself, and let the clock run through the month after the period."""
        if number == 1:
            await self._start(number, self._by_itself, recurring_too=True)
        if number == self._wanted.rounds:
            await self._stop_recurrences(number)
        # Whoever starts by hand clicks twice.
        await asyncio.gather(*(self._start(number, self._by_hand, recurring_too=False) for _ in range(2)))
        if self._members:
            await self._start_members(number)
        until = practice.closing_of(datetime(2026, number + 1, 27))
        database = self._desk.equipment.database
        await surely(
            "the clock to run",
            lambda: _with_client(self._desk, lambda c: practice.run(self._desk.settings, database, c, until)),
        )

    async def _start(self, number: int, relations: tuple[str, ...], *, recurring_too: bool) -> None:
        lines = await surely(
            f"the filings of round {number} to start",
            lambda: self._try_start(number, relations, recurring_too=recurring_too),
        )
        bad = lines.text if isinstance(lines, Refusal) else [x for x in lines if x.result == "not_ready"]
        if bad:
            self.memory.wrong.append(f"not started: {bad}")

    async def _try_start(
        self, number: int, relations: tuple[str, ...], *, recurring_too: bool = False
    ) -> Sequence[Line] | Refusal:
        wish = Wish(
            template=TEMPLATE,
            period=Period.parse(period_of(number)),
            selection=Selection(relations=relations),
            recurring=recurring_too,
        )
        return await starting.start(self._desk, "marieke", wish, dry_run=False)

    async def _start_members(self, number: int) -> None:
        """Agree on the month with who shares an OB number with a relation that files it; none may begin."""
        for member in self._members:
            await take_product(self.imports, member, Period.parse(period_of(number)))
        lines = await surely("who may not start", lambda: self._try_start(number, self._members))
        begun = [] if isinstance(lines, Refusal) else [x for x in lines if x.result != "not_ready"]
        if begun:
            self.memory.wrong.append(f"a second return of one OB number began: {begun}")

    async def _stop_recurrences(self, number: int) -> None:
        """Stop what starts by itself once the last round's filing is there, before the next one comes."""
        for relation in self._by_itself:
            await self.lists.until(
                self._last_of(relation), "to be started by its recurrence", lambda step, status: True
            )
            name, act = f"{TEMPLATE}/{relation}", f"stop-{relation}"

            async def stop(name: str = name, act: str = act) -> Refusal | NotRunning | Unknown | object:
                return await recurrences.change(self._desk, "marieke", name, "stop", act)

            async with limited(f"{name} to be stopped"):
                outcome = await surely(f"{name} to be stopped", stop)
                while isinstance(outcome, Unknown | NotRunning):
                    await asyncio.sleep(AGAIN_SECONDS)
                    outcome = await surely(f"{name} to be stopped", stop)
            if not isinstance(outcome, recurrences.Changed):
                self.memory.wrong.append(f"{name} was not stopped: {outcome}")

    def _last_of(self, relation: str) -> str:
        """Return the last filing that is played of a relation."""
        return [p.filing for played in self._parts for p in played if p.relation.number == relation][-1]

    async def _all_up(self) -> None:
        """Wait until every program runs again, and the server answers."""
        for name in self._office.children:
            await running(self._office, name)
        await self._office.client()


async def _with_client(desk: Desk, call: Callable[[Any], Awaitable[T]]) -> T:
    return await call(await desk.client())


@asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do something beside the block, and stop it with the block; its errors are the block's."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        if not task.done():
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    if not task.cancelled() and task.exception() is not None:
        raise LocalError("what went on beside it broke off") from task.exception()
