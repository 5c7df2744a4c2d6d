"""Judging: the states of one filing walked with all policies watched at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..data import canonical
from ..exploring.moves import Mover, counts
from ..exploring.normal import Normal, Standing
from ..exploring.telling_apart import Telling
from ..exploring.walking import Arrival, Moved, Node, Walked, walk
from ..filing.events import Act, AnyEvent, Start
from ..filing.new_acts import take_new
from ..filing.outcome import Refusal, Step
from ..filing.step import step
from ..filing.turn import Reader
from ..filing.waits import next_wake
from ..plan import Plan
from ..policy import Policy
from .happening import Seeing
from .watching import Broken, InOrder, Memory, Seen, Watcher, watcher_of

LAST_MOVES = ("cancel", "not_deliver")
"""Moves that end a filing: what they lead to follows from what is remembered alone."""


class Stand(NamedTuple):
    """A filing as it stands, with what the watchers remember of the path to it.

    The reader is made once, since all that is asked of a state works out where the filing is.
    """

    reader: Reader
    memories: tuple[Memory, ...]


@dataclass(frozen=True)
class Breach:
    """A shortest path that breaks a policy: its events, the start first, and how it breaks it."""

    policy: str
    names: tuple[str, ...]
    events: tuple[AnyEvent, ...]
    how: Broken

    @property
    def length(self) -> int:
        """Return how many moves lead to it."""
        return len(self.names)


@dataclass
class Judged:
    """What was found in one filing: breaches by policy, policies that said something, how far it came."""

    breaches: dict[str, Breach] = field(default_factory=dict)
    applied: set[str] = field(default_factory=set)
    walked: Walked = field(default_factory=Walked)


def judge(
    plan: Plan,
    start: Start,
    policies: tuple[Policy, ...],
    *,
    reduced: bool = True,
    most: int | None = None,
    depth: int | None = None,
) -> Judged:
    """Walk every state that a filing can come to, and say which policies it breaks."""
    return _Judge(plan, start, policies, reduced=reduced).run(most, depth)


def _list_watched(plan: Plan, policies: tuple[Policy, ...]) -> Iterator[str]:
    """Yield the checkpoints of which it matters to a policy when they are ticked."""
    for policy in policies:
        for one in policy.observed:
            if one.word == "ticked" and one.name:
                yield one.name
            elif one.word == "ticked":
                yield from (f"{phase.id}.{point.id}" for phase in plan.phases for point in phase.checkpoints)


def _can_be_repeated(policy: Policy) -> bool:
    """Say whether a policy counts what can be done again and change nothing else."""
    return any(one.word in ("attached", "recorded") for one in policy.first)


class _Judge:
    def __init__(self, plan: Plan, start: Start, policies: tuple[Policy, ...], *, reduced: bool) -> None:
        self.plan = plan
        self.start = start
        self.reduced = reduced
        self.watchers: list[Watcher] = [watcher_of(policy) for policy in policies]
        self.of_people = [(n, w) for n, w in enumerate(self.watchers) if w.remembers_people]
        words = frozenset(word for watcher in self.watchers for word in watcher.words) | {"entered"}
        self.seeing = Seeing(plan, words)
        stalls = "stalled" in words
        repeats = any(policy.form == "at_most" for policy in policies if _can_be_repeated(policy))
        telling = Telling(plan, frozenset(_list_watched(plan, policies)))
        self.mover = Mover(plan, telling, reduced=reduced, stalls=stalls, repeats=repeats)
        self.normal = Normal(plan, telling, stalls=stalls)
        self.stalls = stalls
        self.ended: set[tuple[str, tuple[Memory, ...]]] = set()
        self.found = Judged()

    def run(self, most: int | None, depth: int | None) -> Judged:
        first = step(self.plan, None, self.start)
        if isinstance(first, Refusal):
            raise ValueError(f"the plan does not start: {first.text}")
        begun = tuple(watcher.begin() for watcher in self.watchers)
        stand = self._watch(None, first, begun, ())
        key = self._key(stand)
        for node, walked in walk(stand, key, self._moves, most=most, depth=depth):
            self.found.walked = walked
            self._judge(node)
        return self.found

    def _moves(self, node: Node[Stand]) -> Iterator[Arrival[Stand]]:
        reader, memories = node.state
        for move in self.mover.list_moves(reader, self._find_known(reader, memories)):
            last = (move.name, memories)
            if self.reduced and move.name in LAST_MOVES and last in self.ended:
                continue
            event = move.event
            if isinstance(event, Act):
                taken = take_new(self.plan, reader.state, event)
            else:
                taken = step(self.plan, reader.state, event)
            if isinstance(taken, Refusal):
                continue
            if move.name in LAST_MOVES:
                self.ended.add(last)
            moves: tuple[Moved, ...] = (Moved(move.name, event),)
            stand, moves = self._follow(node, self._watch(node, taken, memories, moves), moves)
            yield Arrival(moves, stand, self._key(stand))

    def _follow(
        self, node: Node[Stand], stand: Stand, moves: tuple[Moved, ...]
    ) -> tuple[Stand, tuple[Moved, ...]]:
        """Go on where there is one way alone to go on with what was begun."""
        while self.reduced:
            reader, memories = stand
            chain = list(self.mover.list_chained(reader, self._find_known(reader, memories)))
            if len(chain) != 1:
                break
            taken = step(self.plan, reader.state, chain[0].event)
            if isinstance(taken, Refusal):
                break
            moves = (*moves, Moved(chain[0].name, chain[0].event))
            stand = self._watch(node, taken, memories, moves, reader)
        return stand, moves

    def _watch(
        self,
        node: Node[Stand] | None,
        taken: Step,
        memories: tuple[Memory, ...],
        moves: tuple[Moved, ...],
        before: Reader | None = None,
    ) -> Stand:
        """Let the watchers see a step, the last of `moves` from a node; return what they remember then."""
        before = before or (node.state.reader if node else None)
        reader = Reader(self.plan, taken.state)
        happened = self.seeing.see(before, taken, reader)
        if not happened:
            return Stand(reader, memories)
        seen = Seen(happened, reader, taken.state.journal.at.date())
        words = {one.word for one in happened}
        remembered = list(memories)
        for place, watcher in enumerate(self.watchers):
            memory = remembered[place]
            if words.isdisjoint(watcher.watched):
                continue
            if watcher.policy.id not in self.found.applied and any(
                one.is_meant(trigger) for trigger in watcher.triggers for one in happened
            ):
                self.found.applied.add(watcher.policy.id)
            after = watcher.watch(memory, seen)
            if isinstance(after, Broken):
                self._break(watcher, after, node, moves)
                after = memory  # others break it too; only the first is told
            remembered[place] = after
        return Stand(reader, tuple(remembered))

    def _judge(self, node: Node[Stand]) -> None:
        """Judge a state for itself."""
        reader, memories = node.state
        rests: bool | None = None
        for place, watcher in enumerate(self.watchers):
            if watcher.policy.id in self.found.breaches:
                continue
            broken: Broken | None = None
            if isinstance(watcher, InOrder):
                days = watcher.find_days(reader)
                if days:
                    self.found.applied.add(watcher.policy.id)
                    broken = watcher.compare(days, reader.now.date())
            elif memories[place]:
                rests = self._rests(reader) if rests is None else rests
                broken = watcher.judge(memories[place], reader, rests=rests)
            if broken:
                self._break(watcher, broken, node, ())

    def _rests(self, reader: Reader) -> bool:
        """Say whether nothing comes unless somebody does something."""
        if reader.case.ended or reader.held or next_wake(self.plan, reader.state):
            return False
        return not any(counts(reader, one, stalls=False) for one in reader.state.journal.in_flight)

    def _break(
        self, watcher: Watcher, how: Broken, node: Node[Stand] | None, moves: tuple[Moved, ...]
    ) -> None:
        path = [*(node.path() if node else ()), *moves]
        known = self.found.breaches.get(watcher.policy.id)
        if known is None or len(path) < known.length:
            names = tuple(one.name for one in path)
            events = (self.start, *(one.event for one in path))
            self.found.breaches[watcher.policy.id] = Breach(watcher.policy.id, names, events, how)

    def _find_known(self, reader: Reader, memories: tuple[Memory, ...]) -> frozenset[str]:
        """Return the colleagues whose earlier acts matter."""
        acted = {c.person for c in reader.case.contributions if c.phase in self.mover.counted}
        for _, persons in self._standing(memories):
            acted.update(persons)
        return frozenset(acted)

    def _standing(self, memories: tuple[Memory, ...]) -> Standing:
        return tuple(
            (f"{watcher.policy.id} {label}", persons)
            for place, watcher in self.of_people
            if memories[place]
            for label, persons in watcher.persons(memories[place])
        )

    def _key(self, stand: Stand) -> bytes:
        """Return by what a state is known, with what is remembered of the path to it."""
        reader, memories = stand
        if not self.reduced:
            return self.normal.plain_key(reader) + b"\n" + canonical(memories)
        today = reader.state.journal.at.date()
        kept = [
            None if watcher.remembers_people and memory else memory and watcher.forget(memory, reader, today)
            for watcher, memory in zip(self.watchers, memories, strict=True)
        ]
        form = self.normal.key(reader, self._standing(memories))
        return form + b"\n" + canonical(kept)
