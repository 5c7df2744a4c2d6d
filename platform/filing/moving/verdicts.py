"""What a move answers: the moved state, or why a filing stays, moves later, or cannot. Values, no exceptions.

Texts are English, for who reviews a change; `code`, `phase` and `item` say the same to a face in Dutch.
"""

from datetime import date

from ...data import Struct
from ..mapping import Mapping as Mapping
from ..state import State


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

    `kept` are waiting dates that the office keeps: `after` is the day as it was, `before` that of the plan.
    `reasons` tell what else to know: a new mandatory checkpoint that is open, or what was still to be done
    and is no longer. Nobody has to do anything for it to be safe.
    """

    state: State
    reasons: tuple[Reason, ...] = ()
    losses: tuple[Loss, ...] = ()
    dates: tuple[DateChange, ...] = ()
    kept: tuple[DateChange, ...] = ()


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
