"""What somebody typed in a form and has not sent yet: kept sealed, so that nothing typed is lost."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from ..database.tables import drafts


def find_draft(connection: Connection, person: str, form: str) -> bytes | None:
    """Return what somebody typed in a form, sealed, or None."""
    query = select(drafts.c.typed).where(drafts.c.person == person, drafts.c.form == form)
    return connection.execute(query).scalar_one_or_none()


def keep_draft(connection: Connection, person: str, form: str, typed: bytes, at: datetime) -> None:
    """Keep what somebody typed, in the place of what they typed before."""
    drop_draft(connection, person, form)
    connection.execute(drafts.insert().values(person=person, form=form, typed=typed, at=at))


def drop_draft(connection: Connection, person: str, form: str) -> None:
    """Forget what somebody typed: it was sent, or thrown away."""
    connection.execute(delete(drafts).where(drafts.c.person == person, drafts.c.form == form))
