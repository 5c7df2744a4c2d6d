"""Results of commands: each answers one command in flight, by its number, exactly once."""

from ..plan import Phase
from . import deliveries, offers
from .commands import AnyCommand, Deliver, Follow, Resolve, Send
from .events import SYSTEM, Delivered, Failed, Judged, Resolved, Result, Retry, Sent
from .outcome import Refusal
from .permissions import refuse_role
from .state import Stall
from .turn import Turn, offer_state, phase_state


def take(turn: Turn, result: Result) -> Refusal | None:
    """Take the result of a command in flight; one that is not in flight is refused."""
    command = next((c for c in turn.state.in_flight if c.number == result.number), None)
    if command is None:
        return Refusal(code="not_in_flight", text=f"Opdracht {result.number} loopt niet (meer).")
    turn.set(in_flight=tuple(c for c in turn.state.in_flight if c is not command))
    phase = turn.plan.phase(command.phase)
    match command, result:
        case Send(), Sent():
            _sent(turn, phase, command, result)
        case Resolve(), Resolved() if phase.offer and not offers.over(turn, command):
            offers.resolved(turn, phase, phase.offer, result)
        case Deliver(), Delivered():
            deliveries.delivered(turn, phase, result)
        case Follow(), Judged():
            deliveries.judged(turn, phase, result)
        case _, Failed():
            _failed(turn, command, result)
    return None


def retry(turn: Turn, act: Retry) -> Refusal | None:
    """Try again what stands still in a phase: failed commands, and an offer that could not be made."""
    phase = next((p for p in turn.plan.phases if p.id == act.phase), None)
    if phase is None:
        return Refusal(code="unknown_phase", text=f"Er is geen fase '{act.phase}'.")
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    stalls = [stall for stall in turn.state.stalls if stall.command.phase == phase.id]
    offer = offer_state(turn.state, phase.id)
    if not stalls and not (offer and offer.problem):
        return Refusal(code="nothing_stalled", text=f"In de fase '{phase.title}' staat niets stil.")
    turn.set(stalls=tuple(s for s in turn.state.stalls if s not in stalls))
    turn.tell("retried", act.by.id, phase.id, title=phase.title)
    for stall in stalls:
        _again(turn, phase, stall)
    if offer and offer.problem:
        offers.begin(turn, phase)
    return None


def _sent(turn: Turn, phase: Phase, command: Send, result: Sent) -> None:
    _reached(turn, command, result.recipients, repeated=result.repeated)
    if command.purpose == "offer" and not offers.over(turn, command):
        offers.sent(turn, phase)


def _reached(turn: Turn, command: Send, recipients: tuple[str, ...], *, repeated: bool) -> None:
    if recipients:
        turn.tell(
            "message_sent",
            SYSTEM.id,
            command.phase,
            message=command.message,
            title=turn.plan.message(command.message).title,
            purpose=command.purpose,
            to=", ".join(recipients),
            repeated="ja" if repeated else None,
        )


def _sent_in_part(turn: Turn, command: Send, result: Failed) -> Send:
    """Take whom a message has reached before it failed; return what is left to be tried again."""
    _reached(turn, command, result.reached, repeated=result.repeated)
    if result.reached and command.purpose == "offer" and not offers.over(turn, command):
        offers.sent(turn, turn.plan.phase(command.phase), to_all=False)
    return command.model_copy(update={"reached": (*command.reached, *result.reached)})


def _failed(turn: Turn, command: AnyCommand, result: Failed) -> None:
    """Stand still visibly; after the end, or when phase or offer were left behind, it is only told."""
    if isinstance(command, Send):
        command = _sent_in_part(turn, command, result)
    turn.tell("stands_still", SYSTEM.id, command.phase, command=command.kind, reason=result.error)
    if command.kind in ("deliver", "follow"):
        deliveries.failed(turn, command.phase)
    left = phase_state(turn.state, command.phase).status == "pending" or offers.over(turn, command)
    if turn.state.ended or left:
        return
    stall = Stall(command=command, error=result.error, at=turn.now, over=result.over)
    turn.set(stalls=tuple(sorted((*turn.state.stalls, stall), key=lambda s: s.command.number)))


def _again(turn: Turn, phase: Phase, stall: Stall) -> None:
    command = stall.command
    if phase.deliver and (isinstance(command, Deliver) or stall.over):
        deliveries.begin(turn, phase, phase.deliver)
        return
    if isinstance(command, Resolve):
        offers.begin(turn, phase)
        return
    if isinstance(command, Follow):
        deliveries.following(turn, phase)
    facts = command.model_dump(exclude={"number", "phase", "kind"})
    turn.command(type(command), command.phase, **facts)
