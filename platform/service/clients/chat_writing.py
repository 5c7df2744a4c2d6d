"""Writing in a chat, and saying that one has read what the other side wrote.

What is written is kept before anything else happens: the mail that says that it waits is a worker's
(`runtime/chat_mails.py`).
"""

import unicodedata

from ...office.filings.chat_lines import NewChatLine, find_line, find_writers_since, mark_read, write_line
from ...office.office_clock import office_now
from ...office.plans import active_office
from ...plan import Model
from ...words import say_too_long
from ..access import Visitor
from ..desk import Desk
from ..filings.cases import find_by_name
from ..results import Refusal
from .chats import NO_CHAT, NO_CONTACT, Place, find_place

LONGEST = 4000
"""Characters of a line."""

NO_TEXT = Refusal(code="no_text", text="Schrijf eerst uw bericht.")
STRANGE_TEXT = Refusal(
    code="strange_text",
    text="In uw bericht staan tekens die geen tekst zijn. Typ het opnieuw, of haal weg wat u hebt geplakt.",
)
SENT_OTHER = Refusal(
    code="act_id_used",
    text="Met dit formulier is al een ander bericht verstuurd; dat staat hierboven. Wilt u dit bericht ook "
    "versturen, druk dan nog eens op Versturen.",
)
OVERTAKEN = Refusal(
    code="overtaken",
    text="Een collega schreef deze klant intussen ook; dat staat hieronder. Wilt u dit bericht ook "
    "versturen, druk dan nog eens op Versturen.",
)


class Written(Model):
    """Something was written: `reader` is who of the office reads what clients write, `repeated`: before."""

    reader: str
    closed: bool
    repeated: bool


def write(
    desk: Desk, visitor: Visitor, name: str, contact: str, act_id: str, text: str, *, seen: int
) -> Written | Refusal:
    """Write in the chat of a filing with a contact: once for each `act_id`, however often it is sent.

    What the other side wrote is read by that, up to the line that the writer had `seen` last. A colleague
    who has not seen what another wrote since is told it first: the client would get two answers.
    Raises DatabaseError, KeyFileError and BrokenSealError.
    """
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    with desk.equipment.database.write() as connection:
        place = find_place(connection, visitor, find_by_name(connection, name))
        if isinstance(place, Refusal):
            return place
        refused = _judge_contact(place, visitor, contact) or place.no_writing or _judge_text(clean)
        if refused:
            return refused
        ring = desk.equipment.document_ring
        there = find_line(connection, place.filing.id, contact, act_id, ring.open_sealed)
        if there is not None and (there.by, there.text) != (visitor.id, clean):
            return SENT_OTHER
        if there is None and visitor.kind == "team":
            newer = find_writers_since(connection, place.filing.id, contact, seen)
            if newer - {contact, visitor.id}:
                return OVERTAKEN
        if there is None:
            new = NewChatLine(
                filing=place.filing.id,
                contact=contact,
                by=visitor.id,
                at=office_now(connection),
                text=clean,
                act=act_id,
            )
            office = active_office(connection)
            mailed = office is not None and office.chat is not None
            write_line(connection, new, ring.seal, seen=seen, mailed=mailed)
    return Written(reader=place.reader, closed=place.closed_since is not None, repeated=there is not None)


def confirm_read(desk: Desk, visitor: Visitor, name: str, contact: str, last: int) -> Refusal | None:
    """Mark what the other side wrote as read, up to the line that they saw last. Raises DatabaseError."""
    with desk.equipment.database.write() as connection:
        place = find_place(connection, visitor, find_by_name(connection, name))
        if isinstance(place, Refusal):
            return place
        if visitor.kind == "client" and contact != visitor.id:
            return NO_CHAT
        mark_read(connection, place.filing.id, contact, visitor.id, last, office_now(connection))
    return None


def _judge_contact(place: Place, visitor: Visitor, contact: str) -> Refusal | None:
    """Return why nobody writes in the chat with a contact, or not this visitor."""
    if visitor.kind == "client" and contact != visitor.id:
        return NO_CHAT
    return None if contact in place.contacts else NO_CONTACT


def _judge_text(text: str) -> Refusal | None:
    if not text:
        return NO_TEXT
    long = say_too_long(text, LONGEST)
    if long:
        return Refusal(code="long_text", text=f"{long} Of stuur het in delen.")
    strange = any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in text)
    return STRANGE_TEXT if strange else None
