"""Completing: for which filings no way leads to a completed one, though others of the template have one.

What leads to what is noted while a walk goes on. Once it has seen every state, the ways are gone backwards
from where filings were completed. A start that is not met is of a filing that sticks, whatever anybody does.
So does one in which something was learned, where no state after that is met unless it is learned again.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, NamedTuple

from ..data import Scalar, Struct
from ..exploring.telling_apart import Telling
from ..exploring.walking import Moved
from ..filing.conditions import Values, list_names, values_of
from ..filing.events import AnswerRequest, Complete, RecordFact, Start
from ..filing.phase_outcomes import possible_outcomes
from ..filing.state import origin_of
from ..filing.turn import Reader
from ..plan import Expression, Plan

Learned = tuple[str, Any]
"""A fact or an answer, as conditions name it, and the value that it got."""


class Stuck(Struct):
    """A kind of filing that nobody can complete: how it begins, what it is told by, and how far it comes."""

    start: Start
    told_by: tuple[tuple[str, Scalar], ...]
    """Names of values, as conditions name them, with the value that only filings have that stick."""
    phase: str
    """The last phase of the plan that it comes to."""


class _Place(NamedTuple):
    """A state: the place of its phases in the plan, what leads to it, and what it leads to.

    With each are the names of what is learned by that.
    """

    stage: int
    before: list[tuple[int, tuple[str, ...]]]
    after: list[tuple[int, tuple[str, ...]]]


class Completing:
    """Notes what leads to what in the walk of one plan.

    Of what is learned that counts on which a condition hangs, apart from days: each day is another one.
    """

    def __init__(self, plan: Plan, telling: Telling) -> None:
        self.plan = plan
        self.conditions = telling.all_at_the_start
        days = {f"facts.{one.id}" for one in plan.facts if one.type == "date"}
        days |= {f"answers.{one.id}" for form in plan.forms for one in form.fields if one.kind == "date"}
        self._names = frozenset(".".join(path) for path in telling.names) - days
        self._order = {phase.id: place for place, phase in enumerate(plan.phases)}
        self._known: dict[Hashable, int] = {}
        self._places: list[_Place] = []
        self._completed: set[int] = set()
        self._starts: list[tuple[Start, int]] = []
        self._learned: dict[tuple[int, Learned], list[int]] = {}
        """States that followed at once on what was learned, by how their filing began."""

    def begin(self, start: Start, reader: Reader, key: Hashable) -> None:
        """Note where a filing begins."""
        self._starts.append((start, self._find(key, reader)))
        if reader.case.ended:
            self.complete(key)

    def note(
        self, from_: Hashable, start: Start, moves: tuple[Moved, ...], reader: Reader, to: Hashable
    ) -> None:
        """Note that moves lead from one state to another, by their keys; `start` is how the filing began."""
        before, place = self._known[from_], self._find(to, reader)
        learned = [one for one in _list_learned(moves) if one[0] in self._names]
        names = tuple([name for name, _ in learned])
        self._places[place].before.append((before, names))
        self._places[before].after.append((place, names))
        if learned:
            begun = next(number for number, (one, _) in enumerate(self._starts) if one is start)
            for one in learned:
                self._learned.setdefault((begun, one), []).append(place)

    def complete(self, key: Hashable) -> None:
        """Note that a move completes a filing from a state: all ends of one kind are one state after it."""
        self._completed.add(self._known[key])

    def _find(self, key: Hashable, reader: Reader) -> int:
        place = self._known.get(key)
        if place is None:
            place = self._known[key] = len(self._places)
            stage = reader.current_stage()
            self._places.append(_Place(self._order[stage[0].id] if stage else -1, [], []))
        return place

    def list_stuck(self) -> Iterator[Stuck]:
        """Yield the kinds of filings that stick, of a walk that has seen every state."""
        met = self._go(self._completed, back=True)
        whole = [start for start, place in self._starts if place in met]
        if not whole:
            return
        for start, place in self._starts:
            if place not in met:
                told_by = tuple(_tell_from(self.plan, start, whole, self.conditions))
                yield Stuck(start=start, told_by=told_by, phase=self._find_last((place,)))
        for learned in dict.fromkeys(learned for _, learned in self._learned):
            yield from self._list_stuck_by(learned, met)

    def _list_stuck_by(self, learned: Learned, met: set[int]) -> Iterator[Stuck]:
        """Yield the kinds of filings that stick once this is learned, of those that do not by themselves."""
        kept = self._go(self._completed, back=True, without=learned[0])
        stick: list[tuple[Start, list[int]]] = []
        whole: list[Start] = []
        for (begun, one), places in self._learned.items():
            start, first = self._starts[begun]
            if one == learned and first in met and kept.isdisjoint(places):
                stick.append((start, places))
            elif one == learned and first in met:
                whole.append(start)
        for start, places in stick:
            told_by = (*_tell_from(self.plan, start, whole, self.conditions), learned)
            yield Stuck(start=start, told_by=told_by, phase=self._find_last(places, learned[0]))

    def _go(self, places: Iterable[int], *, back: bool, without: str | None = None) -> set[int]:
        """Return what leads to these places, or follows on them, without learning something again."""
        met = set(places)
        waiting = deque(met)
        while waiting:
            place = self._places[waiting.popleft()]
            for other, names in place.before if back else place.after:
                if other not in met and without not in names:
                    met.add(other)
                    waiting.append(other)
        return met

    def _find_last(self, places: Iterable[int], without: str | None = None) -> str:
        last = max(self._places[place].stage for place in self._go(places, back=False, without=without))
        return self.plan.phases[last].id


def is_last(before: Reader, moves: tuple[Moved, ...]) -> bool:
    """Say whether a filing ended as it had to: by completing a phase of which every outcome ends it then."""
    event = moves[-1].event
    if not isinstance(event, Complete):
        return False
    outcomes = possible_outcomes(before, before.rules.phase(event.phase))
    return bool(outcomes) and all(one.end for one in outcomes)


def _list_learned(moves: tuple[Moved, ...]) -> Iterator[Learned]:
    for _, event in moves:
        if isinstance(event, RecordFact):
            yield f"facts.{event.fact}", event.value
        elif isinstance(event, AnswerRequest):
            yield from ((f"answers.{name}", value) for name, value in event.values.items())


def _tell_from(
    plan: Plan, start: Start, others: list[Start], conditions: Iterable[Expression]
) -> Iterator[tuple[str, Scalar]]:
    """Yield the values that conditions name in which a filing differs from all others, or else from some."""
    paths = sorted({path for one in conditions for path in list_names(one)})
    own, theirs = _read(plan, start, paths), [_read(plan, one, paths) for one in others]
    alone = [path for path in paths if theirs and all(own[path] != one[path] for one in theirs)]
    some = [path for path in paths if any(own[path] != one[path] for one in theirs)]
    yield from ((".".join(path), own[path]) for path in alone or some)


def _read(plan: Plan, start: Start, paths: list[tuple[str, ...]]) -> dict[tuple[str, ...], Scalar]:
    values: Values = values_of(plan, origin_of(start))
    return {path: values.get(path[0], {}).get(path[1]) for path in paths}
