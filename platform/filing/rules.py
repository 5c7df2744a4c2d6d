"""The rules of one filing: its plan as an index, with every condition and date worked out once.

Made from plan, origin, facts, answers and the ends of phases that dates count from, and kept by their
identity and by the values that they hold, so that whoever asks again within a filing gets what was worked
out before, also when something was recorded again that has the same value. A date that depends on a
fact that is not recorded yet, or on a phase that has not ended, is unknown: None.
"""

from collections.abc import Callable, Hashable, Iterator
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby
from operator import is_
from threading import Lock
from typing import Any, TypeVar

from ..data import Struct, canonical
from ..days import apply_date_rule, move_to_working_day
from ..plan import (
    Checkpoint,
    DateRule,
    Deadline,
    Document,
    Expression,
    FactDefinition,
    Form,
    FormField,
    Message,
    Phase,
    Plan,
    Role,
)
from .conditions import Values, holds, learned_of, values_of
from .events import FilingKey
from .state import Fact, Origin, PhaseState, RequestState

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
KEPT = 512
"""Filings whose rules are kept: more than a worker has at work at once."""

Ends = tuple[tuple[str, date], ...]
"""The days on which phases ended, by id; of those alone that a date of the plan counts from."""


class Rules:
    """What the plan says of this filing. Nothing else evaluates a condition or a date rule."""

    def __init__(
        self,
        plan: Plan,
        origin: Origin,
        facts: tuple[Fact, ...] = (),
        requests: tuple[RequestState, ...] = (),
        ends: Ends = (),
    ) -> None:
        self.plan = plan
        self.origin = origin
        self.ends = ends
        self.values: Values = values_of(plan, origin, facts, requests)
        self._index = _index_of(plan)
        self._holds: dict[int, bool] = {}
        self._targets: dict[int, date | None] = {}
        self._deadlines: dict[str, date | None] = {}
        self._earliest: dict[str, date | None] = {}
        self._checkpoints: dict[str, tuple[Checkpoint, ...]] = {}
        self._fields: dict[str, tuple[FormField, ...]] = {}

    @property
    def counts_from_phases(self) -> bool:
        """Say whether a date of the plan counts from the end of a phase."""
        return bool(self._index.counted_from)

    @property
    def stages(self) -> tuple[tuple[Phase, ...], ...]:
        """Return the phases in the order in which they are entered, those of one group together."""
        return self._index.stages

    def phase(self, name: str) -> Phase:
        """Return a phase by id; raises LookupError when the plan has none."""
        return self._index.phases[name]

    def find_phase(self, name: str) -> Phase | None:
        """Return a phase by id, or None."""
        return self._index.phases.get(name)

    def find_document(self, name: str) -> Document | None:
        """Return a document by id, or None."""
        return self._index.documents.get(name)

    def document(self, name: str) -> Document:
        """Return a document by id; raises LookupError when the plan has none."""
        return self._index.documents[name]

    def deadline(self, name: str) -> Deadline:
        """Return a deadline by id; raises LookupError when the plan has none."""
        return self._index.deadlines[name]

    def role(self, name: str) -> Role:
        """Return a role by id; raises LookupError when the plan has none."""
        return self._index.roles[name]

    def find_fact(self, name: str) -> FactDefinition | None:
        """Return a fact by id, or None."""
        return self._index.facts.get(name)

    def find_message(self, name: str) -> Message | None:
        """Return a message by id, or None."""
        return self._index.messages.get(name)

    def find_form(self, name: str) -> Form | None:
        """Return a form by id, or None."""
        return self._index.forms.get(name)

    def done_again(self, phase: Phase) -> frozenset[str]:
        """Return the phases that are to be done again when the work goes back from a phase.

        Its target, the phase itself, and all of the stages after the target's; what else runs beside the
        target stays.
        """
        if phase.back_to is None:
            return frozenset()
        place = self._index.stage_of[phase.back_to]
        return frozenset(
            {phase.back_to, phase.id, *(p.id for stage in self.stages[place + 1 :] for p in stage)}
        )

    def list_phases_between(self, phase: str, to: str) -> tuple[Phase, ...]:
        """Return the phases of the stages that lie between those of two phases."""
        place, target = self._index.stage_of[phase], self._index.stage_of[to]
        return tuple(p for stage in self.stages[place + 1 : target] for p in stage)

    def phases_before(self, phase: Phase) -> tuple[Phase, ...]:
        """Return the phases of the stages before that of a phase."""
        return tuple(p for stage in self.stages[: self._index.stage_of[phase.id]] for p in stage)

    def made_in(self, phase: str) -> tuple[Document, ...]:
        """Return the documents that a phase makes here: those whose condition holds."""
        made = self._index.made_in.get(phase, ())
        return tuple([d for d in made if self.holds(d.condition)]) if made else ()

    def is_made(self, document: str) -> bool:
        """Say whether a document is made here at all: whether its condition holds."""
        return self.holds(self._index.documents[document].condition)

    def phases_meeting(self, deadline: str) -> tuple[Phase, ...]:
        """Return the phases by which a deadline is met, once they all are completed or skipped.

        Those that deliver for it; where none does, those whose target lies on or before it; else all.
        """
        return self._index.meeting[deadline]

    def holds(self, condition: Expression | None) -> bool:
        """Say whether a condition of the plan holds here; one that is absent always does."""
        if condition is None:
            return True
        answer = self._holds.get(id(condition))
        if answer is None:
            answer = self._holds[id(condition)] = holds(condition, self.values)
        return answer

    def checkpoints(self, phase: Phase) -> tuple[Checkpoint, ...]:
        """Return the checkpoints of a phase whose condition holds."""
        applying = self._checkpoints.get(phase.id)
        if applying is None:
            applying = tuple(c for c in phase.checkpoints if self.holds(c.condition))
            self._checkpoints[phase.id] = applying
        return applying

    def fields(self, form: Form) -> tuple[FormField, ...]:
        """Return the fields or items of a form whose condition holds."""
        applying = self._fields.get(form.id)
        if applying is None:
            applying = self._fields[form.id] = tuple(f for f in form.fields if self.holds(f.condition))
        return applying

    def target_day(self, rule: DateRule) -> date | None:
        """Return the day of a target or wait, on the office's calendar (DESIGN 3)."""
        if id(rule) not in self._targets:
            self._targets[id(rule)] = self._count(rule, self.origin.calendars.office)
        return self._targets[id(rule)]

    def deadline_day(self, name: str) -> date | None:
        """Return the day of a deadline: the first alternative whose condition holds, moved as it says.

        Its `latest` caps that day, and holds as long as it is not known. None where it does not apply.
        """
        if name not in self._deadlines:
            self._deadlines[name] = self._deadline_day(self.deadline(name))
        return self._deadlines[name]

    def deadlines(self) -> tuple[Deadline, ...]:
        """Return the deadlines that apply here."""
        return tuple([one for one in self.plan.deadlines if self.holds(one.condition)])

    def earliest_day(self, name: str) -> date | None:
        """Return the first day on which the authority takes the message, or None when any day will do."""
        if name not in self._earliest:
            deadline = self.deadline(name)
            rule = deadline.earliest if self.holds(deadline.condition) else None
            self._earliest[name] = self._count(rule, self.calendar_of(deadline)) if rule else None
        return self._earliest[name]

    def opening(self, day: date) -> datetime:
        """Return the moment (office time) at which what waits for `day` happens: the opening hour."""
        return datetime.combine(day, time(self.origin.opening_hour))

    def has_come(self, day: date | None, now: datetime) -> bool:
        """Say whether a waiting day has come."""
        return day is not None and self.opening(day) <= now

    def _deadline_day(self, deadline: Deadline) -> date | None:
        if not self.holds(deadline.condition):
            return None
        rule = next(choice.rule for choice in deadline.due if self.holds(choice.condition))
        closed = self.calendar_of(deadline)
        latest = self._count(deadline.latest, closed) if deadline.latest else None
        return choose_day(deadline, self._count(rule, closed), latest, closed)

    def calendar_of(self, deadline: Deadline) -> tuple[date, ...]:
        """Return the closed days that count for a deadline: those of the law, or of the office."""
        calendars = self.origin.calendars
        return calendars.law if deadline.law else calendars.office

    def _count(self, rule: DateRule, closed: tuple[date, ...]) -> date | None:
        anchor = self.anchor_day(rule)
        return None if anchor is None else apply_date_rule(rule, anchor, closed)

    def anchor_day(self, rule: DateRule) -> date | None:
        """Return the day that a rule counts from, None as long as it is not known."""
        match rule.anchor.split("."):
            case ["period", "start"]:
                return self.origin.period.start
            case ["period", "end"]:
                return self.origin.period.end
            case ["period", "year_end"]:
                return date(self.origin.period.end.year, 12, 31)
            case ["filing", "start"]:
                return self.origin.start_date
            case ["deadlines", name]:
                return self.deadline_day(name)
            case ["facts", name]:
                recorded = self.values["facts"].get(name)
                return date.fromisoformat(recorded) if isinstance(recorded, str) else None
            case ["targets", name]:
                due = self.phase(name).due
                return self.target_day(due) if due else None
            case ["phases", name]:
                return next((day for phase, day in self.ends if phase == name), None)
            case _:
                raise ValueError(f"unknown anchor {rule.anchor}")


def choose_day(
    deadline: Deadline, day: date | None, latest: date | None, closed: tuple[date, ...]
) -> date | None:
    """Return the day of a deadline: the one counted or the latest, as far as known, moved as it says."""
    if latest and deadline.latest_moves:
        day = day and move_to_working_day(day, deadline.moves, closed)
        latest = move_to_working_day(latest, deadline.latest_moves, closed)
        return min((one for one in (day, latest) if one), default=None)
    first = min((one for one in (day, latest) if one), default=None)
    return first and move_to_working_day(first, deadline.moves, closed)


class _Index:
    """What a plan has, by id."""

    def __init__(self, plan: Plan) -> None:
        self.phases = {phase.id: phase for phase in plan.phases}
        self.documents = {document.id: document for document in plan.documents}
        self.deadlines = {deadline.id: deadline for deadline in plan.deadlines}
        self.roles = {role.id: role for role in plan.roles}
        self.messages = {message.id: message for message in plan.messages}
        self.facts = {fact.id: fact for fact in plan.facts}
        anchors = set(_list_anchors(plan))
        self.counted_from = tuple(p.id for p in plan.phases if f"phases.{p.id}" in anchors)
        self.forms = {form.id: form for form in plan.forms}
        grouped = groupby(plan.phases, key=lambda phase: phase.group or f"phase {phase.id}")
        self.stages = tuple(tuple(phases) for _, phases in grouped)
        self.stage_of = {phase.id: place for place, stage in enumerate(self.stages) for phase in stage}
        self.meeting = {deadline.id: list_meeting(plan, deadline.id) for deadline in plan.deadlines}
        self.made_in = {
            phase: tuple(d for d in plan.documents if d.made_in == phase) for phase in self.phases
        }


def _list_anchors(part: object) -> Iterator[str]:
    """Yield the anchor of every date rule in a part of a plan, wherever the language puts one."""
    if isinstance(part, DateRule):
        yield part.anchor
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from _list_anchors(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from _list_anchors(item)


def list_meeting(plan: Plan, deadline: str) -> tuple[Phase, ...]:
    """Return the phases of a plan by which a deadline is met (`Rules.phases_meeting`)."""
    delivering = tuple(p for p in plan.phases if p.deliver and p.deliver.deadline == deadline)
    aiming = tuple(p for p in plan.phases if p.due and _lies_before(p.due, f"deadlines.{deadline}"))
    return delivering or aiming or plan.phases


def _lies_before(rule: DateRule, anchor: str) -> bool:
    counts = (rule.months, rule.weeks, rule.days, rule.workdays)
    return rule.anchor == anchor and rule.day is None and all(count <= 0 for count in counts)


class ByIdentity:
    """Keeps what was made of some objects, as long as those are asked for; the oldest goes first.

    It holds the objects, so that no other one gets their identity. Two threads may make the same thing twice.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._kept: dict[tuple[int, ...], tuple[tuple[Any, ...], Any]] = {}
        self._last: tuple[tuple[Any, ...], Any] = ((), None)

    def get(self, objects: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what was made of these objects, made now where it is not kept."""
        last, made_last = self._last
        if len(last) == len(objects) and all(map(is_, last, objects)):
            same: T = made_last
            return same
        found = self._get(objects, make)
        self._last = (objects, found)
        return found

    def _get(self, objects: tuple[Any, ...], make: Callable[[], T]) -> T:
        key = tuple(map(id, objects))
        with self._lock:
            known = self._kept.pop(key, None)
            if known is not None:
                self._kept[key] = known  # asked for last, so that it goes last
                kept: T = known[1]
                return kept
        made = make()
        with self._lock:
            while len(self._kept) >= self._size:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (objects, made)
        return made


_INDEXES = ByIdentity(64)
_RULES = ByIdentity(KEPT)
_RULES_OF_VALUES = ByIdentity(KEPT)
_ORIGINS: dict[FilingKey, Origin] = {}
"""The latest origin of each filing, the one that was asked for last at the end."""
_KEEPING = Lock()


def _index_of(plan: Plan) -> _Index:
    return _INDEXES.get((plan,), lambda: _Index(plan))


@lru_cache(maxsize=2 * KEPT)
def _keep(made_of: K) -> K:
    """Return the one object for what is equal to it, since rules are kept by identity."""
    return made_of


def _list_ends(plan: Plan, phases: tuple[PhaseState, ...]) -> Ends:
    counted_from = _index_of(plan).counted_from
    if not counted_from:
        return ()
    ends: Ends = _keep(tuple((p.id, p.ended.date()) for p in phases if p.ended and p.id in counted_from))
    return ends


def rules_of(
    plan: Plan,
    origin: Origin,
    facts: tuple[Fact, ...] = (),
    requests: tuple[RequestState, ...] = (),
    phases: tuple[PhaseState, ...] = (),
) -> Rules:
    """Return the rules of a filing; the same objects get the same rules.

    Of its phases only those count that a date of the plan counts from.
    """
    ends = _list_ends(plan, phases)
    made_of = (plan, origin, facts, requests, ends)
    return _RULES.get(made_of, lambda: _rules_of_values(*made_of))


def _rules_of_values(
    plan: Plan, origin: Origin, facts: tuple[Fact, ...], requests: tuple[RequestState, ...], ends: Ends
) -> Rules:
    """Return the rules of a filing; the same values of its facts and answers get the same rules."""
    learned: bytes = _keep(canonical(learned_of(facts, requests)))
    kept = _keep_origin(origin)
    made = (plan, kept, learned, ends)
    return _RULES_OF_VALUES.get(made, lambda: Rules(plan, kept, facts, requests, ends))


def _keep_origin(origin: Origin) -> Origin:
    """Return the one object for an origin that is equal: a state makes another each time it is read."""
    with _KEEPING:
        known = _ORIGINS.pop(origin.filing, origin)
        kept = known if known == origin else origin
        while len(_ORIGINS) >= KEPT:
            del _ORIGINS[next(iter(_ORIGINS))]
        _ORIGINS[origin.filing] = kept
    return kept
