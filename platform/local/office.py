"""An office that runs on this machine: its programs started in order, watched, and stopped."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.engine import make_url
from temporalio.client import Client
from temporalio.service import RPCError

from ..equipment import Equipment
from ..office.database.errors import DatabaseError
from ..office.own_home import is_not_yet_up, may_lack, note_started, settle, settle_elsewhere
from ..runtime.connecting import ServerAwayError, connect
from ..runtime.office_mark import NotYetUpError, claim_server, mark_anew
from ..runtime.practice_clock import resume
from ..runtime.retention import keep_histories
from ..runtime.search_attributes import register
from ..settings import Local, Settings
from .child import Child
from .claims import claim, end_left_behind, find_running_original, was_claimed
from .clocks import ClockKeeper, pause_for_good
from .environment import child_environment
from .errors import LocalError, NotReadyError, OriginalRunsError, PortTakenError
from .first_start import prepare
from .ports import NEVER_BESIDE, check_free
from .programs import Name, Program, clock_file, programs, runs_server

LONGEST_WAIT_SECONDS = 30


class RunningOffice:
    """The programs of one office. Those that crash are started again."""

    def __init__(self, equipment: Equipment, say: Callable[[str], None], *, succeeds: bool = False) -> None:
        self.equipment = equipment
        self._succeeds = succeeds
        self.settings = equipment.settings
        self._say = say
        environment = child_environment(self.settings)
        logs = self.settings.home / "logs"
        self.children = {p.name: Child(p, environment, logs) for p in programs(self.settings)}
        self._watchers: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Start everything, the worker last, with the practice clock put right before it.

        Raises NotReadyError and ServerAwayError; what was started until then runs on until `stop`.
        """
        titles = ", ".join(child.program.title for child in self.children.values())
        self._say(f"Starting {titles} …")
        seconds = self.settings.local.ready_seconds
        first = [child for name, child in self.children.items() if name != "worker"]
        await _all([child.start(seconds) for child in first])
        client = await self.client()
        if self._succeeds:
            await mark_anew(client, self.equipment.name)
        if _keeps_state(self.settings):
            settle(self.settings.home, self.settings.machine)
        else:
            settle_elsewhere(self.settings.home)
        await claim_server(client, self.equipment)
        await register(client)
        if runs_server(self.settings):
            await keep_histories(client, timedelta(days=self.settings.temporal.retention_days))
        keeper = ClockKeeper(self.equipment.database, client, clock_file(self.settings))
        await resume(self.equipment.database, client)
        await keeper.look()
        await self.children["worker"].start(seconds)
        local = self.settings.local
        self._watchers = [
            asyncio.create_task(keep_running(child, local, self._say)) for child in self.children.values()
        ]
        self._watchers.append(asyncio.create_task(self._keep_clock(keeper)))

    async def stop(self) -> None:
        """Stop everything, the worker first; a practice clock stands still from then on."""
        self._stopping = True
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        seconds = self.settings.local.stop_seconds
        if "worker" in self.children:
            await self.children["worker"].stop(seconds)
        with suppress(DatabaseError):
            await asyncio.to_thread(pause_for_good, self.equipment.database)
        await _all([child.stop(seconds) for child in self.children.values()])
        self.equipment.close()

    def kill(self, name: Name) -> None:
        """Kill a program with SIGKILL; it is started again as after any crash."""
        self.children[name].kill()

    async def client(self) -> Client:
        """Return a client of the office's Temporal server. Raises ServerAwayError."""
        limit = time.monotonic() + self.settings.local.ready_seconds
        while True:
            try:
                return await connect(self.settings.temporal, self.equipment.ring)
            except ServerAwayError:
                # The dev server listens a moment before it answers.
                if time.monotonic() > limit:
                    raise
                await asyncio.sleep(0.1)

    async def _keep_clock(self, keeper: ClockKeeper) -> None:
        while True:
            with suppress(RPCError, DatabaseError, OSError):  # server or disk away: look again
                await keeper.run()
            await asyncio.sleep(1)


@asynccontextmanager
async def running_office(
    settings: Settings, say: Callable[[str], None], *, here: bool = False
) -> AsyncIterator[RunningOffice]:
    """Run an office while the block runs; a `kantoor up` in one call.

    Goes on where the office was, and ends what a killed one left behind; makes nothing when a port is taken.
    What is a copy runs only `here`, which says that the office that it is a copy of is stopped for good; it
    is refused all the same where that is seen to run on this machine. Where database and server are its own
    it has another name from then on, so that no command of the original's acts in it, at whatever address.
    What was moved, or put back by hand, goes on by itself. Each of these asks the authority about what came
    since, before a return is delivered.
    Raises LocalError, DatabaseError, KeyFileError, SettingsError and ServerAwayError.
    """
    copied = is_not_yet_up(settings.home, settings.machine)
    if copied and not here:
        raise NotYetUpError(settings.home)
    if copied:
        await asyncio.to_thread(_refuse_beside_original, settings.home)
    lacks = _keeps_state(settings) and may_lack(settings.home, settings.machine)
    succeeds = copied and runs_server(settings) and _keeps_database(settings)
    needed = programs(settings)
    if not was_claimed(settings.home):  # so nothing was left behind that may hold a port
        await asyncio.to_thread(partial(check_ports, needed, copied=copied))
    with claim(settings.home):
        left = await asyncio.to_thread(end_left_behind, settings.home)
        if left:
            say(f"Stopped {len(left)} programs left running by an earlier kantoor up.")
        await asyncio.to_thread(partial(check_ports, needed, copied=copied))
        equipment = await asyncio.to_thread(partial(prepare, settings, say, renamed=succeeds, lacks=lacks))
        office = RunningOffice(equipment, say, succeeds=succeeds)
        try:
            await office.start()
            note_started(settings.home)
            yield office
        finally:
            await asyncio.shield(office.stop())


def _keeps_state(settings: Settings) -> bool:
    """Say whether a copy of the home is a copy of the office: of its database, or its server's state."""
    return runs_server(settings) or _keeps_database(settings)


def _keeps_database(settings: Settings) -> bool:
    return make_url(settings.database_url).get_backend_name() == "sqlite"


def _refuse_beside_original(home: Path) -> None:
    """Raise OriginalRunsError where the office that a home holds a copy of runs on this machine."""
    original = find_running_original(home)
    if original:
        raise OriginalRunsError(f"the original of this office runs, in {original}: stop it; {NEVER_BESIDE}")


def check_ports(needed: Iterable[Program], *, copied: bool = False) -> None:
    """Raise LocalError, with what to do about each, when programs cannot listen where they have to."""
    found: list[LocalError] = []
    for program in needed:
        for place in program.places:
            try:
                check_free(place, program.title, copied=copied)
            except LocalError as error:
                found.append(error)
    if len(found) == 1:
        raise found[0]
    if found:
        raise PortTakenError("\n  ".join([f"{len(found)} ports cannot be used:", *map(str, found)]))


async def keep_running(child: Child, local: Local, say: Callable[[str], None]) -> None:
    """Start a program again whenever it ends, after a wait that doubles, until cancelled.

    One that does not come up in time gets twice as long the next time: a machine that is too busy for it must
    not be kept busy by starting it.
    """
    wait, patience = local.restart_seconds, local.ready_seconds
    while True:
        began = time.monotonic()
        status = await child.wait_until_ended()
        title = child.program.title
        if time.monotonic() - began > local.steady_seconds:
            wait = local.restart_seconds
        say(f"The {title} exited ({_how(status)}); it is restarted in {wait:g} s. See {child.log}")
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT_SECONDS)
        try:
            await child.start(patience)
            patience = local.ready_seconds
            say(f"The {title} is running again.")
        except (NotReadyError, OSError) as error:  # OSError: no room for its log, say
            say(f"{error}.")
            child.kill()
            patience *= 2


async def _all(calls: list[Coroutine[None, None, None]]) -> None:
    """Carry out all calls at once and raise the first error only when every one has ended."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
