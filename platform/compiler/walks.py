"""Walks over a template: all of its parts of one kind, at any depth."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import NamedTuple, TypeVar

from ..suggest import is_like
from .language.base import Definition
from .language.dates import DateRule, Deadline, DueChoice
from .language.people import FunctionTo, RoleTo, To
from .language.phases import (
    Automation,
    Chase,
    Checkpoint,
    Deliver,
    Escalate,
    GiveUp,
    LeaveNote,
    Outcome,
    Phase,
    Remind,
    Sbr,
    WaitChase,
    WaitRemind,
    WorkChase,
)
from .language.workflow import Document, Workflow

T = TypeVar("T")
Conditional = Phase | Checkpoint | Automation | Outcome | DueChoice | Document | Deadline


def walk_once(walk: Callable[[Workflow], Iterator[T]]) -> Callable[[Workflow], tuple[T, ...]]:
    """Keep with a template what a walk over it finds: many checks walk alike."""

    @wraps(walk)
    def find(template: Workflow) -> tuple[T, ...]:
        if walk not in template.walked:
            template.walked[walk] = tuple(walk(template))
        found: tuple[T, ...] = template.walked[walk]
        return found

    return find


class Dated(NamedTuple):
    """A date rule and its use.

    created, earliest, due, latest, not_before, target, automation, escalate, awaited or give_up.
    """

    rule: DateRule
    sort: str
    phase: Phase | None = None


ChaseStep = Remind | WaitRemind | Escalate | WorkChase
ESCALATIONS = (Escalate, WorkChase)


class Chased(NamedTuple):
    """Something that is chased: the work of a phase, its offer, its wait, or what an automation asks."""

    chase: Chase | WaitChase | WorkChase
    phase: Phase
    asked: Automation | None = None
    """What asks it, where it is not the phase itself."""

    @property
    def reminders(self) -> Remind | WaitRemind | None:
        """Return its reminders; the chase of a template has none."""
        return None if isinstance(self.chase, WorkChase) else self.chase.remind

    @property
    def escalation(self) -> Escalate | WorkChase | None:
        """Return its escalation, which the chase of a template is as a whole."""
        return self.chase if isinstance(self.chase, WorkChase) else self.chase.escalate


@walk_once
def list_chased(template: Workflow) -> Iterator[Chased]:
    """Yield everything that is chased, by a chase of its own or by that of the template.

    A chase without effect, such as one beside an offer, is reported as such and is not among them.
    """
    by_template = {id(phase) for phase in template.chased}
    for phase in template.phases:
        block = phase.offer or phase.wait
        own = block.chase if block else phase.chase
        if own and (phase.deliver is None or is_by_hand(template, phase.deliver)):
            yield Chased(own, phase)
        elif template.chase and id(phase) in by_template:
            yield Chased(template.chase, phase)
        for automation in phase.automations:
            if automation.chase and (automation.request or automation.task):
                yield Chased(automation.chase, phase, automation)


@walk_once
def chase_steps(template: Workflow) -> Iterator[ChaseStep]:
    """Yield the reminders and escalations of every chase, whether it has an effect or not."""
    if template.chase:
        yield template.chase
    for phase in template.phases:
        yield from chase_steps_in(phase)


def chase_steps_in(phase: Phase) -> Iterator[Remind | WaitRemind | Escalate]:
    """Yield the reminders and escalations of the chases of a phase and of what its automations ask."""
    for holder in (phase, phase.offer, phase.wait, *phase.automations):
        chase = holder.chase if holder else None
        if chase:
            yield from (step for step in (chase.remind, chase.escalate) if step)


@walk_once
def notes(template: Workflow) -> Iterator[LeaveNote]:
    """Yield every note that is left."""
    for phase in template.phases:
        owners: list[Automation | Outcome] = [*phase.automations, *phase.outcomes]
        yield from (owner.note for owner in owners if owner.note)


@walk_once
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
    yield from (document.of for document in template.documents if document.of)


def role_recipients(template: Workflow) -> Iterator[RoleTo]:
    """Yield every `to` that names a role."""
    yield from (to for to in recipients(template) if isinstance(to, RoleTo))


def function_recipients(template: Workflow) -> Iterator[FunctionTo]:
    """Yield every `to` that names a function."""
    yield from (to for to in recipients(template) if isinstance(to, FunctionTo))


@walk_once
def conditionals(template: Workflow) -> Iterator[Conditional]:
    """Yield every part that has an `if`."""
    items: list[Conditional] = [choice for deadline in template.deadlines for choice in deadline.due]
    items += [*template.documents, *template.deadlines]
    for phase in template.phases:
        items += [phase, *phase.checkpoints, *phase.automations, *phase.outcomes]
    yield from (item for item in items if item.condition is not None and item.intact("if"))


class Reading(NamedTuple):
    """Something with a condition in a phase; `own` says whether the phase runs when it is read."""

    owner: Conditional
    phase: Phase
    own: bool


@walk_once
def list_readings(template: Workflow) -> Iterator[Reading]:
    """Yield what has a condition in a phase.

    Not the alternatives of deadlines: they are read all along, and while one does not hold the next one does.
    """
    for phase in template.phases:
        yield Reading(phase, phase, own=False)
        parts: list[Conditional] = [*phase.checkpoints, *phase.automations, *phase.outcomes]
        for part in parts:
            yield Reading(part, phase, own=not isinstance(part, Automation) or part.at != "entered")
        for document in template.documents:
            if document.made_in == phase.id:
                yield Reading(document, phase, own=True)


@walk_once
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
    for step in chase_steps_in(phase):
        if isinstance(step, Escalate):
            yield Dated(step, "escalate", phase)
    if phase.wait:
        yield from (Dated(one.date, "awaited", phase) for one in phase.wait.awaited if one.date)
        give_up = phase.wait.chase.give_up if phase.wait.chase else None
        if give_up:
            yield Dated(give_up, "give_up", phase)


def is_by_hand(template: Workflow, deliver: Deliver) -> bool:
    """Say whether a person delivers: what has no report, kantoor cannot deliver."""
    return all(one.report is None for one in template.documents if one.id == deliver.document)


def sbr_of(template: Workflow) -> Sbr:
    """Return the SBR settings, or the defaults when the template has none."""
    return template.sbr or Sbr()


def end_of(target: str | None) -> str | None:
    """Return the id of the end that a target names as `ends.<id>`, or None where it names none."""
    return target.removeprefix("ends.") if target and target.startswith("ends.") else None


class Jump(NamedTuple):
    """A way out of a phase that passes over those before its target.

    `owner` says so: an outcome, or a wait that is given up.
    """

    phase: Phase
    owner: Outcome | GiveUp
    then: str

    @property
    def name(self) -> str:
        """Return what it is called in a message."""
        return f"outcome '{self.owner.id}'" if isinstance(self.owner, Outcome) else "give_up"


def jumps(template: Workflow, stage: Iterable[Phase] | None = None) -> Iterator[Jump]:
    """Yield every way out of these phases, or of all, that leads to a phase of its own."""
    for phase in template.phases if stage is None else stage:
        give_up = phase.wait.chase.give_up if phase.wait and phase.wait.chase else None
        if give_up and end_of(give_up.then) is None:
            yield Jump(phase, give_up, give_up.then)
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
    """Return the ids in a list of the template, or None when an error hides some of them.

    An invalid id is none; what may be meant for it is told by `may_mean_invalid`.
    Of two with one id, one may be that which a reference names: what was copied has its old id.
    """
    items = getattr(template, key)
    written = {item.id for item in items}
    found = {item.id for item in items if item.intact("id")}
    is_hidden = "" in written or len(written) < len(items) or (written and not found)
    return None if is_hidden or not template.intact(key) else found


def may_mean_invalid(template: Workflow, key: str, name: str) -> bool:
    """Say whether a name may be meant for an invalid id in a list of the template: it is like that."""
    written = [id for where, id in _list_invalid_ids(template) if where == key]
    return is_like(name, written)


@walk_once
def _list_invalid_ids(template: Workflow) -> Iterator[tuple[str, str]]:
    for key in ("facts", "documents", "deadlines", "phases", "ends"):
        yield from ((key, item.id) for item in getattr(template, key) if not item.intact("id"))
