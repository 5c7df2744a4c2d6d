"""Scenarios: shipped ones on the bare machine, against the same lived by a workflow on a skipping server.

The server is up and its worker runs before anything is counted; on both sides a scenario is played from its
start to its end, with every text written on the bare one. What counts is CPU, of the server and its worker
together: on the clock both wait for each other, and for what else the machine does.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kantoor.compiler.compilation import Compilation, compile_definitions
from kantoor.keys.ring import KeyRing
from kantoor.runtime.codec import data_converter
from tests.runtime.scenarios import live, play
from tests.runtime.world import skipping_server

from .cpu import read_children
from .office import DEFINITIONS

MARK = 300
"""How many times faster the bare machine shall be."""

TURNS = 20
LIVED = ("btw-aangifte/afgekeurd", "jaarrekening/akkoord", "suppletie/teruggaaf-wijkt-af")


@dataclass(frozen=True)
class Lived:
    """A scenario with its events, and its seconds of CPU on either side; bare, best of turns."""

    name: str
    events: int
    bare: float
    server: float

    def line(self) -> str:
        """Return it as a line."""
        ratio = self.server / self.bare
        return (
            f"{self.name}: {self.events} events, bare {1000 * self.bare:.0f} ms, "
            f"server {1000 * self.server:.0f} ms, {ratio:.0f} times (mark {MARK})"
        )


def measure(folder: Path) -> Iterator[Lived]:
    """Yield each scenario as it was measured."""
    compilation = compile_definitions(DEFINITIONS)
    folder.mkdir(parents=True, exist_ok=True)
    for name in LIVED:
        yield asyncio.run(_measure(compilation, name, folder))


async def _measure(compilation: Compilation, name: str, folder: Path) -> Lived:
    times = []
    for _ in range(TURNS):
        began = time.process_time()
        story = play(compilation, name)
        times.append(time.process_time() - began)
    ring = KeyRing.open(folder / "keys", may_make=True)
    async with skipping_server(data_converter(ring)) as env:
        began = time.process_time() + read_children()
        await live(env, {name: story})
        server = time.process_time() + read_children() - began
    return Lived(name, len(story.events), min(times), server)
