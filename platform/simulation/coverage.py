"""What of a template its scenarios reach: worked out from their stories, by the machine over their events."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..filing.deadlines import deadline_status
from ..filing.outcome import Refusal, Step
from ..filing.requests import find_request
from ..filing.rules import Rules
from ..filing.state import State
from ..filing.step import step
from ..filing.turn import Reader
from ..plan import Automation, Chase, Expression, Phase, Plan
from ..tables import Table
from .story import Story

KINDS = (
    "phases",
    "checkpoints",
    "automations",
    "branches",
    "outcomes",
    "ends",
    "ways back",
    "chases",
    "deadlines",
)
"""What is counted, in the order in which a table shows it."""


class Part(NamedTuple):
    """Something of a template that can be reached: its kind, and what has to come of it, in words."""

    kind: str
    name: str


class Coverage(NamedTuple):
    """What of a template was reached: every part, in the order of the template, and which of them were."""

    template: str
    parts: tuple[Part, ...]
    reached: frozenset[Part]

    @property
    def missing(self) -> tuple[Part, ...]:
        """Return what was not reached."""
        return tuple(part for part in self.parts if part not in self.reached)

    @property
    def percent(self) -> int:
        """Return how much was reached, rounded down: 100 is everything."""
        return 100 * (len(self.parts) - len(self.missing)) // len(self.parts)

    def count_of(self, kind: str) -> tuple[int, int]:
        """Return how many parts of a kind were reached, and how many there are."""
        parts = [part for part in self.parts if part.kind == kind]
        return sum(part in self.reached for part in parts), len(parts)


def cover(plan: Plan, stories: Iterable[Story]) -> Coverage:
    """Return what these stories reach of their template."""
    reached = {part for story in stories for part in _reach(plan, story)}
    return Coverage(plan.template, tuple(dict.fromkeys(_list_parts(plan))), frozenset(reached))


def coverage_lines(covered: Iterable[Coverage]) -> Iterator[str]:
    """Yield a table of how much of each template was reached, and below it by name what was not."""
    every = list(covered)
    rows = []
    for one in every:
        counts = (one.count_of(kind) for kind in KINDS)
        cells = (f"{reached}/{there}" if there else "-" for reached, there in counts)
        rows.append((one.template, *cells, f"{one.percent} %"))
    yield from Table(("template", *KINDS, "reached"), tuple(rows)).lines()
    for one in every:
        if len(one.missing) == len(one.parts):
            yield f"\n{one.template}: no scenario reaches anything of it"
        elif one.missing:
            yield f"\n{one.template}, not reached:"
            yield from (f"  {part.kind}: {part.name}" for part in one.missing)


# --- what there is ------------------------------------------------------------------------------------------


def _list_parts(plan: Plan) -> Iterator[Part]:
    for phase in plan.phases:
        yield _phase(phase)
        yield from _both_ways(phase.condition, f"phase {phase.id}")
        for checkpoint in phase.checkpoints:
            yield Part("checkpoints", f"{phase.id}/{checkpoint.id} ticked")
            yield from _both_ways(checkpoint.condition, f"checkpoint {phase.id}/{checkpoint.id}")
        for automation in phase.automations:
            yield _automation(phase, automation)
            yield from _both_ways(automation.condition, f"automation {phase.id}/{automation.id}")
            yield from _chases(automation.chase, f"{phase.id}/{automation.id}")
            if automation.request:
                yield from _items(plan, automation.request.form)
        for outcome in phase.outcomes:
            yield Part("outcomes", f"{phase.id}: {outcome.id}")
            yield from _both_ways(outcome.condition, f"outcome {phase.id}: {outcome.id}")
        if phase.back_to:
            yield _back(phase)
        yield from _chases(phase.chase, phase.id)
    for document in plan.documents:
        yield from _both_ways(document.condition, f"document {document.id}")
    for deadline in plan.deadlines:
        yield from _both_ways(deadline.condition, f"deadline {deadline.id}")
        for number, choice in enumerate(deadline.due, 1):
            yield from _both_ways(choice.condition, f"deadline {deadline.id}, alternative {number}")
        yield Part("deadlines", f"{deadline.id} met")
        yield Part("deadlines", f"{deadline.id} missed")
    yield Part("ends", "completed")
    yield from (Part("ends", end.id) for end in plan.ends)


def _items(plan: Plan, form: str) -> Iterator[Part]:
    for field in plan.form(form).fields:
        yield from _both_ways(field.condition, f"item {form}/{field.id}")


def _both_ways(condition: Expression | None, name: str) -> Iterator[Part]:
    if condition is not None:
        yield Part("branches", f"{name} if it holds")
        yield Part("branches", f"{name} if it does not")


def _chases(chase: Chase | None, name: str) -> Iterator[Part]:
    for told, there in (
        ("reminded", chase and chase.remind),
        ("escalated", chase and chase.escalate),
        ("given up", chase and chase.give_up),
    ):
        if there:
            yield Part("chases", f"{name} {told}")


def _phase(phase: Phase) -> Part:
    return Part("phases", phase.id)


def _automation(phase: Phase, automation: Automation) -> Part:
    return Part("automations", f"{phase.id}/{automation.id}")


def _back(phase: Phase) -> Part:
    return Part("ways back", f"{phase.id} to {phase.back_to}")


# --- what a story reaches -----------------------------------------------------------------------------------


def _reach(plan: Plan, story: Story) -> Iterator[Part]:
    before: State | None = None
    for event in story.events:
        taken = step(plan, before, event)
        if isinstance(taken, Refusal):
            return
        yield from _reach_in(Reader(plan, taken.state, event.at), before, taken)
        before = taken.state
    if before is not None:
        yield from _reach_at_last(Reader(plan, before, story.now))


def _reach_in(reader: Reader, before: State | None, taken: Step) -> Iterator[Part]:
    """Yield what one step reaches."""
    rules = reader.rules
    for entry in taken.entries:
        phase = rules.find_phase(entry.phase or "")
        match entry.what:
            case "phase_entered" if phase:
                yield _phase(phase)
                yield _branch(True, f"phase {phase.id}")
                yield from _trigger_all(reader, phase, "entered")
            case "phase_skipped" if phase:
                yield _branch(False, f"phase {phase.id}")
            case "phase_completed" if phase:
                yield from _trigger_all(reader, phase, "completed")
                yield from _reach_by_leaving(reader, phase)
            case "sent_back" if phase:
                yield _back(phase)
            case "checkpoint_ticked" if phase:
                yield Part("checkpoints", f"{phase.id}/{entry.data['checkpoint']} ticked")
            case "given_up" if phase:
                yield Part("chases", f"{phase.id} given up")
            case "deadline_missed":
                for told in set(reader.case.told) - set(before.case.told if before else ()):
                    yield Part("deadlines", f"{told.deadline} missed")
    fired = {(p.id, name) for p in before.case.phases for name in p.fired} if before else set()
    for phase_state in reader.case.phases:
        for automation in rules.phase(phase_state.id).automations:
            ran = automation.id in phase_state.fired and (phase_state.id, automation.id) not in fired
            if ran and not isinstance(automation.at, str):
                yield from _trigger(reader, rules.phase(phase_state.id), automation)
    for chased in reader.case.chased:
        _, _, subject = chased.subject.partition(":")
        name = "/".join(subject.split(".")[:2])
        yield from [Part("chases", f"{name} reminded")] if chased.reminded else []
        yield from [Part("chases", f"{name} escalated")] if chased.escalated else []


def _trigger_all(reader: Reader, phase: Phase, at: str) -> Iterator[Part]:
    for automation in phase.automations:
        if automation.at == at:
            yield from _trigger(reader, phase, automation)


def _trigger(reader: Reader, phase: Phase, automation: Automation) -> Iterator[Part]:
    """Yield what an automation reaches whose moment has come."""
    origin = reader.state.origin
    if (
        origin.without_automations
        or f"{reader.plan.template}/{phase.id}/{automation.id}" in origin.automations_off
    ):
        return
    holds = reader.rules.holds(automation.condition)
    yield _branch(holds, f"automation {phase.id}/{automation.id}")
    if holds:
        yield _automation(phase, automation)


def _reach_by_leaving(reader: Reader, phase: Phase) -> Iterator[Part]:
    """Yield what the completion of a phase reaches: what applied in it is known then."""
    rules = reader.rules
    for checkpoint in phase.checkpoints:
        yield _branch(rules.holds(checkpoint.condition), f"checkpoint {phase.id}/{checkpoint.id}")
    for document in (one for one in reader.plan.documents if one.made_in == phase.id and one.condition):
        yield _branch(rules.holds(document.condition), f"document {document.id}")
    for automation in phase.automations:
        # one that runs on a day is not looked at on that day where its condition does not hold
        day = None if isinstance(automation.at, str) else rules.target_day(automation.at)
        if day and day <= reader.now.date() and not rules.holds(automation.condition):
            yield from _trigger(reader, phase, automation)
    state = reader.phase_state(phase.id)
    for outcome in phase.outcomes:
        yield _branch(rules.holds(outcome.condition), f"outcome {phase.id}: {outcome.id}")
        if state and state.outcome == outcome.id:
            yield Part("outcomes", f"{phase.id}: {outcome.id}")
    for request in reader.case.requests:
        asked = find_request(reader, request)
        if asked and asked.phase.id == phase.id:
            for field in asked.form.fields:
                yield _branch(rules.holds(field.condition), f"item {asked.form.id}/{field.id}")


def _reach_at_last(reader: Reader) -> Iterator[Part]:
    """Yield what a story has reached as a whole: how it ended, which deadlines it met."""
    yield from _choose_days(reader.rules)
    for deadline in reader.plan.deadlines:
        if deadline_status(reader, deadline.id) == "met":
            yield Part("deadlines", f"{deadline.id} met")
    ended = reader.case.ended
    if ended:
        yield Part("ends", ended.end or ended.how)


def _choose_days(rules: Rules) -> Iterator[Part]:
    for deadline in rules.plan.deadlines:
        applies = rules.holds(deadline.condition)
        yield _branch(applies, f"deadline {deadline.id}")
        if not applies:
            continue
        for number, choice in enumerate(deadline.due, 1):
            holds = rules.holds(choice.condition)
            yield _branch(holds, f"deadline {deadline.id}, alternative {number}")
            if holds:
                break


def _branch(holds: bool, name: str) -> Part:
    return Part("branches", f"{name} if it {'holds' if holds else 'does not'}")
