"""Filings that are moved to other plans and back while the worker is killed again and again (R40).

An office of its own. Each filing goes to a plan with random edits, back, and to another; whoever moves
it repeats each move by its id until it is known to be done. Half of them are asked for when it is safe, and
are done once the record says so. Then everybody goes on with the work.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from kantoor.filing.digests import state_digest
from kantoor.filing.outcome import Refusal
from kantoor.filing.state import State
from kantoor.filing.view import read_view
from kantoor.local.office import RunningOffice
from kantoor.office.database.tables import timeline
from kantoor.office.filings.filing import Filing, find_filing, list_filings
from kantoor.office.filings.records import read_events
from kantoor.office.plans import active_office, active_plans, publish, require_plan
from kantoor.office.visits.managers import make_manager
from kantoor.period import Period
from kantoor.plan import digest
from kantoor.runtime.client import filing_state
from kantoor.runtime.rebuilding import RebuildError, rebuild
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Done
from kantoor.service.filings.move_verdicts import MoveWish
from kantoor.service.filings.moving import Carried, move_filing, preview_move
from kantoor.service.starting import starting
from kantoor.service.starting.starting import Selection, Wish

from ..material import TEMPLATE, made_up
from ..office import practice_office, settings_in
from .edits import draw_plans
from .opening import RUNS_AGAIN
from .surely import AGAIN_SECONDS, surely
from .waits import LIMIT_SECONDS, limited, until

TITLE = "moved once, as it was told, and goes on by the plan it was moved to"
DAY = date(2026, 2, 2)
PERIOD = "2026-01"
FIRST, NEXT = "verzamelen", "opstellen"
MOVER, DOER = "marieke", "sanne"
EDITED = 12
"""Plans to which filings are moved."""
PEOPLE = 8
KILL_SECONDS = 1.5
"""From the moment at which a worker is ready until it is killed, on average."""

WHEN_SAFE = 0.5
"""The part of the moves that is asked for when it is safe."""

LATER = ("move_later", "move_changed", "move_stays", "other_plan")
"""What passes by itself: something is on its way, or the record lags behind and has the plan before."""


@dataclass
class MovedOften:
    """What came of it; `wrong` are sentences of what should not be so."""

    filings: int
    moves: int = 0
    when_safe: int = 0
    later: int = 0
    kills: int = 0
    seconds: float = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        rows = [
            ("filings moved", f"{self.filings}, {self.moves} moves in {self.seconds:.0f} s"),
            ("by themselves, when safe", str(self.when_safe)),
            ("worker killed meanwhile", f"{self.kills} times"),
            ("refused first, for later", str(self.later)),
        ]
        yield from (f"{name:<32}{value}" for name, value in rows)

    def violations(self) -> Iterator[str]:
        """Yield every sentence of what should not be so."""
        yield from self.wrong


async def move_often(count: int, home: Path, seed: int = 1) -> MovedOften:
    """Play it with so many filings in an office in `home`. Raises LocalError, UnfitError and StuckError."""
    settings = settings_in(home, restart_seconds=0.2)
    told: list[str] = []
    async with practice_office(settings, made_up(count), told.append, day=DAY) as (office, desk):
        return await _Play(office, desk, count, Random(seed), told).play()


class _Play:
    """One office, its filings, and who moves them."""

    def __init__(self, office: RunningOffice, desk: Desk, count: int, rng: Random, told: list[str]) -> None:
        self._office = office
        self._desk = desk
        self._rng = rng
        self._outcome = MovedOften(count)
        self._relations = tuple(relation.number for relation in made_up(count))
        self._told = told
        self._over = False

    async def play(self) -> MovedOften:
        """Begin the filings, move them all while the worker is killed, work on, and look at the record."""
        names = await self._begin()
        old, edits = self._publish()
        began, killer = time.monotonic(), asyncio.create_task(self._kill())
        slots, targets = asyncio.Semaphore(PEOPLE), cycle(edits)
        ways = {name: (next(targets), old, self._rng.choice(edits)) for name in names}
        try:
            await asyncio.gather(*(self._move(slots, name, way) for name, way in ways.items()))
        finally:
            self._over = True
            await killer
        self._outcome.seconds = time.monotonic() - began
        await asyncio.gather(*(self._work(slots, name) for name in names))
        for name, way in ways.items():
            self._outcome.wrong += await self._judge(name, way[-1])
        return self._outcome

    async def _begin(self) -> list[str]:
        selection = Selection(relations=self._relations)
        wish = Wish(template=TEMPLATE, period=Period.parse(PERIOD), selection=selection)
        begun = await surely(
            "filings to start", lambda: starting.start(self._desk, MOVER, wish, dry_run=False)
        )
        assert not isinstance(begun, Refusal), begun.text

        def begun_all() -> bool:
            return all(FIRST in filing.phases for filing in self._desk.read(list_filings))

        await until("every filing to begin", begun_all)
        return [f"{TEMPLATE}/{number}/{PERIOD}" for number in self._relations]

    def _publish(self) -> tuple[str, tuple[str, ...]]:
        """Publish every edit, the shipped plans last; return the digests of the shipped one and the edits."""
        with self._desk.equipment.database.write() as connection:
            make_manager(connection, MOVER, datetime.now(UTC))
            office, plans = active_office(connection), [one.plan for one in active_plans(connection)]
            assert office is not None
            shipped = next(one for one in plans if one.template == TEMPLATE)
            edits = draw_plans(shipped, self._rng, EDITED)
            for edited in ([one] for one in edits):
                publish(connection, edited, office, revision="", author="", at=datetime.now(UTC))
            publish(connection, plans, office, revision="", author="", at=datetime.now(UTC))
            return digest(shipped), tuple(map(digest, edits))

    async def _kill(self) -> None:
        while not self._over:
            await asyncio.sleep(self._rng.uniform(0, 2 * KILL_SECONDS))
            again = self._told.count(RUNS_AGAIN)
            self._office.kill("worker")
            self._outcome.kills += 1
            await until("the worker to be ready again", lambda n=again: self._told.count(RUNS_AGAIN) > n)  # type: ignore[misc]

    async def _move(self, slots: asyncio.Semaphore, name: str, way: tuple[str, ...]) -> None:
        for number, target in enumerate(way):
            async with slots, limited(f"{name} to move for the {number + 1}th time"):
                when_safe = self._rng.random() < WHEN_SAFE
                while not await self._is_moved(name, target, f"move-{number}", when_safe=when_safe):
                    pass
                if when_safe:
                    moved = partial(self._is_on, name, target)
                    await until(f"{name} to move by itself for the {number + 1}th time", moved)

    def _is_on(self, name: str, target: str) -> bool:
        return self._find(name).plan == target

    async def _is_moved(self, name: str, target: str, id: str, *, when_safe: bool) -> bool:
        wish = MoveWish(to=target)
        carried = await surely(
            f"{name} to move", lambda: self._move_shown(name, wish, id, when_safe=when_safe)
        )
        outcome = carried.outcome
        if isinstance(outcome, Refusal):
            assert outcome.code in LATER, f"{name}: {outcome.code} {outcome.text}"
            self._outcome.later += 1
            await asyncio.sleep(AGAIN_SECONDS)
        self._outcome.moves += isinstance(outcome, Done)
        self._outcome.when_safe += isinstance(outcome, Done) and when_safe
        return isinstance(outcome, Done)

    async def _move_shown(self, name: str, wish: MoveWish, id: str, *, when_safe: bool) -> Carried:
        shown = preview_move(self._desk, name, wish, when_safe=when_safe)
        mark = "" if isinstance(shown, Refusal) else shown.mark
        return await move_filing(self._desk, MOVER, name, wish, mark, id, when_safe=when_safe)

    async def _work(self, slots: asyncio.Semaphore, name: str) -> None:
        """Do what the first phase asks, and complete it."""
        phase = read_view(self._find(name).view).phases[0]
        ticked = [one.id for one in phase.checkpoints if one.required and one.by is None]
        steps = [partial(_tick, name, one) for one in ticked] + [partial(_complete, name)]
        async with slots:
            for number, step in enumerate(steps):
                acts = Acts(self._desk, DOER, f"step-{number}")
                async with limited(f"{name} to take an act"):
                    while not isinstance(done := await surely(f"{name} to act", partial(step, acts)), Done):
                        assert not isinstance(done, Refusal), done
        await until(f"{name} to enter {NEXT}", lambda: NEXT in self._find(name).phases)

    async def _judge(self, name: str, target: str) -> list[str]:
        """Return what of a filing should not be so: held against each other are its record and itself."""
        filing = self._find(name)
        state = await surely(f"{name} to answer", lambda: self._state(filing.id))
        plan = self._desk.read(lambda connection: require_plan(connection, filing.plan))
        found = [] if filing.plan == target else [f"{name} is on {filing.plan[:12]}, not on {target[:12]}"]
        if not isinstance(state, State) or state_digest(plan, state) != filing.state_digest:
            found.append(f"{name}: the recorded state is not the filing's own")
        moved = self._desk.read(lambda connection: _count_moved(connection, filing.id))
        if moved != len(("there", "back", "there again")):
            found.append(f"{name} was moved {moved} times")
        try:
            steps = self._desk.read(lambda connection: self._rebuild(connection, filing))
        except RebuildError as error:
            return [*found, f"{name}: {error}"]
        return found if steps == filing.recorded else [*found, f"{name}: {steps} events are kept"]

    async def _state(self, id: str) -> object:
        client = await self._desk.client()
        async with asyncio.timeout(LIMIT_SECONDS):
            while True:
                state = await filing_state(client, id)
                recorded = self._desk.read(lambda connection: find_filing(connection, id))
                if isinstance(state, State) and recorded and recorded.recorded == state.journal.sequence:
                    return state

    def _rebuild(self, connection: Connection, filing: Filing) -> int:
        events = read_events(connection, filing.id, self._desk.equipment.document_ring.open_sealed)
        return len(list(rebuild(filing.plan, events, partial(require_plan, connection))))

    def _find(self, name: str) -> Filing:
        found = self._desk.read(lambda connection: find_filing(connection, f"{name}/-/1"))
        assert found is not None, name
        return found


async def _tick(name: str, checkpoint: str, acts: Acts) -> object:
    return await acts.check(name, checkpoint)


async def _complete(name: str, acts: Acts) -> object:
    return await acts.complete(name)


def _count_moved(connection: Connection, id: str) -> int:
    query = timeline.select().where(timeline.c.filing == id, timeline.c.what == "moved")
    return len(connection.execute(query).all())
