"""Who changed what of a relation, and when (R25): kept with every change, and shown with the relation.

Identifying numbers are masked: that one changed is told, and the old one is nowhere.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ...plan import Model
from ..database.tables import relation_changes, team


class RelationChange(Model):
    """A change of one record; `before` is None where it is new, `after` where it was taken away.

    Both have only what changed, by column; days are ISO texts. `kind` is the record's table, `subject` its
    key besides the relation, as a path. `by` is None for an import of files; `name` is who that is.
    """

    relation: str
    kind: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    by: str | None
    at: datetime
    name: str = ""


def record_changes(connection: Connection, changes: Iterable[RelationChange]) -> None:
    """Write changes down. Needs a writing connection."""
    rows = [one.model_dump(exclude={"name"}) for one in changes]
    if rows:
        connection.execute(relation_changes.insert(), rows)


def find_version(connection: Connection, relation: str) -> int:
    """Return the number of the last change of a relation; 0 where nothing was changed."""
    query = select(func.max(relation_changes.c.id)).where(relation_changes.c.relation == relation)
    return connection.scalar(query) or 0


def list_changes(
    connection: Connection, relation: str, *, after: int = 0, most: int | None = None
) -> tuple[RelationChange, ...]:
    """Return what was changed of a relation, the latest first: so many, or all after a version."""
    columns = [column for column in relation_changes.c if column.name != "id"]
    query = (
        select(*columns, func.coalesce(team.c.name, "").label("name"))
        .outerjoin(team, team.c.id == relation_changes.c.by)
        .where(relation_changes.c.relation == relation, relation_changes.c.id > after)
        .order_by(relation_changes.c.id.desc())
        .limit(most)
    )
    return tuple(RelationChange.model_validate(dict(row)) for row in connection.execute(query).mappings())
