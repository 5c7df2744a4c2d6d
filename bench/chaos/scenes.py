"""What else happens to an office while its filings run: each scene can be left out by its name."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal, get_args

from temporalio.client import Client

from kantoor.filing.state import State
from kantoor.local.office import RunningOffice
from kantoor.local.programs import server_file
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.filings.filing import list_filings
from kantoor.office.office_clock import office_now
from kantoor.office.people import contacts_of
from kantoor.office.plans import active_office
from kantoor.period import Period
from kantoor.runtime.client import Silent, filing_state
from kantoor.runtime.office_mark import claim_server
from kantoor.runtime.search_attributes import register
from kantoor.service.desk import Desk
from kantoor.service.relations.identities import check_relation_identity
from kantoor.service.upkeep.reviving import Revived, revive

from ..material import PRODUCT, Made, write_authorities, write_contacts
from .kills import Kill, Killer, running, started_again
from .lists import Lists
from .memory import Memory
from .surely import AGAIN_SECONDS, surely
from .waits import limited

Scene = Literal[
    "people", "mail", "unit", "frequency", "revive", "yesterday", "dribble", "backup", "race", "requests"
]
SCENES: tuple[Scene, ...] = get_args(Scene)

OFFERED = "aanbieden"
REVIEWED = "controle"
BETWEEN_SECONDS = (0.3, 2.0)
ALONE_SECONDS = (0.5, 2.5)
ALONE_SHARE = 0.4
"""So often authority ends a while before somebody else gets it."""

MAIL_DAYS = 12
"""The mail server is unavailable for so many office days."""

REVIVE_AT_MOST = 20
REVIVE_SECONDS = (4, 16)
"""The server's file is removed so long after the start of a round."""

BACK_SECONDS = (1, 10)
"""The copy that is put back is made so long after the start of a round."""

OLD_SECONDS = (2, 6)
"""So old is the copy when it is put back."""

QUARTER_FROM = "2026-Q2"
FIRST_MONTH_OF_QUARTER = 4


class People:
    """Exchanges contacts of relations by imports while their filing is in `phase`, which asks them something.

    The first contact becomes another, and so does who may decide and answer.
    """

    def __init__(
        self, desk: Desk, lists: Lists, rng: Random, imports: "Imports", phase: str = OFFERED
    ) -> None:
        self._phase = phase
        self._desk = desk
        self._lists = lists
        self._rng = rng
        self._imports = imports
        self._now: dict[str, tuple[str, str]] = {}
        self.exchanged = 0
        self.ended = 0
        self.left: set[str] = set()
        """Who lost the authority to decide at some time."""

    async def run(self, filings: Mapping[str, Made], over: asyncio.Event) -> None:
        """Exchange until it is over; who may decide is then somebody for each relation again."""
        while not over.is_set():
            await _sleep(self._rng.uniform(*BETWEEN_SECONDS), over)
            open_ones = [id for id in filings if self._phase in self._lists.phases(id)]
            if open_ones and not over.is_set():
                await self._exchange(filings[self._rng.choice(open_ones)])

    def first_of(self, relation: Made) -> str:
        """Return who is the first contact of a relation now, who may answer."""
        return self._now.get(relation.number, relation.contacts)[0]

    async def _exchange(self, relation: Made) -> None:
        old, new = await surely("who is the first contact", lambda: asyncio.to_thread(self._read, relation))
        self.left.add(old)
        today = await surely("what day it is", lambda: asyncio.to_thread(self._desk.read, office_now))
        ended = today.date() - timedelta(days=1)
        if self._rng.random() < ALONE_SHARE:
            await self._imports.take_in({"authorities.csv": write_authorities(relation, {old: ended})})
            self.ended += 1
            await asyncio.sleep(self._rng.uniform(*ALONE_SECONDS))
        await self._imports.take_in(
            {
                "contacts.csv": write_contacts(relation, new),
                "authorities.csv": write_authorities(relation, {old: ended, new: None}),
            }
        )
        self._now[relation.number] = (new, old)
        self.exchanged += 1

    def _read(self, relation: Made) -> tuple[str, str]:
        """Return the first contact and the other one, as the office has them.

        What was remembered may have gone with a database that was put back since.
        """
        found = self._desk.read(lambda connection: contacts_of(connection, relation.number))
        old = next(one.id for one in found if one.primary)
        new = next(one for one in relation.contacts if one != old)
        return old, new


class Imports:
    """Takes in files, one folder after another."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder
        self._one = asyncio.Lock()

    async def take_in(self, files: dict[str, list[str]]) -> None:
        """Import these files. Raises AssertionError when they are refused."""
        async with self._one:
            self._folder.mkdir(parents=True, exist_ok=True)
            for old in self._folder.iterdir():
                old.unlink()
            for name, lines in files.items():
                (self._folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
            done = await surely("an import", lambda: asyncio.to_thread(self._import))
        assert isinstance(done, Imported), done

    def _import(self) -> object:
        office = self._desk.read(active_office)
        assert office is not None
        return import_folder(self._desk.equipment.database, self._folder, office, check_relation_identity)


async def make_quarterly(imports: Imports, relation: str, seconds: float, over: asyncio.Event) -> None:
    """Agree after so many seconds that a relation files by quarter from the second one on."""
    await _sleep(seconds, over)
    row = f"{relation};{PRODUCT};quarter;{QUARTER_FROM}"
    await imports.take_in({"products.csv": ["relation;product;frequency;first_period", row]})


async def take_product(imports: Imports, relation: str, period: Period) -> None:
    """Agree that a member of a fiscal unit files over one period."""
    row = f"{relation};{PRODUCT};month;{period.code};{period.end};ja"
    await imports.take_in(
        {"products.csv": ["relation;product;frequency;first_period;until;fiscal_unit", row]}
    )


class Loss:
    """The Temporal server's file, or a while of the database, is lost while filings run, and made good.

    One is made good before the other is lost, from the copy on: what went with both is nowhere.
    """

    def __init__(
        self, office: RunningOffice, desk: Desk, killer: Killer, memory: Memory, lists: Lists
    ) -> None:
        self._office = office
        self._desk = desk
        self._killer = killer
        self._memory = memory
        self._lists = lists
        self._one = asyncio.Lock()
        self.forgotten: frozenset[str] = frozenset()
        """Filings that had ended by then: the server knows nothing of them any more."""
        self.wrong: list[str] = []
        self.revived = 0
        self.fetched = 0
        self.gone: tuple[datetime, datetime] | None = None
        """What was written between these moments is missing in the database that was put back."""

    async def run(self, round_number: int, seconds: float, over: asyncio.Event) -> None:
        """Lose the file after so many seconds, unless the round is over; return when all goes on."""
        await _sleep(seconds, over)
        async with self._one:
            # A filing that has recorded nothing yet is not revived: it is to be started again.
            async with limited("every filing to have recorded its start"):
                while not over.is_set() and not self._all_begun():
                    await _sleep(AGAIN_SECONDS, over)
            if not over.is_set():
                await self._lose_file(round_number)

    async def _lose_file(self, round_number: int) -> None:
        await running(self._office, "server")
        self._memory.losses += 1
        self._memory.is_lost = True
        self._killer.kills.append(Kill(round_number, "server", "any moment, its file removed"))
        self._office.kill("server")
        old = self._office.children["server"].pid
        file = server_file(self._office.settings)
        for one in (file, *(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm"))):
            one.unlink(missing_ok=True)
        self.forgotten = frozenset(
            one.id for one in self._desk.read(list_filings) if one.status == "afgesloten"
        )
        await started_again(self._office, "server", old)
        await surely("the new server to be claimed", self._claim)
        await self.revive()
        self._memory.is_lost = False

    async def go_back(self, round_number: int, seconds: float, since: float, over: asyncio.Event) -> None:
        """Put an older database back under a killed worker, and have it catch up; Temporal's file stays.

        The copy is made after so many seconds and put back `since` seconds later.
        """
        await _sleep(seconds, over)
        async with self._one:
            if not over.is_set():
                await self._lose_a_while(round_number, since, over)

    async def _lose_a_while(self, round_number: int, since: float, over: asyncio.Event) -> None:
        live, copy = (self._office.settings.home / name for name in ("kantoor.db", "yesterday.db"))
        copied = datetime.now(UTC)
        await asyncio.to_thread(_copy, live, copy)
        await _sleep(since, over)
        if over.is_set():
            return
        await running(self._office, "worker")
        self._killer.kills.append(Kill(round_number, "worker", "any moment, an older database put back"))
        self._office.kill("worker")
        await asyncio.to_thread(_copy, copy, live)
        self.gone = (copied, datetime.now(UTC))
        await self.revive()
        await self._until_recorded(over)

    async def _until_recorded(self, over: asyncio.Event) -> None:
        """Wait until all that the filings took until now is recorded: until then the server alone has it."""
        client = await self._office.client()
        for filing in self._desk.read(list_filings):
            if not over.is_set():
                await self._until_one_recorded(client, filing.id)

    async def _until_one_recorded(self, client: Client, id: str) -> None:
        async with limited(f"the state of {id}"):
            state = await surely(f"the state of {id}", lambda: filing_state(client, id))
            while isinstance(state, Silent):
                state = await surely(f"the state of {id}", lambda: filing_state(client, id))
        if isinstance(state, State):
            reached = state.journal.sequence
            await self._lists.until(id, f"step {reached} to be recorded", lambda step, _: step >= reached)

    def _all_begun(self) -> bool:
        return all(one.begun for one in self._desk.read(list_filings))

    async def _claim(self) -> None:
        """Do to the new server what `kantoor up` does before it starts a worker."""
        client = await self._office.client()
        await claim_server(client, self._office.equipment)
        await register(client)

    async def revive(self) -> None:
        """Revive, as `kantoor doctor --revive`, until nothing is left to be revived."""
        told: list[Revived] = []
        for _ in range(REVIVE_AT_MOST):
            told.clear()
            await surely("a revival", lambda: revive(self._desk, told.append))
            self._memory.unrecorded.update(*(one.unrecorded for one in told))
            await self._lists.nudge()
            self.revived += sum(one.result == "revived" for one in told)
            self.fetched += sum(one.result == "fetched" for one in told)
            if not told:
                return
            await asyncio.sleep(1)
        self.wrong += [f"{one.workflow_id} is still {one.result}: {one.text}" for one in told]


async def hold_mail(
    office: RunningOffice, killer: Killer, round_number: int, seconds: float, over: asyncio.Event
) -> None:
    """Kill the mail server and hold what is started for it before it listens, for so many seconds."""
    await running(office, "mail")
    old = office.children["mail"].pid
    killer.kills.append(Kill(round_number, "mail", f"its beginning, away for {seconds:.0f} s"))
    office.kill("mail")
    await started_again(office, "mail", old)
    held = office.children["mail"].pid
    assert held is not None
    os.killpg(held, signal.SIGSTOP)
    try:
        await _sleep(seconds, over)
    finally:
        if office.children["mail"].pid == held:
            os.killpg(held, signal.SIGCONT)


def _copy(source: Path, target: Path) -> None:
    """Copy a database into another one, at one point of each, whoever has them open."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=60)) as written:
        read.backup(written)


async def _sleep(seconds: float, over: asyncio.Event) -> None:
    """Sleep, but not past the end of the round."""
    try:
        async with asyncio.timeout(seconds):
            await over.wait()
    except TimeoutError:
        pass
