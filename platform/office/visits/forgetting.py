"""What is kept of visits is forgotten once nobody needs it: a worker does so each office day."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, tuple_

from ..database.engine import Database
from ..database.tables import attempts, drafts, sessions, sign_in_links
from .drafts import PASSING

LINKS = timedelta(days=90)
"""After a link expired: until then it can be exchanged for a new one."""
DRAFTS = timedelta(days=365)
"""After something was typed and never sent."""
ATTEMPTS = timedelta(days=1)
AT_ONCE = 500
"""Rows that go in one transaction: other writers wait for it."""


def forget_visits(database: Database, now: datetime, at_once: int = AT_ONCE) -> None:
    """Delete expired links and sessions, old drafts and attempts; `now` is real time.

    Raises DatabaseError.
    """
    old: tuple[tuple[Table, ColumnElement[bool]], ...] = (
        (sign_in_links, sign_in_links.c.expires_at < now - LINKS),
        (sessions, sessions.c.expires_at < now),
        (drafts, or_(drafts.c.at < now - DRAFTS, and_(drafts.c.passing, drafts.c.at < now - PASSING))),
        (attempts, attempts.c.window < now - ATTEMPTS),
    )
    for table, condition in old:
        while _forget_some(database, table, condition, at_once) == at_once:
            pass


def _forget_some(database: Database, table: Table, condition: ColumnElement[bool], most: int) -> int:
    key = tuple(table.primary_key)
    with database.read() as connection:
        found = [tuple(row) for row in connection.execute(select(*key).where(condition).limit(most))]
    if found:
        with database.write() as connection:
            connection.execute(delete(table).where(tuple_(*key).in_(found), condition))
    return len(found)
