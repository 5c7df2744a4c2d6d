"""`python -m bench.profile`, or `make profile`: where a worker's CPU goes while it carries filings.

The story of `bench.life`, with a worker of `bench.profiled` in the office's own worker's place; what the same
worker uses while nothing happens is taken off. Measuring costs a few percent: the shares are what to read.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from kantoor.local.office import RunningOffice
from kantoor.local.programs import Program

from . import life
from .chaos.memory import Memory
from .material import made_up
from .office import own_folder, practice_office, quiet, settings_in, stop_on_signals

LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Room:
    """CPU seconds and calls for one filing."""

    name: str
    seconds: float
    calls: float = 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """The rooms of one filing, and the CPU of its worker."""

    rooms: tuple[Room, ...]
    total: float

    def lines(self) -> Iterator[str]:
        """Yield what to print, the dearest room first."""
        yield f"{'room':<44}{'ms':>8}{'%':>7}{'calls':>8}"
        for room in sorted(self.rooms, key=lambda room: -room.seconds):
            calls = f"{room.calls:8.1f}" if room.calls else ""
            yield f"{room.name:<44}{room.seconds * 1000:8.1f}{room.seconds / self.total:7.1%}{calls}"
        yield f"{'worker CPU for one filing':<44}{self.total * 1000:8.1f}"


async def measure(folder: Path, filings: int = life.FILINGS) -> Profile:
    """Measure in an office of its own in `folder`."""
    relations, memory = made_up(filings + 1), Memory()
    opened = practice_office(
        settings_in(folder / "home"),
        relations,
        lambda line: None,
        day=life.DAY,
        definitions=life.shortened(folder / "definitions"),
    )
    async with opened as (office, desk), life.watched(desk) as lists:
        file = folder / "rooms.json"
        await _replace_worker(office, file)
        await life.play(desk, lists, memory, relations[:1])
        began, before = time.monotonic(), await _look(office, file)
        await asyncio.sleep(life.IDLE_SECONDS)
        idle, first = time.monotonic(), await _look(office, file)
        memory.sent.clear()
        await life.play(desk, lists, memory, relations[1:])
        ended, last = time.monotonic(), await _look(office, file)
    part = (ended - idle) / (idle - began)
    used = {
        name: (last[name] - first.get(name, 0.0) - (first.get(name, 0.0) - before.get(name, 0.0)) * part)
        / filings
        for name in last
    }
    return _profile(used)


def _profile(used: dict[str, float]) -> Profile:
    """Return the rooms, and what no room books as the SDK's."""
    total, core = used["process"], used["thread core"]
    calls = {name.removeprefix("calls "): count for name, count in used.items() if name.startswith("calls ")}
    rooms = [Room(name, used[f"room {name}"], count) for name, count in calls.items()]
    rest = total - core - sum(room.seconds for room in rooms)
    rooms.append(Room("SDK: core (Rust)", core))
    rooms.append(Room("SDK: Python loops, executors, other", rest))
    return Profile(tuple(rooms), total)


async def _replace_worker(office: RunningOffice, file: Path) -> None:
    """End the office's worker, so that the office starts it again as a profiled one; wait until it works."""
    child = office.children["worker"]
    program: Program = child.program
    child.program = replace(program, words=(sys.executable, "-m", "bench.profiled", str(file)))
    lines = child.log.read_text().count(program.ready_line or "")
    office.kill("worker")
    while child.log.read_text().count(program.ready_line or "") == lines:  # noqa: ASYNC110  no other sign
        await asyncio.sleep(LOOK_SECONDS)


async def _look(office: RunningOffice, file: Path) -> dict[str, float]:
    """Return what the worker has booked so far, flat."""
    pid = office.children["worker"].pid
    assert pid is not None
    found = await asyncio.to_thread(_ask, pid, file)
    return {
        "process": found["process"],
        **{f"thread {name}": seconds for name, seconds in found["threads"].items()},
        **{f"room {name}": seconds for name, seconds in found["seconds"].items()},
        **{f"calls {name}": count for name, count in found["calls"].items()},
    }


def _ask(pid: int, file: Path) -> dict[str, Any]:
    file.unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR1)
    while not file.exists():
        time.sleep(LOOK_SECONDS)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@click.command(help="Say where the worker's CPU for one filing goes.")
def profile() -> None:
    """Measure and print."""
    quiet()
    stop_on_signals()
    with own_folder("profile") as folder:
        for line in asyncio.run(measure(folder.path)).lines():
            click.echo(line)
    sys.stdout.flush()
    # A process that used temporalio may abort when it exits (DESIGN 7).
    os._exit(0)


if __name__ == "__main__":
    profile()
