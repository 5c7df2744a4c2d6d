"""A bulk run that is carried out: one workflow that has lines done until there are none left (R30).

It knows the run's number and nothing else. What is to be done, how far it is and whether it goes on at all
is in the office's database, so that pages are read without a worker and no history grows with the lines.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from .commands import CARRY_OUT
from .inputs import BulkInput, BulkWent

BULK = "kantoor.bulk"
"""Type of the workflow. No template is called so: an id has no full stop."""

GO_ON = "go_on"
"""Name of the signal by which a run is told to look at its lines again."""

LONGEST_TURN = timedelta(minutes=10)
"""How long one activity may take; it returns much earlier, and says now and then that it is alive."""


@workflow.defn(name=BULK)
class BulkWorkflow:
    """Has lines of a run carried out, so many at once, until the database says that there is no more."""

    @workflow.init
    def __init__(self, input: BulkInput) -> None:
        """Begin; a signal may come before `run` does."""
        self._again = False

    @workflow.run
    async def run(self, input: BulkInput) -> None:
        """Carry out lines until none is left, or the run is paused or cancelled."""
        more = True
        while more or self._again:
            self._again = False
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(input)
            timing = input.timing
            went: BulkWent = await workflow.execute_activity(
                CARRY_OUT,
                input.run,
                result_type=BulkWent,
                task_queue=input.task_queue,
                start_to_close_timeout=LONGEST_TURN,
                heartbeat_timeout=timedelta(seconds=timing.activity_seconds),
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=timing.retry_seconds),
                    maximum_interval=timedelta(seconds=timing.retry_most_seconds),
                ),
            )
            more = went.more

    @workflow.signal(name=GO_ON)
    def go_on(self) -> None:
        """Look at the lines again: the run was resumed."""
        self._again = True
