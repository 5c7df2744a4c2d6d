"""Recording what happened to a filing into the office database (DESIGN 5).

The filing sends its events alone. What follows from one (timeline, open work, planner) is worked out here, by
the machine that took it, from the state that the office has; so whatever the office holds can be made
again from the events. When the states do not meet, the office asks for the whole one and raises an alarm.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from temporalio import activity

from ...data import canonical
from ...filing.digests import state_digest
from ...filing.events import Act, Actor, AnyEvent, Decide
from ...filing.format_1 import read_state
from ...filing.outcome import Entry, Step
from ...filing.state import State
from ...filing.step import step
from ...filing.view import view
from ...keys.ring import KeyRing
from ...office.alarms import raise_alarm
from ...office.database.engine import Database
from ...office.filings import records
from ...office.filings.records import ActorRecord, EntryRecord, FilingRecord, RecordedState, StepRecord
from ...office.plans import plan_by_digest
from ...plan import Plan
from ..commands import RECORD
from ..inputs import RecordAnswer, RecordInput


class Recording:
    """The activity that records; idempotent by filing and step."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring

    @activity.defn(name=RECORD, no_thread_cancel_exception=True)
    def record(self, input: RecordInput) -> RecordAnswer:
        """Write every step since the last; tried for ever while the database is unavailable or its disk full.

        The office holds what the caller said of who acted against its own knowledge.
        """
        plan, known = self._find_recorded(input.workflow_id)
        state = None if known.state is None else read_state(plan, known.state)
        told = list(_work_out(plan, known.sequence, state, input))
        last = told[-1] if told else None
        if last is None or last.agrees:
            after = last.state if last else state
        elif input.state is None:
            self._alarm(input.workflow_id, last.number)
            return RecordAnswer(needs_state=True)
        else:
            after = input.state
        if after is not None:
            batch = _batch(plan, after, input, {one.number: one.entries for one in told})
            records.record(self._database, batch, self._ring.seal)
        return RecordAnswer(needs_state=False)

    def _find_recorded(self, workflow_id: str) -> tuple[Plan, RecordedState]:
        with self._database.read() as connection:
            known = records.read_state(connection, workflow_id, self._ring.open_sealed)
            published = plan_by_digest(connection, known.plan)
        if published is None:
            raise LookupError(f"the plan of {workflow_id} is not published")
        return published.plan, known

    def _alarm(self, workflow_id: str, number: int) -> None:
        text = f"from step {number} on the recorded state is not the filing's own; it was asked for whole"
        with self._database.write() as connection:
            raise_alarm(connection, "state_differs", workflow_id, str(number), text)


class _Worked(NamedTuple):
    """What was worked out of one step; `agrees` when the state is the filing's own."""

    number: int
    state: State | None
    entries: tuple[Entry, ...]
    agrees: bool


def _work_out(plan: Plan, recorded: int, state: State | None, input: RecordInput) -> Iterator[_Worked]:
    """Yield what follows from each step that is not recorded yet, up to the first that does not agree."""
    for new in input.steps:
        if new.sequence <= recorded:
            continue
        meets = (state.journal.sequence if state else 0) == new.sequence - 1
        outcome = step(plan, state, new.event) if meets else None
        if not isinstance(outcome, Step) or state_digest(plan, outcome.state) != new.digest:
            yield _Worked(new.sequence, None, (), agrees=False)
            return
        state = outcome.state
        yield _Worked(new.sequence, state, outcome.entries, agrees=True)


def _batch(
    plan: Plan, state: State, input: RecordInput, entries: dict[int, tuple[Entry, ...]]
) -> FilingRecord:
    """Return what the office writes down of these steps and of the filing as it stands after them."""
    seen = view(plan, state)
    return FilingRecord(
        workflow_id=input.workflow_id,
        steps=tuple(
            StepRecord(
                sequence=taken.sequence,
                event=canonical(taken.event),
                digest=taken.digest,
                entries=tuple(_entry(one) for one in entries.get(taken.sequence, ())),
                actors=tuple(_actor(one) for one in _actors_of(taken.event)),
            )
            for taken in input.steps
        ),
        state=canonical(state),
        view=msgspec.to_builtins(seen),
        planner=seen.planner,
        phases=tuple(phase.id for phase in seen.phases if phase.status == "active"),
        due=seen.due,
        ended=seen.ended,
    )


def _entry(entry: Entry) -> EntryRecord:
    return EntryRecord(at=entry.at, by=entry.by, what=entry.what, phase=entry.phase, data=entry.data)


def _actor(actor: Actor) -> ActorRecord:
    return ActorRecord.model_validate(msgspec.to_builtins(actor))


def _actors_of(event: AnyEvent) -> tuple[Actor, ...]:
    """Return who an event says has acted: to be held against the database."""
    if not isinstance(event, Act):
        return ()
    contact = event.contact if isinstance(event, Decide) else None
    return (event.by,) if contact is None else (event.by, contact)
