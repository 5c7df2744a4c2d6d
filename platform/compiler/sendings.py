"""Who reads what a template sends: its messages to clients, those to colleagues, and its notes."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from .language.people import RoleTo
from .language.phases import Automation, Phase
from .language.workflow import Workflow
from .spans import Span
from .walks import Conditional, list_chased, sbr_of, walk_once


class Sent(NamedTuple):
    """A message that is sent, and where it is named."""

    message: str
    place: Span
    asks: Literal["", "an offer", "a request", "a task"] = ""
    """What its reader answers by following its link, if anything."""
    before: tuple[Conditional, ...] = ()
    """What sends it, and was asked before it is sent: facts may be corrected in the meantime."""
    now: tuple[Conditional, ...] = ()
    """What sends it, and is asked in that moment."""

    @property
    def owners(self) -> tuple[Conditional, ...]:
        """Return what sends it: it is sent only where all of these apply."""
        return (*self.before, *self.now)


@walk_once
def list_to_clients(template: Workflow) -> Iterator[Sent]:
    """Yield the messages to clients."""
    sbr = sbr_of(template)
    for phase in template.phases:
        for automation in phase.automations:
            owners = _split(phase, automation)
            if automation.send and not isinstance(automation.send.to, RoleTo):
                place = automation.send.place("message")
                yield Sent(automation.send.message, place, "", *owners)
            if automation.request and automation.request.message:
                place = automation.request.place("message")
                yield Sent(automation.request.message, place, "a request", *owners)
            if automation.chase and automation.chase.remind and automation.chase.remind.message:
                task = automation.task
                if task is None or not isinstance(task.to, RoleTo):
                    asked = automation.chase.remind
                    what: Literal["a request", "a task"] = "a task" if task else "a request"
                    yield Sent(asked.message or "", asked.place("message"), what, (phase, automation))
        offer = phase.offer
        message = offer and (offer.message or sbr.message)
        if offer is None or not message:
            continue
        place = (offer if offer.message else sbr).place("message")
        yield Sent(message, place, "an offer", (phase,))
        remind = offer.chase.remind if offer.chase else None
        if remind and remind.message:
            yield Sent(remind.message, remind.place("message"), "an offer", (phase,))


@walk_once
def list_to_colleagues(template: Workflow) -> Iterator[Sent]:
    """Yield the messages to colleagues: to a role, reminders of their work, and escalations."""
    for phase in template.phases:
        for automation in phase.automations:
            if automation.send and isinstance(automation.send.to, RoleTo):
                place = automation.send.place("message")
                yield Sent(automation.send.message, place, "", *_split(phase, automation))
    for chased in list_chased(template):
        phase, asked = chased.phase, chased.asked
        task = asked.task if asked else None
        by_client = phase.offer if asked is None else not (task and isinstance(task.to, RoleTo))
        for step in (None if by_client else chased.reminders, chased.escalation):
            if step and step.message:
                yield Sent(step.message, step.place("message"), "", (phase, asked) if asked else (phase,))


@walk_once
def list_as_notes(template: Workflow) -> Iterator[Sent]:
    """Yield the messages whose text is a note to the next filing of a template."""
    for phase in template.phases:
        for automation in phase.automations:
            if automation.note:
                place = automation.note.place("text")
                yield Sent(automation.note.message, place, "", *_split(phase, automation))
        for outcome in phase.outcomes:
            if outcome.note:
                yield Sent(outcome.note.message, outcome.note.place("text"), "", (phase,), (outcome,))


def _split(phase: Phase, automation: Automation) -> tuple[tuple[Conditional, ...], tuple[Conditional, ...]]:
    """Return of a phase and its automation what is asked before this does what it does, and what then."""
    return ((), (phase, automation)) if automation.at == "entered" else ((phase,), (automation,))
