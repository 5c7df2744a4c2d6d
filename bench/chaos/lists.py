"""The filings as the office database has them, looked up for all players at once."""

import asyncio
from collections.abc import Callable

from sqlalchemy import select

from kantoor.office.database.errors import DatabaseError
from kantoor.office.database.tables import filings
from kantoor.office.filings.filing import Filing, find_filing
from kantoor.service.desk import Desk

from .waits import limited

LOOK_SECONDS = 0.1
LOOKED_AT = select(filings.c.id, filings.c.recorded, filings.c.status, filings.c.phases)


class Lists:
    """What everybody sees on the work lists; waiting for a change costs one query for all."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[str, tuple[int, str, tuple[str, ...]]] = {}
        self._changed = asyncio.Condition()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                seen = self._desk.read(
                    lambda c: {
                        row.id: (row.recorded, row.status, tuple(row.phases)) for row in c.execute(LOOKED_AT)
                    }
                )
            except DatabaseError:
                seen = self._seen
            if seen != self._seen:
                async with self._changed:
                    self._seen = seen
                    self._changed.notify_all()
            await asyncio.sleep(LOOK_SECONDS)

    def filing(self, id: str) -> Filing | None:
        """Return a filing as it stands now."""
        return self._desk.read(lambda connection: find_filing(connection, id))

    def phases(self, id: str) -> tuple[str, ...]:
        """Return the phases that are active in a filing, as it was last seen."""
        return self._seen[id][2] if id in self._seen else ()

    async def nudge(self) -> None:
        """Have everybody who waits look again."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, id: str, what: str, holds: Callable[[int, str], bool]) -> Filing:
        """Wait until the filing is there and its recorded step and status fit; return it.

        Raises StuckError, which says `what` was waited for and how the filing stands.
        """
        async with (
            limited(lambda: f"{id}: {what}; it is at step, status and phases {self._seen.get(id)}"),
            self._changed,
        ):
            await self._changed.wait_for(lambda: id in self._seen and holds(*self._seen[id][:2]))
        found = self.filing(id)
        assert found is not None
        return found
