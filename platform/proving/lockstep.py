"""Two machines in lockstep: the same moves on both, until they do something else or every state is seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..exploring.answering import Move
from ..exploring.walking import Arrival, Moved, Node, Walked, walk
from ..filing.events import Act, AnyEvent, Start
from ..filing.new_acts import take_new
from ..filing.outcome import Refusal, Step
from ..filing.state import State
from ..filing.step import step
from ..plan import Plan
from .observing import observe_state, observe_step
from .people import Permissions, list_roles, list_titles
from .twin import Pair, Twin

NEAR = 100
"""Pairs of states of each filing that are looked at first, where there are several filings."""


class Parting(NamedTuple):
    """Where two machines part: after these moves of a filing, in the last step, in the state, or in who may.

    `names` are the moves, `events` the start and theirs.
    """

    names: tuple[str, ...]
    events: tuple[AnyEvent, ...]
    where: Literal["step", "state", "who"]

    @property
    def length(self) -> int:
        """Return how many moves lead to it."""
        return len(self.names)


@dataclass
class Compared:
    """What a walk found: the nearest parting, how far it came, and of what not every value was tried."""

    parting: Parting | None = None
    states: int = 0
    steps: int = 0
    exhausted: bool = True
    untried: tuple[str, ...] = ()

    @property
    def alike(self) -> bool:
        """Say whether both do the same in every state."""
        return self.parting is None and self.exhausted and not self.untried


def compare_machines(before: Plan, after: Plan, starts: tuple[Start, ...], most: int) -> Compared:
    """Walk filings on both plans, and return where they part soonest.

    The plans have no texts and the same ids. No more than `most` pairs of states are looked at.
    """
    found = Compared()
    if len(starts) > 1:  # what parts soon in any of them keeps the others short
        for start in starts:
            found.parting = _Lockstep(before, after, start, found.parting).run(min(NEAR, most)).parting
    for start in starts:
        if most <= found.states:
            found.exhausted = False
            break
        one = _Lockstep(before, after, start, found.parting).run(most - found.states)
        found.states += one.states
        found.steps += one.steps
        found.exhausted &= one.exhausted
        found.parting = one.parting
    return found


class _Lockstep:
    def __init__(self, before: Plan, after: Plan, start: Start, nearest: Parting | None) -> None:
        self.plans = (before, after)
        self.start = start
        self.twin = Twin(before, after)
        roles, titles = list_roles(before, after), list_titles(before, after)
        self.permissions = tuple(Permissions(plan, roles, titles) for plan in self.plans)
        self.seen: set[object] = set()
        self.nearest = nearest

    def run(self, most: int) -> Compared:
        taken = tuple(step(plan, None, self.start) for plan in self.plans)
        pair = self._compare(taken, ())
        walked = Walked()
        if pair is None:
            return Compared(self.nearest, 1, 1)
        key = self.twin.key(pair)
        if not self._is_same_state(pair, key, ()):
            return Compared(self.nearest, 1, 1)
        for node, so_far in walk(pair, key, self._moves, most=most):
            walked = so_far
            if self.nearest is not None and node.depth + 1 >= self.nearest.length:
                break  # all that follows is as far or farther
        return Compared(self.nearest, walked.states, walked.steps, walked.exhausted)

    def _moves(self, node: Node[Pair]) -> Iterator[Arrival[Pair]]:
        for move in self._list_moves(node.state):
            pair, moves = self._take(node.state, move, node, ())
            while pair is not None and (more := self.twin.find_next(pair)):
                pair, moves = self._take(pair, more, node, moves)
            if pair is None:
                continue
            key = self.twin.key(pair)
            if self._is_same_state(pair, key, (*node.path(), *moves) if key not in self.seen else ()):
                yield Arrival(moves, pair, key)

    def _list_moves(self, pair: Pair) -> Iterator[Move]:
        """Yield the moves of both machines, those that both have once."""
        one, other = self.twin.list_moves(pair)
        yield from one
        yield from (move for move in other if all(move.event != each.event for each in one))

    def _take(
        self, pair: Pair, move: Move, node: Node[Pair], moves: tuple[Moved, ...]
    ) -> tuple[Pair | None, tuple[Moved, ...]]:
        """Take a move on both; return the pair that comes of it, or None where that is the end."""
        moves = (*moves, Moved(move.name, move.event))
        taken = tuple(take(plan, state, move.event) for plan, state in zip(self.plans, pair, strict=True))
        if all(isinstance(one, Refusal) for one in taken):
            return None, moves
        after = self._compare(taken, moves, node)
        if after is not None and isinstance(move.event, Act):
            roles = [
                one.list_roles(state, move.event) for one, state in zip(self.permissions, pair, strict=True)
            ]
            if roles[0] != roles[1]:
                self._part((*node.path(), *moves), "who")
                return None, moves
        return after, moves

    def _compare(
        self, taken: tuple[Step | Refusal, ...], moves: tuple[Moved, ...], node: Node[Pair] | None = None
    ) -> Pair | None:
        """Return the states of both after a step that is the same on both, or None."""
        one, other = taken
        if (
            isinstance(one, Refusal)
            or isinstance(other, Refusal)
            or observe_step(self.plans[0], one) != observe_step(self.plans[1], other)
        ):
            self._part((*(node.path() if node else ()), *moves), "step")
            return None
        return Pair(one.state, other.state)

    def _is_same_state(self, pair: Pair, key: object, path: tuple[Moved, ...]) -> bool:
        """Say whether people see the same in both states, once for each pair."""
        if key in self.seen:
            return True
        self.seen.add(key)
        one, other = (observe_state(plan, state) for plan, state in zip(self.plans, pair, strict=True))
        if one != other:
            self._part(path, "state")
            return False
        return True

    def _part(self, path: tuple[Moved, ...], where: Literal["step", "state", "who"]) -> None:
        if self.nearest is None or len(path) < self.nearest.length:
            events = (self.start, *(one.event for one in path))
            self.nearest = Parting(tuple(one.name for one in path), events, where)


def take(plan: Plan, state: State, event: AnyEvent) -> Step | Refusal:
    """Take an event as it is taken now: an act that is refused of late is refused."""
    return take_new(plan, state, event) if isinstance(event, Act) else step(plan, state, event)
