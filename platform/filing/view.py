"""What people see of a filing, derived from plan and state: open work, dates, documents, offers."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from ..data import Scalar, Struct, convert, replace
from ..fact_values import UNKNOWN, say_fact
from ..plan import Deadline, FactDefinition, FactType, Phase, Plan, Planner, Way
from .coming import Coming, judge_coming
from .construct import WorkItem as WorkItem
from .construct import WorkKind
from .deadlines import DeadlineStatus, deadline_status, first_due, is_needless
from .documents import shown_now
from .due_days import give_day
from .escalations import tell_escalation
from .events import Shown, Start
from .facts import find_fact
from .informing import find_last_day_to_object
from .offers import OfferStatus as OfferStatus
from .offers import problem_of, status_of, still_to_answer
from .phase_outcomes import possible_outcomes
from .registry import WORK_ITEMS
from .requests import Item, find_request, list_awaited, list_items
from .rules import Rules
from .state import OfferState, Origin, PhaseState, State, origin_of
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


class OutcomeView(_Seen):
    """An outcome that whoever completes the phase can choose."""

    id: str
    title: str


class WaiverView(_Seen):
    """An exception to four eyes of this round: who may complete the phase, who allowed it and why."""

    person: str
    by: str
    at: datetime
    reason: str


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
    signs: tuple[Shown, ...] = ()
    """The current version of each document that is signed here."""
    begins: date | None = None
    """The day before which a phase that has not begun does not begin."""
    outcomes: tuple[OutcomeView, ...] = ()
    """Those that are possible, in an active phase that has any."""
    outcome: str | None = None
    """The title of the one with which it was completed."""
    due_unknown: bool = False
    """It has a target date, which hangs on something that is not known yet."""
    begins_unknown: bool = False
    """It has a first day, which hangs on something that is not known yet."""
    waivers: tuple[WaiverView, ...] = ()
    """Exceptions to four eyes."""
    comes: Coming = "yes"
    """Whether a phase that has not begun will be part of the filing, by what is known now."""


class DeadlineView(_Seen):
    """A deadline with its day; the law's article where it is statutory."""

    id: str
    title: str
    law: str | None
    due: date | None
    """None while the fact that it depends on is not known."""
    earliest: date | None
    status: DeadlineStatus | Literal["needless"]
    """Needless: nobody has to meet it, as what it is for was skipped or the filing ended before it."""


class FactView(_Seen):
    """A fact of the template; `value` is None and `text` says so until it is recorded."""

    id: str
    title: str
    type: FactType
    set_in: tuple[str, ...]
    optional: bool
    value: Scalar
    text: str
    by: str | None = None
    at: datetime | None = None
    reason: str | None = None
    """Why it was corrected the last time."""


class SignatureView(_Seen):
    """Who signed the current version of a document, in which phase."""

    phase: str
    by: str
    at: datetime


class DocumentView(_Seen):
    """A declared document; `shown` is None until it is attached."""

    id: str
    title: str
    report: str | None
    phase: str
    """Where it is made."""
    shown: Shown | None
    signatures: tuple[SignatureView, ...] = ()
    made: bool = True
    """Whether it is made here: whether its condition holds."""
    audience: str | None = None
    """For whom it is (`kantoor.audience`); None for the office, and once it is offered for the client."""


class ShareView(_Seen):
    """The documents of an offer that are a contact's own."""

    contact: str
    documents: tuple[str, ...]


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
    shares: tuple[ShareView, ...] = ()
    """Who decides for which documents, where each decides for their own."""
    object_until: date | None = None
    """The last day on which who was informed can object, while they can."""

    def shown_to(self, contact: str | None) -> tuple[Shown, ...]:
        """Return what it shows a contact: their own documents where each decides for their own."""
        own = next((share.documents for share in self.shares if share.contact == contact), None)
        return self.documents if own is None else tuple(s for s in self.documents if s.document in own)


class ItemView(_Seen):
    """An item of a request as it is now; documents by their hashes, answers are in the state alone."""

    id: str
    title: str
    required: bool
    status: Literal["open", "received", "accepted", "sent_back", "not_applicable"]
    late: bool = False
    reason: str | None = None
    documents: tuple[str, ...] = ()


class RequestView(_Seen):
    """What is asked of the client in a phase, in its last round."""

    id: str
    phase: str
    title: str
    form: str
    kind: Literal["form", "list"]
    required: bool
    made: datetime
    items: tuple[ItemView, ...]


class HeldView(_Seen):
    """The filing is held; `until` is the day on which it goes on by itself."""

    since: datetime
    by: str
    reason: str
    until: date | None = None


class AssignedView(_Seen):
    """The work of a role is this person's in this filing, whoever has the role."""

    role: str
    person: str


class MovingView(_Seen):
    """A move that waits for a safe point, to the plan with this digest, or why it was `dropped`."""

    plan: str
    by: str
    at: datetime
    reason: str
    dropped: str | None = None


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
    facts: tuple[FactView, ...] = ()
    requests: tuple[RequestView, ...] = ()
    held: HeldView | None = None
    moving: MovingView | None = None
    assigned: tuple[AssignedView, ...] = ()

    @property
    def given(self) -> dict[str, str]:
        """Return to whom the work of roles was reassigned, by role."""
        return {one.role: one.person for one in self.assigned}


WORK_ORDER: tuple[WorkKind, ...] = (
    *("held", "move", "stalled", "phase", "release", "decide", "deliver", "escalated"),
    *("received", "received_late", "request", "task", "wait"),
)
"""How open work of one phase is listed: first what keeps it from going on, last what was asked beside it."""


def view(plan: Plan, state: State) -> View:
    """Return what people see of a filing; derived, never stored in the state."""
    reader = Reader(plan, state)
    deadlines = tuple(_view_deadline(reader, deadline) for deadline in reader.rules.deadlines())
    ended = state.case.ended
    coming = judge_coming(reader)
    return View(
        title=plan.title,
        planner=_planner_state(reader, deadlines),
        phases=tuple(_view_phase(reader, phase, coming.get(phase.id, "yes")) for phase in plan.phases),
        deadlines=deadlines,
        documents=tuple(_view_document(reader, d.id) for d in plan.documents),
        offers=tuple(_view_offer(reader, offer) for offer in state.case.offers),
        work=()
        if ended
        else tuple(tell_escalation(reader, give_day(reader, item)) for item in list_work(reader)),
        due=first_due(reader),
        ended=ended.how if ended else None,
        end_title=next((e.title for e in plan.ends if ended and e.id == ended.end), None),
        facts=tuple(_view_fact(reader, fact) for fact in plan.facts),
        requests=tuple(_view_requests(reader)),
        held=_view_hold(reader),
        moving=_view_move(reader),
        assigned=tuple(AssignedView(role=a.role, person=a.person) for a in reader.case.assigned),
    )


def read_view(data: object) -> View:
    """Read a view that was written as plain data. Raises msgspec.ValidationError."""
    return convert(data, View)


def due_at_start(plan: Plan, start: Start) -> date | None:
    """Return the earliest deadline of a filing that has yet to begin, or None: all of them are open."""
    return first_day(plan, origin_of(start))


def first_day(plan: Plan, origin: Origin) -> date | None:
    """Return the earliest deadline of a filing that would start with this, or None."""
    rules = Rules(plan, origin)
    days = (rules.deadline_day(deadline.id) for deadline in plan.deadlines)
    return min((day for day in days if day), default=None)


def list_work(reader: Reader) -> tuple[WorkItem, ...]:
    """Return open work by phase, in the order of the plan, then by kind.

    Of a held filing only that, and that a move was dropped.
    """
    place = {phase.id: number for number, phase in enumerate(reader.plan.phases)}
    items = _find_items(reader)
    if reader.held:
        items = [item for item in items if item.kind in ("held", "move")]
    items = [_reassign(reader, item) for item in items]
    return tuple(sorted(items, key=lambda item: (place[item.phase], WORK_ORDER.index(item.kind))))


def list_working_roles(reader: Reader) -> tuple[str, ...]:
    """Return the roles that open work waits for, also those given to somebody, and while it is held."""
    return tuple(dict.fromkeys(role for item in _find_items(reader) for role in item.roles))


def _find_items(reader: Reader) -> list[WorkItem]:
    return [item for construct in WORK_ITEMS for item in construct.work_items(reader)]


def _reassign(reader: Reader, item: WorkItem) -> WorkItem:
    person = next((p for p in map(reader.assigned_to, item.roles) if p), None)
    if person is None:
        return item
    return replace(item, person=person, roles=tuple(r for r in item.roles if not reader.assigned_to(r)))


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
    return "bij_klant" if any(waiting) or _awaits_answers(reader) else "loopt"


def _awaits_answers(reader: Reader) -> bool:
    """Say whether the client still has to give what a phase that runs cannot do without."""
    found = (find_request(reader, state) for state in reader.case.requests)
    return any(
        asked.request.required and list_awaited(list_items(reader, asked))
        for asked in found
        if asked and reader.is_active(asked.phase.id)
    )


def _view_move(reader: Reader) -> MovingView | None:
    waiting = reader.case.move
    if waiting is None:
        return None
    return MovingView(
        plan=waiting.plan, by=waiting.by, at=waiting.at, reason=waiting.reason, dropped=waiting.dropped
    )


def _view_hold(reader: Reader) -> HeldView | None:
    held = None if reader.case.ended else reader.held
    if held is None:
        return None
    return HeldView(since=held.since, by=held.by, reason=held.reason, until=held.until)


def _view_phase(reader: Reader, phase: Phase, comes: Coming) -> PhaseView:
    state, status = reader.phase_state(phase.id), reader.status(phase.id)
    due = reader.rules.target_day(phase.due) if phase.due else None
    begins = find_begin(reader, phase) if phase.not_before else None
    outcome = state.outcome if state else None
    return PhaseView(
        id=phase.id,
        title=phase.title,
        role=phase.role,
        status=status,
        round=reader.round_of(phase.id),
        due=due,
        checkpoints=_view_checkpoints(reader, phase, state),
        documents=tuple([d.id for d in reader.rules.made_in(phase.id)]),
        reviews=shown_now(reader, phase.reviews),
        signs=shown_now(reader, phase.signs),
        outcomes=_view_outcomes(reader, phase) if phase.outcomes else (),
        outcome=next((o.title for o in phase.outcomes if o.id == outcome), None) if outcome else None,
        begins=begins,
        due_unknown=phase.due is not None and due is None,
        begins_unknown=status == "pending" and phase.not_before is not None and begins is None,
        waivers=_view_waivers(reader, phase) if reader.case.waivers else (),
        comes=comes,
    )


def _view_checkpoints(reader: Reader, phase: Phase, state: PhaseState | None) -> tuple[CheckpointView, ...]:
    ticks = {tick.checkpoint: tick for tick in state.ticks} if state else {}
    views = []
    for point in reader.rules.checkpoints(phase):
        tick = ticks.get(point.id)
        by, at = (tick.by, tick.at) if tick else (None, None)
        views.append(CheckpointView(id=point.id, title=point.title, required=point.required, by=by, at=at))
    return tuple(views)


def _view_waivers(reader: Reader, phase: Phase) -> tuple[WaiverView, ...]:
    return tuple(
        WaiverView(person=w.person, by=w.by, at=w.at, reason=w.reason)
        for w in reader.case.waivers
        if w.phase == phase.id and w.round == reader.round_of(phase.id)
    )


def _view_outcomes(reader: Reader, phase: Phase) -> tuple[OutcomeView, ...]:
    possible = possible_outcomes(reader, phase) if reader.is_active(phase.id) else ()
    return tuple(OutcomeView(id=one.id, title=one.title) for one in possible)


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
        status="needless" if is_needless(reader, deadline.id) else deadline_status(reader, deadline.id),
    )


def _view_fact(reader: Reader, fact: FactDefinition) -> FactView:
    recorded = find_fact(reader, fact.id)
    return FactView(
        id=fact.id,
        title=fact.title,
        type=fact.type,
        set_in=fact.set_in,
        optional=fact.optional,
        value=recorded.value if recorded else None,
        text=say_fact(fact, recorded.value) if recorded else UNKNOWN,
        by=recorded.by if recorded else None,
        at=recorded.at if recorded else None,
        reason=recorded.reason if recorded else None,
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
        signatures=tuple(
            SignatureView(phase=one.phase, by=one.by, at=one.at)
            for one in (state.signatures if state else ())
            if state and one.hash == state.shown.hash
        ),
        made=reader.rules.is_made(name),
        audience=state.audience if state else None,
    )


def _view_requests(reader: Reader) -> Iterator[RequestView]:
    for state in reader.case.requests:
        asked = find_request(reader, state)
        if asked:
            yield RequestView(
                id=state.id,
                phase=state.phase,
                title=asked.form.title,
                form=asked.form.id,
                kind=asked.form.kind,
                required=asked.request.required,
                made=state.made,
                items=tuple(_view_item(item) for item in list_items(reader, asked)),
            )


def _view_item(item: Item) -> ItemView:
    state = item.state
    return ItemView(
        id=item.id,
        title=item.title,
        required=item.required,
        status=state.status if state else "open",
        late=state.late if state else False,
        reason=state.reason if state else None,
        documents=state.documents if state else (),
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
        shares=tuple(ShareView(contact=r.contact, documents=r.own) for r in recipients if r.own),
        object_until=find_last_day_to_object(reader, phase, offer),
    )
