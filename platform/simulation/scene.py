"""A filing as people and the world find it at a moment of a simulation."""

from collections.abc import Collection
from datetime import date, datetime, time
from functools import cached_property

from ..days import add_working_days, move_to_working_day
from ..filing.events import Actor, AnyEvent
from ..filing.permissions import refuse_four_eyes, refuse_role, responsible_roles
from ..filing.state import State
from ..filing.turn import Reader
from ..filing.view import View, WorkItem, list_work, view
from ..plan import Phase, Plan
from .cast import Cast


class Scene:
    """A filing at `now`, with who is there and the events that brought it so far."""

    def __init__(self, plan: Plan, state: State, now: datetime, cast: Cast, events: list[AnyEvent]) -> None:
        self.plan = plan
        self.state = state
        self.now = now
        self.cast = cast
        self.events = events

    @cached_property
    def reader(self) -> Reader:
        """Return the filing as rules are asked of it."""
        return Reader(self.plan, self.state, self.now)

    @cached_property
    def view(self) -> View:
        """Return the filing as people see it."""
        return view(self.plan, self.state)

    @cached_property
    def work(self) -> tuple[WorkItem, ...]:
        """Return what waits for somebody."""
        return () if self.state.case.ended else list_work(self.reader)

    def choose_member(self, phase: Phase) -> Actor | None:
        """Return who of the office acts in a phase: the first whom neither role nor four eyes keeps from it.

        Somebody of its role all the same where they keep everybody from it: the machine says why.
        """
        roles = responsible_roles(self.reader, phase)
        people = [*self.cast.holders(roles), *self._list_assigned(roles)]
        for one in people:
            refusal = refuse_role(self.reader, phase, one) or refuse_four_eyes(self.reader, phase, one)
            if refusal is None:
                return one
        return next(iter(people), None)

    def member_of(self, role: str) -> Actor | None:
        """Return who does the work of a role here."""
        return next(iter([*self._list_assigned((role,)), *self.cast.holders((role,))]), None)

    def moment(self, since: datetime, workdays: int, hour: int) -> datetime:
        """Return when somebody does something: working days after `since`, at an hour, not before now."""
        closed = self.state.origin.calendars.office
        day = move_to_working_day(since.date(), "next_workday", closed)
        at = datetime.combine(add_working_days(day, workdays, closed), time(hour))
        if at >= self.now:
            return at
        today = datetime.combine(self.now.date(), time(hour))
        if is_today(self.now, closed):
            return max(today, self.now)
        return datetime.combine(move_to_working_day(self.now.date(), "next_workday", closed), time(hour))

    def _list_assigned(self, roles: tuple[str, ...]) -> list[Actor]:
        people = (self.reader.assigned_to(role) for role in roles)
        return [self.cast.team[one] for one in people if one in self.cast.team]


def is_today(now: datetime, closed: Collection[date]) -> bool:
    """Say whether the day of a moment is one on which the office works."""
    return move_to_working_day(now.date(), "next_workday", closed) == now.date()
