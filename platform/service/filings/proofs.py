"""Proofs that people bring: what a client answered elsewhere, or the document that a task asks for."""

from ...filing.events import Enclosure
from ..desk import Desk


def keep_proof(desk: Desk, content: bytes) -> str:
    """Put a proof into the document store and return its hash. Raises DatabaseError and DocumentError."""
    return desk.equipment.documents.put(content, "application/octet-stream")


def keep_document(desk: Desk, content: bytes, name: str, media_type: str) -> Enclosure:
    """Put a document that a client gives into the store. Raises DatabaseError and DocumentError."""
    return Enclosure(hash=desk.equipment.documents.put(content, media_type), name=name, media_type=media_type)
