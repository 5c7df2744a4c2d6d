"""What somebody can do to a filing now, and why not the rest: the machine is asked, and nothing is done."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ...data import Scalar
from ...filing.checkpoints import refuse_own_eyes
from ...filing.events import (
    AcceptItem,
    Actor,
    AnswerRequest,
    AnyAct,
    Attach,
    Back,
    Cancel,
    Check,
    Complete,
    Decide,
    Enclosure,
    Hold,
    NotApplicable,
    Notice,
    Reassign,
    RecordDelivery,
    RecordFact,
    Release,
    Resume,
    Retry,
    SendBackItem,
    Shown,
    TaskDone,
    Uncheck,
    Waive,
)
from ...filing.new_acts import take_new
from ...filing.outcome import Refusal
from ...filing.state import State
from ...filing.turn import Reader
from ...filing.view import FactView, PhaseView, RequestView
from ...plan import Model, NoticeAwaited, Phase, WaitFor, Way
from .cases import Case
from .fact_input import choose_phase

_SAID = "…"
"""What acts that are asked about say where people say something: a reason, a reference, a proof."""


class Possible(Model):
    """Why an act is refused, by its name; empty where it is possible.

    Names are the act and what it is about: `complete PHASE`, `back PHASE`, `release PHASE`, `retry PHASE`,
    `check PHASE CHECKPOINT`, `uncheck PHASE CHECKPOINT`, `decide PHASE`, `not_deliver PHASE`,
    `record_delivery PHASE`, `notice PHASE KIND`, `waive PHASE PERSON`, `attach DOCUMENT`,
    `record_fact FACT`, `task TASK`, `answer`, `accept`, `send_back` and `not_applicable` with `REQUEST ITEM`,
    `reassign ROLE`, `hold`, `resume` and `cancel`. What people fill in themselves (a reason, a proof, a
    value) is taken to be in order.
    """

    refusals: dict[str, str]

    def can(self, *name: str) -> bool:
        """Say whether an act is possible."""
        return self.refusals.get(" ".join(name)) == ""

    def why_not(self, *name: str) -> str:
        """Return why an act is refused, in Dutch; empty where it is possible or was not asked about."""
        return self.refusals.get(" ".join(name), "")


NOTHING = Possible(refusals={})


def judge_possible(case: Case, state: State) -> Possible:
    """Return what who acts can do to a filing in a state; nothing where it has ended."""
    if case.view.ended:
        return NOTHING
    refused = {key: refuse(case, state, act) for key, act in list_askable(case, state)}
    return Possible(refusals={key: one.text if one else "" for key, one in refused.items()})


def list_askable(case: Case, state: State) -> Iterator[tuple[str, AnyAct]]:
    """Yield every act that there may be a form for, by its name."""
    said: dict[str, Any] = {"at": case.now, "id": "asked", "by": case.actor}
    for phase in case.view.phases:
        if phase.status == "active":
            yield from _list_in_phase(case, state, phase, said)
    for fact in case.view.facts:
        yield f"record_fact {fact.id}", _record(case, fact, said)
    for item in case.view.work:
        if item.kind == "task" and not item.client:
            yield f"task {item.id}", TaskDone(**said, task=item.id, proof=_SAID)
    for request in case.view.requests:
        yield from _list_in_request(case, request, said)
    for role in case.plan.roles:
        somebody = Actor(kind="team", id=_SAID, roles=(role.id,))
        yield f"reassign {role.id}", Reassign(**said, role=role.id, person=somebody, reason=_SAID)
    yield "hold", Hold(**said, reason=_SAID, until=date.max)
    yield "resume", Resume(**said)
    yield "cancel", Cancel(**said, reason=_SAID)


def refuse(case: Case, state: State, act: AnyAct) -> Refusal | None:
    """Return why an act is refused in a state; None where it is possible."""
    own = refuse_own_eyes(Reader(case.plan, state), act) if isinstance(act, Check) else None
    taken = own or take_new(case.plan, state, act)
    return taken if isinstance(taken, Refusal) else None


def _list_in_phase(
    case: Case, state: State, phase: PhaseView, said: dict[str, Any]
) -> Iterator[tuple[str, AnyAct]]:
    here: dict[str, Any] = {**said, "phase": phase.id}
    planned = case.plan.phase(phase.id)
    shown = tuple(dict.fromkeys((*phase.reviews, *phase.signs)))
    outcome = phase.outcomes[0].id if phase.outcomes else None
    yield f"complete {phase.id}", Complete(**here, documents=shown, outcome=outcome)
    yield f"back {phase.id}", Back(**here, reason=_SAID)
    yield f"retry {phase.id}", Retry(**here)
    for point in phase.checkpoints:
        yield f"check {phase.id} {point.id}", Check(**here, checkpoint=point.id)
        yield f"uncheck {phase.id} {point.id}", Uncheck(**here, checkpoint=point.id)
    for document in case.view.documents:
        if document.phase == phase.id and document.made:
            rendering = _SAID if document.report else None
            new = Shown(document=document.id, hash=_SAID, rendering=rendering)
            yield f"attach {document.id}", Attach(**said, shown=new)
    if planned.offer:
        yield f"release {phase.id}", Release(**here)
        yield f"not_deliver {phase.id}", Decide(**here, answer="not_deliver", reason=_SAID)
        yield from _list_decisions(case, state, phase, here)
    if planned.deliver and planned.deliver.by_hand:
        delivery = RecordDelivery(**here, on=case.now.date(), proof=_SAID)
        yield f"record_delivery {phase.id}", delivery
    for kind in list_awaited_notices(planned):
        notice = Notice(**here, notice=kind, on=case.now.date(), reason=_SAID, document=_SAID)
        yield f"notice {phase.id} {kind}", notice
    if planned.four_eyes_exception:
        worked = (one.person for one in state.case.contributions if one.phase in planned.four_eyes)
        for person in dict.fromkeys(worked):
            yield f"waive {phase.id} {person}", Waive(**here, person=person, reason=_SAID)


def list_awaited_notices(phase: Phase) -> tuple[str, ...]:
    """Return the kinds of notice that a phase waits for."""
    awaited = phase.block.awaited if isinstance(phase.block, WaitFor) else ()
    return tuple(one.notice for one in awaited if isinstance(one, NoticeAwaited))


def _list_decisions(
    case: Case, state: State, phase: PhaseView, here: dict[str, Any]
) -> Iterator[tuple[str, AnyAct]]:
    """Yield the recording of an answer of the first who has still to give one, by the rights found."""
    offer = next((one for one in case.view.offers if one.phase == phase.id), None)
    lookup = next((one.lookup for one in state.case.offers if one.phase == phase.id), None)
    asked = [one for one in (lookup.recipients if lookup else ()) if offer and one.contact in offer.waiting]
    if offer is None or not asked:
        return
    contact = Actor(kind="contact", id=asked[0].contact, may=asked[0].may, jointly=asked[0].jointly)
    answers: dict[Way | None, str] = {"signature": "sign", "information": "reject"}
    answer: Any = answers.get(offer.way, "approve")
    documents = offer.shown_to(contact.id)
    said = {"answer": answer, "documents": documents, "reason": _SAID, "contact": contact, "proof": _SAID}
    yield f"decide {phase.id}", Decide(**here, **said)


def _list_in_request(case: Case, request: RequestView, said: dict[str, Any]) -> Iterator[tuple[str, AnyAct]]:
    contact = Actor(kind="contact", id=_SAID, may=("answer",))
    enclosed = (Enclosure(hash=_SAID, name=_SAID, media_type="application/octet-stream"),)
    for item in request.items:
        about: dict[str, Any] = {**said, "request": request.id}
        if request.kind == "list":
            about["item"] = item.id
            answer = AnswerRequest(**about, documents=enclosed, contact=contact)
            yield f"answer {request.id} {item.id}", answer
        yield f"accept {request.id} {item.id}", AcceptItem(**about)
        yield f"send_back {request.id} {item.id}", SendBackItem(**about, reason=_SAID)
        yield f"not_applicable {request.id} {item.id}", NotApplicable(**about, reason=_SAID)


def _record(case: Case, fact: FactView, said: dict[str, Any]) -> RecordFact:
    definition = next(one for one in case.plan.facts if one.id == fact.id)
    today = case.now.date()
    values: dict[str, tuple[Scalar, ...]] = {
        "date": (today.isoformat(), (today - timedelta(days=1)).isoformat()),
        "yes_no": (True, False),
        "choice": tuple(option.id for option in definition.options),
        "text": (_SAID, f"{_SAID}{_SAID}"),
        "money": (1, 2),
        "number": (1, 2),
    }
    other = next((one for one in values[fact.type] if one != fact.value), fact.value)
    phase = choose_phase(case.view, case.plan, definition, case.actor)
    return RecordFact(**said, phase=phase, fact=fact.id, value=other, reason=_SAID)
