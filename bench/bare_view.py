"""How the hand-written return stands, for the lists: worked out of its case when it is recorded."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from kantoor.filing.construct import WorkKind
from kantoor.filing.deadlines import DeadlineStatus
from kantoor.filing.events import Shown
from kantoor.filing.view import (
    CheckpointView,
    DeadlineView,
    DocumentView,
    OfferView,
    PhaseView,
    View,
    WorkItem,
)
from kantoor.plan import Planner

from . import bare_rules as rules
from .bare_inputs import TITLE

DOCUMENT = "Aangifte omzetbelasting"


def view_of(case: rules.Case) -> View:
    """Return how a return stands, for the lists."""
    due = rules.deadline(case)
    open_due = None if case.filed or case.ended else due
    missed = "missed" in case.fired
    status: DeadlineStatus = "missed" if missed else "open"
    if case.filed:
        status = "met_late" if missed else "met"
    shown = Shown(**case.shown) if case.shown else None
    return View(
        title=TITLE,
        planner=_planner(case),
        phases=tuple(_phase(case, place, phase) for place, phase in enumerate(rules.PHASES)),
        deadlines=(
            DeadlineView(
                id="aangifte", title="Indienen en betalen", law=None, due=due, earliest=None, status=status
            ),
        ),
        documents=(
            DocumentView(
                id="aangifte", title=DOCUMENT, report="omzetbelasting", phase=rules.BACK_TO, shown=shown
            ),
        ),
        offers=tuple(_offers(case, shown)),
        work=() if case.ended else tuple(_work(case)),
        due=open_due,
        ended=case.ended,
    )


def _planner(case: rules.Case) -> Planner:
    if case.ended:
        return "klaar"
    if case.phase < 0:
        return "gepland"
    if case.filed:
        return "ingediend"
    return "bij_klant" if rules.PHASES[case.phase].id == rules.OFFER and case.offered else "loopt"


def _phase(case: rules.Case, place: int, phase: rules.Phase) -> PhaseView:
    tick = case.ticks.get(phase.id)
    point = CheckpointView(
        id=phase.checkpoint,
        title=phase.checkpoint,
        required=True,
        by=tick[0] if tick else None,
        at=tick[1] if tick else None,
    )
    ended = place < case.phase
    return PhaseView(
        id=phase.id,
        title=phase.title,
        role=phase.role,
        status="completed" if ended else "active" if place == case.phase else "pending",
        round=case.rounds.get(phase.id, 0),
        due=rules.before_deadline(case, phase.workdays),
        checkpoints=(point,) if phase.checkpoint else (),
        documents=("aangifte",) if phase.id == rules.BACK_TO else (),
        reviews=(Shown(**case.shown),) if phase.id == rules.REVIEWED and case.shown else (),
    )


def _offers(case: rules.Case, shown: Shown | None) -> Iterator[OfferView]:
    if case.recipients and shown:
        yield OfferView(
            phase=rules.OFFER,
            way=case.way,
            status="ended" if case.outcome else "waiting" if case.offered else "sending",
            documents=(shown,),
            recipients=tuple(case.recipients),
            sent=case.offered,
            problem=None,
            outcome=case.outcome,
        )


def _work(case: rules.Case) -> Iterator[WorkItem]:
    if case.phase < 0:
        return
    phase = rules.PHASES[case.phase]
    due = rules.before_deadline(case, phase.workdays)
    if phase.checkpoint:
        missing = () if phase.id in case.ticks else (phase.checkpoint,)
        yield _item("phase", phase.id, phase, due, roles=(phase.role,), missing=missing)
    elif phase.id == rules.OFFER and case.offered and not case.outcome:
        yield _item("decide", phase.id, phase, due, contacts=tuple(case.recipients), client=True)
    for task in case.tasks:
        yield _item("task", task, phase, due, roles=("relatiebeheerder",))
    for number in case.stalls:
        yield _item("stalled", str(number), phase, due, roles=(phase.role,))


def _item(kind: WorkKind, id: str, phase: rules.Phase, due: date, **facts: Any) -> WorkItem:
    return WorkItem(kind=kind, id=id, phase=phase.id, title=phase.title, due=due, **facts)
