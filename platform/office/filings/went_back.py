"""Who sent work back, read from the timeline: one table for all that tells it.

| who | what the timeline says |
|---|---|
| a client | in the same step and phase a decision that rejects, also one that a colleague recorded |
| the authority | kantoor itself, from the phase that delivers: it refused the return |
| a colleague | anybody else, from whichever phase: also one that offers, or waits for its day to deliver |

Nothing else sends work back: a letter of an authority goes on by an outcome or a correction.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol, TypeVar

SENT_BACK, DECIDED = "sent_back", "decided"
WENT_BACK = (SENT_BACK, DECIDED)
"""The words of the timeline that `tell_who` needs."""

SentBackBy = Literal["client", "authority", "colleague"]

_KANTOOR = "kantoor"


class _Entry(Protocol):
    @property
    def sequence(self) -> int: ...

    @property
    def by(self) -> str: ...

    @property
    def what(self) -> str: ...

    @property
    def phase(self) -> str | None: ...


Entry = TypeVar("Entry", bound=_Entry)


def tell_who(entries: Iterable[tuple[Entry, Any]]) -> Iterator[tuple[Entry, SentBackBy | None]]:
    """Yield the entries of one filing, in order, each with who sent back; None for another entry.

    Each comes with the `answer` of its data, if it has one.
    """
    rejected: tuple[int, str | None] | None = None
    for entry, answer in entries:
        place = (entry.sequence, entry.phase)
        if entry.what == DECIDED and answer == "reject":
            rejected = place
        if entry.what != SENT_BACK:
            yield entry, None
        elif rejected == place:
            yield entry, "client"
        else:
            yield entry, "authority" if entry.by == _KANTOOR else "colleague"
