"""Laws that hold on every path: whatever people try and the world answers, in whatever order."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kantoor.filing.commands import AnyCommand
from kantoor.filing.events import (
    Attach,
    Back,
    Cancel,
    Check,
    Complete,
    Decide,
    Failed,
    Judged,
    Retry,
    TaskDone,
    Uncheck,
)
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.state import state_digest
from kantoor.filing.step import step
from kantoor.filing.waits import next_wake

from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, MANAGER, Driver, shown
from .plans import VAT

EVERYBODY = (ADMIN, ACCOUNTANT, MANAGER, FISCAL, CLIENT)
PHASES = tuple(phase.id for phase in VAT.phases)

moves = st.one_of(
    st.tuples(st.just("good"), st.sampled_from("12")),
    st.tuples(st.just("good"), st.sampled_from("12")),
    st.tuples(st.just("good"), st.sampled_from("12")),
    st.tuples(st.just("wait"), st.integers(1, 12)),
    st.tuples(st.just("attach"), st.sampled_from("12")),
    st.tuples(st.just("check"), st.sampled_from(("bank_compleet", "kas"))),
    st.tuples(st.just("uncheck"), st.just("bank_compleet")),
    st.tuples(st.just("complete"), st.sampled_from(PHASES)),
    st.tuples(st.just("back"), st.sampled_from(PHASES)),
    st.tuples(st.just("decide"), st.sampled_from(("approve", "reject", "not_deliver"))),
    st.tuples(st.just("judge"), st.booleans()),
    st.tuples(st.just("fail"), st.integers(0, 3)),
    st.tuples(st.just("over"), st.integers(0, 3)),
    st.tuples(st.just("answer"), st.integers(0, 3)),
    st.tuples(st.just("retry"), st.sampled_from(PHASES)),
    st.tuples(st.just("cancel"), st.just(0)),
    st.tuples(st.just("task"), st.just("verzamelen.bellen.1")),
)


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
        _do_the_next_thing(filing, value)
    elif kind in ("judge", "fail", "over", "answer"):
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


def _do_the_next_thing(filing: Driver, content: str) -> None:
    """Do what an office in good order would, so that walks get far."""
    active = next(iter(filing.active()), None)
    seen = (shown(content),)
    if filing.state and filing.state.in_flight:
        filing.answer(filing.state.in_flight[0])
    elif active is None:
        filing.until(filing.now.date() + timedelta(days=20))
    elif active == "verzamelen":
        filing.act(Check, ADMIN, phase=active, checkpoint="bank_compleet")
        filing.act(Complete, ADMIN, phase=active)
    elif active == "opstellen":
        filing.act(Attach, ADMIN, shown=seen[0])
        filing.act(Complete, ADMIN, phase=active)
    elif active == "controle":
        filing.act(Complete, ACCOUNTANT, phase=active, documents=seen)
    elif active == "aanbieden":
        filing.act(Decide, CLIENT, phase=active, answer="approve", documents=seen)
    else:
        filing.act(Retry, FISCAL, phase=active)


def _answer_one(filing: Driver, kind: str, value: int) -> None:
    """Answer a command in flight, not always the oldest: the world keeps no order."""
    assert filing.state is not None
    waiting = [c for c in filing.state.in_flight if kind != "judge" or c.kind == "follow"]
    if not waiting:
        return
    command: AnyCommand = waiting[value % len(waiting)]
    at, number = filing.now, command.number
    if kind in ("fail", "over"):
        filing.send(Failed(at=at, number=number, error=kind, over=kind == "over"))
    elif kind == "judge":
        filing.send(Judged(at=at, number=number, accepted=bool(value), code="510", text="fout"))
    else:
        filing.answer(command)


walks = st.lists(st.tuples(moves, st.integers(0, 4), st.sampled_from("12")), max_size=60)


@settings(max_examples=150, deadline=None)
@given(walks)
def test_on_every_walk_the_laws_hold(walk: list[tuple[tuple[str, Any], int, str]]) -> None:
    filing = Driver(VAT)
    filing.hold = {"send", "resolve", "deliver", "follow"}
    for (kind, value), who, content in walk:
        _try(filing, kind, value, who, content)
        _laws(filing)


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
    wake = next_wake(VAT, state)
    if state.ended:
        assert wake is None
        assert filing.view.work == ()
    else:
        assert filing.active() or wake is not None, "the filing waits for nobody and nothing"


def _nothing_left_behind(filing: Driver) -> None:
    """What was handed over is judged, or ended at the gateway, before the work goes on elsewhere."""
    assert filing.state is not None
    handed = filing.told().count("delivered")
    judged = filing.told().count("accepted") + filing.told().count("refused")
    told = [e.data for e in filing.entries if e.what == "stands_still"]
    ended = sum(data["command"] == "follow" and data["reason"] == "over" for data in told)
    if filing.state.ended or filing.active() != ["indienen"]:
        assert handed <= judged + ended, "a return was left with the authority"


@settings(max_examples=40, deadline=None)
@given(walks)
def test_replaying_the_same_events_gives_the_same_state(
    walk: list[tuple[tuple[str, Any], int, str]],
) -> None:
    filing = _Recording(VAT)
    filing.hold = {"deliver"}
    for (kind, value), who, content in walk:
        _try(filing, kind, value, who, content)
    state = None
    for event in filing.events:
        answer = step(VAT, state, event)
        if not isinstance(answer, Refusal):
            state = answer.state
    assert state is not None
    assert filing.state is not None
    assert state_digest(state) == state_digest(filing.state)


class _Recording(Driver):
    def send(self, event: Any) -> Step | Refusal:
        self.__dict__.setdefault("events", []).append(event)
        return super().send(event)

    events: list[Any]


def test_a_year_of_silence_comes_to_rest() -> None:
    filing = Driver(VAT)
    filing.until(date(2027, 1, 1))
    assert filing.active() == ["verzamelen"]
    assert filing.state is not None
    assert next_wake(VAT, filing.state) is None
