"""What follows by itself after every event: phases are left, the next are entered, the filing ends.

Phases run in order; neighbours of one group run side by side and meet again before the next.
"""

from ..data import replace
from ..plan import Phase
from .construct import Back, End, Forward, Leaving
from .deliveries import accepted_phases
from .events import SYSTEM
from .registry import BEGIN, FINISH, GO_ON, LEAVING, WITHDRAW
from .state import Ended, PhaseState
from .turn import Reader, Turn
from .waiting_moves import end_move


def advance(turn: Turn) -> None:
    """Leave and enter phases until the filing waits for a person, a result or a date, or has ended.

    While it is held a phase is left by what was answered, and nothing begins.
    """
    while not turn.case.ended and (_go_on(turn) or (turn.held is None and _enter_one(turn))):
        pass


def leave(turn: Turn, leaving: Leaving) -> None:
    """Leave a phase: forward, back, or by ending the filing."""
    match leaving:
        case Forward():
            _complete(turn, leaving)
        case Back():
            _go_back(turn, leaving)
        case End(how=how, by=by, reason=reason, end=end):
            _end(turn, Ended(how=how, end=end, at=turn.now, by=by), reason)


def entering(reader: Reader) -> list[Phase]:
    """Return the phases whose turn it is and that are not entered yet, those skipped by condition aside."""
    return [
        phase
        for phase in reader.current_stage()
        if reader.status(phase.id) == "pending" and reader.rules.holds(phase.condition)
    ]


def _go_on(turn: Turn) -> bool:
    """Leave one active phase that is done, or do one thing that follows by itself in one."""
    for phase in turn.active_phases():
        for construct in LEAVING:
            leaving = construct.leaving(turn, phase)
            if leaving:
                leave(turn, leaving)
                return True
        if turn.held is None and any(construct.go_on(turn, phase) for construct in GO_ON):
            return True
    return False


def _enter_one(turn: Turn) -> bool:
    """Enter or skip one phase of the current stage, or end the filing after the last."""
    stage = turn.current_stage()
    if not stage:
        _end(turn, Ended(how="completed", at=turn.now, by=SYSTEM.id), None)
        return True
    for phase in stage:
        if turn.status(phase.id) != "pending":
            continue
        if not turn.rules.holds(phase.condition):
            _skip(turn, phase)
            return True
        if _may_enter(turn, phase):
            _enter(turn, phase)
            return True
    return False


def _may_enter(turn: Turn, phase: Phase) -> bool:
    rule = phase.not_before
    return rule is None or turn.rules.has_come(turn.rules.target_day(rule), turn.now)


def _enter(turn: Turn, phase: Phase) -> None:
    """Begin a new round of a phase; its checkpoints are unticked."""
    number = turn.round_of(phase.id) + 1
    turn.put_phase(PhaseState(id=phase.id, entered=turn.now))
    turn.set(rounds={**turn.case.rounds, phase.id: number})
    turn.tell("phase_entered", None, phase.id, title=phase.title, round=str(number))
    for construct in BEGIN:
        construct.begin(turn, phase)


def _skip(turn: Turn, phase: Phase) -> None:
    """Pass over a phase whose condition does not hold."""
    turn.put_phase(PhaseState(id=phase.id, ended=turn.now))
    turn.tell("phase_skipped", None, phase.id, title=phase.title)


def _complete(turn: Turn, forward: Forward) -> None:
    """Complete a phase, do what it asks on completing, and pass over what its outcome leaves out."""
    phase = forward.phase
    state = turn.phase_state(phase.id)
    if state is not None:
        turn.put_phase(replace(state, ended=turn.now, outcome=forward.outcome))
    title = next((o.title for o in phase.outcomes if o.id == forward.outcome), None)
    turn.tell("phase_completed", forward.by, phase.id, title=phase.title, outcome=title)
    for construct in FINISH:
        construct.finish(turn, phase)
    if forward.end:
        by = forward.by or SYSTEM.id
        _end(turn, Ended(how="end", end=forward.end, at=turn.now, by=by), None)
    elif forward.to:
        _pass_over(turn, phase, forward.to)


def _pass_over(turn: Turn, phase: Phase, to: str) -> None:
    """Skip what lies between the stage of a phase and that of the phase at which the filing goes on."""
    for between in turn.rules.list_phases_between(phase.id, to):
        if turn.status(between.id) == "pending":
            turn.put_phase(PhaseState(id=between.id, ended=turn.now))
            turn.tell("phase_passed_over", None, between.id, title=between.title)


def _go_back(turn: Turn, back: Back) -> None:
    """Go back from a phase to its `back_to`: that phase and all after it are to be done again.

    Contributions, documents and attempts stay, and a phase whose delivery was accepted stays completed: it
    cannot be undone, and would be delivered twice.
    """
    phases = turn.rules.done_again(back.phase) - accepted_phases(turn)
    turn.set(phases=tuple(p for p in turn.case.phases if p.id not in phases))
    title, to = back.phase.title, back.phase.back_to
    turn.tell("sent_back", back.by, back.phase.id, title=title, to=to, reason=back.reason)
    turn.withdraw(lambda pending: pending.phase in phases)
    for construct in WITHDRAW:
        construct.withdraw(turn, phases)


def _end(turn: Turn, ended: Ended, reason: str | None) -> None:
    """End the filing; it no longer waits for anything, and what is still on its way changes nothing.

    What was stalled and nobody retried is told where others count on it: a filing to start, a note.
    """
    turn.set(ended=ended)
    end_move(turn)
    for stall in turn.case.stalls:
        if stall.pending.what in ("start", "note"):
            turn.tell(
                "left_undone", None, stall.pending.phase, command=stall.pending.what, reason=stall.error
            )
    turn.withdraw(lambda pending: True)
    title = next((e.title for e in turn.plan.ends if e.id == ended.end), None)
    turn.tell("filing_ended", ended.by, how=ended.how, title=title, reason=reason)
