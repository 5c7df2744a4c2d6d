"""Offers to the client (R13 to R19): resolving who, releasing, deciding; silence never decides.

An offer is prepared (who decides, on what footing), released (by itself or by hand), sent, and ends in a
decision bound to the exact documents and renderings that were shown, in information under a standing
authority, in one recorded by a team member, or in a named decision not to deliver.
"""

from datetime import date

from ..plan import Offer, Phase, Way
from .commands import AnyCommand, Resolve, Send
from .deliveries import refuse_under_way
from .documents import currently, stale, standing, unreviewed
from .events import SYSTEM, Actor, Decide, Release, Resolved, Right
from .outcome import Refusal
from .permissions import refuse_role
from .phases import end
from .state import Decision, Ended, OfferState
from .turn import Turn, active_phase, offer_state, phase_state, put

OF_OFFER = ("offer", "reminder")
"""Purposes of messages that belong to one offer."""

NEEDED: dict[Way, Right] = {"approval": "approve", "signature": "sign", "information": "see"}


def begin(turn: Turn, phase: Phase) -> None:
    """Prepare the offer of a phase that was entered: ask who it goes to."""
    command = turn.command(Resolve, phase.id)
    entered = phase_state(turn.state, phase.id).round
    turn.put_offer(OfferState(phase=phase.id, round=entered, number=command.number))


def over(turn: Turn, command: AnyCommand) -> bool:
    """Say whether a command belongs to an offer that has ended, or was withdrawn: a newer one has begun."""
    state = offer_state(turn.state, command.phase)
    ended = state is None or state.outcome is not None or command.number < state.number
    return ended and _of_offer(command)


def lapse_stalls(turn: Turn, phase: Phase) -> None:
    """Forget whom the messages of an offer did not reach: it has ended without them."""
    stalls = turn.state.stalls
    turn.set(stalls=tuple(s for s in stalls if s.command.phase != phase.id or not _of_offer(s.command)))


def resolved(turn: Turn, phase: Phase, offer: Offer, result: Resolved) -> None:
    """Take who the offer goes to; release it, unless that is done by hand or something is missing."""
    state = offer_state(turn.state, phase.id)
    if state is None:
        return
    way = result.way or offer.offer_as
    problem = result.problem or _footing_problem(turn, offer, way, result.standing_until)
    state = turn.put_offer(
        state,
        way=way,
        recipients=tuple(sorted(result.recipients, key=lambda r: r.contact)),
        sender=result.sender,
        standing_until=result.standing_until,
        problem=problem,
    )
    if problem:
        turn.tell("offer_stands_still", SYSTEM.id, phase.id, title=phase.title, reason=problem)
    elif offer.forward == "automatic":
        _send(turn, phase, offer, state, SYSTEM.id)


def release(turn: Turn, act: Release) -> Refusal | None:
    """Release an offer that is forwarded by hand."""
    found = _waiting_offer(turn, act.phase)
    if isinstance(found, Refusal):
        return found
    phase, offer, state = found
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    if state.way is None or state.problem:
        reason = state.problem or "De ontvangers worden nog opgezocht."
        return Refusal(
            code="offer_not_prepared", text=f"'{phase.title}' kan nog niet worden vrijgegeven. {reason}"
        )
    if state.documents:
        return Refusal(code="already_released", text=f"'{phase.title}' is al vrijgegeven.")
    turn.contributed(phase.id, act.by)
    _send(turn, phase, offer, state, act.by.id)
    return None


def sent(turn: Turn, phase: Phase, *, to_all: bool = True) -> None:
    """Note that the offer's message has gone out; information of everybody needs nothing more.

    Whoever it did not reach keeps nobody else from deciding.
    """
    state = offer_state(turn.state, phase.id)
    if state is None or state.outcome or not state.documents:
        return
    if state.way != "information":
        turn.put_offer(state, sent=state.sent or turn.now)
    elif to_all:
        turn.put_offer(state, sent=turn.now, outcome="informed")
        until = state.standing_until.isoformat() if state.standing_until else None
        turn.tell("informed", SYSTEM.id, phase.id, title=phase.title, standing_until=until)


def decide(turn: Turn, act: Decide) -> Refusal | None:
    """Take a decision: the client's own, one recorded for the client, or not to deliver."""
    found = _waiting_offer(turn, act.phase)
    if isinstance(found, Refusal):
        return found
    phase, offer, state = found
    if act.answer == "not_deliver":
        return _not_deliver(turn, phase, offer, act)
    decider = act.contact if act.by.kind == "team" else act.by
    refusal = (
        (_refuse_recording(turn, phase, offer, act) if act.by.kind == "team" else None)
        or _refuse_answer(phase, state, act)
        or _refuse_authority(phase, state, decider)
        or _refuse_documents(turn, state, act)
    )
    if refusal or decider is None:
        return refusal
    _record(turn, phase, offer, state, act, decider)
    return None


def _of_offer(command: AnyCommand) -> bool:
    return isinstance(command, Resolve) or (isinstance(command, Send) and command.purpose in OF_OFFER)


def _footing_problem(turn: Turn, offer: Offer, way: Way | None, until: date | None) -> str | None:
    """Information is possible for what is then delivered only under a standing authority (R15)."""
    delivered = {p.deliver.document for p in turn.plan.phases if p.deliver}
    bases = delivered | {turn.plan.document(name).source for name in delivered}
    if way != "information" or not bases & set(offer.documents):
        return None
    if standing(turn, until):
        return None
    return "Ter informatie kan alleen met een doorlopende machtiging van de klant, en die is er niet (meer)."


def _send(turn: Turn, phase: Phase, offer: Offer, state: OfferState, by: str) -> None:
    problem = _documents_problem(turn, offer) or _footing_problem(
        turn, offer, state.way, state.standing_until
    )
    if problem:
        turn.put_offer(state, problem=problem)
        turn.tell("offer_stands_still", SYSTEM.id, phase.id, title=phase.title, reason=problem)
        return
    state = turn.put_offer(state, documents=currently(turn, offer.documents))
    contacts = tuple(r.contact for r in state.recipients)
    hashes = ", ".join(shown.hash for shown in state.documents)
    turn.tell(
        "offer_released",
        by,
        phase.id,
        title=phase.title,
        way=state.way,
        to=", ".join(contacts),
        hashes=hashes,
    )
    turn.command(
        Send, phase.id, message=offer.message, purpose="offer", contacts=contacts, sender=state.sender
    )


def _documents_problem(turn: Turn, offer: Offer) -> str | None:
    if len(currently(turn, offer.documents)) < len(offer.documents):
        return "Nog niet alle documenten zijn toegevoegd."
    unchecked = next((d for d in offer.documents if unreviewed(turn, d)), None)
    if unchecked:
        return f"De huidige versie van '{turn.plan.document(unchecked).title}' is nog niet beoordeeld."
    return None


def _waiting_offer(turn: Turn, name: str) -> tuple[Phase, Offer, OfferState] | Refusal:
    phase = active_phase(turn, name)
    if isinstance(phase, Refusal):
        return phase
    state = offer_state(turn.state, phase.id)
    if phase.offer is None or state is None:
        return Refusal(
            code="no_offer", text=f"In de fase '{phase.title}' wordt niets aan de klant aangeboden."
        )
    return phase, phase.offer, state


def _not_deliver(turn: Turn, phase: Phase, offer: Offer, act: Decide) -> Refusal | None:
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    if offer.may_end is None:
        text = f"Vanuit de fase '{phase.title}' kan niet worden besloten om niet in te dienen."
        return Refusal(code="no_such_end", text=text)
    if not act.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden voor het besluit om niet in te dienen.")
    refusal = refuse_under_way(turn.state)
    if refusal:
        return refusal
    state = offer_state(turn.state, phase.id)
    if state:
        turn.put_offer(state, outcome="not_delivered", ended_by=act.by.id)
    turn.contributed(phase.id, act.by)
    end(turn, Ended(how="end", end=offer.may_end, at=turn.now, by=act.by.id), act.reason.strip())
    return None


def _refuse_recording(turn: Turn, phase: Phase, offer: Offer, act: Decide) -> Refusal | None:
    """A team member records a client's answer with reason and proof, and not as the preparer (R19)."""
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    if act.contact is None:
        return Refusal(
            code="contact_missing", text="Noem de contactpersoon namens wie u het besluit vastlegt."
        )
    if not act.reason.strip() or not act.proof:
        text = "Leg een besluit van de klant vast met een reden en een bewijsstuk."
        return Refusal(code="proof_missing", text=text)
    made_in = {turn.plan.document(name).made_in for name in offer.documents}
    if any(c.person == act.by.id and c.phase in made_in for c in turn.state.contributions):
        text = "U heeft dit document zelf opgesteld; laat een collega het besluit van de klant vastleggen."
        return Refusal(code="preparer", text=text)
    return None


def _refuse_answer(phase: Phase, state: OfferState, act: Decide) -> Refusal | None:
    if state.sent is None:
        return Refusal(code="not_offered", text=f"'{phase.title}' is nog niet aan de klant voorgelegd.")
    if state.outcome:
        return Refusal(code="already_decided", text=f"Over '{phase.title}' is al beslist.")
    if act.answer == "reject":
        if act.reason.strip():
            return None
        return Refusal(code="reason_missing", text="Geef een reden voor het afkeuren.")
    wanted = "sign" if state.way == "signature" else "approve"
    if act.answer != wanted:
        word = "ondertekening" if wanted == "sign" else "akkoord"
        return Refusal(code="wrong_answer", text=f"'{phase.title}' vraagt om {word}.")
    return None


def _refuse_authority(phase: Phase, state: OfferState, decider: Actor | None) -> Refusal | None:
    """A decision by somebody without authority is refused (R57); a function by itself gives none."""
    needed = NEEDED[state.way or "approval"]
    if decider is None or decider.kind != "contact" or needed not in decider.may:
        text = (
            f"Voor een besluit over '{phase.title}' is een vastgelegde bevoegdheid nodig, en die is er niet."
        )
        return Refusal(code="no_authority", text=text)
    if any(d.contact == decider.id for d in state.decisions):
        return Refusal(code="already_answered", text="Deze contactpersoon heeft al geantwoord.")
    return None


def _refuse_documents(turn: Turn, state: OfferState, act: Decide) -> Refusal | None:
    """A decision binds exactly what was shown."""
    for shown in state.documents:
        if shown not in act.documents:
            return stale(turn, shown.document)
    return None


def _record(turn: Turn, phase: Phase, offer: Offer, state: OfferState, act: Decide, decider: Actor) -> None:
    recorded_by = act.by.id if act.by.kind == "team" else None
    decision = Decision(
        contact=decider.id,
        answer="reject" if act.answer == "reject" else "sign" if act.answer == "sign" else "approve",
        jointly=NEEDED[state.way or "approval"] in decider.jointly,
        at=turn.now,
        recorded_by=recorded_by,
        proof=act.proof if recorded_by else None,
    )
    if recorded_by:
        turn.contributed(phase.id, act.by)
    state = turn.put_offer(state, decisions=put(state.decisions, decision, lambda d: d.contact))
    turn.tell(
        "decided",
        act.by.id,
        phase.id,
        answer=act.answer,
        contact=decider.id,
        title=phase.title,
        reason=act.reason.strip(),
        proof=decision.proof,
        hashes=", ".join(shown.hash for shown in state.documents),
    )
    if act.answer == "reject":
        turn.put_offer(state, outcome="rejected", ended_by=act.by.id)
    elif _all_agreed(offer, state):
        turn.put_offer(state, outcome="approved", ended_by=act.by.id)


def _all_agreed(offer: Offer, state: OfferState) -> bool:
    """Say whether enough have agreed: one who may alone or two jointly; with all or each, everybody."""
    agreed = {d.contact: d.jointly for d in state.decisions if d.answer != "reject"}
    enough = not all(agreed.values()) or len(agreed) > 1
    if offer.to.decide == "one":
        return enough
    needed = NEEDED[state.way or "approval"]
    return enough and all(r.contact in agreed for r in state.recipients if needed in r.may)
