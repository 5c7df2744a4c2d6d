"""Take every step that a plan allows, and keep what is seen: which acts are taken where, and what changes."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from ..data import replace
from ..exploring.answering import AT, Move, answers
from ..exploring.walking import Arrival, Moved, Node, walk
from ..filing.advance import advance, leave
from ..filing.construct import Back as GoBack
from ..filing.construct import End, Forward, Leaving
from ..filing.deadlines import deadline_status
from ..filing.events import (
    SYSTEM,
    AcceptItem,
    Act,
    AnswerRequest,
    Attach,
    Back,
    Calendars,
    Cancel,
    Check,
    Complete,
    Decide,
    Enclosure,
    FilingKey,
    Hold,
    NotApplicable,
    Note,
    Notice,
    Reassign,
    RecordDelivery,
    RecordFact,
    Release,
    ResolveAgain,
    Result,
    Resume,
    Retry,
    SendBackItem,
    Shown,
    Start,
    TaskDone,
    Tick,
    Uncheck,
    Waive,
)
from ..filing.offers import status_of
from ..filing.outcome import Refusal, Step
from ..filing.registry import ACTS, RESULTS
from ..filing.requests import find_request, list_items
from ..filing.stalls import take_result
from ..filing.state import Case, DocumentState, Pending, State
from ..filing.step import step
from ..filing.turn import Reader, Turn
from ..filing.waits import fire_next, next_wake
from ..period import Period
from ..plan import Phase, Plan, WaitFor
from .plans import CLIENT, COLLEAGUE, HELD, MAKER, NOTICE, PARTNER, READDRESSED, REASSIGNED, RECIPIENTS, ROLE

BY_ITSELF, A_DATE = "by itself", "a date"
LEAVING: dict[type, str] = {Forward: "forward", GoBack: "back", End: "the end"}
SHOWN = Shown(document="aangifte", hash="1")
ENCLOSED = Enclosure(hash="1", name="stuk.pdf", media_type="application/pdf")
STANDBY = "standby"
"""Somebody who did nothing."""


Standing = dict[tuple[str, str], str]
"""The status of everything, by kind and id."""
Before = tuple[Standing, Standing]
"""The status of everything, and that of commands that are not done with."""


class Change(NamedTuple):
    """A change of status of a thing of some kind; None for before it existed, or after it is gone."""

    thing: str
    before: str | None
    after: str | None
    cause: str


class Effect(NamedTuple):
    """What an event itself did, before anything followed from it."""

    told: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    leaving: str | None = None


class Tried(NamedTuple):
    """A move that was made in a state, and what it did, or why it was refused."""

    reader: Reader
    move: Move
    answer: Effect | Refusal


class Watched(Turn):
    """A turn that keeps how things come to stand otherwise, and why.

    `before` is the status of everything at the moment of the state; for another moment it is asked again.
    """

    def __init__(self, plan: Plan, state: State, now: datetime, cause: str, before: Before) -> None:
        super().__init__(plan, state, now)
        self.cause = cause
        self.changes: set[Change] = set()
        self._standing, self._commands = before if now == state.journal.at else list_statuses(self)

    def set(self, **facts: Any) -> None:
        """Replace parts of the case, and note what stands otherwise."""
        super().set(**facts)
        now = _standing(self)
        self._note(self._standing, now)
        self._standing = now

    def next_cause(self, cause: str) -> None:
        """Go on with what another cause brings; commands are compared here."""
        now = _commands(self.case, self.in_flight)
        self._note(self._commands, now)
        self._commands, self.cause = now, cause

    def _note(self, before: Standing, after: Standing) -> None:
        if before == after:
            return
        for key in before.keys() | after.keys():
            if before.get(key) != after.get(key):
                self.changes.add(Change(key[0], before.get(key), after.get(key), self.cause))


def explore(plan: Plan) -> tuple[list[Tried], set[Change]]:
    """Make every move in one state of each shape that moves bring about; return them, with what changed."""
    first = step(plan, None, start_of(plan))
    if not isinstance(first, Step):
        raise ValueError(f"the plan does not start: {first}")
    possible = tuple(acts(plan))
    tried: list[Tried] = []
    changes: set[Change] = set()

    def try_all(node: Node[State]) -> Iterator[Arrival[State]]:
        reader = Reader(plan, node.state)
        before = list_statuses(reader)  # once, since nearly every move is made at this moment
        for move in moves(plan, node.state, possible):
            answer = step(plan, node.state, move.event)
            if isinstance(answer, Refusal):
                tried.append(Tried(reader, move, answer))
                continue
            effect, changed = watch(plan, node.state, move, answer, before)
            tried.append(Tried(reader, move, effect))
            changes.update(changed)
            shape = _shape(Reader(plan, answer.state))
            yield Arrival((Moved(move.name, move.event),), answer.state, shape)

    for _ in walk(first.state, _shape(Reader(plan, first.state)), try_all):
        pass
    return tried, changes


def watch(plan: Plan, state: State, move: Move, answer: Step, before: Before) -> tuple[Effect, set[Change]]:
    """Return what an event itself does and all that changes with it, by the tables that `step` goes by.

    `before` is the status of everything at the moment of the state.

    Raises AssertionError when `step` itself did otherwise.
    """
    event = move.event
    turn = Watched(plan, state, event.at, move.name, before)
    outcome: Refusal | Leaving | None = None
    if isinstance(event, Act):
        outcome = ACTS[event.kind](turn, event)
    elif isinstance(event, Result):
        outcome = take_result(turn, event, RESULTS)
    effect = Effect(
        tuple(entry.what for entry in turn.entries),
        tuple(command.kind for command in turn.commands),
        LEAVING.get(type(outcome)),
    )
    if outcome is not None and not isinstance(outcome, Refusal):
        leave(turn, outcome)
    turn.next_cause(BY_ITSELF)
    advance(turn)
    while isinstance(event, Tick):
        turn.next_cause(A_DATE)
        if not fire_next(turn):
            break
        turn.next_cause(BY_ITSELF)
        advance(turn)
    turn.next_cause(BY_ITSELF)
    if turn.case != answer.state.case:
        raise AssertionError(f"'{move.name}' was drawn otherwise than it runs")
    return effect, turn.changes


def moves(plan: Plan, state: State, possible: Iterable[Move]) -> Iterator[Move]:
    """Yield what can be tried in a state: the possible acts, every answer of the world, the next date."""
    for move in possible:
        yield _at(move, state.journal.at, state.journal.sequence)
    for pending in state.journal.in_flight:
        for move in answers(pending, state.journal.at.date(), RECIPIENTS):
            yield _at(move, state.journal.at, 0)
    wake = next_wake(plan, state)
    if wake:
        yield Move(A_DATE, Tick(at=max(wake, state.journal.at)))


def acts(plan: Plan) -> Iterator[Move]:
    """Yield every kind of act about everything of the plan, by somebody who may, as it should be said."""
    who: dict[str, Any] = {"at": AT, "id": "", "by": COLLEAGUE}
    client = who | {"by": CLIENT}
    for phase in plan.phases:
        made = {"by": MAKER} if phase.id == "opstellen" else {}
        about = who | {"phase": phase.id}
        for checkpoint in phase.checkpoints:
            yield Move("check", Check(checkpoint=checkpoint.id, **about))
            yield Move("uncheck", Uncheck(checkpoint=checkpoint.id, **about))
        for outcome in (None, *(one.id for one in phase.outcomes)):
            name = f"complete {outcome}" if outcome else "complete"
            yield Move(name, Complete(documents=(SHOWN,), outcome=outcome, **(about | made)))
        if any(p.four_eyes_exception for p in plan.phases):
            yield Move("waive", Waive(person=MAKER.id, reason="ziek", **about))
            yield Move("waive for another", Waive(person=STANDBY, reason="ziek", **about))
        yield Move("back", Back(reason="opnieuw", **about))
        yield Move("release", Release(**about))
        yield Move("retry", Retry(**about))
        if isinstance(phase.block, WaitFor):
            letter: dict[str, Any] = about | {"notice": NOTICE, "on": date(2026, 2, 1)}
            yield Move("notice", Notice(**(letter | {"by": SYSTEM})))
            yield Move("notice recorded", Notice(reason="per post", document="hash", **letter))
        if not phase.offer or plan == READDRESSED:
            yield Move("resolve_again", ResolveAgain(**(about | {"by": SYSTEM})))
        answer: dict[str, Any] = client | {"phase": phase.id, "documents": (SHOWN,), "reason": "omdat"}
        yield Move("decide approve", Decide(answer="approve", **answer))
        yield Move("decide sign", Decide(answer="sign", **answer))
        yield Move("decide sign", Decide(answer="sign", **(answer | {"by": PARTNER})))
        yield Move("decide reject", Decide(answer="reject", **answer))
        recorded = answer | {"by": COLLEAGUE, "contact": CLIENT, "proof": "hash"}
        yield Move("decide approve recorded", Decide(answer="approve", **recorded))
        yield Move("decide not_deliver", Decide(answer="not_deliver", reason="omdat", **about))
        delivered = RecordDelivery(on=date(2026, 2, 1), proof="hash", **about)
        yield Move("record_delivery", delivered)
        for automation in phase.automations:
            for_client = automation.task is not None and automation.task.to.kind != "role"
            task = f"{phase.id}.{automation.id}.1"
            yield Move("task_done", TaskDone(task=task, proof="hash", **(client if for_client else who)))
        yield from _request_acts(plan, phase, who)
    for fact in plan.facts:
        about = who | {"phase": fact.set_in[0], "fact": fact.id}
        first, second = ("2026-01-30", "2026-01-29") if fact.type == "date" else (1, 2)
        yield Move("record_fact", RecordFact(value=first, **about))
        yield Move("record_fact corrected", RecordFact(value=second, reason="nagerekend", **about))
    for document in plan.documents:
        yield Move("attach", Attach(shown=replace(SHOWN, document=document.id), **(who | {"by": MAKER})))
        for audience in ("client", "compliance"):
            attached: dict[str, Any] = who | {"by": MAKER, "audience": audience}
            shown = replace(SHOWN, document=document.id)
            yield Move(f"attach for {audience}", Attach(shown=shown, **attached))
        if document.source:
            maker = who | {"by": MAKER}
            yield Move("attach", Attach(shown=Shown(document=document.source, hash="2"), **maker))
            traced = Attach(shown=replace(SHOWN, document=document.id), traced=True, **maker)
            yield Move("attach what was there before", traced)
    yield Move("note for nobody", Note(text="notitie", audience="iedereen", **who))
    yield Move("cancel", Cancel(reason="dubbel", **who))
    if plan == HELD:
        yield Move("hold", Hold(reason="klant met vakantie", **who))
        yield Move("hold until a day", Hold(reason="klant met vakantie", until=date(2026, 2, 10), **who))
        yield Move("resume", Resume(**who))
    if plan == REASSIGNED:
        yield Move("reassign", Reassign(role=ROLE, person=MAKER, reason="ziek", **who))
        yield Move("reassign to a contact", Reassign(role=ROLE, person=CLIENT, reason="ziek", **who))
        yield Move("reassign back", Reassign(role=ROLE, reason="beter", **who))
    yield Move("note", Note(text="notitie", **who))


def _request_acts(plan: Plan, phase: Phase, who: dict[str, Any]) -> Iterator[Move]:
    """Yield every kind of act about every request of a phase."""
    client = who | {"by": CLIENT}
    for automation in phase.automations:
        if automation.request is None:
            continue
        form = plan.form(automation.request.form)
        about: dict[str, Any] = {
            "request": f"{phase.id}.{automation.id}.1",
            "item": form.fields[0].id,
        }
        said: dict[str, Any] = {"documents": (ENCLOSED,)}
        if form.kind == "form":
            about["item"], said = form.id, {"values": {form.fields[0].id: True}}
        yield Move("answer", AnswerRequest(**said, **about, **client))
        recorded = AnswerRequest(**said, **about, **who, contact=CLIENT, proof="hash")
        yield Move("answer recorded", recorded)
        yield Move("accept_item", AcceptItem(**about, **who))
        yield Move("send_back_item", SendBackItem(reason="onleesbaar", **about, **who))
        yield Move("not_applicable", NotApplicable(reason="geen", **about, **who))
        yield Move("not_applicable by the client", NotApplicable(**about, **client))


def _at(move: Move, at: datetime, sequence: int) -> Move:
    fresh = {"id": f"{move.name} {sequence}"} if isinstance(move.event, Act) else {}
    return Move(move.name, replace(move.event, at=at, **fresh))


def start_of(plan: Plan) -> Start:
    """Return the start of a filing of one of the plans."""
    return Start(
        at=datetime(2025, 12, 31, 8),
        filing=FilingKey(template=plan.template, relation="1", period="2026-01", sub_number="-"),
        period=Period.parse("2026-01"),
        start_date=date(2025, 12, 31),
        relation={},
        product={},
        calendars=Calendars(),
        opening_hour=8,
        by=SYSTEM,
    )


def list_statuses(reader: Reader) -> Before:
    """Return the status of everything in a state, and of the commands that are not done with."""
    return _standing(reader), _commands(reader.case, reader.state.journal.in_flight)


def _standing(reader: Reader) -> Standing:
    """Return the status of everything, by kind and id."""
    case = reader.case
    standing: Standing = {("phase", p.id): reader.status(p.id) for p in reader.plan.phases}
    for offer in case.offers:
        standing["offer", offer.phase] = status_of(reader, reader.rules.phase(offer.phase), offer)
    for document in case.documents:
        seen = "signed" if document.signatures else "reviewed" if document.reviews else "attached"
        standing["document", document.id] = seen
    for phase in case.phases:
        standing |= {("checkpoint", f"{phase.id}.{tick.checkpoint}"): "ticked" for tick in phase.ticks}
    for chased in case.chased:
        standing["chase", chased.subject] = "escalated" if chased.escalated else "reminded"
    standing |= {("delivery", d.phase): d.status for d in case.deliveries}
    standing |= {("fact", f.id): "corrected" if f.reason else "recorded" for f in case.facts}
    for request in case.requests:
        asked = find_request(reader, request)
        for item in list_items(reader, asked) if asked else ():
            key = ("item", f"{request.phase}.{request.automation}.{item.id}")
            standing[key] = item.state.status if item.state else "open"
    standing |= {("wait", w.phase): w.met for w in case.waits}
    standing |= {("deadline", one.id): deadline_status(reader, one.id) for one in reader.plan.deadlines}
    if reader.held:
        standing["hold", ""] = "held_until_a_day" if reader.held.until else "held"
    standing |= {("reassigned", one.role): "with_one_person" for one in case.assigned}
    for one in case.waivers:
        if one.round == reader.round_of(one.phase):
            standing["exception", f"{one.phase}.{one.person}"] = "given"
    return standing | {("task", t.id): "done" if t.done else "open" for t in case.tasks}


def _commands(case: Case, in_flight: tuple[Pending, ...]) -> Standing:
    """Return how commands stand that are not done with, by their number."""
    standing = {("command", str(p.number)): "withdrawn" if p.withdrawn else "on_its_way" for p in in_flight}
    return standing | {("command", str(s.pending.number)): "stands_still" for s in case.stalls}


def _is_behind(reader: Reader, made: DocumentState) -> bool:
    """Say whether what a document was made from has been replaced since."""
    source = reader.rules.document(made.id).source
    current = reader.document_state(source) if source else None
    return current is not None and made.made_from not in (None, current.shown.hash)


def _shape(reader: Reader) -> tuple[Any, ...]:
    """Return what tells states apart, apart from moments, numbers, and how often something was done."""
    case, journal = reader.case, reader.state.journal
    return (
        case.ended and (case.ended.how, case.ended.end),
        tuple((p.id, p.status, len(p.ticks), p.fired) for p in case.phases),
        tuple((d.id, len(d.reviews), len(d.signatures), _is_behind(reader, d)) for d in case.documents),
        tuple((key, status) for key, status in _standing(reader).items() if key[0] in ("offer", "item")),
        tuple(
            (o.outcome, tuple(d.contact for d in o.decisions), o.lookup and o.lookup.problem)
            for o in case.offers
        ),
        tuple((d.phase, d.status) for d in case.deliveries),
        tuple((c.subject, len(c.reminded), c.escalated is None) for c in case.chased),
        frozenset((t.automation, t.done is None) for t in case.tasks),
        frozenset((s.pending.what, s.pending.purpose, s.over) for s in case.stalls),
        frozenset((p.what, p.withdrawn or p.purpose) for p in journal.in_flight),
        tuple((f.id, f.value) for f in case.facts),
        len(case.told),
        case.assigned,
        reader.held and (reader.held.until or "held"),
        case.contributions,
        tuple((w.phase, w.person, w.round) for w in case.waivers),
    )
