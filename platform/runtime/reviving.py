"""Starting a filing again whose workflow is gone, from what the office recorded of it (R65).

It goes on in the recorded state, on its own plan. What was on its way is asked for again, as after a crash:
activities know by their number what they did, so nothing is sent blindly.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import msgspec
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy

from ..clock import Clock, PracticeClock, WallClock
from ..equipment import Equipment
from ..filing.digests import state_digest
from ..filing.events import Act
from ..filing.following import FindPlan
from ..filing.format_1 import read_state
from ..filing.state import State
from ..keys.ring import KeyFileError
from ..keys.sealing import BrokenSealError
from ..office.filings.filing import find_filing
from ..office.filings.open_offers import remark
from ..office.filings.records import (
    RecordedEvent,
    UnreadableStateError,
    open_state,
    read_events,
    read_recorded,
)
from ..office.filings.sent_acts import SentAct, list_acts
from ..office.office_clock import clock_of
from ..office.plans import plan_by_digest, require_plan
from ..office.restored import note_restored
from .client import Silent, filing_state, reanchor, start_run
from .inputs import Carried, FilingInput
from .missing import Missing
from .rebuilding import RebuildError, read_event, rebuild
from .starter import timing_of


class ReviveError(Exception):
    """A filing cannot be revived without losing something; the message says what, without its content."""


class Reached(NamedTuple):
    """From where a filing goes on: its step, and the acts that were sent to it and are not in its record.

    Somebody may have been told that such an act was taken, when it was lost before it was recorded.
    """

    step: int
    unrecorded: tuple[SentAct, ...]


class _Kept(NamedTuple):
    """What the office keeps of a filing: plan as it was published, state, its bytes, and the clock of now.

    `others` is the plan to which a move of it waits, if one does; `moment` the real moment since when it may
    have done what is not recorded.
    """

    plan_text: str
    others: tuple[str, ...]
    state: State
    content: bytes
    clock: Clock
    moment: datetime
    unrecorded: tuple[SentAct, ...]


class Reviver:
    """Revives filings of one office; `limit` is how long the answer of one that has ended is waited for."""

    def __init__(self, equipment: Equipment, client: Client, limit: timedelta) -> None:
        self._equipment = equipment
        self._client = client
        self._limit = limit

    async def revive(self, workflow_id: str, why: Missing) -> Reached:
        """Start a filing again from its record; return from where it goes on.

        Raises ReviveError where the record does not lead to its state, or where the workflow took steps that
        were never recorded; ServerAwayError, RPCError and DatabaseError, and then the same call goes on.
        """
        kept = await asyncio.to_thread(self._read, workflow_id)
        reached = kept.state.journal.sequence
        if why is not Missing.UNKNOWN:
            await self._refuse_unrecorded(workflow_id, reached)
        else:
            await asyncio.to_thread(self._note_moment, kept.moment)
        settings = self._equipment.settings
        origin, latest = kept.state.origin, kept.state.journal.at
        input = FilingInput(
            plan=kept.plan_text,
            clock=kept.clock,
            timing=timing_of(settings.timing(isinstance(kept.clock, PracticeClock))),
            carried=Carried(state=msgspec.Raw(kept.content), latest=latest, plans=kept.others),
        )
        queue, seconds = settings.temporal.task_queue, settings.worker.task_seconds
        again = WorkflowIDReusePolicy.ALLOW_DUPLICATE
        await start_run(self._client, queue, origin.filing, input, again, seconds)
        await asyncio.to_thread(self._mark_offers, workflow_id)
        moved = await asyncio.to_thread(self._read_clock)
        if moved != kept.clock:
            await reanchor(self._client, [workflow_id], moved)
        return Reached(reached, kept.unrecorded)

    def _read(self, workflow_id: str) -> _Kept:
        ring = self._equipment.document_ring
        with self._equipment.database.read() as connection:
            row, known = find_filing(connection, workflow_id), read_recorded(connection, workflow_id)
            published, clock = plan_by_digest(connection, known.plan), clock_of(connection)
            try:
                content = open_state(known, ring.open_sealed)
                events = read_events(connection, workflow_id, ring.open_sealed)
                sent = list_acts(connection, workflow_id)
            except (UnreadableStateError, KeyFileError, BrokenSealError):
                raise ReviveError("its record cannot be opened: a key is missing") from None
        if row is None or published is None or content is None:
            raise ReviveError("its state was never recorded")
        try:
            state = read_state(published.plan, content)
        except msgspec.MsgspecError:
            raise ReviveError("its recorded state cannot be read") from None
        if state_digest(published.plan, state) != row.state_digest:
            raise ReviveError(f"the recorded state is not that of step {row.recorded}")
        if len(events) == row.recorded:  # of steps that format 1 recorded the events were not kept
            with self._equipment.database.read() as connection:
                _follow_events(known.plan, events, partial(require_plan, connection))
        return _Kept(
            published.text,
            self._find_others(state),
            state,
            content,
            clock,
            _find_moment(clock, state.journal.at, published.published_at),
            _find_unrecorded(sent, events, state),
        )

    def _find_others(self, state: State) -> tuple[str, ...]:
        waiting = state.case.move
        if waiting is None:
            return ()
        with self._equipment.database.read() as connection:
            there = plan_by_digest(connection, waiting.plan)
        if there is None:
            raise ReviveError("the plan that it waits to be moved to is not in this database; deploy it")
        return (there.text,)

    def _note_moment(self, moment: datetime) -> None:
        """Have deliveries ask about what came since: no history tells what followed the record."""
        with self._equipment.database.write() as connection:
            note_restored(connection, moment)

    def _mark_offers(self, workflow_id: str) -> None:
        """Have a worker look who its open offers go to: while it did not run nobody could tell it."""
        with self._equipment.database.write() as connection:
            remark(connection, [workflow_id])

    def _read_clock(self) -> Clock:
        with self._equipment.database.read() as connection:
            return clock_of(connection)

    async def _refuse_unrecorded(self, workflow_id: str, reached: int) -> None:
        """Refuse a workflow that took steps after the last recorded one: people were told that they count."""
        last = await filing_state(self._client, workflow_id, self._limit)
        if isinstance(last, Silent):
            raise ReviveError("nobody knows its last step: no worker runs, or it cannot read the filing")
        if isinstance(last, State) and last.journal.sequence > reached:
            steps = f"{reached + 1} to {last.journal.sequence}"
            raise ReviveError(f"steps {steps} were taken and are not in this database")


def _find_moment(clock: Clock, at: datetime, published: datetime) -> datetime:
    """Return a real moment no later than the last recorded step, which was `at` by the office's clock.

    A practice clock may have been moved since: there only the moment is sure at which the plan was published.
    """
    return clock.real_time(at) if isinstance(clock, WallClock) else published


def _find_unrecorded(
    sent: Sequence[SentAct], events: Sequence[RecordedEvent], state: State
) -> tuple[SentAct, ...]:
    """Return the acts that were sent and that no recorded event is."""
    taken = {answer.id for answer in state.journal.answered}  # also those of format 1, without their events
    taken |= {event.id for event in (read_event(one.event) for one in events) if isinstance(event, Act)}
    return tuple(act for act in sent if act.id not in taken)


def _follow_events(latest: str, events: Sequence[RecordedEvent], find: FindPlan) -> None:
    """Prove that the recorded events lead to the recorded states."""
    try:
        for _ in rebuild(latest, events, find):
            pass
    except RebuildError as error:
        raise ReviveError(f"its recorded events do not lead to its state: {error}") from None
