"""What can happen to a filing. Every event has a `kind` tag, a moment in office time, and is plain data.

An act is what a person does; a result answers one command by its number; start, tick and the acts of the
system come from the shell. `at` is naive office time (Europe/Amsterdam).
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from ..answers import Value
from ..data import Scalar, Struct, Tagged
from ..period import Period
from ..plan import Way
from ..rights import Right
from .mapping import Effect, Mapping


class StandIn(Struct):
    """Somebody does the work of a role in a colleague's place."""

    role: str
    person: str


class Actor(Struct):
    """Who acts, as the caller looked it up for this relation (and product) on this day.

    A team member acts in `roles` (with those that fall back to them) and has `qualifications`; a contact has
    the rights of `may`, those of `jointly` only with another. The machine judges; it looks nothing up.
    `instead_of` says which of the roles are a colleague's, in whose place they act today; `stands_in` whose
    work they do today wherever it was given to that colleague by name.
    """

    kind: Literal["team", "contact", "system"]
    id: str
    roles: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    may: tuple[Right, ...] = ()
    jointly: tuple[Right, ...] = ()
    instead_of: tuple[StandIn, ...] = ()
    stands_in: tuple[StandIn, ...] = ()


SYSTEM = Actor(kind="system", id="kantoor")


class FilingKey(Struct):
    """What makes a filing unique. `sub_number` is '-' where the relation has one of the product."""

    template: str
    relation: str
    period: str
    sub_number: str
    sequence: int = 1

    @property
    def path(self) -> str:
        """Return template/relation/period/sub_number/sequence."""
        return f"{self.template}/{self.relation}/{self.period}/{self.sub_number}/{self.sequence}"

    @property
    def workflow_id(self) -> str:
        """Return the Temporal workflow id: no personal data, the relation is the office's own number."""
        return f"filing/{self.path}"


class Calendars(Struct):
    """Days that are not working days, weekends aside, by whose calendar counts; sorted, for the horizon."""

    office: tuple[date, ...] = ()
    law: tuple[date, ...] = ()
    bank: tuple[date, ...] = ()


class Event(Tagged):
    """Anything that happens, at a moment in office time."""

    at: datetime


class Start(Event, tag="start"):
    """The filing begins, with the snapshot of relation, product and calendars it lives by.

    `begun_on` is the day on which it really starts: what was to escalate by then gets time first
    (`chases.py`). None of what started before that rule, so that its record stays as it is.
    """

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
    by: Actor


class Tick(Event, tag="tick"):
    """Time has passed: whatever is due by now happens."""


# --- acts -------------------------------------------------------------------------------------------------


class Shown(Struct):
    """A document by what was seen of it: the hash of the bytes, and of the rendering where there is one."""

    document: str
    hash: str
    rendering: str | None = None


class Act(Event):
    """What a person does. `id` makes it repeatable: the same id is answered with the first answer."""

    id: str
    by: Actor


class Check(Act, tag="check"):
    """Tick a checkpoint."""

    phase: str
    checkpoint: str


class Uncheck(Act, tag="uncheck"):
    """Untick a checkpoint; possible until the phase is completed."""

    phase: str
    checkpoint: str


class Complete(Act, tag="complete"):
    """Complete a work phase. Reviews and signatures name the documents seen; `outcome` is its own."""

    phase: str
    documents: tuple[Shown, ...] = ()
    outcome: str | None = None


class Back(Act, tag="back"):
    """Send the work back to the phase's `back_to`, with a reason."""

    phase: str
    reason: str


class Attach(Act, tag="attach"):
    """Attach the bytes of a declared document; an earlier version is replaced.

    `remarks` are what was noticed when it was made, in Dutch, for whoever reviews it.
    """

    shown: Shown
    remarks: tuple[str, ...] = ()
    audience: str | None = None
    """For whom it is (`kantoor.audience`); None for the office, and once it is offered for the client."""
    traced: bool = False
    """Keep what the bytes it replaces were made from, and refuse these as made from another version."""


class Release(Act, tag="release"):
    """Release an offer that is forwarded by hand."""

    phase: str


class Decide(Act, tag="decide"):
    """Decide on an offer.

    By a contact: approve, sign or reject (with a reason), on the documents as they were shown. By a team
    member for `contact` (reason and proof, the hash of a document in the store), or, without a contact,
    not_deliver: the named end of the template, with a reason.
    """

    phase: str
    answer: Literal["approve", "sign", "reject", "not_deliver"]
    documents: tuple[Shown, ...] = ()
    reason: str = ""
    contact: Actor | None = None
    proof: str | None = None


class RecordDelivery(Act, tag="record_delivery"):
    """Record that a document was delivered without kantoor: the day, and proof (the hash of a document)."""

    phase: str
    on: date
    proof: str | None = None
    reference: str = ""


class RecordFact(Act, tag="record_fact"):
    """Record a fact in a phase, or correct it, with a reason.

    A date is ISO text, money whole cents, a choice the id of its option.
    """

    phase: str
    fact: str
    value: Scalar
    reason: str = ""


class TaskDone(Act, tag="task_done"):
    """Finish a task; `proof` is the code, or the hash of the document, that the task asks for."""

    task: str
    proof: str | None = None


class Enclosure(Struct):
    """A document that was given: its hash in the store, and the name and sort of its file."""

    hash: str
    name: str
    media_type: str


class AnswerRequest(Act, tag="answer"):
    """Answer a request: the values of a form, or documents for an item of a list.

    By a contact, or by a team member for `contact`, with a proof (the hash of a document) unless documents
    were given, which prove themselves.
    """

    request: str
    values: dict[str, Value] = msgspec.field(default_factory=dict)
    item: str | None = None
    documents: tuple[Enclosure, ...] = ()
    contact: Actor | None = None
    proof: str | None = None


class AcceptItem(Act, tag="accept_item"):
    """Accept what was received of a request; `item` names one of a list."""

    request: str
    item: str | None = None


class SendBackItem(Act, tag="send_back_item"):
    """Send back what was received of a request, with a reason; the client is asked for it again."""

    request: str
    reason: str
    item: str | None = None


class NotApplicable(Act, tag="not_applicable"):
    """Say that an item of a request does not apply: a team member with a reason, or the client."""

    request: str
    item: str | None = None
    reason: str = ""


class Note(Act, tag="note"):
    """Write a note on the timeline."""

    text: str
    audience: str | None = None
    """For whom it is (`kantoor.audience`); None for the office."""


class Cancel(Act, tag="cancel"):
    """Cancel the filing, with a reason."""

    reason: str


class Hold(Act, tag="hold"):
    """Hold the filing, with a reason; until a day it is resumed by itself on that day."""

    reason: str
    until: date | None = None


class Resume(Act, tag="resume"):
    """Resume a filing that is held."""


class Reassign(Act, tag="reassign"):
    """Give the work of a role in this filing to a person, or back to who holds the role, with a reason."""

    role: str
    person: Actor | None = None
    reason: str = ""


class Waive(Act, tag="waive"):
    """Make an exception to four eyes: let a person (their id) complete a phase, with a reason."""

    phase: str
    person: str
    reason: str


class Retry(Act, tag="retry"):
    """Retry what is stalled."""

    phase: str


class ResolveAgain(Act, tag="resolve_again"):
    """Look up once more who an open offer goes to: people, authority or agreement may have changed."""

    phase: str


class Notice(Act, tag="notice"):
    """A notice of an authority came, for which the phase waits.

    By the system, for one that was put into the office's inbox; or by the phase's role, with a reason and the
    hash of the letter as proof. `on` is the day of the notice itself.
    """

    phase: str
    notice: str
    on: date
    reference: str | None = None
    document: str | None = None
    reason: str = ""


class Move(Act, tag="move"):
    """Go on by another plan of the template; `before` and `plan` are digests of the stored bytes of both.

    `told` is what was shown of it beforehand: a new move that would do anything else is refused. It is none
    of AnyAct: the plan does not say who may move, and `step` needs the plan that it goes to.
    """

    before: str
    plan: str
    mapping: Mapping
    told: tuple[Effect, ...] = ()
    reason: str = ""
    asked: datetime | None = None
    """When it was asked for, where it waited for a safe point and was carried out by itself."""


class MoveWhenSafe(Act, tag="move_when_safe"):
    """Go on by another plan at the next safe point, as `Move` says it; one that waits already is replaced.

    `told` is what was shown of it, as the filing stood then: nothing else is done. It `tells_left_out` since
    what is left out is among that.
    """

    before: str
    plan: str
    mapping: Mapping
    told: tuple[Effect, ...] = ()
    reason: str = ""
    tells_left_out: bool = False


class WithdrawMove(Act, tag="withdraw_move"):
    """Take back a move that waits for a safe point, or that was dropped."""


AnyMove = Move | MoveWhenSafe | WithdrawMove
"""Acts by which plan a filing runs, which need the right beheer and no role."""


class MoveDropped(Event, tag="move_dropped"):
    """A move that waited is not carried out: why, by a code and in Dutch. It comes from the shell.

    It can no longer move, nothing is left to move for, or the move would do what was not shown.
    """

    code: Literal["cannot", "stays", "changed"]
    text: str


# --- results of commands ----------------------------------------------------------------------------------


class Result(Event):
    """The answer to one command, by its number."""

    number: int


class Sent(Result, tag="sent"):
    """A message was handed to the mail server, for these people (ids)."""

    recipients: tuple[str, ...]
    repeated: bool = False


class Withdrawn(Result, tag="withdrawn"):
    """A message was not sent, or not to everybody: what it was about was over before it went.

    `reason` is Dutch; `reached` are those who had it by then.
    """

    reason: str
    reached: tuple[str, ...] = ()


class ResolvedContact(Struct):
    """A contact whom an offer goes to, with what they may about this product, and what of it only jointly."""

    contact: str
    may: tuple[Right, ...]
    jointly: tuple[Right, ...] = ()
    own: tuple[str, ...] = ()
    """The documents of the offer that are this contact's own, where each decides for their own."""


class Resolved(Result, tag="resolved"):
    """Who an offer goes to, and on what footing. `problem` says in Dutch why it cannot be offered yet.

    `way` is the relation's own, if it has one; `standing_until` the last day of a standing authority for
    this product; `sender` the team member on whose behalf it is sent.
    """

    recipients: tuple[ResolvedContact, ...]
    sender: str | None = None
    way: Way | None = None
    standing_until: date | None = None
    problem: str | None = None


class Delivered(Result, tag="delivered"):
    """The authority's gateway took the document, under its own reference (kenmerk).

    `sent` is the day, in office time, on which it was sent, which may be before this was known; None where
    nobody said.
    """

    reference: str
    sent: date | None = None


class Judged(Result, tag="judged"):
    """The final answer of the authority: accepted, or refused with its own code and text.

    `proof` is the hash of what a person gave who recorded it, where the authority did not say it itself.
    """

    accepted: bool
    code: str
    text: str
    proof: str = ""


class Reached(Result, tag="reached"):
    """The other filing that was waited for is so far: its phase was completed, or it has ended.

    `filing` is its path: template/relation/period/sub_number/sequence; of `none`, its template.
    """

    filing: str
    how: Literal["phase", "ended", "none"]


class Started(Result, tag="started"):
    """Another filing was started, or is not `new`: it ran already for the period; `filing` is its path."""

    filing: str
    new: bool = True


class NoteLeft(Result, tag="left"):
    """A note was left for the next filing of a template."""


class Linked(Result, tag="linked"):
    """The relations that are linked to the filing's own as was asked, by number; none where there is none."""

    relations: tuple[str, ...] = ()


class Failed(Result, tag="failed"):
    """A command could not be carried out and is no longer tried; `error` is fit for people.

    `over` says that the authority's gateway itself has ended a delivery for a technical reason: what is tried
    again is the delivery, not the following. `code` and `proof` are then those of Judged. `reached` are those
    who have a message that failed for others, `repeated` as in Sent.
    """

    error: str
    over: bool = False
    code: str = ""
    proof: str = ""
    reached: tuple[str, ...] = ()
    repeated: bool = False


AnyAct = (
    Check
    | Uncheck
    | Complete
    | Back
    | Attach
    | Release
    | Decide
    | RecordDelivery
    | RecordFact
    | TaskDone
    | AnswerRequest
    | AcceptItem
    | SendBackItem
    | NotApplicable
    | Note
    | Cancel
    | Hold
    | Resume
    | Reassign
    | Waive
    | Retry
    | ResolveAgain
    | Notice
)
AnyResult = Sent | Withdrawn | Resolved | Delivered | Judged | Reached | Started | NoteLeft | Linked | Failed
AnyEvent = Start | Tick | AnyMove | MoveDropped | AnyAct | AnyResult
