"""Random moves that lose something: phases become one, dates or documents go, work is done again."""

from datetime import timedelta
from typing import Any, NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from kantoor.data import replace
from kantoor.filing.moving import Mapping, fill_in_phases
from kantoor.filing.outcome import Step
from kantoor.filing.state import State
from kantoor.plan import DateRule, Document, Phase, Plan, Work
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import People

from ...shipped import compile_shipped
from ...simulation.simulating import start_of
from .edits import change_phase, date_task, split_phase

WHOLE = "eerste"
"""The first of the two phases that become one, which gives that its id."""


class Losing(NamedTuple):
    """A filing, and how it is moved to a plan by which it loses something, and back."""

    name: str
    filing: Simulation
    newer: Plan
    there: Mapping
    back: Mapping = Mapping()
    merged: tuple[str, ...] = ()
    """The phases of the older plan that the newer one does not tell apart."""

    @property
    def state(self) -> State:
        """Return the filing as it is before it moves."""
        return self.filing.state

    def __repr__(self) -> str:
        """Say which move it is; plans would fill the screen."""
        return f"{self.name} of {self.filing.plan.template} on {self.filing.now}: {self.there}"


def work(plan: Plan, days: int) -> Simulation:
    """Return a filing on a plan some days after its start, everybody doing their work."""
    filing = Simulation(plan, start_of(plan.template), people=People())
    filing.run(filing.start.start_date + timedelta(days=days))
    return filing


@st.composite
def losing(draw: st.DrawFn) -> Losing:
    """Return a filing of a shipped template and a move that loses something of it."""
    plan = compile_shipped().plans[draw(st.sampled_from(sorted(compile_shipped().plans)))]
    kind = draw(st.sampled_from((merge, merge, drop, remove_document, do_again, remove_checkpoint)))
    return kind(draw, plan)


def merge(draw: st.DrawFn, plan: Plan) -> Losing:
    """Two phases of work become one, which a filing is moved to while it is anywhere."""
    phase = draw(st.sampled_from([p for p in plan.phases if isinstance(p.block, Work) and not p.group]))
    older = split_phase(plan, phase)
    filing = _work_around(draw, older, (WHOLE, "tweede"))
    first, second = older.phase(WHOLE), older.phase("tweede")
    merged = replace(first, was=("tweede",), checkpoints=(*first.checkpoints, *second.checkpoints))
    if draw(st.booleans()):  # the office does without what the second part asked
        merged = replace(merged, checkpoints=first.checkpoints)
    phases = tuple(merged if p == first else p for p in older.phases if p != second)
    newer = replace(older, title="Anders", phases=phases)
    there, back = fill_in_phases(older, newer, Mapping()), fill_in_phases(newer, older, Mapping())
    return Losing("merge", filing, newer, there, back, merged=(WHOLE, "tweede"))


def drop(draw: st.DrawFn, plan: Plan) -> Losing:
    """Dates of active phases are left out."""
    older = plan
    for phase in plan.phases:
        at = DateRule(anchor="filing.start", days=draw(st.integers(30, 90)))
        older = date_task(older, older.phase(phase.id), at)
    filing = work(older, draw(st.integers(0, 25)))
    waiting = [
        f"{phase.id}.{one.id}"
        for phase, state in _active(filing)
        for one in phase.automations
        if isinstance(one.at, DateRule) and one.id not in state.fired
    ]
    assume(waiting)
    chosen = draw(st.lists(st.sampled_from(waiting), min_size=1, unique=True))
    return Losing("drop", filing, replace(older, title="Anders"), Mapping(dropped=tuple(chosen)))


def remove_document(draw: st.DrawFn, plan: Plan) -> Losing:
    """A document that was attached is gone, which the office does without."""
    place = draw(st.integers(0, 1))
    made_in = [p for p in plan.phases if isinstance(p.block, Work)][:2][-place].id
    more = Document(id="bijlage", title="Bijlage", made_in=made_in, optional=True)
    older = replace(plan, documents=(*plan.documents, more))
    filing = Simulation(older, start_of(plan.template), people=People())
    assume(filing.reach(made_in, filing.start.start_date + timedelta(days=100)))
    role = plan.phase(made_in).role
    assert isinstance(filing.act("attach", by=role, shown="bijlage"), Step)
    filing.run(filing.now.date() + timedelta(days=draw(st.integers(0, 20))))
    return Losing("document", filing, plan, Mapping(without=("document:bijlage",)))


def do_again(draw: st.DrawFn, plan: Plan) -> Losing:
    """The work goes back to a phase, which may be the active one."""
    filing = work(plan, draw(st.integers(0, 50)))
    reached = [state.id for state in filing.state.case.phases if state.entered]
    assume(reached)
    to = draw(st.sampled_from(reached))
    return Losing("again", filing, replace(plan, title="Anders"), Mapping(back_to=to))


def remove_checkpoint(draw: st.DrawFn, plan: Plan) -> Losing:
    """A checkpoint of an active phase that was ticked is gone."""
    phase = draw(st.sampled_from([p for p in plan.phases if p.checkpoints and isinstance(p.block, Work)]))
    filing = Simulation(plan, start_of(plan.template), people=People())
    assume(filing.reach(phase.id, filing.start.start_date + timedelta(days=300)))
    gone = draw(st.sampled_from(phase.checkpoints))
    assume(gone.id in {one.id for one in filing.scene.reader.rules.checkpoints(phase)})
    assert isinstance(filing.act("check", phase=phase.id, checkpoint=gone.id), Step)
    kept = tuple(one for one in phase.checkpoints if one != gone)
    return Losing("checkpoint", filing, change_phase(plan, phase.id, checkpoints=kept), Mapping())


def _work_around(draw: st.DrawFn, plan: Plan, phases: tuple[str, ...]) -> Simulation:
    """Return a filing that is in one of these phases, or anywhere."""
    to = draw(st.sampled_from((*phases, None)))
    if to is None:
        return work(plan, draw(st.integers(0, 50)))
    filing = Simulation(plan, start_of(plan.template), people=People())
    assume(filing.reach(to, filing.start.start_date + timedelta(days=300)))
    return filing


def _active(filing: Simulation) -> list[tuple[Phase, Any]]:
    reader = filing.scene.reader
    return [(phase, reader.phase_state(phase.id)) for phase in reader.active_phases()]
