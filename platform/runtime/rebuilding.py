"""A filing made again from the events that the office kept, to revive, judge or replay it (R65, R52)."""

from collections.abc import Iterable, Iterator

from ..data import decoder
from ..filing.digests import state_digest
from ..filing.events import AnyEvent
from ..filing.outcome import Refusal, Step
from ..filing.step import step
from ..office.filings.records import RecordedEvent
from ..plan import Plan


class RebuildError(Exception):
    """The recorded events do not lead to the recorded states; the message names the step and no content."""


def rebuild(plan: Plan, recorded: Iterable[RecordedEvent]) -> Iterator[Step]:
    """Yield every step of a filing again, on the plan it was started on.

    Raises RebuildError where a step is missing, is refused, or comes to another state than the one recorded.
    """
    state = None
    for number, one in enumerate(recorded, start=1):
        if one.sequence != number:
            raise RebuildError(f"step {number} is missing")
        outcome = step(plan, state, read_event(one.event))
        if isinstance(outcome, Refusal):
            raise RebuildError(f"step {number} is refused now: {outcome.code}")
        state = outcome.state
        if state_digest(plan, state) != one.digest:
            raise RebuildError(f"step {number} comes to another state than was recorded")
        yield outcome


def read_event(content: bytes) -> AnyEvent:
    """Read an event from its canonical bytes. Raises msgspec.ValidationError."""
    event: AnyEvent = decoder(AnyEvent).decode(content)
    return event
