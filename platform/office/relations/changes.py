"""Who changed what of a relation, and when (R25): kept with every change, and shown with the relation.

Identifying numbers are masked: that one changed is told, and the old one is nowhere.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from ...plan import Model
from ..database.columns import among
from ..database.tables import relation_changes, team


class RelationChange(Model):
    """A change of one record; `before` is None where it is new, `after` where it was taken away.

    Both have only what changed, by column; days are ISO texts. `kind` is the record's table, `subject` its
    key besides the relation, as a path. `by` is None for an import of files; `name` is who that is. `run` is
    the bulk run in which it was done, if any.
    """

    relation: str
    kind: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    by: str | None
    at: datetime
    run: int | None = None
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
    query = (
        _CHANGES.where(relation_changes.c.relation == relation, relation_changes.c.id > after)
        .order_by(relation_changes.c.id.desc())
        .limit(most)
    )
    return tuple(RelationChange.model_validate(dict(row)) for row in connection.execute(query).mappings())


def list_changes_since(
    connection: Connection, run: int, relations: Collection[str]
) -> tuple[list[RelationChange], list[RelationChange]]:
    """Return what a bulk run changed of these relations, and what was changed of them after it, in order."""
    first = select(func.min(relation_changes.c.id)).where(relation_changes.c.run == run).scalar_subquery()
    query = _CHANGES.where(relation_changes.c.id >= first, among(relation_changes.c.relation, relations))
    rows = connection.execute(query.order_by(relation_changes.c.id)).mappings()
    found = [RelationChange.model_validate(dict(row)) for row in rows]
    return [one for one in found if one.run == run], [one for one in found if one.run != run]


def list_changed(connection: Connection, run: int) -> tuple[str, ...]:
    """Return the numbers of the relations of which a bulk run changed something, in order."""
    query = select(relation_changes.c.relation).where(relation_changes.c.run == run).distinct()
    return tuple(connection.execute(query.order_by(relation_changes.c.relation)).scalars())


_CHANGES = select(
    *(column for column in relation_changes.c if column.name != "id"),
    func.coalesce(team.c.name, "").label("name"),
).outerjoin(team, team.c.id == relation_changes.c.by)
