"""Since when an office that was put back from a backup may lack what it did (R65)."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from .database.tables import office


def restored_from(connection: Connection) -> datetime | None:
    """Return the moment of the earliest backup from which the office was put back; None: it never was."""
    moment: datetime | None = connection.execute(select(office.c.restored_from)).scalar_one()
    return moment


def note_restored(connection: Connection, moment: datetime) -> None:
    """Write down that the office was put back as of this moment; an earlier one stays."""
    later = or_(office.c.restored_from.is_(None), office.c.restored_from > moment)
    connection.execute(office.update().where(later).values(restored_from=moment))
