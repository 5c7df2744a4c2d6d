"""What starts by itself: one row per relation, template and sub-number, updated by its workflow (R28)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, bindparam, select

from ...plan import Model
from ..alarms import NOT_BEGUN, drop_alarm
from ..database.columns import among
from ..database.questions import Question
from ..database.tables import ONE_SUB_NUMBER, STUCK, filings, recurrences
from ..office_clock import office_now


class Recurrence(Model):
    """A recurrence: `next_start` is the day of its next filing, in office time; `once` stops it after that.

    `problem` says in Dutch why it could not start yet; empty when nothing is in the way. Until the server
    takes its workflow it is only a row, not `begun`: what is stopped then has who did, when (office time) and
    by which act. Of what began its workflow knows that.
    """

    relation: str
    template: str
    sub_number: str = ONE_SUB_NUMBER
    product: str
    next_period: str
    next_start: date
    once: bool = False
    without_automations: bool = False
    status: Literal["running", "paused", "stopped"] = "running"
    problem: str = ""
    begun: bool = True
    stopped_by: str | None = None
    stopped_at: datetime | None = None
    stopped_act: str | None = None

    @property
    def workflow_id(self) -> str:
        """Return the Temporal workflow id of the recurrence."""
        return f"recurrence/{self.template}/{self.relation}/{self.sub_number}"


def find_recurrence(
    connection: Connection, relation: str, template: str, sub_number: str = ONE_SUB_NUMBER
) -> Recurrence | None:
    """Return the recurrence, stopped or not, or None."""
    query = select(recurrences).where(*_key(relation, template, sub_number))
    row = connection.execute(query).mappings().first()
    return None if row is None else _recurrence(row)


def save_recurrence(connection: Connection, wanted: Recurrence) -> None:
    """Write the recurrence as it is now, over what was known of it; what it is to be told stays."""
    key, values = _key(wanted.relation, wanted.template, wanted.sub_number), wanted.model_dump()
    if not connection.execute(recurrences.update().where(*key).values(**values)).rowcount:
        connection.execute(recurrences.insert().values(**values))


def mark_stale(
    connection: Connection,
    *,
    templates: Collection[str] | None = None,
    relations: Collection[str] | None = None,
) -> None:
    """Note that what recurrences start by has changed: their plan, or what a relation takes.

    Of these templates or relations, or of all. A worker tells their workflows (`runtime/refreshing.py`).
    """
    change = recurrences.update().where(recurrences.c.status != "stopped").values(stale=True)
    if templates is not None:
        change = change.where(among(recurrences.c.template, templates))
    if relations is not None:
        change = change.where(among(recurrences.c.relation, relations))
    connection.execute(change)


def list_stale(connection: Connection, most: int) -> tuple[Recurrence, ...]:
    """Return recurrences whose workflows are to be told, so many at once."""
    query = select(recurrences).where(recurrences.c.stale).order_by(*recurrences.primary_key.columns)
    return tuple(_recurrence(row) for row in connection.execute(query.limit(most)).mappings())


def mark_told(connection: Connection, told: Collection[Recurrence]) -> None:
    """Note that these have been told."""
    for one in told:
        key = _key(one.relation, one.template, one.sub_number)
        connection.execute(recurrences.update().where(*key).values(stale=False))


def list_recurrences(
    connection: Connection,
    *,
    template: str | None = None,
    relation: str | None = None,
    numbers: Collection[str] | None = None,
) -> tuple[Recurrence, ...]:
    """Return the recurrences that match everything given, by relation, template and sub-number.

    `numbers` selects relations by number.
    """
    query = select(recurrences).order_by(
        recurrences.c.relation, recurrences.c.template, recurrences.c.sub_number
    )
    if template is not None:
        query = query.where(recurrences.c.template == template)
    if relation is not None:
        query = query.where(recurrences.c.relation == relation)
    if numbers is not None:
        query = query.where(among(recurrences.c.relation, numbers))
    return tuple(_recurrence(row) for row in connection.execute(query).mappings())


def list_not_begun(connection: Connection) -> tuple[Recurrence, ...]:
    """Return the recurrences that are only a row. Their start goes on, or was interrupted."""
    query = select(recurrences).where(_PLANNED).order_by(*recurrences.primary_key.columns)
    return tuple(_recurrence(row) for row in connection.execute(query).mappings())


def mark_begun(connection: Connection, relation: str, template: str, sub_number: str) -> None:
    """Note that the server took the workflow of a recurrence."""
    query = recurrences.update().where(*_key(relation, template, sub_number), ~recurrences.c.begun)
    connection.execute(query.values(begun=True))


def stop_planned(connection: Connection, planned: Recurrence, by: str, act: str) -> bool:
    """Stop a recurrence that is only a row; False where it has begun, or was stopped, meanwhile.

    `by` is who stops it, `act` the id of their act: no workflow has it in its history.
    """
    key = _key(planned.relation, planned.template, planned.sub_number)
    stopped = {"status": "stopped", "stopped_by": by, "stopped_act": act}
    query = recurrences.update().where(*key, _PLANNED)
    if not connection.execute(query.values(**stopped, stopped_at=office_now(connection))).rowcount:
        return False
    drop_alarm(connection, NOT_BEGUN, planned.workflow_id)
    return True


def is_anything_over(connection: Connection, wanted: Recurrence, first: date, last: date) -> bool:
    """Say whether a recurrence's product has a filing over one of these days, cancelled ones too."""
    query = select(filings.c.id).where(
        filings.c.relation == wanted.relation,
        filings.c.product == wanted.product,
        filings.c.sub_number.in_((wanted.sub_number, ONE_SUB_NUMBER)),
        filings.c.first_day <= last,
        filings.c.last_day >= first,
    )
    return connection.execute(query.limit(1)).first() is not None


_PLANNED = ~recurrences.c.begun & (recurrences.c.status != "stopped")
"""A recurrence is only a row, and is to begin."""


def _key(relation: str, template: str, sub_number: str) -> tuple[Any, ...]:
    return (
        recurrences.c.relation == relation,
        recurrences.c.template == template,
        recurrences.c.sub_number == sub_number,
    )


def _recurrence(row: RowMapping) -> Recurrence:
    return Recurrence.model_validate({name: row[name] for name in Recurrence.model_fields})


def _read_stuck(rows: Iterable[Any]) -> list[Recurrence]:
    found = [
        Recurrence.model_validate({name: getattr(row, name) for name in Recurrence.model_fields})
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.next_start, one.relation))


OLDEST_STUCK = Question(
    select(recurrences)
    .where(STUCK)
    .order_by(recurrences.c.next_start, recurrences.c.relation)
    .limit(bindparam("most")),
    _read_stuck,
    "most",
)
"""The recurrences that could not start what was due, `most` of them, by when it was."""
