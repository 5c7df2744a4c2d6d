"""Offers to the client (R13 to R19): who it goes to, releasing it, how it ends; silence never decides.

An offer is prepared (who decides, on what footing), released (by itself or by hand), sent, and ends in a
decision bound to the exact documents and renderings that were shown (decisions.py), in information under a
standing authority, or in a named decision not to deliver.
"""

from collections.abc import Iterator
from typing import Literal

from ..data import replace
from ..plan import Offer, Phase
from ..rights import NEEDED
from .construct import Back, Construct, Forward, Leaving, WorkItem
from .decisions import decide, find_offer
from .documents import is_standing, missing_reviews, say_unsigned, shown_now
from .events import Release, Resolved
from .issuing import is_of_offer, issue
from .outcome import Refusal
from .permissions import chase_subject, refuse_role, responsible_roles
from .recipients import change_recipients, resolve_again
from .state import Lookup, OfferState, Pending
from .turn import Reader, Turn

OfferStatus = Literal["preparing", "standing_still", "to_release", "sending", "waiting", "ended"]


class Offers(Construct):
    """Phases that offer documents to the client."""

    def begin(self, turn: Turn, phase: Phase) -> None:
        """Prepare the offer of a phase that was entered."""
        if isinstance(phase.block, Offer):
            prepare(turn, phase)

    def go_on(self, turn: Turn, phase: Phase) -> bool:
        """Release an offer that needs nobody's release, once nothing is in the way."""
        block = phase.block
        if not isinstance(block, Offer) or block.forward != "automatic":
            return False
        offer = turn.offer_state(phase.id)
        if offer is None or status_of(turn, phase, offer) != "to_release":
            return False
        _send(turn, phase, offer, None)
        return True

    def leaving(self, reader: Reader, phase: Phase) -> Leaving | None:
        """Leave a phase whose offer has ended: back when it was rejected, else on."""
        offer = reader.offer_state(phase.id) if isinstance(phase.block, Offer) else None
        if offer is None or offer.outcome is None:
            return None
        if offer.outcome == "rejected":
            return Back(phase, offer.ended_by, "De klant is niet akkoord.")
        return Forward(phase, offer.ended_by)

    def withdraw(self, turn: Turn, phases: frozenset[str]) -> None:
        """Withdraw the offers of phases that are to be done again."""
        turn.set(offers=tuple(o for o in turn.case.offers if o.phase not in phases))

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield what offers wait for: a release, a decision, or whatever keeps them."""
        for phase in reader.active_phases():
            offer = reader.offer_state(phase.id) if isinstance(phase.block, Offer) else None
            if offer is None:
                continue
            status = status_of(reader, phase, offer)
            problem = problem_of(reader, phase, offer)
            if problem:
                yield _item(reader, phase, "stalled", missing=(problem,))
            if status == "to_release":
                yield _item(reader, phase, "release")
            elif status == "waiting":
                yield _item(reader, phase, "decide", contacts=still_to_answer(reader, phase, offer))
                if reader.chased_for(chase_subject(phase)).escalated:
                    yield _item(reader, phase, "escalated")


def prepare(turn: Turn, phase: Phase) -> None:
    """Begin an offer: ask who it goes to. What belongs to an earlier offer no longer counts."""
    turn.withdraw(lambda pending: is_of_offer(pending, phase))
    turn.put_offer(OfferState(phase=phase.id, round=turn.round_of(phase.id), number=turn.next_number))
    issue(turn, "resolve", phase)


def status_of(reader: Reader, phase: Phase, offer: OfferState) -> OfferStatus:
    """Return the status of an offer."""
    if offer.outcome:
        return "ended"
    if offer.documents:
        return "waiting" if offer.sent else "sending"
    if offer.lookup is None:
        return "preparing"
    return "standing_still" if problem_of(reader, phase, offer) else "to_release"


def problem_of(reader: Reader, phase: Phase, offer: OfferState) -> str | None:
    """Say in Dutch why an offer cannot be released yet, or no longer be answered; None where it can."""
    block = phase.offer
    if block is None or offer.lookup is None or offer.outcome:
        return None
    if offer.documents:
        return offer.lookup.problem
    return (
        offer.lookup.problem
        or _footing_problem(reader, phase, block, offer.lookup)
        or _documents_problem(reader, phase, block)
    )


def still_to_answer(reader: Reader, phase: Phase, offer: OfferState) -> tuple[str, ...]:
    """Return the contacts who may decide and have not."""
    answered = {decision.contact for decision in offer.decisions}
    needed = NEEDED[reader.offered_as(phase.id) or "approval"]
    recipients = offer.lookup.recipients if offer.lookup else ()
    return tuple(r.contact for r in recipients if needed in r.may and r.contact not in answered)


def release(turn: Turn, act: Release) -> Refusal | None:
    """Release an offer that is forwarded by hand."""
    named = find_offer(turn, act.phase)
    if isinstance(named, Refusal):
        return named
    phase, _, offer = named
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    if offer.documents:
        return Refusal(
            code="already_released", text=f"De aanbieding in de fase '{phase.title}' is al vrijgegeven."
        )
    problem = problem_of(turn, phase, offer)
    if offer.lookup is None or problem:
        reason = problem or "De ontvangers worden nog opgezocht."
        return Refusal(
            code="offer_not_prepared",
            text=f"De aanbieding in de fase '{phase.title}' kan nog niet worden vrijgegeven. {reason}",
        )
    turn.add_contribution(phase.id, act.by)
    _send(turn, phase, offer, act.by.id)
    return None


def _take_resolved(turn: Turn, phase: Phase, pending: Pending, result: Resolved) -> None:
    """Keep who the offer goes to; what is in the way is told, once."""
    offer, block = turn.offer_state(phase.id), phase.offer
    if offer is None or block is None or pending.withdrawn:
        return
    lookup = Lookup(
        to=block.to,
        recipients=tuple(sorted(result.recipients, key=lambda r: r.contact)),
        sender=result.sender,
        way=result.way,
        standing_until=result.standing_until,
        problem=result.problem,
    )
    before = offer
    if before.lookup and before.documents:
        change_recipients(turn, phase, before, before.lookup, lookup)
        return
    offer = turn.put_offer(replace(offer, lookup=lookup))
    problem = problem_of(turn, phase, offer)
    if problem and (before.lookup is None or problem != problem_of(turn, phase, before)):
        turn.tell("offer_stands_still", None, phase.id, title=phase.title, reason=problem)


def _send(turn: Turn, phase: Phase, offer: OfferState, by: str | None) -> None:
    block, lookup = phase.offer, offer.lookup
    if block is None or lookup is None:
        return
    shown = shown_now(turn, block.documents)
    turn.put_offer(replace(offer, documents=shown))
    turn.tell(
        "offer_released",
        by,
        phase.id,
        title=phase.title,
        way=turn.offered_as(phase.id),
        to=", ".join(r.contact for r in lookup.recipients),
        hashes=", ".join(document.hash for document in shown),
    )
    issue(turn, "send", phase, purpose="offer")


def _footing_problem(reader: Reader, phase: Phase, block: Offer, lookup: Lookup) -> str | None:
    """Information is possible for what is then delivered only under a standing authority (R15)."""
    if reader.offered_as(phase.id) != "information":
        return None
    delivered = {p.deliver.document for p in reader.plan.phases if p.deliver}
    bases = delivered | {reader.rules.document(name).source for name in delivered}
    if not bases & set(block.documents) or is_standing(reader, lookup.standing_until):
        return None
    return (
        "Ter informatie aanbieden kan alleen met een doorlopende machtiging van de klant. "
        "Die ontbreekt of geldt niet meer."
    )


def _documents_problem(reader: Reader, phase: Phase, block: Offer) -> str | None:
    made = [name for name in block.documents if reader.rules.is_made(name)]
    absent = [name for name in made if reader.document_state(name) is None]
    if any(not reader.rules.document(name).optional for name in absent):
        return "Nog niet alle documenten zijn toegevoegd."
    if len(absent) == len(made):
        return "Er is geen document toegevoegd dat kan worden aangeboden."
    unchecked = next((d for d in made if missing_reviews(reader, d)), None)
    if unchecked:
        return f"De huidige versie van '{reader.rules.document(unchecked).title}' is nog niet beoordeeld."
    unsigned = (say_unsigned(reader, name, phase) for name in made)
    return next((problem for problem in unsigned if problem), None)


def _item(
    reader: Reader,
    phase: Phase,
    kind: Literal["stalled", "release", "decide", "escalated"],
    *,
    contacts: tuple[str, ...] | None = None,
    missing: tuple[str, ...] = (),
) -> WorkItem:
    return WorkItem(
        kind=kind,
        id=phase.id,
        phase=phase.id,
        title=phase.title,
        roles=responsible_roles(reader, phase) if contacts is None else (),
        contacts=contacts or (),
        due=reader.rules.target_day(phase.due) if phase.due else None,
        missing=missing,
    )


OFFERS = Offers()
Offers.acts = {"release": release, "decide": decide, "resolve_again": resolve_again}
Offers.results = {"resolved": _take_resolved}
