"""Whether nobody can now do what they could not before: each way of the newer plan, tried on the older.

What people do is the way. The world answers each machine what that one asked; days pass on both. An act that
the newer machine takes and the older refuses, or takes from another role alone, is something that somebody
can newly do. Which documents an act names does not count: the older machine is given its own.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..data import canonical, replace
from ..exploring.answering import Move
from ..exploring.walking import Arrival, Moved, Node, Walked, walk
from ..filing.events import (
    SYSTEM,
    AcceptItem,
    Act,
    AnswerRequest,
    AnyEvent,
    Check,
    NotApplicable,
    SendBackItem,
    Start,
    Tick,
    Uncheck,
)
from ..filing.outcome import Refusal
from ..filing.requests import find_request, list_items
from ..filing.state import Pending, State
from ..filing.step import step
from ..filing.turn import Reader
from ..plan import Plan
from .lockstep import take
from .people import Acting, Permissions, identify, list_roles, list_titles
from .twin import Pair, Twin


class Ability(NamedTuple):
    """Somebody can do an act after these moves: holders of `roles`, or the client where there are none."""

    roles: tuple[str, ...]
    act: Acting
    names: tuple[str, ...]
    events: tuple[AnyEvent, ...]
    """As the newer machine takes them, the start first."""
    refusal: Refusal | None
    """Why the older one refuses it from everybody."""


@dataclass
class Searched:
    """What somebody can newly do, the nearest first, and how far the walk came."""

    newly: list[Ability] = field(default_factory=list)
    states: int = 0
    exhausted: bool = True


def find_newly(before: Plan, after: Plan, starts: tuple[Start, ...], most: int) -> Searched:
    """Return what somebody can do on one plan that they could not on another, each with its nearest way.

    The plans have no texts and the same ids. No more than `most` pairs of states are looked at.
    """
    found = Searched()
    known: dict[object, frozenset[str]] = {}
    for start in starts:
        if most <= found.states:
            found.exhausted = False
            break
        search = _Search(before, after, start, known)
        walked = search.run(most - found.states)
        found.newly += search.newly
        found.states += walked.states
        found.exhausted &= walked.exhausted
    found.newly.sort(key=lambda one: len(one.names))
    return found


class _Search:
    def __init__(self, before: Plan, after: Plan, start: Start, known: dict[object, frozenset[str]]) -> None:
        self.before, self.after, self.start = before, after, start
        self.twin = Twin(before, after, lasting=False)
        roles, titles = list_roles(before, after), list_titles(before, after)
        self.could, self.can = (Permissions(plan, roles, titles) for plan in (before, after))
        self.known = known
        self.newly: list[Ability] = []
        self.tried: set[Hashable] = set()
        self.looked_at: set[Hashable] = set()

    def run(self, most: int) -> Walked:
        one, other = step(self.before, None, self.start), step(self.after, None, self.start)
        assert not isinstance(one, Refusal)
        assert not isinstance(other, Refusal)
        pair = Pair(one.state, other.state)
        steps = walk(pair, self.twin.key(pair), self._moves, most=most)
        return deque(steps, maxlen=1).pop()[1]

    def _moves(self, node: Node[Pair]) -> Iterator[Arrival[Pair]]:
        for moved, pair in self._go(node):
            yield Arrival((moved,), pair, self.twin.key(pair))

    def _go(self, node: Node[Pair]) -> Iterator[tuple[Moved, Pair]]:
        before, after = node.state
        mine, theirs = self.twin.list_moves(node.state)
        results = [move for move in mine if not isinstance(move.event, Act | Tick)]
        alone = [move for move in results if _find_same(before, after, move.event.number) is None]  # type: ignore[union-attr]
        if alone:  # the older one asked more: the world answers that first
            for move in alone:
                taken = step(self.before, before, move.event)
                if not isinstance(taken, Refusal):
                    yield Moved(f"{move.name} before", move.event), Pair(taken.state, after)
            return
        own = _index_acts(mine)
        for move in theirs:
            if isinstance(move.event, Act) and move.event.by != SYSTEM:
                yield from self._act(node, move, move.event, own)
            else:
                yield from self._pass(node.state, move)
        self._try_asides(node, {identify(move.event) for move in theirs if isinstance(move.event, Act)})
        for move in mine:
            if isinstance(move.event, Tick) and all(move.event != each.event for each in theirs):
                yield from self._pass(node.state, move)

    def _pass(self, pair: Pair, move: Move) -> Iterator[tuple[Moved, Pair]]:
        """Yield what the world answers, or a day that comes: to each machine what is for it."""
        taken = take(self.after, pair.after, move.event)
        if isinstance(taken, Refusal):
            return
        before, event = pair.before, move.event
        if not isinstance(event, Act | Tick):
            number = _find_same(pair.after, pair.before, event.number)  # type: ignore[union-attr]
            event = replace(event, number=number) if number is not None else event
            if number is None:
                yield Moved(move.name, move.event), Pair(before, taken.state)
                return
        other = take(self.before, before, event)
        if not isinstance(other, Refusal):
            before = other.state
        yield Moved(move.name, move.event), Pair(before, taken.state)

    def _act(
        self, node: Node[Pair], move: Move, act: Acting, own: Mapping[Hashable, list[Acting]]
    ) -> Iterator[tuple[Moved, Pair]]:
        both = self._take_both(node, move, act, own)
        if both is not None:
            yield Moved(move.name, act), both

    def _try_asides(self, node: Node[Pair], tried: set[tuple[Any, ...]]) -> None:
        """Try what is not among the moves of a state, once for all days on which it is the same."""
        if (stands := self.twin.key_of_acts(node.state)) in self.looked_at:
            return
        self.looked_at.add(stands)
        mine, theirs = self.twin.list_asides(node.state)
        own = _index_acts(mine)
        for move in theirs:
            act = move.event
            if not isinstance(act, Act) or act.by == SYSTEM or identify(act) in tried:
                continue
            read = tuple(self._list_read(node.state, act))
            if all(read):
                if (known := (identify(act), *read)) in self.tried:
                    continue
                self.tried.add(known)
            self._take_both(node, move, act, own)

    def _list_read(self, pair: Pair, act: Acting) -> Iterator[Hashable]:
        """Yield all that each machine reads where it takes an act on a checkpoint or item; None for others.

        Of these there are many in each state, and the same ones again and again.
        """
        for reader in self.twin.read(pair):
            about: Hashable
            if isinstance(act, Check | Uncheck):
                phase, reached = reader.rules.find_phase(act.phase), reader.phase_state(act.phase)
                points = tuple(one.id for one in reader.rules.checkpoints(phase)) if phase else ()
                about = (points, frozenset(tick.checkpoint for tick in reached.ticks) if reached else None)
            elif isinstance(act, AnswerRequest | NotApplicable | AcceptItem | SendBackItem):
                about = _read_request(reader, act.request, getattr(act, "values", None))
            else:
                yield None
                continue
            active = tuple(one.id for one in reader.active_phases())
            escalated = tuple([one.subject for one in reader.case.chased if one.escalated])
            yield reader.held, bool(reader.case.ended), active, escalated, about

    def _take_both(
        self, node: Node[Pair], move: Move, act: Acting, own: Mapping[Hashable, list[Acting]]
    ) -> Pair | None:
        """Take an act on both, and keep who can newly do it; return what comes of it where both take it.

        `own` are the acts of the older machine, by which they are.
        """
        pair = node.state
        taken = take(self.after, pair.after, act)
        if isinstance(taken, Refusal):
            return None
        said, same = getattr(act, "values", None), own.get(identify(act), ())
        alike = (one for one in same if one.by == act.by and getattr(one, "values", None) == said)
        theirs = next(alike, act)
        number = pair.before.journal.sequence + 1
        theirs = replace(theirs, id=f"handeling {number}")
        could = take(self.before, pair.before, theirs)
        can_now = self.can.list_roles(pair.after, act)
        if isinstance(could, Refusal):
            self._find(node, move, act, can_now, could)
            return None
        wider = can_now - self.could.list_roles(pair.before, theirs)
        if wider:
            self._find(node, move, act, wider, None)
        return Pair(could.state, taken.state)

    def _find(
        self, node: Node[Pair], move: Move, act: Acting, roles: frozenset[str], refusal: Refusal | None
    ) -> None:
        key = (identify(act), act.by.kind)
        if key in self.known and roles <= self.known[key]:
            return
        named = tuple(sorted(roles - self.known.get(key, frozenset())))
        self.known[key] = self.known.get(key, frozenset()) | roles
        path = [one for one in node.path() if not one.name.endswith(" before")]
        names = (*(one.name for one in path), move.name)
        events = (self.start, *(one.event for one in path), act)
        self.newly.append(Ability(named, act, names, events, refusal))


def _index_acts(moves: list[Move]) -> dict[Hashable, list[Acting]]:
    """Return the acts among moves by which they are."""
    found: dict[Hashable, list[Acting]] = {}
    for move in moves:
        if isinstance(move.event, Act):
            found.setdefault(identify(move.event), []).append(move.event)
    return found


def _read_request(reader: Reader, name: str, given: object) -> Hashable:
    state = next((one for one in reader.case.requests if one.id == name), None)
    asked = find_request(reader, state) if state else None
    if state is None or asked is None:
        return (name,)
    items = tuple((one.id, one.state.status if one.state else "") for one in list_items(reader, asked))
    return name, items, canonical((state.known, given))


def _find_same(state: State, other: State, number: int) -> int | None:
    """Return the number that a command of one machine has on the other, or None."""
    asked = next((_name(one) for one in state.journal.in_flight if one.number == number), None)
    return next((one.number for one in other.journal.in_flight if _name(one) == asked), None)


def _name(one: Pending) -> tuple[object, ...]:
    return (one.what, one.phase, one.purpose, one.automation, one.awaited, one.outcome, one.withdrawn)
