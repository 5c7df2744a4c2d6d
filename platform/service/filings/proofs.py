"""Proofs that people bring: what a client answered elsewhere, or the document that a task asks for.

Whatever a face brings is an `Upload`, which `check_upload` alone makes: no file is kept that was not judged.
"""

from ...filing.events import Enclosure
from ..desk import Desk
from ..uploads import Upload


def keep_proof(desk: Desk, file: Upload) -> str:
    """Put a proof into the document store and return its hash. Raises DatabaseError and DocumentError."""
    return desk.equipment.documents.put(file.content, file.media_type)


def keep_document(desk: Desk, file: Upload) -> Enclosure:
    """Put a document that a client gives into the store. Raises DatabaseError and DocumentError."""
    return Enclosure(hash=keep_proof(desk, file), name=file.name, media_type=file.media_type)
