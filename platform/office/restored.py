"""Since when an office that was put back, or of which a filing was revived, may lack what it did (R65)."""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, or_, select

from .database.tables import deliveries, office, plans, timeline


def restored_from(connection: Connection) -> datetime | None:
    """Return the earliest moment as of which the office was put back or revived; None: it never was."""
    moment: datetime | None = connection.execute(select(office.c.restored_from)).scalar_one()
    return moment


def note_restored(connection: Connection, moment: datetime) -> None:
    """Write down that the office, or a filing of it, goes on as of this moment; an earlier one stays."""
    later = or_(office.c.restored_from.is_(None), office.c.restored_from > moment)
    connection.execute(office.update().where(later).values(restored_from=moment))


def last_recorded(connection: Connection) -> datetime:
    """Return the last moment of real time of which the office knows what was done: a copy is not older.

    Of an office in which nothing was done yet it is when its plans were published, and else now.
    """
    done = (func.max(timeline.c.recorded_at), func.max(deliveries.c.begun_at))
    moments = [connection.execute(select(one)).scalar_one() for one in done]
    if not any(moments):
        moments = [connection.execute(select(func.min(plans.c.published_at))).scalar_one()]
    return max((one for one in moments if one), default=datetime.now(UTC))
