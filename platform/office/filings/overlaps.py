"""Filings over the same days: a period is a stretch of days, and a return is filed once over each (R63)."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, exists, or_, select

from ...plan import Model
from ..database.columns import among
from ..database.tables import deliveries, filings, timeline

BY_HAND = "met de hand"
"""The code of a judgement that a person recorded, in place of the gateway's."""

HAS = ("sending", "unknown", "taken", "accepted")
"""Statuses of a delivery that the authority has, or may have."""


class FilingOver(NamedTuple):
    """A filing that was not cancelled, over days that were asked for.

    `behind` says that it has nothing more to file: the authority has, or may have, its return, or it ended.
    """

    start_date: date
    id: str
    template: str
    relation: str
    sub_number: str
    period: str
    reports: tuple[str, ...]
    first_day: date
    last_day: date
    title: str
    behind: bool = False


class FiledAlready(Model):
    """The authority has, or may have, a return of this identity over some of these days already."""

    filing: str
    relation: str
    period: str


Filed = dict[str, list[FilingOver]]
"""Filings by relation."""

_OVER = [filings.c[name] for name in FilingOver._fields if name != "behind"]
_BEHIND = or_(
    filings.c.ended.is_not(None),
    exists().where(deliveries.c.filing == filings.c.id, deliveries.c.status.in_(HAS)),
    exists().where(timeline.c.filing == filings.c.id, timeline.c.what == "delivered_by_hand"),
).label("behind")


def filings_between(connection: Connection, relations: Collection[str], first: date, last: date) -> Filed:
    """Return the filings of relations over any of these days, by relation, but those that were cancelled."""
    columns = filings.c
    query = select(*_OVER, _BEHIND).where(
        among(columns.relation, relations),
        columns.first_day <= last,
        columns.last_day >= first,
        columns.ended.is_distinct_from("cancelled"),
    )
    found: Filed = {}
    for row in connection.execute(query):
        one = FilingOver(*row)._replace(reports=tuple(row.reports), behind=bool(row.behind))
        found.setdefault(one.relation, []).append(one)
    return found


def delivered_between(
    connection: Connection, digests: Collection[str], first: date, last: date
) -> list[tuple[str, FilingOver]]:
    """Return the filings over any of these days of which the authority has, or may have, a return.

    Of these identities, each with the digest of the one under which it was delivered: numbers of a relation
    are corrected, and the authority knows a return by the one in it.
    """
    query = (
        select(deliveries.c.identity_digest, *_OVER)
        .join(filings, deliveries.c.filing == filings.c.id)
        .where(
            among(deliveries.c.identity_digest, digests),
            deliveries.c.status.in_(HAS),
            filings.c.first_day <= last,
            filings.c.last_day >= first,
        )
        .order_by(filings.c.start_date, filings.c.id)
    )
    found = []
    for digest, *row in connection.execute(query):
        one = FilingOver(*row)
        found.append((str(digest), one._replace(reports=tuple(one.reports), behind=True)))
    return found


def find_filed(
    connection: Connection, filing: str, identity_digest: str, message_kind: str
) -> FiledAlready | None:
    """Return the filing that stands in the way of a delivery: one return per taxpayer and days (R63).

    The authority knows a return by identity, report and days, whichever relation it was made for. A filing
    does not stand in the way of one whose reason is about it, nor of the one that its own reason is about.
    Needs a writing connection: what is written after it, no other delivery can come before.
    """
    own = connection.execute(_OWN.where(filings.c.id == filing)).one()
    others = _FILED.where(
        deliveries.c.identity_digest == identity_digest,
        deliveries.c.message_kind == message_kind,
        deliveries.c.status.in_(HAS),
        filings.c.id != filing,
        filings.c.first_day <= own.last_day,
        filings.c.last_day >= own.first_day,
    )
    for other in connection.execute(others):
        if other.id not in own.again_of and filing not in other.again_of:
            return FiledAlready(filing=other.id, relation=other.relation, period=other.period)
    return None


def find_not_filed(
    connection: Connection, filing: str, identity_digest: str, message_kind: str
) -> list[tuple[str, int]]:
    """Return the deliveries that a person recorded as lost or refused, which stand in the way if not (R63).

    By filing and number: those of this filing, and of others over any of its days.
    """
    own = connection.execute(_OWN.where(filings.c.id == filing)).one()
    recorded = (
        select(deliveries.c.filing, deliveries.c.number)
        .join(filings, deliveries.c.filing == filings.c.id)
        .where(
            deliveries.c.identity_digest == identity_digest,
            deliveries.c.message_kind == message_kind,
            deliveries.c.status.in_(("failed", "refused")),
            deliveries.c.code == BY_HAND,
            deliveries.c.kenmerk.is_not(None),
            filings.c.first_day <= own.last_day,
            filings.c.last_day >= own.first_day,
        )
        .order_by(deliveries.c.begun_at, deliveries.c.filing, deliveries.c.number)
    )
    return [(row.filing, row.number) for row in connection.execute(recorded)]


_OWN = select(filings.c.first_day, filings.c.last_day, filings.c.again_of)
_FILED = (
    select(filings.c.id, filings.c.relation, filings.c.period, filings.c.again_of)
    .join(deliveries, deliveries.c.filing == filings.c.id)
    .order_by(deliveries.c.begun_at)
)
