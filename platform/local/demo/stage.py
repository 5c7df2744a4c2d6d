"""The stage: one office that runs, its clock, and what the players need to wait for."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from ...filing.view import View, read_view
from ...office.database.errors import DatabaseLockedError
from ...office.filings.deliveries import Delivery, list_deliveries
from ...office.filings.filing import Filing, find_filing, list_filings
from ...runtime.client import Unknown
from ...runtime.connecting import ServerAwayError
from ...service.desk import Desk
from ...service.filings.acts import Acts, Done, Outcome
from .. import practice
from ..errors import LocalError
from ..office import RunningOffice
from .printing import Say

T = TypeVar("T")

TEMPLATE = "btw-aangifte"
PERIOD = "2026-01"
LIMIT_SECONDS = 600
"""So long that only something broken takes it, however busy the machine is."""
LOOK_SECONDS = 0.05
QUIET_SECONDS = 10
"""After so long without a word a scene says what it waits for."""


class DemoFailedError(LocalError):
    """The play did not go as it should; the sentence says where."""


class WaitedInVainError(LocalError):
    """Something did not come, which is more likely the machine's doing than ours."""


@dataclass(frozen=True)
class Stage:
    """What every scene works with."""

    office: RunningOffice
    desk: Desk
    say: Say
    narrated: list[str] = field(default_factory=list)
    """What is narrated now: within it nothing else is."""

    @asynccontextmanager
    async def narrate(self, what: str, count: Callable[[], str] = str) -> AsyncIterator[None]:
        """Say now and then what the block waits for, with what `count` adds; of several the outermost one."""
        if self.narrated:
            yield
            return
        self.narrated.append(what)
        speaking = asyncio.create_task(self._speak(what, count))
        try:
            yield
        finally:
            self.narrated.remove(what)
            speaking.cancel()

    async def _speak(self, what: str, count: Callable[[], str]) -> None:
        began = time.monotonic()
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            self.say(f"   … {time.monotonic() - began:.0f} s: waiting for {what}{count()}")

    async def set_until(self, moment: datetime) -> None:
        """Let the office's clock run on to a moment, and wait for it."""
        database, client = self.office.equipment.database, await self.desk.client()
        shown: list[datetime] = []
        async with self.narrate(
            f"{moment:%Y-%m-%d} and what starts until then",
            lambda: f"; it is {shown[-1]:%Y-%m-%d}" if shown else "",
        ):
            await self.persist(lambda: practice.run(self.office.settings, database, client, moment))
            await practice.wait(database, moment, shown.append)

    async def persist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Do what can be repeated until the server and the database of a busy machine let it through.

        Raises their errors when that takes too long.
        """
        limit = time.monotonic() + LIMIT_SECONDS
        while True:
            try:
                return await call()
            except (ServerAwayError, DatabaseLockedError):
                if time.monotonic() > limit:
                    raise
            await asyncio.sleep(LOOK_SECONDS)

    def filing(self, name: str) -> Filing:
        """Return a filing as the database has it. Raises DemoFailedError."""
        found = self.desk.read(lambda connection: find_filing(connection, filing_id(name)))
        if found is None:
            raise DemoFailedError(f"there is no filing {name}")
        return found

    def view(self, name: str) -> View | None:
        """Return what people see of a filing; None until it has started."""
        view = self.filing(name).view
        return read_view(view) if view else None

    def filings(self, period: str, template: str = TEMPLATE) -> tuple[Filing, ...]:
        """Return all filings of a template over a period."""
        return self.desk.read(lambda connection: list_filings(connection, template=template, period=period))

    def deliveries(self) -> tuple[Delivery, ...]:
        """Return all deliveries."""
        return self.desk.read(list_deliveries)

    async def wait_for(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds; it is looked up, never slept for. Raises WaitedInVainError."""
        limit = time.monotonic() + LIMIT_SECONDS
        async with self.narrate(what):
            while not holds():
                if time.monotonic() > limit:
                    raise WaitedInVainError(f"timed out after {LIMIT_SECONDS} seconds waiting for: {what}")
                await asyncio.sleep(LOOK_SECONDS)

    async def wait_for_phase(self, name: str, phase: str) -> None:
        """Wait until a phase of a filing is active."""
        await self.wait_for(f"{name} in {phase}", lambda: phase in self.filing(name).phases)

    async def act(self, who: str, do: Callable[[Acts], Awaitable[Outcome]]) -> Done:
        """Have somebody act, as `until_known` does."""
        acts = Acts(self.desk, who)
        return await self.until_known(who, lambda: do(acts))

    async def until_known(self, who: str, act: Callable[[], Awaitable[object]]) -> Done:
        """Repeat an act, under one id, until it is known to have arrived.

        Raises DemoFailedError when it is refused, WaitedInVainError when that is never known.
        """
        limit = time.monotonic() + LIMIT_SECONDS
        while True:
            outcome = await self.persist(act)
            if isinstance(outcome, Done):
                return outcome
            if not isinstance(outcome, Unknown) or outcome.fault:
                raise DemoFailedError(f"{who} could not do that: {getattr(outcome, 'text', outcome)}")
            if time.monotonic() > limit:
                raise WaitedInVainError(
                    f"timed out after {LIMIT_SECONDS} seconds waiting for an answer to {who}"
                )


def filing_name(relation: str, template: str = TEMPLATE, period: str = PERIOD) -> str:
    """Return what acts call a relation's filing; its return for January, when no other is meant."""
    return f"{template}/{relation}/{period}"


def filing_id(name: str) -> str:
    """Return the workflow id of a filing."""
    return f"filing/{name}/-/1"
