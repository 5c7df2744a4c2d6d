"""Recurrence (R28): one workflow for each relation and template, which starts the next filing in time.

It sleeps until the next start by the office's clock, has an activity write the filing's row and start it, and
goes on; what was missed while nothing ran is caught up. A filing that cannot start yet is tried again each
office day. Everything that waits is in the main loop, so that an error fails the workflow task and is
seen; updates only change what the loop reads.
"""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from ..clock import Clock
from ..recurrence import (
    Begun,
    Recurrence,
    Taken,
    Terms,
    advance_period,
    after,
    digest_change,
    find_next_attempt,
    find_taken,
    go_back,
    refresh,
    remember_act,
)
from .inputs import PASSED, BeginInput, ChangeAnswer, ChangeInput, RecurrenceInput
from .office_timer import OfficeTimer

RECURRENCE = "kantoor.recurrence"
"""Type of the workflow. No template is called so: an id has no full stop."""

BEGIN, SAVE = "begin_filing", "save_recurrence"
"""Names of activities, as histories hold them: never changed."""

TERMS = "terms"
"""Name of the signal by which a recurrence is told what it starts by."""

GAVE_UP = "De opdracht kon niet worden gestart. Neem contact op met de beheerder."


@workflow.defn(name=RECURRENCE)
class RecurrenceWorkflow:
    """What starts by itself for one relation and template; `recurrence.py` says by which rules."""

    @workflow.init
    def __init__(self, input: RecurrenceInput) -> None:
        """Begin, or go on where the previous run stopped; updates may come before `run` does."""
        self._timing = input.timing
        self._time = OfficeTimer(input.clock, input.latest)
        self._is = input.recurrence
        self._saved: Recurrence | None = None
        self._stirred = True

    @workflow.run
    async def run(self, input: RecurrenceInput) -> None:
        """Start filing after filing, until it is stopped."""
        while not (self._is.stopped and self._is == self._saved):
            await workflow.wait_condition(lambda: self._stirred or self._time.fired)
            self._stirred = False
            if workflow.info().is_continue_as_new_suggested():
                await self._continue_as_new()
            moment = find_next_attempt(self._is)
            if moment is not None and moment <= self._time.shows():
                await self._begin()
            if self._is != self._saved:
                await self._save()
            self._time.wait_for(find_next_attempt(self._is))
        await workflow.wait_condition(workflow.all_handlers_finished)

    # --- what people say ------------------------------------------------------------------------------

    @workflow.update
    def pause(self, input: ChangeInput) -> ChangeAnswer:
        """Start nothing until it is resumed."""
        return self._change(input, self._is.model_copy(update={"paused": True}))

    @workflow.update
    def resume(self, input: ChangeInput) -> ChangeAnswer:
        """Go on; what should have started meanwhile starts now."""
        return self._change(input, self._is.model_copy(update={"paused": False}))

    @workflow.update
    def skip(self, input: ChangeInput) -> ChangeAnswer:
        """Pass over the next filing."""
        return self._change(input, advance_period(self._is))

    @workflow.update
    def unskip(self, input: ChangeInput) -> ChangeAnswer:
        """Start the filing over the period before after all: at once where its day has passed."""
        return self._change(input, go_back(self._is))

    @workflow.update
    def set_start(self, input: ChangeInput) -> ChangeAnswer:
        """Start the next filing on another day; those after it start on their own."""
        return self._change(input, self._is.model_copy(update={"start": input.start, "again_on": None}))

    @workflow.update
    def stop(self, input: ChangeInput) -> ChangeAnswer:
        """Stop the recurrence: nothing more is started."""
        return self._change(input, self._is.model_copy(update={"stopped": True}))

    @workflow.update(name="clock")
    def move_clock(self, clock: Clock) -> None:
        """Go on by another clock (R56)."""
        self._stirred = self._time.set(clock) or self._stirred

    @workflow.signal(name="clock")
    def put_clock(self, clock: Clock) -> None:
        """Go on by another clock, also when no worker runs: signals are applied before timers fire."""
        self._stirred = self._time.set(clock) or self._stirred

    @workflow.signal(name=TERMS)
    def put_terms(self, terms: Terms) -> None:
        """Go on under other terms: an agreement or the plan has changed."""
        self._is = refresh(self._is, terms)
        self._stirred = True

    @workflow.query
    def state(self) -> Recurrence:
        """Return the state of the recurrence."""
        return self._is

    def _change(self, input: ChangeInput, changed: Recurrence) -> ChangeAnswer:
        """Take a change, once for each update id, also over continue-as-new.

        Another change under a used id is not taken: the answer is what was, as Temporal's own answer is
        within a run, and the caller sees that it is not what they asked for.
        """
        update = workflow.current_update_info()
        assert update
        if before := find_taken(self._is, update.id):
            return ChangeAnswer(recurrence=self._is, said=before.said, call="")
        if input.seen not in (None, self._is.period):
            return ChangeAnswer(recurrence=self._is, said=PASSED, call="")
        taken = Taken(id=update.id, said=digest_change(update.name, input.by, input.start))
        self._is = remember_act(changed, taken)
        self._stirred = True
        return ChangeAnswer(recurrence=self._is, said=taken.said, call=input.call)

    # --- what follows ---------------------------------------------------------------------------------

    async def _begin(self) -> None:
        """Try to start the next filing; a period that was passed over meanwhile is not passed over twice."""
        tried = self._is
        today = self._time.stamp().date()
        try:
            begun: Begun = await self._activity(BEGIN, BeginInput(recurrence=tried, today=today), Begun)
        except ActivityError:
            begun = Begun(started=False, problem=GAVE_UP, terms=tried.terms)
        if self._is.period == tried.period:
            self._is = after(self._is, begun, today)
        self._stirred = True

    async def _save(self) -> None:
        saving = self._is
        await self._activity(SAVE, saving, None)
        self._saved = saving
        self._stirred = True

    async def _activity(self, name: str, argument: Any, answer: type | None) -> Any:
        return await workflow.execute_activity(
            name,
            argument,
            result_type=answer,
            start_to_close_timeout=timedelta(seconds=self._timing.activity_seconds),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=self._timing.retry_seconds),
                maximum_interval=timedelta(seconds=self._timing.retry_most_seconds),
            ),
        )

    async def _continue_as_new(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(
            RecurrenceInput(
                recurrence=self._is,
                clock=self._time.clock,
                timing=self._timing,
                latest=self._time.latest,
            )
        )
