"""What a construct of the language is to the machine: the hooks that a phase's life calls, in one protocol.

Each construct is a module with one object. `registry.py` lists them; `step`, `advance`, `waits` and `view`
only loop over that list, so that a new construct is a new module and a line there.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import IntEnum
from typing import Any, Literal, NamedTuple

from ..data import Struct
from ..plan import Phase, Proof
from .outcome import Refusal
from .state import Pending
from .turn import Reader, Turn

WorkKind = Literal[
    "phase",
    "release",
    "escalated",
    "decide",
    "deliver",
    "task",
    "request",
    "received",
    "received_late",
    "wait",
    "stalled",
    "held",
    "move",
]
"""`request` waits for the client; `received` and `received_late` are answers that the office looks at.
`move` is one to another plan that was asked for and dropped."""


class Order(IntEnum):
    """What happens first among things of one day."""

    ENTER = 0
    AUTOMATION = 1
    AWAITED = 2
    GIVE_UP = 3
    ESCALATE = 4
    REMIND = 5
    DELIVER = 6
    MISSED = 7
    RESUME = 8
    UNOPPOSED = 9


class Wait(NamedTuple):
    """Something happens on a day, at the office's opening hour."""

    on: date
    order: int
    phase: str
    key: str = ""


class Forward(NamedTuple):
    """A phase is completed, with one of its outcomes where it has any.

    `by` is whose act or answer it was, None for the system's. `to` is the later phase that comes
    next; what lies between is passed over. `end` is the named end at which it ends instead.
    """

    phase: Phase
    by: str | None
    outcome: str | None = None
    to: str | None = None
    end: str | None = None


class Back(NamedTuple):
    """The work goes back from a phase to its `back_to`."""

    phase: Phase
    by: str | None
    reason: str


class End(NamedTuple):
    """The filing ends: at a named end of the template, or cancelled."""

    how: Literal["end", "cancelled"]
    by: str
    reason: str
    end: str | None = None


Leaving = Forward | Back | End
"""How a phase is left. It is a value, carried out in one place (advance.leave)."""


class WorkItem(Struct, omit_defaults=False):
    """One thing that waits for somebody: holders of `roles`, these `contacts`, or the `client`.

    Or `person`, to whom the work of its role was reassigned: that role is then not among `roles`.
    `client` means any contact of the relation who may answer. `id` is what an act names: the phase, the task
    or the request. `missing` says in Dutch what stands in the way.
    """

    kind: WorkKind
    id: str
    phase: str
    title: str
    roles: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    client: bool = False
    person: str | None = None
    due: date | None = None
    missing: tuple[str, ...] = ()
    proof: Proof | None = None
    escalated: date | None = None
    """The day on which others were brought in, for who looks at it (`escalations.py`)."""


ActHandler = Callable[[Turn, Any], Refusal | Leaving | None]
"""Takes an act: changes the turn, says how a phase is left by it, or refuses and changes nothing."""

ResultHandler = Callable[[Turn, Phase, Pending, Any], None]
"""Takes the result of a command of this construct; of one that was withdrawn it only tells."""


class Construct:
    """A construct that does nothing; each overrides what it needs."""

    acts: Mapping[str, ActHandler] = {}
    """By the kind of the act."""
    results: Mapping[str, ResultHandler] = {}
    """By the kind of the result."""
    fires: Mapping[Order, Callable[[Turn, Phase, Wait], None]] = {}
    """What a date of this construct does when it has come."""

    def begin(self, turn: Turn, phase: Phase) -> None:
        """Do what the phase asks on being entered."""

    def go_on(self, turn: Turn, phase: Phase) -> bool:
        """Do what follows by itself in an active phase; say whether there was anything."""
        return False

    def dates(self, reader: Reader) -> Iterable[Wait]:
        """Return what waits for a date."""
        return ()

    def leaving(self, reader: Reader, phase: Phase) -> Leaving | None:
        """Return how an active phase is left by itself, if it is."""
        return None

    def finish(self, turn: Turn, phase: Phase) -> None:
        """Do what the phase asks on being completed."""

    def withdraw(self, turn: Turn, phases: frozenset[str]) -> None:
        """Take back what is open in phases that are to be done again."""

    def obstacles(self, reader: Reader, phase: Phase) -> Iterable[str]:
        """Say in Dutch what is missing before a phase of work can be completed."""
        return ()

    def work_items(self, reader: Reader) -> Iterable[WorkItem]:
        """Return what waits for somebody."""
        return ()
