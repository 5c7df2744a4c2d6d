"""A worker looks at what runs: when it starts, and once each office day (R65).

What is open and does not run is an alarm, and a line on the work list of who sends on the office's behalf
there, until it runs again.
"""

import asyncio
from datetime import date

from temporalio.client import Client

from ..office.alarms import NOT_RUNNING, ROW_MISSING, keep_alarms
from ..office.database.engine import Database
from ..office.filings.filing import list_filings
from ..office.filings.recurrences import list_recurrences
from ..office.office_clock import office_now
from .lagging import find_unknown
from .missing import find_missing_workflows

GRACE_SECONDS = 5.0
"""What does not run, or has no row, is looked at again after this: a start may be in progress."""


async def watch_running(database: Database, client: Client) -> None:
    """Raise an alarm for what is open and does not run, and take away those of what runs again.

    Likewise for what runs and has no row. Raises RPCError and DatabaseError.
    """
    suspects = await _find_missing(database, client)
    unknown = await find_unknown(client, database)
    if suspects or unknown:
        await asyncio.sleep(GRACE_SECONDS)
        again = await _find_missing(database, client)
        suspects = {id: why for id, why in again.items() if id in suspects}
        unknown = [id for id in await find_unknown(client, database) if id in unknown]
    await asyncio.to_thread(_write, database, suspects, unknown)


def read_office_day(database: Database) -> date:
    """Return today by the office's clock."""
    with database.read() as connection:
        return office_now(connection).date()


async def _find_missing(database: Database, client: Client) -> dict[str, str]:
    ids = await asyncio.to_thread(read_open, database)
    missing = await find_missing_workflows(client, ids)
    still = {*await asyncio.to_thread(read_open, database)}  # what has ended this moment is well
    return {one.workflow_id: one.why.value for one in missing if one.workflow_id in still}


def read_open(database: Database) -> list[str]:
    """Return the workflow ids of what should run: filings and recurrences that have begun."""
    with database.read() as connection:
        filings = [one.id for one in list_filings(connection) if one.begun and one.status != "afgesloten"]
        going = [one for one in list_recurrences(connection) if one.status != "stopped"]
    return [*filings, *(one.workflow_id for one in going if one.begun)]


def _write(database: Database, missing: dict[str, str], unknown: list[str]) -> None:
    texts = {(id, ""): f"open, and does not run: {why}" for id, why in missing.items()}
    said = "runs on the server but is missing here: this database is an older copy"
    rowless = {(id, ""): said for id in unknown}
    with database.write() as connection:
        keep_alarms(connection, NOT_RUNNING, texts)
        keep_alarms(connection, ROW_MISSING, rowless)
