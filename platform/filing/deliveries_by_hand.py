"""Deliveries by hand: what kantoor cannot deliver, a person delivers elsewhere and records with proof."""

from collections.abc import Iterator

from ..period import in_words
from ..plan import Deliver, Phase
from .construct import Construct, WorkItem
from .documents import approved_on, refuse_delivery
from .events import RecordDelivery
from .outcome import Refusal
from .permissions import refuse_role, responsible_roles
from .state import DeliveryState
from .turn import Reader, Turn

NO_NUMBER = 0
"""The number of a delivery without a command."""


class DeliveriesByHand(Construct):
    """Phases whose document is delivered without kantoor."""

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield what is to be delivered by hand, with what is in the way."""
        for phase in reader.active_phases():
            block = phase.block
            if isinstance(block, Deliver) and block.by_hand:
                problem = refuse_delivery(reader, block.document, phase)
                yield WorkItem(
                    kind="deliver",
                    id=phase.id,
                    phase=phase.id,
                    title=phase.title,
                    roles=responsible_roles(reader, phase),
                    due=reader.rules.target_day(phase.due) if phase.due else None,
                    missing=(problem,) if problem else (),
                )


def record_delivery(turn: Turn, act: RecordDelivery) -> Refusal | None:
    """Record a delivery that was made elsewhere; only of what the client approved, and with proof."""
    phase = turn.active_phase(act.phase)
    if isinstance(phase, Refusal):
        return phase
    block = phase.block
    if not isinstance(block, Deliver) or not block.by_hand:
        text = f"In de fase '{phase.title}' wordt niet buiten kantoor om ingediend."
        return Refusal(code="no_delivery_by_hand", text=text)
    refusal = refuse_role(turn, phase, act.by) or _refuse_content(turn, phase, block, act)
    if refusal:
        return refusal
    document = turn.document_state(block.document)
    turn.put_delivery(
        DeliveryState(
            phase=phase.id,
            attempt=1,
            document=block.document,
            hash=document.shown.hash if document else "",
            status="accepted",
            number=NO_NUMBER,
            reference=act.reference.strip() or None,
            on=act.on,
        )
    )
    turn.add_contribution(phase.id, act.by)
    turn.tell(
        "delivered_by_hand",
        act.by.id,
        phase.id,
        title=turn.rules.document(block.document).title,
        on=act.on.isoformat(),
        proof=act.proof,
    )
    return None


def _refuse_content(turn: Turn, phase: Phase, block: Deliver, act: RecordDelivery) -> Refusal | None:
    problem = refuse_delivery(turn, block.document, phase)
    if problem:
        return Refusal(code="not_approved", text=problem)
    if not act.proof:
        text = f"Geef het bewijs van het indienen bij '{phase.title}', zoals de ontvangstbevestiging."
        return Refusal(code="proof_missing", text=text)
    if act.on > turn.now.date():
        return Refusal(code="day_to_come", text="De dag van indienen ligt in de toekomst.")
    earliest = turn.rules.earliest_day(block.deadline) if block.deadline else None
    if earliest and act.on < earliest:
        text = f"Indienen kan pas vanaf {in_words(earliest)}. Controleer de dag van indienen."
        return Refusal(code="too_early", text=text)
    return None


def refuse_before_approval(reader: Reader, act: RecordDelivery) -> Refusal | None:
    """Refuse a delivery on a day before the approval; asked of new acts alone (new_acts.py)."""
    deliver = reader.plan.phase(act.phase).deliver
    approved = approved_on(reader, deliver.document) if deliver else None
    if deliver is None or approved is None or act.on >= approved:
        return None
    text = (
        f"Op {in_words(act.on)} was '{reader.rules.document(deliver.document).title}' nog niet akkoord; dat "
        f"is het sinds {in_words(approved)}. Controleer de dag van indienen."
    )
    return Refusal(code="before_approval", text=text)


DELIVERIES_BY_HAND = DeliveriesByHand()
DeliveriesByHand.acts = {"record_delivery": record_delivery}
