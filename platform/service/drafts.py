"""What somebody typed in a form and has not sent yet: kept sealed, bound to who typed it and where."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection

from ..keys.sealing import BrokenSealError
from ..office.database.moments import once_a_moment
from ..office.visits import drafts
from .access import Visitor
from .desk import Desk
from .results import Refusal

Typed = Mapping[str, tuple[str, ...]]
"""By field what was typed in it: several where it takes several."""
MOST_TYPED, MOST_PASSING = 100_000, 300_000
"""Bytes of a draft, and of a passing one: beside what was typed that has what is said of it."""
LARGE_DRAFT = Refusal(
    code="large_draft",
    text="Dit is te veel tekst om te bewaren. Maak het korter.",
)


def keep_draft(
    desk: Desk, visitor: Visitor, form: str, typed: Typed, *, passing: bool = False
) -> Refusal | None:
    """Keep what somebody typed in a form, in the place of what they typed there before.

    A `passing` one is of one opened form, begins with that one's key, and is kept for a day. Raises
    DatabaseError and KeyFileError.
    """
    content = json.dumps({name: list(values) for name, values in typed.items()}).encode()
    if len(content) > (MOST_PASSING if passing else MOST_TYPED):
        return LARGE_DRAFT
    sealed = desk.equipment.document_ring.seal(content, _place(visitor, form))
    with desk.equipment.database.write() as connection:
        drafts.keep_draft(connection, visitor.id, form, sealed, datetime.now(UTC), passing=passing)
    return None


def find_draft(connection: Connection, desk: Desk, visitor: Visitor, form: str) -> Typed | None:
    """Return what somebody typed in a form; None where there is nothing, or it cannot be opened."""
    sealed = drafts.find_draft(connection, visitor.id, form, datetime.now(UTC))
    return None if sealed is None else _open(desk, visitor, form, sealed)


def _open(desk: Desk, visitor: Visitor, form: str, sealed: bytes) -> Typed | None:
    try:
        content = desk.equipment.document_ring.open_sealed(sealed, _place(visitor, form))
    except BrokenSealError:
        return None
    return {name: tuple(values) for name, values in json.loads(content).items()}


def read_passing(desk: Desk, visitor: Visitor, key: str, form: str) -> Typed | None:
    """Return a passing draft of the opened form of this key. Raises DatabaseError and KeyFileError."""
    kept = desk.read(lambda connection: _find_passing(connection, visitor.id, key))
    return _open(desk, visitor, form, kept[form]) if form in kept else None


@once_a_moment
def _find_passing(connection: Connection, person: str, key: str) -> Mapping[str, bytes]:
    return drafts.find_passing(connection, person, key, datetime.now(UTC))


def drop_draft(desk: Desk, visitor: Visitor, form: str) -> None:
    """Forget what somebody typed: it was sent. Raises DatabaseError."""
    with desk.equipment.database.write() as connection:
        drafts.drop_draft(connection, visitor.id, form)


def drop_passing(desk: Desk, visitor: Visitor, key: str) -> None:
    """Forget what somebody typed in the opened form of this key: it is done. Raises DatabaseError."""
    with desk.equipment.database.write() as connection:
        drafts.drop_passing(connection, visitor.id, key)


def _place(visitor: Visitor, form: str) -> bytes:
    """Return what the seal is bound to."""
    return f"draft {visitor.id} {form}".encode()
