"""Since when an office that was put back, or of which a filing was revived, may lack what it did (R65)."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from .database.tables import office


def restored_from(connection: Connection) -> datetime | None:
    """Return the earliest moment as of which the office was put back or revived; None: it never was."""
    moment: datetime | None = connection.execute(select(office.c.restored_from)).scalar_one()
    return moment


def note_restored(connection: Connection, moment: datetime) -> None:
    """Write down that the office, or a filing of it, goes on as of this moment; an earlier one stays."""
    later = or_(office.c.restored_from.is_(None), office.c.restored_from > moment)
    connection.execute(office.update().where(later).values(restored_from=moment))
