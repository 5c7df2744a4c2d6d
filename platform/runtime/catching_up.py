"""Fetching what the office database lacks of a filing from the filing's own histories (R65).

So a database that is older than Temporal's, as when a copy of yesterday was put back, becomes whole again:
steps are recorded by the machine as if they had come in order, deliveries as far as the histories tell of
them. What the server has forgotten too, the record names as an alarm.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from temporalio.client import Client

from ..data import replace
from ..equipment import Equipment
from ..filing.events import Delivered, Failed, Judged, Start
from ..office.alarms import raise_alarm
from ..office.filings.deliveries import (
    BY_HAND,
    DeliveryStatus,
    NewDelivery,
    find_delivery,
    restore_delivery,
)
from ..office.filings.filing import create_filing
from ..office.filings.records import alarm_gap, read_recorded
from ..office.filings.recurrences import Recurrence, find_recurrence, save_recurrence
from ..office.plans import plan_by_digest
from ..office.relations.relation import find_relation
from .activities.following import read_recorded_lost
from .activities.outgoing import GivenUpError, Outgoing, aanleverkenmerk_of, identity_digest
from .activities.recording import STEPS_AT_ONCE, Recording
from .histories import Asked, Before, Told, read_beginning, read_told
from .inputs import DeliverInput, FollowInput, RecordInput, StepRecord
from .preparing import make_row

Stretch = tuple[int, int]
"""The first and the last of steps that follow each other."""


class CaughtUp(NamedTuple):
    """The steps of a filing that were fetched, those between them that no history tells, and deliveries.

    `astray` are steps that a history tells and that lead to another state here, so that none was fetched.
    """

    fetched: tuple[Stretch, ...]
    lacking: tuple[Stretch, ...]
    deliveries: int
    astray: Stretch | None = None


class NoBeginningError(Exception):
    """The row of a filing cannot be written again; the message says what lacks, without its content."""


class CatchingUp:
    """Catches up with the filings of one office."""

    def __init__(self, equipment: Equipment, client: Client) -> None:
        self._equipment = equipment
        self._client = client
        self._recording = Recording(equipment.database, equipment.document_ring)
        self._outgoing = Outgoing(
            equipment.documents,
            equipment.reports,
            identity_type=equipment.settings.digipoort.identity_type,
            role=equipment.settings.digipoort.role,
        )

    async def scan_store(self) -> None:
        """Write down the documents that the database lacks: once, before catching up with many filings.

        Raises DatabaseError.
        """
        await asyncio.to_thread(self._equipment.documents.adopt)

    async def catch_up(self, workflow_id: str, *, scanned: bool = False) -> CaughtUp:
        """Record what a filing's histories have and the database lacks; the same call again does no harm.

        The store of documents is looked through first, unless it was `scanned`. Raises UnknownFilingError,
        RPCError, DatabaseError and DocumentError.
        """
        recorded = await asyncio.to_thread(self._count_recorded, workflow_id)
        told = await read_told(self._client, workflow_id, recorded + 1)
        if not scanned:
            await self.scan_store()
        return await asyncio.to_thread(self.write, workflow_id, recorded, told)

    async def alarm_gap(self, workflow_id: str, last: int, done: CaughtUp) -> None:
        """Raise an alarm where steps up to `last` still lack after it was caught up. Raises DatabaseError."""
        await asyncio.to_thread(self._alarm_gap, workflow_id, last, done.astray)

    def _alarm_gap(self, workflow_id: str, last: int, astray: Stretch | None) -> None:
        with self._equipment.database.write() as connection:
            recorded = read_recorded(connection, workflow_id).sequence
            alarm_gap(connection, workflow_id, recorded, last + 1, astray)

    async def restore_row(self, workflow_id: str) -> CaughtUp:
        """Write the row of a filing again that runs without one, and its steps.

        The reason of a further filing is lost: only its row had it. Raises NoBeginningError, and what
        `catch_up` raises.
        """
        began = await read_beginning(self._client, workflow_id)
        if began is None or began.start is None:
            raise NoBeginningError("the server does not have what it was started with")
        await asyncio.to_thread(self._write_row, began.plan, began.start)
        return await self.catch_up(workflow_id)

    def restore_recurrence(self, row: Recurrence | None, saved: Recurrence) -> None:
        """Write what a recurrence saved last over its row, if that is still `row`.

        Raises NoBeginningError and DatabaseError.
        """
        with self._equipment.database.write() as connection:
            if find_relation(connection, saved.relation) is None:
                raise NoBeginningError("its relation is not in this database: import it")
            if find_recurrence(connection, saved.relation, saved.template, saved.sub_number) == row:
                save_recurrence(connection, saved)

    def _write_row(self, plan: str, start: Start) -> None:
        with self._equipment.database.write() as connection:
            published = plan_by_digest(connection, hashlib.sha256(plan.encode()).hexdigest())
            if published is None:
                raise NoBeginningError(
                    "its plan is not in this database: kantoor deploy the same definitions"
                )
            if find_relation(connection, start.filing.relation) is None:
                raise NoBeginningError("its relation is not in this database: import it")
            create_filing(connection, make_row(start, published))

    def _count_recorded(self, workflow_id: str) -> int:
        with self._equipment.database.read() as connection:
            return read_recorded(connection, workflow_id).sequence

    def write(self, workflow_id: str, recorded: int, told: Told) -> CaughtUp:
        """Record what the histories told, after the last step that is `recorded`.

        Deliveries first: what was cut off is noticed again only while steps are missing. Over steps that
        nobody has, the record goes on where a run of the filing did, with an alarm that names them. Raises
        DatabaseError and DocumentError.
        """
        restored = sum(self._restore(one, told.asked) for one in told.asked)
        fetched: list[Stretch] = []
        lacking: list[Stretch] = []
        astray: Stretch | None = None
        while steps := _list_next(told, recorded):
            first = steps[0].sequence
            before = told.before.get(first - 1) if first > recorded + 1 else None
            self._record(workflow_id, steps, before)
            reached = self._count_recorded(workflow_id)
            if reached < first:
                astray = (first, steps[-1].sequence)
                break
            lacking += [] if before is None else [(recorded + 1, first - 1)]
            fetched.append((first, reached))
            recorded = reached
        return CaughtUp(tuple(fetched), tuple(lacking), restored, astray)

    def _record(self, workflow_id: str, steps: Sequence[StepRecord], before: Before | None) -> None:
        """Record steps that follow each other, the first from the state `before` where it is given."""
        for first in range(0, len(steps), STEPS_AT_ONCE):
            some = tuple(steps[first : first + STEPS_AT_ONCE])
            input = RecordInput(workflow_id=workflow_id, steps=some)
            if before is not None and first == 0:
                input = replace(input, before=before.state, plan=before.plan)
            self._recording.record(input)

    def _restore(self, asked: Asked, others: Iterable[Asked]) -> bool:
        """Write a delivery down again as the histories tell of it; say whether that was something new."""
        input = asked.input
        if not isinstance(input, DeliverInput):
            return False
        try:
            going = self._outgoing.make_delivery(input)
        except GivenUpError:
            return False  # its document is gone too: whose it was cannot be known
        new = NewDelivery(
            filing=input.workflow_id,
            number=input.command.number,
            attempt=input.command.attempt,
            relation=input.origin.filing.relation,
            identity_digest=identity_digest(going.identity),
            message_kind=going.message_kind,
            document=input.command.document,
            sha256=input.command.hash,
            aanleverkenmerk=aanleverkenmerk_of(input),
            begun_at=asked.at,
            # Until when a message may show up that was on its way: no later than one made now.
            expires_at=datetime.now(UTC) + timedelta(seconds=self._equipment.timing.lifetime_seconds),
        )
        status, values = self._judge(asked, [one for one in others if _follows(one, input)])
        judged = status in ("taken", "accepted", "refused") or values.get("code") == BY_HAND
        lacks_receipt = judged and values.get("receipt") is None
        with self._equipment.database.write() as connection:
            restored = restore_delivery(connection, new, status, values)
            there = find_delivery(connection, new.filing, new.number)
            if restored and lacks_receipt and there is not None and there.receipt is None:
                text = f"delivery {new.number} was restored from the filing's history, without its receipt"
                raise_alarm(connection, "receipt_missing", new.filing, str(new.number), text)
        return restored

    def _judge(self, asked: Asked, followed: list[Asked]) -> tuple[DeliveryStatus, dict[str, Any]]:
        """Return how a delivery stands, with what is known of it; its receipt is looked for in the store."""
        result = asked.result
        if isinstance(result, Failed):
            return "failed", {"text": result.error, "judged_at": asked.answered_at}
        if not isinstance(result, Delivered):
            return "unknown", {}  # under way: asked for, never sent again blindly
        taken = {"kenmerk": result.reference, "taken_at": asked.answered_at}
        for one in followed:
            match one.result:
                case Judged(accepted=accepted, code=code, text=text, proof=proof):
                    judged = {"code": code, "text": text, "judged_at": one.answered_at}
                    if code == BY_HAND:
                        kept = _give_proof(proof)
                    else:
                        found = self._find_receipt(asked.at, result.reference, code)
                        kept = {} if found is None else {"receipt": found}
                    return "accepted" if accepted else "refused", taken | judged | kept
                case Failed(over=True, error=error, code=code, proof=proof) as failed:
                    said = read_recorded_lost(failed)
                    judged = {"code": code or None, "text": error, "judged_at": one.answered_at}
                    if said is not None:
                        judged |= {"code": BY_HAND, "text": said} | _give_proof(proof)
                    return "failed", taken | judged
        found = self._find_receipt(asked.at, result.reference)
        return "taken", taken | ({} if found is None else {"receipt": found})

    def _find_receipt(self, since: datetime, *words: str) -> str | None:
        """Return the document that holds the authority's answer: the latest that names these words."""
        named = [word.encode() for word in words]
        return self._equipment.documents.find_latest(since, "application/xml", *named)


def _give_proof(proof: str) -> dict[str, str]:
    """Return what is kept of the proof of a judgement that a person recorded; it stands for the receipt."""
    return {"receipt": proof, "proof": proof} if proof else {}


def _list_next(told: Told, recorded: int) -> list[StepRecord]:
    """Return the next steps that can be recorded, which follow each other.

    Those after the last that is recorded; where it lacks, the first that a run took which went on from a
    state of its own.
    """
    later = (number for number in told.steps if number > recorded and number - 1 in told.before)
    first = recorded + 1 if recorded + 1 in told.steps else min(later, default=None)
    steps: list[StepRecord] = []
    while first is not None and (number := first + len(steps)) in told.steps:
        steps.append(told.steps[number])
    return steps


def _follows(one: Asked, input: DeliverInput) -> bool:
    return isinstance(one.input, FollowInput) and one.input.command.delivery == input.command.number
