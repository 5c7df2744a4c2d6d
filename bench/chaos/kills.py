"""Killing programs with SIGKILL: at a random moment, or just when something was delivered or mailed."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event

from kantoor.local.office import RunningOffice
from kantoor.local.programs import Name, simulator_folder

from .waits import until

PROGRAMS: tuple[Name, ...] = ("worker", "server", "digipoort", "mail")
WATCH_SECONDS = 0.0005
SIGHT_SECONDS = 4
"""How long to look out for a delivery or a message before killing anyway."""

SHARE_AT_SIGHT = 0.7
AFTER_SIGHT_SECONDS = 0.015


@dataclass(frozen=True, slots=True)
class Kill:
    """A program that was killed, at any moment or at the sight of something."""

    round: int
    program: Name
    what: str


class Killer:
    """Kills programs of one office and remembers it."""

    def __init__(self, office: RunningOffice, rng: Random) -> None:
        self._office = office
        self._rng = rng
        self.kills: list[Kill] = []

    async def run(self, round_number: int, programs: Sequence[Name], pause: float) -> None:
        """Kill these one after another, `pause` seconds apart on average."""
        for program in programs:
            await asyncio.sleep(self._rng.uniform(0.2, 2 * pause))
            await running(self._office, program)
            what, sight = self._moment()
            after = self._rng.uniform(0, AFTER_SIGHT_SECONDS)
            kill = Kill(round_number, program, what)
            over = Event()
            try:
                # In a thread: the moments meant are shorter than the other work of this process.
                await asyncio.to_thread(self._strike, kill, sight, after, over)
            finally:
                over.set()

    def victims(self, count: int) -> list[Name]:
        """Return whom to kill in a round, in any order: each once if that fits, the worker more often."""
        more = max(count - len(PROGRAMS), 0)
        names = [*PROGRAMS, *(self._rng.choice(("worker", *PROGRAMS)) for _ in range(more))]
        self._rng.shuffle(names)
        return names[:count]

    def _moment(self) -> tuple[str, Path | None]:
        """Choose a moment: any, or when a file shows that a delivery, a message or a record is under way."""
        if self._rng.random() > SHARE_AT_SIGHT:
            return "any moment", None
        settings = self._office.settings
        sights = [
            ("a delivery", simulator_folder(settings) / "journal.jsonl"),
            ("a message", settings.mailbox),
            ("a record", settings.home / "kantoor.db-wal"),
        ]
        return self._rng.choice(sights)

    def _strike(self, kill: Kill, sight: Path | None, after: float, over: Event) -> None:
        """Wait for the sight, but not too long, and kill, unless the round is over before that."""
        end = time.monotonic() + SIGHT_SECONDS
        before = _mark(sight)
        while sight is not None and _mark(sight) == before and time.monotonic() < end and not over.is_set():
            time.sleep(WATCH_SECONDS)
        if over.wait(after) or self._office.children[kill.program].pid is None:
            return
        self._office.kill(kill.program)
        self.kills.append(kill)


async def running(office: RunningOffice, program: Name) -> None:
    """Wait until a program runs (again); it may not be ready yet. Raises StuckError."""
    await until(f"the {program} to run", lambda: office.children[program].pid is not None)


async def started_again(office: RunningOffice, program: Name, old: int | None) -> None:
    """Wait until a program that was killed runs as another process. Raises StuckError."""
    await until(f"the {program} to be started again", lambda: office.children[program].pid not in (None, old))


def _mark(path: Path | None) -> tuple[int, int]:
    try:
        found = path.stat() if path else None
    except FileNotFoundError:
        found = None
    return (found.st_size, found.st_mtime_ns) if found else (0, 0)
