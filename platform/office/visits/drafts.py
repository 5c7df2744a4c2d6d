"""What somebody typed in a form and has not sent yet: kept sealed, so that nothing typed is lost.

A passing draft is of one opened form, and begins with that one's key.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select

from ..database.tables import drafts

PASSING = timedelta(days=1)
"""How long a passing draft is kept after it was typed."""
MOST_PASSING = 50
"""So many of one person are kept: the oldest go first."""


def find_draft(connection: Connection, person: str, form: str, now: datetime) -> bytes | None:
    """Return what somebody typed in a form, sealed, or None; `now` is real time."""
    lasts = or_(~drafts.c.passing, drafts.c.at > now - PASSING)
    query = select(drafts.c.typed).where(drafts.c.person == person, drafts.c.form == form, lasts)
    return connection.execute(query).scalar_one_or_none()


def find_passing(connection: Connection, person: str, key: str, now: datetime) -> dict[str, bytes]:
    """Return all that is kept of the opened form of this key, sealed, by its form; `now` is real time."""
    theirs = (drafts.c.person == person, drafts.c.passing, drafts.c.form.startswith(key, autoescape=True))
    query = select(drafts.c.form, drafts.c.typed).where(*theirs, drafts.c.at > now - PASSING)
    return {row.form: row.typed for row in connection.execute(query)}


def keep_draft(
    connection: Connection, person: str, form: str, typed: bytes, at: datetime, *, passing: bool = False
) -> None:
    """Keep what somebody typed, in the place of what they typed before."""
    drop_draft(connection, person, form)
    if passing:
        _drop_oldest(connection, person)
    row = {"person": person, "form": form, "typed": typed, "at": at, "passing": passing}
    connection.execute(drafts.insert().values(row))


def _drop_oldest(connection: Connection, person: str) -> None:
    theirs = (drafts.c.person == person, drafts.c.passing)
    newest = select(drafts.c.at).where(*theirs).order_by(drafts.c.at.desc()).offset(MOST_PASSING - 1).limit(1)
    oldest = connection.execute(newest).scalar_one_or_none()
    if oldest is not None:
        connection.execute(delete(drafts).where(*theirs, drafts.c.at <= oldest))


def drop_draft(connection: Connection, person: str, form: str) -> None:
    """Forget what somebody typed: it was sent, or thrown away."""
    connection.execute(delete(drafts).where(drafts.c.person == person, drafts.c.form == form))


def drop_passing(connection: Connection, person: str, key: str) -> None:
    """Forget what somebody typed in the opened form of this key."""
    theirs = (drafts.c.person == person, drafts.c.passing, drafts.c.form.startswith(key, autoescape=True))
    connection.execute(delete(drafts).where(*theirs))
