"""Since when an office that was put back, or of which a filing was revived, may lack what it did (R65)."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, or_, select

from ..files import make_private
from .database.tables import office

NOT_YET_UP = "restored"
"""A file in the home of an office that was put back, until it runs there: what tells it from its original."""


def mark_not_yet_up(home: Path) -> None:
    """Note that what is in a home was put back and does not run there yet."""
    make_private(home / NOT_YET_UP)


def unmark_not_yet_up(home: Path) -> None:
    """Note that what is in a home runs there."""
    (home / NOT_YET_UP).unlink(missing_ok=True)


def is_not_yet_up(home: Path) -> bool:
    """Say whether what is in a home was put back and has not run there since."""
    return (home / NOT_YET_UP).exists()


def restored_from(connection: Connection) -> datetime | None:
    """Return the earliest moment as of which the office was put back or revived; None: it never was."""
    moment: datetime | None = connection.execute(select(office.c.restored_from)).scalar_one()
    return moment


def note_restored(connection: Connection, moment: datetime) -> None:
    """Write down that the office, or a filing of it, goes on as of this moment; an earlier one stays."""
    later = or_(office.c.restored_from.is_(None), office.c.restored_from > moment)
    connection.execute(office.update().where(later).values(restored_from=moment))
