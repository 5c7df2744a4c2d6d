"""What is on its way and keeps a filing from moving now, with when it would be safe."""

from collections.abc import Collection, Iterator

from ...data import replace
from ...plan import FilingAwaited, Offer, Phase, WaitFor
from ..issuing import awaited_key, command_of
from ..state import OfferState, Pending
from ..turn import Reader
from .verdicts import Reason

SAID = {
    "send": "a message",
    "resolve": "the lookup of who an offer goes to",
    "deliver": "a delivery",
    "follow": "a delivery that is followed",
    "watch": "the watch of another filing",
    "start": "the start of another filing",
    "note": "a note for another filing",
    "find": "the lookup of linked relations",
}


def list_under_way(
    old: Reader, new: Reader, renamed: dict[str, str], again: Collection[str] = ()
) -> Iterator[Reason]:
    """Yield what is on its way. `new` is the filing under the newer plan, its phases renamed.

    What waits in phases that are to be done `again` is withdrawn with them.
    """
    for pending in old.state.journal.in_flight:
        if not _is_same_watch(old, new, pending, renamed):
            said = f"{_begin(SAID[pending.what])} is on its way; it moves once that has been answered."
            yield Reason(code="command_in_flight", text=said, phase=pending.phase, item=pending.what)
    for stall in old.case.stalls:
        if renamed.get(stall.pending.phase, stall.pending.phase) in again:
            continue
        text = (
            f"{_begin(SAID[stall.pending.what])} is stalled; it moves once somebody has retried it "
            "and it has been answered, or the work has gone back."
        )
        yield Reason(code="stalled", text=text, phase=stall.pending.phase, item=stall.pending.what)
    for phase in old.active_phases():
        if renamed.get(phase.id, phase.id) in again:
            continue
        now = new.rules.find_phase(renamed.get(phase.id, phase.id))
        yield from _of_phase(old, new, phase, now)


def _begin(said: str) -> str:
    return said[0].upper() + said[1:]


def _is_same_watch(old: Reader, new: Reader, pending: Pending, renamed: dict[str, str]) -> bool:
    """Say whether a watch that goes on is what the newer plan would ask for too."""
    if pending.what != "watch" or pending.withdrawn:
        return False
    before = command_of(old, pending)
    after = command_of(new, replace(pending, phase=renamed.get(pending.phase, pending.phase)))
    return before is not None and after is not None and replace(after, phase=before.phase) == before


def _of_phase(old: Reader, new: Reader, phase: Phase, now: Phase | None) -> Iterator[Reason]:
    delivery = old.delivery_state(phase.id) if phase.deliver else None
    if delivery and delivery.status in ("delivering", "following", "failed"):
        text = f"The delivery in '{phase.title}' has begun; it moves once the authority has judged it."
        yield Reason(code="delivery_runs", text=text, phase=phase.id, item=delivery.document)
    offer = old.offer_state(phase.id)
    if isinstance(phase.block, Offer) and offer and now and now.offer:
        changed = tuple(_list_changed(old, new, offer, phase.block, now.offer))
        if changed:
            waits = "waits at the client" if offer.documents else "is prepared"
            text = (
                f"The offer in '{phase.title}' {waits}, and the newer plan offers otherwise "
                f"({', '.join(changed)}); it moves once the client has answered, or the work has gone back."
            )
            yield Reason(code="offer_waits", text=text, phase=phase.id, item=", ".join(changed))
    if not isinstance(phase.block, WaitFor) or now is None or not isinstance(now.block, WaitFor):
        return
    if _list_watched(phase.block) != _list_watched(now.block):
        text = (
            f"'{phase.title}' waits for other filings than in the newer plan; it moves once that is over, "
            "or with this phase begun again (back_to)."
        )
        yield Reason(code="watched_otherwise", text=text, phase=phase.id)


def _list_changed(old: Reader, new: Reader, offer: OfferState, before: Offer, after: Offer) -> Iterator[str]:
    """Yield in which way an offer that was begun would be another."""
    lookup = offer.lookup
    if after.to != (lookup.to if lookup else before.to) or after.on_behalf_of != before.on_behalf_of:
        yield "recipients or sender"
    if after.documents != before.documents or _owners(old, before) != _owners(new, after):
        yield "documents"
    if not offer.documents:
        return
    if not (lookup and lookup.way) and after.offer_as != before.offer_as:
        yield "way"
    if after.message != before.message or _text(old, before) != _text(new, after) or after.pay != before.pay:
        yield "text"


def _text(reader: Reader, block: Offer) -> object:
    message = reader.rules.find_message(block.message)
    return message and (message.texts, message.channels)


def _owners(reader: Reader, block: Offer) -> tuple[object, ...]:
    documents = (reader.rules.find_document(name) for name in block.documents)
    return tuple(document.of if document else None for document in documents)


def _list_watched(block: WaitFor) -> set[tuple[str, FilingAwaited]]:
    return {(awaited_key(block, one), one) for one in block.awaited if isinstance(one, FilingAwaited)}
