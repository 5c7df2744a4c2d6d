"""What people see of a filing, derived from plan and state: open work, dates, documents, offers."""

from datetime import date, datetime
from typing import Literal

from ..data import Struct, convert
from ..plan import Deadline, Phase, Plan, Planner, Way
from .construct import WorkItem as WorkItem
from .construct import WorkKind
from .deadlines import DeadlineStatus, deadline_status
from .documents import shown_now
from .events import Shown, Start
from .offers import OfferStatus as OfferStatus
from .offers import problem_of, status_of, still_to_answer
from .registry import WORK_ITEMS
from .rules import Rules
from .state import OfferState, State, origin_of
from .turn import Reader

OfferOutcome = Literal["approved", "informed", "rejected", "not_delivered"]


class _Seen(Struct, omit_defaults=False):
    """Part of a view: written with everything in it, since people and scripts read it."""


class CheckpointView(_Seen):
    """A checkpoint that applies here, with who ticked it in this round."""

    id: str
    title: str
    required: bool
    by: str | None = None
    at: datetime | None = None


class PhaseView(_Seen):
    """A phase as it is now; `due` is its target date."""

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
    """The current version of each document that is reviewed here."""
    begins: date | None = None
    """The day before which a phase that has not begun does not begin."""


class DeadlineView(_Seen):
    """A deadline with its day; the law's article where it is statutory."""

    id: str
    title: str
    law: str | None
    due: date | None
    """None while the fact that it depends on is not known."""
    earliest: date | None
    status: DeadlineStatus


class DocumentView(_Seen):
    """A declared document; `shown` is None until it is attached."""

    id: str
    title: str
    report: str | None
    phase: str
    """Where it is made."""
    shown: Shown | None


class OfferView(_Seen):
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


class View(_Seen):
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


WORK_ORDER: tuple[WorkKind, ...] = ("stalled", "phase", "release", "decide", "escalated", "task", "wait")
"""How open work of one phase is listed: first what keeps it from going on, last what was asked beside it."""


def view(plan: Plan, state: State) -> View:
    """Return what people see of a filing; derived, never stored in the state."""
    reader = Reader(plan, state)
    deadlines = tuple(_view_deadline(reader, deadline) for deadline in plan.deadlines)
    ended = state.case.ended
    return View(
        title=plan.title,
        planner=_planner_state(reader, deadlines),
        phases=tuple(_view_phase(reader, phase) for phase in plan.phases),
        deadlines=deadlines,
        documents=tuple(_view_document(reader, d.id) for d in plan.documents),
        offers=tuple(_view_offer(reader, offer) for offer in state.case.offers),
        work=() if ended else _list_work(reader),
        due=first_due(reader),
        ended=ended.how if ended else None,
        end_title=next((e.title for e in plan.ends if ended and e.id == ended.end), None),
    )


def read_view(data: object) -> View:
    """Read a view that was written as plain data. Raises msgspec.ValidationError."""
    return convert(data, View)


def first_due(reader: Reader) -> date | None:
    """Return the earliest open deadline of a filing that has not ended, or None."""
    if reader.case.ended:
        return None
    open_ones = (d.id for d in reader.plan.deadlines if deadline_status(reader, d.id) in ("open", "missed"))
    return min((day for name in open_ones if (day := reader.rules.deadline_day(name))), default=None)


def due_at_start(plan: Plan, start: Start) -> date | None:
    """Return the earliest deadline of a filing that has yet to begin, or None: all of them are open."""
    rules = Rules(plan, origin_of(start), ())
    days = (rules.deadline_day(deadline.id) for deadline in plan.deadlines)
    return min((day for day in days if day), default=None)


def last_due(reader: Reader) -> date | None:
    """Return the earliest open deadline, or the latest of all deadlines when none is open."""
    days = (reader.rules.deadline_day(d.id) for d in reader.plan.deadlines)
    return first_due(reader) or max((day for day in days if day), default=None)


def _list_work(reader: Reader) -> tuple[WorkItem, ...]:
    """Return open work by phase, in the order of the plan, then by kind."""
    place = {phase.id: number for number, phase in enumerate(reader.plan.phases)}
    items = [item for construct in WORK_ITEMS for item in construct.work_items(reader)]
    return tuple(sorted(items, key=lambda item: (place[item.phase], WORK_ORDER.index(item.kind))))


def _planner_state(reader: Reader, deadlines: tuple[DeadlineView, ...]) -> Planner:
    ended = reader.case.ended
    if ended:
        return next((e.planner for e in reader.plan.ends if e.id == ended.end), "klaar")
    if any(d.status == "missed" for d in deadlines):
        return "te_laat"
    delivers = [p for p in reader.plan.phases if p.deliver]
    if delivers and all(reader.status(p.id) == "completed" for p in delivers):
        return "ingediend"
    waiting = (status_of(reader, reader.rules.phase(o.phase), o) == "waiting" for o in reader.case.offers)
    return "bij_klant" if any(waiting) else "loopt"


def _view_phase(reader: Reader, phase: Phase) -> PhaseView:
    state = reader.phase_state(phase.id)
    ticks = {tick.checkpoint: tick for tick in state.ticks} if state else {}
    return PhaseView(
        id=phase.id,
        title=phase.title,
        role=phase.role,
        status=reader.status(phase.id),
        round=reader.round_of(phase.id),
        due=reader.rules.target_day(phase.due) if phase.due else None,
        checkpoints=tuple(
            CheckpointView(
                id=c.id,
                title=c.title,
                required=c.required,
                by=ticks[c.id].by if c.id in ticks else None,
                at=ticks[c.id].at if c.id in ticks else None,
            )
            for c in reader.rules.checkpoints(phase)
        ),
        documents=tuple(d.id for d in reader.rules.made_in(phase.id)),
        reviews=shown_now(reader, phase.reviews),
        begins=find_begin(reader, phase),
    )


def find_begin(reader: Reader, phase: Phase) -> date | None:
    """Return the day before which a phase that has not begun does not begin; None when nothing says so."""
    rule = phase.not_before if reader.status(phase.id) == "pending" else None
    return reader.rules.target_day(rule) if rule else None


def _view_deadline(reader: Reader, deadline: Deadline) -> DeadlineView:
    return DeadlineView(
        id=deadline.id,
        title=deadline.title,
        law=deadline.law,
        due=reader.rules.deadline_day(deadline.id),
        earliest=reader.rules.earliest_day(deadline.id),
        status=deadline_status(reader, deadline.id),
    )


def _view_document(reader: Reader, name: str) -> DocumentView:
    document = reader.rules.document(name)
    state = reader.document_state(name)
    return DocumentView(
        id=document.id,
        title=document.title,
        report=document.report,
        phase=document.made_in,
        shown=state.shown if state else None,
    )


def _view_offer(reader: Reader, offer: OfferState) -> OfferView:
    phase = reader.rules.phase(offer.phase)
    status = status_of(reader, phase, offer)
    recipients = offer.lookup.recipients if offer.lookup else ()
    return OfferView(
        phase=offer.phase,
        way=reader.offered_as(offer.phase),
        status=status,
        documents=offer.documents,
        recipients=tuple(r.contact for r in recipients),
        sent=offer.sent,
        problem=problem_of(reader, phase, offer),
        outcome=offer.outcome,
        waiting=still_to_answer(reader, phase, offer) if status == "waiting" else (),
        answered=tuple(d.contact for d in offer.decisions if d.answer != "reject"),
    )
