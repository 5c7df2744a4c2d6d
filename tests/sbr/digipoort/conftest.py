"""A simulator on a real socket, and the laboratory."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from kantoor.sbr.digipoort.client import DigipoortClient
from kantoor.sbr.digipoort.settings import DigipoortSettings, simulator_settings
from kantoor.sbr.digipoort.simulator.journal import Entry, read_journal
from kantoor.sbr.digipoort.simulator.server import Simulator, SimulatorSettings
from kantoor.sbr.digipoort.transport import HttpTransport

from .laboratory import Laboratory, make_laboratory


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return make_laboratory(tmp_path_factory.mktemp("certificates"))


class _Loop:
    """An event loop in a thread of its own, for simulators."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def close(self) -> None:
        self.run(self._cancel_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _cancel_all(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(scope="session")
def loop_thread() -> Iterator[_Loop]:
    loop = _Loop()
    yield loop
    loop.close()


@dataclass
class Running:
    """A simulator that runs, with clients for it."""

    address: str
    folder: Path
    settings: DigipoortSettings
    _clients: dict[Any, DigipoortClient] = field(default_factory=dict)

    def client(self, now: Callable[[], datetime] | None = None, **changes: Any) -> DigipoortClient:
        """A client with these settings; the same one for the same settings, since keys take time to read."""
        key = (now, *sorted(changes.items()))
        if key not in self._clients:
            settings = replace(self.settings, **changes)
            clock = {} if now is None else {"now": now}
            self._clients[key] = DigipoortClient(settings, **clock)
        return self._clients[key]

    def post(self, path: str, action: str, message: bytes) -> tuple[int, bytes]:
        """Send any bytes over the client's channel; return HTTP status and body."""
        reply = HttpTransport(self.settings).post(self.address + path, action, message)
        return reply.status, reply.body

    @property
    def journal(self) -> tuple[Entry, ...]:
        return read_journal(self.folder)

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


@pytest.fixture
def simulator(lab: Laboratory, tmp_path: Path, loop_thread: _Loop) -> Iterator[Callable[..., Running]]:
    """Start a simulator with these settings; statuses come at once unless `pace` says otherwise."""
    with _simulators(lab, tmp_path, loop_thread) as start:
        yield start


@pytest.fixture(scope="module")
def shared_simulator(
    lab: Laboratory, tmp_path_factory: pytest.TempPathFactory, loop_thread: _Loop
) -> Iterator[Running]:
    """One simulator for all tests of a module."""
    with _simulators(lab, tmp_path_factory.mktemp("shared"), loop_thread) as start:
        yield start()


@contextmanager
def _simulators(lab: Laboratory, folder: Path, loop_thread: _Loop) -> Iterator[Callable[..., Running]]:
    opened: list[tuple[Simulator, Running]] = []
    defaults: dict[str, Any] = {
        "folder": folder / "state",
        "certificates": lab.folder,
        "pace": 0.0,
        "heavy": 0.01,
    }

    def start(**changes: Any) -> Running:
        settings = SimulatorSettings(**(defaults | changes))
        program = Simulator(settings)
        address = loop_thread.run(program.start())
        running = Running(address, settings.folder, simulator_settings(address, lab.folder))
        opened.append((program, running))
        return running

    yield start
    for program, running in opened:
        running.close()
        loop_thread.run(program.stop())
