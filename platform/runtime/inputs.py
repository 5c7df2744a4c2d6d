"""What passes between client, workflows and activities. Passed through the sandbox, as every input must be.

A dataclass or model with a datetime that is defined in a workflow's own file cannot be decoded there
(DESIGN 5, rule 1).
"""

from datetime import date, datetime

from ..clock import Clock
from ..filing.commands import Deliver, Follow, Resolve, Send
from ..filing.events import Actor, AnyResult, Start
from ..filing.outcome import Entry
from ..filing.state import Origin, State
from ..filing.view import View
from ..plan import Message, Model, OfficeText, Role, Way
from ..recurrence import Recurrence


class Timing(Model):
    """How long the outside world gets, in real seconds; a practice office has short times."""

    activity_seconds: float = 30
    record_seconds: float = 5
    delivery_seconds: float = 90
    retry_seconds: float = 1
    retry_most_seconds: float = 300


class StepRecord(Model):
    """One event that was taken: its number, the state's digest after it, its entries, and who acted."""

    sequence: int
    digest: str
    entries: tuple[Entry, ...]
    actors: tuple[Actor, ...] = ()


class Carried(Model):
    """What a run hands to the next one when it continues as new.

    `latest` is the last moment of office time that was given out, `outbox` what is still to be recorded.
    Commands in flight stand in the state and are issued again.
    """

    state: State
    latest: datetime
    outbox: tuple[StepRecord, ...] = ()


class FilingInput(Model):
    """What a filing's workflow starts with: the plan as canonical JSON, and how it begins or goes on."""

    plan: str
    clock: Clock
    timing: Timing = Timing()
    start: Start | None = None
    carried: Carried | None = None


class ActAnswer(Model):
    """An act was taken, under this number; `repeated` when it was taken before.

    `said` is the digest of what was taken, by which a caller notices that its id meant something else.
    """

    sequence: int
    repeated: bool
    said: str


# --- activities -------------------------------------------------------------------------------------------


class RecordInput(Model):
    """Every step since the last record, in order, with the view after the last of them."""

    workflow_id: str
    steps: tuple[StepRecord, ...]
    view: View


class Answer(Model):
    """What came of a command, as the machine takes it; the filing stamps its moment."""

    result: AnyResult


class Asked(Model):
    """A command of a filing, with the moment of office time at which it was issued."""

    workflow_id: str
    origin: Origin
    at: datetime


class SendInput(Asked):
    """A message to be sent, by content.

    `due` is the earliest deadline, `role` the phase's own, whose holder sends what nobody else is named for.
    """

    command: Send
    message: Message
    office: OfficeText
    title: str
    due: date | None
    offered_as: Way | None = None
    role: str
    roles: tuple[Role, ...]


class ResolveInput(Asked):
    """An offer whose people are to be looked up; the filing's row names its plan."""

    command: Resolve


class DeliverInput(Asked):
    """Bytes to be delivered; `report` says what they are, `on_behalf_of` the role that sends."""

    command: Deliver
    report: str


class FollowInput(Asked):
    """A delivery to be followed until its status is final."""

    command: Follow


# --- recurrence -------------------------------------------------------------------------------------------


class RecurrenceInput(Model):
    """What a recurrence starts or goes on with; `latest` is the last office time that was given out."""

    recurrence: Recurrence
    clock: Clock
    timing: Timing = Timing()
    latest: datetime | None = None


class ChangeInput(Model):
    """An act on a recurrence: who does it (a team member's id), set_start's day, and a number of the call.

    `call` is made anew each time a person asks: in the answer it tells a first time from a repeat.
    """

    by: str
    call: str
    start: date | None = None


class ChangeAnswer(Model):
    """What was taken under an act's id: the digest of what it said, in which call, how things stood then.

    After continue-as-new the call is not known any more (empty), and `recurrence` is as it stands.
    """

    recurrence: Recurrence
    said: str
    call: str


class BeginInput(Model):
    """The next filing is to be started, if the relation is ready; `today` is office time."""

    recurrence: Recurrence
    today: date
