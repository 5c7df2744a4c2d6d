"""One child program in a process group of its own, its output in a log file."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from contextlib import suppress
from pathlib import Path

from ..files import PRIVATE_UMASK, make_folder, make_private
from .errors import NotReadyError
from .ports import answers
from .programs import Program

LOG_LIMIT = 5_000_000
"""Bytes of a log after which the next start puts it aside, replacing the one before."""

LOOK_SECONDS = 0.05


class Child:
    """A program that was started, and may be started again."""

    def __init__(self, program: Program, environment: dict[str, str], logs: Path) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self._environment = environment
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self, seconds: float) -> None:
        """Start the program and wait until it is ready. Raises NotReadyError, after killing it."""
        begin = self._put_log_aside()
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.program.words,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
                umask=PRIVATE_UMASK,
            )
        try:
            await self._wait_until_ready(begin, seconds)
        except BaseException:
            self.kill()
            raise

    async def wait_until_ended(self) -> int:
        """Wait until the program ends; return its exit status, negative for a signal."""
        assert self._process is not None
        return await self._process.wait()

    async def stop(self, seconds: float) -> None:
        """Ask it to stop, and kill it with all it started when it does not."""
        self._signal(signal.SIGTERM)
        if self._process is None:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End it at once, with all that it started."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    async def _wait_until_ready(self, begin: int, seconds: float) -> None:
        limit = time.monotonic() + seconds
        while not await self._is_ready(begin):
            if self.pid is None:
                raise NotReadyError(f"the {self.program.title} exited immediately: {self._last_words(begin)}")
            if time.monotonic() > limit:
                raise NotReadyError(
                    f"the {self.program.title} was not ready within {seconds:g} seconds; see {self.log}"
                )
            await asyncio.sleep(LOOK_SECONDS)

    async def _is_ready(self, begin: int) -> bool:
        if self.pid is None:
            return False
        line = self.program.ready_line
        if line is not None and line not in self._read_log_from(begin):
            return False
        return all([await asyncio.to_thread(answers, place) for place in self.program.places])

    def _last_words(self, begin: int) -> str:
        lines = self._read_log_from(begin).strip().splitlines()
        return lines[-1].removeprefix("Error: ") if lines else f"it printed nothing; see {self.log}"

    def _read_log_from(self, begin: int) -> str:
        with self.log.open("rb") as log:
            log.seek(begin)
            return log.read().decode("utf-8", "replace")

    def _put_log_aside(self) -> int:
        make_folder(self.log.parent)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        make_private(self.log)
        return self.log.stat().st_size
