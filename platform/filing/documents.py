"""Documents: attaching bytes, reviewing exactly those bytes, and whether they were approved."""

from datetime import date

from ..plan import Document, Phase
from .events import Attach, Complete, Shown
from .outcome import Refusal
from .permissions import refuse_role
from .state import DocumentState, OfferState, Review, State
from .turn import Turn, active_phase, document_state, put


def attach(turn: Turn, act: Attach) -> Refusal | None:
    """Attach a document in the phase that makes it; reviews of other bytes no longer count."""
    document = next((d for d in turn.plan.documents if d.id == act.shown.document), None)
    if document is None:
        names = ", ".join(d.id for d in turn.plan.documents) or "geen"
        text = f"Er is geen document '{act.shown.document}'. Deze zijn er: {names}."
        return Refusal(code="unknown_document", text=text)
    phase = active_phase(turn, document.made_in)
    if isinstance(phase, Refusal):
        return phase
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    turn.put_document(DocumentState(id=document.id, shown=act.shown, by=act.by.id, at=turn.now))
    turn.contributed(phase.id, act.by)
    turn.tell(
        "document_attached",
        act.by.id,
        phase.id,
        document=document.id,
        title=document.title,
        hash=act.shown.hash,
        rendering=act.shown.rendering,
        remarks=" ".join(act.remarks) or None,
    )
    return None


def missing(turn: Turn, phase: Phase) -> list[Document]:
    """Return the documents that a phase must make and has not."""
    made_here = [d for d in turn.plan.documents if d.made_in == phase.id and not d.optional]
    return [d for d in made_here if document_state(turn.state, d.id) is None]


def review(turn: Turn, phase: Phase, act: Complete) -> Refusal | None:
    """Bind a review to the exact documents that were seen; other bytes than the current ones are refused."""
    for name in phase.reviews:
        current = document_state(turn.state, name)
        seen = next((shown for shown in act.documents if shown.document == name), None)
        if current is None or seen != current.shown:
            return stale(turn, name)
    for name in phase.reviews:
        _reviewed(turn, name, Review(phase=phase.id, by=act.by.id, hash=current_hash(turn.state, name)))
    return None


def unreviewed(turn: Turn, document: str) -> list[Phase]:
    """Return the phases that must review a document and have not reviewed its current bytes.

    A review phase that was skipped demands nothing.
    """
    current = document_state(turn.state, document)
    if current is None:
        return []
    skipped = {p.id for p in turn.state.phases if p.status == "skipped"}
    done = {review.phase for review in current.reviews if review.hash == current.shown.hash}
    return [p for p in turn.plan.phases if document in p.reviews and p.id not in done | skipped]


def undeliverable(turn: Turn, document: str) -> str | None:
    """Say in Dutch why the current bytes may not be delivered today, or None.

    They were approved, or shown under a standing authority that still holds (R19). The approval of the
    document it is made from (`from`) carries over.
    """
    if approved(turn, document):
        return None
    informed = [offer for offer in _offers_of(turn, document) if offer.outcome == "informed"]
    if any(standing(turn, offer.standing_until) for offer in informed):
        return None
    if informed:
        return "De doorlopende machtiging van de klant geldt niet meer; leg de aangifte opnieuw voor."
    return "Deze versie is niet door de klant goedgekeurd."


def approved(turn: Turn, document: str) -> bool:
    """Say whether the client approved the current bytes."""
    return any(offer.outcome == "approved" for offer in _offers_of(turn, document))


def _offers_of(turn: Turn, document: str) -> list[OfferState]:
    """Return the offers in which a document's current bytes, or those it is made from, were shown."""
    current = document_state(turn.state, turn.plan.document(document).source or document)
    return [o for o in turn.state.offers if current is not None and current.shown in o.documents]


def standing(turn: Turn, until: date | None) -> bool:
    """Say whether a standing authority to this day holds today."""
    return until is not None and until >= turn.now.date()


def current_hash(state: State, document: str) -> str:
    """Return the hash of a document that is attached."""
    found = document_state(state, document)
    if found is None:
        raise LookupError(f"document {document} is not attached")
    return found.shown.hash


def currently(turn: Turn, documents: tuple[str, ...]) -> tuple[Shown, ...]:
    """Return the current bytes of those of the documents that are attached."""
    found = (document_state(turn.state, name) for name in documents)
    return tuple(document.shown for document in found if document)


def stale(turn: Turn, document: str) -> Refusal:
    """Refuse an act on other bytes than the current ones."""
    title = turn.plan.document(document).title
    text = f"'{title}' is intussen vervangen of niet getoond. Bekijk de huidige versie en doe het opnieuw."
    return Refusal(code="stale_document", text=text)


def _reviewed(turn: Turn, name: str, done: Review) -> None:
    document = document_state(turn.state, name)
    if document:
        reviews = put(document.reviews, done, lambda r: r.phase)
        turn.put_document(document.model_copy(update={"reviews": reviews}))
        title = turn.plan.document(name).title
        turn.tell("document_reviewed", done.by, done.phase, document=name, title=title, hash=done.hash)
