"""What the Temporal server has and the office database lacks (R65): it is older than they are.

The server is asked first and the database then, so that what is written meanwhile is nothing that lacks.
"""

import asyncio
from collections.abc import Awaitable
from typing import NamedTuple, TypeVar

from temporalio.client import Client
from temporalio.service import RPCError

from ..keys.ring import KeyFileError
from ..keys.sealing import BrokenSealError
from ..office.database.engine import Database
from ..office.filings.filing import list_filings
from ..office.filings.recurrences import Recurrence, list_recurrences
from .client import for_each
from .histories import Saved, read_last_recorded, read_last_saved
from .missing import list_running
from .recurrence_client import row_of

OURS = ("filing/", "recurrence/")

T = TypeVar("T")


class Lagging(NamedTuple):
    """Filings that took steps which were recorded once and are not any more, each with the last of them.

    `unreadable` maps those whose history cannot be read to the kind of error: of them nobody knows.
    """

    steps: dict[str, int]
    unreadable: dict[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the filings of which the database lacks steps."""
        return tuple(self.steps)


class Behind(NamedTuple):
    """Recurrences of which the database has another row than they saved last, each with both rows.

    The first of the two is None where it has none. `unreadable` is as with filings.
    """

    rows: dict[str, tuple[Recurrence | None, Recurrence]]
    unreadable: dict[str, str]


async def find_lagging(client: Client, database: Database) -> Lagging:
    """Return the filings of which the database lacks steps, among those that have not ended by what it has.

    Also one of which it has the row alone: it may be as old as the moment at which that began. A history
    whose key is missing tells nothing: who looks at keys says so. Raises RPCError and DatabaseError.
    """
    ids = await asyncio.to_thread(_read_unended, database)
    last = await for_each(ids, lambda id: _read_last(client, id))
    recorded = await asyncio.to_thread(_read_recorded, database)
    steps = {id: step for id, step in last.items() if isinstance(step, int)}
    return Lagging(
        {id: step for id, step in steps.items() if step > recorded.get(id, 0)},
        {id: error for id, error in last.items() if isinstance(error, str)},
    )


async def find_behind(client: Client, database: Database) -> Behind:
    """Return the recurrences whose row is not what they saved last, among those that go on here or there.

    Those that save something meanwhile are left out. Raises RPCError and DatabaseError.
    """
    going_on = {
        id for id, row in (await asyncio.to_thread(_read_rows, database)).items() if row.status != "stopped"
    }
    running = {id for id in await list_running(client) if id.startswith("recurrence/")}
    saved = await for_each(sorted(going_on | running), lambda id: _read_saved(client, id))
    rows = await asyncio.to_thread(_read_rows, database)
    found = {
        id: (rows.get(id), row_of(last.recurrence)) for id, last in saved.items() if isinstance(last, Saved)
    }
    found = {id: (row, last) for id, (row, last) in found.items() if row != last}
    again = await for_each(found, lambda id: _read_saved(client, id))
    return Behind(
        {id: both for id, both in found.items() if again[id] == saved[id]},
        {id: error for id, error in saved.items() if isinstance(error, str)},
    )


async def find_unknown(client: Client, database: Database) -> list[str]:
    """Return the filings and recurrences that run and have no row. Raises RPCError and DatabaseError."""
    running = sorted(id for id in await list_running(client) if id.startswith(OURS))
    known = await asyncio.to_thread(_read_known, database)
    return [id for id in running if id not in known]


async def _read_last(client: Client, workflow_id: str) -> int | str:
    """Return the last step that was recorded once, or the kind of error that a history cannot be read for."""
    return await _try(read_last_recorded(client, workflow_id), 0)


async def _read_saved(client: Client, workflow_id: str) -> Saved | str | None:
    """Return what a recurrence saved last, or the kind of error that a history cannot be read for."""
    return await _try(read_last_saved(client, workflow_id), None)


async def _try(reading: Awaitable[T], unopened: T) -> T | str:
    """Return what is read of a history; `unopened` where its key is missing, else the kind of error."""
    try:
        return await reading
    except (KeyFileError, BrokenSealError):
        return unopened
    except RPCError:
        raise
    except Exception as error:  # one odd history keeps nobody from looking at the others
        return type(error).__name__


def _read_unended(database: Database) -> list[str]:
    with database.read() as connection:
        return [filing.id for filing in list_filings(connection) if filing.status != "afgesloten"]


def _read_recorded(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {filing.id: filing.recorded for filing in list_filings(connection)}


def _read_rows(database: Database) -> dict[str, Recurrence]:
    with database.read() as connection:
        return {one.workflow_id: one for one in list_recurrences(connection)}


def _read_known(database: Database) -> set[str]:
    return _read_rows(database).keys() | _read_recorded(database).keys()
