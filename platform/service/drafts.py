"""What somebody typed in a form and has not sent yet: kept sealed, bound to who typed it and where."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection

from ..keys.ring import KeyFileError
from ..keys.sealing import BrokenSealError
from ..office.database.errors import DatabaseError
from ..office.visits import drafts
from ..office.visits.sessions import show_next
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
MANY_DRAFTS = Refusal(code="many_drafts", text="Er staan al te veel formulieren open om dit te bewaren.")
EXPIRED = Refusal(
    code="expired_draft",
    text="Wat u hier eerder typte, staat er niet meer: dat bewaren wij een dag. Vul het opnieuw in.",
)
_log = logging.getLogger(__name__)


def keep_draft(
    desk: Desk, visitor: Visitor, form: str, typed: Typed, *, passing: bool = False
) -> Refusal | None:
    """Keep what somebody typed in a form, in the place of what they typed there before.

    A `passing` one is of one opened form, begins with that one's key, and is kept for a day. Raises
    DatabaseError and KeyFileError.
    """
    content = _write(typed)
    if len(content) > (MOST_PASSING if passing else MOST_TYPED):
        return LARGE_DRAFT
    sealed = desk.equipment.document_ring.seal(content, _place(visitor, form))
    with desk.equipment.database.write() as connection:
        kept = drafts.keep_draft(connection, visitor.id, form, sealed, datetime.now(UTC), passing=passing)
    return None if kept else MANY_DRAFTS


def find_draft(connection: Connection, desk: Desk, visitor: Visitor, form: str) -> Typed | None:
    """Return what somebody typed in a form; None where there is nothing, or it cannot be opened."""
    sealed = drafts.find_draft(connection, visitor.id, form, datetime.now(UTC))
    return _open(desk, visitor, form, sealed) if sealed else None


def _open(desk: Desk, visitor: Visitor, form: str, sealed: bytes) -> Typed | None:
    try:
        content = desk.equipment.document_ring.open_sealed(sealed, _place(visitor, form))
    except BrokenSealError:
        return None
    return {name: tuple(values) for name, values in json.loads(content).items()}


def read_draft(desk: Desk, visitor: Visitor, form: str) -> Typed | Refusal | None:
    """Return what `find_draft` does, or that it has passed. Raises DatabaseError and KeyFileError."""
    sealed = desk.read(lambda connection: drafts.find_draft(connection, visitor.id, form, datetime.now(UTC)))
    if sealed == b"":
        return EXPIRED
    return _open(desk, visitor, form, sealed) if sealed else None


def drop_draft(desk: Desk, visitor: Visitor, form: str) -> None:
    """Forget what somebody typed: it was sent. Raises DatabaseError."""
    with desk.equipment.database.write() as connection:
        drafts.drop_draft(connection, visitor.id, form)


def finish_form(
    desk: Desk, visitor: Visitor, token: str, key: str, word: str, left: tuple[str, Typed] | None = None
) -> None:
    """Have the session's next page say `word` of a form that is done, and forget what was typed in it.

    With an empty `key` nothing that was typed is kept. `left`, a form and what is kept of its outcome, comes
    in the place of what was typed; of a form that is done twice the first stays. What the form asked for has
    happened: where the database cannot be reached none of this does, and the form has not failed by it.
    """
    try:
        sealed = left and desk.equipment.document_ring.seal(_write(left[1]), _place(visitor, left[0]))
        with desk.equipment.database.write() as connection:
            if word:
                show_next(connection, token, word)
            if key:
                drafts.drop_passing(connection, visitor.id, key)
            if left and sealed:
                drafts.keep_done(connection, visitor.id, left[0], sealed, datetime.now(UTC))
    except (DatabaseError, KeyFileError) as error:
        _log.warning("a form that is done was not put away: %s", type(error).__name__)


def _write(typed: Typed) -> bytes:
    return json.dumps({name: list(values) for name, values in typed.items()}).encode()


def _place(visitor: Visitor, form: str) -> bytes:
    """Return what the seal is bound to."""
    return f"draft {visitor.id} {form}".encode()
