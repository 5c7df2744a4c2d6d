"""What holds of every move, whatever was edited and wherever the filing is."""

from datetime import timedelta
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from kantoor.data import canonical, read, replace
from kantoor.filing.format_1 import read_state
from kantoor.filing.moving import Later, Loss, Moved, Stays, move, narrow
from kantoor.filing.state import State
from kantoor.filing.turn import Reader
from kantoor.filing.view import view
from kantoor.filing.waits import next_wake
from kantoor.plan import Plan
from kantoor.simulation.engine import Simulation, run
from kantoor.simulation.habits import People
from kantoor.simulation.starting import find_last_day
from tests.examples import so_many

from ...shipped import compile_shipped
from ...simulation.simulating import start_of
from .edits import Edit, edits

TEMPLATES = st.sampled_from(sorted(compile_shipped().plans))


def begin(template: str, days: int) -> Simulation:
    """Return a filing of a shipped template some days after its start, everybody doing their work."""
    simulation = Simulation(compile_shipped().plans[template], start_of(template), people=People())
    simulation.run(simulation.start.start_date + timedelta(days=days))
    return simulation


def draw_edit(data: Any, plan: Plan, state: State) -> Edit:
    """Return an edit whose mapping chooses only what is a choice for this filing."""
    edit: Edit = data.draw(edits(plan))
    return edit._replace(there=narrow(plan, edit.plan, state, edit.there))


@given(TEMPLATES, st.integers(0, 300))
@settings(max_examples=so_many(20))
def test_a_filing_stays_on_its_own_plan(template: str, days: int) -> None:
    filing = begin(template, days)
    assert isinstance(move(filing.plan, filing.plan, filing.state), Stays)


@given(TEMPLATES, st.integers(0, 300))
@settings(max_examples=so_many(20))
def test_another_title_alone_changes_nothing_of_the_state(template: str, days: int) -> None:
    filing = begin(template, days)
    new = replace(filing.plan, title="Anders")
    verdict = move(filing.plan, new, filing.state)
    if isinstance(verdict, Moved):
        assert verdict.state == filing.state
        assert (verdict.losses, verdict.dates, verdict.reasons) == ((), (), ())
    elif isinstance(verdict, Later):
        assert filing.in_flight or filing.state.case.stalls or filing.state.case.deliveries
    else:
        assert isinstance(verdict, Stays)
        assert filing.has_ended


@given(st.data(), TEMPLATES, st.integers(0, 50))
@settings(max_examples=so_many(40))
def test_what_moved_goes_on_and_ends_as_the_newer_plan_says(data: Any, template: str, days: int) -> None:
    filing = begin(template, days)
    edit = draw_edit(data, filing.plan, filing.state)
    verdict = move(filing.plan, edit.plan, filing.state, edit.there)
    event(f"{edit.name}: {type(verdict).__name__}")
    assume(isinstance(verdict, Moved))
    assert isinstance(verdict, Moved)
    check_state(edit.plan, verdict.state)
    assume(ends_afresh(template, edit.plan))
    at = filing.now
    filing.move(edit.plan, verdict.state)
    assert filing.run(find_last_day(filing.start)) == "ended"
    story = filing.tell()
    assert story.refusals == ()
    check_end(edit.plan, filing.state, at)


@given(st.data(), TEMPLATES, st.integers(0, 50))
@settings(max_examples=so_many(40))
def test_there_and_back_is_where_it_was_but_for_what_was_told(data: Any, template: str, days: int) -> None:
    filing = begin(template, days)
    edit = draw_edit(data, filing.plan, filing.state)
    there = move(filing.plan, edit.plan, filing.state, edit.there)
    assume(isinstance(there, Moved))
    assert isinstance(there, Moved)
    back = move_back(edit, filing.plan, there.state)
    event(f"{edit.name}: {type(back).__name__}")
    if isinstance(back, Stays):
        return
    assert isinstance(back, Moved), back
    losses = (*there.losses, *back.losses)
    assert forget(back.state, losses) == forget(filing.state, losses)


def move_back(edit: Edit, old: Plan, state: State) -> Any:
    """Move back, doing without what the newer plan had added."""
    back = move(edit.plan, old, state, edit.back)
    without = tuple(r.item or "" for r in getattr(back, "reasons", ()) if r.code == "safeguard_gone")
    if without:
        return move(edit.plan, old, state, replace(edit.back, without=without))
    return back


def forget(state: State, losses: tuple[Loss, ...]) -> State:
    """Return the state without what was told to be lost."""
    phases = state.case.phases
    for loss in losses:
        if loss.code == "date_dropped":
            phases = tuple(
                replace(p, fired=tuple(name for name in p.fired if (p.id, name) != (loss.phase, loss.item)))
                for p in phases
            )
        elif loss.code == "checkpoint_gone":
            phases = tuple(
                replace(p, ticks=tuple(t for t in p.ticks if (p.id, t.checkpoint) != (loss.phase, loss.item)))
                for p in phases
            )
        elif loss.code == "phases_merged":
            pass  # one of them was never begun
        elif loss.code == "skip_forgotten":
            phases = tuple(p for p in phases if p.id != loss.phase)
        else:
            raise AssertionError(loss)
    return replace(state, case=replace(state.case, phases=phases))


def ends_afresh(template: str, plan: Plan) -> bool:
    """Say whether a filing that starts on the plan ends, as it should with everybody doing their work."""
    start = start_of(template)
    story = run(plan, start, None, People(), find_last_day(start))
    return story.stopped == "ended" and story.refusals == ()


def check_state(plan: Plan, state: State) -> None:
    """Whatever reads a state can read this one, and it waits for somebody or something."""
    assert read(canonical(state), State) == read_state(plan, canonical(state)) == state
    assert view(plan, state)
    next_wake(plan, state)


def check_end(plan: Plan, state: State, moved: Any) -> None:
    """What was passed after the move kept every safeguard of the newer plan."""
    reader = Reader(plan, state)
    for phase in plan.phases:
        passed = reader.phase_state(phase.id)
        if passed and passed.entered and passed.ended and passed.ended > moved:
            ticked = {tick.checkpoint for tick in passed.ticks}
            assert {c.id for c in reader.rules.checkpoints(phase) if c.required} <= ticked
    for delivery in state.case.deliveries:
        document = plan.document(delivery.document)
        offered = {
            s.hash for o in state.case.offers if o.outcome in ("approved", "informed") for s in o.documents
        }
        made_from = {d.made_from for d in state.case.documents if d.id == document.id}
        assert delivery.status != "accepted" or {delivery.hash, *made_from} & offered
