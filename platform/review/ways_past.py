"""Ways that lead past a phase: by an outcome, by a wait that is given up, by an offer that ends the filing.

A way to an end leads past all that would have come. No review is missed there, as nothing goes out; a
delivery is.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..plan import Phase, Plan
from .documents import number_stages
from .narrowing import When, both, say_wider
from .reaching import OFFER, WAIT, list_leaving
from .references import Renamed, rename
from .saying import name, quote


class Way(NamedTuple):
    """How a phase can be left past another: by which outcome (its id, or what else it is), and when."""

    start: Phase
    id: str
    title: str
    over: Phase
    ends: bool
    condition: When

    @property
    def missed(self) -> str | None:
        """Return the document that is then not delivered."""
        return self.over.deliver.document if self.over.deliver else None


def list_past(plan: Plan) -> Iterator[Way]:
    """Yield each way past a phase, whatever is done in it."""
    stages = number_stages(plan)
    for start in plan.phases:
        for way, title, then, end, condition in list_leaving(start):
            last = stages.get(then or "", 0)
            for over in plan.phases:
                between = stages[start.id] < stages[over.id] < last
                ended = end is not None and over is not start and stages[start.id] <= stages[over.id]
                if between or ended:
                    when = both(start.condition, condition)
                    yield Way(start, way, title, over, end is not None, when)


def find_ways_past(before: Plan, after: Plan, renamed: Renamed) -> Iterator[tuple[str, str]]:
    """Yield the ways past what was delivered before that are new, or open to more, with where and a sentence.

    Not those of an offer: where it comes before a delivery that guards more than that it can be ended.
    """
    known: dict[tuple[str, str, str], When] = {}
    for one in list_past(before):
        if one.missed:
            start, missed = _now(renamed, "phases", one.start.id), _now(renamed, "documents", one.missed)
            for known_by in {one.id, one.title or one.id}:
                known[start, known_by, missed] = rename(one.condition, renamed)
    done = {_now(renamed, "documents", one.deliver.document) for one in before.phases if one.deliver}
    for one in list_past(after):
        if one.missed is None or one.missed not in done or one.id == OFFER:
            continue
        same = [(one.start.id, known_by, one.missed) for known_by in (one.id, one.title)]
        was = next((known[key] for key in same if key in known), None)
        more = say_wider(after, was, one.condition) if any(key in known for key in same) else ""
        if more is not None:
            yield f"phases.{one.start.id}", _say(after, one) + (f", {more}" if more else "")


def _now(renamed: Renamed, kind: str, item: str) -> str:
    return renamed.get(kind, {}).get(item, item)


def _say(plan: Plan, one: Way) -> str:
    start, over = (name(plan, "phases", phase.id) for phase in (one.start, one.over))
    by = "once it waits no longer" if one.id == WAIT else f"with {quote(one.title)}"
    if one.ends:
        return f"{start} can now end the filing before {over}, {by}"
    return f"{start} can now be left past {over}, {by}"
