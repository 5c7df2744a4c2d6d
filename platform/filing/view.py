"""What people see of a filing, derived from plan and state: open work, dates, documents, offers."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from ..plan import Deadline, Model, Phase, Plan, Planner, Proof, Way
from .automations import task_of
from .checkpoints import applying
from .dates import deadline_day, earliest_day, target_day
from .documents import currently
from .events import Shown
from .offers import NEEDED
from .permissions import responsible_roles
from .state import OfferState, State
from .turn import Turn, document_state, is_active, offer_state, phase_state
from .work import obstacles

DeadlineStatus = Literal["open", "met", "met_late", "missed"]
WorkKind = Literal["phase", "release", "escalated", "decide", "task", "stalled"]
OfferStatus = Literal["preparing", "standing_still", "to_release", "sending", "waiting", "ended"]
OfferOutcome = Literal["approved", "informed", "rejected", "not_delivered"]


class CheckpointView(Model):
    """A checkpoint that applies here, with who ticked it in this round."""

    id: str
    title: str
    required: bool
    by: str | None = None
    at: datetime | None = None


class PhaseView(Model):
    """A phase as it stands; `due` is its target date."""

    id: str
    title: str
    role: str
    status: Literal["pending", "active", "completed", "skipped"]
    round: int
    due: date | None = None
    checkpoints: tuple[CheckpointView, ...] = ()
    documents: tuple[str, ...] = ()
    """Documents that are made here."""
    reviews: tuple[Shown, ...] = ()
    """What a review here is to be done on, as it stands now."""


class DeadlineView(Model):
    """A deadline with its day; the law's article where it is statutory."""

    id: str
    title: str
    law: str | None
    due: date
    earliest: date | None
    status: DeadlineStatus


class DocumentView(Model):
    """A declared document; `shown` is None until it is attached."""

    id: str
    title: str
    report: str | None
    phase: str
    """Where it is made."""
    shown: Shown | None


class OfferView(Model):
    """An offer of the current round and what it waits for."""

    phase: str
    way: Way | None
    status: OfferStatus
    documents: tuple[Shown, ...]
    recipients: tuple[str, ...]
    sent: datetime | None
    problem: str | None
    outcome: OfferOutcome | None = None
    waiting: tuple[str, ...] = ()
    """Who may still answer."""
    answered: tuple[str, ...] = ()
    """Who agreed; an offer that was rejected is withdrawn."""


class WorkItem(Model):
    """One thing that waits for somebody: holders of `roles`, these `contacts`, or the `client`.

    `client` means any contact of the relation who may answer. `id` is what an act names: the phase, or the
    task. `missing` says in Dutch what stands in the way.
    """

    kind: WorkKind
    id: str
    phase: str
    title: str
    roles: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    client: bool = False
    due: date | None = None
    missing: tuple[str, ...] = ()
    proof: Proof | None = None


class View(Model):
    """Everything about a filing that lists, planner and people need."""

    title: str
    planner: Planner
    phases: tuple[PhaseView, ...]
    deadlines: tuple[DeadlineView, ...]
    documents: tuple[DocumentView, ...]
    offers: tuple[OfferView, ...]
    work: tuple[WorkItem, ...]
    due: date | None
    """The earliest open deadline."""
    ended: Literal["completed", "end", "cancelled"] | None = None
    end_title: str | None = None


def view(plan: Plan, state: State) -> View:
    """Return what people see of a filing; derived, never stored in the state."""
    turn = Turn(plan, state, datetime.min)
    deadlines = tuple(_deadline(turn, deadline) for deadline in plan.deadlines)
    open_days = [d.due for d in deadlines if d.status in ("open", "missed")]
    ended = state.ended
    return View(
        title=plan.title,
        planner=_planner(turn, deadlines),
        phases=tuple(_phase(turn, phase) for phase in plan.phases),
        deadlines=deadlines,
        documents=tuple(_document(turn, d.id) for d in plan.documents),
        offers=tuple(map(_offer, state.offers)),
        work=() if ended else tuple(_work(turn)),
        due=None if ended else min(open_days, default=None),
        ended=ended.how if ended else None,
        end_title=next((e.title for e in plan.ends if ended and e.id == ended.end), None),
    )


def _planner(turn: Turn, deadlines: tuple[DeadlineView, ...]) -> Planner:
    ended = turn.state.ended
    if ended:
        return next((e.planner for e in turn.plan.ends if e.id == ended.end), "klaar")
    if any(d.status == "missed" for d in deadlines):
        return "te_laat"
    delivers = [p for p in turn.plan.phases if p.deliver]
    if delivers and all(phase_state(turn.state, p.id).status == "completed" for p in delivers):
        return "ingediend"
    return "bij_klant" if any(_offer_status(o) == "waiting" for o in turn.state.offers) else "loopt"


def _phase(turn: Turn, phase: Phase) -> PhaseView:
    state = phase_state(turn.state, phase.id)
    ticks = {tick.checkpoint: tick for tick in state.ticks}
    checkpoints = tuple(
        CheckpointView(
            id=c.id,
            title=c.title,
            required=c.required,
            by=ticks[c.id].by if c.id in ticks else None,
            at=ticks[c.id].at if c.id in ticks else None,
        )
        for c in applying(phase, turn.values)
    )
    return PhaseView(
        id=phase.id,
        title=phase.title,
        role=phase.role,
        status=state.status,
        round=state.round,
        due=_due(turn, phase),
        checkpoints=checkpoints,
        documents=tuple(d.id for d in turn.plan.documents if d.made_in == phase.id),
        reviews=currently(turn, phase.reviews),
    )


def _due(turn: Turn, phase: Phase) -> date | None:
    return target_day(turn.plan, turn.state.origin, phase.due) if phase.due else None


def _deadline(turn: Turn, deadline: Deadline) -> DeadlineView:
    origin = turn.state.origin
    deliveries = [p.id for p in turn.plan.phases if p.deliver and p.deliver.deadline == deadline.id]
    over = [phase_state(turn.state, p).status in ("completed", "skipped") for p in deliveries]
    met = bool(over) and all(over)
    missed = deadline.id in turn.state.missed
    return DeadlineView(
        id=deadline.id,
        title=deadline.title,
        law=deadline.law,
        due=deadline_day(turn.plan, origin, deadline),
        earliest=earliest_day(turn.plan, origin, deadline),
        status=_deadline_status(met, missed),
    )


def _deadline_status(met: bool, missed: bool) -> DeadlineStatus:
    if met:
        return "met_late" if missed else "met"
    return "missed" if missed else "open"


def _document(turn: Turn, name: str) -> DocumentView:
    document = turn.plan.document(name)
    state = document_state(turn.state, name)
    return DocumentView(
        id=document.id,
        title=document.title,
        report=document.report,
        phase=document.made_in,
        shown=state.shown if state else None,
    )


def _offer(offer: OfferState) -> OfferView:
    status = _offer_status(offer)
    return OfferView(
        phase=offer.phase,
        way=offer.way,
        status=status,
        documents=offer.documents,
        recipients=tuple(r.contact for r in offer.recipients),
        sent=offer.sent,
        problem=offer.problem,
        outcome=offer.outcome,
        waiting=_still_to_answer(offer) if status == "waiting" else (),
        answered=tuple(d.contact for d in offer.decisions if d.answer != "reject"),
    )


def _offer_status(offer: OfferState) -> OfferStatus:
    if offer.outcome:
        return "ended"
    if offer.problem:
        return "standing_still"
    if offer.way is None:
        return "preparing"
    if not offer.documents:
        return "to_release"
    return "waiting" if offer.sent else "sending"


def _work(turn: Turn) -> Iterator[WorkItem]:
    for phase in turn.plan.phases:
        if is_active(turn.state, phase.id):
            yield from _work_of_offer(turn, phase) if phase.offer else _work_of_phase(turn, phase)
    for stall in turn.state.stalls:
        yield _item(turn, turn.plan.phase(stall.command.phase), "stalled", missing=(stall.error,))
    for task in turn.state.tasks:
        definition = task_of(turn.plan, task)
        if task.done is None and definition:
            role = definition.to.name if definition.to.kind == "role" else None
            yield WorkItem(
                kind="task",
                id=task.id,
                phase=task.phase,
                title=definition.title,
                roles=(role,) if role else (),
                client=role is None,
                proof=definition.proof,
            )


def _work_of_phase(turn: Turn, phase: Phase) -> Iterator[WorkItem]:
    if not phase.deliver:
        yield _item(turn, phase, "phase", missing=tuple(obstacles(turn, phase)))


def _work_of_offer(turn: Turn, phase: Phase) -> Iterator[WorkItem]:
    offer = offer_state(turn.state, phase.id)
    status = _offer_status(offer) if offer else "preparing"
    if offer is None or status in ("preparing", "sending", "ended"):
        return
    if status == "standing_still":
        yield _item(turn, phase, "stalled", missing=(offer.problem or "",))
    elif status == "to_release":
        yield _item(turn, phase, "release")
    else:
        yield _item(turn, phase, "decide", contacts=_still_to_answer(offer))
        if phase_state(turn.state, phase.id).escalated:
            yield _item(turn, phase, "escalated")


def _still_to_answer(offer: OfferState) -> tuple[str, ...]:
    answered = {decision.contact for decision in offer.decisions}
    needed = NEEDED[offer.way or "approval"]
    return tuple(r.contact for r in offer.recipients if needed in r.may and r.contact not in answered)


def _item(turn: Turn, phase: Phase, kind: WorkKind, **facts: tuple[str, ...]) -> WorkItem:
    roles = () if "contacts" in facts else responsible_roles(turn, phase)
    return WorkItem.model_validate(
        {
            "kind": kind,
            "id": phase.id,
            "phase": phase.id,
            "title": phase.title,
            "roles": roles,
            "due": _due(turn, phase),
            **facts,
        }
    )
