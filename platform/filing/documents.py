"""Documents: attaching bytes, reviewing and signing exactly those, and whether they were approved."""

from collections.abc import Iterator
from datetime import date

from ..audience import CLIENT
from ..data import replace
from ..plan import Document, Phase
from .audiences import refuse_audience, refuse_hiding
from .construct import Construct
from .events import Attach, Complete, Shown
from .outcome import Refusal
from .permissions import refuse_role
from .state import DocumentState, OfferState, Replaced, Review, Signature
from .turn import Reader, Turn, put


class Documents(Construct):
    """What a filing makes, reviews, offers and delivers."""

    def obstacles(self, reader: Reader, phase: Phase) -> Iterator[str]:
        """Yield the documents that a phase must make and has not, and those made before their source was."""
        for document in reader.rules.made_in(phase.id):
            if not document.optional and reader.document_state(document.id) is None:
                yield f"document {document.id} ('{document.title}')"
            source = _newer_source(reader, document)
            if source:
                yield (
                    f"document {document.id} ('{document.title}') is gemaakt voordat de huidige versie van "
                    f"'{source.title}' is toegevoegd (voeg het opnieuw toe)"
                )


def attach(turn: Turn, act: Attach) -> Refusal | None:
    """Attach a document in the phase that makes it; reviews of other bytes no longer count."""
    document = turn.rules.find_document(act.shown.document)
    if document is None:
        names = ", ".join(d.id for d in turn.plan.documents) or "geen"
        text = f"Document '{act.shown.document}' bestaat niet. Kies uit: {names}."
        return Refusal(code="unknown_document", text=text)
    if not turn.rules.is_made(document.id):
        text = f"'{document.title}' hoort niet bij deze opdracht: de voorwaarde ervoor geldt hier niet."
        return Refusal(code="document_not_made", text=text)
    phase = turn.active_phase(document.made_in)
    if isinstance(phase, Refusal):
        return phase
    refusal = (
        refuse_role(turn, phase, act.by)
        or refuse_audience(turn, act.audience)
        or refuse_hiding(turn, document.id, act.audience)
    )
    if refusal:
        return refusal
    source = turn.document_state(document.source) if document.source else None
    before = turn.document_state(document.id)
    replaced = _list_replaced(before) if act.traced else before.earlier if before else ()
    known = {one.made_from for one in replaced if act.traced and one.hash == act.shown.hash}
    if source and known and source.shown.hash not in known:
        return _refuse_made_from_another(turn, document, source)
    attached = DocumentState(
        id=document.id,
        shown=act.shown,
        by=act.by.id,
        at=turn.now,
        made_from=source.shown.hash if source else None,
        audience=act.audience,
        earlier=replaced,
    )
    turn.put_document(attached)
    turn.add_contribution(phase.id, act.by)
    turn.tell(
        "document_attached",
        act.by.id,
        phase.id,
        audience=None if act.audience == CLIENT else act.audience,  # what was noticed is the office's
        document=document.id,
        title=document.title,
        hash=act.shown.hash,
        rendering=act.shown.rendering,
        remarks=" ".join(act.remarks) or None,
    )
    return None


def _list_replaced(current: DocumentState | None) -> tuple[Replaced, ...]:
    """Return the bytes that a document had so far, with what each was made from."""
    if current is None:
        return ()
    last = (Replaced(hash=current.shown.hash, made_from=current.made_from),) if current.made_from else ()
    return tuple(dict.fromkeys((*current.earlier, *last)))


def _refuse_made_from_another(reader: Reader, document: Document, source: DocumentState) -> Refusal:
    """Refuse bytes that were attached before, beside another version of what they were made from."""
    title = reader.rules.document(source.id).title
    text = (
        f"Deze versie van '{document.title}' is eerder toegevoegd en hoort bij een andere versie van "
        f"'{title}'. Maak '{document.title}' opnieuw van de huidige versie en voeg dat toe."
    )
    return Refusal(code="made_from_another", text=text)


def review_and_sign(turn: Turn, phase: Phase, act: Complete) -> Refusal | None:
    """Bind reviews and signatures to the exact documents that were seen; other bytes are refused."""
    seen: dict[str, DocumentState] = {}
    for name in dict.fromkeys((*phase.reviews, *phase.signs)):
        if not turn.rules.is_made(name):
            continue
        current = turn.document_state(name)
        shown = next((shown for shown in act.documents if shown.document == name), None)
        if current is None and shown is None and turn.rules.document(name).optional:
            continue
        if current is None or shown != current.shown:
            return refuse_stale(turn, name)
        seen[name] = current
    for current in seen.values():
        _review_and_sign(turn, phase, act, current)
    return None


def _review_and_sign(turn: Turn, phase: Phase, act: Complete, current: DocumentState) -> None:
    content, title = current.shown.hash, turn.rules.document(current.id).title
    told = {"document": current.id, "title": title, "hash": content}
    whose = None if current.audience == CLIENT else current.audience
    if current.id in phase.reviews:
        done = Review(phase=phase.id, by=act.by.id, hash=content)
        current = replace(current, reviews=put(current.reviews, done, lambda r: r.phase))
        turn.put_document(current)
        turn.tell("document_reviewed", act.by.id, phase.id, audience=whose, **told)
    if current.id in phase.signs:
        signed = Signature(phase=phase.id, by=act.by.id, at=turn.now, hash=content)
        current = replace(current, signatures=put(current.signatures, signed, lambda s: s.phase))
        turn.put_document(current)
        turn.tell("document_signed", act.by.id, phase.id, audience=whose, **told)


def missing_reviews(reader: Reader, document: str) -> list[Phase]:
    """Return the phases that must review a document and have not reviewed its current bytes.

    A review phase that was skipped demands nothing.
    """
    current = reader.document_state(document)
    if current is None:
        return []
    done = {review.phase for review in current.reviews if review.hash == current.shown.hash}
    demanding = [p for p in reader.plan.phases if document in p.reviews and p.id not in done]
    return [p for p in demanding if reader.status(p.id) != "skipped"]


def say_unsigned(reader: Reader, document: str, phase: Phase) -> str | None:
    """Say in Dutch that a document is not signed that a phase before this one signs, or None.

    A phase that was skipped signs nothing; a signature is under exact bytes.
    """
    current = reader.document_state(document)
    if current is None:
        return None
    done = {one.phase for one in current.signatures if one.hash == current.shown.hash}
    for other in reader.rules.phases_before(phase):
        if document in other.signs and other.id not in done and reader.status(other.id) != "skipped":
            title = reader.rules.document(document).title
            return f"De huidige versie van '{title}' is nog niet ondertekend (fase '{other.title}')."
    return None


def refuse_delivery(reader: Reader, document: str, phase: Phase) -> str | None:
    """Say in Dutch why the current bytes may not be delivered today by a phase, or None.

    They are signed where a phase before it signs them, and were approved, or shown under a standing
    authority that still holds (R19).
    """
    if not reader.rules.is_made(document):
        title = reader.rules.document(document).title
        return f"'{title}' hoort niet meer bij deze opdracht: de voorwaarde ervoor geldt hier niet."
    unsigned = say_unsigned(reader, document, phase)
    if unsigned:
        return unsigned
    if is_approved(reader, document):
        return None
    informed = [offer for offer in _offers_of(reader, document) if offer.outcome == "informed"]
    if any(is_standing(reader, offer.lookup.standing_until) for offer in informed if offer.lookup):
        return None
    source = _newer_source(reader, reader.rules.document(document))
    if source:
        title = reader.rules.document(document).title
        return (
            f"'{title}' is gemaakt voordat de huidige versie van '{source.title}' is toegevoegd. "
            f"Stuur het werk terug en voeg '{title}' opnieuw toe."
        )
    if informed:
        return "De doorlopende machtiging van de klant geldt niet meer. Bied de aangifte opnieuw aan."
    return "De klant heeft deze versie niet geaccordeerd."


def is_approved(reader: Reader, document: str) -> bool:
    """Say whether the client approved the current bytes."""
    return any(offer.outcome == "approved" for offer in _offers_of(reader, document))


def is_standing(reader: Reader, until: date | None) -> bool:
    """Say whether a standing authority to this day holds today."""
    return until is not None and until >= reader.now.date()


def shown_now(reader: Reader, documents: tuple[str, ...]) -> tuple[Shown, ...]:
    """Return the current bytes of those of the documents that are made here and attached."""
    if not documents:
        return ()
    attached = (reader.document_state(name) for name in documents if reader.rules.is_made(name))
    return tuple(document.shown for document in attached if document)


def approved_on(reader: Reader, document: str) -> date | None:
    """Return the day since which the current bytes may be delivered: of their approval, else as information.

    None where neither has come.
    """
    offers = _offers_of(reader, document)
    for outcome in ("approved", "informed"):
        states = [reader.phase_state(offer.phase) for offer in offers if offer.outcome == outcome]
        days = [state.ended.date() for state in states if state and state.ended]
        if days:
            return min(days)
    return None


def own_documents(reader: Reader, phase: Phase) -> tuple[str, ...]:
    """Return the attached documents of an offer that are some contact's own."""
    names = phase.offer.documents if phase.offer else ()
    owned = (name for name in names if reader.rules.document(name).of and reader.rules.is_made(name))
    return tuple(name for name in owned if reader.document_state(name))


def shown_to(offer: OfferState, contact: str) -> tuple[Shown, ...]:
    """Return what an offer shows a contact: their own documents where each decides for their own."""
    recipients = offer.lookup.recipients if offer.lookup else ()
    own = next((one.own for one in recipients if one.contact == contact), ())
    return tuple(shown for shown in offer.documents if shown.document in own) if own else offer.documents


def refuse_stale(reader: Reader, document: str) -> Refusal:
    """Refuse an act on other bytes than the current ones."""
    title = reader.rules.document(document).title
    text = f"'{title}' is vervangen of nog niet bekeken. Bekijk de huidige versie en probeer het opnieuw."
    return Refusal(code="stale_document", text=text)


def _offers_of(reader: Reader, document: str) -> list[OfferState]:
    """Return the offers in which a document's current bytes were shown, or the bytes they were made from.

    What a document was made from (`from`) is known by its hash: another version of the source, approved or
    not, carries nothing over to it.
    """
    current = reader.document_state(document)
    if current is None:
        return []
    source = reader.rules.document(document).source
    if source is None:
        return [o for o in reader.case.offers if current.shown in o.documents]
    basis = (source, current.made_from)
    return [o for o in reader.case.offers if any((s.document, s.hash) == basis for s in o.documents)]


def _newer_source(reader: Reader, document: Document) -> Document | None:
    """Return the source of an attached document, where other bytes of it were attached since.

    No approval of the source covers the document then.
    """
    attached = reader.document_state(document.id)
    source = reader.document_state(document.source) if document.source else None
    if attached is None or source is None or attached.made_from == source.shown.hash:
        return None
    return reader.rules.document(source.id)


DOCUMENTS = Documents()
Documents.acts = {"attach": attach}
