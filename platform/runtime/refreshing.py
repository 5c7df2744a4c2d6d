"""Telling recurrences what they start by, after a plan or an agreement has changed (R28, R64).

Whoever changes it marks the rows in the same transaction; a worker tells their workflows. So a deploy or an
import needs no Temporal server, and what it means is not lost while that is unavailable.
"""

import asyncio

from sqlalchemy import Connection
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from ..office.database.engine import Database
from ..office.filings.recurrences import Recurrence, list_stale, mark_told
from ..office.office_clock import office_now
from ..recurrence import Terms
from .client import LIMIT, for_each
from .recurrence_client import terms_of
from .recurrence_workflow import TERMS
from .transient import within

AT_ONCE = 100


async def refresh_stale(database: Database, client: Client) -> int:
    """Tell the recurrences that were marked their present terms; return how many there were, AT_ONCE at most.

    One whose plan was withdrawn keeps the terms that it has, and one whose workflow was never begun gets them
    when it is. Raises DatabaseError and RPCError; what was not told stays marked.
    """
    found = await asyncio.to_thread(_read, database)
    known = {recurrence.workflow_id: terms for recurrence, terms in found if terms}

    async def tell(workflow_id: str) -> bool:
        return await _tell(client, workflow_id, known[workflow_id])

    told = await for_each(known, tell)
    done = [(one, terms) for one, terms in found if told.get(one.workflow_id, True)]
    await asyncio.to_thread(_write, database, done)
    return len(found)


async def _tell(client: Client, workflow_id: str, terms: Terms) -> bool:
    async def signal() -> bool:
        handle = client.get_workflow_handle(workflow_id)
        await handle.signal(TERMS, terms, rpc_timeout=LIMIT)
        return True

    try:
        return await within(LIMIT, signal) is True
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return True


def _read(database: Database) -> list[tuple[Recurrence, Terms | None]]:
    with database.read() as connection:
        return [(one, _terms(connection, one)) for one in list_stale(connection, AT_ONCE)]


def _write(database: Database, told: list[tuple[Recurrence, Terms | None]]) -> None:
    """Take the marks away, but where the terms have changed again since they were told."""
    if told:
        with database.write() as connection:
            mark_told(connection, [one for one, terms in told if _terms(connection, one) == terms])


def _terms(connection: Connection, one: Recurrence) -> Terms | None:
    today = office_now(connection).date()
    return terms_of(connection, one.template, one.relation, one.sub_number, today)
