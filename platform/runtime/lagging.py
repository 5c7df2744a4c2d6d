"""What the Temporal server has and the office database lacks (R65): it is older than they are.

The server is asked first and the database then, so that what is written meanwhile is nothing that lacks.
"""

import asyncio
from typing import NamedTuple

from temporalio.client import Client
from temporalio.service import RPCError

from ..keys.ring import KeyFileError
from ..keys.sealing import BrokenSealError
from ..office.database.engine import Database
from ..office.filings.filing import list_filings
from ..office.filings.recurrences import list_recurrences
from .client import for_each
from .histories import read_last_recorded
from .missing import list_running

OURS = ("filing/", "recurrence/")


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


async def find_unknown(client: Client, database: Database) -> list[str]:
    """Return the filings and recurrences that run and have no row. Raises RPCError and DatabaseError."""
    running = sorted(id for id in await list_running(client) if id.startswith(OURS))
    known = await asyncio.to_thread(_read_known, database)
    return [id for id in running if id not in known]


async def _read_last(client: Client, workflow_id: str) -> int | str:
    """Return the last step that was recorded once, or the kind of error that a history cannot be read for."""
    try:
        return await read_last_recorded(client, workflow_id)
    except (KeyFileError, BrokenSealError):
        return 0
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


def _read_known(database: Database) -> set[str]:
    with database.read() as connection:
        recurrences = {one.workflow_id for one in list_recurrences(connection)}
    return recurrences | _read_recorded(database).keys()
