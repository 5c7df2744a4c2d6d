"""The state of a filing: facts only, plain data, canonical.

What can be derived from facts and plan (what is missing, the next date, how it is offered) is derived, never
stored, and nothing here names a part of the plan by more than its id, so that a plan can change under a
running filing. Tuples are sorted by their key, one entry for one thing; every state round-trips through JSON.

The case is what rules read; the journal is what the shell needs: numbers, answers, commands on their way.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from ..answers import Value
from ..data import Scalar, Struct
from ..period import Period
from ..plan import To, Way
from .commands import REVOCABLE, CommandKind, Purpose
from .events import Calendars, FilingKey, ResolvedContact, Shown, Start
from .mapping import Effect, Mapping

REMEMBERED_ACTS = 100


class Origin(Struct):
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
    begun_on: date | None = None


def origin_of(start: Start) -> Origin:
    """Return what of a start event a filing keeps."""
    return Origin(**{name: getattr(start, name) for name in Origin.__struct_fields__})


# --- the case -----------------------------------------------------------------------------------------------


class Tick(Struct):
    """Who ticked a checkpoint, and when."""

    checkpoint: str
    by: str
    at: datetime


class KeptDay(Struct):
    """The day of a dated automation that a move kept, whatever the plan says."""

    automation: str
    on: date


class PhaseState(Struct):
    """A phase that was reached in this pass; one that is to be done again is absent until it is reached.

    Skipped when it was never entered, active until it has `ended`.
    """

    id: str
    entered: datetime | None = None
    ended: datetime | None = None
    ticks: tuple[Tick, ...] = ()
    fired: tuple[str, ...] = ()
    """Ids of the dated automations that ran in this round."""
    outcome: str | None = None
    """The outcome with which it was completed, where it has any."""
    kept: tuple[KeptDay, ...] = ()
    """Days that the last move kept in this round."""

    @property
    def status(self) -> Literal["active", "completed", "skipped"]:
        """Return its status."""
        if self.entered is None:
            return "skipped"
        return "active" if self.ended is None else "completed"


class Chased(Struct):
    """How somebody was chased: on which days they were reminded, and the day it was escalated.

    `subject` is what is waited for: `phase:<id>`, `offer:<phase>`, `wait:<phase>`, `request:<id>` or
    `task:<id>`.
    """

    subject: str
    reminded: tuple[date, ...] = ()
    escalated: date | None = None


class Review(Struct):
    """A review of exact bytes in a phase."""

    phase: str
    by: str
    hash: str


class Signature(Struct):
    """A signature under exact bytes, in a phase that signs them."""

    phase: str
    by: str
    at: datetime
    hash: str


class Replaced(Struct):
    """Bytes of a document (`hash`) that were replaced, and those of its source that they were made from."""

    hash: str
    made_from: str


class DocumentState(Struct):
    """The current bytes of a declared document, what they were made from, who reviewed and signed them."""

    id: str
    shown: Shown
    by: str
    at: datetime
    made_from: str | None = None
    """Hash of the document it derives from (`from`), as that was when this was attached."""
    reviews: tuple[Review, ...] = ()
    signatures: tuple[Signature, ...] = ()
    audience: str | None = None
    """For whom it is (`kantoor.audience`); None for the office."""
    earlier: tuple[Replaced, ...] = ()
    """Where what it replaced came from, as far as who attached it had that kept."""


class Decision(Struct):
    """A contact's answer to an offer, given by themselves or recorded by a team member."""

    contact: str
    answer: Literal["approve", "sign", "reject"]
    jointly: bool
    at: datetime
    recorded_by: str | None = None
    proof: str | None = None


class Lookup(Struct):
    """What was looked up for an offer, and for which recipients of the plan.

    `way` is the relation's own, where it has one; `problem` why the office cannot offer it yet.
    """

    to: To
    recipients: tuple[ResolvedContact, ...] = ()
    sender: str | None = None
    way: Way | None = None
    standing_until: date | None = None
    problem: str | None = None


class OfferState(Struct):
    """An offer of this round: what was looked up, which bytes were shown, what was answered, how it ended."""

    phase: str
    round: int
    number: int
    """Of the Resolve command that began it."""
    lookup: Lookup | None = None
    documents: tuple[Shown, ...] = ()
    """Empty until it is released."""
    sent: datetime | None = None
    decisions: tuple[Decision, ...] = ()
    outcome: Literal["approved", "informed", "rejected", "not_delivered"] | None = None
    ended_by: str | None = None
    """Whose act ended it: the contact's own, or that of the team member who recorded the answer."""
    left: tuple[str, ...] = ()
    """Contacts whom it went to and no longer does: they do not decide on it any more."""


class DeliveryState(Struct):
    """The delivery of a phase: the attempt that runs or ran last."""

    phase: str
    attempt: int
    document: str
    hash: str
    status: Literal["delivering", "following", "accepted", "refused", "failed"]
    number: int
    """Of the Deliver command."""
    standing: bool = False
    """The bytes were not approved but shown under a standing authority."""
    reference: str | None = None
    code: str | None = None
    text: str | None = None
    on: date | None = None
    """The day on which a person delivered it by hand; it may be recorded later."""
    sent: date | None = None
    """The day on which it was sent to the gateway, which took it; None where nobody said."""


class WaitState(Struct):
    """What ended the wait of a phase in this round, before the phase is left for it."""

    phase: str
    met: Literal["filing", "day", "given_up"]


class TaskState(Struct):
    """A task that an automation made; `id` is phase.automation.round."""

    id: str
    phase: str
    automation: str
    made: datetime
    done: datetime | None = None
    done_by: str | None = None
    proof: str | None = None


class ItemState(Struct):
    """An item of a request, once something was done about it: by whom, when, and why.

    A form is one item, by the form's id. `documents` are the hashes of what was given. `late`: it was
    answered after its phase had been left.
    """

    id: str
    status: Literal["received", "accepted", "sent_back", "not_applicable"]
    by: str
    at: datetime
    reason: str | None = None
    documents: tuple[str, ...] = ()
    late: bool = False


class RequestState(Struct):
    """A request of data that an automation made; `id` is phase.automation.round, of the last round.

    `values` are the answers to a form as they were given last, by field. `counting` are those that rules read
    in their place, while the last ones count only once they are accepted.
    """

    id: str
    phase: str
    automation: str
    made: datetime
    items: tuple[ItemState, ...] = ()
    values: dict[str, Value] = msgspec.field(default_factory=dict)
    counting: dict[str, Value] | None = None

    @property
    def known(self) -> dict[str, Value]:
        """Return the answers that rules read: what the office has sent back or set aside is not known."""
        if self.counting is not None:
            return self.counting
        there = all(item.status in ("received", "accepted") for item in self.items)
        return self.values if there else {}


class Fact(Struct):
    """Something that was recorded of the case: by whom, when, and why where it was corrected."""

    id: str
    value: Scalar
    by: str
    at: datetime
    reason: str | None = None


class Contribution(Struct):
    """Somebody did something in a phase, in whatever round: what four eyes counts."""

    phase: str
    person: str


class Pending(Struct):
    """A command that was issued, by what it is about; what it says is made from plan and case (issuing.py).

    `withdrawn` when its reason is gone: its result goes on the timeline and changes nothing.
    """

    number: int
    what: CommandKind
    phase: str
    purpose: Purpose | None = None
    automation: str | None = None
    awaited: str | None = None
    """Which filing is watched: its template and period as the phase names them."""
    outcome: str | None = None
    """The outcome of the phase that leaves a note."""
    reached: tuple[str, ...] = ()
    """Whom a message that is tried again had reached before."""
    withdrawn: bool = False
    contacts: tuple[str, ...] | None = None
    """Whom an offer's message goes to where format 1 fixed that; else it is read when it is sent."""
    sender: str | None = None
    """In whose name it goes to them."""
    of: str | None = None
    """The number of the linked relation whose filing is watched or started; None for the relation's own."""

    @property
    def is_revocable(self) -> bool:
        """Say whether it is not carried out any more once its reason is gone.

        Whose filing an automation starts is looked up whatever happens after, as a start itself is done.
        """
        return self.what in REVOCABLE and (self.what != "find" or self.automation is None)


class Stall(Struct):
    """A command that failed and is not tried again by itself; the phase is stalled until a person retries."""

    pending: Pending
    error: str
    at: datetime
    over: bool = False
    """A delivery that is followed has ended at the gateway: only another delivery helps."""


class Told(Struct):
    """A deadline was told to be missed, as its day was then; a later day is told again.

    With `sent` it was not told, since all that it waited for had been sent by then.
    """

    deadline: str
    day: date
    sent: bool = False


class Assigned(Struct):
    """Whose work that of a role is in this filing."""

    role: str
    person: str


class Waiver(Struct):
    """An exception to four eyes: a person may complete a phase in this round although they did the work."""

    phase: str
    person: str
    round: int
    by: str
    at: datetime
    reason: str


class HoldState(Struct):
    """The filing was held: since when, by whom, why, until which day, and when it was resumed."""

    since: datetime
    by: str
    reason: str
    until: date | None = None
    ended: datetime | None = None


class WaitingMove(Struct):
    """A move to another plan that waits for a safe point: by which act, who asked for it, when and why.

    `before` and `plan` are digests of both plans, `told` what was shown of it. `dropped` says in Dutch why it
    is not carried out after all; then it waits for who asked. `tells_left_out` is not said of one that was
    asked for before what is left out was told.
    """

    id: str
    by: str
    at: datetime
    before: str
    plan: str
    mapping: Mapping
    told: tuple[Effect, ...] = ()
    reason: str = ""
    dropped: str | None = None
    tells_left_out: bool = False


class Ended(Struct):
    """How the filing ended: by completion, at a named end, or cancelled."""

    how: Literal["completed", "end", "cancelled"]
    end: str | None = None
    at: datetime
    by: str


class Case(Struct):
    """What rules read of a filing."""

    phases: tuple[PhaseState, ...] = ()
    rounds: dict[str, int] = msgspec.field(default_factory=dict)
    """How often a phase was entered, in whatever pass."""
    documents: tuple[DocumentState, ...] = ()
    offers: tuple[OfferState, ...] = ()
    deliveries: tuple[DeliveryState, ...] = ()
    chased: tuple[Chased, ...] = ()
    tasks: tuple[TaskState, ...] = ()
    requests: tuple[RequestState, ...] = ()
    facts: tuple[Fact, ...] = ()
    waits: tuple[WaitState, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    told: tuple[Told, ...] = ()
    stalls: tuple[Stall, ...] = ()
    holds: tuple[HoldState, ...] = ()
    """In the order of time; at most the last has not ended."""
    assigned: tuple[Assigned, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    ended: Ended | None = None
    move: WaitingMove | None = None


# --- the journal --------------------------------------------------------------------------------------------


class Answered(Struct):
    """An act that was taken: its id, a digest of what it said, and the sequence number it got."""

    id: str
    digest: str
    sequence: int


class Journal(Struct):
    """What the shell needs to go on: how far the filing is, what was answered, what is on its way."""

    at: datetime
    """The moment of the last event, in office time."""
    sequence: int = 0
    """How many events were taken; a record carries it."""
    last_number: int = 0
    """Of the last command."""
    in_flight: tuple[Pending, ...] = ()
    answered: tuple[Answered, ...] = ()


class State(Struct):
    """Everything that is known of one filing. `format` is that of the plan it was started on."""

    format: Literal[1, 2]
    origin: Origin
    case: Case
    journal: Journal
