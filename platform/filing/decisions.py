"""Decisions on an offer (R19, R57): the client's own, one recorded for the client, or not to deliver."""

from collections.abc import Mapping

from ..data import replace
from ..plan import Offer, Phase
from ..rights import NEEDED, right_to_agree
from .construct import End
from .deliveries import refuse_accepted, refuse_going_back, refuse_under_way
from .documents import refuse_stale, shown_to
from .events import Actor, Decide, ResolvedContact
from .issuing import is_of_offer
from .outcome import Refusal
from .permissions import refuse_role
from .state import Decision, OfferState
from .turn import Reader, Turn, put


def decide(turn: Turn, act: Decide) -> Refusal | End | None:
    """Take a decision: the client's own, one recorded for the client, or not to deliver."""
    named = find_offer(turn, act.phase)
    if isinstance(named, Refusal):
        return named
    phase, block, offer = named
    if act.answer == "not_deliver":
        return _not_deliver(turn, phase, block, act)
    decider = act.contact if act.by.kind == "team" else act.by
    refusal = (
        (_refuse_recording(turn, phase, block, act) if act.by.kind == "team" else None)
        or _refuse_answer(turn, phase, offer, act)
        or _refuse_authority(turn, phase, offer, decider, act.answer)
        or _refuse_documents(turn, offer, decider, act)
        or (refuse_going_back(turn, phase) if act.answer == "reject" else None)
    )
    if refusal or decider is None:
        return refusal
    _record(turn, phase, offer, act, decider)
    return None


def find_offer(reader: Reader, name: str) -> tuple[Phase, Offer, OfferState] | Refusal:
    """Return the offer of an active phase, or why there is none."""
    phase = reader.active_phase(name)
    if isinstance(phase, Refusal):
        return phase
    offer = reader.offer_state(phase.id)
    if not isinstance(phase.block, Offer) or offer is None:
        return Refusal(
            code="no_offer", text=f"In de fase '{phase.title}' wordt niets aan de klant aangeboden."
        )
    return phase, phase.block, offer


def _not_deliver(turn: Turn, phase: Phase, block: Offer, act: Decide) -> Refusal | End:
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    if block.may_end is None:
        text = f"Vanuit de fase '{phase.title}' kan niet worden besloten om niet in te dienen."
        return Refusal(code="no_such_end", text=text)
    if not act.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden voor het besluit om niet in te dienen.")
    every = [p.id for p in turn.plan.phases]
    refusal = refuse_under_way(turn, every) or refuse_accepted(turn, every)
    if refusal:
        return refusal
    offer = turn.offer_state(phase.id)
    if offer:
        _end_offer(turn, phase, replace(offer, outcome="not_delivered", ended_by=act.by.id))
    turn.add_contribution(phase.id, act.by)
    return End("end", act.by.id, act.reason.strip(), block.may_end)


def _refuse_recording(turn: Turn, phase: Phase, block: Offer, act: Decide) -> Refusal | None:
    """A team member records a client's answer with reason and proof, and not as the preparer (R19)."""
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    if act.contact is None:
        return Refusal(
            code="contact_missing", text="Geef op namens welke contactpersoon u het besluit vastlegt."
        )
    if not act.reason.strip() or not act.proof:
        text = "Leg een besluit van de klant vast met een reden en een bewijsstuk."
        return Refusal(code="proof_missing", text=text)
    made_in = {turn.rules.document(name).made_in for name in block.documents}
    if any(c.person == act.by.id and c.phase in made_in for c in turn.case.contributions):
        text = "U hebt dit document zelf opgesteld; laat een collega het besluit van de klant vastleggen."
        return Refusal(code="preparer", text=text)
    return None


def _refuse_answer(turn: Turn, phase: Phase, offer: OfferState, act: Decide) -> Refusal | None:
    if offer.sent is None:
        return Refusal(
            code="not_offered", text=f"In de fase '{phase.title}' is nog niets aan de klant aangeboden."
        )
    if act.answer == "reject":
        if act.reason.strip():
            return None
        return Refusal(code="reason_missing", text="Geef een reden voor het afkeuren.")
    wanted = "sign" if turn.offered_as(phase.id) == "signature" else "approve"
    if act.answer != wanted:
        word = "een handtekening" if wanted == "sign" else "akkoord"
        return Refusal(code="wrong_answer", text=f"In de fase '{phase.title}' wordt om {word} gevraagd.")
    return None


def _refuse_authority(
    turn: Turn, phase: Phase, offer: OfferState, decider: Actor | None, answer: str
) -> Refusal | None:
    """A decision by somebody without authority is refused (R57); a function by itself gives none."""
    way = turn.offered_as(phase.id) or "approval"
    needed = NEEDED[way] if answer == "reject" else right_to_agree(way)
    if decider is None or decider.kind != "contact" or needed not in decider.may:
        text = (
            f"Deze contactpersoon is niet bevoegd om in de fase '{phase.title}' te beslissen. "
            "Leg de bevoegdheid eerst vast."
        )
        return Refusal(code="no_authority", text=text)
    if decider.id in offer.left:
        text = (
            f"De aanbieding in de fase '{phase.title}' gaat niet meer naar deze contactpersoon. "
            "Een ander beslist er nu over."
        )
        return Refusal(code="no_longer_asked", text=text)
    if any(d.contact == decider.id for d in offer.decisions):
        return Refusal(code="already_answered", text="Deze contactpersoon heeft al geantwoord.")
    return None


def _refuse_documents(turn: Turn, offer: OfferState, decider: Actor | None, act: Decide) -> Refusal | None:
    """A decision binds exactly what was shown to who decides."""
    for shown in shown_to(offer, decider.id) if decider else ():
        if shown not in act.documents:
            return refuse_stale(turn, shown.document)
    return None


def _record(turn: Turn, phase: Phase, offer: OfferState, act: Decide, decider: Actor) -> None:
    recorded_by = act.by.id if act.by.kind == "team" else None
    decision = Decision(
        contact=decider.id,
        answer="reject" if act.answer == "reject" else "sign" if act.answer == "sign" else "approve",
        jointly=right_to_agree(turn.offered_as(phase.id) or "approval") in decider.jointly,
        at=turn.now,
        recorded_by=recorded_by,
        proof=act.proof if recorded_by else None,
    )
    if recorded_by:
        turn.add_contribution(phase.id, act.by)
    offer = turn.put_offer(replace(offer, decisions=put(offer.decisions, decision, lambda d: d.contact)))
    turn.tell(
        "decided",
        act.by.id,
        phase.id,
        answer=act.answer,
        contact=decider.id,
        title=phase.title,
        reason=act.reason.strip(),
        proof=decision.proof,
        hashes=", ".join(shown.hash for shown in shown_to(offer, decider.id)),
    )
    if act.answer == "reject":
        _end_offer(turn, phase, replace(offer, outcome="rejected", ended_by=act.by.id))
    else:
        end_if_agreed(turn, phase, offer, act.by.id)


def end_if_agreed(turn: Turn, phase: Phase, offer: OfferState, by: str) -> None:
    """End an offer as approved, by this person, where enough have agreed."""
    if phase.offer and _all_agreed(turn, phase, phase.offer, offer):
        _end_offer(turn, phase, replace(offer, outcome="approved", ended_by=by))


def _end_offer(turn: Turn, phase: Phase, ended: OfferState) -> None:
    """Keep how an offer ended; its messages that are still on their way no longer count."""
    turn.put_offer(ended)
    turn.withdraw(lambda pending: is_of_offer(pending, phase))


def needs_another(reader: Reader, phase: Phase, offer: OfferState, decider: Actor) -> bool:
    """Say whether somebody else has to agree too for an offer to end as approved once this contact does."""
    answer = right_to_agree(reader.offered_as(phase.id) or "approval")
    agreed = {one.contact: one.jointly for one in offer.decisions if one.answer != "reject"}
    agreed[decider.id] = answer in decider.jointly
    return phase.offer is not None and not _is_enough(reader, phase, phase.offer, offer, agreed)


def awaits_owners(reader: Reader, phase: Phase, offer: OfferState, decider: Actor) -> bool:
    """Say whether, once this contact agrees to their own document, only others have yet to: to theirs."""
    recipients = offer.lookup.recipients if offer.lookup else ()
    own = next((one.own for one in recipients if one.contact == decider.id), ())
    agreed = {one.contact: one.jointly for one in offer.decisions if one.answer != "reject"}
    agreed[decider.id] = right_to_agree(reader.offered_as(phase.id) or "approval") in decider.jointly
    left = [one.document for one in offer.documents if not _is_agreed(one.document, recipients, agreed)]
    return bool(own) and bool(left) and not {*left} & {*own}


def _all_agreed(reader: Reader, phase: Phase, block: Offer, offer: OfferState) -> bool:
    agreed = {d.contact: d.jointly for d in offer.decisions if d.answer != "reject"}
    return _is_enough(reader, phase, block, offer, agreed)


def _is_enough(
    reader: Reader, phase: Phase, block: Offer, offer: OfferState, agreed: Mapping[str, bool]
) -> bool:
    """Say whether enough have agreed: one who may alone or two jointly; with all or each, everybody.

    Where documents are contacts' own, everybody has on their own, and nobody jointly alone.
    """
    owners = offer.lookup.recipients if offer.lookup else ()
    if any(one.own for one in owners):
        return all(_is_agreed(shown.document, owners, agreed) for shown in offer.documents)
    enough = not all(agreed.values()) or len(agreed) > 1
    if block.to.decide == "one":
        return enough
    needed = right_to_agree(reader.offered_as(phase.id) or "approval")
    recipients = offer.lookup.recipients if offer.lookup else ()
    return enough and all(r.contact in agreed for r in recipients if needed in r.may)


def _is_agreed(document: str, recipients: tuple[ResolvedContact, ...], agreed: Mapping[str, bool]) -> bool:
    """Say whether all whose own document it is have agreed, with two where none of them may alone."""
    owners = [one.contact for one in recipients if document in one.own]
    if not owners or any(contact not in agreed for contact in owners):
        return False
    return len(owners) > 1 or not agreed[owners[0]]
