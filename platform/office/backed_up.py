"""When the office was last backed up: how much of its past its histories have to tell again (R65)."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from .database.tables import office


def backed_up_at(connection: Connection) -> datetime | None:
    """Return the moment of the latest backup that was made; None: of none this database knows."""
    moment: datetime | None = connection.execute(select(office.c.backed_up_at)).scalar_one()
    return moment


def note_backed_up(connection: Connection, moment: datetime) -> None:
    """Write down that a backup as of this moment was made; a later one stays."""
    earlier = or_(office.c.backed_up_at.is_(None), office.c.backed_up_at < moment)
    connection.execute(office.update().where(earlier).values(backed_up_at=moment))
