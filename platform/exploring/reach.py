"""What still lies ahead of a filing: which phases can be active again, and what of the past these read.

A phase lies ahead when it is of the present stage or a later one, or when a way back of a phase that lies
ahead leads before it. What no phase ahead reads makes no difference any more: a fact, an answer, the day on
which a phase ended. A rule is read in its own phase; one of a deadline as long as a phase that meets it lies
ahead, and by whatever counts from it; one of a document by the phases that name it.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

from ..data import Struct, canonical
from ..filing.conditions import list_names
from ..filing.rules import list_meeting
from ..filing.turn import Reader
from ..plan import (
    Absolute,
    Compare,
    DateRule,
    Deadline,
    Document,
    Expression,
    ListOf,
    LiteralValue,
    Logic,
    Name,
    Phase,
    Plan,
)

Past = tuple[str, str]
"""Something of the past that rules read: `facts`, `answers` or `phases`, and which one."""
EXPRESSIONS = (LiteralValue, Name, ListOf, Compare, Logic, Absolute)


class Reach:
    """Knows of one plan what lies ahead from where, and which phases read what."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        grouped = groupby(plan.phases, key=lambda phase: phase.group or f"phase {phase.id}")
        stages = [tuple(phase.id for phase in phases) for _, phases in grouped]
        self._stage_of = {name: place for place, stage in enumerate(stages) for name in stage}
        self._ahead = tuple(self._list_ahead(place) for place in range(len(stages) + 1))
        self._movable: dict[tuple[int, int], tuple[Struct, bool]] = {}
        self._meeting = {
            one.id: frozenset(phase.id for phase in list_meeting(plan, one.id)) for one in plan.deadlines
        }

    def find_ahead(self, reader: Reader) -> frozenset[str]:
        """Return the phases that can be active in a filing now or later."""
        stage = reader.current_stage()
        return self._ahead[self._stage_of[stage[0].id] if stage else -1]

    def list_rules(self, ahead: frozenset[str]) -> tuple[Struct, ...]:
        """Return the parts of the plan by which a filing goes on with these phases ahead of it."""
        phases = [phase for phase in self.plan.phases if phase.id in ahead]
        forms = {canonical(form): form for phase in phases for form in self._list_forms(phase)}
        documents = (one for one in self.plan.documents if self.is_handled_ahead(one.id, ahead))
        deadlines = self.list_deadlines(ahead)
        return (*phases, *forms.values(), *documents, *deadlines)

    def list_deadlines(self, ahead: frozenset[str]) -> tuple[Deadline, ...]:
        """Return the deadlines that phases ahead meet or count from, and those from which these count."""
        phases = [phase for phase in self.plan.phases if phase.id in ahead]
        met = [one for one in self.plan.deadlines if self.is_met_ahead(one.id, ahead)]
        read = {one.id for one in met} | set(self._list_deadlines((*phases, *met)))
        return tuple(one for one in self.plan.deadlines if one.id in read)

    def _list_ahead(self, place: int) -> frozenset[str]:
        first = place
        while True:
            ahead = frozenset(name for name, stage in self._stage_of.items() if stage >= first)
            back = [self._stage_of[p.back_to] for p in self.plan.phases if p.id in ahead and p.back_to]
            if min(back, default=first) >= first:
                return ahead
            first = min(back)

    def is_read(self, past: Past, ahead: frozenset[str]) -> bool:
        """Say whether a phase that lies ahead reads something of the past."""
        return not self._readers.get(past, frozenset()).isdisjoint(ahead)

    def is_kept(self, fact: str, ahead: frozenset[str]) -> bool:
        """Say whether it counts that a fact is recorded: a phase ahead reads it, or has it recorded."""
        of = ("facts", fact)
        return self.is_read(of, ahead) or not self._makers(of).isdisjoint(ahead)

    def can_come(self, past: Past, ahead: frozenset[str]) -> bool:
        """Say whether something of the past can still come about, or change, in a phase that lies ahead."""
        return not self._makers(past).isdisjoint(ahead)

    def can_move(self, deadline: str, ahead: frozenset[str]) -> bool:
        """Say whether what a deadline counts from, or hangs on, can become something else."""
        return any(not self._makers(past).isdisjoint(ahead) for past in self._hangs_on[deadline])

    def can_become_another(self, part: Struct, ahead: frozenset[str]) -> bool:
        """Say whether a rule, or the rules of a part, can still come to another day or answer."""
        asked = (id(part), id(ahead))
        known = self._movable.get(asked)
        if known is None:
            can = any(not self._makers(past).isdisjoint(ahead) for past in self._list_past(part))
            known = self._movable[asked] = (part, can)
        return known[1]

    def is_read_alone(self, past: Past, ahead: frozenset[str]) -> bool:
        """Say whether no rule that counts from it hangs on something else that can still change."""
        return all(self._makers(other).isdisjoint(ahead) for other in self._counted_with.get(past, ()))

    def is_handled_ahead(self, document: str, ahead: frozenset[str]) -> bool:
        """Say whether a phase ahead has to do with a document, or with one of its family."""
        return not self._naming[document].isdisjoint(ahead)

    def is_checked_ahead(self, phase: str, ahead: frozenset[str]) -> bool:
        """Say whether it still counts who acted in a phase: a phase ahead wants somebody else."""
        return not self._checking.get(phase, frozenset()).isdisjoint(ahead)

    def is_met_ahead(self, deadline: str, ahead: frozenset[str]) -> bool:
        """Say whether a phase that meets a deadline lies ahead."""
        return not self._meeting[deadline].isdisjoint(ahead)

    @cached_property
    def learned_escalations(self) -> tuple[tuple[Phase, DateRule], ...]:
        """Return the escalations of each phase whose day hangs on what becomes known in a filing."""
        return tuple(
            (phase, chase.escalate.on)
            for phase in self.plan.phases
            for chase in (phase.chase, *(one.chase for one in phase.automations))
            if chase and chase.escalate and self.hangs_on_past(chase.escalate)
        )

    def hangs_on_past(self, part: Struct) -> bool:
        """Say whether a rule or deadline counts from or hangs on what becomes known in a filing."""
        return any(True for _ in self._list_past(part))

    def counts_from_learned(self, part: Any) -> bool:
        """Say whether a part counts from a day that is learned: recorded, or of the end of a phase."""
        return any(self._is_learned(rule) for rule in list_date_rules(part))

    def _is_learned(self, rule: DateRule) -> bool:
        group, _, name = rule.anchor.partition(".")
        if group == "deadlines":
            return self.counts_from_learned(self.plan.deadline(name))
        if group == "targets":
            return self.counts_from_learned(self.plan.phase(name).due or ())
        return group in ("facts", "phases")

    @cached_property
    def _naming(self) -> dict[str, frozenset[str]]:
        return {one.id: frozenset(self._list_naming(one)) for one in self.plan.documents}

    @cached_property
    def _checking(self) -> dict[str, frozenset[str]]:
        """Return the phases that check each phase."""
        checked = {name for phase in self.plan.phases for name in phase.four_eyes}
        return {
            name: frozenset(phase.id for phase in self.plan.phases if name in phase.four_eyes)
            for name in checked
        }

    # --- who reads what -----------------------------------------------------------------------------------

    @cached_property
    def _hangs_on(self) -> dict[str, frozenset[Past]]:
        """Return what of the past each deadline hangs on."""
        return {one.id: frozenset(self._list_past(one)) for one in self.plan.deadlines}

    @cached_property
    def _counted_with(self) -> dict[Past, frozenset[Past]]:
        """Return what else the rules hang on that count from each thing of the past."""
        found: dict[Past, set[Past]] = {}
        for rule in (*list_date_rules(self.plan.phases), *self.plan.deadlines):
            together = set(self._list_past(rule))
            for past in together:
                found.setdefault(past, set()).update(together - {past})
        return {past: frozenset(others) for past, others in found.items()}

    @cached_property
    def _readers(self) -> dict[Past, frozenset[str]]:
        """Return the phases that read each thing of the past."""
        found: dict[Past, set[str]] = {}
        for phase in self.plan.phases:
            for past in self._list_past((phase, tuple(self._list_forms(phase)))):
                found.setdefault(past, set()).add(phase.id)
        for deadline in self.plan.deadlines:
            for past in self._list_past(deadline):
                found.setdefault(past, set()).update(self._meeting[deadline.id])
        for document in self.plan.documents:
            for past in self._list_past(document):
                found.setdefault(past, set()).update(self._list_naming(document))
        return {past: frozenset(phases) for past, phases in found.items()}

    def _list_naming(self, document: Document) -> Iterator[str]:
        """Yield the phases that have to do with a document, or with one that is made from it."""
        family = {document.id, document.source}
        family |= {one.id for one in self.plan.documents if one.source in family}
        yield from (one.made_in for one in self.plan.documents if one.id in family)
        for phase in self.plan.phases:
            offered = phase.offer.documents if phase.offer else ()
            delivered = (phase.deliver.document,) if phase.deliver else ()
            if not family.isdisjoint((*phase.reviews, *phase.signs, *offered, *delivered)):
                yield phase.id

    def _list_forms(self, phase: Phase) -> Iterator[Struct]:
        named = {one.request.form for one in phase.automations if one.request}
        yield from (form for form in self.plan.forms if form.id in named)

    def _list_past(self, part: Any) -> Iterator[Past]:
        """Yield what of the past the rules of a part read, also through what they count from."""
        if isinstance(part, tuple):
            for item in part:
                yield from self._list_past(item)
        elif isinstance(part, DateRule):
            yield from self._list_counted(part)
        elif isinstance(part, EXPRESSIONS):
            yield from _list_named(part)
        elif isinstance(part, Struct):
            for name in part.__struct_fields__:
                yield from self._list_past(getattr(part, name))

    def _list_counted(self, rule: DateRule) -> Iterator[Past]:
        group, _, name = rule.anchor.partition(".")
        if group in ("facts", "phases"):
            yield group, name
        elif group == "deadlines":
            yield from self._list_past(self.plan.deadline(name))
        elif group == "targets":
            yield from self._list_past(self.plan.phase(name).due or ())

    def _list_deadlines(self, part: Any) -> Iterator[str]:
        """Yield the deadlines from which the rules of a part count, also through others and targets."""
        for rule in list_date_rules(part):
            group, _, name = rule.anchor.partition(".")
            if group == "deadlines":
                yield name
                yield from self._list_deadlines(self.plan.deadline(name))
            elif group == "targets":
                yield from self._list_deadlines(self.plan.phase(name).due or ())

    def _makers(self, past: Past) -> frozenset[str]:
        """Return the phases in which something of the past comes about, or changes."""
        group, name = past
        if group == "phases":
            return frozenset((name,))
        if group == "facts":
            return frozenset(next((fact.set_in for fact in self.plan.facts if fact.id == name), ()))
        asking = (
            phase.id
            for phase in self.plan.phases
            for form in self._list_forms(phase)
            if any(field.id == name for field in getattr(form, "fields", ()))
        )
        return frozenset(asking)


def list_date_rules(part: Any) -> Iterator[DateRule]:
    """Yield every date rule of a part of a plan, wherever the language puts one."""
    if isinstance(part, DateRule):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from list_date_rules(item)
    else:
        for name in getattr(part, "__struct_fields__", ()):
            yield from list_date_rules(getattr(part, name))


def _list_named(condition: Expression) -> Iterator[Past]:
    for path in list_names(condition):
        if path[0] in ("facts", "answers"):
            yield path[0], path[1]
