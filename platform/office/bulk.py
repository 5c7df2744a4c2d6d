"""Bulk runs as they are kept: the dry run with its frozen lines, and what became of each (R30)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, or_, select

from ..data import ListLine
from ..plan import Model
from .database.tables import bulk_lines, bulk_runs, bulk_steps, relations, team

Status = Literal["shown", "running", "paused", "cancelled", "done"]
Foreseen = Literal["ready", "already", "not_ready"]
LineStatus = Literal["left", "open", "begun", "done", "already", "changed", "refused", "unknown", "cancelled"]
"""Left: nothing was ever to be done. Begun: written before it is carried out, so that a repeat knows it."""

Did = Literal["confirmed", "paused", "resumed", "cancelled"]
"""What is done to a run by people."""


class NewRun(Model):
    """A dry run to be kept: `asked` is the action with its values, `said` the reason, sealed.

    `worked_out_under` are the digests of what was published then (`plans.read_published`), `day` and
    `made_at` are office time. `id` is of the act of whoever asked, so that it is kept once.
    """

    id: str
    asked: dict[str, Any]
    said: bytes | None = None
    who: str
    worked_out_under: dict[str, str]
    day: date
    made_at: datetime


class Run(NewRun):
    """A bulk run; moments are office time, `who_name` is empty where nobody knows who it was."""

    number: int
    who_name: str
    status: Status
    confirmed_at: datetime | None
    ended_at: datetime | None


class NewLine(ListLine):
    """A frozen line: what it is about, what would happen and why not; `seen` is the digest of all of it."""

    relation: str
    product: str | None
    sub_number: str
    filing: str | None
    item: str
    foreseen: Foreseen
    text: str
    seen: str


class Line(NewLine):
    """A line of a run, with what became of it; `name` is the relation's, empty where nobody knows it."""

    number: int
    status: LineStatus
    said: str
    name: str


class Outcome(ListLine):
    """What a line has come to."""

    number: int
    status: LineStatus
    said: str


class Step(ListLine):
    """What somebody did to a run, in office time; `who_name` is empty where nobody knows who it was."""

    did: Did
    who: str
    who_name: str
    at: datetime


def create_run(connection: Connection, new: NewRun, lines: Sequence[NewLine]) -> Run:
    """Keep a dry run, or return the one that was kept under its id. Needs a writing connection."""
    there = find_run_by_id(connection, new.id)
    if there:
        return there
    made = connection.execute(bulk_runs.insert().values(**new.model_dump()))
    (number,) = made.inserted_primary_key or (0,)
    rows = [
        {name: getattr(line, name) for name in NewLine.__struct_fields__}
        | {"run": number, "number": place, "status": "open" if line.foreseen == "ready" else "left"}
        for place, line in enumerate(lines, 1)
    ]
    connection.execute(bulk_lines.insert(), rows)
    found = find_run(connection, number)
    assert found is not None
    return found


def find_run(connection: Connection, number: int) -> Run | None:
    """Return a run by its number, or None."""
    row = connection.execute(_RUNS.where(bulk_runs.c.number == number)).mappings().first()
    return None if row is None else _run(row)


def find_run_by_id(connection: Connection, id: str) -> Run | None:
    """Return the run that was kept under an id, or None."""
    row = connection.execute(_RUNS.where(bulk_runs.c.id == id)).mappings().first()
    return None if row is None else _run(row)


def count_runs(connection: Connection) -> int:
    """Return how many runs there are."""
    return connection.execute(select(func.count()).select_from(bulk_runs)).scalar_one()


def list_runs(connection: Connection, skip: int, most: int) -> tuple[Run, ...]:
    """Return runs, the last first."""
    query = _RUNS.order_by(bulk_runs.c.number.desc()).offset(skip).limit(most)
    return tuple(_run(row) for row in connection.execute(query).mappings())


def list_running(connection: Connection) -> tuple[int, ...]:
    """Return the numbers of the runs that are being carried out."""
    query = select(bulk_runs.c.number).where(bulk_runs.c.status == "running").order_by(bulk_runs.c.number)
    return tuple(connection.execute(query).scalars())


def change_status(
    connection: Connection, number: int, known: Collection[Status], new: Status, **moments: datetime
) -> bool:
    """Change how a run stands if it stands as one of these; say whether it did.

    Needs a writing connection.
    """
    change = bulk_runs.update().where(bulk_runs.c.number == number, bulk_runs.c.status.in_(known))
    return connection.execute(change.values(status=new, **moments)).rowcount == 1


def count_lines(
    connection: Connection, runs: Collection[int]
) -> dict[int, dict[tuple[Foreseen, LineStatus], int]]:
    """Return how many lines of each run are foreseen so and stand so."""
    keys = (bulk_lines.c.run, bulk_lines.c.foreseen, bulk_lines.c.status)
    query = select(*keys, func.count()).where(bulk_lines.c.run.in_(runs)).group_by(*keys)
    found: dict[int, dict[tuple[Foreseen, LineStatus], int]] = {number: {} for number in runs}
    for run, foreseen, status, count in connection.execute(query):
        found[run][foreseen, status] = count
    return found


def list_lines(
    connection: Connection,
    run: int,
    *,
    foreseen: Foreseen | None = None,
    statuses: Collection[LineStatus] | None = None,
    skip: int = 0,
    most: int | None = None,
) -> list[Line]:
    """Return lines of a run in their order: those foreseen so, those that stand so, or all."""
    query = _LINES.where(bulk_lines.c.run == run).order_by(bulk_lines.c.number)
    if foreseen is not None:
        query = query.where(bulk_lines.c.foreseen == foreseen)
    if statuses is not None:
        query = query.where(bulk_lines.c.status.in_(statuses))
    if most is not None:
        query = query.offset(skip).limit(most)
    return [Line(**row) for row in connection.execute(query).mappings()]


def write_outcomes(
    connection: Connection, run: int, known: Collection[LineStatus], outcomes: Sequence[Outcome]
) -> None:
    """Write what lines have come to, those that still stand as one of these. Needs a writing connection."""
    if outcomes:
        change = bulk_lines.update().where(
            bulk_lines.c.run == run,
            bulk_lines.c.number == bindparam("line"),
            or_(*(bulk_lines.c.status == status for status in known)),  # `in` takes no executemany
        )
        rows = [{"line": one.number, "new": one.status, "told": one.said} for one in outcomes]
        connection.execute(change.values(status=bindparam("new"), said=bindparam("told")), rows)


def keep_step(connection: Connection, run: int, did: Did, who: str, at: datetime) -> None:
    """Keep what somebody did to a run. Needs a writing connection."""
    connection.execute(bulk_steps.insert().values(run=run, did=did, who=who, at=at))


def list_steps(connection: Connection, run: int) -> tuple[Step, ...]:
    """Return what people did to a run, in order."""
    known = (bulk_steps.c.did, bulk_steps.c.who, func.coalesce(team.c.name, "").label("who_name"))
    query = select(*known, bulk_steps.c.at).outerjoin(team, team.c.id == bulk_steps.c.who)
    rows = connection.execute(query.where(bulk_steps.c.run == run).order_by(bulk_steps.c.id)).mappings()
    return tuple(Step(**row) for row in rows)


def begin_lines(connection: Connection, run: int, numbers: Collection[int]) -> set[int]:
    """Have open lines of a run stand as begun; return those that stood open: the others somebody else took.

    Needs a writing connection.
    """
    ours = (bulk_lines.c.run == run, bulk_lines.c.number.in_(numbers), bulk_lines.c.status == "open")
    change = bulk_lines.update().where(*ours).values(status="begun", said="")
    return set(connection.execute(change.returning(bulk_lines.c.number)).scalars())


def set_lines(
    connection: Connection, run: int, known: Collection[LineStatus], status: LineStatus, said: str = ""
) -> None:
    """Have all lines of a run that stand so stand otherwise. Needs a writing connection."""
    change = bulk_lines.update().where(bulk_lines.c.run == run, bulk_lines.c.status.in_(known))
    connection.execute(change.values(status=status, said=said))


def _run(row: RowMapping) -> Run:
    return Run.model_validate(dict(row))


_RUNS: Select[Any] = select(*bulk_runs.c, func.coalesce(team.c.name, "").label("who_name")).outerjoin(
    team, team.c.id == bulk_runs.c.who
)
_LINES: Select[Any] = select(
    *(bulk_lines.c[name] for name in NewLine.__struct_fields__),
    *(bulk_lines.c.number, bulk_lines.c.status, bulk_lines.c.said),
    func.coalesce(relations.c.name, "").label("name"),
).outerjoin(relations, relations.c.number == bulk_lines.c.relation)
