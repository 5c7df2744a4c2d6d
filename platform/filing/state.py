"""The state of a filing: facts only, plain data, canonical.

What can be derived from facts and plan (what is missing, the next date) is derived, never stored, so that a
plan can change under a running filing. Tuples are sorted by their key, one entry for one thing; every state
round-trips through JSON.
"""

import hashlib
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from ..period import Period
from ..plan import Model, Scalar, Way, canonical
from .commands import AnyCommand
from .events import Calendars, FilingKey, ResolvedContact, Shown

VERSION: Literal[1] = 1
REMEMBERED_ACTS = 100


class Origin(Model):
    """What the filing was started with: the snapshot of relation, product and calendars."""

    filing: FilingKey
    period: Period
    start_date: date
    relation: dict[str, Scalar]
    product: dict[str, Scalar]
    calendars: Calendars
    opening_hour: int
    automations_off: tuple[str, ...] = ()
    without_automations: bool = False


class Tick(Model):
    """Who ticked a checkpoint, and when."""

    checkpoint: str
    by: str
    at: datetime


class PhaseState(Model):
    """A phase that was reached: how often it was entered, and how far this round is."""

    id: str
    status: Literal["pending", "active", "completed", "skipped"]
    round: int = 0
    entered: datetime | None = None
    ended: datetime | None = None
    ticks: tuple[Tick, ...] = ()
    fired: tuple[str, ...] = ()
    """Ids of the dated automations that ran in this round."""
    reminders: int = 0
    escalated: bool = False


class Review(Model):
    """A review of exact bytes in a phase."""

    phase: str
    by: str
    hash: str


class DocumentState(Model):
    """The current bytes of a declared document, and who reviewed them."""

    id: str
    shown: Shown
    by: str
    at: datetime
    reviews: tuple[Review, ...] = ()


class Decision(Model):
    """A contact's answer to an offer, recorded by a team member or given by themselves."""

    contact: str
    answer: Literal["approve", "sign", "reject"]
    jointly: bool
    at: datetime
    recorded_by: str | None = None
    proof: str | None = None


class OfferState(Model):
    """An offer of this round: to whom, on what footing, of which bytes, and what was answered.

    `way` is how it is offered once resolved; `outcome` how it ended.
    """

    phase: str
    round: int
    number: int
    """Of the Resolve command that began it: earlier commands belong to an offer that was withdrawn."""
    way: Way | None = None
    recipients: tuple[ResolvedContact, ...] = ()
    sender: str | None = None
    standing_until: date | None = None
    problem: str | None = None
    documents: tuple[Shown, ...] = ()
    """Empty until it is released."""
    sent: datetime | None = None
    decisions: tuple[Decision, ...] = ()
    outcome: Literal["approved", "informed", "rejected", "not_delivered"] | None = None
    ended_by: str = "kantoor"
    """Whose act ended it: the contact's own, or that of the team member who recorded his answer."""


class DeliveryState(Model):
    """The delivery of a phase: the attempt that runs or ran last."""

    phase: str
    attempt: int
    document: str
    hash: str
    status: Literal["delivering", "following", "accepted", "refused", "failed"]
    number: int
    """Of the Deliver command."""
    reference: str | None = None
    code: str | None = None
    text: str | None = None


class TaskState(Model):
    """A task that an automation made; `id` is phase.automation.round."""

    id: str
    phase: str
    automation: str
    made: datetime
    done: datetime | None = None
    done_by: str | None = None
    proof: str | None = None


class Contribution(Model):
    """Somebody did something in a phase, in whatever round: what four eyes counts."""

    phase: str
    person: str


class Stall(Model):
    """A command that failed for good; the phase stands still until a person retries."""

    command: AnyCommand
    error: str
    at: datetime
    over: bool = False
    """A delivery that is followed has ended at the gateway: only another delivery helps."""


class Answered(Model):
    """An act that was taken: its id, a digest of what it said, and the sequence number it got."""

    id: str
    digest: str
    sequence: int


class Ended(Model):
    """How the filing ended: by completion, at a named end, or cancelled."""

    how: Literal["completed", "end", "cancelled"]
    end: str | None = None
    at: datetime
    by: str


class State(Model):
    """Everything that is known of one filing."""

    version: Literal[1] = VERSION
    origin: Origin
    sequence: int = 0
    """How many events were taken; a record carries it."""
    last_number: int = 0
    """Of the last command."""
    phases: tuple[PhaseState, ...] = ()
    documents: tuple[DocumentState, ...] = ()
    offers: tuple[OfferState, ...] = ()
    deliveries: tuple[DeliveryState, ...] = ()
    tasks: tuple[TaskState, ...] = ()
    facts: dict[str, Scalar] = Field(default_factory=dict)
    contributions: tuple[Contribution, ...] = ()
    missed: tuple[str, ...] = ()
    """Deadlines that passed without their delivery."""
    in_flight: tuple[AnyCommand, ...] = ()
    stalls: tuple[Stall, ...] = ()
    answered: tuple[Answered, ...] = ()
    ended: Ended | None = None


def state_digest(state: State) -> str:
    """Return the SHA-256 of the state's canonical JSON, in hex; every record carries it."""
    return hashlib.sha256(canonical(state.model_dump(mode="json"))).hexdigest()
