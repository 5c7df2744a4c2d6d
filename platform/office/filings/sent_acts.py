"""Acts as they were sent, by filing and id: whoever repeats one sends exactly the same again.

What a person leaves open (which phase, which version of a document) is filled in when the act is first sent.
Filled in again it could become another act.
"""

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ...plan import Model
from ..database.tables import acts


class SentAct(Model):
    """One act: `asked` is the digest of what the person asked for, `act` is what was sent, as JSON."""

    filing: str
    id: str
    asked: str
    act: dict[str, Any]


def find_act(connection: Connection, filing: str, id: str) -> SentAct | None:
    """Return the act that was sent to a filing under an id, or None."""
    query = select(acts).where(acts.c.filing == filing, acts.c.id == id)
    row = connection.execute(query).mappings().first()
    return None if row is None else SentAct.model_validate(dict(row))


def list_acts(connection: Connection, filing: str) -> tuple[SentAct, ...]:
    """Return the acts that were sent to a filing, by id; refused ones are not among them."""
    rows = connection.execute(select(acts).where(acts.c.filing == filing).order_by(acts.c.id)).mappings()
    return tuple(SentAct.model_validate(dict(row)) for row in rows)


def keep_act(connection: Connection, wanted: SentAct) -> SentAct:
    """Write an act that is about to be sent, or return the existing one. Needs a writing connection."""
    there = find_act(connection, wanted.filing, wanted.id)
    if there is None:
        connection.execute(insert(acts).values(**wanted.model_dump()))
    return there or wanted


def forget_act(connection: Connection, filing: str, id: str) -> None:
    """Remove an act that was refused: its id is free again."""
    connection.execute(delete(acts).where(acts.c.filing == filing, acts.c.id == id))
