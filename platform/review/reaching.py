"""The ways through a plan from its start, and whether one of them gets somewhere without some of its phases.

A phase with a condition is taken to be done: that a condition holds less often is told of what it is on.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from typing import NamedTuple

from ..plan import Logic, Phase, Plan
from .cases import ALWAYS, Cases, add_condition, join_cases
from .documents import number_stages
from .narrowing import When, both

WAIT, OFFER, ON = "wait given up", "offer ended", "goes on"
"""The ways without an outcome, as if these were their ids."""


class Leaving(NamedTuple):
    """A way in which a phase is left, with where it leads: a phase, an end, or else the next phase."""

    id: str
    title: str
    then: str | None
    end: str | None
    condition: When


def list_leaving(phase: Phase) -> Iterator[Leaving]:
    """Yield the ways in which a phase is left by a choice, or without being done."""
    for one in phase.outcomes:
        yield Leaving(one.id, one.title, one.then, one.end, one.condition)
    if phase.chase and phase.chase.give_up:
        yield Leaving(WAIT, "", phase.chase.give_up.then, phase.chase.give_up.end, None)
    if phase.offer and phase.offer.may_end:
        yield Leaving(OFFER, "", None, phase.offer.may_end, None)


class Step(NamedTuple):
    """A step from one stage to another, by which way of which phase; that after the last is the end."""

    start: int
    to: int
    phase: str
    id: str
    title: str
    condition: When


class Ways:
    """The steps of a plan, its stages numbered from 1."""

    def __init__(self, plan: Plan) -> None:
        self.places = number_stages(plan)
        self.end = max(self.places.values(), default=0) + 1
        self.stages: dict[int, list[Phase]] = {}
        for phase in plan.phases:
            self.stages.setdefault(self.places[phase.id], []).append(phase)
        self.steps = tuple(step for place in self.stages for step in self._list_steps(place))

    def _list_steps(self, place: int) -> Iterator[Step]:
        phases = self.stages[place]
        for phase in phases:
            for one in list_leaving(phase):
                if one.end is None and (one.then or len(phases) == 1):
                    to = self.places.get(one.then, place + 1) if one.then else place + 1
                    yield Step(place, to, phase.id, one.id, one.title, both(phase.condition, one.condition))
        passed = [phase.condition for phase in phases if phase.outcomes] if len(phases) == 1 else []
        if not passed or passed[0] is not None:
            condition = Logic(by="not", of=(passed[0],)) if passed and passed[0] else None
            yield Step(place, place + 1, phases[0].id, ON, "", condition)

    def leave_out(self, phase: str, way: str) -> "Ways":
        """Return the same without a way to leave a phase."""
        fewer = copy(self)
        fewer.steps = tuple(one for one in self.steps if (one.phase, one.id) != (phase, way))
        return fewer

    def reach(self, without: Iterable[str], goal: str | None) -> dict[int, Cases]:
        """Return when each stage is reached with none of these phases done, up to a phase, or to the end.

        Stages that are never reached so are not among them.
        """
        barred, last = frozenset(without), self._place(goal)
        reached: dict[int, Cases] = {} if goal in barred else {1: ALWAYS}
        for step in self.steps:
            if step.start in reached and step.to <= last and self._is_free(step, barred):
                so = add_condition(reached[step.start], step.condition)
                reached[step.to] = join_cases(reached[step.to], so) if step.to in reached else so
        return reached

    def is_after(self, goal: str | None, phases: Iterable[str]) -> bool:
        """Say whether a phase, or the end, comes after one of some phases or is it."""
        return any(self.places[one] <= self._place(goal) for one in phases)

    def is_late(self, goal: str | None, phase: str) -> bool:
        """Say whether a phase does not come before another, or before the end."""
        return self.places[phase] >= self._place(goal)

    def find_cases(self, without: Iterable[str], goal: str | None) -> tuple[bool, Cases]:
        """Return whether a phase, or the end, is reached with none of these done, and when."""
        reached = self.reach(without, goal)
        return self._place(goal) in reached, reached.get(self._place(goal))

    def list_used(self, without: Iterable[str], goal: str | None) -> Iterator[Step]:
        """Yield the steps by which that is reached so."""
        barred, last = frozenset(without), self._place(goal)
        reached, back = self.reach(barred, goal), {last}
        used = []
        for step in reversed(self.steps):
            if step.to in back and step.start in reached and self._is_free(step, barred):
                back.add(step.start)
                used.append(step)
        yield from reversed(used)

    def _place(self, goal: str | None) -> int:
        return self.end if goal is None else self.places[goal]

    def _is_free(self, step: Step, barred: frozenset[str]) -> bool:
        """Say whether a step leaves a stage without one of its phases being done: given up is not done."""
        inside = {phase.id for phase in self.stages[step.start]} & barred
        return not inside or (step.id == WAIT and inside == {step.phase})


def lies_on_every_way(plan: Plan, phase: str, goal: str | None) -> bool:
    """Say whether a phase comes before another, or the end, on each way through a plan, or is that phase."""
    return not Ways(plan).find_cases((phase,), goal)[0]
