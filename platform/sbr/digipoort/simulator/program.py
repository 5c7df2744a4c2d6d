"""Running a simulator as a program: until SIGTERM or Ctrl-C, with one line when it is ready."""

import asyncio
import errno
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ....files import write_whole
from ..practice_certificates import make_test_authority
from ..problems import DigipoortError
from .journal import JournalError
from .script import Script, ScriptError, read_script
from .server import Simulator, SimulatorSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line gives. Port 0 takes a free one; `port_file` receives the port when ready."""

    port: int
    folder: Path
    certificates: Path
    script: Path | None = None
    clock: Path | None = None
    port_file: Path | None = None


class CannotRun(Exception):  # noqa: N818 (says what happened)
    """The simulator cannot start; `status` is the exit status: 2 wrong use, 3 something outside."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def run(options: Options, say: Callable[[str], None]) -> None:
    """Run until a signal. Makes the certificates when the folder has none. Raises CannotRun."""
    simulator = _open(options)
    asyncio.run(_serve(simulator, options, say))


def _open(options: Options) -> Simulator:
    try:
        script = read_script(options.script) if options.script is not None else Script()
        make_test_authority(options.certificates)
        settings = SimulatorSettings(
            folder=options.folder,
            certificates=options.certificates,
            port=options.port,
            script=script,
            clock_file=options.clock,
        )
        return Simulator(settings)
    except ScriptError as error:
        raise CannotRun(str(error), 2) from None
    except (DigipoortError, JournalError) as error:
        raise CannotRun(str(error), 3) from None
    except OSError as error:
        raise CannotRun(f"cannot use the folder {error.filename}: {error.strerror}", 3) from None


async def _serve(simulator: Simulator, options: Options, say: Callable[[str], None]) -> None:
    stopped = asyncio.Event()
    _on_signals(stopped)
    try:
        address = await _start(simulator, options.port)
        if options.port_file is not None:
            _write_port(options.port_file, address)
        say(f"Digipoort simulator ready on {address}, state in {options.folder}")
        await stopped.wait()
    finally:
        await simulator.stop()


async def _start(simulator: Simulator, port: int) -> str:
    try:
        return await simulator.start()
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = "is taken: stop what listens there, or give --port another one" if taken else error.strerror
        raise CannotRun(f"port {port} {reason}", 3) from None


def _on_signals(stopped: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)


def _write_port(file: Path, address: str) -> None:
    try:
        write_whole(file, address.rpartition(":")[2].encode())
    except OSError as error:
        raise CannotRun(f"cannot write the port file: {error.strerror}", 3) from None
