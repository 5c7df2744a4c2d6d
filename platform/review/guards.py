"""What an office sets for its reviews: classes of its own, and waivers that let one change pass a gate.

They are read from the side that a change starts from: nobody lets their own change pass.
"""

import hashlib
from datetime import date
from typing import Any, Literal

from ..data import ListLine, canonical
from .rules.base import CLASSES, Class
from .runs import RUNNING_GATES

Gate = Literal[
    "wording",
    "staffing",
    "flow",
    "timing",
    "legal",
    "safeguard",
    "policy",
    "scenario",
    "guards",
    "cannot",
    "inconclusive",
    "not_ready",
]
GATES: tuple[Gate, ...] = (*CLASSES, "safeguard", "policy", "scenario", "guards", *RUNNING_GATES)


class Waiver(ListLine):
    """One change that may pass a gate from a day until another, both included; `change` is its id.

    `since` is None in a review that was kept before waivers had it.
    """

    change: str
    reason: str
    owner: str
    until: date
    since: date | None = None

    def holds(self, on: date) -> bool:
        """Say whether it holds on a day."""
        return on <= self.until and not self.is_to_come(on)

    def is_to_come(self, on: date) -> bool:
        """Say whether it does not hold yet on a day."""
        return self.since is not None and on < self.since


class Guarded(ListLine):
    """A policy, a scenario or a rule for reviews that changes, comes or goes.

    It has its name, the id of what changes, and the waiver of that. The name of a rule for reviews is that of
    a part, or the id of the change that is waived.
    """

    name: str
    id: str
    waiver: Waiver | None = None
    stricter: bool = False
    """Whether it asks all that it asked, and more: that is told and trips no gate."""
    sentence: str = ""
    """What a policy asks instead, how a rule for reviews changes, what a scenario says otherwise, or how
    it is lost.
    """
    moved_to: str | None = None
    """Under which name a scenario says the same now, which trips no gate either."""
    otherwise: bool = False
    """Whether a scenario expects as much as it did, but something else, which trips no gate either."""

    @property
    def lost(self) -> str:
        """Return how a scenario is lost; a review that was kept earlier does not say whether it is gone."""
        return self.sentence or "changes or goes"

    @property
    def is_loss(self) -> bool:
        """Say whether less may be looked at than before."""
        return not (self.stricter or self.otherwise) and self.moved_to is None


def identify(*parts: Any) -> str:
    """Return the id of something that changes: ten signs that follow from what it is, the same every time."""
    return hashlib.sha256(canonical(list(parts))).hexdigest()[:10]


class Guards(ListLine):
    """The classes that an office gave to parts of a plan, by the name of the part, and its waivers."""

    classes: tuple[tuple[str, Class], ...] = ()
    waivers: tuple[Waiver, ...] = ()


NO_GUARDS = Guards()
