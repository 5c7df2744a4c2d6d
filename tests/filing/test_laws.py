"""Laws that hold on every path: whatever people try and the world answers, in whatever order."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from kantoor.data import canonical, replace
from kantoor.filing.commands import AnyCommand, Send
from kantoor.filing.digests import state_digest
from kantoor.filing.events import (
    SYSTEM,
    AnyEvent,
    Attach,
    Back,
    Cancel,
    Check,
    Complete,
    Decide,
    Delivered,
    Failed,
    Judged,
    ResolveAgain,
    Retry,
    Sent,
    TaskDone,
    Uncheck,
)
from kantoor.filing.format_1 import read_state
from kantoor.filing.issuing import reissue
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.filing.turn import Reader
from kantoor.filing.waits import next_wake

from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, MANAGER, RECIPIENT, Driver, shown
from .plans import VAT

EVERYBODY = (ADMIN, ACCOUNTANT, MANAGER, FISCAL, CLIENT)
PHASES = tuple(phase.id for phase in VAT.phases)
WHOSE = {"controle": ACCOUNTANT, "aanbieden": MANAGER, "indienen": FISCAL}

MOVES: tuple[tuple[int, str, tuple[Any, ...]], ...] = (
    (45, "good", ("1", "2")),
    (3, "undo", (0,)),
    (5, "wait", (1, 4, 9)),
    (2, "attach", ("1", "2")),
    (2, "check", ("bank_compleet", "kas")),
    (1, "uncheck", ("bank_compleet",)),
    (2, "complete", PHASES),
    (2, "back", PHASES),
    (2, "decide", ("approve", "reject", "not_deliver")),
    (4, "judge", (False, False, True)),
    (3, "fail", (0, 1, 2)),
    (2, "over", (0, 1, 2)),
    (1, "mistake", (0, 1, 2)),
    (4, "answer", (0, 1, 2)),
    (3, "retry", PHASES),
    (1, "cancel", (0,)),
    (6, "restart", (0,)),
    (1, "task", ("verzamelen.bellen.1",)),
    (2, "exchange", ((), (CLIENT.id,), ("c-pietersen",), (CLIENT.id, "c-pietersen"))),
)
"""Weight, move, and what it can be about: good ones weigh most, or no walk would get far."""

Walk = list[tuple[str, Any, int, str]]


def walk_of(seed: int) -> Walk:
    """Return sixty moves: what, about what, by whom, on which version."""
    chance = Random(seed)
    chosen = chance.choices(MOVES, [weight for weight, *_ in MOVES], k=60)
    return [(kind, chance.choice(of), chance.randrange(5), chance.choice("12")) for _, kind, of in chosen]


def _try(filing: Driver, kind: str, value: Any, who: int, content: str) -> None:
    """Try a move; most are refused where they do not fit, and that is fine."""
    by = EVERYBODY[who]
    seen = (shown(content),)
    if kind == "wait":
        filing.until(filing.now.date() + timedelta(days=value))
        assert filing.state is not None
        wake = next_wake(VAT, filing.state)
        assert wake is None or wake > filing.now, "a date that never fires"
    elif kind == "good":
        do_the_next_thing(filing, value)
    elif kind == "undo":
        phase = next(iter(filing.active()), "")
        filing.act(Back, WHOSE.get(phase, ADMIN), phase=phase, reason="opnieuw")
    elif kind == "exchange":
        _exchange(filing, value)
    elif kind == "restart":
        _restart(filing)
    elif kind in ("judge", "fail", "over", "mistake", "answer"):
        _answer_one(filing, kind, value)
    else:
        acts: dict[str, tuple[type, dict[str, Any]]] = {
            "attach": (Attach, {"shown": shown(value)}),
            "check": (Check, {"phase": "verzamelen", "checkpoint": value}),
            "uncheck": (Uncheck, {"phase": "verzamelen", "checkpoint": value}),
            "complete": (Complete, {"phase": value, "documents": seen}),
            "back": (Back, {"phase": value, "reason": "opnieuw"}),
            "decide": (
                Decide,
                {"phase": "aanbieden", "answer": value, "documents": seen, "reason": "omdat"},
            ),
            "retry": (Retry, {"phase": value}),
            "cancel": (Cancel, {"reason": "dubbel"}),
            "task": (TaskDone, {"task": value}),
        }
        act, facts = acts[kind]
        filing.act(act, by, **facts)


def _exchange(filing: Driver, contacts: tuple[str, ...]) -> None:
    """Let these contacts decide from now on, nobody where there are none, and have the filing look."""
    filing.resolution = {
        "recipients": tuple(replace(RECIPIENT, contact=contact) for contact in contacts),
        "sender": MANAGER.id,
        "problem": None if contacts else "Niemand mag akkoord geven.",
    }
    filing.act(ResolveAgain, SYSTEM, phase="aanbieden")


def do_the_next_thing(filing: Driver, content: str) -> None:
    """Do what an office in good order would, so that walks get far."""
    active = next(iter(filing.active()), None)
    attached = filing.view.documents[0].shown
    seen = (attached,) if attached else ()
    if filing.in_flight:
        filing.answer(filing.in_flight[0])
    elif active is None:
        filing.until(filing.now.date() + timedelta(days=20))
    elif active == "verzamelen":
        filing.act(Check, ADMIN, phase=active, checkpoint="bank_compleet")
        filing.act(Complete, ADMIN, phase=active)
    elif active == "opstellen":
        filing.act(Attach, ADMIN, shown=shown(content))
        filing.act(Complete, ADMIN, phase=active)
    elif active == "controle":
        filing.act(Complete, ACCOUNTANT, phase=active, documents=seen)
    elif active == "aanbieden":
        filing.act(Decide, CLIENT, phase=active, answer="approve", documents=seen)
    else:
        filing.act(Retry, FISCAL, phase=active)


def _restart(filing: Driver) -> None:
    """Go on as a new run of the workflow does: read the state, issue again what is on its way."""
    before, digest = filing.state, filing.digest
    filing.state = state = read_state(VAT, canonical(before))
    assert state == before
    assert filing.digest == digest
    again = [(pending, reissue(Reader(VAT, state), pending)) for pending in state.journal.in_flight]
    issued = {command.number: command for command in filing.commands}
    for pending, command in again:
        if command is not None:
            assert command.number == pending.number
            _laws_of_what_is_issued_again(filing, issued[command.number], command)
            filing.commands[filing.commands.index(issued[command.number])] = command
    for pending, command in again:
        if command is None:
            filing.send(Failed(at=filing.now, number=pending.number, error="niet meer nodig"))


def _laws_of_what_is_issued_again(filing: Driver, before: AnyCommand, after: AnyCommand) -> None:
    """The same is asked; of a message no more than that, and none of what was withdrawn since."""
    assert filing.state is not None
    if isinstance(before, Send) and isinstance(after, Send):
        assert set(after.contacts) <= set(before.contacts)
        assert replace(after, contacts=()) == replace(before, contacts=())
    else:
        assert after == before
    if after.kind in ("send", "resolve"):
        assert not filing.state.case.ended, "asked again after the end"
    if after.kind == "resolve" or (isinstance(after, Send) and after.purpose in ("offer", "reminder")):
        assert after.phase in filing.active(), "asked again for an offer that was left"
        (offer,) = (offer for offer in filing.state.case.offers if offer.phase == after.phase)
        assert offer.number <= after.number, "asked again for an offer that was begun again since"


def _answer_one(filing: Driver, kind: str, value: int) -> None:
    """Answer a command in flight, not always the oldest: the world keeps no order."""
    assert filing.state is not None
    waiting = [c for c in filing.in_flight if kind != "judge" or c.kind == "follow"]
    if not waiting:
        return
    command: AnyCommand = waiting[value % len(waiting)]
    at, number = filing.now, command.number
    if kind in ("fail", "over"):
        filing.send(Failed(at=at, number=number, error=kind, over=kind == "over"))
    elif kind == "mistake":
        wrong = Delivered(at=at, number=number, reference="?")
        filing.send(Sent(at=at, number=number, recipients=()) if command.kind == "deliver" else wrong)
    elif kind == "judge":
        filing.send(Judged(at=at, number=number, accepted=bool(value), code="510", text="fout"))
    else:
        filing.answer(command)


def walked(seed: int, filing: Driver, after: Callable[[Driver], None] = lambda _: None) -> Driver:
    filing.verdicts = iter([(seed % 3 > 0, "oordeel")])
    for kind, value, who, content in walk_of(seed):
        _try(filing, kind, value, who, content)
        after(filing)
    return filing


def a_filing(kind: type[Driver] = Driver) -> Driver:
    filing = kind(VAT)
    filing.hold = {"send", "resolve", "deliver", "follow"}
    return filing


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_on_every_walk_the_laws_hold(first: int) -> None:
    told: set[str] = set()
    for seed in range(first, first + 40):
        told |= set(walked(seed, a_filing(), _laws).told())
    everything = {"reminded", "decided", "accepted", "refused", "sent_back", "stands_still", "filing_ended"}
    assert everything <= told, "the walks do not get far enough to say anything"


def _laws(filing: Driver) -> None:
    state = filing.state
    assert state is not None
    decided = [e.data for e in filing.entries if e.what == "decided"]
    approved = {data["hashes"] for data in decided if data["answer"] == "approve"}
    for command in filing.commands:
        if command.kind == "deliver":
            assert command.hash in approved, "delivered what nobody approved"
    reviewed = {(e.data["hash"], e.by) for e in filing.entries if e.what == "document_reviewed"}
    assert all(by != ADMIN.id for _, by in reviewed), "the preparer reviewed"
    released = {e.data["hashes"] for e in filing.entries if e.what == "offer_released"}
    assert released <= {h for h, _ in reviewed}, "offered what nobody reviewed"
    deliveries = [c for c in filing.commands if c.kind == "deliver"]
    assert [d.attempt for d in deliveries] == sorted({d.attempt for d in deliveries})
    assert filing.told().count("accepted") <= 1, "accepted twice"
    _nothing_left_behind(filing)
    assert len({c.number for c in filing.commands}) == len(filing.commands)
    undated = [item for item in filing.view.work if item.due is None and (item.roles or item.person)]
    assert undated == [], "work of the team without a day by which it is due, or since which it is late"
    wake = next_wake(VAT, state)
    if state.case.ended:
        assert wake is None
        assert filing.view.work == ()
    else:
        assert filing.active() or wake is not None, "the filing waits for nobody and nothing"
        ended = {offer.phase for offer in state.case.offers if offer.outcome}
        assert not ended.intersection(filing.active()), "an offer has ended and its phase was not left"
        _nothing_waits_for_a_message_that_nobody_sends(filing)


def _nothing_waits_for_a_message_that_nobody_sends(filing: Driver) -> None:
    assert filing.state is not None
    stalls = tuple(stall.pending for stall in filing.state.case.stalls)
    sends = [
        p for p in (*filing.state.journal.in_flight, *stalls) if p.purpose == "offer" and not p.withdrawn
    ]
    for offer in filing.view.offers:
        if offer.status == "sending":
            assert sends or any(item.kind == "stalled" for item in filing.view.work), "an offer hangs"


def _nothing_left_behind(filing: Driver) -> None:
    """What was handed over is judged, or ended at the gateway, before the work goes on elsewhere."""
    assert filing.state is not None
    handed = filing.told().count("delivered")
    judged = filing.told().count("accepted") + filing.told().count("refused")
    told = [e.data for e in filing.entries if e.what == "stands_still"]
    ended = sum(data["command"] == "follow" and data["reason"] == "over" for data in told)
    if filing.state.case.ended or filing.active() != ["indienen"]:
        assert handed <= judged + ended, "a return was left with the authority"


def test_replaying_the_same_events_gives_the_same_state() -> None:
    for seed in range(40):
        filing = walked(seed, a_filing(Recording))
        assert isinstance(filing, Recording)
        state = None
        for event in filing.events:
            answer = step(VAT, state, event)
            if not isinstance(answer, Refusal):
                state = answer.state
        assert state is not None
        assert filing.state is not None
        assert state_digest(VAT, state) == filing.digest


class Recording(Driver):
    """A filing that keeps every event that it was sent, and every state that it came to."""

    def _go_on(self, event: AnyEvent, answer: Step | Refusal) -> Step | Refusal:
        self.__dict__.setdefault("events", []).append(event)
        if isinstance(answer, Step):
            self.__dict__.setdefault("states", []).append(answer.state)
        return super()._go_on(event, answer)

    events: list[AnyEvent]
    states: list[State]


def test_a_year_of_silence_comes_to_rest() -> None:
    filing = Driver(VAT)
    filing.until(date(2027, 1, 1))
    assert filing.active() == ["verzamelen"]
    assert filing.state is not None
    assert next_wake(VAT, filing.state) is None
