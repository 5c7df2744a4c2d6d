"""A filing made again from the events that the office kept, to revive, judge or replay it (R65, R52)."""

from collections.abc import Iterable, Iterator
from functools import partial

from ..data import decoder
from ..filing.digests import state_digest
from ..filing.events import AnyEvent
from ..filing.following import FindPlan, find_first, take
from ..filing.outcome import Refusal, Step
from ..office.filings.records import RecordedEvent
from ..plan import Plan


class RebuildError(Exception):
    """The recorded events do not lead to the recorded states; the message names the step and no content."""


def rebuild(latest: str, recorded: Iterable[RecordedEvent], find: FindPlan) -> Iterator[Step]:
    """Yield every step of a filing again, on the plan it was started on and those that it was moved to.

    `latest` is the digest of the plan that it is on now. Raises RebuildError where a step or its plan is
    missing, is refused, or comes to another state than the one recorded.
    """
    kept = tuple(recorded)
    events = [read_event(one.event) for one in kept]
    plan, state = _find(find, find_first(latest, events)), None
    for number, (one, event) in enumerate(zip(kept, events, strict=True), start=1):
        if one.sequence != number:
            raise RebuildError(f"step {number} is missing")
        plan, outcome = take(plan, state, event, partial(_find, find))
        if isinstance(outcome, Refusal):
            raise RebuildError(f"step {number} was accepted earlier and is now refused: {outcome.code}")
        state = outcome.state
        if state_digest(plan, state) != one.digest:
            raise RebuildError(f"step {number} comes to another state than was recorded")
        yield outcome


def _find(find: FindPlan, digest: str) -> Plan:
    try:
        return find(digest)
    except LookupError:
        raise RebuildError(f"the plan {digest[:12]} is not published") from None


def read_event(content: bytes) -> AnyEvent:
    """Read an event from its canonical bytes. Raises msgspec.ValidationError."""
    event: AnyEvent = decoder(AnyEvent).decode(content)
    return event
