"""What a move answers: the moved state, or why a filing stays, moves later, or cannot. Values, no exceptions.

Texts are English, for who reviews a change; `code`, `phase` and `item` say the same to a face in Dutch.
"""

from datetime import date

import msgspec

from ...data import Struct
from ..state import State


class Mapping(Struct):
    """What the office says of a move where the plans alone do not tell it; every choice is explicit.

    `phases` has the ids of the newer plan by those of the older, where they differ; several that become one
    merge. `back_to` is the phase of the newer plan to which the work goes back, which may be the active one:
    it begins again. `without` are safeguards, phases' documents aside, that the office does without from now
    on, as the reasons of a refusal name them (`item`). `dropped` are dated automations of active phases
    (`phase.automation`) that do not run in this round.
    """

    phases: dict[str, str] = msgspec.field(default_factory=dict)
    back_to: str | None = None
    without: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class Reason(Struct):
    """Why, or what else to know: a stable code and a sentence; about which phase and item of it, if any."""

    code: str
    text: str
    phase: str | None = None
    item: str | None = None


class Loss(Struct):
    """What the way back does not bring back: a stable code and a sentence, about which phase and item."""

    code: str
    text: str
    phase: str | None = None
    item: str | None = None


class DateChange(Struct):
    """A waiting date that is another, comes or goes: what comes then, in which phase, of which item."""

    what: str
    phase: str
    item: str
    before: date | None
    after: date | None


class Moved(Struct):
    """It moves now: to this state, after which the machine takes a tick under the newer plan.

    `reasons` tell what else to know, such as a new mandatory checkpoint that is open. Nobody has to do
    anything for it to be safe.
    """

    state: State
    reasons: tuple[Reason, ...] = ()
    losses: tuple[Loss, ...] = ()
    dates: tuple[DateChange, ...] = ()


class Later(Struct):
    """It moves at its next safe point: something is on its way, and each reason says until when."""

    reasons: tuple[Reason, ...]


class Stays(Struct):
    """It stays on its plan: the newer one says nothing else of what this filing can still meet."""

    reasons: tuple[Reason, ...]


class Cannot(Struct):
    """It cannot move: a reason that waiting does not take away, and what would."""

    reasons: tuple[Reason, ...]


Verdict = Moved | Later | Stays | Cannot
