"""Following the events of a filing along the plans that it was moved to."""

from collections.abc import Callable, Iterable

from ..plan import Plan
from .events import AnyEvent, Move
from .outcome import Refusal, Step
from .state import State
from .step import step

FindPlan = Callable[[str], Plan]
"""Returns a plan by the digest of its stored bytes."""


def take(plan: Plan, state: State | None, event: AnyEvent, find: FindPlan) -> tuple[Plan, Step | Refusal]:
    """Take an event, a move too; return the plan that the filing is on after it, and what `step` answers.

    Raises what `find` raises for the plan that a move goes to.
    """
    newer = find(event.plan) if isinstance(event, Move) else None
    outcome = step(plan, state, event, newer)
    moved = newer is not None and isinstance(outcome, Step) and not outcome.repeated
    return (newer if newer and moved else plan), outcome


def find_first(latest: str, events: Iterable[AnyEvent]) -> str:
    """Return the digest of the plan that a filing was on before its last events; it is on `latest` now."""
    return next((event.before for event in events if isinstance(event, Move)), latest)
