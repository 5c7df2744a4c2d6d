"""The walk: breadth-first from a first state, so that what it meets first it met on a shortest path."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..filing.events import AnyEvent

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Node(Generic[S]):
    """What was come to, by which move from which node before it; `depth` is the number of moves."""

    state: S
    name: str
    event: AnyEvent | None
    before: "Node[S] | None"
    depth: int = 0

    def path(self) -> list["Node[S]"]:
        """Return the nodes that lead here, the first one first."""
        nodes = [self]
        while nodes[-1].before is not None:
            nodes.append(nodes[-1].before)
        return nodes[::-1]


class Reached(Generic[S]):
    """A state that a move leads to, with its key: None for one from which nothing is looked at any more."""

    __slots__ = ("event", "key", "name", "state")

    def __init__(self, name: str, event: AnyEvent, state: S, key: Hashable | None) -> None:
        self.name, self.event, self.state, self.key = name, event, state, key


@dataclass
class Walked:
    """How far a walk came; it is `exhausted` when nothing was left to look at."""

    states: int = 0
    steps: int = 0
    deepest: int = 0
    exhausted: bool = field(default=True)


def walk(
    first: S,
    key: Hashable,
    moves: Callable[[Node[S]], Iterable[Reached[S]]],
    *,
    most: int | None = None,
    depth: int | None = None,
) -> Iterator[tuple[Node[S], Walked]]:
    """Yield every state once, nearest first, with how far the walk is; `moves` looks at it and goes on.

    No more than `most` states are known and none deeper than `depth` is looked at; the walk is then not
    exhausted. States of one key are one.
    """
    walked = Walked()
    known = {key}
    waiting: deque[Node[S]] = deque([Node(first, "start", None, None)])
    while waiting:
        node = waiting.popleft()
        walked.states += 1
        walked.deepest = node.depth
        yield node, walked
        if depth is not None and node.depth >= depth:
            walked.exhausted = False
            continue
        for reached in moves(node):
            walked.steps += 1
            if reached.key is None or reached.key in known:
                continue
            if most is not None and len(known) >= most:
                walked.exhausted = False
                continue
            known.add(reached.key)
            waiting.append(Node(reached.state, reached.name, reached.event, node, node.depth + 1))
