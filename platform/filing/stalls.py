"""Results of commands, each taken once by its number; and what is stalled until somebody retries it."""

from collections.abc import Iterator, Mapping

from ..data import replace
from ..plan import Deliver, Phase
from .commands import ANSWERED_BY
from .construct import Construct, ResultHandler, WorkItem
from .deliveries import follow_again, note_failure, start_delivery
from .events import Failed, Result, Retry, Sent, Withdrawn
from .issuing import ask_for, is_current, message_of
from .offers import prepare, problem_of
from .outcome import Refusal
from .permissions import refuse_role, responsible_roles
from .reasons import lost_reason_of
from .recipients import ask_again, note_sent, settle_sending
from .state import Pending, Stall
from .turn import Reader, Turn

WRONG_RESULT = (
    "De uitslag hoort niet bij wat er is gevraagd: een fout in kantoor. "
    "Probeer het opnieuw of neem contact op met de beheerder."
)


class Stalls(Construct):
    """Commands that are no longer tried and wait for a person to retry them."""

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield what is stalled; a message whose reason is gone is nobody's work any more."""
        for stall in reader.case.stalls:
            phase = reader.rules.find_phase(stall.pending.phase)
            if phase is not None and not _is_idle(reader, stall):
                yield WorkItem(
                    kind="stalled",
                    id=phase.id,
                    phase=phase.id,
                    title=phase.title,
                    roles=responsible_roles(reader, phase),
                    due=reader.rules.target_day(phase.due) if phase.due else None,
                    missing=(stall.error,),
                )


def _is_idle(reader: Reader, stall: Stall) -> bool:
    return stall.pending.what == "send" and lost_reason_of(reader, stall.pending) is not None


def take_result(turn: Turn, result: Result, handlers: Mapping[str, ResultHandler]) -> Refusal | None:
    """Take the result of a command on its way; one of another is refused.

    A result of a kind that does not answer its command is a fault of ours: the command has failed.
    """
    pending = next((p for p in turn.in_flight if p.number == result.number), None)
    if pending is None:
        return Refusal(code="not_in_flight", text=f"Op uitslag {result.number} wordt niet (meer) gewacht.")
    turn.in_flight = tuple(p for p in turn.in_flight if p is not pending)
    pending = replace(pending, withdrawn=not is_current(turn, pending))
    phase = turn.rules.find_phase(pending.phase)
    if result.kind not in ANSWERED_BY[pending.what]:
        _take_wrong(turn, pending, result)
    elif phase is None:
        return None
    elif isinstance(result, Failed):
        _take_failed(turn, phase, pending, result)
    elif isinstance(result, Sent):
        _take_sent(turn, phase, pending, result)
    elif isinstance(result, Withdrawn):
        _take_withdrawn(turn, phase, pending, result)
    else:
        handlers[result.kind](turn, phase, pending, result)
    return None


def retry(turn: Turn, act: Retry) -> Refusal | None:
    """Retry what is stalled in a phase: failed commands, and an offer that could not be made."""
    phase = turn.rules.find_phase(act.phase)
    if phase is None:
        return Refusal(code="unknown_phase", text=f"Fase '{act.phase}' bestaat niet.")
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    stalls = [stall for stall in turn.case.stalls if stall.pending.phase == phase.id]
    offer = turn.offer_state(phase.id)
    problem = problem_of(turn, phase, offer) if offer else None
    if not stalls and not problem:
        return Refusal(
            code="nothing_stalled",
            text=f"In de fase '{phase.title}' staat niets stil; er valt niets opnieuw te proberen.",
        )
    turn.set(stalls=tuple(s for s in turn.case.stalls if s not in stalls))
    turn.tell("retried", act.by.id, phase.id, title=phase.title)
    for stall in stalls:
        if not _is_idle(turn, stall):
            _try_again(turn, phase, stall)
    if problem and all(stall.pending.what != "resolve" for stall in stalls):
        _look_up(turn, phase)
    return None


def _try_again(turn: Turn, phase: Phase, stall: Stall) -> None:
    what = stall.pending.what
    delivery = turn.delivery_state(phase.id)
    if what == "deliver" and delivery and delivery.status == "delivering":
        ask_for(turn, stall.pending)
    elif isinstance(phase.block, Deliver) and (what == "deliver" or stall.over):
        start_delivery(turn, phase, phase.block)
    elif what == "follow":
        follow_again(turn, phase)
    elif what == "resolve":
        _look_up(turn, phase)
    else:
        ask_for(turn, replace(stall.pending, number=turn.next_number))


def _look_up(turn: Turn, phase: Phase) -> None:
    """Look up who an offer goes to; what was shown and answered stays."""
    offer = turn.offer_state(phase.id)
    if offer and offer.documents:
        ask_again(turn, phase)
    else:
        prepare(turn, phase)


def _take_sent(turn: Turn, phase: Phase, pending: Pending, result: Sent) -> None:
    _tell_reached(turn, phase, pending, result.recipients, repeated=result.repeated)
    if pending.purpose == "offer" and not pending.withdrawn:
        note_sent(turn, phase)
        settle_sending(turn, phase)


def _take_failed(turn: Turn, phase: Phase, pending: Pending, result: Failed) -> None:
    """Stall the phase and tell it; a failed command that was withdrawn is only told."""
    if pending.what == "send":
        _tell_reached(turn, phase, pending, result.reached, repeated=result.repeated)
        if result.reached and pending.purpose == "offer" and not pending.withdrawn:
            note_sent(turn, phase)
        pending = replace(pending, reached=(*pending.reached, *result.reached))
    if pending.what in ("watch", "find") and pending.withdrawn:
        return
    turn.tell("stands_still", None, phase.id, command=pending.what, reason=result.error)
    if pending.withdrawn:
        return
    if pending.what in ("deliver", "follow"):
        note_failure(turn, phase)
    if not turn.case.ended:
        turn.add_stall(Stall(pending=pending, error=result.error, at=turn.now, over=result.over))


def _take_withdrawn(turn: Turn, phase: Phase, pending: Pending, result: Withdrawn) -> None:
    """Tell that a message was not sent any more, and why; a watch that is over is not told."""
    if pending.what == "watch":
        if not pending.withdrawn:
            _take_wrong(turn, pending, result)
        return
    _tell_reached(turn, phase, pending, result.reached, repeated=False)
    turn.tell(
        "message_withdrawn",
        None,
        phase.id,
        **_describe_message(turn, phase, pending),
        reason=result.reason,
    )
    if pending.purpose == "offer" and not pending.withdrawn:
        settle_sending(turn, phase)


def _take_wrong(turn: Turn, pending: Pending, result: Result) -> None:
    """Stall the phase and tell with what the command was `answered`: nobody knows whether it was done.

    A delivery stays under way, since the authority may have it: retried, it is the same one.
    """
    turn.tell(
        "stands_still",
        None,
        pending.phase,
        command=pending.what,
        reason=WRONG_RESULT,
        answered=result.kind,
    )
    if not pending.withdrawn and not turn.case.ended:
        turn.add_stall(Stall(pending=pending, error=WRONG_RESULT, at=turn.now))


def _tell_reached(
    turn: Turn, phase: Phase, pending: Pending, recipients: tuple[str, ...], *, repeated: bool
) -> None:
    if recipients:
        turn.tell(
            "message_sent",
            None,
            phase.id,
            **_describe_message(turn, phase, pending),
            to=", ".join(recipients),
            repeated="ja" if repeated else None,
        )


def _describe_message(reader: Reader, phase: Phase, pending: Pending) -> dict[str, str | None]:
    name = message_of(phase, pending)
    message = reader.rules.find_message(name) if name else None
    return {"message": name, "title": message.title if message else None, "purpose": pending.purpose}


STALLS = Stalls()
Stalls.acts = {"retry": retry}
