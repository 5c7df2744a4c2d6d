"""Checkpoints (R6): ticking, unticking, and what is still open."""

from collections.abc import Iterator

from ..data import replace
from ..plan import Checkpoint, Phase
from .construct import Construct
from .events import Check, Uncheck
from .outcome import Refusal
from .permissions import refuse_four_eyes, refuse_role
from .state import Tick
from .turn import Reader, Turn, put


class Checkpoints(Construct):
    """What a team member must do in a phase."""

    def obstacles(self, reader: Reader, phase: Phase) -> Iterator[str]:
        """Yield the required checkpoints that nobody ticked in this round."""
        state = reader.phase_state(phase.id)
        ticked = {tick.checkpoint for tick in state.ticks} if state else set()
        for checkpoint in reader.rules.checkpoints(phase):
            if checkpoint.required and checkpoint.id not in ticked:
                yield f"controlepunt {checkpoint.id} ('{checkpoint.title}')"


def check(turn: Turn, act: Check) -> Refusal | None:
    """Tick a checkpoint of an active phase."""
    named = _find(turn, act)
    if isinstance(named, Refusal):
        return named
    phase, checkpoint = named
    state = turn.phase_state(phase.id)
    if state is None or any(tick.checkpoint == checkpoint.id for tick in state.ticks):
        return Refusal(code="already_ticked", text=f"'{checkpoint.title}' is al afgevinkt.")
    tick = Tick(checkpoint=checkpoint.id, by=act.by.id, at=turn.now)
    turn.put_phase(replace(state, ticks=put(state.ticks, tick, lambda t: t.checkpoint)))
    turn.add_contribution(phase.id, act.by)
    turn.tell("checkpoint_ticked", act.by.id, phase.id, checkpoint=checkpoint.id, title=checkpoint.title)
    return None


def refuse_own_eyes(reader: Reader, act: Check) -> Refusal | None:
    """Refuse a tick by somebody who did what the phase checks: they cannot complete it.

    Whoever asks for the act asks this first; the machine takes what it always took.
    """
    phase = reader.active_phase(act.phase)
    if isinstance(phase, Refusal) or refuse_role(reader, phase, act.by):
        return None  # the machine says that
    return refuse_four_eyes(reader, phase, act.by)


def uncheck(turn: Turn, act: Uncheck) -> Refusal | None:
    """Untick a checkpoint of an active phase; the timeline and four eyes remember."""
    named = _find(turn, act)
    if isinstance(named, Refusal):
        return named
    phase, checkpoint = named
    state = turn.phase_state(phase.id)
    if state is None or all(tick.checkpoint != checkpoint.id for tick in state.ticks):
        return Refusal(code="not_ticked", text=f"'{checkpoint.title}' is niet afgevinkt.")
    left = tuple(tick for tick in state.ticks if tick.checkpoint != checkpoint.id)
    turn.put_phase(replace(state, ticks=left))
    turn.add_contribution(phase.id, act.by)
    turn.tell("checkpoint_unticked", act.by.id, phase.id, checkpoint=checkpoint.id, title=checkpoint.title)
    return None


def _find(turn: Turn, act: Check | Uncheck) -> tuple[Phase, Checkpoint] | Refusal:
    phase = turn.active_phase(act.phase)
    if isinstance(phase, Refusal):
        return phase
    refusal = refuse_role(turn, phase, act.by)
    if refusal:
        return refusal
    checkpoints = turn.rules.checkpoints(phase)
    for checkpoint in checkpoints:
        if checkpoint.id == act.checkpoint:
            return phase, checkpoint
    names = ", ".join(c.id for c in checkpoints) or "geen"
    text = f"De fase '{phase.title}' heeft geen controlepunt '{act.checkpoint}'. Controlepunten: {names}."
    return Refusal(code="unknown_checkpoint", text=text)


CHECKPOINTS = Checkpoints()
Checkpoints.acts = {"check": check, "uncheck": uncheck}
