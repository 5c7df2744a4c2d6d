"""What somebody typed in a form and has not sent yet: kept sealed, so that nothing typed is lost.

A passing draft is of one opened form, and begins with that one's key. Once the form is done, its outcome can
replace what was typed: such a form takes no room of those that are open.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, select

from ..database.tables import drafts

PASSING = timedelta(days=1)
"""How long a passing draft is kept after it was typed."""
TOLD = timedelta(days=30)
"""How long it is known that there was a passing draft: who comes back to it is told that it is gone."""
MOST_PASSING = 50
"""So many of one person are kept; one more is not taken, since each holds what somebody may go back to."""
_DONE = "gedaan "
"""Before the name of a form that is done: it takes no room of those that are open."""


def find_draft(connection: Connection, person: str, form: str, now: datetime) -> bytes | None:
    """Return what somebody typed in a form, or its outcome, sealed; b"" where that has passed.

    Of a form that was sent twice at once there can be both: its outcome counts. `now` is real time.
    """
    query = select(drafts.c.typed, drafts.c.passing, drafts.c.at)
    theirs = query.where(drafts.c.person == person, _is_of(form)).order_by(drafts.c.form == form)
    found = connection.execute(theirs).first()
    if found is None:
        return None
    return b"" if found.passing and found.at <= now - PASSING else bytes(found.typed)


def keep_draft(
    connection: Connection, person: str, form: str, typed: bytes, at: datetime, *, passing: bool = False
) -> bool:
    """Keep what somebody typed, in the place of what they typed before; say whether there was room for it."""
    if passing and _count_others(connection, person, form, at) >= MOST_PASSING:
        return False
    drop_draft(connection, person, form)
    row = {"person": person, "form": form, "typed": typed, "at": at, "passing": passing}
    connection.execute(drafts.insert().values(row))
    return True


def _count_others(connection: Connection, person: str, form: str, now: datetime) -> int:
    done = drafts.c.form.startswith(_DONE, autoescape=True)
    lasting = (drafts.c.passing, drafts.c.at > now - PASSING, drafts.c.form != form, ~done)
    query = select(func.count()).where(drafts.c.person == person, *lasting)
    return connection.execute(query).scalar_one()


def keep_done(connection: Connection, person: str, form: str, told: bytes, at: datetime) -> None:
    """Keep the outcome of a form that is done; of one that is done twice the first stays."""
    query = select(drafts.c.form).where(drafts.c.person == person, drafts.c.form == _DONE + form)
    if connection.execute(query).one_or_none() is None:
        drop_draft(connection, person, form)
        row = {"person": person, "form": _DONE + form, "typed": told, "at": at, "passing": True}
        connection.execute(drafts.insert().values(row))


def _is_of(form: str) -> ColumnElement[bool]:
    return drafts.c.form.in_((form, _DONE + form))


def drop_draft(connection: Connection, person: str, form: str) -> None:
    """Forget what somebody typed: it was sent, or thrown away."""
    connection.execute(delete(drafts).where(drafts.c.person == person, _is_of(form)))


def drop_passing(connection: Connection, person: str, key: str) -> None:
    """Forget what somebody typed in the opened form of this key; its outcome stays."""
    theirs = (drafts.c.person == person, drafts.c.passing, drafts.c.form.startswith(key, autoescape=True))
    connection.execute(delete(drafts).where(*theirs))
