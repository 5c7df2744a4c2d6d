"""What becomes of a move that waits for a safe point: judged by what moves, and by what was shown of it."""

from datetime import datetime
from typing import Literal

from ..plan import Plan
from .events import Actor, Move, MoveDropped, MoveWhenSafe
from .moving import Cannot, Later, Moved
from .moving.left_out import LEFT_OUT
from .outcome import Refusal
from .previewing import preview, refuse_otherwise, refuse_verdict
from .saying_moves import say_effects, say_verdict
from .state import State
from .step import NOT_THIS_PLAN


def find_due(plan: Plan, newer: Plan, state: State, at: datetime) -> Move | MoveDropped | None:
    """Return the event that follows by itself from a move that waits, to `newer`; None while it waits on.

    Pure, as `next_wake` is for ticks: who runs a filing takes it after every other event. It is the move
    where that is safe and does nothing that was not shown, else that it was dropped.
    """
    waiting = state.case.move
    if waiting is None or waiting.dropped or state.case.ended:
        return None
    verdict, effects = preview(plan, newer, state, waiting.mapping, at)
    if not waiting.tells_left_out:  # asked for before that was told: judged as it was
        effects = tuple(one for one in effects if one.code not in LEFT_OUT)
    if isinstance(verdict, Later):
        return None
    if not isinstance(verdict, Moved):
        return _drop(
            at, "cannot" if isinstance(verdict, Cannot) else "stays", say_verdict(plan, newer, verdict)
        )
    more = [one for one in effects if one not in waiting.told]
    if more:
        said = " ".join(say_effects(plan, newer, more))
        return _drop(at, "changed", f"Het zou nu meer doen dan is bekeken toen het werd gevraagd: {said}")
    return Move(
        at=at,
        id=f"{waiting.id}-moved",
        by=Actor(kind="team", id=waiting.by),
        before=waiting.before,
        plan=waiting.plan,
        mapping=waiting.mapping,
        told=effects,
        reason=waiting.reason,
        asked=waiting.at,
    )


def _drop(at: datetime, why: Literal["cannot", "stays", "changed"], text: str) -> MoveDropped:
    return MoveDropped(at=at, code=why, text=text)


def refuse_waiting(old: Plan, new: Plan | None, state: State, act: MoveWhenSafe) -> Refusal | None:
    """Return why a move is not to wait: it never comes to one, or would do what was not shown."""
    if state.case.ended or any(one.id == act.id for one in state.journal.answered):
        return None  # `step` answers
    if new is None:
        return NOT_THIS_PLAN
    found = preview(old, new, state, act.mapping, act.at, later=True)
    refusal = None if isinstance(found.verdict, Later) else refuse_verdict(old, new, found.verdict)
    return refusal or refuse_otherwise(old, new, found.effects, act.told)
