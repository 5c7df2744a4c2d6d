"""Phases: entering, completing, going back, ending. Which phase comes next is decided in progress.py."""

from ..plan import Phase, Plan
from .automations import fire_at, lapse_tasks
from .events import SYSTEM
from .state import Ended, PhaseState
from .turn import Turn, phase_state


def enter(turn: Turn, phase: Phase) -> None:
    """Begin a new round of a phase; its checkpoints are unticked."""
    before = phase_state(turn.state, phase.id)
    turn.put_phase(PhaseState(id=phase.id, status="active", round=before.round + 1, entered=turn.now))
    turn.tell("phase_entered", SYSTEM.id, phase.id, title=phase.title, round=str(before.round + 1))
    fire_at(turn, phase, "entered")


def skip(turn: Turn, phase: Phase) -> None:
    """Pass over a phase whose condition does not hold."""
    turn.put_phase(phase_state(turn.state, phase.id), status="skipped", ended=turn.now)
    turn.tell("phase_skipped", SYSTEM.id, phase.id, title=phase.title)


def finish(turn: Turn, phase: Phase, by: str) -> None:
    """Complete a phase and run what it does on completing."""
    turn.put_phase(phase_state(turn.state, phase.id), status="completed", ended=turn.now)
    turn.tell("phase_completed", by, phase.id, title=phase.title)
    lapse_tasks(turn, (phase.id,))
    fire_at(turn, phase, "completed")


def send_back(turn: Turn, phase: Phase, by: str, reason: str) -> None:
    """Go back from a phase to its `back_to`: that phase and all after it are to be done again.

    Offers of phases that are reset are withdrawn; contributions, documents and attempts stay.
    """
    reset = done_again(turn.plan, phase)
    for state in turn.state.phases:
        if state.id in reset:
            turn.put_phase(PhaseState(id=state.id, status="pending", round=state.round))
    turn.set(
        offers=tuple(o for o in turn.state.offers if o.phase not in reset),
        stalls=tuple(s for s in turn.state.stalls if s.command.phase not in reset),
    )
    turn.tell("sent_back", by, phase.id, title=phase.title, to=phase.back_to, reason=reason)
    lapse_tasks(turn, reset)


def done_again(plan: Plan, phase: Phase) -> tuple[str, ...]:
    """Return the phases that are to be done again when the work goes back from a phase: its target and on."""
    order = tuple(p.id for p in plan.phases)
    return order[order.index(phase.back_to) :] if phase.back_to else ()


def end(turn: Turn, ended: Ended, reason: str | None = None) -> None:
    """End the filing; nothing waits any more."""
    turn.set(ended=ended, stalls=())
    title = next((e.title for e in turn.plan.ends if e.id == ended.end), None)
    turn.tell("filing_ended", ended.by, how=ended.how, title=title, reason=reason)
