"""Starting filings with a database and a client: one or many, repeatable, never twice (R27)."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection
from temporalio.client import Client

from ..clock import Clock, PracticeClock
from ..equipment import Equipment
from ..filing.events import SYSTEM
from ..office.filings.filing import Filing, find_filing
from ..office.filings.recurrences import Recurrence as Row
from ..office.filings.recurrences import find_recurrence, mark_begun
from ..office.office_clock import clock_of, office_now
from ..recurrence import Recurrence, Terms
from ..settings import Transport
from .client import reanchor, start_filing
from .inputs import Timing
from .preparing import NotReady, Prepared, Started, StartRequest, prepare_all, write_rows
from .recurrence_client import recurrence_of, start_recurrence, terms_of


class Written(NamedTuple):
    """A filing whose row is written and whose workflow is to be started, by the clock of that moment."""

    prepared: Prepared
    clock: Clock


class Starter:
    """Starts filings of one office."""

    def __init__(self, equipment: Equipment, client: Client) -> None:
        self._database = equipment.database
        self._client = client
        self._settings = equipment.settings
        self._needs = equipment.reports.identity_needs()

    async def start(self, wanted: StartRequest) -> Started | NotReady:
        """Start a filing if the relation is ready, or say everything that is missing.

        Raises ServerAwayError, RPCError and DatabaseError; then the same call again goes on.
        """
        (written,) = await self.write([wanted])
        return await self.begin(written) if isinstance(written, Written) else written

    async def begin_planned(self, planned: Filing) -> Started | NotReady:
        """Begin a filing that is only a row, as `start` of it again does; see there what it raises."""
        wanted = StartRequest(
            template=planned.template,
            relation=planned.relation,
            period=planned.period,
            sub_number=planned.sub_number,
            sequence=planned.sequence,
            start_date=planned.start_date,
            reason=planned.again_reason,
            without_automations=planned.without_automations,
            by=SYSTEM,
        )
        return await self.start(wanted)

    async def begin_recurrence(self, recurrence: Recurrence) -> bool:
        """Start the workflow of a recurrence whose row is written; False where one runs already.

        Raises ServerAwayError, RPCError and DatabaseError; then the same call again goes on.
        """
        clock = await asyncio.to_thread(self._read_clock)
        timing = timing_of(self._settings.timing(isinstance(clock, PracticeClock)))
        queue = self._settings.temporal.task_queue
        began = await start_recurrence(self._client, queue, recurrence, clock, timing)
        if began:
            await asyncio.to_thread(self._mark_begun, recurrence)
        # Whoever moved the clock meanwhile listed what is open, perhaps without this one.
        moved = await asyncio.to_thread(self._read_clock)
        if moved != clock:
            await reanchor(self._client, [recurrence.workflow_id], moved)
        return began

    async def begin_as_written(self, row: Row) -> bool | None:
        """Begin a recurrence as its row has it, on today's terms; see `begin_recurrence`.

        None where there are no terms: its product is no longer agreed, or its template not published; or
        where it was stopped since the row was read.
        """
        terms = await asyncio.to_thread(self._read_terms, row)
        return None if terms is None else await self.begin_recurrence(recurrence_of(row, terms))

    async def write(self, wanted: Sequence[StartRequest]) -> list[Written | Started | NotReady]:
        """Write the rows of different filings at once, each to be begun, or say why not.

        All are judged by one moment of the office. Raises DatabaseError; then no row is written.
        """
        return await asyncio.to_thread(self._write, wanted) if wanted else []

    async def begin(self, written: Written) -> Started:
        """Start the workflow of a filing whose row is written.

        Raises ServerAwayError, RPCError and DatabaseError; then `start` of the same filing goes on.
        """
        plan, start, clock = written.prepared.plan, written.prepared.start, written.clock
        workflow_id = start.filing.workflow_id
        new = await start_filing(
            self._client,
            self._settings.temporal.task_queue,
            plan,
            start,
            clock,
            timing_of(self._settings.timing(isinstance(clock, PracticeClock))),
            self._settings.worker.task_seconds,
        )
        # Whoever moved the clock meanwhile listed the open filings, perhaps without this one.
        moved = await asyncio.to_thread(self._read_clock)
        if moved != clock:
            await reanchor(self._client, [workflow_id], moved)
        return Started(filing=workflow_id, again=not new)

    def _write(self, wanted: Sequence[StartRequest]) -> list[Written | Started | NotReady]:
        with self._database.read() as connection:
            found, holds = self._prepare(connection, wanted)
        if not any(isinstance(one, Prepared) for one in found):
            return [one for one in found if not isinstance(one, Prepared)]
        with self._database.write() as connection:
            if not holds(connection):  # what was written meanwhile may be over the same days (R63)
                found, _ = self._prepare(connection, wanted)
            ready = [one for one in found if isinstance(one, Prepared)]
            clock, rows = clock_of(connection), iter(write_rows(connection, ready))
        written = (next(rows) if isinstance(one, Prepared) else one for one in found)
        return [Written(one, clock) if isinstance(one, Prepared) else one for one in written]

    def _prepare(
        self, connection: Connection, wanted: Sequence[StartRequest]
    ) -> tuple[list[Prepared | Started | NotReady], Callable[[Connection], bool]]:
        """Return what became of each start, and what says whether that still holds."""
        prepared = prepare_all(connection, wanted, office_now(connection), self._needs)
        outcomes = zip(wanted, prepared.outcomes, strict=True)
        return [
            _find_begun(connection, one) or judged if isinstance(judged, NotReady) else judged
            for one, judged in outcomes
        ], prepared.holds

    def _mark_begun(self, one: Recurrence) -> None:
        with self._database.write() as connection:
            mark_begun(connection, one.relation, one.template, one.sub_number)

    def _read_terms(self, row: Row) -> Terms | None:
        with self._database.read() as connection:
            there = find_recurrence(connection, row.relation, row.template, row.sub_number)
            if there is None or there.status == "stopped":
                return None
            today = office_now(connection).date()
            return terms_of(connection, row.template, row.relation, row.sub_number, today)

    def _read_clock(self) -> Clock:
        with self._database.read() as connection:
            return clock_of(connection)


def _find_begun(connection: Connection, wanted: StartRequest) -> Started | None:
    """Return the filing if it was started already: then nothing need be ready any more."""
    there = find_filing(connection, wanted.key.workflow_id)
    return Started(filing=there.id, again=True) if there and there.begun else None


def timing_of(transport: Transport) -> Timing:
    """Return what of the transport settings travels with a filing."""
    return Timing(
        activity_seconds=transport.activity_seconds,
        record_seconds=transport.record_seconds,
        delivery_seconds=transport.delivery_seconds,
        retry_seconds=transport.retry_seconds,
        retry_most_seconds=transport.retry_most_seconds,
    )
