"""The days that a plan itself names in a filing: targets, escalations, deadlines, as far as known."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ..days import DAY
from ..filing.rules import Rules
from ..filing.state import Origin
from ..filing.turn import Reader
from ..plan import DateRule, Deadline, Plan
from .possible_days import PossibleDay, PossibleDays
from .reach import Past, Reach, list_date_rules

DAYS_TO_ACT = 14
"""How long after a day that a plan names people act while nothing is waited for; then they wait for the next.

Nothing else bounds the days on which they could: each round of informing a client ends on another one.
"""

DAYS_AFTER = 92
"""How long after the last day of all a filing is looked at where it counts which day it is, as of months."""


def count_days_to_act(plan: Plan) -> int:
    """Return that number of days for one plan, with room for the time that a client has to object."""
    longest = max((phase.offer.workdays_to_object for phase in plan.phases if phase.offer), default=0)
    return max(DAYS_TO_ACT, 2 * longest)


class _Named(NamedTuple):
    """The days that a plan names by some rules; `last` is that of phases ahead."""

    rules: Rules
    days: frozenset[date]
    last: date
    last_fixed: date
    """The last that does not lie so many days from what is learned in the filing."""


class OwnDays:
    """Finds the days that one plan names; once for each filing's facts and place.

    A day that hangs on something of the past counts as long as what it is of lies ahead, since that past is
    forgotten then (`normal.py`); a day that is the same in the whole filing always counts. Which days are,
    `begun` says: the reach of the plan as the start left it, where the plan has what was settled since too.
    """

    def __init__(self, plan: Plan, reach: Reach, begun: Reach | None = None) -> None:
        self.plan = plan
        self.reach = reach
        self.begun = begun or reach
        self.days_to_act = count_days_to_act(plan)
        self.rules_of_phases = {phase.id: tuple(list_date_rules(phase)) for phase in plan.phases}
        every = (*self.rules_of_phases.values(), tuple(list_date_rules(plan.deadlines)))
        self.count_from_phases = any(rule.anchor.startswith("phases.") for some in every for rule in some)
        """Whether a day counts from the end of a phase."""
        dues = (phase.due for phase in plan.phases if phase.due)
        monthly = (*list_date_rules(plan.deadlines), *dues)
        self._shared = tuple(rule for rule in monthly if _counts_in_months(rule))
        """Rules that count in months, and from which rules of other phases can count."""
        self._in_months: dict[int, tuple[frozenset[str], bool]] = {}
        self._known: dict[tuple[int, int], _Named] = {}

    def days(self, reader: Reader) -> frozenset[date]:
        """Return the days that the plan names from here on, with the day after each deadline."""
        return self._find(reader).days

    def last(self, reader: Reader) -> date:
        """Return the last that a phase ahead names; after it nothing counts from a day of the plan."""
        return self._find(reader).last

    def list_fixed(self, rules: Rules) -> tuple[date, ...]:
        """Return the days that are the same in the whole filing, in their order."""
        return tuple(sorted(set(self._list_fixed(rules))))

    def count_in_months(self, ahead: frozenset[str]) -> bool:
        """Say whether a day can still come from which months are counted: these have not all as many days."""
        known = self._in_months.get(id(ahead))
        if known is None:
            own = (one for name in ahead for one in self.rules_of_phases[name] if _counts_in_months(one))
            counts = any(self.reach.can_become_another(one, ahead) for one in (*self._shared, *own))
            known = self._in_months[id(ahead)] = (ahead, counts)
        return known[1]

    def is_past_fixed(self, reader: Reader) -> bool:
        """Say whether days count from today alone, though some are to come: all lie so many days from others.

        Those that are the same in the whole filing have passed, so that it goes on alike a week later.
        """
        today, closed = reader.state.journal.at.date(), find_last_closed(reader.state.origin)
        named = self._find(reader)
        if not named.last_fixed < today <= named.last or self.is_each_day_another(reader):
            return False
        ahead = self.reach.find_ahead(reader)
        learned = (day for past, day in self._list_learned(reader) if self.reach.is_read(past, ahead))
        return closed is None or all(day > closed for day in learned)

    def is_past_bound(self, reader: Reader) -> bool:
        """Say whether a filing is looked at no further: long after its last day it counts which day it is."""
        last = self.last(reader)
        closed = find_last_closed(reader.state.origin) or last
        if (reader.state.journal.at.date() - max(last, closed)).days <= DAYS_AFTER:
            return False
        return self.is_each_day_another(reader)

    def is_each_day_another(self, reader: Reader) -> bool:
        """Say whether days after the last that the plan names are told apart."""
        ahead = self.reach.find_ahead(reader)
        return self.count_in_months(ahead) or self._counts_over_closed_days(reader, ahead)

    def _counts_over_closed_days(self, reader: Reader, ahead: frozenset[str]) -> bool:
        """Say whether working days can be counted over a closed day, from today or from a day that counts."""
        closed = find_last_closed(reader.state.origin)
        if closed is None:
            return False
        if reader.state.journal.at.date() <= closed:
            return True
        return any(
            day <= closed and self.reach.is_read(past, ahead) and not self.reach.is_read_alone(past, ahead)
            for past, day in self._list_learned(reader)
        )

    def _list_learned(self, reader: Reader) -> Iterator[tuple[Past, date]]:
        """Yield the days that became known in a filing: recorded, or of the end of a phase."""
        for fact in reader.case.facts:
            if isinstance(fact.value, str) and self._is_date(fact.id):
                yield ("facts", fact.id), date.fromisoformat(fact.value)
        for phase in reader.case.phases:
            if phase.ended:
                yield ("phases", phase.id), phase.ended.date()

    def _is_date(self, fact: str) -> bool:
        return any(one.id == fact and one.type == "date" for one in self.plan.facts)

    def _find(self, reader: Reader) -> _Named:
        rules, ahead = reader.rules, self.reach.find_ahead(reader)
        known = self._known.get((id(rules), id(ahead)))
        if known is None or known.rules is not rules:
            coming: dict[date, bool] = dict(self._list_ahead(rules, ahead))
            fixed = {*self._list_fixed(rules), rules.origin.start_date}
            last = max(coming, default=rules.origin.start_date)
            last_fixed = max((*fixed, *(day for day, shifts in coming.items() if not shifts)))
            days = frozenset((*coming, *fixed))
            known = self._known[id(rules), id(ahead)] = _Named(rules, days, last, last_fixed)
        return known

    def _list_ahead(self, rules: Rules, ahead: frozenset[str]) -> Iterator[PossibleDay]:
        """Yield the days that phases ahead can name, or that are of a deadline which they meet.

        One that does not shift comes last, where another does that is the same.
        """
        days = PossibleDays(self.plan, self.reach, rules, ahead)
        found = [day for name in ahead for one in self.rules_of_phases[name] for day in days.list_of(one)]
        for one in self.plan.deadlines:
            if self.reach.is_met_ahead(one.id, ahead):
                found += days.list_first(one)
                found += [
                    PossibleDay(on, day.shifts)
                    for day in days.list_last(one)
                    for on in (day.on, day.on + DAY)
                ]
        yield from sorted(found, key=lambda day: not day.shifts)

    def _list_fixed(self, rules: Rules) -> Iterator[date]:
        """Yield the days that are the same in the whole filing."""
        every = (rule for some in self.rules_of_phases.values() for rule in some)
        fixed = (rule for rule in every if not self.begun.hangs_on_past(rule))
        yield from (day for rule in fixed if (day := rules.target_day(rule)))
        deadlines = self.begun.plan.deadlines
        yield from _list_days(rules, (d for d in deadlines if not self.begun.hangs_on_past(d)))


def find_last_closed(origin: Origin) -> date | None:
    """Return the last closed day of the calendars of a filing."""
    calendars = origin.calendars
    return max((day for some in (calendars.office, calendars.law) for day in some), default=None)


def _counts_in_months(rule: DateRule) -> bool:
    return bool(rule.months) or rule.day is not None


def _list_days(rules: Rules, deadlines: Iterable[Deadline]) -> Iterator[date]:
    """Yield the days of deadlines, the day after each, and the first day of each."""
    for one in deadlines:
        due, earliest = rules.deadline_day(one.id), rules.earliest_day(one.id)
        if due:
            yield from (due, due + DAY)
        if earliest:
            yield earliest
