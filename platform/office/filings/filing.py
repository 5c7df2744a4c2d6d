"""The row of every filing: unique, written (gepland) before its workflow starts, updated by each record."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, RowMapping, String, bindparam, func, or_, select

from ...period import Period
from ...plan import Model, Planner
from ..database.columns import among, among_given, among_numbers
from ..database.moments import know, once_a_moment
from ..database.questions import Question
from ..database.tables import ONE_SUB_NUMBER, OPEN, filings
from .notes import hand_over_notes

Status = Literal["gepland", "loopt", "afgesloten"]
How = Literal["completed", "end", "cancelled"]


class NewFiling(Model):
    """A filing to be started; `id` is its workflow id, `plan` the digest of the plan it starts on.

    `reports` are those of the documents that it delivers. `again_of` are the filings over its days that there
    were, the first first: what `again_reason` is about.
    """

    id: str
    template: str
    relation: str
    period: str
    sub_number: str = ONE_SUB_NUMBER
    sequence: int = 1
    product: str
    plan: str
    title: str
    start_date: date
    due: date | None = None
    again_reason: str = ""
    again_of: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    without_automations: bool = False


class Filing(NewFiling):
    """A filing as it is known now.

    `recorded` is the sequence number of the last step in the database (0: none yet), `view` the machine's
    view after it as JSON; `due` the earliest open deadline; `ended_at` is office time.
    """

    status: Status
    planner: Planner
    phases: tuple[str, ...]
    recorded: int
    state_digest: str
    view: dict[str, Any] | None
    ended: How | None
    ended_at: datetime | None

    @property
    def begun(self) -> bool:
        """Say whether its workflow has recorded anything: what is only a row may have none."""
        return self.recorded > 0 or self.status != "gepland"

    def compute_planner(self, today: date) -> Planner:
        """Return what the planner shows (R18): te_laat when the earliest open deadline has passed."""
        return compute_planner_state(self.planner, self.ended, self.due, today)


def compute_planner_state(recorded: Planner, ended: How | None, due: date | None, today: date) -> Planner:
    """Return what the planner shows of a filing whose earliest open deadline is `due`, as last recorded."""
    return "te_laat" if ended is None and due is not None and due < today else recorded


class FilingExists(Model):
    """The row already exists: the same filing cannot be started twice without a reason (R27)."""

    filing: Filing


def create_filing(connection: Connection, new: NewFiling) -> Filing | FilingExists:
    """Write the row of a filing as gepland, or return the existing one. Needs a writing connection."""
    return create_filings(connection, [new])[0]


def create_filings(connection: Connection, new: Sequence[NewFiling]) -> list[Filing | FilingExists]:
    """Write the rows of filings as `create_filing` does, however many with the same few statements.

    Of several with one id the first is written, and exists for those after it.
    """
    known = connection.execute(_WITH_IDS, {"ids": [one.id for one in new]}).mappings()
    there = {row["id"]: FilingExists(filing=_filing(row)) for row in known}
    rows, written = [], list[Filing | FilingExists]()
    for one in new:
        if one.id not in there:
            made = _make_planned(one)
            rows.append(_row(one))
            written.append(made)
            there[one.id] = FilingExists(filing=made)
        else:
            written.append(there[one.id])
    if rows:
        connection.execute(filings.insert(), rows)
        hand_over_notes(connection, [(row["relation"], row["template"], row["id"]) for row in rows])
    return written


def find_filing(connection: Connection, id: str) -> Filing | None:
    """Return the filing with this workflow id, with or without the leading 'filing/', or None."""
    return _find_filing(connection, id if id.startswith("filing/") else f"filing/{id}")


@once_a_moment
def _find_filing(connection: Connection, id: str) -> Filing | None:
    row = connection.execute(select(filings).where(filings.c.id == id)).mappings().first()
    return None if row is None else _filing(row)


@once_a_moment
def find_filing_by_key(connection: Connection, key: str) -> Filing | None:
    """Return the filing that this random key stands for in a client's address bar, or None."""
    row = connection.execute(select(filings).where(filings.c.key == key)).mappings().first()
    if row is None:
        return None
    found = _filing(row)
    know(connection, _find_filing, found.id, answer=found)
    return found


def find_key(connection: Connection, id: str) -> str:
    """Return the random key of a filing by its workflow id. Raises NoResultFound where there is none."""
    key: str = connection.execute(select(filings.c.key).where(filings.c.id == id)).scalar_one()
    return key


def list_filings(
    connection: Connection,
    *,
    template: str | None = None,
    relation: str | None = None,
    period: str | None = None,
    product: str | None = None,
    status: Status | None = None,
    relations: Collection[str] | None = None,
) -> tuple[Filing, ...]:
    """Return the filings that match everything given, by relation, template, period and sequence.

    `relations` selects several relations by number.
    """
    query = select(filings).order_by(
        *(filings.c.relation, filings.c.template, filings.c.period, filings.c.sub_number, filings.c.sequence)
    )
    wanted = {"template": template, "relation": relation, "period": period, "product": product}
    for name, value in {**wanted, "status": status}.items():
        if value is not None:
            query = query.where(filings.c[name] == value)
    if relations is not None:
        query = query.where(among(filings.c.relation, relations))
    return tuple(_filing(row) for row in connection.execute(query).mappings())


def list_planned(connection: Connection) -> tuple[Filing, ...]:
    """Return the filings that are only a row: planned, and nothing of them is recorded.

    Their start goes on, or was interrupted.
    """
    only = (OPEN, filings.c.planner == "gepland", filings.c.status == "gepland", filings.c.recorded == 0)
    rows = connection.execute(select(filings).where(*only).order_by(filings.c.id)).mappings()
    return tuple(map(_filing, rows))


def list_earlier(connection: Connection, filing: Filing, periods: Collection[str]) -> tuple[Filing, ...]:
    """Return a relation's filings of the same template and taxpayer over other periods, by sequence."""
    query = (
        select(filings)
        .where(
            filings.c.relation == filing.relation,
            filings.c.template == filing.template,
            filings.c.sub_number == filing.sub_number,
            filings.c.period.in_(periods),
        )
        .order_by(filings.c.sequence)
    )
    return tuple(_filing(row) for row in connection.execute(query).mappings())


def count_running(connection: Connection) -> dict[str, int]:
    """Return how many filings run on each plan, by its digest; none has no line."""
    query = select(filings.c.plan, func.count()).where(filings.c.status == "loopt").group_by(filings.c.plan)
    return {row[0]: row[1] for row in connection.execute(query)}


def list_ids(connection: Connection) -> tuple[str, ...]:
    """Return the workflow ids of all filings."""
    return tuple(connection.execute(select(filings.c.id)).scalars())


class ClosedRow(NamedTuple):
    """A filing that has ended: its plan by digest, and how many steps of it were recorded."""

    id: str
    template: str
    plan: str
    recorded: int


def list_closed(connection: Connection, since: date | None = None) -> list[ClosedRow]:
    """Return the filings that have ended, by id; with `since` without those that are known to have before."""
    columns = filings.c
    query = select(*(columns.id, columns.template, columns.plan, columns.recorded))
    query = query.where(columns.status == "afgesloten").order_by(columns.id)
    if since is not None:
        late = columns.ended_at >= datetime.combine(since, time.min)
        query = query.where(or_(columns.ended_at.is_(None), late))
    return [ClosedRow(*row) for row in connection.execute(query)]


VIEWS: Question[dict[str, dict[str, Any] | None]] = Question(
    select(filings.c.id, filings.c.view).where(among_given(filings.c.id, "asked")),
    lambda rows: {row.id: row.view for row in rows},
    "asked",
)
"""The machine's view of filings, by workflow id."""


class FilingFacts(NamedTuple):
    """What is asked of a filing that is one of many."""

    id: str
    sequence: int
    status: Status
    recorded: int
    again_reason: str


def _read_over(rows: Iterable[Any]) -> dict[tuple[str, str], list[FilingFacts]]:
    found: dict[tuple[str, str], list[FilingFacts]] = {}
    for relation, sub_number, *facts in sorted(rows, key=lambda row: row.sequence):
        found.setdefault((relation, sub_number), []).append(FilingFacts(*facts))
    return found


OVER = Question(
    select(
        *(filings.c.relation, filings.c.sub_number),
        *(filings.c.id, filings.c.sequence, filings.c.status, filings.c.recorded, filings.c.again_reason),
    ).where(
        filings.c.template == bindparam("template", type_=String),
        filings.c.period == bindparam("period", type_=String),
        among_numbers(filings.c.relation),
    ),
    _read_over,
    *("template", "period", "numbers"),
)
"""Relations' filings of a template over a period by relation and sub-number, each by sequence."""


def _row(new: NewFiling) -> dict[str, Any]:
    """Return the row of a filing, with the days of its period: what overlaps is asked of days."""
    period = Period.parse(new.period)
    return new.model_dump() | {"first_day": period.start, "last_day": period.end}


def _make_planned(new: NewFiling) -> Filing:
    """Return a row as the table's defaults make it."""
    return Filing(
        **new.model_dump(),
        status="gepland",
        planner="gepland",
        phases=(),
        recorded=0,
        state_digest="",
        view=None,
        ended=None,
        ended_at=None,
    )


def _filing(row: RowMapping) -> Filing:
    return Filing.model_validate({name: row[name] for name in Filing.model_fields})


_WITH_IDS = select(filings).where(among_given(filings.c.id, "ids"))
