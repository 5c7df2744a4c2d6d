"""Who may do what on the pages: kind of person, act, and how they stand to the relation (R44, R57).

This table is the outer fence. What somebody may do to one filing (role, four eyes, authority) the machine
judges; what of a filing is for whom, `audiences`.
"""

from collections.abc import Collection
from typing import Literal

from sqlalchemy import Connection, select

from ..office.database.columns import among
from ..office.database.tables import filings
from ..office.filings.filing import Filing, find_filing_by_key
from ..office.people import relations_of
from ..office.relations.relation import Relation, find_relation
from ..plan import Model

Kind = Literal["client", "team"]
Standing = Literal["own", "former", "other"]
"""How somebody stands to a relation: a contact of it, of one that has left, or of none of these."""
Doing = Literal["read", "decide", "answer", "do_task", "write", "chat", "work", "manage"]
"""Read what is theirs; decide on offers; answer requests; do tasks; write notes; write in chats; the team's
acts; beheer."""

_OFFICE: frozenset[Doing] = frozenset({"read", "write", "work"})
MAY: dict[tuple[Kind, Standing], frozenset[Doing]] = {
    ("client", "own"): frozenset({"read", "decide", "answer", "do_task", "write", "chat"}),
    ("client", "former"): frozenset({"read"}),
    ("client", "other"): frozenset(),
    ("team", "own"): _OFFICE | {"chat"},
    ("team", "former"): _OFFICE,
    ("team", "other"): _OFFICE,
}
"""What each kind of person may do; a team member serves every relation of the office."""


class Visitor(Model):
    """Who is signed in: a contact, or a team member, perhaps with the right beheer."""

    id: str
    name: str
    kind: Kind
    language: str = "nl"
    manager: bool = False


def judge_standing(connection: Connection, visitor: Visitor, relation: Relation | None) -> Standing:
    """Return how somebody stands to a relation."""
    if relation is None or (
        visitor.kind == "client" and relation.number not in relations_of(connection, visitor.id)
    ):
        return "other"
    return "former" if relation.status == "left" else "own"


def may(connection: Connection, visitor: Visitor, doing: Doing, relation: str) -> bool:
    """Say whether somebody may do something for a relation at all."""
    return may_for(connection, visitor, doing, find_relation(connection, relation))


def may_for(connection: Connection, visitor: Visitor, doing: Doing, relation: Relation | None) -> bool:
    """Say whether a visitor may do something with a relation that was read already."""
    standing = judge_standing(connection, visitor, relation)
    return doing in MAY[visitor.kind, standing] or (doing == "manage" and visitor.manager)


def find_by_key(connection: Connection, visitor: Visitor, key: str, doing: Doing = "read") -> Filing | None:
    """Return the filing with this key where somebody may do this to it.

    None for a key that does not exist and for a filing of another alike.
    """
    filing = find_filing_by_key(connection, key) if key else None
    return filing if filing and may(connection, visitor, doing, filing.relation) else None


def keys_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Return the keys that stand for filings in a client's address bar, by filing."""
    found = connection.execute(select(filings.c.id, filings.c.key).where(among(filings.c.id, ids)))
    return {row.id: row.key for row in found}
