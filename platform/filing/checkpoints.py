"""Checkpoints (R6): ticking, unticking, and what is still open."""

from ..plan import Checkpoint, Phase
from .conditions import Values, holds
from .events import Check, Uncheck
from .outcome import Refusal
from .permissions import refuse_role
from .state import PhaseState, Tick
from .turn import Turn, active_phase, phase_state, put


def applying(phase: Phase, values: Values) -> list[Checkpoint]:
    """Return the checkpoints whose condition holds."""
    return [checkpoint for checkpoint in phase.checkpoints if holds(checkpoint.condition, values)]


def open_required(phase: Phase, state: PhaseState, values: Values) -> list[Checkpoint]:
    """Return the required checkpoints that nobody ticked in this round."""
    ticked = {tick.checkpoint for tick in state.ticks}
    return [c for c in applying(phase, values) if c.required and c.id not in ticked]


def check(turn: Turn, act: Check) -> Refusal | None:
    """Tick a checkpoint of an active phase."""
    found = _find(turn, act)
    if isinstance(found, Refusal):
        return found
    phase, checkpoint = found
    state = phase_state(turn.state, phase.id)
    if any(tick.checkpoint == checkpoint.id for tick in state.ticks):
        return Refusal(code="already_ticked", text=f"'{checkpoint.title}' is al afgevinkt.")
    tick = Tick(checkpoint=checkpoint.id, by=act.by.id, at=turn.now)
    turn.put_phase(state, ticks=put(state.ticks, tick, lambda t: t.checkpoint))
    turn.contributed(phase.id, act.by)
    turn.tell("checkpoint_ticked", act.by.id, phase.id, checkpoint=checkpoint.id, title=checkpoint.title)
    return None


def uncheck(turn: Turn, act: Uncheck) -> Refusal | None:
    """Untick a checkpoint of an active phase; the timeline and four eyes remember."""
    found = _find(turn, act)
    if isinstance(found, Refusal):
        return found
    phase, checkpoint = found
    state = phase_state(turn.state, phase.id)
    left = tuple(tick for tick in state.ticks if tick.checkpoint != checkpoint.id)
    if left == state.ticks:
        return Refusal(code="not_ticked", text=f"'{checkpoint.title}' is niet afgevinkt.")
    turn.put_phase(state, ticks=left)
    turn.contributed(phase.id, act.by)
    turn.tell("checkpoint_unticked", act.by.id, phase.id, checkpoint=checkpoint.id, title=checkpoint.title)
    return None


def _find(turn: Turn, act: Check | Uncheck) -> tuple[Phase, Checkpoint] | Refusal:
    phase = active_phase(turn, act.phase)
    if isinstance(phase, Refusal):
        return phase
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    for checkpoint in applying(phase, turn.values):
        if checkpoint.id == act.checkpoint:
            return phase, checkpoint
    names = ", ".join(c.id for c in applying(phase, turn.values)) or "geen"
    text = f"De fase '{phase.title}' heeft geen controlepunt '{act.checkpoint}'. Controlepunten: {names}."
    return Refusal(code="unknown_checkpoint", text=text)
