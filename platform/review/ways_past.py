"""Ways that lead past a phase: by an outcome, by a wait that is given up, by an offer that ends the filing.

A way to an end leads past all that would have come. No review is missed there, as nothing goes out; a
delivery is.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..plan import Phase, Plan
from .documents import number_stages
from .narrowing import When, both, say_wider
from .references import Renamed, rename
from .saying import name, quote

WAIT, OFFER = "wait given up", "offer ended"
"""The ways without an outcome, as if these were their ids."""


class Way(NamedTuple):
    """How a phase can be left past another: by which outcome (its id, or what else it is), and when."""

    start: Phase
    id: str
    title: str
    over: Phase
    ends: bool
    condition: When

    @property
    def missed(self) -> tuple[str, str]:
        """Return what is then not done: the phase, or the document that it delivers."""
        if self.over.deliver:
            return "documents", self.over.deliver.document
        return "phases", self.over.id


def list_ways(plan: Plan) -> Iterator[Way]:
    """Yield each way past a phase that reviews, signs, offers or delivers."""
    return (one for one in list_past(plan) if one.over.deliver or (_guards(one.over) and not one.ends))


def list_past(plan: Plan) -> Iterator[Way]:
    """Yield each way past a phase, whatever is done in it."""
    stages = number_stages(plan)
    for start in plan.phases:
        for way, title, then, end, condition in _list_leaving(start):
            last = stages.get(then or "", 0)
            for over in plan.phases:
                between = stages[start.id] < stages[over.id] < last
                ended = end is not None and over is not start and stages[start.id] <= stages[over.id]
                if between or ended:
                    yield Way(start, way, title, over, end is not None, both(start.condition, condition))


def _list_leaving(phase: Phase) -> Iterator[tuple[str, str, str | None, str | None, When]]:
    """Yield the ways in which a phase is left other than to the next: id, title, then, end, condition."""
    for one in phase.outcomes:
        yield one.id, quote(one.title), one.then, one.end, one.condition
    if phase.chase and phase.chase.give_up:
        yield WAIT, "", phase.chase.give_up.then, phase.chase.give_up.end, None
    if phase.offer and phase.offer.may_end:
        yield OFFER, "", None, phase.offer.may_end, None


def _guards(phase: Phase) -> bool:
    return bool(phase.reviews or phase.signs or phase.offer)


def find_ways_past(before: Plan, after: Plan, renamed: Renamed) -> Iterator[tuple[str, str]]:
    """Yield the ways past what was done before that are new, or open to more, with where and a sentence.

    Not those of an offer: where it comes before a delivery that guards more than that it can be ended.
    """
    known: dict[tuple[str, str, tuple[str, str]], When] = {}
    for one in list_ways(before):
        start, missed = _now(renamed, "phases", one.start.id), (one.missed[0], _now(renamed, *one.missed))
        for known_by in {one.id, one.title or one.id}:
            known[start, known_by, missed] = rename(one.condition, renamed)
    done = _list_done(before, renamed)
    for one in list_ways(after):
        if one.missed not in done or one.id == OFFER:
            continue
        same = [(one.start.id, known_by, one.missed) for known_by in (one.id, one.title)]
        was = next((known[key] for key in same if key in known), None)
        more = say_wider(after, was, one.condition) if any(key in known for key in same) else ""
        if more is not None:
            yield f"phases.{one.start.id}", _say(after, one) + (f", {more}" if more else "")


def _list_done(plan: Plan, renamed: Renamed) -> set[tuple[str, str]]:
    """Return what is done in a plan and can be missed, by the ids of the later one."""
    documents = {("documents", one.deliver.document) for one in plan.phases if one.deliver}
    phases = {("phases", one.id) for one in plan.phases if _guards(one)}
    return {(kind, _now(renamed, kind, item)) for kind, item in documents | phases}


def _now(renamed: Renamed, kind: str, item: str) -> str:
    return renamed.get(kind, {}).get(item, item)


def _say(plan: Plan, one: Way) -> str:
    start, over = (name(plan, "phases", phase.id) for phase in (one.start, one.over))
    by = "once it waits no longer" if one.id == WAIT else f"with {one.title}"
    if one.ends:
        return f"{start} can now end the filing before {over}, {by}"
    return f"{start} can now be left past {over}, {by}"
