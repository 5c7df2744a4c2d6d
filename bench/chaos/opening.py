"""The opening hour: a worker is killed while every filing is open and due, and people act meanwhile.

Each filing waits for the same opening hour. Shortly before it the worker is killed, so that the one that
comes after it has to replay every filing from its history, while all their dates have come and people act.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import func, select
from temporalio.service import RPCError

from kantoor.filing.outcome import Refusal
from kantoor.local import practice
from kantoor.local.office import RunningOffice
from kantoor.office.database.errors import DatabaseError
from kantoor.office.database.tables import filings
from kantoor.office.filings.filing import list_filings
from kantoor.period import Period
from kantoor.runtime.client import Unknown
from kantoor.runtime.connecting import ServerAwayError
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Done
from kantoor.service.starting import starting
from kantoor.service.starting.starting import Selection, Wish

from ..material import TEMPLATE, made_up
from ..office import practice_office, settings_in
from .surely import surely
from .tasks import Tasks, tasks_of
from .waits import limited, until

TITLE = "at the opening hour no workflow task times out, and every filing acts"
DAY = date(2026, 1, 31)
"""The office's clock shows the morning of this day; the filings for January are due the next morning."""

PERIOD = "2026-01"
FIRST_PHASE = "verzamelen"
KILL_AT = datetime(2026, 2, 1, 7, 30)
UNTIL = datetime(2026, 2, 1, 18)
DAY_SECONDS_A_FILING = 0.4
"""A day takes so many seconds for each filing, or five: all must hear of the clock before the day is over."""

PEOPLE = 8
"""So many people act at once."""

NOTES = 5
"""So often somebody writes a note on each filing before, so that there is something to replay."""

RUNS_AGAIN = "The worker is running again."
GIVE_UP_SECONDS = 900
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Opening:
    """What came of it; seconds count from the moment at which the worker was killed.

    `unknown` counts acts that were not answered within their limit at first, `troubles` what their senders
    were told of an outside that failed.
    """

    filings: int
    events: int
    ready: float
    acted: float
    acts: int
    answered: float
    unknown: int
    troubles: Counter[str]
    tasks: Tasks

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        rows = [
            (
                "filings due at once",
                f"{self.filings}, median {self.events} events when the worker was killed",
            ),
            ("worker runs again", f"after {self.ready:.1f} s"),
            ("all filings acted", f"after {self.acted:.1f} s"),
            ("acts of people", f"{self.acts}, the last answered after {self.answered:.1f} s"),
            ("  not known at first", str(self.unknown)),
            ("  told: outside failed", ", ".join(f"{t} {n}" for t, n in self.troubles.items()) or "none"),
            ("workflow tasks", f"{self.tasks.completed} completed by the new worker"),
            ("  lost with the old one", f"{self.tasks.lost}"),
            ("  timed out, start to close", str(self.tasks.start_to_close)),
            ("  timed out, sticky queue", str(self.tasks.schedule_to_start)),
            ("  failed, or repeated unwritten", f"{len(self.tasks.failed)}, {self.tasks.unwritten}"),
        ]
        yield from (f"{name:<32}{value}" for name, value in rows)

    def violations(self) -> Iterator[str]:
        """Yield every sentence of what should not be so."""
        yield from (f"{count} times an act was told: {told}" for told, count in self.troubles.items())
        yield from (f"a workflow task failed: {cause}" for cause in self.tasks.failed)
        for count, what in (
            (self.tasks.start_to_close, "workflow tasks timed out (start to close)"),
            (self.tasks.schedule_to_start, "workflow tasks timed out on the new worker's sticky queue"),
            (self.tasks.unwritten, "workflow tasks were repeated"),
        ):
            if count:
                yield f"{count} {what}"


async def open_office(count: int, home: Path, notes: int = NOTES) -> Opening:
    """Play it with so many filings in an office in `home`. Raises LocalError and UnfitError."""
    relations = made_up(count)
    seconds_per_day = max(5, count * DAY_SECONDS_A_FILING)
    settings = settings_in(home, restart_seconds=0.2)
    sticky = {"sticky_queue_seconds": settings.transport.sticky_queue_seconds}  # as in a real office
    settings = settings.model_copy(update={"practice": settings.practice.model_copy(update=sticky)})
    told: list[str] = []
    opened = practice_office(settings, relations, told.append, day=DAY, seconds_per_day=seconds_per_day)
    async with opened as (office, desk):
        numbers = tuple(relation.number for relation in relations)
        return await _Play(office, desk, numbers, notes, told).play()


class _Play:
    """One office, its filings and the people who write notes on them."""

    def __init__(
        self, office: RunningOffice, desk: Desk, relations: tuple[str, ...], notes: int, told: list[str]
    ) -> None:
        self._office = office
        self._desk = desk
        self._relations = relations
        self._names = [f"{TEMPLATE}/{number}/{PERIOD}" for number in relations]
        self._notes = notes
        self._told = told
        self._unknown: set[str] = set()
        self._troubles: Counter[str] = Counter()

    async def play(self) -> Opening:
        """Begin the filings, kill the worker before the opening hour, and see what comes of it."""
        await self._begin()
        client = await self._desk.client()
        database = self._desk.equipment.database
        await surely("the clock to run", lambda: practice.run(self._desk.settings, database, client, UNTIL))
        await practice.wait(database, KILL_AT, lambda _: None)
        self._unknown.clear()
        moment, began = datetime.now(UTC), time.monotonic()
        self._office.kill("worker")
        ready, acted, answered = await asyncio.gather(
            _timed(began, until("the worker", lambda: RUNS_AGAIN in self._told, GIVE_UP_SECONDS)),
            _timed(began, until(self._tell_missing, lambda: not self._missing(), GIVE_UP_SECONDS)),
            _timed(began, self._note("Bij openingstijd", "opening")),
        )
        ids = [filing.id for filing in self._desk.read(list_filings)]
        tasks = await tasks_of(client, ids, moment)
        return Opening(
            filings=len(ids),
            events=round(median(tasks.events_before)),
            ready=ready,
            acted=acted,
            acts=len(self._names),
            answered=answered,
            unknown=len(self._unknown),
            troubles=self._troubles,
            tasks=tasks,
        )

    async def _begin(self) -> None:
        wish = Wish(
            template=TEMPLATE, period=Period.parse(PERIOD), selection=Selection(relations=self._relations)
        )
        begun = await surely(
            "filings to start", lambda: starting.start(self._desk, "marieke", wish, dry_run=False)
        )
        assert not isinstance(begun, Refusal), begun.text
        await self._until_recorded(1)
        for number in range(self._notes):
            await self._note(f"Notitie {number}", f"voor-{number}")
        await self._until_recorded(1 + self._notes)

    def _missing(self) -> list[str]:
        """Return the filings that are not in their first phase, though the office has opened."""
        query = select(filings.c.id, filings.c.phases)
        rows = self._desk.read(lambda connection: connection.execute(query).all())
        return [row.id for row in rows if FIRST_PHASE not in row.phases]

    def _count_recorded(self, steps: int) -> int:
        query = select(func.count()).where(filings.c.recorded >= steps)
        return self._desk.read(lambda connection: connection.execute(query).scalar_one())

    def _tell_missing(self) -> str:
        return f"these filings to enter {FIRST_PHASE}: {self._missing()}"

    async def _until_recorded(self, steps: int) -> None:
        await until(
            lambda: f"{len(self._names)} filings to record step {steps}; {self._count_recorded(steps)} did",
            lambda: self._count_recorded(steps) == len(self._names),
            GIVE_UP_SECONDS,
        )

    async def _note(self, text: str, id: str) -> None:
        """Write a note on every filing, some people at once, each until it is known to be there."""
        slots = asyncio.Semaphore(PEOPLE)

        async def one(name: str) -> None:
            async with slots, limited(f"{name} to take note {id}", GIVE_UP_SECONDS):
                while not isinstance(await self._once(name, text, id), Done):
                    pass

        await asyncio.gather(*(one(name) for name in self._names))

    async def _once(self, name: str, text: str, id: str) -> object:
        try:
            outcome = await Acts(self._desk, "sanne", id).note(name, text)
        except (RPCError, ServerAwayError, DatabaseError) as error:
            status = f" {error.status.name} {error.message}" if isinstance(error, RPCError) else ""
            self._troubles[type(error).__name__ + status] += 1
            await asyncio.sleep(LOOK_SECONDS)
            return None
        if isinstance(outcome, Unknown):
            self._unknown.add(name)
        elif isinstance(outcome, Refusal):
            raise AssertionError(outcome.text)
        return outcome


async def _timed(began: float, work: Awaitable[None]) -> float:
    """Do the work; return how many seconds had passed since `began` when it was done."""
    await work
    return time.monotonic() - began
