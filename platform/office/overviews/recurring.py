"""What starts by itself, with what is known to be in its way before its start is tried."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from ..database.columns import among
from ..database.tables import relations
from ..filings.recurrences import Recurrence
from ..relations.readiness import say_not_active
from ..relations.relation import WORKED_FOR


def tell_gone(connection: Connection, found: Sequence[Recurrence]) -> tuple[Recurrence, ...]:
    """Return recurrences, with a problem where the office does not work for the relation any more.

    A row has a problem only once a start was tried: until then it looks as if all will start.
    """
    asked = {one.relation for one in found if _may_start(one)}
    if not asked:
        return tuple(found)
    query = select(relations.c.number, relations.c.status).where(
        among(relations.c.number, asked), relations.c.status.not_in(("prospect", *WORKED_FOR))
    )
    gone = {row.number: say_not_active(row.status) for row in connection.execute(query)}
    return tuple(
        one.model_copy(update={"problem": gone[one.relation]})
        if one.relation in gone and _may_start(one)
        else one
        for one in found
    )


def _may_start(one: Recurrence) -> bool:
    return one.status != "stopped" and not one.problem
