"""The record activity of the hand-written return: it writes what the return sends, beside what ours sends.

Timeline and case come with the steps; how the return stands follows from the case, so it is worked out here.
Every event and the latest case are kept sealed, as those of our own filings are.
"""

import msgspec
from temporalio import activity

from kantoor.data import canonical
from kantoor.filing.events import Actor
from kantoor.keys.ring import KeyRing
from kantoor.office.database.engine import Database
from kantoor.office.filings import records
from kantoor.office.filings.records import ActorRecord, EntryRecord, FilingRecord, StepRecord

from . import bare_rules as rules
from .bare_inputs import BareRecord, Stamped, found_by, texts
from .bare_view import view_of


class BareRecording:
    """The activity that records; idempotent by filing and step."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring

    @activity.defn(name="record", no_thread_cancel_exception=True)
    def record(self, input: BareRecord) -> None:
        """Write every step since the last."""
        batch = _batch(input)
        with self._database.write() as connection:
            known = records.read_recorded(connection, input.workflow_id)
            new = records.find_new(connection, known, batch.steps)
            if new:
                records.record(connection, known, batch.model_copy(update={"steps": new}), self._ring.seal)


def _batch(input: BareRecord) -> FilingRecord:
    content = bytes(input.case)
    case = msgspec.json.decode(content, type=rules.Case)
    seen = view_of(case)
    phase, due = found_by(case)
    return FilingRecord(
        steps=tuple(_step(step) for step in input.steps),
        state=content,
        view=msgspec.to_builtins(seen),
        planner=seen.planner,
        phases=(phase,) if phase else (),
        due=due,
        ended=seen.ended,
        roles=texts().roles,
    )


def _step(step: Stamped) -> StepRecord:
    by = step.event.get("by")
    return StepRecord(
        sequence=step.sequence,
        event=canonical({**step.event, "at": step.at}),
        digest=step.digest,
        entries=tuple(
            EntryRecord(
                at=step.at, by=by["id"] if by else "kantoor", what=what, phase=phase or None, data=data
            )
            for what, phase, data in step.entries
        ),
        actors=tuple(_actor(actor) for actor in (by, step.event.get("contact")) if isinstance(actor, dict)),
    )


def _actor(actor: dict[str, object]) -> ActorRecord:
    return ActorRecord.model_validate(msgspec.to_builtins(msgspec.convert(actor, Actor)))
