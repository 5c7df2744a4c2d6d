"""Who reads what a template sends: its messages to clients, and those to colleagues."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from .language.people import RoleTo
from .language.workflow import Workflow
from .spans import Span
from .walks import Conditional, list_chased, sbr_of, walk_once


class Sent(NamedTuple):
    """A message that is sent, and where it is named."""

    message: str
    place: Span
    asks: Literal["", "an offer", "a request", "a task"] = ""
    """What its reader answers by following its link, if anything."""
    owners: tuple[Conditional, ...] = ()
    """What sends it to a client: it is sent only where all of these apply."""


@walk_once
def list_to_clients(template: Workflow) -> Iterator[Sent]:
    """Yield the messages to clients."""
    sbr = sbr_of(template)
    for phase in template.phases:
        for automation in phase.automations:
            if automation.send and not isinstance(automation.send.to, RoleTo):
                place = automation.send.place("message")
                yield Sent(automation.send.message, place, owners=(phase, automation))
            if automation.request and automation.request.message:
                place = automation.request.place("message")
                yield Sent(automation.request.message, place, "a request", (phase, automation))
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
        yield Sent(message, (offer if offer.message else sbr).place("message"), "an offer", (phase,))
        remind = offer.chase.remind if offer.chase else None
        if remind and remind.message:
            yield Sent(remind.message, remind.place("message"), "an offer", (phase,))


@walk_once
def list_to_colleagues(template: Workflow) -> Iterator[Sent]:
    """Yield the messages to colleagues: to a role, reminders of their work, and escalations."""
    seen = set[int]()
    for phase in template.phases:
        for automation in phase.automations:
            if automation.send and isinstance(automation.send.to, RoleTo):
                yield Sent(automation.send.message, automation.send.place("message"))
    for chased in list_chased(template):
        task = chased.asked.task if chased.asked else None
        by_client = chased.phase.offer if chased.asked is None else not (task and isinstance(task.to, RoleTo))
        for step in (None if by_client else chased.reminders, chased.escalation):
            if step and step.message and id(step) not in seen:
                seen.add(id(step))
                yield Sent(step.message, step.place("message"))
