"""Marks on filings whose open offers may go to others by now (R66).

Whoever changes people, authority or agreements marks in the same transaction; a worker looks
(`runtime/readdressing.py`).
"""

from collections.abc import Collection

from sqlalchemy import Connection, select

from ..database.columns import among
from ..database.tables import OPEN, filings
from ..plans import plans_by_digest


def mark_offers(connection: Connection, relations: Collection[str]) -> None:
    """Mark the open filings of these relations."""
    change = filings.update().where(OPEN, among(filings.c.relation, relations))
    connection.execute(change.values(offers_stale=True))


def mark_all_offers(connection: Connection) -> None:
    """Mark every filing that is in a phase in which it offers: a day may have changed who decides."""
    rows = connection.execute(select(filings.c.id, filings.c.plan, filings.c.phases).where(OPEN)).all()
    plans = plans_by_digest(connection, {row.plan for row in rows})
    offering = {digest: {p.id for p in plan.phases if p.offer} for digest, plan in plans.items()}
    wanted = [row.id for row in rows if not offering.get(row.plan, set()).isdisjoint(row.phases)]
    remark(connection, wanted)


def remark(connection: Connection, ids: Collection[str]) -> None:
    """Mark these filings."""
    if ids:
        connection.execute(filings.update().where(among(filings.c.id, ids)).values(offers_stale=True))


def has_marked(connection: Connection, after: str = "") -> bool:
    """Say whether a filing is marked, of those after this one by id."""
    marked = select(filings.c.id).where(filings.c.offers_stale, filings.c.id > after)
    return connection.execute(marked.limit(1)).first() is not None


def take_marked(connection: Connection, most: int, after: str = "") -> tuple[str, ...]:
    """Return marked filings after this one by id, at most so many, and take their marks away.

    What changes from now on marks again.
    """
    marked = select(filings.c.id).where(filings.c.offers_stale, filings.c.id > after)
    ids = tuple(connection.execute(marked.order_by(filings.c.id).limit(most)).scalars())
    if ids:
        connection.execute(filings.update().where(among(filings.c.id, ids)).values(offers_stale=False))
    return ids
