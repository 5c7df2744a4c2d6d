"""Who has the right beheer: given on the server, shown and used on the pages."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from ..database.tables import managers


def is_manager(connection: Connection, member: str) -> bool:
    """Say whether a team member has the right beheer."""
    query = select(managers.c.member).where(managers.c.member == member)
    return connection.execute(query).first() is not None


def list_managers(connection: Connection) -> tuple[str, ...]:
    """Return who has it, by id."""
    return tuple(connection.execute(select(managers.c.member).order_by(managers.c.member)).scalars())


def make_manager(connection: Connection, member: str, at: datetime) -> None:
    """Give somebody the right; who has it keeps it."""
    if not is_manager(connection, member):
        connection.execute(managers.insert().values(member=member, since=at))


def unmake_manager(connection: Connection, member: str) -> None:
    """Take the right away."""
    connection.execute(delete(managers).where(managers.c.member == member))
