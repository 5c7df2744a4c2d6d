"""The first day on which each phase of a plan can begin, in one period, as far as days that hold it up tell.

By the quickest way through the plan, if everybody does everything on the first day on which it can be done.
What hangs on what is recorded, on another filing or on a notice holds nothing up here.
"""

from datetime import date

from ..drawing.year import Dates
from ..plan import DateRule, DayAwaited, Phase, Plan, WaitFor
from .reaching import WAIT, Step, Ways


def find_first_days(plan: Plan, dates: Dates) -> dict[str, date]:
    """Return the first day of each phase, by its id, those that no way leads to left out."""
    return _Search(plan, dates).find()


class _Search:
    def __init__(self, plan: Plan, dates: Dates) -> None:
        self.dates = dates
        self.ways = Ways(plan)
        self.first: dict[str, date] = {}

    def find(self) -> dict[str, date]:
        """Return the first day of each phase."""
        begins = {1: self.dates.start}
        for place, phases in self.ways.stages.items():
            if place not in begins:
                continue
            for phase in phases:
                self.first[phase.id] = max([begins[place], *self._list_days(phase.not_before, phase)])
            for step in self.ways.steps:
                if step.start == place:
                    day = self._find_end(step, begins[place])
                    begins[step.to] = min(day, begins.get(step.to, day))
        return self.first

    def _find_end(self, step: Step, begins: date) -> date:
        """Return the first day a stage can be left by a step; what may be skipped counts for nothing."""
        days = [begins]
        for phase in self.ways.stages[step.start]:
            if phase.condition is None:
                days.append(self.first[phase.id])
                days += self._list_waits(step, phase)
        return max(days)

    def _list_waits(self, step: Step, phase: Phase) -> list[date]:
        if not isinstance(phase.block, WaitFor):
            return []
        if step.id == WAIT and step.phase == phase.id and phase.chase and phase.chase.give_up:
            return self._list_days(phase.chase.give_up.on, phase)
        awaited = phase.block.awaited
        known = [
            day for one in awaited if isinstance(one, DayAwaited) for day in self._list_days(one.on, phase)
        ]
        return [min(known)] if known and len(known) == len(awaited) else []

    def _list_days(self, rule: DateRule | None, phase: Phase) -> list[date]:
        """Return the day of a rule, the first that can be from the end of a phase; none where unknown."""
        if rule is None:
            return []
        other = rule.anchor.removeprefix("phases.")
        if other != rule.anchor:
            ended = self.first.get(other)
            sure = ended is not None and not self.ways.find_cases((other,), phase.id)[0]
            certain = sure and all(one.condition is None for one in self._find(other))
            return [self.dates.count(rule, ended)] if ended and certain else []
        day = self.dates.day(rule)
        return [day] if day else []

    def _find(self, phase: str) -> list[Phase]:
        return [one for one in self.ways.stages[self.ways.places[phase]] if one.id == phase]
