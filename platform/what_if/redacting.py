"""What happened to a filing without what could name somebody, so that by its plan it still goes the same way.

The allow-list is that of states (`filing/redacting.py`); of moments the day and the hour stay. What people
answered and recorded is replaced by what every condition of the plan takes for the same. Each event is tried:
where what is left does not go as the filing went, nothing of it is told.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from ..answers import Value, read_answers
from ..data import Scalar, replace
from ..filing import events
from ..filing.conditions import holds, values_of
from ..filing.events import AnyEvent, Start
from ..filing.outcome import Refusal, Step
from ..filing.redacting import Redacting, Redactor
from ..filing.requests import find_request
from ..filing.state import State, origin_of
from ..filing.step import step
from ..filing.turn import Reader
from ..plan import FormField
from ..simulation.inventing import invent_answer
from .closed import ClosedFiling, Problem

KEPT = ("yes_no", "choice", "choices")
"""The kinds of fields of which answers stay: they hold no text and no number of anybody."""
LIKELY = range(0, 2_000, 100)
"""Numbers that are tried for one that was recorded."""
UNKNOWN = ("#0", "#00")
"""Texts that are tried for one that was recorded and is a word of the plan."""


class UntellableError(Exception):
    """Nothing can be told of a filing; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def redact_events(redactor: Redactor, bare: ClosedFiling, happened: Sequence[AnyEvent]) -> ClosedFiling:
    """Return a closed filing with what happened to it, without its calendars. Raises UntellableError."""
    if any(isinstance(one, events.AnyMove) for one in happened):
        raise UntellableError("moved")
    start = happened[0] if happened else None
    if not isinstance(start, Start):
        raise UntellableError("incomplete")
    redacting = _Events(redactor, start)
    told = tuple(redacting.redact(one) for one in happened)
    names = redacting.redacting
    return replace(
        bare,
        events=told,
        replaced=tuple(sorted(names.replaced)),
        withheld=tuple(sorted(names.withheld)),
    )


class _Events:
    """Redacts the events of one filing in their order, and takes each as it was and as it is told."""

    def __init__(self, redactor: Redactor, start: Start) -> None:
        self.plan = redactor.plan
        self.conditions = [one for every in redactor.conditions.values() for one in every]
        values = values_of(self.plan, origin_of(start), (), ())
        self.redacting = Redacting(redactor, values, hours=True)
        self.true: State | None = None
        self.told: State | None = None

    def redact(self, event: AnyEvent) -> AnyEvent:
        taken = step(self.plan, self.true, event)
        if isinstance(taken, Refusal):
            raise UntellableError("otherwise")
        self.true = taken.state
        self.redacting.values = _values_of(self, taken.state)
        for tried in self._list_told(event):
            told = step(self.plan, self.told, tried)
            if isinstance(told, Step) and self._is_same(taken, told):
                self.told = told.state
                return tried
        raise UntellableError("not_told")

    def _is_same(self, taken: Step, told: Step) -> bool:
        """Say whether two steps do the same, and every condition holds of both filings or of neither."""
        if _shape(taken) != _shape(told):
            return False
        true, redacted = _values_of(self, taken.state), _values_of(self, told.state)
        return all(holds(one, true) == holds(one, redacted) for one in self.conditions)

    def _list_told(self, event: AnyEvent) -> Iterator[AnyEvent]:
        """Yield how an event can be told, what says least first."""
        plain: Any = self.redacting.plain
        if isinstance(event, Start):
            yield self._start(event)
        elif isinstance(event, events.RecordFact):
            bare = plain(replace(event, value=None))
            yield from (replace(bare, value=value) for value in self._list_values(event))
        elif isinstance(event, events.AnswerRequest):
            bare = plain(replace(event, values={}))
            yield from (replace(bare, values=values) for values in self._list_answers(event))
        else:
            yield plain(event)

    def _start(self, start: Start) -> Start:
        filing = self.redacting.plain(start.filing)
        return Start(
            at=self.redacting.plain(start.at),
            filing=replace(filing, period=start.period.code),
            period=start.period,
            start_date=start.start_date,
            relation=self.redacting.keep_known("relation", start.relation),
            product=self.redacting.keep_known("product", start.product),
            calendars=start.calendars,
            opening_hour=start.opening_hour,
            automations_off=self.redacting.keep_plain(start.automations_off),
            without_automations=start.without_automations,
            begun_on=start.begun_on,
            by=self.redacting.plain(start.by),
        )

    def _list_values(self, event: events.RecordFact) -> Iterator[Scalar]:
        """Yield what a fact can be told to be: what stays, or what conditions take for the same."""
        name, value = f"facts.{event.fact}", event.value
        told = self.redacting.scalar(name, value)
        yield told
        if told == value and name not in self.redacting.withheld:
            return
        likely: Iterator[Scalar] = iter(LIKELY)
        if isinstance(value, str):
            likely = iter((self.redacting.plain(value), *UNKNOWN))
        yield from (one for one in likely if one != value)

    def _list_answers(self, event: events.AnswerRequest) -> Iterator[dict[str, Value]]:
        """Yield the answers that can be told: those that conditions read by what they take for the same."""
        fields = self._find_fields(event)
        asked = {name for name in event.values if f"answers.{name}" in self.redacting.of.conditions}
        for known in (asked, set[str]()):
            found = {
                name: self._answer(fields[name], value, event, known=name in known)
                for name, value in event.values.items()
                if name in fields
            }
            yield read_answers(tuple(fields.values()), found)

    def _answer(self, field: FormField, value: Value, event: events.AnswerRequest, *, known: bool) -> Any:
        name = f"answers.{field.id}"
        if field.kind in KEPT:
            options = self.redacting.of.choices.get(name, frozenset())
            if isinstance(value, tuple):
                return tuple(one for one in value if one in options)
            return value if isinstance(value, bool) or value in options else ""
        told = None if isinstance(value, tuple) else self.redacting.scalar(name, value)
        if known and told is not None:
            cents = field.kind == "money" and isinstance(told, int)
            return told / 100 if cents and isinstance(told, int) else told
        self.redacting.replaced.add(name)
        return invent_answer(field, event.at.date())

    def _find_fields(self, event: events.AnswerRequest) -> dict[str, FormField]:
        assert self.true is not None, "a filing has begun before it is answered"
        reader = Reader(self.plan, self.true)
        named = (one for one in self.true.case.requests if one.phase == event.request.split(".")[0])
        every = (find_request(reader, one) for one in named)
        return {field.id: field for asked in every if asked for field in asked.form.fields}


def _values_of(of: _Events, state: State) -> Any:
    return values_of(of.plan, state.origin, state.case.facts, state.case.requests)


def _shape(taken: Step) -> tuple[object, ...]:
    """Return what a step does, whoever and whatever it is about."""
    entries = tuple((entry.what, entry.phase) for entry in taken.entries)
    commands = tuple((one.kind, one.phase, one.number) for one in taken.commands)
    return (entries, commands, taken.state.case.ended and taken.state.case.ended.end)
