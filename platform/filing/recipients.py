"""Who an open offer goes to, looked up again when people, authority or agreement have changed (R66).

An offer waits for weeks. Who no longer decides is told nothing more and is waited for no longer; who decides
from now on gets the offer. What was answered before stays answered.
"""

from ..data import replace
from ..plan import Phase
from .decisions import end_if_agreed, find_offer
from .events import ResolveAgain
from .informing import inform, inform_more
from .issuing import is_current, is_of_offer, issue
from .outcome import Refusal
from .permissions import refuse_role
from .state import Lookup, OfferState
from .turn import Turn


def resolve_again(turn: Turn, act: ResolveAgain) -> Refusal | None:
    """Ask once more who an open offer goes to; what an earlier lookup finds no longer counts."""
    named = find_offer(turn, act.phase)
    if isinstance(named, Refusal):
        return named
    phase = named[0]
    refusal = None if act.by.kind == "system" else refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    ask_again(turn, phase)
    return None


def ask_again(turn: Turn, phase: Phase) -> None:
    """Ask who the offer of a phase goes to now."""
    turn.withdraw(lambda pending: pending.what == "resolve" and is_of_offer(pending, phase))
    issue(turn, "resolve", phase)


def note_sent(turn: Turn, phase: Phase) -> None:
    """Note that the offer's message has gone out; whoever it did not reach keeps nobody from deciding."""
    offer = turn.offer_state(phase.id)
    if offer is None or offer.outcome or not offer.documents:
        return
    if turn.offered_as(phase.id) != "information":
        turn.put_offer(replace(offer, sent=offer.sent or turn.now))
    elif offer.sent:
        inform_more(turn, phase, offer)


def settle_sending(turn: Turn, phase: Phase) -> None:
    """Note that everybody has an offer, once none of its messages is on its way or stalled.

    Whoever it goes to had it from the first message, or from one of their own when they joined. Information
    of everybody needs nothing more.
    """
    offer = turn.offer_state(phase.id)
    if offer is None or offer.outcome or not offer.documents:
        return
    if offer.lookup is None or offer.lookup.problem or not offer.lookup.recipients:
        return
    pending = (*turn.in_flight, *(stall.pending for stall in turn.case.stalls))
    if any(one.purpose == "offer" and is_of_offer(one, phase) and is_current(turn, one) for one in pending):
        return
    if turn.offered_as(phase.id) == "information":
        inform(turn, phase, offer)
    else:
        note_sent(turn, phase)


def change_recipients(turn: Turn, phase: Phase, offer: OfferState, before: Lookup, now: Lookup) -> None:
    """Go on with a released offer to whom it goes to now: who joins gets it, nobody gets it twice.

    It stays offered in the way in which it was.
    """
    old, new = _list_contacts(before), _list_contacts(now)
    joined = tuple(contact for contact in new if contact not in old)
    left = tuple(contact for contact in old if contact not in new)
    gone = tuple(sorted({*offer.left, *left} - {*new}))
    offer = turn.put_offer(replace(offer, lookup=replace(now, way=before.way), left=gone))
    if joined or left:
        turn.tell(
            "recipients_changed",
            None,
            phase.id,
            title=phase.title,
            joined=", ".join(joined),
            left=", ".join(left),
        )
        _offer_to_unreached(turn, phase, new, joined)
    if now.problem and now.problem != before.problem:
        turn.tell("offer_unanswerable", None, phase.id, title=phase.title, reason=now.problem)
    settle_sending(turn, phase)
    offer = turn.offer_state(phase.id) or offer
    if offer.sent and not offer.outcome and offer.decisions and not now.problem:
        last = max(offer.decisions, key=lambda decision: decision.at)
        end_if_agreed(turn, phase, offer, last.recorded_by or last.contact)


def _offer_to_unreached(turn: Turn, phase: Phase, contacts: tuple[str, ...], joined: tuple[str, ...]) -> None:
    """Send the offer to who joined; where its message was stalled, to everybody whom that did not reach."""
    stalled = [s for s in turn.case.stalls if is_of_offer(s.pending, phase) and s.pending.purpose == "offer"]
    reached = tuple(contact for contact in contacts if contact not in joined)
    if stalled:
        had = {contact for stall in stalled for contact in stall.pending.reached}
        reached = tuple(contact for contact in contacts if contact in had)
        turn.set(stalls=tuple(s for s in turn.case.stalls if s not in stalled))
    if len(reached) < len(contacts):
        issue(turn, "send", phase, purpose="offer", reached=reached)


def _list_contacts(lookup: Lookup) -> tuple[str, ...]:
    return tuple(recipient.contact for recipient in lookup.recipients)
