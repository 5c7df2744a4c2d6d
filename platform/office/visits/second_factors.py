"""The second factor of a team member: the secret of their authenticator, sealed (RFC 6238)."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from ...plan import Model
from ..database.tables import second_factors


class SecondFactor(Model):
    """A secret as it is kept; `since` None until its first code, `last_step` the last one that counted."""

    member: str
    secret: bytes
    since: datetime | None = None
    last_step: int = 0


def find_factor(connection: Connection, member: str) -> SecondFactor | None:
    """Return a team member's second factor, or None."""
    query = select(second_factors).where(second_factors.c.member == member)
    row = connection.execute(query).mappings().first()
    return None if row is None else SecondFactor.model_validate(dict(row))


def list_enrolled(connection: Connection) -> dict[str, datetime]:
    """Return since when team members have a second factor, by id; who gave no code yet is not among them."""
    query = select(second_factors.c.member, second_factors.c.since).where(second_factors.c.since.is_not(None))
    return {row.member: row.since for row in connection.execute(query)}


def put_factor(connection: Connection, factor: SecondFactor) -> None:
    """Keep a secret in the place of the one before."""
    drop_factor(connection, factor.member)
    connection.execute(second_factors.insert().values(**factor.model_dump()))


def take_step(connection: Connection, member: str, step: int, at: datetime) -> bool:
    """Write down that a code of this step counted; say whether it did: a code counts once."""
    known = second_factors.c.member == member
    found = connection.execute(
        second_factors.update().where(known, second_factors.c.last_step < step).values(last_step=step)
    )
    if found.rowcount != 1:
        return False
    first = second_factors.c.since.is_(None)
    connection.execute(second_factors.update().where(known, first).values(since=at))
    return True


def drop_factor(connection: Connection, member: str) -> None:
    """Forget a secret: whoever lost the telephone begins again."""
    connection.execute(delete(second_factors).where(second_factors.c.member == member))
