"""Recording what happened to a filing, once: events, timeline, state, open work, planner (DESIGN 5).

Events and the latest state are kept whole, as canonical bytes that only the office's keys open: from them a
filing can be revived, judged and replayed when Temporal has forgotten it.
"""

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, bindparam, func, select

from ...data import Model, Scalar, canonical, digest_of
from ...keys.ring import KeyFileError
from ...keys.sealing import BrokenSealError
from ...plan import Planner, Role
from ..alarms import NOT_BEGUN, drop_alarm, raise_alarm
from ..database.columns import among_given
from ..database.questions import Question
from ..database.tables import filings, office, states, steps, timeline, work
from .actors import ActorRecord, find_false
from .dossier import EnclosureRecord, file_documents
from .filing import How
from .words import entry_place, leave_words_out, seal_words


class EntryRecord(Model):
    """One line of the timeline, as the machine wrote it; `at` is office time."""

    at: datetime
    by: str
    what: str
    phase: str | None = None
    data: dict[str, Scalar]
    audience: str | None = None


class StepRecord(Model):
    """One event that was taken: its number, canonical bytes, the digest of the state after it, and entries.

    `actors` are who acted in it, to be compared with the database; `given` are documents for the dossier.
    """

    sequence: int
    event: bytes
    digest: str
    entries: tuple[EntryRecord, ...] = ()
    actors: tuple[ActorRecord, ...] = ()
    given: tuple[EnclosureRecord, ...] = ()


class MovedRow(Model):
    """What of a filing's row comes from its plan: the plan it was moved to (digest), title and reports."""

    plan: str
    title: str
    reports: tuple[str, ...]


class FilingRecord(Model):
    """Steps of a filing, in order, and how it stands after the last of them.

    `state` is the state itself, canonical; `view` the machine's view as JSON; `phases` the active phases;
    `due` the earliest open deadline; `roles` those of its plan, by which actors are judged; `moved` says to
    which plan it was moved in the first of these steps.
    """

    steps: tuple[StepRecord, ...]
    state: bytes
    view: dict[str, Any]
    planner: Planner
    phases: tuple[str, ...]
    due: date | None
    ended: How | None = None
    roles: tuple[Role, ...] = ()
    moved: MovedRow | None = None


class Standing(NamedTuple):
    """How a filing stands after its last step, as `FilingRecord` has it."""

    view: dict[str, Any]
    planner: Planner
    phases: tuple[str, ...]
    due: date | None


class Recorded(NamedTuple):
    """How far a filing is recorded: the number of its last step (0: none), and its sealed state after it.

    `state` is None before the first step, and where the state was not kept.
    """

    filing: str
    plan: str
    relation: str
    product: str
    start_date: date
    sequence: int
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


def read_recorded(connection: Connection, workflow_id: str) -> Recorded:
    """Return how far a filing is recorded. Raises UnknownFilingError."""
    found = RECORDED.ask(connection, filing=workflow_id)
    if found is None:
        raise UnknownFilingError(f"{workflow_id} has no row in the office database")
    return found


def read_many_recorded(connection: Connection, ids: Collection[str]) -> list[Recorded]:
    """Return how far filings are recorded, those that have a row, with one statement."""
    return MANY_RECORDED.ask(connection, ids=list(ids))


def read_running(connection: Connection, templates: Collection[str] | None = None) -> Iterator[Recorded]:
    """Yield how far the filings are recorded that have not ended, by id, or those of these templates.

    Not all are read at once: there may be tens of thousands, each with its sealed state.
    """
    query = _EVERY_RECORDED.where(filings.c.status != "afgesloten").order_by(filings.c.id)
    if templates is not None:
        query = query.where(filings.c.template.in_(templates))
    for rows in connection.execute(query).partitions(_AT_ONCE):
        yield from (Recorded(*row) for row in rows)


def list_running(connection: Connection) -> list[str]:
    """Return the ids of the filings that have not ended, in order."""
    query = select(filings.c.id).where(filings.c.status != "afgesloten").order_by(filings.c.id)
    return list(connection.execute(query).scalars())


def find_new(connection: Connection, known: Recorded, taken: Iterable[StepRecord]) -> tuple[StepRecord, ...]:
    """Return the steps after the last that is recorded; raise an alarm for one recorded with other content.

    Of such a step the first content stays. Needs a writing connection.
    """
    again = {step.sequence: step for step in taken if step.sequence <= known.sequence}
    if again:
        query = select(steps.c.sequence, steps.c.content, steps.c.digest, steps.c.event.is_(None)).where(
            steps.c.filing == known.filing, steps.c.sequence.in_(again)
        )
        for number, content, digest, old in connection.execute(query):
            step = again[number]
            # What format 1 recorded has no event, and another content: the digest is of the same state.
            if digest != step.digest if old else content != _content(step):
                text = f"step {number} was recorded again with other content; the first one was kept"
                raise_alarm(connection, "record_differs", known.filing, str(number), text)
    return tuple(step for step in taken if step.sequence > known.sequence)


def record(connection: Connection, known: Recorded, batch: FilingRecord, seal: Seal) -> None:
    """Write new steps and how the filing stands after them; raise an alarm for steps missing before them.

    `known` is what the same transaction read, the steps are those that `find_new` returned. Needs a writing
    connection.
    """
    first, last = batch.steps[0], batch.steps[-1]
    if first.sequence > known.sequence + 1:
        alarm_gap(connection, known.filing, known.sequence, first.sequence)
    if known.sequence == 0:
        drop_alarm(connection, NOT_BEGUN, known.filing)
    _write_steps(connection, known.filing, batch.steps, seal)
    _write_dossier(connection, known, batch.steps, seal)
    _check_actors(connection, known, batch)
    _write_view(connection, known.filing, batch, last)
    _write_state(connection, known.filing, batch.state, seal)


class Rows(NamedTuple):
    """What the rows of an open filing say of how it stands: of `filings`, and of `work` in its order."""

    view: dict[str, Any] | None
    planner: str
    phases: list[str]
    due: date | None
    work: list[dict[str, Any]]


def make_rows(filing: str, stands: Standing) -> Rows:
    """Return the rows that say how a filing stands."""
    view = leave_words_out(stands.view)
    lines = [_work_row(filing, position, item) for position, item in enumerate(view["work"])]
    return Rows(view, stands.planner, list(stands.phases), stands.due, lines)


def read_rows(connection: Connection, ids: Collection[str]) -> dict[str, Rows]:
    """Return by filing the rows that say how it stands."""
    lines: dict[str, list[dict[str, Any]]] = {}
    query = select(work).where(work.c.filing.in_(ids)).order_by(work.c.filing, work.c.position)
    for line in connection.execute(query).mappings():
        lines.setdefault(line["filing"], []).append(dict(line))
    of = filings.c
    query = select(of.id, of.view, of.planner, of.phases, of.due).where(of.id.in_(ids))
    return {
        row.id: Rows(row.view, row.planner, row.phases, row.due, lines.get(row.id, []))
        for row in connection.execute(query)
    }


def renew_view(connection: Connection, known: Recorded, stands: Standing) -> bool:
    """Write how an open filing stands after the step that is `known`, while that is its last; say whether.

    Needs a writing connection.
    """
    rows = make_rows(known.filing, stands)
    written = connection.execute(
        filings.update()
        .where(filings.c.id == known.filing, filings.c.recorded == known.sequence)
        .values(view=rows.view, planner=rows.planner, phases=rows.phases, due=rows.due)
    )
    if written.rowcount:
        _write_work(connection, known.filing, rows.work)
    return bool(written.rowcount)


def read_views_by(connection: Connection) -> str | None:
    """Return by which code the views of open filings were last worked out; None where nobody knows."""
    found: str | None = connection.execute(select(office.c.views_by)).scalar_one()
    return found


def note_views_by(connection: Connection, mark: str) -> None:
    """Write down by which code the views of open filings were worked out. Needs a writing connection."""
    connection.execute(office.update().values(views_by=mark))


def open_state(known: Recorded, open_sealed: Seal) -> bytes | None:
    """Return the canonical bytes of the recorded state, or None when there is none.

    Raises UnreadableStateError when it cannot be opened.
    """
    if known.state is None:
        return None
    try:
        return zlib.decompress(open_sealed(known.state, known.filing.encode()))
    except (KeyFileError, BrokenSealError, zlib.error) as error:
        raise UnreadableStateError(f"the recorded state of {known.filing} cannot be opened") from error


class UnreadableStateError(Exception):
    """A recorded state cannot be opened: its key is not here, or its bytes were damaged."""


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


_EVERY_RECORDED = select(
    filings.c.id,
    filings.c.plan,
    filings.c.relation,
    filings.c.product,
    filings.c.start_date,
    filings.c.recorded,
    states.c.state,
).join_from(filings, states, states.c.filing == filings.c.id, isouter=True)
_AT_ONCE = 500
RECORDED = Question(
    _EVERY_RECORDED.where(filings.c.id == bindparam("filing", type_=String)),
    lambda rows: next((Recorded(*row) for row in rows), None),
    "filing",
)
"""What `read_recorded` returns; None of a filing without a row."""
MANY_RECORDED = Question(
    _EVERY_RECORDED.where(among_given(filings.c.id, "ids")),
    lambda rows: [Recorded(*row) for row in rows],
    "ids",
)
"""What `read_many_recorded` returns."""


def _event_name(workflow_id: str, sequence: int) -> bytes:
    return f"{workflow_id} {sequence}".encode()


def _content(step: StepRecord) -> str:
    """Return the digest of what the step says."""
    return digest_of(canonical([step.sequence, step.digest, digest_of(step.event)]))


def find_last_told(connection: Connection, filing: str, what: str, phase: str) -> datetime | None:
    """Return when (office time) the timeline last says this of a phase, or None."""
    same = (timeline.c.filing == filing, timeline.c.what == what, timeline.c.phase == phase)
    return connection.execute(select(func.max(timeline.c.at)).where(*same)).scalar()


def alarm_gap(
    connection: Connection, filing: str, recorded: int, first: int, astray: tuple[int, int] | None = None
) -> None:
    """Raise an alarm for the steps between the last that is recorded and the first that follows, if any.

    `astray` are the first and last of those that a history does tell, and that lead to another state here.
    """
    if recorded + 1 < first:
        text = f"steps {recorded + 1} to {first - 1} are in no record and no history: the timeline lacks them"
        if astray:
            text = (
                f"the timeline lacks steps {recorded + 1} to {first - 1}: its history tells steps "
                f"{astray[0]} to {astray[1]}, which lead to another state here than they did; put back a "
                "newer backup"
            )
        raise_alarm(connection, "record_gap", filing, str(first), text)


def _write_steps(connection: Connection, filing: str, new: Sequence[StepRecord], seal: Seal) -> None:
    rows = [
        {
            "filing": filing,
            "sequence": step.sequence,
            "event": seal(zlib.compress(step.event), _event_name(filing, step.sequence)),
            "digest": step.digest,
            "content": _content(step),
        }
        for step in new
    ]
    connection.execute(_NEW_STEP, rows)
    now = datetime.now(UTC)
    lines = [
        {"filing": filing, "sequence": step.sequence, "index": index, "recorded_at": now}
        | entry.model_dump()
        | seal_words(entry.data, entry_place(filing, step.sequence, index), seal)
        for step in new
        for index, entry in enumerate(step.entries)
    ]
    if lines:
        connection.execute(_NEW_LINE, lines)


def _write_dossier(connection: Connection, known: Recorded, new: Sequence[StepRecord], seal: Seal) -> None:
    """File what was given in these steps, as the entry of its answer says of it."""
    for step in new:
        entry = next((entry for entry in step.entries if entry.what == "request_answered"), None)
        if step.given and entry:
            file_documents(
                connection,
                known.filing,
                known.relation,
                step.sequence,
                step.given,
                request=str(entry.data["request"]),
                item=str(entry.data.get("item", "")),
                at=entry.at,
                by=entry.by,
                seal=seal,
            )


def _alarm_actor(
    connection: Connection, known: Recorded, step: StepRecord, actor: ActorRecord, false: list[str]
) -> None:
    number, what = step.sequence, ", ".join(false)
    text = f"{actor.id} acted in step {number} with what the office did not give: {what}"
    raise_alarm(connection, "actor_differs", known.filing, f"{number}/{actor.id}", text)


def _check_actors(connection: Connection, known: Recorded, batch: FilingRecord) -> None:
    """Raise an alarm for every step in which somebody acted with what they do not have.

    Each actor is looked up once a day, in however many steps: every writer of the office waits meanwhile.
    """
    judged: dict[tuple[ActorRecord, date], list[str]] = {}
    for step in batch.steps:
        on = step.entries[0].at.date() if step.entries else known.start_date
        for actor in step.actors:
            if (actor, on) not in judged:
                judged[actor, on] = find_false(
                    connection, actor, known.relation, known.product, batch.roles, on
                )
            false = judged[actor, on]
            if false:
                _alarm_actor(connection, known, step, actor, false)


def _write_view(connection: Connection, filing: str, batch: FilingRecord, last: StepRecord) -> None:
    rows = make_rows(filing, Standing(batch.view, batch.planner, batch.phases, batch.due))
    values = {
        "status": "loopt" if batch.ended is None else "afgesloten",
        "planner": rows.planner,
        "phases": rows.phases,
        "due": rows.due,
        "recorded": last.sequence,
        "state_digest": last.digest,
        "view": rows.view,
        "ended": batch.ended,
        "ended_at": last.entries[-1].at if batch.ended and last.entries else None,
    }
    connection.execute(_VIEW, values | {"wanted": filing})
    if batch.moved:
        connection.execute(
            _MOVED, batch.moved.model_dump() | {"reports": list(batch.moved.reports), "wanted": filing}
        )
    _write_work(connection, filing, rows.work)


def _write_work(connection: Connection, filing: str, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(_NO_WORK, {"wanted": filing})
    if rows:
        connection.execute(_NEW_WORK, rows)


def _write_state(connection: Connection, filing: str, state: bytes, seal: Seal) -> None:
    values = {"wanted": filing, "state": seal(zlib.compress(state), filing.encode())}
    if not connection.execute(_STATE, values).rowcount:
        connection.execute(states.insert().values(filing=filing, state=values["state"]))


# Made once: making a statement costs as much as carrying it out.
_NEW_STEP = steps.insert()
_NEW_LINE = timeline.insert()
_NEW_WORK = work.insert()
_NO_WORK = work.delete().where(work.c.filing == bindparam("wanted"))
_STATE = states.update().where(states.c.filing == bindparam("wanted")).values(state=bindparam("state"))
_MOVED = (
    filings.update()
    .where(filings.c.id == bindparam("wanted"))
    .values({name: bindparam(name) for name in ("plan", "title", "reports")})
)
_VIEW = (
    filings.update()
    .where(filings.c.id == bindparam("wanted"))
    .values(
        {
            name: bindparam(name)
            for name in (
                *("status", "planner", "phases", "due", "recorded", "state_digest"),
                *("view", "ended", "ended_at"),
            )
        }
    )
)


def _work_row(filing: str, position: int, item: dict[str, Any]) -> dict[str, Any]:
    due, escalated = item.get("due"), item.get("escalated")
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
        "person": item.get("person"),
        "due": date.fromisoformat(due) if due else None,
        "missing": item.get("missing", []),
        "proof": item.get("proof"),
        "escalated": date.fromisoformat(escalated) if escalated else None,
    }


__all__ = [
    "ActorRecord",
    "EnclosureRecord",
    "EntryRecord",
    "FilingRecord",
    "MovedRow",
    "Recorded",
    "RecordedEvent",
    "Rows",
    "Standing",
    "StepRecord",
    "UnknownFilingError",
    "UnreadableStateError",
    "find_new",
    "leave_words_out",
    "make_rows",
    "note_views_by",
    "open_state",
    "read_events",
    "read_recorded",
    "read_rows",
    "record",
]
