"""Moves that wait for a safe point: carried out by themselves, as shown, or dropped where all can see it."""

from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from kantoor.data import replace
from kantoor.filing.due_moves import find_due
from kantoor.filing.events import (
    Actor,
    AnyEvent,
    Cancel,
    Check,
    Hold,
    Move,
    MoveDropped,
    MoveWhenSafe,
    Sent,
    Uncheck,
    WithdrawMove,
)
from kantoor.filing.mapping import Effect, Mapping
from kantoor.filing.moving import Later, Moved, move
from kantoor.filing.new_acts import take_new
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.previewing import preview
from kantoor.filing.state import State
from kantoor.filing.step import NOT_THIS_PLAN, step
from kantoor.filing.view import WorkItem
from kantoor.filing.waiting_moves import NONE_WAITS
from kantoor.plan import Plan, digest
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import People
from kantoor.simulation.starting import find_last_day
from tests.examples import so_many

from ...shipped import compile_shipped
from ...simulation.simulating import start_of
from ..driver import ADMIN, CLIENT, MANAGER, Driver
from ..plans import OFFER, VAT, with_phase
from .edits import Edit, add_checkpoint, change_phase
from .test_laws import TEMPLATES, check_end, check_state, draw_edit, ends_afresh
from .test_move import at_the_client

NEWER = add_checkpoint(VAT, VAT.phases[0])
OTHERWISE = with_phase(replace(OFFER, block=replace(OFFER.block, pay="nothing")))
"""Whose offer has another text: a filing that waits at the client moves to it later."""
CARLA = Actor(kind="team", id="carla")


def asking() -> Driver:
    """Return a filing whose message that asks for papers is on its way."""
    filing = Driver(VAT)
    filing.hold = {"send"}
    filing.until(filing.now.date().replace(year=2026, month=2, day=1))
    assert filing.in_flight
    return filing


def arrive(filing: Driver) -> None:
    """Let the message arrive that is on its way."""
    filing.hold = set()
    (message,) = filing.in_flight
    filing.send(Sent(at=filing.now, number=message.number, recipients=(CLIENT.id,)))


def told(filing: Driver, what: str) -> list[dict[str, str]]:
    return [one.data for one in filing.entries if one.what == what]


def work_of_carla(filing: Driver) -> list[WorkItem]:
    return [one for one in filing.view.work if one.person == "carla"]


def test_a_move_that_was_asked_for_is_carried_out_once_what_was_on_its_way_is_answered() -> None:
    filing = asking()
    refused = filing.move(NEWER, told=())
    assert isinstance(refused, Refusal)
    assert refused.code == "move_later"
    asked = filing.move_when_safe(NEWER, reason="Nieuwe werkwijze")
    assert isinstance(asked, Step), asked
    assert filing.plan == VAT
    assert filing.view.moving
    assert (filing.view.moving.plan, filing.view.moving.by) == (digest(NEWER), "carla")
    arrive(filing)
    assert filing.plan == NEWER
    assert filing.view.moving is None
    plans = {"from_plan": digest(VAT)[:12], "to_plan": digest(NEWER)[:12]}
    assert told(filing, "move_asked") == [plans | {"reason": "Nieuwe werkwijze"}]
    assert told(filing, "moved") == [plans | {"asked": "2026-02-01", "reason": "Nieuwe werkwijze"}]
    assert work_of_carla(filing) == []


def test_a_move_that_is_safe_when_it_is_asked_for_is_carried_out_at_once() -> None:
    filing = asking()
    arrive(filing)
    assert isinstance(filing.move_when_safe(NEWER), Step)
    assert filing.plan == NEWER


def test_a_filing_at_the_client_moves_once_the_client_has_answered_and_the_authority_has_judged() -> None:
    filing = at_the_client()
    newer = add_checkpoint(OTHERWISE, OTHERWISE.phases[-1])
    assert isinstance(filing.move_when_safe(newer), Step)
    filing.hold = {"deliver"}
    filing.decide()
    assert filing.plan == VAT
    filing.hold = set()
    (delivery,) = filing.in_flight
    filing.answer(delivery)
    assert filing.plan == newer
    assert "nieuw_punt" in {one.id for one in filing.phase("afronden").checkpoints}


def test_a_move_that_nothing_is_left_for_goes_without_work_for_anybody() -> None:
    filing = at_the_client()
    assert isinstance(filing.move_when_safe(OTHERWISE), Step)
    filing.decide()
    assert filing.plan == VAT
    assert told(filing, "move_dropped")[-1]["text"].startswith("De plannen verschillen in niets")
    assert (filing.view.moving, work_of_carla(filing)) == (None, [])


def test_what_can_no_longer_move_is_dropped_and_is_work_of_who_asked() -> None:
    filing = asking()
    assert isinstance(filing.move_when_safe(NEWER), Step)
    filing.collect()
    (dropped,) = told(filing, "move_dropped")
    assert dropped["to_plan"] == digest(NEWER)[:12]
    assert dropped["text"].startswith("Het verplichte controlepunt 'Nieuw punt' hoort bij de fase")
    assert filing.view.moving
    assert filing.view.moving.dropped == dropped["text"]
    (item,) = work_of_carla(filing)
    assert (item.kind, item.missing) == ("move", (dropped["text"],))
    arrive(filing)
    assert filing.plan == VAT
    assert len(told(filing, "move_dropped")) == 1
    filing.must(WithdrawMove, CARLA)
    assert (filing.view.moving, work_of_carla(filing)) == (None, [])


def test_a_move_that_would_do_more_than_was_shown_is_not_carried_out() -> None:
    filing = asking()
    filing.move_when_safe(change_phase(VAT, "verzamelen", checkpoints=()))
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    arrive(filing)
    assert filing.plan == VAT
    (dropped,) = told(filing, "move_dropped")
    assert dropped["text"].endswith("Vervalt: het afvinken van het controlepunt 'Bank is compleet'.")
    assert filing.phase("verzamelen").checkpoints[0].by == "anna"


def test_a_move_that_would_do_less_than_was_shown_is_carried_out() -> None:
    filing = asking()
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="kas")
    newer = change_phase(VAT, "verzamelen", checkpoints=VAT.phases[0].checkpoints[:2])
    filing.move_when_safe(newer)
    filing.must(Uncheck, ADMIN, phase="verzamelen", checkpoint="kas")
    arrive(filing)
    assert filing.plan == newer


def test_a_move_that_waits_when_the_filing_ends_is_told_and_gone() -> None:
    filing = at_the_client()
    filing.move_when_safe(OTHERWISE)
    filing.must(Cancel, MANAGER, reason="Klant vertrekt")
    assert [one["text"] for one in told(filing, "move_dropped")] == ["De opdracht is afgesloten."]
    assert filing.view.moving is None


def test_a_move_that_is_withdrawn_is_not_carried_out() -> None:
    filing = asking()
    filing.move_when_safe(NEWER)
    filing.must(WithdrawMove, CARLA)
    arrive(filing)
    assert filing.plan == VAT
    assert told(filing, "move_withdrawn") == [{"to_plan": digest(NEWER)[:12]}]
    assert filing.act(WithdrawMove, CARLA) == NONE_WAITS


def test_another_move_takes_the_place_of_one_that_waits() -> None:
    filing, other = asking(), replace(NEWER, title="Anders")
    filing.move_when_safe(NEWER)
    filing.move_when_safe(other)
    assert told(filing, "move_asked")[-1]["instead_of"] == digest(NEWER)[:12]
    arrive(filing)
    assert filing.plan == other
    filing = at_the_client()
    filing.move_when_safe(OTHERWISE)
    back = filing.move(replace(OTHERWISE, title="Anders"), Mapping(back_to="verzamelen"))
    assert isinstance(back, Step), back
    assert filing.view.moving is None
    assert told(filing, "move_withdrawn") == [{"to_plan": digest(OTHERWISE)[:12]}]


def test_a_filing_that_is_held_moves_when_it_is_safe_and_stays_held() -> None:
    filing = asking()
    filing.must(Hold, MANAGER, reason="Klant met vakantie")
    filing.move_when_safe(NEWER)
    arrive(filing)
    assert filing.plan == NEWER
    assert filing.view.held


def test_that_a_move_was_dropped_is_told_while_the_filing_is_held() -> None:
    filing = asking()
    filing.move_when_safe(change_phase(VAT, "verzamelen", checkpoints=()))
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    filing.must(Hold, MANAGER, reason="Klant met vakantie")
    arrive(filing)
    assert [one.kind for one in filing.view.work] == ["held", "move"]


@pytest.mark.parametrize(
    ("newer", "code"),
    [(NEWER, "move_cannot"), (VAT, "move_stays"), (replace(VAT, title="Anders"), "move_changed")],
)
def test_a_move_that_never_comes_to_a_safe_point_or_was_not_shown_so_does_not_wait(
    newer: Plan, code: str
) -> None:
    filing = at_the_client()
    shown = {"told": (Effect(what="lost", code="date_dropped"),)} if code == "move_changed" else {}
    refused = filing.move_when_safe(newer, **shown)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert filing.view.moving is None


def test_asking_happens_once_and_needs_the_plan() -> None:
    filing = asking()
    first = filing.move_when_safe(NEWER, id="m1")
    again = filing.move_when_safe(NEWER, id="m1")
    assert isinstance(first, Step)
    assert isinstance(again, Step)
    assert (again.sequence, again.repeated) == (first.sequence, True)
    act = MoveWhenSafe(at=filing.now, id="m2", by=CARLA, before="a", plan="b", mapping=Mapping())
    assert take_new(VAT, filing.state, act) == NOT_THIS_PLAN


class Waiting(Simulation):
    """A filing with people and a world, whose moves wait as those of a workflow do.

    The move is asked for right after its event with number `place`, whatever is on its way by then.
    """

    def __init__(self, template: str, place: int = 0, edit: Edit | None = None) -> None:
        self.place = place
        self.edit = edit
        self.states: list[State] = []
        self.asked: tuple[MoveWhenSafe, Step | Refusal] | None = None
        self.followed: list[tuple[State, Move | MoveDropped]] = []
        super().__init__(compile_shipped().plans[template], start_of(template), people=People())

    def _take(self, event: AnyEvent) -> Step | Refusal:
        taken = super()._take(event)
        if isinstance(taken, Step) and not taken.repeated:
            self.states.append(self.state)
            if self.edit and len(self.states) == self.place:
                self._ask_move(self.edit)
            self._take_due()
        return taken

    def _ask_move(self, edit: Edit) -> None:
        told = preview(self.plan, edit.plan, self.state, edit.there, self.now, later=True).effects
        plans = {"before": digest(self.plan), "plan": digest(edit.plan)}
        said = {"mapping": edit.there, "told": told, "tells_left_out": True}
        act = MoveWhenSafe(at=self.now, id="wish", by=CARLA, **plans, **said)
        asked = take_new(self.plan, self.state, act, edit.plan)
        self.asked = act, asked
        if isinstance(asked, Step):
            self._state = asked.state

    def _take_due(self) -> None:
        if self.edit is None or self.state.case.move is None:
            return
        due = find_due(self.plan, self.edit.plan, self.state, self.now)
        if due is None:
            return
        self.followed.append((self.state, due))
        if isinstance(due, MoveDropped):
            super()._take(due)
            return
        moved = step(self.plan, self.state, due, self.edit.plan)
        assert isinstance(moved, Step), moved
        self._commands |= {command.number: command for command in moved.commands}
        self.move(self.edit.plan, moved.state)
        for command in moved.commands:
            self._ask(command)
        self._settle()


def is_busy(state: State) -> bool:
    """Say whether a filing may have to wait before it moves."""
    offers = any(offer.outcome is None for offer in state.case.offers)
    delivers = any(one.status != "accepted" for one in state.case.deliveries)
    return not state.case.ended and bool(state.journal.in_flight or offers or delivers)


def forget_wish(state: State) -> State:
    """Return a state without what a move that waits leaves in it: itself, and the numbers of its events."""
    journal = replace(state.journal, sequence=0, answered=())
    return replace(state, case=replace(state.case, move=None), journal=journal)


@given(st.data(), TEMPLATES)
@settings(max_examples=so_many(60))
def test_a_move_that_waits_changes_nothing_until_it_is_what_somebody_would_have_done_by_hand(
    data: Any, template: str
) -> None:
    plain = Waiting(template)
    old, last = plain.plan, find_last_day(plain.start)
    assert plain.run(last) == "ended"
    places = [place for place, one in enumerate(plain.states, 1) if is_busy(one)]
    place = data.draw(st.sampled_from(places) | st.integers(1, len(plain.states)))
    edit = draw_edit(data, old, plain.states[place - 1])
    filing = Waiting(template, place, edit)
    ended = filing.run(last)
    assert filing.asked
    act, answer = filing.asked
    verdict = move(old, edit.plan, plain.states[place - 1], edit.there)
    due = filing.followed[0][1] if filing.followed else None
    came = due.code if isinstance(due, MoveDropped) else due.kind if due else "it waits on"
    event(f"{type(verdict).__name__}: {came}")
    assert isinstance(answer, Step) == isinstance(verdict, Moved | Later)
    at_move = filing.followed[0][0] if isinstance(due, Move) else None
    until = filing.states.index(at_move) + 1 if at_move in filing.states else place
    until = until if at_move else len(plain.states)
    assert list(map(forget_wish, filing.states[:until])) == list(map(forget_wish, plain.states[:until]))
    check_state(filing.plan, filing.state)
    if at_move is None or not isinstance(due, Move):
        assert forget_wish(filing.state) == forget_wish(plain.state)
        assert ended == "ended"
        return
    assert isinstance(move(old, edit.plan, at_move, edit.there), Moved)
    assert set(due.told) <= set(act.told)
    alone = replace(at_move, case=replace(at_move.case, move=None))
    by_hand = take_new(old, alone, replace(due, id="by hand", asked=None), edit.plan)
    itself = step(old, at_move, due, edit.plan)
    assert isinstance(by_hand, Step)
    assert isinstance(itself, Step)
    assert forget_wish(by_hand.state) == forget_wish(itself.state)
    assert by_hand.commands == itself.commands
    if ends_afresh(template, edit.plan):
        assert ended == "ended"
        assert filing.tell().refusals == ()
        check_end(edit.plan, filing.state, due.at)


@pytest.mark.parametrize("tells", [True, False])
def test_a_move_that_waited_before_what_is_left_out_was_told_is_judged_as_it_was(tells: bool) -> None:
    """Its history has to replay: it was carried out with nothing said of what nobody has to do any more."""
    filing = asking()
    newer = change_phase(VAT, "verzamelen", checkpoints=())
    shown = preview(VAT, newer, filing.state, Mapping(), filing.now, later=True).effects
    assert {one.code for one in shown} == {"left_out"}
    wait = ask_move(filing, newer, told=() if not tells else shown, tells_left_out=tells)
    due = find_due(VAT, newer, wait, filing.now)
    assert isinstance(due, Move)
    assert due.told == (shown if tells else ())


def ask_move(filing: Driver, newer: Plan, **said: Any) -> State:
    """Return the state of a filing that moves when nothing is on its way, as its history takes it."""
    act = MoveWhenSafe(
        at=filing.now, id="w", by=CARLA, before=digest(VAT), plan=digest(newer), mapping=Mapping(), **said
    )
    taken = step(VAT, filing.state, act)
    assert isinstance(taken, Step)
    return replace(taken.state, journal=replace(taken.state.journal, in_flight=()))
