"""What an office sets for its reviews: classes of its own, and waivers that let one change pass a gate.

They are read from the side that a change starts from: nobody lets their own change pass.
"""

from datetime import date
from typing import Literal

from ..data import ListLine
from .rules.base import CLASSES, Class
from .running import RUNNING_GATES

Gate = Literal[
    "wording",
    "staffing",
    "flow",
    "timing",
    "legal",
    "safeguard",
    "policy",
    "scenario",
    "cannot",
    "inconclusive",
    "not_ready",
]
GATES: tuple[Gate, ...] = (*CLASSES, "safeguard", "policy", "scenario", *RUNNING_GATES)


class Waiver(ListLine):
    """One change that may pass a gate until a day, that day included; `change` is its id."""

    change: str
    reason: str
    owner: str
    until: date

    def holds(self, on: date) -> bool:
        """Say whether it still holds on a day."""
        return on <= self.until


class Guards(ListLine):
    """The classes that an office gave to parts of a plan, by the name of the part, and its waivers."""

    classes: tuple[tuple[str, Class], ...] = ()
    waivers: tuple[Waiver, ...] = ()


NO_GUARDS = Guards()
