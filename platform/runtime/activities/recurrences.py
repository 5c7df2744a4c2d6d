"""What a recurrence asks of the world: start the next filing, and save its own state (R28)."""

import asyncio

from temporalio import activity

from ...filing.events import SYSTEM
from ...office.alarms import NOT_BEGUN, drop_alarm
from ...office.database.engine import Database
from ...office.filings.recurrences import save_recurrence
from ...recurrence import Begun, Recurrence, Terms
from ..inputs import BeginInput
from ..preparing import NotReady, StartRequest
from ..recurrence_client import row_of, terms_of
from ..recurrence_workflow import BEGIN, SAVE
from ..starter import Starter


class Recurrences:
    """The activities of recurrences."""

    def __init__(self, database: Database, starter: Starter) -> None:
        self._database = database
        self._starter = starter

    @activity.defn(name=BEGIN)
    async def begin(self, input: BeginInput) -> Begun:
        """Start the filing that comes next, if the relation is ready; only ever the first over a period."""
        recurrence = input.recurrence
        outcome = await self._starter.start(
            StartRequest(
                template=recurrence.template,
                relation=recurrence.relation,
                period=recurrence.period,
                sub_number=recurrence.sub_number,
                start_date=recurrence.start,
                without_automations=recurrence.without_automations,
                by=SYSTEM,
            )
        )
        terms = await asyncio.to_thread(self._terms, input)
        if isinstance(outcome, NotReady):
            return Begun(started=False, problem=outcome.text, terms=terms)
        return Begun(started=True, terms=terms)

    @activity.defn(name=SAVE, no_thread_cancel_exception=True)
    def save(self, recurrence: Recurrence) -> None:
        """Save the state of a recurrence over the one that was saved before."""
        with self._database.write() as connection:
            save_recurrence(connection, row_of(recurrence))
            drop_alarm(connection, NOT_BEGUN, recurrence.workflow_id)

    def _terms(self, input: BeginInput) -> Terms:
        with self._database.read() as connection:
            found = terms_of(
                connection,
                input.recurrence.template,
                input.recurrence.relation,
                input.recurrence.sub_number,
                input.today,
            )
        return found or input.recurrence.terms
