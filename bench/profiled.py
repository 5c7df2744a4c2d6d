"""A worker that knows where its CPU goes: `python -m bench.profiled FILE`, with an office's settings.

Functions of the worker are wrapped; each books the CPU of its thread to its room, less what inner rooms book.
What no room books is what the SDK's loop, its core and the threads need. On SIGUSR1 the rooms are written to
FILE as JSON: seconds and calls since the worker began, threads by their kind, CPU of the process.
"""

import functools
import json
import os
import signal
import sys
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import sqlalchemy
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.worker.workflow_sandbox import _importer, _runner

from kantoor.filing import digests, step, view, waits
from kantoor.mail import smtp
from kantoor.runtime import codec, worker
from kantoor.runtime.activities import deliveries, following, messages, offers, recording
from kantoor.runtime.converter import StructConverter
from kantoor.sbr.digipoort.client import DigipoortClient
from kantoor.settings import load_settings

FUNCTIONS: tuple[tuple[ModuleType, str, str], ...] = (
    (step, "step", "machine: step"),
    (waits, "next_wake", "machine: next wake"),
    (view, "view", "machine: view"),
    (digests, "state_digest", "machine: digest"),
    (smtp, "compose", "mail: composing"),
)
"""Functions of modules; every module of kantoor that has imported one gets the wrapped one."""

METHODS: tuple[tuple[type, str, str], ...] = (
    (_runner._Instance, "activate", "workflow: shell, SDK, sandbox's proxies"),
    (_runner._Instance, "_create_instance", "sandbox: making an instance"),
    (_importer.Importer, "_import", "sandbox: imports"),
    (StructConverter, "to_payload", "converter: to JSON"),
    (StructConverter, "from_payload", "converter: from JSON"),
    (PydanticJSONPlainPayloadConverter, "to_payload", "converter: pydantic, to JSON"),
    (PydanticJSONPlainPayloadConverter, "from_payload", "converter: pydantic, from JSON"),
    (codec.Codec, "_seal", "codec: AES, out"),
    (codec.Codec, "_open", "codec: AES, in"),
    (recording.Recording, "record", "record: activity"),
    (messages.Messages, "send", "mail: activity, text"),
    (messages.Messages, "_hand_over", "mail: SMTP"),
    (offers.Offers, "resolve", "resolve: activity"),
    (deliveries.Deliveries, "deliver", "delivery: activity"),
    (following.Following, "follow", "following: activity"),
    (DigipoortClient, "prove_channel", "Digipoort: TLS, SOAP, signatures"),
    (DigipoortClient, "processes", "Digipoort: TLS, SOAP, signatures"),
    (DigipoortClient, "deliver", "Digipoort: TLS, SOAP, signatures"),
    (DigipoortClient, "statuses", "Digipoort: TLS, SOAP, signatures"),
    (sqlalchemy.Connection, "execute", "SQL"),
    (sqlalchemy.Connection, "commit", "SQL"),
    (sqlalchemy.engine.Transaction, "commit", "SQL"),
)


class Rooms:
    """CPU seconds and calls by room, of all threads."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._local = threading.local()

    def wrap(self, function: Callable[..., Any], room: str) -> Callable[..., Any]:
        """Return the function, booking its CPU to the room and not to the room it is called from."""

        @functools.wraps(function)
        def booked(*args: Any, **kwargs: Any) -> Any:
            local, outer = self._local, getattr(self._local, "inner", 0.0)
            local.inner = 0.0
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.thread_time() - began
                self.seconds[room] += spent - local.inner
                self.calls[room] += 1
                local.inner = outer + spent

        return booked

    def install(self) -> None:
        """Wrap everything that has a room, wherever it was imported."""
        for module, name, room in FUNCTIONS:
            plain = getattr(module, name)
            wrapped = self.wrap(plain, room)
            for other in [m for key, m in sys.modules.items() if key.startswith("kantoor")]:
                for known, value in list(vars(other).items()):
                    if value is plain:
                        setattr(other, known, wrapped)
        for owner, name, room in METHODS:
            setattr(owner, name, self.wrap(getattr(owner, name), room))
        setattr(codec, "zlib", _Zlib(self))  # noqa: B010  the codec exports no zlib

    def write(self, file: Path) -> None:
        """Write what was booked so far; the file is there at once or not at all."""
        own = time.process_time()
        found = {"seconds": self.seconds, "calls": self.calls, "threads": _threads(), "process": own}
        new = file.with_suffix(".new")
        new.write_text(json.dumps(found), encoding="utf-8")
        new.replace(file)


class _Zlib:
    """What the codec uses of zlib, with a room of its own."""

    def __init__(self, rooms: Rooms) -> None:
        self.compress = rooms.wrap(zlib.compress, "codec: zlib, out")
        self.decompress = rooms.wrap(zlib.decompress, "codec: zlib, in")


def _threads() -> dict[str, float]:
    """Return CPU seconds by kind of thread: the main one, those of Python, those of the SDK's core."""
    ticks = os.sysconf("SC_CLK_TCK")
    found: dict[str, float] = defaultdict(float)
    python = {thread.native_id for thread in threading.enumerate()}
    for task in Path("/proc/self/task").iterdir():
        number = int(task.name)
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        kind = "main" if number == os.getpid() else "python" if number in python else "core"
        found[kind] += (int(fields[11]) + int(fields[12])) / ticks
    return found


def serve(file: Path) -> None:
    """Work as `kantoor worker` does."""
    rooms = Rooms()
    rooms.install()

    def write(_number: int, _frame: FrameType | None) -> None:
        rooms.write(file)

    signal.signal(signal.SIGUSR1, write)
    worker.run(load_settings(), lambda line: print(line, flush=True))


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)
