"""Killing programs with SIGKILL: at a random moment, or just when something was delivered or mailed."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from kantoor.local.office import RunningOffice
from kantoor.local.programs import Name, simulator_folder

PROGRAMS: tuple[Name, ...] = ("worker", "server", "digipoort")
LOOK_SECONDS = 0.005
SIGHT_SECONDS = 4
"""How long to look out for a delivery or a message before killing anyway."""


@dataclass(frozen=True, slots=True)
class Kill:
    """A program that was killed; `what` says at which moment, `at` is seconds into the run."""

    round: int
    program: Name
    what: str
    at: float


class Killer:
    """Kills programs of one office and remembers it."""

    def __init__(self, office: RunningOffice, rng: Random) -> None:
        self._office = office
        self._rng = rng
        self._began = time.monotonic()
        self.kills: list[Kill] = []

    async def run(self, round_number: int, programs: Sequence[Name], pause: float) -> None:
        """Kill these one after another, `pause` seconds apart on average."""
        for program in programs:
            await asyncio.sleep(self._rng.uniform(0.2, 2 * pause))
            child = self._office.children[program]
            await running(self._office, program)
            what = await self._moment(program)
            if child.pid is not None:
                self._office.kill(program)
                self.kills.append(Kill(round_number, program, what, time.monotonic() - self._began))

    def victims(self, count: int) -> list[Name]:
        """Return whom to kill in a round: each program at least once when there are so many, in any order."""
        names = [*PROGRAMS, *(self._rng.choice(PROGRAMS) for _ in range(max(count - len(PROGRAMS), 0)))]
        self._rng.shuffle(names)
        return names[:count]

    async def _moment(self, program: Name) -> str:
        if self._rng.random() < 0.4:
            return "any"
        settings = self._office.settings
        what, sight = self._rng.choice(
            [
                ("delivery", simulator_folder(settings) / "journal.jsonl"),
                ("message", settings.mailbox),
                ("record", settings.home / "kantoor.db-wal"),
            ]
        )
        before, end = _mark(sight), time.monotonic() + SIGHT_SECONDS
        while _mark(sight) == before:
            if time.monotonic() > end:
                return "any"
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(self._rng.uniform(0, 0.03))
        return what


async def running(office: RunningOffice, program: Name) -> None:
    """Wait until a program runs (again); it may not be ready yet."""
    while office.children[program].pid is None:  # noqa: ASYNC110  the supervisor has no event for it
        await asyncio.sleep(LOOK_SECONDS)


def _mark(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)
