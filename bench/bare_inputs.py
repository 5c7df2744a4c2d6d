"""What goes in and out of the hand-written return: its start, the activities' inputs, what is recorded."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Self

from temporalio.common import SearchAttributeUpdate

from kantoor.clock import Clock
from kantoor.compiler.compilation import compile_definitions
from kantoor.filing.commands import Deliver, Follow, Resolve, Send
from kantoor.filing.events import Actor, Calendars, Shown
from kantoor.filing.outcome import Entry
from kantoor.filing.state import Origin
from kantoor.filing.view import (
    CheckpointView,
    DeadlineView,
    DocumentView,
    OfferView,
    PhaseView,
    View,
    WorkItem,
)
from kantoor.plan import Plan, To
from kantoor.runtime.inputs import (
    Answer,
    DeliverInput,
    FollowInput,
    RecordInput,
    ResolveInput,
    SendInput,
    StepRecord,
    Timing,
)
from kantoor.runtime.search_attributes import DUE, PHASE

from . import bare_rules as rules
from .material import TEMPLATE
from .office import DEFINITIONS

QUEUE, RECORDS = "bare", "bare-records"
"""Task queues of the hand-written return's worker."""

TITLE, DOCUMENT = "Aangifte btw", "Aangifte omzetbelasting"

Found = tuple[str, date | None]
"""The phase and the open deadline that a return can be found by."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """One step that is still to be recorded; `digest` is the case's after it."""

    sequence: int
    digest: str
    at: datetime
    entries: list[tuple[str, str, dict[str, str]]]
    act: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class BareInput:
    """What a return starts or goes on with; `case` is its JSON."""

    origin: Origin
    clock: Clock
    timing: Timing
    latest: datetime = datetime.min
    case: str = ""
    outbox: tuple[Stamped, ...] = ()

    def carry(self, clock: Clock, latest: datetime, case: str, outbox: tuple[Stamped, ...]) -> Self:
        """Return what the next run goes on with."""
        return replace(self, clock=clock, latest=latest, case=case, outbox=outbox)


@cache
def texts() -> Plan:
    """Return what a hand-written workflow has as constants: the texts of messages, the office, its roles."""
    return compile_definitions(DEFINITIONS).plans[TEMPLATE]


def asked(
    origin: Origin, case: rules.Case, command: dict[str, Any], at: datetime
) -> tuple[str, SendInput | ResolveInput | DeliverInput | FollowInput, type[Answer]]:
    """Return the activity of a command, and its input; nobody outside needs the days off."""
    plain = {"number": command["number"], "phase": command["phase"]}
    known: dict[str, Any] = {"workflow_id": origin.filing.workflow_id, "origin": _lean(origin), "at": at}
    if command["kind"] == "send":
        to = To(kind="role", name=command["role"]) if "role" in command else None
        send = Send(
            **plain,
            message=command["message"],
            purpose=command["purpose"],
            to=to,
            contacts=tuple(command.get("contacts", ())),
            sender=command.get("sender"),
        )
        known |= {"message": texts().message(command["message"]), "office": texts().office, "title": TITLE}
        known |= {"due": rules.deadline(case), "offered_as": case.way, "roles": texts().roles}
        return (
            "send_message",
            SendInput(command=send, role=rules.BY_ID[command["phase"]].role, **known),
            Answer,
        )
    if command["kind"] == "resolve":
        return "resolve_offer", ResolveInput(command=Resolve(**plain), **known), Answer
    facts = {key: value for key, value in command.items() if key not in ("kind", "number", "phase", "over")}
    if command["kind"] == "deliver":
        deliver = Deliver(**plain, **facts)
        return "deliver", DeliverInput(command=deliver, report="omzetbelasting", **known), Answer
    return "follow", FollowInput(command=Follow(**plain, **facts), **known), Answer


def _lean(origin: Origin) -> Origin:
    return origin.model_copy(update={"calendars": Calendars()})


def found_by(case: rules.Case) -> Found:
    """Return what a return is found by now."""
    open_phase = "" if case.ended or case.phase < 0 else rules.PHASES[case.phase].id
    return open_phase, None if case.ended or case.filed else rules.deadline(case)


def upserts(before: Found | None, found: Found) -> list[SearchAttributeUpdate[Any]]:
    """Return the search attributes that have changed."""
    (phase, due), changed = found, list[SearchAttributeUpdate[Any]]()
    if before is None or before[0] != phase:
        changed.append(PHASE.value_set([phase] if phase else []))
    if before is None or before[1] != due:
        moment = datetime(due.year, due.month, due.day, tzinfo=UTC) if due else None
        changed.append(DUE.value_set(moment) if moment else DUE.value_unset())
    return changed


def record_input(origin: Origin, case: rules.Case, steps: list[Stamped]) -> RecordInput:
    """Return what is recorded of these steps, with how the return stands after the last."""
    records = tuple(
        StepRecord(
            sequence=step.sequence,
            digest=step.digest,
            entries=tuple(
                Entry(at=step.at, by=_who(step), what=what, phase=phase or None, data=data)
                for what, phase, data in step.entries
            ),
            actors=tuple(_actors(step.act)),
        )
        for step in steps
    )
    return RecordInput(workflow_id=origin.filing.workflow_id, steps=records, view=view_of(case))


def _who(step: Stamped) -> str:
    return str(step.act["by"]["id"]) if step.act else "kantoor"


def _actors(act: dict[str, Any] | None) -> Iterator[Actor]:
    if act:
        yield Actor(**act["by"])
        if act.get("contact"):
            yield Actor(**act["contact"])


def view_of(case: rules.Case) -> View:
    """Return how a return stands, for the lists."""
    due = rules.deadline(case)
    open_due = None if case.filed or case.ended else due
    missed = "missed" in case.fired
    status = ("met_late" if missed else "met") if case.filed else "missed" if missed else "open"
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


def _planner(case: rules.Case) -> str:
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


def _item(kind: str, id: str, phase: rules.Phase, due: date, **facts: Any) -> WorkItem:
    return WorkItem(kind=kind, id=id, phase=phase.id, title=phase.title, due=due, **facts)
