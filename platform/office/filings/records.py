"""Recording what happened to a filing, once: events, timeline, state, open work, planner (DESIGN 5).

Events and the latest state are kept whole, as canonical bytes that only the office's keys open: from them a
filing can be revived, judged and replayed when Temporal has forgotten it.
"""

import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, select

from ...data import Model, Scalar, canonical, digest_of
from ...plan import Planner
from ..alarms import raise_alarm
from ..database.engine import Database
from ..database.tables import filings, states, steps, timeline, work
from .actors import ActorRecord, check_actor
from .filing import Filing, How, find_filing


class EntryRecord(Model):
    """One line of the timeline, as the machine wrote it; `at` is office time."""

    at: datetime
    by: str
    what: str
    phase: str | None = None
    data: dict[str, Scalar]


class StepRecord(Model):
    """One event that was taken: its number, canonical bytes, the digest of the state after it, and entries.

    `actors` are who acted in it, to be held against the database again.
    """

    sequence: int
    event: bytes
    digest: str
    entries: tuple[EntryRecord, ...]
    actors: tuple[ActorRecord, ...] = ()


class FilingRecord(Model):
    """Every step since the last record, in order, and how the filing stands after the last of them.

    `state` is the state itself, canonical; `view` the machine's view as JSON; `phases` the active phases;
    `due` the earliest open deadline.
    """

    workflow_id: str
    steps: tuple[StepRecord, ...]
    state: bytes
    view: dict[str, Any]
    planner: Planner
    phases: tuple[str, ...]
    due: date | None
    ended: How | None = None


class RecordedState(Model):
    """How far a filing is recorded: the number of its last step, its plan, and its state after that step.

    `state` is None before the first step, and where the state was not kept.
    """

    sequence: int
    plan: str
    state: bytes | None


class RecordedEvent(Model):
    """One event as it was recorded, with the digest of the state after it."""

    sequence: int
    event: bytes
    digest: str


Seal = Callable[[bytes, bytes], bytes]
"""Encrypts bytes (the first) or opens them again, bound to what they belong to (the second)."""


class UnknownFilingError(LookupError):
    """A record names a filing that has no row: it was started past the service."""


def record(database: Database, batch: FilingRecord, seal: Seal) -> int:
    """Write what is new in the batch; return the number of the last step that the database holds.

    Idempotent by filing and sequence: an existing step with the same content is passed over; with other
    content the first one stays and an alarm is raised. So it is for steps that are missing before these.
    Raises UnknownFilingError and DatabaseError.
    """
    with database.write() as connection:
        filing = _find(connection, batch.workflow_id)
        new = [step for step in batch.steps if _is_new(connection, filing, step)]
        if new and new[0].sequence > filing.recorded + 1:
            _alarm_gap(connection, filing, new[0].sequence)
        for step in new:
            _write_step(connection, filing, step, seal)
        newest = batch.steps[-1] if batch.steps else None
        if newest in new and newest is not None and newest.sequence > filing.recorded:
            _write_view(connection, batch, newest, seal)
            return newest.sequence
        return filing.recorded


def read_state(connection: Connection, workflow_id: str, open_sealed: Seal) -> RecordedState:
    """Return how far a filing is recorded. Raises UnknownFilingError."""
    filing = _find(connection, workflow_id)
    sealed = connection.execute(select(states.c.state).where(states.c.filing == workflow_id)).scalar()
    state = None if sealed is None else zlib.decompress(open_sealed(sealed, workflow_id.encode()))
    return RecordedState(sequence=filing.recorded, plan=filing.plan, state=state)


def read_events(connection: Connection, workflow_id: str, open_sealed: Seal) -> tuple[RecordedEvent, ...]:
    """Return every event of a filing that is recorded, in order."""
    query = select(steps.c.sequence, steps.c.event, steps.c.digest).where(
        steps.c.filing == workflow_id, steps.c.event.is_not(None)
    )
    return tuple(
        RecordedEvent(
            sequence=row.sequence,
            event=zlib.decompress(open_sealed(row.event, _event_name(workflow_id, row.sequence))),
            digest=row.digest,
        )
        for row in connection.execute(query.order_by(steps.c.sequence))
    )


def _find(connection: Connection, workflow_id: str) -> Filing:
    filing = find_filing(connection, workflow_id)
    if filing is None:
        raise UnknownFilingError(f"{workflow_id} has no row in the office database")
    return filing


def _event_name(workflow_id: str, sequence: int) -> bytes:
    return f"{workflow_id} {sequence}".encode()


def _content(step: StepRecord) -> str:
    """Return the digest of what the step says."""
    return digest_of(canonical([step.sequence, step.digest, digest_of(step.event)]))


def _is_new(connection: Connection, filing: Filing, step: StepRecord) -> bool:
    known = connection.execute(
        select(steps.c.content).where(steps.c.filing == filing.id, steps.c.sequence == step.sequence)
    ).scalar_one_or_none()
    if known is not None and known != _content(step):
        text = f"step {step.sequence} was recorded again with other content; the first one was kept"
        raise_alarm(connection, "record_differs", filing.id, str(step.sequence), text)
    return known is None


def _alarm_gap(connection: Connection, filing: Filing, first: int) -> None:
    text = f"steps {filing.recorded + 1} to {first - 1} were never recorded: the timeline lacks them"
    raise_alarm(connection, "record_gap", filing.id, str(first), text)


def _write_step(connection: Connection, filing: Filing, step: StepRecord, seal: Seal) -> None:
    connection.execute(
        steps.insert().values(
            filing=filing.id,
            sequence=step.sequence,
            event=seal(zlib.compress(step.event), _event_name(filing.id, step.sequence)),
            digest=step.digest,
            content=_content(step),
        )
    )
    now = datetime.now(UTC)
    rows = [
        {"filing": filing.id, "sequence": step.sequence, "index": index, "recorded_at": now}
        | entry.model_dump()
        for index, entry in enumerate(step.entries)
    ]
    if rows:
        connection.execute(timeline.insert(), rows)
    for actor in step.actors:
        on = step.entries[0].at.date() if step.entries else filing.start_date
        check_actor(connection, filing, actor, on, step.sequence)


def _write_view(connection: Connection, batch: FilingRecord, last: StepRecord, seal: Seal) -> None:
    connection.execute(
        filings.update()
        .where(filings.c.id == batch.workflow_id)
        .values(
            status="loopt" if batch.ended is None else "afgesloten",
            planner=batch.planner,
            phases=list(batch.phases),
            due=batch.due,
            recorded=last.sequence,
            state_digest=last.digest,
            view=batch.view,
            ended=batch.ended,
            ended_at=last.entries[-1].at if batch.ended and last.entries else None,
        )
    )
    connection.execute(states.delete().where(states.c.filing == batch.workflow_id))
    sealed = seal(zlib.compress(batch.state), batch.workflow_id.encode())
    connection.execute(states.insert().values(filing=batch.workflow_id, state=sealed))
    connection.execute(work.delete().where(work.c.filing == batch.workflow_id))
    rows = [_work_row(batch.workflow_id, position, item) for position, item in enumerate(batch.view["work"])]
    if rows:
        connection.execute(work.insert(), rows)


def _work_row(filing: str, position: int, item: dict[str, Any]) -> dict[str, Any]:
    due = item.get("due")
    return {
        "filing": filing,
        "position": position,
        "kind": item["kind"],
        "item": item["id"],
        "phase": item["phase"],
        "title": item["title"],
        "roles": item.get("roles", []),
        "contacts": item.get("contacts", []),
        "client": item.get("client", False),
        "due": date.fromisoformat(due) if due else None,
        "missing": item.get("missing", []),
        "proof": item.get("proof"),
    }


__all__ = [
    "ActorRecord",
    "EntryRecord",
    "FilingRecord",
    "RecordedEvent",
    "RecordedState",
    "StepRecord",
    "UnknownFilingError",
    "read_events",
    "read_state",
    "record",
]
