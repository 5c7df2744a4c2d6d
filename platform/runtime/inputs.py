"""What passes between client, workflows and activities. Passed through the sandbox, as every input must be.

A dataclass or model with a datetime that is defined in a workflow's own file cannot be decoded there
(DESIGN 5, rule 1).
"""

from datetime import date, datetime

import msgspec

from ..clock import Clock
from ..data import Model, Struct
from ..filing.commands import Deliver, FindLinked, Follow, LeaveNote, Resolve, Send, StartFiling, Watch
from ..filing.events import AnyEvent, AnyResult, Start
from ..filing.state import Assigned, Origin, State
from ..plan import FactDefinition, Message, OfficeText, Role, Scalar, Way
from ..recurrence import Recurrence


class Timing(Struct):
    """How long the outside world gets, in real seconds; a practice office has short times."""

    activity_seconds: float = 30
    record_seconds: float = 5
    delivery_seconds: float = 90
    retry_seconds: float = 1
    retry_most_seconds: float = 300


class StepRecord(Struct, forbid_unknown_fields=False):
    """One event that was taken: its number, the event itself, and the digest of the state after it.

    Format 1 sent what followed from the event in the event's place: that is read over.
    """

    sequence: int
    digest: str
    event: AnyEvent | None = None


class Carried(Struct):
    """What a run hands to the next one when it continues as new.

    `state` is read with `read_state`, in whichever format it was written; `latest` is the last moment of
    office time that was given out, `outbox` what is still to be recorded, and `recorded` the state before
    that: None before the first step of all, and where an earlier version did not keep it. The state holds
    commands on their way, which are issued again. `plans` are those that steps of the outbox were on before
    the filing was moved to its own, and the one to which a move of it waits.
    """

    state: msgspec.Raw
    latest: datetime
    outbox: tuple[StepRecord, ...] = ()
    recorded: State | None = None
    plans: tuple[str, ...] = ()


class FilingInput(Struct):
    """What a filing's workflow starts with: the plan as it was published, and how it begins or goes on.

    A run that goes on has the plan that the filing was moved to last.
    """

    plan: str
    clock: Clock
    timing: Timing
    start: Start | None = None
    carried: Carried | None = None


class ActAnswer(Struct):
    """An act was taken, under this number; `repeated` when it was taken before.

    `said` is the digest of what was taken, by which a caller notices that its id meant something else.
    """

    sequence: int
    repeated: bool
    said: str


# --- activities -------------------------------------------------------------------------------------------


class RecordInput(Struct, forbid_unknown_fields=False):
    """Every step since the last record, in order.

    What follows from an event (timeline, open work, planner) is worked out when it is recorded, by the
    machine itself, from the state that the office has. When the office has no such state it asks: then
    `before` is the state before the first of these steps (None before the first of all), on the plan with the
    digest `plan` (None: the one that the office has).
    """

    workflow_id: str
    steps: tuple[StepRecord, ...]
    asked: bool = False
    before: State | None = None
    plan: str | None = None


class RecordAnswer(Struct):
    """Whether the office needs the state before these steps to record them."""

    needs_state: bool


class Answer(Struct):
    """The result of a command, as the machine takes it; the filing stamps its moment."""

    result: AnyResult


class Asked(Struct):
    """A command of a filing, with the moment of office time at which it was issued.

    `origin` comes without its calendars: activities read no dates from it.
    """

    workflow_id: str
    origin: Origin
    at: datetime


class FactInput(Struct):
    """A fact as a text may name it; `value` is None while it is not recorded."""

    definition: FactDefinition
    value: Scalar = None


class SendInput(Asked):
    """A message to be sent, by content.

    `due` is the earliest deadline, `role` the phase's own, whose holder sends what nobody else is named for;
    `on_behalf_of` the role in whose name the phase offers; `assigned` whose work that of a role is
    in this filing; `object_until` the last day on which who is informed by it can object;
    `sent_back` whether something of the request that it is about was sent back.
    """

    command: Send
    message: Message
    office: OfficeText
    title: str
    due: date | None
    offered_as: Way | None = None
    role: str
    roles: tuple[Role, ...]
    object_until: date | None = None
    sent_back: bool = False
    facts: tuple[FactInput, ...] = ()
    assigned: tuple[Assigned, ...] = ()
    on_behalf_of: str | None = None


class ResolveInput(Asked):
    """An offer whose people are to be looked up, by the plan with this digest (None: the row's)."""

    command: Resolve
    plan: str | None = None


class DeliverInput(Asked):
    """Bytes to be delivered; `report` says what they are."""

    command: Deliver
    report: str


class FollowInput(Asked):
    """A delivery to be followed until its status is final."""

    command: Follow


class WatchInput(Asked):
    """Another filing to be watched until it is so far."""

    command: Watch


class StartInput(Asked):
    """A filing of another template to be started."""

    command: StartFiling


class FindInput(Asked):
    """The relations that are linked to the filing's own to be looked up."""

    command: FindLinked


class NoteInput(Asked):
    """A note to be left, by content; `role` is the phase's own, whose holder leaves it.

    `assigned` says whose work that of a role is in this filing.
    """

    command: LeaveNote
    message: Message
    office: OfficeText
    title: str
    due: date | None
    role: str
    roles: tuple[Role, ...]
    facts: tuple[FactInput, ...] = ()
    assigned: tuple[Assigned, ...] = ()


# --- recurrence -------------------------------------------------------------------------------------------


class RecurrenceInput(Model):
    """What a recurrence starts or goes on with; `latest` is the last office time that was given out."""

    recurrence: Recurrence
    clock: Clock
    timing: Timing = Timing()
    latest: datetime | None = None


class ChangeInput(Model):
    """An act on a recurrence: who does it (a team member's id), set_start's day, and a number of the call.

    `call` is made again each time a person asks: in the answer it tells a first time from a repeat. `seen` is
    the period that was next when somebody looked, None where nobody says.
    """

    by: str
    call: str
    start: date | None = None
    seen: str | None = None


PASSED = "passed"
"""What an answer says where another period is next by now than was seen: nothing was changed."""


class ChangeAnswer(Model):
    """What was taken under an act's id: the digest of what it said, in which call, and the recurrence then.

    After continue-as-new the call is no longer known (empty), and `recurrence` is the present one.
    """

    recurrence: Recurrence
    said: str
    call: str


class BulkInput(Struct):
    """A bulk run to be carried out, and on which task queue its lines are."""

    run: int
    timing: Timing
    task_queue: str


class BulkWent(Struct):
    """Whether lines of a bulk run are left that can be carried out now."""

    more: bool


class BeginInput(Model):
    """The next filing is to be started, if the relation is ready; `today` is office time."""

    recurrence: Recurrence
    today: date
