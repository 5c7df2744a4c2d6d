"""Who asked to see the identifying numbers of a relation: kept with when, and shown with the relation."""

from datetime import datetime

from sqlalchemy import Connection, select

from ...plan import Model
from ..database.tables import number_views, team


class NumberView(Model):
    """Somebody of the team saw the numbers; `at` is real time."""

    name: str
    at: datetime


def record_number_view(connection: Connection, relation: str, member: str, at: datetime) -> None:
    """Write down that somebody saw the numbers of a relation. Needs a writing connection."""
    connection.execute(number_views.insert().values(relation=relation, member=member, at=at))


def list_number_views(connection: Connection, relation: str, most: int) -> tuple[NumberView, ...]:
    """Return who saw the numbers of a relation, the latest first."""
    query = (
        select(team.c.name, number_views.c.at)
        .join(team, team.c.id == number_views.c.member)
        .where(number_views.c.relation == relation)
        .order_by(number_views.c.id.desc())
        .limit(most)
    )
    return tuple(NumberView(name=row.name, at=row.at) for row in connection.execute(query))
