"""The days that a plan itself names in a filing: targets, escalations, deadlines, as far as known."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ..days import DAY
from ..filing.rules import Rules
from ..filing.turn import Reader
from ..plan import DateRule, Plan
from .reach import Reach


class OwnDays:
    """Finds the days that one plan names; once for each filing's facts and place.

    A day that hangs on something of the past counts as long as what it is of lies ahead, since that past is
    forgotten then (`normal.py`); a day that is the same in the whole filing always counts.
    """

    def __init__(self, plan: Plan, reach: Reach) -> None:
        self.plan = plan
        self.reach = reach
        self.rules_of_phases = {phase.id: tuple(_list_rules(phase)) for phase in plan.phases}
        every = (*self.rules_of_phases.values(), tuple(_list_rules(plan.deadlines)))
        self.count_from_phases = any(rule.anchor.startswith("phases.") for some in every for rule in some)
        """Whether a day counts from the end of a phase."""
        self._known: dict[tuple[int, int], tuple[Rules, frozenset[date], date]] = {}

    def days(self, reader: Reader) -> frozenset[date]:
        """Return the days that the plan names from here on, with the day after each deadline."""
        return self._find(reader)[1]

    def last(self, reader: Reader) -> date:
        """Return the last of them."""
        return self._find(reader)[2]

    def _find(self, reader: Reader) -> tuple[Rules, frozenset[date], date]:
        rules, ahead = reader.rules, self.reach.find_ahead(reader)
        known = self._known.get((id(rules), id(ahead)))
        if known is None or known[0] is not rules:
            found = {
                rules.target_day(rule)
                for name, some in self.rules_of_phases.items()
                for rule in some
                if name in ahead or not self.reach.hangs_on_past(rule)
            }
            open_ = [
                one.id
                for one in self.plan.deadlines
                if self.reach.is_met_ahead(one.id, ahead) or not self.reach.hangs_on_past(one)
            ]
            found |= {rules.earliest_day(name) for name in open_}
            due = {rules.deadline_day(name) for name in open_}
            days = {day for day in found | due if day} | {day + DAY for day in due if day}
            days.add(rules.origin.start_date)
            known = self._known[id(rules), id(ahead)] = (rules, frozenset(days), max(days))
        return known


def _list_rules(part: Any) -> Iterator[DateRule]:
    """Yield every date rule of a part of a plan, wherever the language puts one."""
    if isinstance(part, DateRule):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _list_rules(item)
    else:
        for name in getattr(part, "__struct_fields__", ()):
            yield from _list_rules(getattr(part, name))
