"""Phases and what happens in them: checkpoints, automations, offers, deliveries, chasing."""

from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from .base import Condition, Definition, Id, Line, Maybe, Positive, Ref, Some
from .dates import DateRule
from .people import Recipients, To

Way = Literal["approval", "signature", "information"]
Forward = Literal["automatic", "by_hand"]
Pay = Literal["now", "after_assessment", "nothing"]

At = Annotated[
    Annotated[Literal["entered", "completed"], Tag("~moment")] | Annotated[DateRule, Tag("~date")],
    Discriminator(lambda value: "~moment" if isinstance(value, str) else "~date"),
]


class Checkpoint(Definition):
    """What a team member must do in a phase."""

    id: Id
    """Its name within the phase."""
    title: Line
    """What people read."""
    required: bool = False
    """Whether the phase cannot be completed without it."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When it applies; without `if` always."""


class Send(Definition):
    """Send a message."""

    message: Ref
    """The message."""
    to: To = "primary_contact"
    """Whom it goes to."""


class Task(Definition):
    """Create a task for a client or a team member."""

    title: Line
    """What is to be done."""
    to: To = "primary_contact"
    """Who does it."""
    proof: Literal["tick", "code", "document"] = "tick"
    """What shows that it is done: a tick, a code, or a document."""


class Automation(Definition):
    """What happens by itself in a phase. It sends a message or creates a task."""

    LATER: ClassVar[dict[str, str]] = {
        "request": "the data requests (uitvraag)",
        "start": "the templates that start another",
        "note": "the template suppletie",
    }

    id: Id
    """Its name in the phase: a relation switches it off as template/phase/id."""
    at: At
    """When: entered, completed, or a day while the phase is active."""
    send: Maybe[Send] = None
    """The message to send."""
    task: Maybe[Task] = None
    """The task to create."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When it applies; without `if` always."""


class Remind(Definition):
    """Remind whoever is waited for, until the escalation."""

    every_days: Positive
    """Days between reminders, counted from the day the waiting began."""
    at_most: Positive
    """How many reminders there are at most."""
    message: Maybe[Ref] = None
    """The message; an offer repeats its own when left out."""


class Escalate(DateRule):
    """From this day another role shares the work."""

    role: Ref
    """The role."""
    message: Maybe[Ref] = None
    """The message that tells it so."""


class Chase(Definition):
    """What is done while somebody lets others wait: reminders, then escalation."""

    LATER: ClassVar[dict[str, str]] = {"give_up": "the templates that wait for something outside"}

    remind: Maybe[Remind] = None
    """The reminders."""
    escalate: Maybe[Escalate] = None
    """When they no longer help: who is told."""


class Sbr(Definition):
    """The SBR settings of a template: defaults for its offer and deliver phases."""

    on_behalf_of: Ref = "relatiebeheerder"
    """The role whose holder is the sender of the message and the contact person in the return."""
    forward: Forward = "automatic"
    """Whether an offer goes to the client by itself, or a team member releases it."""
    offer_as: Way = "approval"
    """For approval, for signature, or for information (delivered only under a standing authority)."""
    to: Recipients = "primary_contact"
    """Whom it is offered to."""
    message: Maybe[Ref] = None
    """The accompanying message."""
    pay: Pay = "nothing"
    """What the client is told about paying: now, after the assessment, or nothing."""


class Offer(Definition):
    """Offer documents to the client. Keys of `sbr` repeated here override it."""

    documents: Some[Ref]
    """The documents that are offered."""
    chase: Maybe[Chase] = None
    """What is done while the client does not answer. Silence is never approval."""
    may_end: Maybe[Ref] = None
    """The end, as `ends.<id>`, that a person may decide for instead of an answer of the client."""
    on_behalf_of: Maybe[Ref] = None
    """The role whose holder is the sender; `sbr` has the default."""
    forward: Maybe[Forward] = None
    """By itself or by hand; `sbr` has the default."""
    offer_as: Maybe[Way] = None
    """For approval, signature or information; `sbr` has the default."""
    to: Maybe[Recipients] = None
    """Whom it is offered to; `sbr` has the default."""
    message: Maybe[Ref] = None
    """The accompanying message; `sbr` has the default."""
    pay: Maybe[Pay] = None
    """What the client is told about paying; `sbr` has the default."""


class Deliver(Definition):
    """Deliver a document to the authority. Keys of `sbr` repeated here override it."""

    document: Ref
    """The document; it names its report, and was offered before."""
    deadline: Ref
    """The deadline it is delivered for, and not before whose earliest day."""
    on_behalf_of: Maybe[Ref] = None
    """The role whose holder is the contact person in the return; `sbr` has the default."""
    pay: Maybe[Pay] = None
    """What the client is told about paying; `sbr` has the default."""


class Phase(Definition):
    """A phase. Its kind is its block: `offer`, `deliver`, or neither of them (work)."""

    LATER: ClassVar[dict[str, str]] = {
        "wait": "the templates that wait for something outside",
        "together": "the template aangifte-ib",
        "signs": "the template jaarrekening",
        "outcomes": "the template suppletie",
        "facts": "the template jaarrekening",
    }
    ALONE: ClassVar[frozenset[str]] = frozenset({"together"})

    id: Id
    """Its name in this file."""
    title: Line
    """What people read."""
    role: Ref
    """The role that is responsible."""
    qualification: list[Literal["AA", "RA", "RB"]] = []
    """What the team member must be: one of these."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When the phase is part of the filing; without `if` always."""
    not_before: Maybe[DateRule] = None
    """The first day on which it is entered."""
    due: Maybe[DateRule] = None
    """The target date, on the office's calendar."""
    automations: list[Automation] = []
    """What happens by itself."""
    checkpoints: list[Checkpoint] = []
    """What a team member must do."""
    reviews: list[Ref] = []
    """The documents that are reviewed here; another version needs another review."""
    four_eyes: list[Ref] = []
    """Earlier phases: whoever did anything there cannot complete this one."""
    back_to: Maybe[Ref] = None
    """The earlier phase to which work is sent back: not good, rejected by the client, or refused."""
    chase: Maybe[Chase] = None
    """What is done while the phase's own role does not finish."""
    offer: Maybe[Offer] = None
    """Offer documents to the client."""
    deliver: Maybe[Deliver] = None
    """Deliver a document to the authority."""
