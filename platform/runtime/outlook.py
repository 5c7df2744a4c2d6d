"""What follows from where a filing stands, worked out once for each state and not at every look."""

from datetime import datetime

from ..filing.events import AnyAct, AnyMove
from ..filing.outcome import Refusal, Step
from ..filing.state import State
from ..filing.step import step
from ..filing.turn import Reader
from ..filing.waits import next_wake
from ..plan import Plan
from .search_attributes import Findable, read_search_attributes


class Outlook:
    """Kept for one state and one plan at a time; all of it is pure, so that replays need nothing of it."""

    def __init__(self) -> None:
        self._of: tuple[Plan, State] | None = None
        self._wake: datetime | None = None
        self._wake_known = False
        self._findable: Findable | None = None
        self._tried: tuple[AnyAct | AnyMove, Step] | None = None

    def next_wake(self, plan: Plan, state: State) -> datetime | None:
        """Return the office time of the earliest waiting date."""
        self._look_at(plan, state)
        if not self._wake_known:
            self._wake, self._wake_known = next_wake(plan, state), True
        return self._wake

    def findable(self, plan: Plan, state: State) -> Findable:
        """Return what the server finds the filing by."""
        self._look_at(plan, state)
        if self._findable is None:
            self._findable = read_search_attributes(Reader(plan, state))
        return self._findable

    def keep(self, plan: Plan, state: State, act: AnyAct | AnyMove, outcome: Step) -> None:
        """Keep what an act that was only tried in this state would lead to."""
        self._look_at(plan, state)
        self._tried = (act, outcome)

    def take(self, plan: Plan, state: State, act: AnyAct | AnyMove) -> Step | Refusal:
        """Take an act; what was found when it was tried in this very state, at this very moment, stands."""
        if self._tried and self._is_of(plan, state) and self._tried[0] == act:
            return self._tried[1]
        return step(plan, state, act)

    def _is_of(self, plan: Plan, state: State) -> bool:
        return self._of is not None and self._of[0] is plan and self._of[1] is state

    def _look_at(self, plan: Plan, state: State) -> None:
        if not self._is_of(plan, state):
            self._of = (plan, state)
            self._wake, self._wake_known, self._findable, self._tried = None, False, None, None
