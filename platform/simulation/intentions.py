"""What people do next by themselves, and when: worked out afresh from how the filing stands."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from ..days import move_to_working_day
from ..filing.construct import WorkItem
from ..filing.events import Actor, Decide, Retry
from ..filing.facts import find_fact
from ..filing.offers import status_of, still_to_answer
from ..filing.phase_outcomes import possible_outcomes
from ..filing.requests import find_request, list_awaited, list_items
from ..plan import FactDefinition, Phase
from .acts import read_fact
from .habits import CLIENT_HOUR, OFFICE_HOUR, ClientHabits, OfficeHabits, People
from .inventing import invent_answers, invent_enclosure, invent_fact
from .scene import Scene


class Intention(NamedTuple):
    """An act that somebody is going to do; `by` None leaves it to who usually does it."""

    at: datetime
    act: str
    said: dict[str, Any]
    by: str | Actor | None = None

    @property
    def key(self) -> str:
        """Return what tells it from others that can be done as the filing stands."""
        by = self.by.id if isinstance(self.by, Actor) else self.by
        return f"{self.act} {by} {self.said}"


def intentions(scene: Scene, people: People) -> Iterator[Intention]:
    """Yield what people are going to do, as the filing stands; the earliest is done first."""
    if scene.state.case.ended or scene.reader.held:
        return
    if people.office:
        yield from _of_office(scene, people.office)
    if people.client:
        yield from _of_client(scene, people.client)


def _of_office(scene: Scene, habits: OfficeHabits) -> Iterator[Intention]:
    for item in scene.work:
        phase = scene.reader.rules.phase(item.phase)
        if phase.id in habits.leaves:
            continue
        match item.kind:
            case "phase":
                yield from _do_work(scene, habits, phase, item)
            case "release":
                yield Intention(_when(scene, habits, phase), "release", {"phase": phase.id})
            case "deliver" if not item.missing:
                yield Intention(_when_delivered(scene, habits, phase), "delivered", {"phase": phase.id})
            case "received" | "received_late":
                yield from _accept(scene, habits, item)
            case "task" if item.roles or item.person:
                made = next(t.made for t in scene.state.case.tasks if t.id == item.id)
                yield Intention(scene.moment(made, habits.workdays, OFFICE_HOUR), "task", {"task": item.id})
    for stall in scene.state.case.stalls:
        phase_id = stall.pending.phase
        tried = sum(isinstance(event, Retry) and event.phase == phase_id for event in scene.events)
        if phase_id not in habits.leaves and tried < habits.retries:
            at = scene.moment(stall.at, max(habits.retries_after, 1), OFFICE_HOUR)
            yield Intention(at, "retry", {"phase": phase_id})


def list_work_of(scene: Scene, habits: OfficeHabits, phase: str) -> Iterator[Intention]:
    """Yield the one next thing that an active phase of work asks of the office; nothing where it waits."""
    for item in scene.work:
        if item.kind == "phase" and item.phase == phase:
            yield from _do_work(scene, habits, scene.reader.rules.phase(phase), item)


def _do_work(scene: Scene, habits: OfficeHabits, phase: Phase, item: WorkItem) -> Iterator[Intention]:
    """Yield the one next thing that a phase of work asks: a fact, a tick, a document, its completion."""
    at, reader = _when(scene, habits, phase), scene.reader
    for fact in scene.plan.facts:
        wanted = not fact.optional or fact.id in habits.facts
        if phase.id in fact.set_in and wanted and find_fact(reader, fact.id) is None:
            value = habits.facts.get(fact.id, invent_fact(fact, at.date()))
            said = {"phase": phase.id, "fact": fact.id, "value": value}
            yield Intention(_when_recorded(scene, fact, value, at), "fact", said)
            return
    state = reader.phase_state(phase.id)
    ticked = {tick.checkpoint for tick in state.ticks} if state else set()
    for checkpoint in reader.rules.checkpoints(phase):
        if (checkpoint.required or habits.thorough) and checkpoint.id not in ticked:
            yield Intention(at, "check", {"phase": phase.id, "checkpoint": checkpoint.id})
            return
    for document in reader.rules.made_in(phase.id):
        made = reader.document_state(document.id)
        source = reader.document_state(document.source) if document.source else None
        stale = made and source and made.made_from != source.shown.hash
        old = made and state and state.entered and made.at < state.entered
        if not document.optional and (made is None or stale or old):
            yield Intention(at, "attach", {"shown": document.id})
            return
    if item.missing:
        return
    chosen = habits.outcomes.get(phase.id)
    possible = possible_outcomes(reader, phase)
    outcome = chosen or (possible[0].id if possible else None)
    yield Intention(at, "complete", {"phase": phase.id, "outcome": outcome})


def _when(scene: Scene, habits: OfficeHabits, phase: Phase) -> datetime:
    state = scene.reader.phase_state(phase.id)
    workdays = habits.phase_workdays.get(phase.id, habits.workdays)
    since = state.entered if state and state.entered else scene.now
    at = scene.moment(since, workdays, OFFICE_HOUR)
    target = scene.reader.rules.target_day(phase.due) if phase.due and habits.pace == "on_target" else None
    if target is None:
        return at
    day = move_to_working_day(target, "previous_workday", scene.state.origin.calendars.office)
    return max(at, datetime.combine(day, at.time()))


def _when_recorded(scene: Scene, fact: FactDefinition, value: Any, at: datetime) -> datetime:
    """Return when a fact is recorded: of what has happened not before its day."""
    day = read_fact(fact, value) if fact.past else None
    if isinstance(day, str) and date.fromisoformat(day) > at.date():
        return scene.moment(datetime.fromisoformat(day), 0, OFFICE_HOUR)
    return at


def _when_delivered(scene: Scene, habits: OfficeHabits, phase: Phase) -> datetime:
    """Return when a document is delivered by hand: not before the authority takes it."""
    at, block = _when(scene, habits, phase), phase.deliver
    earliest = scene.reader.rules.earliest_day(block.deadline) if block and block.deadline else None
    if earliest and earliest > at.date():
        return scene.moment(datetime.combine(earliest, at.time()), 0, OFFICE_HOUR)
    return at


def _accept(scene: Scene, habits: OfficeHabits, item: WorkItem) -> Iterator[Intention]:
    state = next(one for one in scene.state.case.requests if one.id == item.id)
    for one in state.items:
        if one.status == "received":
            at = scene.moment(one.at, habits.looks_after, OFFICE_HOUR)
            yield Intention(at, "accept", {"request": item.id, "item": one.id})


def _of_client(scene: Scene, habits: ClientHabits) -> Iterator[Intention]:
    if habits.gives == "all":
        yield from _give(scene, habits)
    if habits.decides == "silent":
        return
    rejected = any(isinstance(e, Decide) and e.answer == "reject" for e in scene.events)
    rejects = habits.decides == "reject" or (habits.decides == "reject_once" and not rejected)
    for offer in scene.state.case.offers:
        phase = scene.reader.rules.phase(offer.phase)
        if offer.sent is None or status_of(scene.reader, phase, offer) != "waiting":
            continue
        way = scene.reader.offered_as(offer.phase)
        if way == "information" and not rejects:
            continue
        answer = "reject" if rejects else "sign" if way == "signature" else "approve"
        said = {"phase": offer.phase} | ({"reason": habits.reason} if rejects else {})
        at = scene.moment(offer.sent, habits.decides_after, CLIENT_HOUR)
        for contact in still_to_answer(scene.reader, phase, offer):
            yield Intention(at, answer, said, contact)


def _give(scene: Scene, habits: ClientHabits) -> Iterator[Intention]:
    for state in scene.state.case.requests:
        asked = find_request(scene.reader, state)
        if asked is None or not scene.reader.is_active(asked.phase.id):
            continue
        for item in list_awaited(list_items(scene.reader, asked)):
            since = item.state.at if item.state else state.made
            at = scene.moment(since, habits.gives_after, CLIENT_HOUR)
            if asked.form.kind == "form":
                given = habits.answers.get(asked.form.id, {})
                values = invent_answers(asked.form, at.date(), given)
                yield Intention(at, "answer", {"request": state.id, "values": values})
            else:
                said = {"request": state.id, "item": item.id, "documents": (invent_enclosure(item.id),)}
                yield Intention(at, "answer", said)
    for work in scene.work:
        if work.kind == "task" and not work.roles and not work.person:
            made = next(t.made for t in scene.state.case.tasks if t.id == work.id)
            yield Intention(scene.moment(made, habits.gives_after, CLIENT_HOUR), "task", {"task": work.id})
