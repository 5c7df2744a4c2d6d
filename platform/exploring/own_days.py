"""The days that a plan itself names in a filing: targets, escalations, deadlines, as far as known."""

from collections.abc import Iterable, Iterator
from datetime import date

from ..days import DAY
from ..filing.rules import Rules
from ..filing.turn import Reader
from ..plan import Deadline, Plan
from .reach import Reach, list_date_rules


class OwnDays:
    """Finds the days that one plan names; once for each filing's facts and place.

    A day that hangs on something of the past counts as long as what it is of lies ahead, since that past is
    forgotten then (`normal.py`); a day that is the same in the whole filing always counts.
    """

    def __init__(self, plan: Plan, reach: Reach) -> None:
        self.plan = plan
        self.reach = reach
        self.rules_of_phases = {phase.id: tuple(list_date_rules(phase)) for phase in plan.phases}
        every = (*self.rules_of_phases.values(), tuple(list_date_rules(plan.deadlines)))
        self.count_from_phases = any(rule.anchor.startswith("phases.") for some in every for rule in some)
        """Whether a day counts from the end of a phase."""
        self._known: dict[tuple[int, int], tuple[Rules, frozenset[date], date]] = {}

    def days(self, reader: Reader) -> frozenset[date]:
        """Return the days that the plan names from here on, with the day after each deadline."""
        return self._find(reader)[1]

    def last(self, reader: Reader) -> date:
        """Return the last that a phase ahead names; after it nothing counts from a day of the plan."""
        return self._find(reader)[2]

    def _find(self, reader: Reader) -> tuple[Rules, frozenset[date], date]:
        rules, ahead = reader.rules, self.reach.find_ahead(reader)
        known = self._known.get((id(rules), id(ahead)))
        if known is None or known[0] is not rules:
            coming = set(self._list_ahead(rules, ahead))
            days = coming | set(self._list_fixed(rules)) | {rules.origin.start_date}
            last = max(coming, default=rules.origin.start_date)
            known = self._known[id(rules), id(ahead)] = (rules, frozenset(days), last)
        return known

    def _list_ahead(self, rules: Rules, ahead: frozenset[str]) -> Iterator[date]:
        """Yield the days that phases ahead name, or that are of a deadline which they meet."""
        some = (rule for name in ahead for rule in self.rules_of_phases[name])
        yield from (day for rule in some if (day := rules.target_day(rule)))
        met = (one for one in self.plan.deadlines if self.reach.is_met_ahead(one.id, ahead))
        yield from _list_days(rules, met)

    def _list_fixed(self, rules: Rules) -> Iterator[date]:
        """Yield the days that are the same in the whole filing."""
        every = (rule for some in self.rules_of_phases.values() for rule in some)
        fixed = (rule for rule in every if not self.reach.hangs_on_past(rule))
        yield from (day for rule in fixed if (day := rules.target_day(rule)))
        yield from _list_days(rules, (d for d in self.plan.deadlines if not self.reach.hangs_on_past(d)))


def _list_days(rules: Rules, deadlines: Iterable[Deadline]) -> Iterator[date]:
    """Yield the days of deadlines, the day after each, and the first day of each."""
    for one in deadlines:
        due, earliest = rules.deadline_day(one.id), rules.earliest_day(one.id)
        if due:
            yield from (due, due + DAY)
        if earliest:
            yield earliest
