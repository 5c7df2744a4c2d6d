"""The walk: nearest states first, so that what it meets first it met on a shortest path."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from ..filing.events import AnyEvent

S = TypeVar("S")


class Moved(NamedTuple):
    """A move that was made."""

    name: str
    event: AnyEvent


@dataclass(frozen=True, slots=True)
class Node(Generic[S]):
    """What was come to, by which moves from which node before it; `depth` is the number of all moves."""

    state: S
    moves: tuple[Moved, ...] = ()
    before: "Node[S] | None" = None
    depth: int = 0
    key: Hashable = None

    def path(self) -> list[Moved]:
        """Return the moves that lead here, the first one first."""
        found: list[Moved] = []
        node: Node[S] | None = self
        while node is not None:
            found = [*node.moves, *found]
            node = node.before
        return found


class Arrival(NamedTuple, Generic[S]):
    """A state that one or more moves in a row lead to, with its key."""

    moves: tuple[Moved, ...]
    state: S
    key: Hashable


@dataclass
class Walked:
    """How far a walk came; it is `exhausted` when nothing was left to look at."""

    states: int = 0
    steps: int = 0
    deepest: int = 0
    exhausted: bool = True


def walk(
    first: S,
    key: Hashable,
    moves: Callable[[Node[S]], Iterable[Arrival[S]]],
    *,
    others: Iterable[tuple[S, Hashable]] = (),
    most: int | None = None,
    depth: int | None = None,
) -> Iterator[tuple[Node[S], Walked]]:
    """Yield every state once, nearest first, with how far the walk is; `moves` looks at it and goes on.

    It begins at `first`, and at `others` that are as near, each with its key.
    No more than `most` states are known and none deeper than `depth` is looked at; the walk is then not
    exhausted. States of one key are one.
    """
    walked = Walked()
    begun = {name: state for state, name in reversed(((first, key), *others))}
    known: dict[Hashable, int] = dict.fromkeys(begun, 0)
    waiting: dict[int, deque[tuple[Hashable, Node[S]]]] = {
        0: deque((name, Node(state, key=name)) for name, state in reversed(begun.items()))
    }
    while waiting:
        now = min(waiting)
        if not waiting[now]:
            del waiting[now]
            continue
        name, node = waiting[now].popleft()
        if known[name] < now:
            continue  # it was come to by fewer moves meanwhile
        walked.states += 1
        walked.deepest = now
        yield node, walked
        if depth is not None and now >= depth:
            walked.exhausted = False
            continue
        for reached in moves(node):
            walked.steps += len(reached.moves)
            there = now + len(reached.moves)
            if known.get(reached.key, there + 1) <= there:
                continue
            if most is not None and len(known) >= most and reached.key not in known:
                walked.exhausted = False
                continue
            known[reached.key] = there
            waiting.setdefault(there, deque()).append(
                (reached.key, Node(reached.state, reached.moves, node, there, reached.key))
            )
