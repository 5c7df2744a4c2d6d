"""Proofs that people bring: what a client answered elsewhere, or the document that a task asks for."""

from .desk import Desk


def keep_proof(desk: Desk, content: bytes) -> str:
    """Put a proof into the document store and return its hash. Raises DatabaseError and DocumentError."""
    return desk.equipment.documents.put(content, "application/octet-stream")
