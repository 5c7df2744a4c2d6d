"""Recording what happened to a filing, once: timeline, state digest, open work, planner (DESIGN 5)."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, select

from ...plan import Model, Planner, Scalar, canonical
from ..alarms import raise_alarm
from ..database.engine import Database
from ..database.tables import filings, steps, timeline, work
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
    """One event that was taken: its number, the digest of the state after it, and its entries.

    `actors` are who acted in it, to be held against the database again.
    """

    sequence: int
    digest: str
    entries: tuple[EntryRecord, ...]
    actors: tuple[ActorRecord, ...] = ()


class FilingRecord(Model):
    """Every step since the last record, in order, and how the filing stands after the last of them.

    `view` is the machine's view as JSON; `phases` the active phases; `due` the earliest open deadline.
    """

    workflow_id: str
    steps: tuple[StepRecord, ...]
    view: dict[str, Any]
    planner: Planner
    phases: tuple[str, ...]
    due: date | None
    ended: How | None = None


class UnknownFilingError(LookupError):
    """A record names a filing that has no row: it was started past the service."""


def record(database: Database, batch: FilingRecord) -> int:
    """Write what is new in the batch; return the number of the last step that the database holds.

    Idempotent by filing and sequence: a step that is there with the same content is passed over; with other
    content the first one stays and an alarm is raised. Raises UnknownFilingError and DatabaseError.
    """
    with database.write() as connection:
        filing = find_filing(connection, batch.workflow_id)
        if filing is None:
            raise UnknownFilingError(f"{batch.workflow_id} has no row in the office database")
        new = [step for step in batch.steps if _is_new(connection, filing, step)]
        for step in new:
            _write_step(connection, filing, step)
        newest = batch.steps[-1] if batch.steps else None
        if newest in new and newest is not None and newest.sequence > filing.recorded:
            _write_view(connection, batch, newest)
            return newest.sequence
        return filing.recorded


def _content(step: StepRecord) -> str:
    """Return the digest of everything that the step says."""
    said = step.model_dump(mode="json", exclude={"actors"})
    return hashlib.sha256(canonical(said)).hexdigest()


def _is_new(connection: Connection, filing: Filing, step: StepRecord) -> bool:
    there = connection.execute(
        select(steps.c.content).where(steps.c.filing == filing.id, steps.c.sequence == step.sequence)
    ).scalar_one_or_none()
    if there is not None and there != _content(step):
        text = f"step {step.sequence} was recorded again with other content; the first one was kept"
        raise_alarm(connection, "record_differs", filing.id, str(step.sequence), text)
    return there is None


def _write_step(connection: Connection, filing: Filing, step: StepRecord) -> None:
    connection.execute(
        steps.insert().values(
            filing=filing.id, sequence=step.sequence, digest=step.digest, content=_content(step)
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


def _write_view(connection: Connection, batch: FilingRecord, last: StepRecord) -> None:
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


__all__ = ["ActorRecord", "EntryRecord", "FilingRecord", "StepRecord", "UnknownFilingError", "record"]
