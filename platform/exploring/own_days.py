"""The days that a plan itself names in a filing: targets, escalations, deadlines, as far as known."""

from datetime import date

from ..days import DAY
from ..filing.rules import Rules
from ..plan import DateRule, Plan


class OwnDays:
    """Finds the days that one plan names; they are worked out once for each filing's facts."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rules_of_days = tuple(_list_rules(plan))
        self._known: dict[int, tuple[Rules, frozenset[date], date]] = {}

    @property
    def count_from_phases(self) -> bool:
        """Say whether a day counts from the end of a phase."""
        return any(rule.anchor.startswith("phases.") for rule in self.rules_of_days)

    def days(self, rules: Rules) -> frozenset[date]:
        """Return the days that the plan names here, with the day after each deadline."""
        return self._find(rules)[1]

    def last(self, rules: Rules) -> date:
        """Return the last of them."""
        return self._find(rules)[2]

    def _find(self, rules: Rules) -> tuple[Rules, frozenset[date], date]:
        known = self._known.get(id(rules))
        if known is None or known[0] is not rules:
            found = {rules.target_day(rule) for rule in self.rules_of_days}
            found |= {rules.earliest_day(one.id) for one in self.plan.deadlines}
            due = {rules.deadline_day(one.id) for one in self.plan.deadlines}
            days = {day for day in found | due if day} | {day + DAY for day in due if day}
            days.add(rules.origin.start_date)
            known = self._known[id(rules)] = (rules, frozenset(days), max(days))
        return known


def _list_rules(part: object) -> list[DateRule]:
    """Return every date rule of a plan, wherever the language puts one."""
    if isinstance(part, DateRule):
        return [part]
    if isinstance(part, tuple):
        return [rule for item in part for rule in _list_rules(item)]
    fields = getattr(part, "__struct_fields__", ())
    return [rule for name in fields for rule in _list_rules(getattr(part, name))]
