"""Offers that a client rejected and that are not out again: read from the timeline, nothing is kept of it."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, exists, select, text, union

from ...plan import Plan
from ..database.columns import among_given
from ..database.tables import OPEN, filings, relation_roles, relations, timeline

RELEASED = "offer_released"
DECIDED = "decided"


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


def find_rejections(
    connection: Connection, ids: Collection[str], members: Collection[str] | None
) -> list[Rejection]:
    """Return what was rejected and is not offered again, of these filings and of relations of these members.

    Of every open filing where `members` is None.
    """
    statement = _OF_ALL if members is None else _OF_SOME
    given = {"ids": [*ids]} | ({} if members is None else {"members": [*members]})
    times: dict[tuple[str, str], int] = {}
    found: dict[tuple[str, str], Rejection] = {}
    for row in connection.execute(statement, given):
        key = (row.filing, row.phase)
        times[key] = times.get(key, 0) + 1
        if not row.again:
            facts = (row.template, row.title, row.relation, row.name, row.period, row.plan)
            found[key] = Rejection(*key, times[key], *facts, tuple(row.phases), row.due)
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
    *(timeline.c.filing, timeline.c.phase, _AGAIN.label("again"), filings.c.template, filings.c.title),
    *(filings.c.relation, relations.c.name, filings.c.period, filings.c.plan, filings.c.phases),
    filings.c.due,
)
_REJECTED = (
    select(*_COLUMNS)
    .join(filings, filings.c.id == timeline.c.filing)
    .join(relations, relations.c.number == filings.c.relation)
    .where(
        text("timeline.what = 'decided'"),  # written out, so that the index of decisions serves it
        timeline.c.data["answer"].as_string() == "reject",
        OPEN,
    )
    .order_by(timeline.c.filing, timeline.c.sequence)
)
_theirs = select(relation_roles.c.relation).where(among_given(relation_roles.c.member, "members"))
_open_ids = select(filings.c.id).where(OPEN)
_given_ids = select(filings.c.id).where(among_given(filings.c.id, "ids"))
_OF_ALL = _REJECTED.where(timeline.c.filing.in_(union(_given_ids, _open_ids)))
_OF_SOME = _REJECTED.where(
    timeline.c.filing.in_(union(_given_ids, _open_ids.where(filings.c.relation.in_(_theirs))))
)
_OFFERED = select(timeline.c.filing, timeline.c.data).where(
    among_given(timeline.c.filing, "ids"), timeline.c.what == RELEASED
)
