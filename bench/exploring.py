"""Exploring: the shipped VAT return walked breadth-first on the bare machine, in states and steps a second.

Every state is given every move of its phase (checks in their order, completion, going back, releasing,
deciding, trying again), two versions of the return, cancellation, every answer to the oldest command in
flight, and time up to the next date that is waited for. A path goes wrong once at most (a failure, a refusal,
a rejection, going back) and lets time pass twice at most, so that the walk ends by itself. Two states are the
same when they have the same case but for past moments, the same commands on their way and the same next date.

Seconds of CPU differ from machine to machine, so between the states a fixed piece of plain Python runs, the
*unit*: steps for the CPU of one unit say on any machine whether the machine of filings has become faster.
"""

import hashlib
import json
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kantoor.compiler.compilation import compile_definitions
from kantoor.data import canonical
from kantoor.filing import events
from kantoor.filing.digests import state_digest
from kantoor.filing.events import Actor, AnyEvent, Calendars, FilingKey, ResolvedContact, Shown
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.state import Pending, State
from kantoor.filing.step import step
from kantoor.filing.view import view
from kantoor.filing.waits import next_wake
from kantoor.period import Period
from kantoor.plan import Plan

from .material import PRODUCT, TEMPLATE
from .office import DEFINITIONS, UnfitError

BEFORE = 22.4
"""Steps a unit of commit 3b7eb0e, when the machine's data were pydantic models (28 November 2026)."""

MARK = 3.0
"""How many times as many steps a unit it shall be."""

WRONGS = 1
"""How often a path may go wrong."""

DELAYS = 2
"""How often a path may let time pass."""

STATES_A_UNIT = 50
"""One unit of plain Python runs after so many states."""

PERIOD = "2026-01"
BEGIN = datetime(2025, 12, 31, 8, 0)

TEAM = {
    role: Actor(kind="team", id=f"member-{role}", roles=(role,))
    for role in ("administratie", "accountant", "relatiebeheerder", "fiscaal")
}
CLIENT = Actor(kind="contact", id="c-1001", may=("see", "answer", "approve", "sign"))
RETURNS = tuple(
    Shown(document="aangifte", hash=f"hash-{version}", rendering=f"rendering-{version}") for version in "12"
)

_MOMENT = re.compile(rb'"\d{4}-\d\d-\d\dT[^"]*"')


@dataclass(frozen=True, slots=True)
class Move:
    """An event without its moment and, for an act, without its id.

    `wrong`: a path has few of these. `after`: checkpoints of the phase that are ticked before this one.
    """

    kind: str
    facts: dict[str, Any]
    wrong: bool = False
    after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Node:
    """A state, when it is, and what of its path decides which moves are tried in it."""

    state: State
    now: datetime
    phase: str = ""
    ticked: frozenset[str] = frozenset()
    depth: int = 1
    wrongs: int = 0
    delays: int = 0


@dataclass
class Explored:
    """What was counted, and CPU seconds: of the whole walk, of its steps by their outcome, of a unit."""

    states: int = 0
    accepted: int = 0
    refused: int = 0
    walk: float = 0.0
    taking: float = 0.0
    refusing: float = 0.0
    digests: float = 0.0
    views: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    units: list[float] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Return the number of events that were given to the machine."""
        return self.accepted + self.refused

    @property
    def rate(self) -> float:
        """Return steps a second of CPU, with all that exploring needs beside them."""
        return self.steps / self.walk

    @property
    def per_unit(self) -> float:
        """Return how many steps the machine takes in the CPU of one unit."""
        return self.rate * sum(self.units) / len(self.units)

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        yield f"{'states':<40}{self.states:8}"
        yield f"{'steps':<40}{self.steps:8}   {self.accepted} taken, {self.refused} refused"
        ends = ", ".join(f"{count} {how}" for how, count in sorted(self.ends.items()))
        yield f"{'ends that were reached':<40}{self.ends.total():8}   {ends}"
        yield f"{'steps a second of CPU':<40}{self.rate:8.0f}"
        yield f"{'a step that is taken':<40}{self.taking / self.accepted * 1e6:8.1f} us"
        yield f"{'a step that is refused':<40}{self.refusing / self.refused * 1e6:8.1f} us"
        yield f"{'a digest of a state':<40}{self.digests / self.states * 1e6:8.1f} us"
        yield f"{'a view of a state':<40}{self.views / self.states * 1e6:8.1f} us"
        yield f"{'a unit of plain Python':<40}{sum(self.units) / len(self.units) * 1000:8.2f} ms"
        ratio = self.per_unit / BEFORE
        met = "met" if ratio >= MARK else "not met"
        yield f"{'steps a unit':<40}{self.per_unit:8.1f}   {ratio:.2f} of before, mark >= {MARK:.1f}: {met}"


def measure(most: int | None = None) -> Explored:
    """Explore the shipped VAT return, to its end or until `most` states are known."""
    plan = compile_definitions(DEFINITIONS).plans[TEMPLATE]
    moves = tuple(_moves(plan))
    explored = Explored()
    first = _begin(plan)
    waiting, known = deque([first]), {_key(first, next_wake(plan, first.state))}
    while waiting and (most is None or len(known) < most):
        node = waiting.popleft()
        if explored.states % STATES_A_UNIT == 0:
            explored.units.append(_cpu(_unit))
        explored.states += 1
        began = time.process_time()
        for child, wake in _children(plan, node, moves, explored):
            key = _key(child, wake)
            if key not in known:
                known.add(key)
                waiting.append(child)
        explored.walk += time.process_time() - began
        explored.digests += _cpu(lambda: state_digest(plan, node.state))  # noqa: B023  called at once
        explored.views += _cpu(lambda: view(plan, node.state))  # noqa: B023
    return explored


def _children(
    plan: Plan, node: Node, moves: tuple[Move, ...], explored: Explored
) -> Iterator[tuple[Node, datetime | None]]:
    """Yield every state that a move leads to, with the date it waits for."""
    wake = next_wake(plan, node.state)
    for move in (*moves, *_results(node.state.journal.in_flight[:1]), *_time(node, wake)):
        if node.wrongs + move.wrong > WRONGS or not move.after <= node.ticked:
            continue
        if move.facts.get("phase", node.phase) != node.phase:
            continue
        now = max(node.now, wake) if wake and move.kind == "tick" else node.now
        event = _event(move, now, node.depth)
        began = time.process_time()
        outcome = step(plan, node.state, event)
        passed = time.process_time() - began
        if isinstance(outcome, Refusal):
            explored.refused += 1
            explored.refusing += passed
            continue
        explored.accepted += 1
        explored.ends.update(e.data["how"] for e in outcome.entries if e.what == "filing_ended")
        explored.taking += passed
        child = _reach(node, move, now, outcome)
        yield child, next_wake(plan, child.state)


def _reach(node: Node, move: Move, now: datetime, taken: Step) -> Node:
    entered = [entry.phase for entry in taken.entries if entry.what == "phase_entered"]
    return Node(
        state=taken.state,
        now=now,
        phase=entered[-1] or "" if entered else node.phase,
        ticked=node.ticked | {move.facts["checkpoint"]} if move.kind == "check" else node.ticked,
        depth=node.depth + 1,
        wrongs=node.wrongs + move.wrong,
        delays=node.delays + (move.kind == "tick"),
    )


def _begin(plan: Plan) -> Node:
    period = Period.parse(PERIOD)
    start = events.Start(
        at=BEGIN,
        filing=FilingKey(template=plan.template, relation="1001", period=PERIOD, sub_number="-"),
        period=period,
        start_date=BEGIN.date(),
        relation={"number": "1001", "legal_form": "bv"},
        product={"id": PRODUCT, "frequency": period.kind, "foreign": False},
        calendars=Calendars(),
        opening_hour=8,
        by=TEAM["relatiebeheerder"],
    )
    begun = step(plan, None, start)
    if isinstance(begun, Refusal):
        raise UnfitError(f"the shipped VAT return does not begin: {begun.text}")
    return _reach(Node(begun.state, BEGIN), Move("start", {}), BEGIN, begun)


def _moves(plan: Plan) -> Iterator[Move]:
    """Yield what people may try in any state, each by who may do it when it is time."""
    for phase in plan.phases:
        who = {"phase": phase.id, "by": TEAM[phase.role]}
        points = [point.id for point in phase.checkpoints if point.required and point.condition is None]
        for place, point in enumerate(points):
            yield Move("check", {**who, "checkpoint": point}, after=frozenset(points[:place]))
        if phase.offer:
            yield Move("release", who)
            decide = {**who, "by": CLIENT}
            yield Move("decide", {**decide, "answer": "approve", "documents": RETURNS[:1]})
            yield Move("decide", {**decide, "answer": "approve", "documents": RETURNS[1:]})
            yield Move("decide", {**decide, "answer": "reject", "reason": "Klopt niet"}, wrong=True)
            yield Move("decide", {**who, "answer": "not_deliver", "reason": "Niet nodig"})
        elif not phase.deliver:
            for documents in (RETURNS[:1], RETURNS[1:]) if phase.reviews else ((),):
                yield Move("complete", {**who, "documents": documents})
        if phase.back_to:
            yield Move("back", {**who, "reason": "Nog eens nakijken"}, wrong=True)
        yield Move("retry", who)
    preparer = TEAM[plan.phase(plan.document("aangifte").made_in or "").role]
    for shown in RETURNS:
        yield Move("attach", {"shown": shown, "by": preparer})
    yield Move("cancel", {"reason": "Opgezegd", "by": TEAM["relatiebeheerder"]}, wrong=True)


def _results(in_flight: tuple[Pending, ...]) -> Iterator[Move]:
    """Yield the answers that the world may give to these commands."""
    for pending in in_flight:
        number = {"number": pending.number}
        if pending.what == "send":
            yield Move("sent", {**number, "recipients": ("c-1001",)})
        elif pending.what == "resolve":
            recipient = ResolvedContact(contact=CLIENT.id, may=CLIENT.may)
            sender = TEAM["relatiebeheerder"].id
            yield Move("resolved", {**number, "recipients": (recipient,), "sender": sender})
            yield Move("resolved", {**number, "recipients": (), "problem": "Niemand mag dit"}, wrong=True)
        elif pending.what == "deliver":
            yield Move("delivered", {**number, "reference": "kenmerk"})
        else:
            yield Move("judged", {**number, "accepted": True, "code": "500", "text": "Verwerkt"})
            refused = {**number, "accepted": False, "code": "510", "text": "Niet verwerkbaar"}
            yield Move("judged", refused, wrong=True)
        yield Move("failed", {**number, "error": "Mislukt"}, wrong=True)


def _time(node: Node, wake: datetime | None) -> Iterator[Move]:
    if wake is not None and node.delays < DELAYS:
        yield Move("tick", {})


_EVENTS = {
    kind: getattr(events, kind.title().replace("_", ""))
    for kind in (
        *("tick", "check", "complete", "back", "attach", "release", "decide", "retry", "cancel"),
        *("sent", "resolved", "delivered", "judged", "failed"),
    )
}


def _event(move: Move, now: datetime, depth: int) -> AnyEvent:
    """Make the event; no two acts of one path have the same id."""
    id = {"id": f"act-{depth}"} if "by" in move.facts else {}
    event: AnyEvent = _EVENTS[move.kind](at=now, **id, **move.facts)
    return event


def _key(node: Node, wake: datetime | None) -> bytes:
    """Return by what a state is known: its case without past moments, commands on their way, next date."""
    text = _MOMENT.sub(b"0", canonical((node.state.case, node.state.journal.in_flight)))
    return hashlib.sha256(b"%s %s" % (text, f"{wake} {node.wrongs} {node.delays}".encode())).digest()


def _cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds that some work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _unit() -> None:
    """Run a fixed piece of plain Python, of the kind that the machine is made of. Changed, BEFORE is void."""
    rows: tuple[_Row, ...] = ()
    for number in range(400):
        row = _Row(f"row-{number % 40}", number, BEGIN + timedelta(hours=number % 97))
        rows = tuple(sorted((*rows[-20:], row), key=_place))
        if number % 10 == 0:
            plain = [{"id": one.id, "number": one.number, "at": one.at.isoformat()} for one in rows]
            hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    number: int
    at: datetime


def _place(row: _Row) -> tuple[datetime, str]:
    return row.at, row.id
