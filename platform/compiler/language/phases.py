"""Phases and what happens in them: checkpoints, automations, offers, deliveries, chasing."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from ...linked import Link
from .base import Condition, Count, Definition, Id, Line, Maybe, Must, Positive, Ref, Some
from .dates import DateRule
from .people import Recipients, To

SamePeriod = Literal["same", "previous", "next"]
Way = Literal["approval", "signature", "information"]
Forward = Literal["automatic", "by_hand"]
Pay = Literal["now", "after_assessment", "nothing"]

At = Annotated[
    Annotated[Literal["entered", "completed"], Tag("~moment")] | Annotated[DateRule, Tag("~date")],
    Discriminator(lambda value: "~moment" if isinstance(value, str) else "~date"),
]


class Checkpoint(Definition):
    """Something a team member must do in a phase."""

    id: Id
    """Its id within the phase."""
    title: Line
    """Its label."""
    required: bool = False
    """Whether the phase cannot be completed without it."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When it applies; always when left out."""


class Send(Definition):
    """Send a message."""

    message: Ref
    """The message."""
    to: To = "primary_contact"
    """The recipients."""


class Task(Definition):
    """Create a task for a client or a team member."""

    title: Line
    """Its label."""
    to: To = "primary_contact"
    """Who does the task."""
    proof: Literal["tick", "code", "document"] = "tick"
    """The proof that it is done: a tick, a code or a document."""


class StartFiling(Definition):
    """Start a filing of another template; both are linked to each other."""

    template: Ref
    """The template of the other filing."""
    period: SamePeriod = "same"
    """The period of the other filing, seen from this one: the same, the previous or the next."""
    of: Maybe[Link] = None
    """For each relation that is this to the filing's own, such as its `holding`; by default for itself."""
    optional: bool = False
    """With `of`: whether nothing starts where nobody is linked so; else it stands still until they are."""


class LeaveNote(Definition):
    """Leave a note for the next filing of a template for the same relation."""

    template: Ref = Field(alias="for")
    """The template whose next filing shows the note."""
    message: Ref = Field(alias="text")
    """The message whose Dutch text is the note."""


class Remind(Definition):
    """Reminders, until the escalation."""

    every_days: Positive
    """Days between reminders, counted from the day the waiting began."""
    at_most: Positive
    """The maximum number of reminders."""
    message: Maybe[Ref] = None
    """The message; when left out, an offer repeats its own."""


class Escalate(DateRule):
    """The date from which another role shares the work.

    In a filing that begins on that day or later, such as one started late in the season, work has time first:
    from the begin of the phase as long as lies between its `due` and this date, within the next deadline.
    """

    role: Ref
    """The role."""
    message: Maybe[Ref] = None
    """The message that informs the role."""


class Chase(Definition):
    """What happens while an answer or work is outstanding: reminders, then an escalation."""

    remind: Maybe[Remind] = None
    """The reminders."""
    escalate: Maybe[Escalate] = None
    """When reminders no longer help: the role that is involved, and from which date."""


class Request(Definition):
    """Ask the client for data (uitvraag): a form, or a list of documents.

    The office looks at each answer and accepts it or sends it back. A late answer is taken too.
    """

    form: Ref
    """The form, a file of the folder forms."""
    to: Recipients = "primary_contact"
    """Who is asked; every contact with the right to answer may answer."""
    required: bool = True
    """Whether the phase cannot be completed before what the form requires was accepted."""
    message: Maybe[Ref] = None
    """The message that invites the client; reminders repeat it unless they have one of their own."""


ACTIONS = ("send", "task", "request", "start", "note")
"""What an automation can do."""


class Automation(Definition):
    """An automatic action in a phase: a message, a task, a request of data, another filing, or a note."""

    id: Id
    """Its id within the phase; relations switch it off as template/phase/id."""
    at: At
    """When it runs: entered, completed, or a date while the phase is active."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When it applies; always when left out."""
    send: Maybe[Send] = None
    """The message to send."""
    task: Maybe[Task] = None
    """The task to create."""
    request: Maybe[Request] = None
    """What to ask of the client."""
    start: Maybe[StartFiling] = None
    """The filing to start."""
    note: Maybe[LeaveNote] = None
    """The note to leave."""
    chase: Maybe[Chase] = None
    """What happens while the task is not done, or the request not answered."""

    @property
    def actions(self) -> list[str]:
        """Return the keys of what it does: one where it is as it should be."""
        return [action for action in ACTIONS if getattr(self, action)]


class WaitRemind(Definition):
    """Reminders while a phase waits, to its own role, until the escalation or until the wait is given up."""

    every_days: Positive
    """Days between reminders, counted from the day the waiting began."""
    at_most: Maybe[Positive] = None
    """The maximum number of reminders; can be left out where the wait is given up one day."""
    message: Maybe[Ref] = None
    """The message; when left out, the reminder is only shown on the timeline."""


class GiveUp(DateRule):
    """The date from which a phase no longer waits."""

    then: Ref
    """Where the filing goes on: a later phase, or an end as `ends.<id>`."""


class WaitChase(Definition):
    """What happens while nothing comes: reminders, an escalation, and when the wait is given up."""

    remind: Maybe[WaitRemind] = None
    """The reminders."""
    escalate: Maybe[Escalate] = None
    """When reminders no longer help: the role that is involved, and from which date."""
    give_up: Maybe[GiveUp] = None
    """When the phase no longer waits, and where the filing goes on then."""


class Awaited(Definition):
    """One thing that a phase waits for: exactly one of `notice`, `filing` and `date`."""

    notice: Maybe[Id] = None
    """A notice of an authority, by its kind, such as naheffingsaanslag; recorded in the inbox or by hand."""
    fact: Maybe[Ref] = None
    """The date of the template that takes the day of the notice; a colleague can correct it."""
    filing: Maybe[Ref] = None
    """Another filing, by its template: of the same relation, or of those that are linked to it."""
    of: Maybe[Link] = None
    """Of each relation that is this to the filing's own, such as its `partner`; all must be so far."""
    period: Maybe[SamePeriod] = None
    """The period of the other filing, seen from this one: the same (default), the previous or the next."""
    phase: Maybe[Ref] = None
    """The phase of the other filing that must be completed; when left out, the other filing must end."""
    optional: bool = False
    """Whether the phase goes on where there is no such filing, and none is agreed; or nobody is linked."""
    date: Maybe[DateRule] = None
    """A date."""


class Wait(Definition):
    """Wait for a notice of an authority, another filing or a date: whichever comes first."""

    awaited: Some[Awaited] = Field(alias="for")
    """What the phase waits for."""
    chase: Maybe[WaitChase] = None
    """What happens while nothing comes."""


class Sbr(Definition):
    """The SBR settings of a template: defaults for its offer and deliver phases."""

    on_behalf_of: Ref = "relatiebeheerder"
    """The role whose holder is the sender of the message and the contact person in the return."""
    forward: Forward = "automatic"
    """Whether an offer is sent automatically or released by a team member."""
    offer_as: Way = "approval"
    """For approval, for signature, or for information (which requires a standing authority)."""
    to: Recipients = "primary_contact"
    """The recipients of the offer."""
    message: Maybe[Ref] = None
    """The accompanying message."""
    pay: Pay = "nothing"
    """What the client is told about paying: now, after the assessment, or nothing."""
    workdays_to_object: Count = 0
    """The working days in which a client who is only informed can object; the filing goes on after them."""


class Offer(Definition):
    """Offer documents to the client. Keys repeated here override those of `sbr`."""

    documents: Some[Ref]
    """The documents that are offered."""
    on_behalf_of: Maybe[Ref] = None
    """The role whose holder is the sender; `sbr` has the default."""
    forward: Maybe[Forward] = None
    """Automatically or by hand; `sbr` has the default."""
    offer_as: Maybe[Way] = None
    """For approval, signature or information; `sbr` has the default."""
    to: Maybe[Recipients] = None
    """The recipients of the offer; `sbr` has the default."""
    message: Maybe[Ref] = None
    """The accompanying message; `sbr` has the default."""
    pay: Maybe[Pay] = None
    """What the client is told about paying; `sbr` has the default."""
    workdays_to_object: Maybe[Count] = None
    """The working days to object for who is only informed; `sbr` has the default."""
    chase: Maybe[Chase] = None
    """What happens while the client does not answer. Silence is never approval."""
    may_end: Maybe[Ref] = None
    """The end, as `ends.<id>`, that a team member may choose when the client does not answer."""


class Deliver(Definition):
    """Deliver a document to the authority. Keys repeated here override those of `sbr`.

    A document with a report is delivered by kantoor; one without is delivered elsewhere by a person, who
    records it with proof.
    """

    document: Ref
    """The document; an earlier phase offered it."""
    deadline: Maybe[Ref] = None
    """The deadline of the delivery; nothing is delivered before its earliest day. Required with a report."""
    on_behalf_of: Maybe[Ref] = None
    """The role whose holder is the contact person in the return; `sbr` has the default."""
    pay: Maybe[Pay] = None
    """What the client is told about paying; `sbr` has the default."""


class WorkChase(Definition):
    """What happens when work stays undone, in work phases with a target date and no `chase` of their own."""

    workdays: Count
    """The working days after the phase's target date, on the office's calendar."""
    role: Ref
    """The role that shares the work from then on."""
    message: Maybe[Ref] = None
    """The message that informs the role."""


class Outcome(Definition):
    """One of the ways in which a work phase ends. Whoever completes the phase chooses one that applies."""

    NOT_HERE: ClassVar[Mapping[str, str]] = {
        "else": "write the condition as 'if: not (...)', or leave it out where it can always be chosen"
    }

    id: Id
    """Its id within the phase."""
    title: Line
    """Its label."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When it can be chosen; always when left out. Together the outcomes cover every case."""
    then: Maybe[Ref] = None
    """The later phase that comes next, passing over those between, or an end as `ends.<id>`."""
    note: Maybe[LeaveNote] = None
    """The note to leave when it is chosen."""


class Phase(Definition):
    """A phase. Its block sets its kind: `offer`, `deliver`, `wait`, or none of them (work)."""

    NOT_HERE: ClassVar[Mapping[str, str]] = {
        "together": "a group inside a group is not possible: list its phases in the group around it"
    }

    id: Id
    """Its id in this file."""
    title: Line
    """Its label."""
    was: list[Id] = []
    """The phases of earlier versions of the file whose work it does, whole or in part; for what runs."""
    role: Ref
    """The role that is responsible."""
    qualification: list[Literal["AA", "RA", "RB"]] = []
    """The qualifications of which the team member needs one."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When the phase is part of the filing; always when left out."""
    not_before: Maybe[DateRule] = None
    """The first date on which the phase can begin."""
    due: Maybe[DateRule] = None
    """The target date, on the office's calendar."""
    reviews: list[Ref] = []
    """The documents that this phase reviews; a new version needs a new review."""
    signs: list[Ref] = []
    """The documents that whoever completes this work phase signs; a new version needs a new signature."""
    four_eyes: list[Ref] = []
    """Earlier phases; whoever acted in one of them cannot complete this phase."""
    four_eyes_exception: Maybe[Ref] = None
    """The role whose holder may let another complete it all the same, with a reason; by default nobody."""
    back_to: Maybe[Ref] = None
    """The earlier phase that receives the work again after a failed review, a rejection or a refusal."""
    automations: list[Automation] = []
    """Its automatic actions."""
    checkpoints: list[Checkpoint] = []
    """What a team member must do in it."""
    outcomes: list[Outcome] = []
    """The ways in which this work phase ends; without them the next phase follows."""
    chase: Maybe[Chase] = None
    """What happens while the phase's own role does not finish: its work, or a delivery by hand."""
    offer: Maybe[Offer] = None
    """Offer documents to the client."""
    deliver: Maybe[Deliver] = None
    """Deliver a document to the authority."""
    wait: Maybe[Wait] = None
    """Wait for something from outside."""


class Together(Definition):
    """Phases that run side by side. The next phase begins when all of them are completed."""

    together: Annotated[
        list[Phase], Must(lambda items: len(items) > 1, "at least two phases", (("minItems", 2),))
    ]
    """The phases, in the order in which they are listed."""


PhaseOrGroup = Annotated[
    Annotated[Phase, Tag("~phase")] | Annotated[Together, Tag("~together")],
    Discriminator(lambda value: "~together" if _is_group(value) else "~phase"),
]


def _is_group(value: object) -> bool:
    """Say whether an item is a group, also with its key misspelled: then it has nothing that a phase has."""
    if not isinstance(value, dict):
        return isinstance(value, Together)
    return "together" in value or (
        value.keys().isdisjoint(Phase.required_keys()) and any(map(_holds_phases, value.items()))
    )


def _holds_phases(item: tuple[object, object]) -> bool:
    """Say whether a key that phases do not have holds several mappings."""
    key, value = item
    known = Phase.keys()
    return key not in known and isinstance(value, list) and any(isinstance(one, dict) for one in value)
