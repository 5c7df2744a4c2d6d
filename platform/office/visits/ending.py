"""Whoever gets another e-mail address signs in again: sessions and links of before were of the old one."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, delete

from ..database.columns import among
from ..database.tables import sessions, sign_in_links


def end_visits(connection: Connection, people: Collection[str]) -> None:
    """End all sessions of these people, and have no link sign in that was made for them so far.

    Needs a writing connection: that which changes the address.
    """
    connection.execute(delete(sessions).where(among(sessions.c.person, people)))
    open_ones = among(sign_in_links.c.person, people), sign_in_links.c.replaced_at.is_(None)
    connection.execute(sign_in_links.update().where(*open_ones).values(replaced_at=datetime.now(UTC)))
