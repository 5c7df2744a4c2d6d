"""The desk: an office's open parts, and its way to Temporal once somebody acts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from ..equipment import Equipment, open_equipment, open_own_database
from ..office.database.migrate import is_made, upgrade
from ..office.office_clock import office_now
from ..sbr.registry import REPORTS, Reports
from ..settings import Settings
from .progress import Telling

if TYPE_CHECKING:
    from temporalio.client import Client

T = TypeVar("T")

SETTLE_SECONDS = 1.0
LOOK_SECONDS = 0.02

_moment: ContextVar["tuple[Desk, Connection] | None"] = ContextVar("moment", default=None)


class Desk:
    """Reads at once; loads temporalio and connects only at the first act, so that lists need neither.

    `limit` is how long an answer is waited for; without it the setting counts.
    """

    def __init__(
        self, equipment: Equipment, client: "Client | None" = None, limit: timedelta | None = None
    ) -> None:
        self.equipment = equipment
        self.limit = limit or timedelta(seconds=equipment.settings.temporal.answer_seconds)
        self._client = client
        self.moving_clock = asyncio.Lock()
        """Held while the clock is moved from here: of two moves at once the one before is told no more."""
        self.telling: Telling | None = None
        """How far those who live by a practice clock are told that it was moved from here last."""

    @property
    def settings(self) -> Settings:
        """Return the settings that the office was opened with."""
        return self.equipment.settings

    @property
    def news(self) -> str:
        """Return what whoever opened the office has to be told; usually nothing."""
        return self.equipment.news

    async def client(self) -> "Client":
        """Return the connection to Temporal, after a while where the office is starting.

        Raises ServerAwayError, also where it is another office's.
        """
        from ..runtime.reaching import reach_server

        if self._client is None:
            # Half of the limit: the act has to be answered too.
            self._client = await reach_server(self.equipment, self.limit / 2)
        return self._client

    def read(self, ask: Callable[[Connection], T]) -> T:
        """Return what is asked of the office database, as of this moment. Raises DatabaseError."""
        same = _moment.get()
        if same is not None and same[0] is self:
            return ask(same[1])
        with self.equipment.database.read() as connection:
            return ask(connection)

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Have all that is read here until the block ends be of one moment. Raises DatabaseError.

        For who only looks: what is written meanwhile is not seen in it.
        """
        with self.equipment.database.read() as connection:
            before = _moment.set((self, connection))
            try:
                yield
            finally:
                _moment.reset(before)

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """Return what `read` does, while other acts of the same loop go on. Raises DatabaseError."""
        return await asyncio.to_thread(self.read, question)

    def now(self) -> datetime:
        """Return office time."""
        return self.read(office_now)

    async def until(self, holds: Callable[[Connection], bool]) -> bool:
        """Wait up to a second until something is in the office database; say whether it does."""
        loop = asyncio.get_running_loop()
        end = loop.time() + SETTLE_SECONDS
        while not await self.ask(holds):
            if loop.time() > end:
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return True


@asynccontextmanager
async def open_desk(
    settings: Settings,
    *,
    makes: bool = False,
    reports: Reports = REPORTS,
    say: Callable[[str], None] = lambda text: None,
) -> AsyncIterator[Desk]:
    """Open an office and bring its database to this version; with `makes`, make a missing office.

    `say` gets how far that is, where it takes long.

    Raises DatabaseError (NoOfficeError where none is), KeyFileError, SettingsError.
    """
    _bring_up_to_date(settings, makes=makes)
    equipment = open_equipment(settings, reports, say)
    try:
        yield Desk(equipment)
    finally:
        equipment.close()


def _bring_up_to_date(settings: Settings, *, makes: bool) -> None:
    database = open_own_database(settings)
    try:
        if makes or is_made(database):
            upgrade(database)
    finally:
        database.close()
