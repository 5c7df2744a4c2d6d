"""Acts that are asked now, beside acts that a history holds: a later refusal is for the new ones alone.

`step` takes again whatever was once taken, or a workflow's history no longer replays and a filing cannot be
made again from its recorded steps. So what an earlier version took, and is to be refused from now on, is
refused here, before an act becomes history: the workflow's validator and simulations ask it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..plan import Plan
from .audiences import refuse_unsigned
from .deliveries_by_hand import refuse_before_approval
from .due_moves import refuse_waiting
from .events import AnyAct, AnyMove, Move, MoveWhenSafe
from .four_eyes import refuse_inside_eyes
from .outcome import Refusal, Step
from .previewing import refuse_move
from .state import State
from .step import step
from .turn import Reader

LATER_REFUSALS: Mapping[str, Callable[[Reader, Any], Refusal | None]] = {
    "attach": refuse_unsigned,
    "record_delivery": refuse_before_approval,
    "waive": refuse_inside_eyes,
}
"""By kind of act what is refused of acts that earlier versions took; asked after all that `step` refuses."""


def take_new(
    plan: Plan, state: State | None, act: AnyAct | AnyMove, newer: Plan | None = None
) -> Step | Refusal:
    """Take an act that is asked now: as `step` does, and refused also for what was allowed once.

    A move needs `newer`, and is refused where it is not safe or would do anything else than was shown; one
    that waits until it is safe, where it never will be.
    """
    if isinstance(act, MoveWhenSafe) and state is not None:
        return refuse_waiting(plan, newer, state, act) or step(plan, state, act)
    if isinstance(act, Move) and state is not None and newer is not None:
        return refuse_move(plan, newer, state, act) or step(plan, state, act, newer)
    outcome = step(plan, state, act)
    if state is None or isinstance(outcome, Refusal) or outcome.repeated:
        return outcome
    refuse = LATER_REFUSALS.get(act.kind)
    return (refuse(Reader(plan, state, act.at), act) if refuse else None) or outcome
