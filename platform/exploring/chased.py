"""Reminders and escalations in the normal form of a state: which may still come, which of the past count."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property

from ..data import Struct, replace
from ..filing.chases import (
    Waiting,
    escalation_day,
    find_begin,
    give_up_day,
    is_given_time,
    list_waiting,
    phase_of,
)
from ..filing.permissions import request_subject
from ..filing.requests import find_request
from ..filing.state import Chased
from ..filing.turn import Reader
from ..plan import Chase, DateRule, Phase
from .possible_days import PossibleDays
from .reach import Reach

DAYS_BACK = 31
"""At most so many days before a day that is learned something that counts from it escalates."""

LONG_AGO = datetime(2000, 1, 1)
"""Stands for a moment that does not count."""


class ChaseForms:
    """How one state is chased, with these phases ahead of it and of these that are active."""

    def __init__(self, reach: Reach, reader: Reader, ahead: frozenset[str], active: dict[str, Phase]) -> None:
        self.reach = reach
        self.reader = reader
        self.ahead = ahead
        self.active = active
        self.today = reader.state.journal.at.date()
        self.waiting = {
            waiting.subject: waiting
            for phase in self.active.values()
            for waiting in list_waiting(reader, phase)
        }

    def list_chased(self, chased: tuple[Chased, ...]) -> tuple[Chased, ...]:
        """Return the forms of how active phases were chased that make a difference."""
        forms = [self._write_chased(one) for one in chased if self._is_chased(one)]
        return tuple([one for one in forms if one.reminded or one.escalated])

    def _is_chased(self, one: Chased) -> bool:
        return one.subject.partition(":")[2].partition(".")[0] in self.active

    def _write_chased(self, one: Chased) -> Chased:
        """Return whether it was escalated, and of how many reminders the limit counts that may still come."""
        kind, _, of = one.subject.partition(":")
        subject = f"{kind}:{without_round(of) if kind in ('request', 'task') else of}"
        chase = self._find_chase(kind, of)
        counts = chase is not None and chase.remind is not None and chase.remind.at_most is not None
        if counts and chase is not None:
            waiting = self.waiting.get(one.subject)
            if waiting is None or one.subject in self.asking_more:
                counts = self._can_be_limited(Waiting(one.subject, "", chase, None))
            else:
                counts = self._is_limited(waiting)
        reminded = (LONG_AGO.date(),) * len(one.reminded) if counts and not one.escalated else ()
        return replace(one, subject=subject, reminded=reminded, escalated=one.escalated and LONG_AGO.date())

    def _count_left(self, waiting: Waiting) -> int | None:
        """Return how many more reminders there may be of a wait, None without a limit."""
        limit = waiting.chase.remind.at_most if waiting.chase.remind else 0
        return None if limit is None else limit - len(self.reader.chased_for(waiting.subject).reminded)

    def _is_limited(self, waiting: Waiting) -> bool:
        """Say whether it is their number that keeps more reminders from coming, and some can still come."""
        left, coming = self._count_left(waiting), self._count_coming(waiting, self._find_first(waiting))
        return left is not None and left > 0 and (coming is None or coming > left)

    def _can_be_limited(self, waiting: Waiting) -> bool:
        """Say whether their number could keep reminders from coming once there is a wait again.

        There are most of them with the first today; each day that it begins later there are as many, or less.
        """
        left, coming = self._count_left(waiting), self._count_coming(waiting, self.today)
        return left is not None and (coming is None or coming > left)

    def _count_coming(self, waiting: Waiting, first: date) -> int | None:
        """Return how many reminders would come from a first day on until a wait stops, without a limit."""
        remind, stops = waiting.chase.remind, self._find_stop(waiting)
        if remind is None or stops is None or self._can_move(waiting.chase):
            return None
        return max(0, -((first - stops).days // remind.every_days))

    def _find_first(self, waiting: Waiting) -> date:
        """Return the day on which the next reminder comes if nothing stops or limits it."""
        every = waiting.chase.remind.every_days if waiting.chase.remind else 0
        return max(self._find_since(waiting) + timedelta(days=every), self.today)

    def _find_stop(self, waiting: Waiting) -> date | None:
        """Return the day from which nobody is reminded any more."""
        stops = (escalation_day(self.reader, waiting), give_up_day(self.reader, waiting.chase))
        return min((day for day in stops if day), default=None)

    def _find_since(self, waiting: Waiting) -> date:
        """Return the day from which the next reminder counts; of what is held, the first that it can be."""
        if self.reader.held:
            return self.today
        resumed = (hold.ended.date() for hold in self.reader.case.holds if hold.ended)
        reminded = self.reader.chased_for(waiting.subject).reminded
        return max((waiting.since or self.today, *reminded, *resumed))

    def _can_move(self, part: Struct) -> bool:
        """Say whether a day of a part, such as that at which a chase stops, can become another one."""
        return self.reach.can_become_another(part, self.ahead)

    def _find_chase(self, kind: str, of: str) -> Chase | None:
        phase = self.active[of.partition(".")[0]]
        if kind not in ("request", "task"):
            return phase.chase
        automation = of.split(".")[1]
        return next((one.chase for one in phase.automations if one.id == automation), None)

    def list_reminders(self, write_day: Callable[[date], date]) -> list[tuple[str, str]]:
        """Return from which day the next reminder of each wait counts, where there may be one.

        Of what is held they count from the day on which it goes on. With it the day that tells when each
        escalates, where that is not the plan's. `write_day` says how a day is written.
        """
        found = [*self._list_too_late()]
        for subject, waiting in self.waiting.items():
            counted = self._find_counted(waiting)
            if counted:
                found.append((f"{waiting.automation or subject} escalates", write_day(counted).isoformat()))
            if waiting.chase.remind is None or waiting.since is None:
                continue
            if self.reader.chased_for(subject).escalated or self._count_left(waiting) == 0:
                continue
            if self._count_coming(waiting, self._find_first(waiting)) != 0:
                held = self.reader.held is not None
                since = "" if held else write_day(self._find_since(waiting)).isoformat()
                found.append((waiting.automation or subject, since))
        for subject, waiting in self.asking_more.items():
            if not self.reader.chased_for(subject).escalated:
                since = write_day(self._find_since(waiting)).isoformat()
                found.append((f"{waiting.automation} asks more", since))
        return found

    def _list_too_late(self) -> Iterator[tuple[str, str]]:
        """Yield the phases ahead that were to escalate before the filing began, by what was learned in it.

        A day that has passed is not told apart otherwise, and what escalates then is. Soon after the begin
        the day itself is: what is learned on it may have been to escalate before.
        """
        begun, rules = self.reader.state.origin.begun_on, self.reader.rules
        for phase, rule in self.reach.learned_escalations if begun else ():
            if phase.id not in self.ahead or begun is None:
                continue
            back = self.reach.counts_from_learned(rule) and not _counts_forward(rule)
            if back and (self.today - begun).days <= DAYS_BACK:
                yield f"{phase.id} soon after the begin", self.today.isoformat()
            day = rules.target_day(rule)
            if day and day <= begun:
                due = rules.target_day(phase.due) if phase.due else None
                yield f"{phase.id} was to escalate", f"{day} {due}"

    def _find_counted(self, waiting: Waiting) -> date | None:
        """Return the day by which it is known when something escalates that the plan does not tell alone.

        That is the one on which it will, or on which it began while days of the plan can become others.
        """
        escalate, begun = waiting.chase.escalate, self.reader.state.origin.begun_on
        if escalate is None or begun is None or self.reader.chased_for(waiting.subject).escalated:
            return None
        if is_given_time(self.reader, waiting):
            due = self.active[phase_of(waiting.subject)].due
            met = [one for one in self.reach.plan.deadlines if self.reach.is_met_ahead(one.id, self.ahead)]
            if any(map(self._can_move, (escalate, *([due] if due else []), *met))):
                return find_begin(self.reader, waiting.subject)
            return escalation_day(self.reader, waiting)
        if self._can_move(escalate) and self._can_come_by(escalate.on, begun):
            return find_begin(self.reader, waiting.subject)
        return None

    def _can_come_by(self, rule: DateRule, day: date) -> bool:
        """Say whether a rule can come to a day or one before it: what is learned later lies after it."""
        if self.reach.counts_from_learned(rule) and _counts_back(rule):
            return True
        possible = PossibleDays(self.reach.plan, self.reach, self.reader.rules, self.ahead)
        return any(one.on <= day for one in possible.list_of(rule))

    @cached_property
    def asking_more(self) -> dict[str, Waiting]:
        """Return what requests can come to ask as well: it is waited for since they were made."""
        found = {}
        for state in self.reader.case.requests:
            asked = find_request(self.reader, state) if state.phase in self.active else None
            if asked is None or asked.chase is None or asked.chase.remind is None:
                continue
            if self.reach.can_become_another(asked.form, self.ahead):
                subject = request_subject(state.id)
                found[subject] = Waiting(subject, "", asked.chase, state.made.date(), state.automation)
        return found


def _counts_forward(rule: DateRule) -> bool:
    """Say whether a rule comes after a learned day that it counts from itself."""
    counts = (rule.months, rule.weeks, rule.days, rule.workdays)
    direct = rule.anchor.startswith(("facts.", "phases."))
    return direct and rule.day is None and min(counts) >= 0 and any(counts)


def _counts_back(rule: DateRule) -> bool:
    return rule.day is not None or min(rule.months, rule.weeks, rule.days, rule.workdays) < 0


def without_round(id: str) -> str:
    """Return the id of what an automation asked, in whatever round."""
    return id.rpartition(".")[0]
