"""Walks over a template: all of its parts of one kind, at any depth."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .language.base import Definition
from .language.dates import DateRule, DueChoice
from .language.people import FunctionTo, RoleTo, To
from .language.phases import Automation, Chase, Checkpoint, Outcome, Phase, Sbr
from .language.workflow import Workflow

Conditional = Phase | Checkpoint | Automation | Outcome | DueChoice


class Dated(NamedTuple):
    """A date rule and its use: created, earliest, due, latest, not_before, target, automation or escalate."""

    rule: DateRule
    sort: str
    phase: Phase | None = None


def chases(template: Workflow) -> Iterator[Chase]:
    """Yield every chase: of offers, of work, and of what automations ask."""
    for phase in template.phases:
        if phase.chase:
            yield phase.chase
        if phase.offer and phase.offer.chase:
            yield phase.offer.chase
        yield from (automation.chase for automation in phase.automations if automation.chase)


def automations(template: Workflow) -> Iterator[Automation]:
    """Yield every automation."""
    for phase in template.phases:
        yield from phase.automations


def recipients(template: Workflow) -> Iterator[To]:
    """Yield every `to`, including that of the SBR settings."""
    holders: list[Definition | None] = [template.sbr, *(phase.offer for phase in template.phases)]
    for automation in automations(template):
        holders += [automation.send, automation.task, automation.request]
    for holder in holders:
        to = getattr(holder, "to", None)
        if to is not None:
            yield to


def role_recipients(template: Workflow) -> Iterator[RoleTo]:
    """Yield every `to` that names a role."""
    yield from (to for to in recipients(template) if isinstance(to, RoleTo))


def function_recipients(template: Workflow) -> Iterator[FunctionTo]:
    """Yield every `to` that names a function."""
    yield from (to for to in recipients(template) if isinstance(to, FunctionTo))


def conditionals(template: Workflow) -> Iterator[Conditional]:
    """Yield every part that has an `if`."""
    items: list[Conditional] = [choice for deadline in template.deadlines for choice in deadline.due]
    for phase in template.phases:
        items += [phase, *phase.checkpoints, *phase.automations, *phase.outcomes]
    yield from (item for item in items if item.condition is not None and item.intact("if"))


def dated_rules(template: Workflow) -> Iterator[Dated]:
    """Yield every date rule."""
    yield Dated(template.created, "created")
    for deadline in template.deadlines:
        if deadline.earliest:
            yield Dated(deadline.earliest, "earliest")
        yield from (Dated(choice, "due") for choice in deadline.due)
        if deadline.latest:
            yield Dated(deadline.latest, "latest")
    for phase in template.phases:
        yield from _dated_rules_in(phase)


def _dated_rules_in(phase: Phase) -> Iterator[Dated]:
    if phase.not_before:
        yield Dated(phase.not_before, "not_before", phase)
    if phase.due:
        yield Dated(phase.due, "target", phase)
    for automation in phase.automations:
        if isinstance(automation.at, DateRule):
            yield Dated(automation.at, "automation", phase)
    asked = (automation.chase for automation in phase.automations)
    for chase in (phase.chase, phase.offer.chase if phase.offer else None, *asked):
        if chase and chase.escalate:
            yield Dated(chase.escalate, "escalate", phase)


def sbr_of(template: Workflow) -> Sbr:
    """Return the SBR settings, or the defaults when the template has none."""
    return template.sbr or Sbr()


def end_of(target: str | None) -> str | None:
    """Return the id of the end that a target names as `ends.<id>`, or None where it names none."""
    return target.removeprefix("ends.") if target and target.startswith("ends.") else None


class Jump(NamedTuple):
    """A way out of a phase that passes over those before its target; `owner` is the outcome that says so."""

    phase: Phase
    owner: Outcome
    then: str


def jumps(template: Workflow, stage: Iterable[Phase] | None = None) -> Iterator[Jump]:
    """Yield every outcome of these phases, or of all, that leads to a phase of its own."""
    for phase in template.phases if stage is None else stage:
        for outcome in phase.outcomes:
            if outcome.then and end_of(outcome.then) is None:
                yield Jump(phase, outcome, outcome.then)


def passed_over(template: Workflow, jump: Jump) -> list[Phase]:
    """Return the phases that a jump passes over; none where its target is unknown."""
    place, target = template.stage_of[jump.phase.id], template.stage_of.get(jump.then, 0)
    return [phase for stage in template.groups[place + 1 : target] for phase in stage]


def ends_of(phase: Phase) -> list[Outcome]:
    """Return the outcomes of a phase that end the filing."""
    return [outcome for outcome in phase.outcomes if end_of(outcome.then) is not None]


def ids(template: Workflow, key: str) -> set[str] | None:
    """Return the ids in a list of the template, or None when an error hides some of them."""
    items = getattr(template, key)
    if not template.intact(key) or any(item.id == "" for item in items):
        return None
    return {item.id for item in items}
