"""Recording what happened to a filing into the office database (DESIGN 5).

The filing sends its events alone. What follows from one (timeline, open work, planner) is worked out here, by
the machine that took it, from the state that the office has; so whatever the office holds can be made
again from the events. Where the office has no such state, it asks for the one before the first of the events.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection
from temporalio import activity

from ...data import canonical, replace
from ...filing.digests import state_digest
from ...filing.events import Act, Actor, AnswerRequest, AnyEvent, AnyMove, Decide, Move, Notice, Reassign
from ...filing.following import FindPlan, take
from ...filing.format_1 import read_state
from ...filing.outcome import Entry, Step
from ...filing.state import State
from ...filing.view import view
from ...keys.ring import KeyRing
from ...office.alarms import ROW_MISSING, raise_alarm
from ...office.database.engine import Database
from ...office.filings import records
from ...office.filings.filing import find_filing
from ...office.filings.links import LinkKind, link_filings
from ...office.filings.notices import notice_taken
from ...office.filings.records import (
    ActorRecord,
    EnclosureRecord,
    EntryRecord,
    FilingRecord,
    MovedRow,
    Recorded,
    StepRecord,
    UnknownFilingError,
    UnreadableStateError,
)
from ...office.plans import MOST_PLANS, UnknownPlanError, require_plan
from ...plan import Plan
from ..commands import RECORD
from ..inputs import RecordAnswer, RecordInput


class RecordingError(Exception):
    """The machine that records comes to other states than the filing did: a worker of another version.

    Tried again until a worker of the filing's version takes it.
    """


STEPS_AT_ONCE = 100
"""So many steps are written in one transaction, during which no other filing of the office is recorded."""

CatchUp = Callable[[str], object]
"""Fetches the steps of a filing that the office lacks, from the filing's own histories."""


class Recording:
    """The activity that records; idempotent by filing and step.

    Steps that are missing before those that come are fetched with `catch_up`, where there is one.
    """

    def __init__(self, database: Database, ring: KeyRing, catch_up: CatchUp | None = None) -> None:
        self._database = database
        self._ring = ring
        self._catch_up = catch_up
        self._plans: dict[str, Plan] = {}

    @activity.defn(name=RECORD, no_thread_cancel_exception=True)
    def record(self, input: RecordInput) -> RecordAnswer:
        """Write every step since the last; tried for ever while the database is unavailable or its disk full.

        The office compares what the caller said of who acted with its own knowledge.
        """
        try:
            answer = self._record(input, may_lack=self._catch_up is None)
            if answer is None and self._catch_up is not None:
                self._catch_up(input.workflow_id)
                answer = self._record(input, may_lack=True)
        except UnknownFilingError:
            with self._database.write() as connection:
                text = "runs on the server but is missing here: this database is an older copy"
                raise_alarm(connection, ROW_MISSING, input.workflow_id, "", text)
            raise
        except UnknownPlanError as error:
            with self._database.write() as connection:
                text = f"cannot be recorded: {error}; kantoor deploy the definitions that it was moved to"
                raise_alarm(connection, "plan_missing", input.workflow_id, "", text)
            raise
        assert answer is not None
        return answer

    def _record(self, input: RecordInput, *, may_lack: bool) -> RecordAnswer | None:
        """Write steps; without `may_lack` write nothing and return None when some are missing before them."""
        taken = tuple(_Taken(s.sequence, s.digest, s.event) for s in input.steps if s.event is not None)
        if len(taken) < len(input.steps) and not input.asked:
            return RecordAnswer(needs_state=True)  # scheduled in format 1: the filing sends them again whole
        with self._database.write() as connection:
            known = records.read_recorded(connection, input.workflow_id)
            if not may_lack and input.steps[0].sequence > known.sequence + 1:
                return None
            new = records.find_new(connection, known, [_recordable(one) for one in taken])
            lost = input.steps[-1].sequence if len(taken) < len(input.steps) else 0
            if lost > known.sequence and not new:
                text = f"steps to {lost} came without events and were never recorded: the timeline lacks them"
                raise_alarm(connection, "record_gap", known.filing, str(lost), text)
            if not new:
                return RecordAnswer(needs_state=False)
            outcomes = self._work_out(connection, known, taken, input)
            if outcomes is not None:
                self._write(connection, known, new, outcomes)
                for one in new:
                    _alarm_wrong_results(connection, known.filing, outcomes[one.sequence].step)
                    _alarm_missed_while_held(connection, known.filing, outcomes[one.sequence].step)
                    _alarm_left_undone(connection, known.filing, outcomes[one.sequence].step)
                    _note_links(connection, known.filing, outcomes[one.sequence].step)
                _note_notices(connection, known.filing, new, taken)
        if outcomes is None and input.asked:
            raise RecordingError(f"the steps of {input.workflow_id} lead to other states here")
        return RecordAnswer(needs_state=outcomes is None)

    def _write(
        self,
        connection: Connection,
        known: Recorded,
        new: Sequence[StepRecord],
        outcomes: "dict[int, _Worked]",
    ) -> None:
        """Write new steps, those of each plan that the filing was on together."""
        for plan, some in groupby(new, lambda one: outcomes[one.sequence].plan):
            steps = tuple(some)
            worked = [outcomes[one.sequence] for one in steps]
            moved = None if plan == known.plan else plan
            batch = _batch(self._find_plan(connection, plan), steps, worked, moved)
            records.record(connection, known, batch, self._ring.seal)
            known = known._replace(sequence=steps[-1].sequence, plan=plan)

    def _find_plan(self, connection: Connection, digest: str) -> Plan:
        """Return a plan of a filing. The same digest is the same plan for ever."""
        if digest not in self._plans:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            self._plans[digest] = require_plan(connection, digest)
        return self._plans[digest]

    def _work_out(
        self,
        connection: Connection,
        known: Recorded,
        taken: "Sequence[_Taken]",
        input: RecordInput,
    ) -> "dict[int, _Worked] | None":
        """Work the new steps out from the office's own state, else from the one that was sent."""

        def find(digest: str) -> Plan:
            return self._find_plan(connection, digest)

        sent = input.plan or known.plan
        if known.sequence and known.state is None:
            return _follow(sent, input.before, taken, find)  # what format 1 recorded has no state beside it
        number = known.sequence + 1
        if min(one.sequence for one in taken if one.sequence > known.sequence) > number:
            return _follow(sent, input.before, taken, find)  # after steps that nobody has
        try:
            content = records.open_state(known, self._ring.open_sealed)
            state = None if content is None else read_state(find(known.plan), content)
            outcomes = _follow(known.plan, state, [one for one in taken if one.sequence >= number], find)
            text = f"from step {number} on the recorded state is not the filing's own, which counts"
        except (UnreadableStateError, msgspec.MsgspecError):
            outcomes = None
            text = f"the recorded state before step {number} cannot be read; the filing's own counts"
        if outcomes is None:
            raise_alarm(connection, "state_differs", known.filing, str(number), text)
            outcomes = _follow(sent, input.before, taken, find)
        return outcomes


_LINKED: dict[str, LinkKind] = {
    "started_another": "started",
    "ran_already": "started",
    "filing_reached": "waits_for",
}
"""What the timeline tells of another filing, and how both are linked by it."""


class _Taken(NamedTuple):
    """A step that was sent with its event."""

    sequence: int
    digest: str
    event: AnyEvent


class _Worked(NamedTuple):
    """What follows from a step, and the digest of the plan that the filing is on after it."""

    plan: str
    step: Step


def _follow(
    plan: str, state: State | None, taken: Sequence[_Taken], find: FindPlan
) -> dict[int, _Worked] | None:
    """Return what follows from steps, by number; None where they do not lead to their digests."""
    outcomes: dict[int, _Worked] = {}
    for one in taken:
        reached = state.journal.sequence if state else 0
        if one.sequence != reached + 1:
            return None
        after, outcome = take(find(plan), state, one.event, find)
        if not isinstance(outcome, Step) or state_digest(after, outcome.state) != one.digest:
            return None
        plan = one.event.plan if isinstance(one.event, Move) else plan
        outcomes[one.sequence], state = _Worked(plan, outcome), outcome.state
    return outcomes


def _alarm_wrong_results(connection: Connection, filing: str, outcome: Step) -> None:
    """Raise an alarm for a command that was answered with a result of another kind: a fault of ours."""
    for entry in outcome.entries:
        if "answered" in entry.data:
            text = (
                f"in step {outcome.sequence} the command '{entry.data['command']}' was answered with "
                f"'{entry.data['answered']}': it is stalled until somebody retries it"
            )
            raise_alarm(connection, "wrong_result", filing, str(outcome.sequence), text)


def _alarm_missed_while_held(connection: Connection, filing: str, outcome: Step) -> None:
    """Raise an alarm for a legal day that passed while the office held the filing: nobody has it as work."""
    holds = outcome.state.case.holds
    held = bool(holds) and holds[-1].ended is None
    if held and any(entry.what == "deadline_missed" for entry in outcome.entries):
        text = f"in step {outcome.sequence} a statutory deadline was missed while the filing is held"
        raise_alarm(connection, "missed_while_held", filing, str(outcome.sequence), text)


_LEFT_UNDONE = {
    "start": ("not_started", "another filing could not be started"),
    "note": ("note_not_left", "a note for another filing could not be left"),
}
"""By command the alarm of what nobody works on any more once the filing has ended, and its words."""


def _alarm_left_undone(connection: Connection, filing: str, outcome: Step) -> None:
    """Raise an alarm for what was to be started or left and was not when the filing ended: nobody's work."""
    if not outcome.state.case.ended:
        return
    told = (e for e in outcome.entries if e.what in ("left_undone", "stands_still"))
    undone = [e.data["command"] for e in told if e.data["command"] in _LEFT_UNDONE]
    for index, command in enumerate(undone):
        kind, what = _LEFT_UNDONE[command]
        text = f"in step {outcome.sequence} {what}, and this one has ended"
        raise_alarm(connection, kind, filing, f"{outcome.sequence}.{index}", text)


def _note_links(connection: Connection, filing: str, outcome: Step) -> None:
    """Link a filing to those that its timeline tells of: a database that was put back may lack the links."""
    for entry in outcome.entries:
        kind = _LINKED.get(entry.what)
        other = find_filing(connection, entry.data["filing"]) if kind else None
        if kind and other:
            link_filings(connection, filing, other.id, kind)


def _note_notices(
    connection: Connection, filing: str, new: "Sequence[StepRecord]", taken: "Sequence[_Taken]"
) -> None:
    """Write down of notices of the inbox that the filing took them."""
    numbers = {one.sequence for one in new}
    for one in taken:
        if one.sequence in numbers and isinstance(one.event, Notice):
            notice_taken(connection, filing, one.event.id, one.event.at)


def _recordable(taken: _Taken) -> StepRecord:
    """Return a step as the office keeps it, without what follows from it."""
    return StepRecord(
        sequence=taken.sequence,
        event=canonical(taken.event),
        digest=taken.digest,
        actors=tuple(_actor(one) for one in _list_actors(taken.event)),
        given=tuple(_list_given(taken.event)),
    )


def _list_given(event: AnyEvent) -> Iterator[EnclosureRecord]:
    """Yield the documents that a client gave, for the dossier."""
    if isinstance(event, AnswerRequest):
        for one in event.documents:
            yield EnclosureRecord(hash=one.hash, name=one.name, media_type=one.media_type)


def _batch(
    plan: Plan, new: Sequence[StepRecord], worked: Sequence[_Worked], moved: str | None
) -> FilingRecord:
    """Return what the office writes down of new steps and of the filing as it stands after them.

    `moved` is the digest of the plan where the filing was moved to it.
    """
    state = worked[-1].step.state
    seen = view(plan, state)
    return FilingRecord(
        steps=tuple(
            one.model_copy(update={"entries": tuple(map(_entry, after.step.entries))})
            for one, after in zip(new, worked, strict=True)
        ),
        state=canonical(state),
        view=msgspec.to_builtins(seen),
        planner=seen.planner,
        phases=tuple(phase.id for phase in seen.phases if phase.status == "active"),
        due=seen.due,
        ended=seen.ended,
        roles=plan.roles,
        moved=MovedRow(plan=moved, title=plan.title, reports=plan.delivered_reports) if moved else None,
    )


def _entry(entry: Entry) -> EntryRecord:
    return EntryRecord(
        at=entry.at,
        by=entry.by,
        what=entry.what,
        phase=entry.phase,
        data=entry.data,
        audience=entry.audience,
    )


def _actor(actor: Actor) -> ActorRecord:
    return ActorRecord.model_validate(msgspec.to_builtins(actor))


def _list_actors(event: AnyEvent) -> tuple[Actor, ...]:
    """Return who an event says has acted: to be compared with the database."""
    if not isinstance(event, Act):
        return ()
    if isinstance(event, AnyMove):  # by the right beheer, not by a role
        by = event.by
        return (replace(by, roles=(), qualifications=(), instead_of=(), stands_in=()),)
    if isinstance(event, Reassign):
        return (event.by,) if event.person is None else (event.by, event.person)
    contact = event.contact if isinstance(event, Decide | AnswerRequest) else None
    return (event.by,) if contact is None else (event.by, contact)
