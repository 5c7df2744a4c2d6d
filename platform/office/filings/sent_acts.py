"""Acts as they were sent, by filing and id: whoever repeats one sends exactly the same again.

What a person leaves open (which phase, which version of a document) is filled in when the act is first sent.
Filled in again it could become another act.
"""

import base64
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select

from ...data import canonical
from ...plan import Model
from ..database.tables import acts
from .words import Seal


class SentAct(Model):
    """One act: `asked` is the digest of what the person asked for, `act` is what was sent, sealed."""

    filing: str
    id: str
    asked: str
    act: dict[str, Any]


def seal_act(filing: str, id: str, act: dict[str, Any], seal: Seal) -> dict[str, Any]:
    """Return an act as it is kept: of what kind and whose it is; what it says only the office's keys open."""
    sealed = seal(canonical(act), _place(filing, id))
    said = base64.b64encode(sealed).decode()
    return {"sealed": said, "kind": act["kind"], "by": {"id": act["by"]["id"]}}


def open_act(sent: SentAct, open_sealed: Seal) -> dict[str, Any]:
    """Return what a kept act says. Raises KeyFileError and BrokenSealError."""
    if "sealed" not in sent.act:
        return sent.act  # written before 0014, and not sealed yet (`sealing_older`)
    opened = open_sealed(base64.b64decode(sent.act["sealed"]), _place(sent.filing, sent.id))
    said: dict[str, Any] = msgspec.json.decode(opened)
    return said


def _place(filing: str, id: str) -> bytes:
    """Return what the seal of an act is bound to."""
    return f"act {filing} {id}".encode()


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
