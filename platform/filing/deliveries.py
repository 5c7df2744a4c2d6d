"""Deliveries to the authority (R22): from the earliest day, approved bytes only, until it is judged."""

from collections.abc import Collection
from datetime import date

from ..plan import Deliver as DeliverBlock
from ..plan import Phase
from .commands import Deliver, Follow
from .dates import earliest_day
from .documents import approved, undeliverable
from .events import SYSTEM, Delivered, Judged
from .outcome import Refusal
from .state import DeliveryState, Stall, State
from .turn import Turn, document_state, put


def delivery_state(state: State, phase: str) -> DeliveryState | None:
    """Return the delivery of a phase that runs or ran last."""
    return next((d for d in state.deliveries if d.phase == phase), None)


def delivery_day(turn: Turn, phase: Phase) -> date | None:
    """Return the earliest day of an active phase's delivery; None when there is nothing to wait for."""
    if phase.deliver is None:
        return None
    return earliest_day(turn.plan, turn.state.origin, turn.plan.deadline(phase.deliver.deadline))


def idle(turn: Turn, phase: Phase) -> bool:
    """Say whether the phase's delivery has yet to begin: none ran, or the last one was refused."""
    delivery = delivery_state(turn.state, phase.id)
    return delivery is None or delivery.status == "refused"


def refuse_under_way(state: State) -> Refusal | None:
    """Refuse what would pass over a return that the authority has, or may get, and has not judged yet.

    One that is not followed any more is still there, unless the gateway itself has ended it.
    """
    lost = {s.command.phase for s in state.stalls if isinstance(s.command, Follow) and not s.over}
    for delivery in state.deliveries:
        waiting = delivery.status == "failed" and delivery.phase in lost
        if waiting or delivery.status in ("delivering", "following"):
            return Refusal(code="delivery_runs", text="De aangifte is onderweg; wacht eerst de uitslag af.")
    return None


def refuse_accepted(state: State, phases: Collection[str]) -> Refusal | None:
    """Refuse what would undo a delivery that was accepted: a correction is a filing of its own (R58)."""
    if not any(d.phase in phases and d.status == "accepted" for d in state.deliveries):
        return None
    text = "De aangifte is ingediend en geaccepteerd; dat is niet terug te draaien, alleen te corrigeren."
    return Refusal(code="accepted", text=text)


def begin(turn: Turn, phase: Phase, deliver: DeliverBlock) -> None:
    """Hand the approved bytes to the authority; with anything else the phase stands still."""
    document = deliver.document
    attached = document_state(turn.state, document)
    before = delivery_state(turn.state, phase.id)
    attempt = before.attempt + 1 if before else 1
    content = attached.shown.hash if attached else ""
    command = turn.command(
        Deliver,
        phase.id,
        document=document,
        hash=content,
        attempt=attempt,
        standing=not approved(turn, document),
    )
    delivery = DeliveryState(
        phase=phase.id,
        attempt=attempt,
        document=document,
        hash=content,
        status="delivering",
        number=command.number,
    )
    turn.set(deliveries=put(turn.state.deliveries, delivery, lambda d: d.phase))
    problem = undeliverable(turn, document)
    if problem:
        _take_back(turn, phase, command, problem)
        return
    title = turn.plan.document(document).title
    turn.tell("delivering", SYSTEM.id, phase.id, title=title, hash=content, attempt=str(attempt))


def delivered(turn: Turn, phase: Phase, result: Delivered) -> None:
    """Note the gateway's reference and follow its statuses."""
    delivery = delivery_state(turn.state, phase.id)
    if delivery is None:
        return
    _put(turn, delivery, status="following", reference=result.reference)
    turn.tell("delivered", SYSTEM.id, phase.id, reference=result.reference)
    turn.command(
        Follow, phase.id, reference=result.reference, attempt=delivery.attempt, delivery=delivery.number
    )


def judged(turn: Turn, phase: Phase, result: Judged) -> None:
    """Take the authority's final answer, with its own text."""
    delivery = delivery_state(turn.state, phase.id)
    if delivery is None:
        return
    status = "accepted" if result.accepted else "refused"
    _put(turn, delivery, status=status, code=result.code, text=result.text)
    turn.tell(status, SYSTEM.id, phase.id, title=phase.title, code=result.code, text=result.text)


def following(turn: Turn, phase: Phase) -> None:
    """Note that the delivery is followed again."""
    delivery = delivery_state(turn.state, phase.id)
    if delivery:
        _put(turn, delivery, status="following")


def failed(turn: Turn, phase: str) -> None:
    """Note that the delivery stands still for a technical reason."""
    delivery = delivery_state(turn.state, phase)
    if delivery:
        _put(turn, delivery, status="failed")


def _take_back(turn: Turn, phase: Phase, command: Deliver, reason: str) -> None:
    """Take the command back before anybody carries it out (R48: only what was approved is delivered)."""
    turn.commands.remove(command)
    turn.set(in_flight=tuple(c for c in turn.state.in_flight if c != command))
    turn.set(stalls=(*turn.state.stalls, Stall(command=command, error=reason, at=turn.now)))
    failed(turn, phase.id)
    turn.tell("stands_still", SYSTEM.id, phase.id, command="deliver", reason=reason)


def _put(turn: Turn, delivery: DeliveryState, **facts: str) -> None:
    changed = delivery.model_copy(update=facts)
    turn.set(deliveries=put(turn.state.deliveries, changed, lambda d: d.phase))
