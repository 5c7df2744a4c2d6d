"""What is kept of visits is forgotten once nobody needs it: a worker does so each hour."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Table, Update, and_, delete, or_, select, tuple_, update

from ..database.engine import Database
from ..database.tables import attempts, drafts, sessions, sign_in_links
from .drafts import PASSING, TOLD

LINKS = timedelta(days=90)
"""After a link expired: until then it can be exchanged for a new one."""
DRAFTS = timedelta(days=365)
"""After something was typed and never sent."""
ATTEMPTS = timedelta(days=1)
AT_ONCE = 500
"""Rows that go in one transaction: other writers wait for it."""


def forget_visits(database: Database, now: datetime, at_once: int = AT_ONCE) -> None:
    """Delete expired links and sessions, old drafts and attempts; `now` is real time.

    Of a draft that has passed stays for a while that there was one. Raises DatabaseError.
    """
    over = and_(drafts.c.passing, drafts.c.at < now - TOLD)
    old: tuple[tuple[Table, ColumnElement[bool], Update | Delete], ...] = (
        (sign_in_links, sign_in_links.c.expires_at < now - LINKS, delete(sign_in_links)),
        (sessions, sessions.c.expires_at < now, delete(sessions)),
        (drafts, or_(drafts.c.at < now - DRAFTS, over), delete(drafts)),
        (
            drafts,
            and_(drafts.c.passing, drafts.c.at < now - PASSING, drafts.c.typed != b""),
            update(drafts).values(typed=b""),
        ),
        (attempts, attempts.c.window < now - ATTEMPTS, delete(attempts)),
    )
    for table, condition, forget in old:
        while _forget_some(database, table, condition, forget, at_once) == at_once:
            pass


def _forget_some(
    database: Database, table: Table, condition: ColumnElement[bool], forget: Update | Delete, most: int
) -> int:
    key = tuple(table.primary_key)
    with database.read() as connection:
        found = [tuple(row) for row in connection.execute(select(*key).where(condition).limit(most))]
    if found:
        with database.write() as connection:
            connection.execute(forget.where(tuple_(*key).in_(found), condition))
    return len(found)
