"""The days on which rules of a plan can fall from where a filing is, whatever becomes known in it.

Of a condition that can still turn out otherwise both sides count, and a rule counts from every day that a
deadline or a target can have. What is learned is another day in each filing, also once it is known, since
filings a week apart can be one state: beside its day it stands for one that nobody knows.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import NamedTuple

from ..days import apply_date_rule
from ..filing.rules import Rules, choose_day
from ..plan import DateRule, Deadline, Expression, Plan
from .reach import Reach


class PossibleDay(NamedTuple):
    """A day; `shifts` where it lies so many days from one that is learned, whichever that is."""

    on: date
    shifts: bool


Possible = frozenset[PossibleDay | None]
"""Days, with None for one that is not known, or not there."""
UNKNOWN: Possible = frozenset((None,))


class PossibleDays:
    """Works out the days of one plan by what is known now, with these phases ahead."""

    def __init__(self, plan: Plan, reach: Reach, rules: Rules, ahead: frozenset[str]) -> None:
        self.plan = plan
        self.reach = reach
        self.rules = rules
        self.ahead = ahead
        self._deadlines: dict[str, Possible] = {}

    def list_of(self, rule: DateRule) -> Iterator[PossibleDay]:
        """Yield the days of a rule of a phase."""
        yield from filter(None, self._count(rule, self.rules.origin.calendars.office))

    def list_last(self, deadline: Deadline) -> Iterator[PossibleDay]:
        """Yield the days of a deadline."""
        yield from filter(None, self._find_last(deadline))

    def list_first(self, deadline: Deadline) -> Iterator[PossibleDay]:
        """Yield the days from which the authority takes what is delivered for a deadline."""
        if deadline.earliest and self._can_hold(deadline.condition):
            yield from filter(None, self._count(deadline.earliest, self.rules.calendar_of(deadline)))

    def _find_last(self, deadline: Deadline) -> Possible:
        found = self._deadlines.get(deadline.id)
        if found is None:
            found = self._deadlines[deadline.id] = frozenset(self._list_last(deadline))
        return found

    def _list_last(self, deadline: Deadline) -> Iterator[PossibleDay | None]:
        if not self._is_certain(deadline.condition):
            yield None
        if not self._can_hold(deadline.condition):
            return
        closed = self.rules.calendar_of(deadline)
        latest = self._count(deadline.latest, closed) if deadline.latest else UNKNOWN
        for choice in deadline.due:
            if not self._can_hold(choice.condition):
                continue
            for day, cap in product(self._count(choice.rule, closed), latest):
                on = choose_day(deadline, day and day.on, cap and cap.on, closed)
                shifts = all(one.shifts for one in (day, cap) if one)
                yield PossibleDay(on, shifts=shifts) if on else None
            if self._is_certain(choice.condition):
                return

    def _count(self, rule: DateRule, closed: tuple[date, ...]) -> Possible:
        in_months = bool(rule.months) or rule.day is not None
        return frozenset(
            one and PossibleDay(apply_date_rule(rule, one.on, closed), shifts=one.shifts and not in_months)
            for one in self._find_anchors(rule)
        )

    def _find_anchors(self, rule: DateRule) -> Possible:
        group, _, name = rule.anchor.partition(".")
        if group == "deadlines":
            return self._find_last(self.plan.deadline(name))
        if group == "targets":
            due = self.plan.phase(name).due
            return self._count(due, self.rules.origin.calendars.office) if due else UNKNOWN
        day, is_learned = self.rules.anchor_day(rule), group in ("facts", "phases")
        known: Possible = frozenset((PossibleDay(day, shifts=is_learned),)) if day else frozenset()
        return known | UNKNOWN if is_learned else known

    def _can_hold(self, condition: Expression | None) -> bool:
        return self._can_change(condition) or self.rules.holds(condition)

    def _is_certain(self, condition: Expression | None) -> bool:
        return not self._can_change(condition) and self.rules.holds(condition)

    def _can_change(self, condition: Expression | None) -> bool:
        return condition is not None and self.reach.can_become_another(condition, self.ahead)
