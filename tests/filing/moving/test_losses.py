"""There and back is where it was, unless the move said beforehand what is lost: then exactly that."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import assume, event, given, settings

from kantoor.data import replace
from kantoor.filing.moving import Cannot, Later, Loss, Moved, move
from kantoor.filing.moving.renaming import rename_phases
from kantoor.filing.previewing import preview
from kantoor.filing.state import PhaseState, State
from kantoor.plan import Plan

from .losing import Losing, losing


@given(losing())
@settings(max_examples=60)
def test_there_and_back_loses_exactly_what_was_told_beforehand(one: Losing) -> None:
    older, newer, before = one.filing.plan, one.newer, one.state
    there = move(older, newer, before, one.there)
    event(f"{one.name}: {type(there).__name__}")
    assume(isinstance(there, Moved))
    assert isinstance(there, Moved)
    shown = preview(older, newer, before, one.there, one.filing.now).effects
    told = Counter((effect.code, effect.phase, effect.item) for effect in shown if effect.what == "lost")
    assert told == Counter((loss.code, loss.phase, loss.item) for loss in there.losses)
    back = move(newer, older, there.state, one.back)
    event(f"{one.name}, and back: {type(back).__name__}")
    assume(not isinstance(back, Later))  # what was withdrawn is on its way still
    if isinstance(back, Cannot):  # it is past what the newer plan no longer asked: nothing is done behind it
        unasked = {
            f"checkpoint:{name}" for name in list_checkpoints(older, one) - list_checkpoints(newer, one)
        }
        assert {(why.code, why.item) for why in back.reasons} <= {
            ("safeguard_missed", one) for one in unasked
        }
        return
    state, losses = (back.state, back.losses) if isinstance(back, Moved) else (there.state, ())
    expected = before
    for loss in (*there.losses, *losses):
        lost = LOST[loss.code](expected, loss, one)
        assert lost != expected or loss.code == "phases_merged", f"{loss} was told and is not lost"
        expected = lost
    assert state == expected if not one.merged else alike(state, expected, one.merged)


def list_checkpoints(plan: Plan, one: Losing) -> set[str]:
    return {checkpoint.id for p in plan.phases if p.id in one.merged for checkpoint in p.checkpoints}


def alike(one: State, other: State, merged: tuple[str, ...]) -> bool:
    """Say whether two states are the same for who does not tell the merged phases apart.

    Where one of them alone was reached nothing was merged, and the states are the same as they are.
    """
    reached = [phase.id for phase in other.case.phases if phase.id in merged]
    if len(reached) < len(merged):
        return one == other
    names = dict.fromkeys(merged, merged[0])
    return rename_phases(one, names) == rename_phases(other, names)


def lose_tick(state: State, loss: Loss, one: Losing) -> State:
    names = one.merged if loss.phase in one.merged else (loss.phase,)

    def without(phase: PhaseState) -> PhaseState:
        kept = tuple(tick for tick in phase.ticks if tick.checkpoint != loss.item)
        return replace(phase, ticks=kept) if phase.id in names else phase

    return change(state, phases=tuple(map(without, state.case.phases)))


def lose_date(state: State, loss: Loss, one: Losing) -> State:
    def fired(phase: PhaseState) -> PhaseState:
        return replace(phase, fired=tuple(sorted((*phase.fired, loss.item or ""))))

    return change(state, phases=tuple(fired(p) if p.id == loss.phase else p for p in state.case.phases))


def lose_document(state: State, loss: Loss, one: Losing) -> State:
    return change(state, documents=tuple(d for d in state.case.documents if d.id != loss.item))


def lose_phase(state: State, loss: Loss, one: Losing) -> State:
    """Return the state before the phase began, but for what is kept of it: what was made, asked and told."""
    case, name = state.case, loss.phase
    return change(
        state,
        phases=tuple(phase for phase in case.phases if phase.id != name),
        offers=tuple(offer for offer in case.offers if offer.phase != name),
        waits=tuple(wait for wait in case.waits if wait.phase != name),
        tasks=tuple(task for task in case.tasks if task.phase != name or task.done),
        chased=tuple(one for one in case.chased if one.subject.partition(":")[2].split(".")[0] != name),
    )


def merge_phases(state: State, loss: Loss, one: Losing) -> State:
    return state  # `alike` does not tell them apart


def change(state: State, **changes: Any) -> State:
    return replace(state, case=replace(state.case, **changes))


LOST: dict[str, Callable[[State, Loss, Losing], State]] = {
    "checkpoint_gone": lose_tick,
    "date_dropped": lose_date,
    "document_gone": lose_document,
    "done_again": lose_phase,
    "skip_forgotten": lose_phase,
    "phases_merged": merge_phases,
}
"""What each loss takes from the state that the way back brings, and nothing else."""
