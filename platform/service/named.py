"""Who and what is meant, where people name them in another way than by their id."""

from ..filing.outcome import Refusal
from ..office.people import find_ids_by_name
from ..office.relations.relation import find_relation
from .desk import Desk

__all__ = ["find_id_by_name", "knows_relation"]


def find_id_by_name(desk: Desk, name: str) -> str | Refusal | None:
    """Return the id of the one person who has this name, None where nobody has it. Raises DatabaseError."""
    ids = desk.read(lambda connection: find_ids_by_name(connection, name))
    if len(ids) > 1:
        return Refusal(code="unknown_person", text=f"'{name}' heten er {len(ids)}: kies {' of '.join(ids)}.")
    return ids[0] if ids else None


def knows_relation(desk: Desk, number: str) -> bool:
    """Say whether a relation has exactly this number. Raises DatabaseError."""
    return desk.read(lambda connection: find_relation(connection, number)) is not None
