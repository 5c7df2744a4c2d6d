"""Whether a message that waited still has its reason: asked before it goes out (R66).

A mail server may be away for days. What a message was about can be over by then: its offer answered, its
phase left, its filing cancelled.
"""

from collections.abc import Collection

from ..plan import Phase, Plan, Way
from ..rights import NEEDED, Right
from .chases import is_waited_for
from .documents import own_documents
from .issuing import is_ended_by, is_of_offer
from .state import Pending, State
from .turn import Reader

CANCELLED = "de opdracht is geannuleerd"
ENDED = "de opdracht is afgesloten"
ANSWERED = "de aanbieding is al beantwoord"
REPLACED = "het werk is teruggestuurd of opnieuw aangeboden"
LEFT = "de fase is al afgerond"
RECEIVED = "wat is gevraagd, is al ontvangen"
PASSED_ON = "de ontvanger beslist hier niet meer over"
INFORMED = "de klant is alleen geïnformeerd en hoeft niets te beslissen"
TOLD = "wie het krijgt, kreeg vandaag al hetzelfde bericht"
OVERTAKEN = "een later bericht van dezelfde aanbieding gaat ervoor in de plaats"


def find_lost_reason(plan: Plan, state: State, number: int) -> str | None:
    """Say in Dutch why the message of a command is no longer to be sent; None while it is.

    A command that the state does not know yet was asked for after it.
    """
    pending = next((p for p in state.journal.in_flight if p.number == number), None)
    if pending is None:
        return None
    reader = Reader(plan, state)
    lost = lost_reason_of(reader, pending) or (RECEIVED if _asks_in_vain(reader, pending) else None)
    return lost or (INFORMED if _presses_in_vain(reader, pending) else None)


def awaits_way(plan: Plan, state: State, number: int) -> bool:
    """Say whether a message that presses for a decision is to wait until it is known whether one is asked."""
    pending = next((p for p in state.journal.in_flight if p.number == number), None)
    if pending is None or not _presses(pending):
        return False
    return any(p.what == "resolve" and p.phase == pending.phase for p in state.journal.in_flight)


def find_offered_way(plan: Plan, state: State, phase: str) -> Way | None:
    """Return the way in which the offer of a phase was released; None while it is not."""
    reader = Reader(plan, state)
    offer = reader.offer_state(phase)
    return reader.offered_as(phase) if offer and offer.documents else None


def find_own_documents(plan: Plan, state: State, phase: str) -> tuple[str, ...]:
    """Return the documents of an offer that are some contact's own, as they are now."""
    reader = Reader(plan, state)
    return own_documents(reader, reader.rules.phase(phase))


def find_readers(plan: Plan, state: State, number: int, contacts: tuple[str, ...]) -> tuple[str, ...]:
    """Return who of those whom a message of an offer is for is still to get it from this command.

    Not whom the offer no longer goes to, nor whom another message of the same offer is on its way to; who
    cannot answer is not reminded. A command that the state does not know yet was asked for after it.
    """
    reader = Reader(plan, state)
    pending = next((p for p in state.journal.in_flight if p.number == number), None)
    phase = reader.rules.find_phase(pending.phase) if pending else None
    if pending is None or phase is None or not is_of_offer(pending, phase):
        return contacts
    offer = reader.offer_state(phase.id)
    if offer is None or offer.lookup is None:
        return ()
    later = [
        other
        for other in state.journal.in_flight
        if other.number > number and other.purpose == pending.purpose and is_of_offer(other, phase)
    ]
    theirs = {
        recipient.contact
        for recipient in offer.lookup.recipients
        if pending.purpose == "offer" or _answers(reader, phase, recipient.may)
    }
    return tuple(c for c in contacts if c in theirs and all(c in other.reached for other in later))


def _answers(reader: Reader, phase: Phase, may: Collection[Right]) -> bool:
    """Say whether somebody with these rights can answer the offer of a phase."""
    return NEEDED[reader.offered_as(phase.id) or "approval"] in may


def lost_reason_of(reader: Reader, pending: Pending) -> str | None:
    """Say in Dutch why a message is no longer to be sent; None while it is."""
    phase = reader.rules.find_phase(pending.phase)
    if phase is None:
        return REPLACED
    closing = _tells_completion(phase, pending)
    ended = reader.case.ended
    if ended and not (closing and is_ended_by(reader, phase)):
        return CANCELLED if ended.how == "cancelled" else ENDED
    if is_of_offer(pending, phase):
        return _find_lost_offer(reader, phase, pending)
    if _is_answered(reader, phase, pending):
        return RECEIVED
    if pending.withdrawn and not ended:
        return REPLACED
    status = reader.status(phase.id)
    if closing:
        return None if status == "completed" else REPLACED
    return None if status == "active" else LEFT


def _is_answered(reader: Reader, phase: Phase, pending: Pending) -> bool:
    """Say whether a message is about what an automation asked in an active phase, and got by now."""
    if pending.automation is None or pending.purpose not in ("reminder", "escalation"):
        return False
    running = not reader.case.ended and reader.is_active(phase.id)
    return running and not is_waited_for(reader, phase, pending.automation)


def _asks_in_vain(reader: Reader, pending: Pending) -> bool:
    """Say whether a message asks the client for what is there by now.

    Asked of what is about to go out alone: a retry always took it for something to be tried again.
    """
    phase = reader.rules.find_phase(pending.phase)
    if phase is None or pending.purpose != "automation":
        return False
    asking = next((a for a in phase.automations if a.id == pending.automation and a.request), None)
    return asking is not None and not is_waited_for(reader, phase, asking.id)


def _presses(pending: Pending) -> bool:
    return pending.purpose == "escalation" and pending.automation is None


def _presses_in_vain(reader: Reader, pending: Pending) -> bool:
    """Say whether a message presses for a decision on an offer that only informs.

    Of an offer that comes late this is issued before it is known in which way it is offered. Asked of what is
    about to go out alone, as above.
    """
    offer = reader.offer_state(pending.phase) if _presses(pending) else None
    return bool(offer and offer.documents) and reader.offered_as(pending.phase) == "information"


def _tells_completion(phase: Phase, pending: Pending) -> bool:
    """Say whether a message is one that tells that its phase was completed."""
    automation = next((a for a in phase.automations if a.id == pending.automation), None)
    return automation is not None and automation.at == "completed"


def _find_lost_offer(reader: Reader, phase: Phase, pending: Pending) -> str | None:
    offer = reader.offer_state(phase.id)
    if offer is None or pending.number < offer.number:
        return REPLACED
    if offer.outcome:
        return ANSWERED
    return REPLACED if pending.withdrawn else None
