"""Whether a message that waited still has its reason: asked before it goes out (R66).

A mail server may be away for days. What a message was about can be over by then: its offer answered, its
phase left, its filing cancelled.
"""

from ..plan import Phase, Plan
from .issuing import is_of_offer
from .state import Pending, State
from .turn import Reader

CANCELLED = "de opdracht is geannuleerd"
ENDED = "de opdracht is afgesloten"
ANSWERED = "de aanbieding is al beantwoord"
REPLACED = "het werk is teruggestuurd of opnieuw aangeboden"
LEFT = "de fase is al afgerond"


def find_lost_reason(plan: Plan, state: State, number: int) -> str | None:
    """Say in Dutch why the message of a command is no longer to be sent; None while it is.

    A command that the state does not know yet was asked for after it.
    """
    pending = next((p for p in state.journal.in_flight if p.number == number), None)
    return None if pending is None else lost_reason_of(Reader(plan, state), pending)


def lost_reason_of(reader: Reader, pending: Pending) -> str | None:
    """Say in Dutch why a message is no longer to be sent; None while it is."""
    phase = reader.rules.find_phase(pending.phase)
    if phase is None:
        return REPLACED
    closing = _tells_completion(phase, pending)
    ended = reader.case.ended
    if ended and not (closing and ended.how == "completed"):
        return CANCELLED if ended.how == "cancelled" else ENDED
    if is_of_offer(pending, phase):
        return _find_lost_offer(reader, phase, pending)
    if pending.withdrawn and not ended:
        return REPLACED
    status = reader.status(phase.id)
    if closing:
        return None if status == "completed" else REPLACED
    return None if status == "active" else LEFT


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
