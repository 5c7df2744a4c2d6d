"""What goes out by a plan, and what decides whether it does and by when.

What goes out is a delivery, the start of another filing (a plan does not say what that one delivers), an
offer that no delivery comes after, and what a deadline of the law that no delivery meets is kept by, such as
an objection. What is to be done only after that deadline keeps none.
"""

from collections.abc import Iterator
from functools import cached_property

from ..plan import DateRule, Deadline, Form, Phase, Plan, Request, WaitFor
from .cases import to_condition
from .documents import number_stages
from .narrowing import is_narrower
from .reaching import Ways
from .saying import list_names
from .ways_past import list_past

Path = tuple[str, ...]


def list_goals(plan: Plan) -> tuple[Phase, ...]:
    """Return the phases by which something goes out, in their order."""
    stages = number_stages(plan)
    last = max((stages[one.id] for one in plan.phases if one.deliver), default=0)
    delivered = {one.deliver.deadline for one in plan.phases if one.deliver}
    owed = {f"deadlines.{one.id}": one for one in plan.deadlines if one.law and one.id not in delivered}
    return tuple(
        one
        for one in plan.phases
        if one.deliver
        or any(other.start for other in one.automations)
        or (one.offer and stages[one.id] > last)
        or (one.due and one.due.anchor in owed and not _is_after(one.due, owed[one.due.anchor]))
    )


_LATE_IN_MONTH = 28
"""From this day of the month on a day is taken as after a deadline that can be any day of that month."""
_LAST = 31


def _is_after(due: DateRule, deadline: Deadline) -> bool:
    """Say whether a day falls after the deadline that it counts from, but for a few days of the month."""
    counts = (due.months, due.weeks, due.days, due.workdays)
    if min(counts) < 0:
        return False
    if due.day is None or due.months:
        return any(counts)
    day = _number_day(due)
    in_time = all(choice.rule.day is not None and day <= _number_day(choice.rule) for choice in deadline.due)
    return day >= _LATE_IN_MONTH and not in_time


def _number_day(rule: DateRule) -> int:
    """Return the day of the month of a rule that has one; a day that a month has not is its last."""
    return rule.day if isinstance(rule.day, int) else _LAST


class Outgoing:
    """What goes out by a plan: the phases by which it does, and what these hang on."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._stages = number_stages(plan)
        self.goals = list_goals(plan)

    def find_after(self, phase: Phase) -> Phase | None:
        """Return the first phase after another by which something goes out."""
        here = self._stages[phase.id]
        return next((one for one in self.goals if here < self._stages[one.id]), None)

    def is_to_come(self, phase: Phase) -> bool:
        """Say whether something goes out by a phase, or by one after it."""
        there = phase.id in self._stages
        out = any(one.id == phase.id for one in self.goals)
        return there and (out or self.find_after(phase) is not None)

    def is_awaited(self, phase: Phase) -> bool:
        """Say whether a phase is a wait that something goes out after."""
        return isinstance(phase.block, WaitFor) and self.is_to_come(phase)

    @property
    def phases(self) -> frozenset[str]:
        """Return the phases by which something goes out, and those that record what decides it."""
        return self._deciding[0]

    @property
    def names(self) -> frozenset[Path]:
        """Return the facts and answers that decide whether something goes out, or by when by law."""
        return self._deciding[1]

    @cached_property
    def _deciding(self) -> tuple[frozenset[str], frozenset[Path]]:
        """Return both: what a phase records counts where a condition of one of these reads it, or of a way
        past one.
        """
        plan = self._plan
        sent = {one.deliver.document for one in self.goals if one.deliver}
        sent |= {document for one in self.goals if one.offer for document in one.offer.documents}
        when = [one.condition for one in plan.documents if one.id in sent]
        when += [one.condition for phase in self.goals for one in phase.automations if one.start]
        counted, ended = _list_dating(plan)
        names = frozenset(path for condition in when for path in list_names(condition)) | counted
        phases = frozenset(one.id for one in self.goals) | ended
        ways = tuple(list_past(plan))
        while True:
            found = phases | {one.id for one in plan.phases if self._records(one, names)}
            when = [one.condition for one in plan.phases if one.id in found]
            when += [way.condition for way in ways if way.over.id in found]
            more = names | {path for condition in when for path in list_names(condition)}
            if (found, more) == (phases, names):
                return phases, names
            phases, names = found, more

    def _records(self, phase: Phase, names: frozenset[Path]) -> bool:
        recorded = any(("facts", fact.id) in names for fact in self._plan.facts if phase.id in fact.set_in)
        return recorded or any(_asks(self._plan, one.request, names) for one in phase.automations)

    def is_asked(self, request: Request | None) -> bool:
        """Say whether a request asks what decides whether something goes out."""
        return _asks(self._plan, request, self.names)

    def list_first(self) -> Iterator[str]:
        """Yield the phases that wait, begin no sooner than a day or record what decides it, before that."""
        recording = self.phases - {one.id for one in self.goals}
        for one in self._plan.phases:
            counts = one.not_before or isinstance(one.block, WaitFor) or one.id in recording
            if counts and self.is_to_come(one):
                yield one.id

    def list_deciding(self) -> set[str]:
        """Return the phases that decide whether or when something goes out, also by a way past it."""
        past = {way.start.id for way in list_past(self._plan) if way.over.id in self.phases}
        return {*self.phases, *past, *(one.id for one in self._plan.phases if self.is_awaited(one))}

    def is_missed(self, phase: Phase, way: str) -> bool:
        """Say whether a way to leave a phase leads past an offer, what goes out or what decides it."""
        return any(
            one.start.id == phase.id and one.id == way and (one.over.offer or one.over.id in self.phases)
            for one in list_past(self._plan)
        )

    def is_led(self, phase: Phase, way: str) -> bool:
        """Say whether fewer filings get to what goes out without a way to leave a phase."""
        ways = Ways(self._plan)
        fewer = ways.leave_out(phase.id, way)
        return fewer.steps != ways.steps and any(_is_led(ways, fewer, one.id) for one in self.goals)


def _is_led(ways: Ways, fewer: Ways, goal: str) -> bool:
    (could, was), (can, now) = (one.find_cases((), goal) for one in (ways, fewer))
    if not could or not can or was is None or now is None:
        return could
    return is_narrower(to_condition(was), to_condition(now)) is not False


def _asks(plan: Plan, request: Request | None, names: frozenset[Path]) -> bool:
    forms: tuple[Form, ...] = tuple(one for one in plan.forms if request and one.id == request.form)
    return any(("answers", field.id) in names for form in forms for field in form.fields)


def _list_dating(plan: Plan) -> tuple[frozenset[Path], frozenset[str]]:
    """Return the names by which deadlines of the law are chosen or count, and the phases they count from.

    One can count from another deadline, which counts in its turn.
    """
    found = {one.id: one for one in plan.deadlines if one.law}
    known = {one.id: one for one in plan.deadlines}
    names: set[Path] = set()
    phases: set[str] = set()
    waiting = list(found.values())
    while waiting:
        one = waiting.pop()
        conditions = (one.condition, *(choice.condition for choice in one.due))
        names.update(path for condition in conditions for path in list_names(condition))
        for rule in (one.earliest, one.latest, *(choice.rule for choice in one.due)):
            group, _, item = rule.anchor.partition(".") if rule else ("", "", "")
            if group == "facts":
                names.add((group, item))
            elif group == "phases":
                phases.add(item)
            elif group == "deadlines" and item in known and item not in found:
                found[item] = known[item]
                waiting.append(known[item])
    return frozenset(names), frozenset(phases)
