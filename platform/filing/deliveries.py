"""Deliveries to the authority (R22): from the earliest day, approved bytes only, until it is judged."""

from collections.abc import Collection, Iterator
from datetime import date

from ..data import replace
from ..plan import Deliver, Phase
from .construct import Back, Construct, Forward, Leaving, Order, Wait
from .documents import is_approved, refuse_delivery
from .events import Delivered, Judged
from .issuing import issue
from .outcome import Refusal
from .state import DeliveryState, Pending, Stall
from .turn import Reader, Turn


class Deliveries(Construct):
    """Phases that hand a document to the authority."""

    def begin(self, turn: Turn, phase: Phase) -> None:
        """Deliver at once when the authority takes the message already."""
        block = phase.block
        if isinstance(block, Deliver) and not block.by_hand and _may_deliver(turn, block):
            start_delivery(turn, phase, block)

    def dates(self, reader: Reader) -> Iterator[Wait]:
        """Yield the earliest day of a delivery that has yet to begin."""
        for phase in reader.active_phases():
            if isinstance(phase.block, Deliver) and not phase.block.by_hand:
                delivery = reader.delivery_state(phase.id)
                day = _first_day(reader, phase.block)
                if day and delivery is None:
                    yield Wait(day, Order.DELIVER, phase.id)

    def leaving(self, reader: Reader, phase: Phase) -> Leaving | None:
        """Leave a phase whose delivery was judged: on when it was accepted, back when it was refused.

        One that was refused waits until those beside it are judged and, when they were accepted, left.
        """
        delivery = reader.delivery_state(phase.id) if isinstance(phase.block, Deliver) else None
        if delivery is None or delivery.status not in ("accepted", "refused"):
            return None
        if delivery.status == "accepted":
            return Forward(phase, None)
        again = reader.rules.done_again(phase)
        if refuse_under_way(reader, again) or any(map(reader.is_active, again & accepted_phases(reader))):
            return None
        return Back(phase, None, f"{delivery.code}: {delivery.text}")


def start_delivery(turn: Turn, phase: Phase, deliver: Deliver) -> None:
    """Hand the approved bytes to the authority; with anything else the phase is stalled."""
    document = deliver.document
    attached = turn.document_state(document)
    before = turn.delivery_state(phase.id)
    attempt = before.attempt + 1 if before else 1
    content = attached.shown.hash if attached else ""
    delivery = DeliveryState(
        phase=phase.id,
        attempt=attempt,
        document=document,
        hash=content,
        status="delivering",
        number=turn.next_number,
        standing=not is_approved(turn, document),
    )
    problem = refuse_delivery(turn, document, phase)
    if problem:
        turn.put_delivery(replace(delivery, status="failed"))
        turn.last_number = delivery.number
        pending = Pending(number=delivery.number, what="deliver", phase=phase.id)
        turn.add_stall(Stall(pending=pending, error=problem, at=turn.now))
        turn.tell("stands_still", None, phase.id, command="deliver", reason=problem)
        return
    turn.put_delivery(delivery)
    issue(turn, "deliver", phase)
    title = turn.rules.document(document).title
    turn.tell("delivering", None, phase.id, title=title, hash=content, attempt=str(attempt))


def refuse_going_back(reader: Reader, phase: Phase) -> Refusal | None:
    """Refuse an act by which the work would go back over a return that the authority has or accepted."""
    again = reader.rules.done_again(phase)
    return refuse_under_way(reader, again) or refuse_accepted(reader, again)


def refuse_under_way(reader: Reader, phases: Collection[str]) -> Refusal | None:
    """Refuse what would pass over a return of these phases that the authority has not judged yet.

    It has the return, or may get it. One that is no longer followed is still there, unless the gateway itself
    has ended it.
    """
    lost = {s.pending.phase for s in reader.case.stalls if s.pending.what == "follow" and not s.over}
    for delivery in reader.case.deliveries:
        if delivery.phase not in phases:
            continue
        waiting = "lost" if delivery.status == "failed" and delivery.phase in lost else delivery.status
        if waiting in _WAY_ON:
            text = f"{_name(reader, delivery)} {_WAY_ON[waiting]}"
            return Refusal(code="delivery_runs", text=text)
    return None


_RECORDED = (
    "leg op de pagina van de opdracht vast wat die dienst zegt. Is de aangifte daar niet ontvangen of "
    "geweigerd, dan kan dit daarna wel."
)
_WAY_ON = {
    "delivering": "wordt ingediend; wacht eerst de uitslag af. Lukt het indienen lang niet, dan zegt de "
    "werklijst waarom. Mag er niets meer uitgaan, houd de opdracht dan aan: wat nog niet is verstuurd, gaat "
    "dan niet uit.",
    "following": "ligt bij de ontvangende dienst; wacht eerst de uitslag af. Blijft die lang uit, dan zegt "
    f"de werklijst dat; {_RECORDED}",
    "lost": "ligt bij de ontvangende dienst, en de uitslag is niet op te vragen. Probeer het opnieuw, of "
    f"{_RECORDED}",
}
"""How a return stands that is with the authority, or may get there, and what to do about it."""


def refuse_accepted(reader: Reader, phases: Collection[str]) -> Refusal | None:
    """Refuse what would undo a delivery that was accepted: a correction is a filing of its own (R58)."""
    accepted = (d for d in reader.case.deliveries if d.status == "accepted" and d.phase in phases)
    delivery = next(accepted, None)
    if delivery is None:
        return None
    text = (
        f"{_name(reader, delivery)} is geaccepteerd en dat kan niet worden teruggedraaid. "
        "Start voor een correctie een nieuwe opdracht."
    )
    return Refusal(code="accepted", text=text)


def refuse_ending_beside(reader: Reader) -> Refusal | None:
    """Refuse an end of the filing while a delivery beside it is with the authority, or was accepted by it."""
    beside = [phase.id for phase in reader.current_stage()]
    return refuse_under_way(reader, beside) or refuse_accepted(reader, beside)


def was_sent_by(reader: Reader, phase: Phase, day: date) -> bool:
    """Say whether a return was sent by a day and stands: not once it was refused or ended there."""
    delivery = reader.delivery_state(phase.id)
    if delivery is None or delivery.sent is None or delivery.sent > day:
        return False
    follows = (s for s in reader.case.stalls if s.pending.phase == phase.id and s.pending.what == "follow")
    return delivery.status != "refused" and not any(stall.over for stall in follows)


def accepted_phases(reader: Reader) -> frozenset[str]:
    """Return the phases whose delivery was accepted; no way back takes them along."""
    return frozenset(d.phase for d in reader.case.deliveries if d.status == "accepted")


def _name(reader: Reader, delivery: DeliveryState) -> str:
    document = reader.rules.find_document(delivery.document)
    return f"'{document.title}'" if document else "Wat is ingediend,"


def note_failure(turn: Turn, phase: Phase) -> None:
    """Note that a delivery is stalled for a technical reason."""
    _change(turn, phase, status="failed")


def follow_again(turn: Turn, phase: Phase) -> None:
    """Follow a delivery again whose following had failed."""
    _change(turn, phase, status="following")
    issue(turn, "follow", phase)


def _may_deliver(turn: Turn, deliver: Deliver) -> bool:
    """Say whether the earliest day has come; where the deadline has none, any day will do."""
    if deliver.deadline is None or turn.rules.deadline(deliver.deadline).earliest is None:
        return True
    return turn.rules.has_come(_first_day(turn, deliver), turn.now)


def _first_day(reader: Reader, deliver: Deliver) -> date | None:
    """Return the first day on which the authority takes the message; None for any day."""
    return reader.rules.earliest_day(deliver.deadline) if deliver.deadline else None


def _deliver_on_its_day(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Deliver, now that the authority takes the message."""
    if isinstance(phase.block, Deliver):
        start_delivery(turn, phase, phase.block)


def _take_delivered(turn: Turn, phase: Phase, pending: Pending, result: Delivered) -> None:
    """Note the gateway's reference and follow its statuses."""
    turn.tell("delivered", None, phase.id, reference=result.reference)
    if not pending.withdrawn:
        _change(turn, phase, status="following", reference=result.reference, sent=result.sent)
        issue(turn, "follow", phase)


def _take_judged(turn: Turn, phase: Phase, pending: Pending, result: Judged) -> None:
    """Take the authority's final answer, with its own text."""
    status = "accepted" if result.accepted else "refused"
    if not pending.withdrawn:
        _change(turn, phase, status=status, code=result.code, text=result.text)
    turn.tell(status, None, phase.id, title=phase.title, code=result.code, text=result.text)


def _change(turn: Turn, phase: Phase, **facts: str | date | None) -> None:
    delivery = turn.delivery_state(phase.id)
    if delivery is not None:
        turn.put_delivery(replace(delivery, **facts))


DELIVERIES = Deliveries()
Deliveries.fires = {Order.DELIVER: _deliver_on_its_day}
Deliveries.results = {"delivered": _take_delivered, "judged": _take_judged}
