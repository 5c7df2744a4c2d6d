"""The inbox: notices of authorities, kept, and handed to the filing that waits for each."""

from datetime import date

from sqlalchemy import Connection
from temporalio.client import WorkflowUpdateFailedError

from ...filing.outcome import Refusal
from ...filing_names import short_name
from ...keys.ring import KeyRing
from ...office.filings.notices import NewNotice, StoredNotice, find_notice, keep_notice, notice_id
from ...office.office_clock import office_now
from ...office.people import TeamMember, find_person
from ...office.plans import plans_in_force
from ...office.relations.relation import find_relation
from ...plan import Model
from ...runtime.notices import Waiting, choose, find_waiting, hand_over, known_kinds
from ...suggest import say_what_is_meant
from ..desk import Desk
from ..results import NoticeLine, notice_line
from ..unknown import refuse_other_than_member, refuse_relation
from .cases import find_by_name

__all__ = ["Added", "Letter", "add"]


class Letter(Model):
    """A notice as a person puts it in: about whom, of which kind, and for which filing where they know it."""

    relation: str
    kind: str
    content: bytes
    media_type: str = "application/octet-stream"
    on: date | None = None
    reference: str | None = None
    filing: str | None = None


class Added(Model):
    """A notice that is kept. Not `taken`: nothing waits for it yet, or its filing follows in a moment."""

    notice: NoticeLine
    again: bool
    """It was in the inbox already."""


async def add(desk: Desk, who: str, letter: Letter) -> Added | Refusal:
    """Keep a notice and wake the filing that waits for it; the same letter again is the same notice.

    Raises ServerAwayError, DatabaseError, DocumentError and RPCError. A notice that is kept by then is handed
    over by a worker.
    """
    meant = desk.read(lambda connection: _find_meant(connection, who, letter))
    if isinstance(meant, Refusal):
        return meant
    by, filing, waiting = meant
    document = desk.equipment.documents.put(letter.content, letter.media_type)
    now = desk.now()
    new = NewNotice(
        relation=letter.relation,
        kind=letter.kind,
        date=letter.on or now.date(),
        reference=letter.reference,
        document=document,
        by=by,
        at=now,
        filing=filing,
    )
    ring = desk.equipment.document_ring
    with desk.equipment.database.write() as connection:
        again = find_notice(connection, notice_id(new), ring) is not None
        kept = keep_notice(connection, new, ring)
    to = choose(kept, waiting) if kept.taken_at is None else None
    if to is not None:
        kept = await _hand_over(desk, kept, to)
    return Added(notice=notice_line(kept), again=again)


async def _hand_over(desk: Desk, kept: StoredNotice, to: Waiting) -> StoredNotice:
    """Hand a notice to its filing, and return it as it is recorded; where that fails a worker goes on."""
    try:
        taken = await hand_over(await desk.client(), kept, to)
    except WorkflowUpdateFailedError:
        taken = False
    if taken:
        await desk.until(lambda connection: _is_taken(connection, kept.id, desk.equipment.document_ring))
    ring = desk.equipment.document_ring
    found = desk.read(lambda connection: find_notice(connection, kept.id, ring))
    return found or kept


def _is_taken(connection: Connection, id: str, ring: KeyRing) -> bool:
    found = find_notice(connection, id, ring)
    return found is not None and found.taken_at is not None


def _find_meant(
    connection: Connection, who: str, letter: Letter
) -> tuple[str, str | None, list[Waiting]] | Refusal:
    """Return who puts it in, for which filing where they say so, and which filings wait for its kind."""
    person = find_person(connection, who)
    if not isinstance(person, TeamMember):
        return refuse_other_than_member(connection, who, person, "berichten vastleggen")
    if find_relation(connection, letter.relation) is None:
        return refuse_relation(connection, letter.relation)
    if not letter.content:
        return Refusal(code="empty_document", text="Het bestand is leeg.")
    if letter.on and letter.on > office_now(connection).date():
        return Refusal(code="date_in_future", text="De datum van het bericht ligt in de toekomst.")
    waiting = find_waiting(connection, letter.relation, letter.kind)
    known = known_kinds([published.plan for published in plans_in_force(connection).list_all()])
    if not waiting and letter.kind not in known:
        return _refuse_kind(letter.kind, known)
    if letter.filing:
        filing = find_by_name(connection, letter.filing)
        if isinstance(filing, Refusal):
            return filing
        if not any(one.filing.id == filing.id for one in waiting):
            text = f"{short_name(filing.id)} wacht niet op een bericht '{letter.kind}'."
            return Refusal(code="does_not_wait", text=text)
        return person.id, filing.id, waiting
    names = sorted({short_name(one.filing.id) for one in waiting if one.now})
    if len(names) > 1:
        text = f"Meerdere opdrachten wachten op dit bericht; kies er één: {', '.join(names)}."
        return Refusal(code="several_filings", text=text)
    return person.id, None, waiting


def _refuse_kind(kind: str, known: list[str]) -> Refusal:
    """Return the refusal of a kind of notice that no template names."""
    if not known:
        text = "Geen enkel werkproces wacht op een bericht van een dienst."
        return Refusal(code="unknown_notice", text=text)
    text = f"Geen werkproces wacht op een bericht '{kind}'. {say_what_is_meant(kind, known)}"
    return Refusal(code="unknown_notice", text=text)
