"""Whether states that are one go on alike: every way into a state makes the same moves, to the same states.

A walk looks at the first way into a state alone, so it is sound as far as the others go on like it. Asked by
tests: it costs as many steps again for every other way.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..collecting import no_collecting
from ..exploring.walking import Arrival, Node, walk
from ..filing.events import Start
from ..plan import Plan
from ..policy import Policy
from .judging import Judge, Stand

WAYS = 3
"""So many ways into each state are compared, and as many again that come to it on other days."""
AS_ONE = {"resolve_again": "retry"}
"""Moves that stand for each other where both lead to the same state."""

_GoingOn = frozenset[tuple[tuple[str, ...], int]]
"""Moves with the hash of the key of the state that they lead to."""


class Stray(NamedTuple):
    """Two ways into one state, by the names of their moves, and the moves that only one of them has then."""

    ways: tuple[tuple[str, ...], tuple[str, ...]]
    apart: tuple[tuple[str, ...], ...]


def list_strays(
    plan: Plan, starts: tuple[Start, ...], policies: tuple[Policy, ...], *, most: int
) -> tuple[Stray, ...]:
    """Return ways into states of a plan that go on otherwise than the way that a walk takes."""
    with no_collecting():
        return tuple(_Comparing(Judge(plan, policies, reduced=True, forgets=True)).compare(starts, most))


class _Comparing:
    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.ways: dict[object, list[Node[Stand]]] = {}
        self.others: deque[tuple[object, Node[Stand]]] = deque()
        """Ways that no walk took, with the state that they lead to."""
        self.expected: dict[object, tuple[Node[Stand], _GoingOn]] = {}
        """The way into each state that was taken first, and what it goes on to."""

    def compare(self, starts: tuple[Start, ...], most: int) -> Iterator[Stray]:
        """Walk, and go on from the other ways, also from those that these lead to."""
        firsts = [self.judge.start(one) for one in starts]
        for _ in walk(*firsts[0], self._walk_on, others=firsts[1:], most=most):
            pass
        while self.others:
            key, other = self.others.popleft()
            if other.state.reader.case.ended:
                continue
            if key not in self.expected:
                first = self.ways[key][0]
                self.expected[key] = (first, self._gather(key, self._move(first)))
            first, expected = self.expected[key]
            if other.state is first.state:
                continue
            apart = expected ^ self._gather(key, self._move(other))
            if apart:
                yield Stray((_name(first), _name(other)), tuple(sorted(names for names, _ in apart)))

    def _walk_on(self, node: Node[Stand]) -> list[Arrival[Stand]]:
        """Go on from a state as a walk does, and keep to what."""
        key = self.judge.find_key(node.state)
        some = self.ways.setdefault(key, [])
        if not some:
            some.append(node)  # a filing begins so
        elif some[0].state is not node.state:
            self.others.append((key, some[0]))  # the walk came to it by fewer moves, which it takes
        arrivals = list(self._move(node))
        self.expected[key] = (node, self._gather(key, arrivals))
        return arrivals

    def _move(self, node: Node[Stand]) -> Iterator[Arrival[Stand]]:
        for arrival in self.judge.move(node):
            some = self.ways.setdefault(arrival.key, [])
            if len(some) < WAYS or (len(some) < 2 * WAYS and _is_of_another_day(arrival.state, some)):
                there = node.depth + len(arrival.moves)
                some.append(Node(arrival.state, arrival.moves, node, there))
                if len(some) > 1:
                    self.others.append((arrival.key, some[-1]))
            yield arrival

    def _gather(self, key: object, arrivals: Iterable[Arrival[Stand]]) -> _GoingOn:
        """Return what a state goes on to, apart from itself."""
        return frozenset(
            (tuple(AS_ONE.get(one.name, one.name) for one in arrival.moves), hash(arrival.key))
            for arrival in arrivals
            if arrival.key != key
        )


def _is_of_another_day(stand: Stand, some: list[Node[Stand]]) -> bool:
    return all(stand.reader.now.date() != one.state.reader.now.date() for one in some)


def _name(node: Node[Stand]) -> tuple[str, ...]:
    return tuple(one.name for one in node.path())
