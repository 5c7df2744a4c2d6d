"""The desk: an office's open parts, and its way to Temporal once somebody acts."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection
from temporalio.client import Client

from ..runtime.connecting import connect
from ..runtime.equipment import Equipment, open_equipment
from ..runtime.office_clock import office_now
from ..settings import Settings

T = TypeVar("T")


class Desk:
    """Reads at once; connects to Temporal at the first act."""

    def __init__(self, equipment: Equipment, client: Client | None = None) -> None:
        self.equipment = equipment
        self._client = client

    @property
    def settings(self) -> Settings:
        """Return the settings that the office was opened with."""
        return self.equipment.settings

    async def client(self) -> Client:
        """Return the connection to Temporal. Raises ServerAwayError."""
        if self._client is None:
            self._client = await connect(self.settings.temporal, self.equipment.ring)
        return self._client

    def read(self, ask: Callable[[Connection], T]) -> T:
        """Return what is asked of the office database. Raises DatabaseError."""
        with self.equipment.database.read() as connection:
            return ask(connection)

    def now(self) -> datetime:
        """Return office time."""
        return self.read(office_now)


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Open an office. Raises DatabaseError, KeyFileError, SettingsError."""
    equipment = open_equipment(settings)
    try:
        yield Desk(equipment)
    finally:
        equipment.close()
