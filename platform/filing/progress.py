"""What follows by itself after every event: phases end, the next are entered, the filing ends.

Phases run in order; neighbours of one group run side by side and meet again before the next.
"""

from collections.abc import Iterator
from itertools import groupby

from ..plan import Phase
from . import deliveries, offers
from .conditions import holds
from .dates import has_come, target_day
from .events import SYSTEM
from .phases import end, enter, finish, send_back, skip
from .state import Ended
from .turn import Turn, is_active, offer_state, phase_state

OVER = ("completed", "skipped")


def advance(turn: Turn) -> None:
    """Go on as far as it goes without anybody or any date."""
    while not turn.state.ended and (_leave_one(turn) or _enter_one(turn)):
        pass


def entering(turn: Turn) -> list[Phase]:
    """Return the phases whose turn it is and that are not entered yet, those skipped by condition aside."""
    stage = next((s for s in _stages(turn) if not _is_over(turn, s)), [])
    return [
        phase
        for phase in stage
        if phase_state(turn.state, phase.id).status == "pending" and holds(phase.condition, turn.values)
    ]


def _stages(turn: Turn) -> Iterator[list[Phase]]:
    for key, phases in groupby(turn.plan.phases, key=lambda p: p.group or f"phase {p.id}"):
        yield list(phases) if key else []


def _is_over(turn: Turn, stage: list[Phase]) -> bool:
    return all(phase_state(turn.state, phase.id).status in OVER for phase in stage)


def _enter_one(turn: Turn) -> bool:
    """Enter or skip one phase of the current stage, or end the filing after the last."""
    stage = next((s for s in _stages(turn) if not _is_over(turn, s)), None)
    if stage is None:
        end(turn, Ended(how="completed", at=turn.now, by=SYSTEM.id))
        return True
    for phase in stage:
        if phase_state(turn.state, phase.id).status != "pending":
            continue
        if not holds(phase.condition, turn.values):
            skip(turn, phase)
            return True
        if _may_enter(turn, phase):
            enter(turn, phase)
            _begin(turn, phase)
            return True
    return False


def _may_enter(turn: Turn, phase: Phase) -> bool:
    origin = turn.state.origin
    day = target_day(turn.plan, origin, phase.not_before) if phase.not_before else None
    return has_come(origin, day, turn.now)


def _begin(turn: Turn, phase: Phase) -> None:
    if phase.offer:
        offers.begin(turn, phase)
    if phase.deliver and has_come(turn.state.origin, deliveries.delivery_day(turn, phase), turn.now):
        deliveries.begin(turn, phase, phase.deliver)


def _leave_one(turn: Turn) -> bool:
    """Leave one active phase whose offer or delivery has ended, forward or back."""
    for phase in turn.plan.phases:
        if is_active(turn.state, phase.id) and (_leave_offer(turn, phase) or _leave_delivery(turn, phase)):
            return True
    return False


def _leave_offer(turn: Turn, phase: Phase) -> bool:
    offer = offer_state(turn.state, phase.id) if phase.offer else None
    if offer is None or offer.outcome is None:
        return False
    if offer.outcome == "rejected":
        send_back(turn, phase, offer.ended_by, "De klant is niet akkoord.")
    else:
        offers.lapse_stalls(turn, phase)
        finish(turn, phase, offer.ended_by)
    return True


def _leave_delivery(turn: Turn, phase: Phase) -> bool:
    delivery = deliveries.delivery_state(turn.state, phase.id) if phase.deliver else None
    if delivery is None or delivery.status not in ("accepted", "refused"):
        return False
    if delivery.status == "accepted":
        finish(turn, phase, SYSTEM.id)
    else:
        send_back(turn, phase, SYSTEM.id, f"{delivery.code}: {delivery.text}")
    return True
