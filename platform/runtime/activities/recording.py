"""Recording what happened to a filing into the office database (DESIGN 5)."""

from temporalio import activity

from ...office.database.engine import Database
from ...office.filings.records import ActorRecord, EntryRecord, FilingRecord, StepRecord, record
from ..commands import RECORD
from ..inputs import RecordInput


class Recording:
    """The activity that records; idempotent by filing and step."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name=RECORD, no_thread_cancel_exception=True)
    def record(self, input: RecordInput) -> None:
        """Write every step since the last; tried again for ever while the database is away or its disk full.

        The office holds what the caller said of who acted against its own knowledge.
        """
        record(self._database, filing_record(input))


def filing_record(input: RecordInput) -> FilingRecord:
    """Return what the office writes down of these steps and of the filing as it stands after them."""
    steps = tuple(
        StepRecord(
            sequence=step.sequence,
            digest=step.digest,
            entries=tuple(EntryRecord.model_validate(entry.model_dump()) for entry in step.entries),
            actors=tuple(ActorRecord.model_validate(actor.model_dump()) for actor in step.actors),
        )
        for step in input.steps
    )
    view = input.view
    return FilingRecord(
        workflow_id=input.workflow_id,
        steps=steps,
        view=view.model_dump(mode="json"),
        planner=view.planner,
        phases=tuple(phase.id for phase in view.phases if phase.status == "active"),
        due=view.due,
        ended=view.ended,
    )
