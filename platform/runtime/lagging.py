"""What the Temporal server has and the office database lacks (R65): it is older than they are.

The server is asked first and the database then, so that what is written meanwhile is nothing that lacks.
"""

import asyncio
from collections.abc import Sequence

from temporalio.client import Client

from ..keys.ring import KeyFileError
from ..keys.sealing import BrokenSealError
from ..office.database.engine import Database
from ..office.filings.filing import list_filings
from ..office.filings.recurrences import list_recurrences
from .client import for_each
from .histories import read_last_recorded
from .missing import list_running

OURS = ("filing/", "recurrence/")


async def find_lagging(client: Client, database: Database, ids: Sequence[str]) -> list[str]:
    """Return those of these filings that took steps which were recorded once and are not any more.

    A history whose key is missing tells nothing: who looks at keys says so. Raises RPCError and
    DatabaseError.
    """
    last = await for_each(ids, lambda id: _read_last(client, id))
    recorded = await asyncio.to_thread(_read_recorded, database)
    return [id for id in ids if last[id] > recorded.get(id, 0)]


async def find_unknown(client: Client, database: Database) -> list[str]:
    """Return the filings and recurrences that run and have no row. Raises RPCError and DatabaseError."""
    running = sorted(id for id in await list_running(client) if id.startswith(OURS))
    known = await asyncio.to_thread(_read_known, database)
    return [id for id in running if id not in known]


async def _read_last(client: Client, workflow_id: str) -> int:
    try:
        return await read_last_recorded(client, workflow_id)
    except (KeyFileError, BrokenSealError):
        return 0


def _read_recorded(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {filing.id: filing.recorded for filing in list_filings(connection)}


def _read_known(database: Database) -> set[str]:
    with database.read() as connection:
        recurrences = {one.workflow_id for one in list_recurrences(connection)}
    return recurrences | _read_recorded(database).keys()
