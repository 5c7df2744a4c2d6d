"""Offers that a client rejected and that are not out again: read from the timeline, nothing is kept of it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, func, literal_column, select, text

from ...plan import Plan
from ..database.columns import among_given, text_at
from ..database.questions import Question
from ..database.tables import filings, relation_roles, relations, timeline
from .given_work import was_given

RELEASED = "offer_released"


class Rejection(NamedTuple):
    """What a client of an open filing rejected in a phase, how often, and which phases are active now."""

    filing: str
    phase: str
    times: int
    template: str
    title: str
    relation: str
    relation_name: str
    period: str
    plan: str
    active: tuple[str, ...]
    due: date | None
    view: Mapping[str, Any]
    """Of the filing to whom its work was reassigned, as its view says it."""


def _read_rejections(rows: Iterable[Any]) -> list[Rejection]:
    times: dict[tuple[str, str], int] = {}
    found: dict[tuple[str, str], Rejection] = {}
    for row in sorted(rows, key=lambda row: (row.filing, row.sequence)):
        key = (row.filing, row.phase)
        times[key] = times.get(key, 0) + 1
        if not row.again:
            facts = (row.template, row.title, row.relation, row.name, row.period, row.plan)
            found[key] = Rejection(
                *key, times[key], *facts, tuple(row.phases), row.due, {"assigned": row.assigned}
            )
    return [*found.values()]


def find_offered_to(connection: Connection, ids: Collection[str], contact: str) -> set[str]:
    """Return which of these filings were ever offered to a contact, also where the offer is withdrawn."""
    if not ids:
        return set()
    rows = connection.execute(_OFFERED, {"ids": [*ids]})
    return {row.filing for row in rows if contact in str(row.data.get("to") or "").split(", ")}


def until_offered(plan: Plan, phase: str) -> frozenset[str]:
    """Return the phases in which a rejection counts: up to the one in which it was offered, that one too."""
    ids = [one.id for one in plan.phases]
    return frozenset(ids[: ids.index(phase) + 1])


_later = timeline.alias("later")
_AGAIN = (
    exists()
    .where(
        _later.c.filing == timeline.c.filing,
        _later.c.phase == timeline.c.phase,
        _later.c.sequence > timeline.c.sequence,
        _later.c.what == RELEASED,
    )
    .correlate(timeline)
)
_COLUMNS = (
    *(
        timeline.c.filing,
        timeline.c.sequence,
        timeline.c.phase,
        _AGAIN.label("again"),
        filings.c.template,
        filings.c.title,
    ),
    *(filings.c.relation, relations.c.name, filings.c.period, filings.c.plan, filings.c.phases),
    *(filings.c.due, filings.c.view["assigned"].label("assigned")),
)
_REJECTED = (
    select(*_COLUMNS)
    # Rejections are few: joined outwardly, they are what SQLite begins with, and not all that is open.
    .outerjoin(filings, filings.c.id == timeline.c.filing)
    .outerjoin(relations, relations.c.number == filings.c.relation)
    .where(
        text("timeline.what = 'decided'"),  # written out, so that the index of rejections serves it
        text_at(timeline.c.data, "answer") == literal_column("'reject'"),
        func.coalesce(filings.c.status, "afgesloten") != "afgesloten",
    )
)
_theirs = exists().where(
    relation_roles.c.relation == filings.c.relation, among_given(relation_roles.c.member, "members")
)
OF_ALL = Question(_REJECTED, _read_rejections)
"""What was rejected and is not offered again, in every open filing."""
OF_MEMBERS = Question(
    _REJECTED.where(_theirs.correlate(filings) | was_given("members")),
    _read_rejections,
    "members",
)
"""The same in filings of the relations at which one of `members` has a role, or with work given to one."""
_OFFERED = select(timeline.c.filing, timeline.c.data).where(
    among_given(timeline.c.filing, "ids"), timeline.c.what == RELEASED
)
