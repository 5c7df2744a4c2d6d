"""What was changed in how team members get in: which change, by whom and when."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from ...plan import Model
from ..database.tables import visit_changes

ChangeKind = Literal["factor_forgotten", "manager_made", "manager_unmade"]


class VisitChange(Model):
    """One change; `who` is empty for who runs the server, `at` is real time."""

    member: str
    what: ChangeKind
    who: str
    at: datetime


def record_change(connection: Connection, change: VisitChange) -> None:
    """Write a change down."""
    connection.execute(visit_changes.insert().values(**change.model_dump()))


def list_changes(connection: Connection, most: int) -> tuple[VisitChange, ...]:
    """Return the last changes, the latest first."""
    shown = (visit_changes.c.member, visit_changes.c.what, visit_changes.c.who, visit_changes.c.at)
    query = select(*shown).order_by(visit_changes.c.number.desc()).limit(most)
    return tuple(VisitChange.model_validate(dict(row)) for row in connection.execute(query).mappings())
