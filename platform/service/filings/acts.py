"""Acts of people on one filing: what a person leaves out is filled in from the filing's view."""

from asyncio import to_thread
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection

from ...answers import read_answers
from ...data import replace
from ...filing.events import (
    AcceptItem,
    Act,
    Actor,
    AnswerRequest,
    Attach,
    Back,
    Cancel,
    Check,
    Complete,
    Decide,
    Enclosure,
    Hold,
    NotApplicable,
    Note,
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
from ...filing.outcome import Refusal, gather_refusals
from ...filing.requests import list_named
from ...filing.view import PhaseView
from ...office.office_clock import office_now
from ...office.overviews.timeline import timeline_of
from ...office.people import Contact, contacts_of, find_person
from ...plan import FormField, WaitFor, Work
from ...suggest import ask_in_dutch, nearest, say_what_is_meant
from ..desk import Desk
from ..far_days import refuse_far_day
from .audiences import warn_of_no_reader
from .cases import Case, actor_for, contact_actor, phase_named
from .fact_input import (
    choose_phase,
    find_definition,
    find_fact_of_notice,
    read_value,
    refuse_coming_fact,
    refuse_far_fact,
)
from .giving import judge_giving, judge_tick
from .judgements import judge_by_hand
from .left import warn_of_what_left
from .legal_day import refuse_past_legal_day
from .sending import Done, Facts, NotRunning, Outcome, Request, Unknown, send
from .unjudged import Judgement
from .unread import warn_of_unread

__all__ = ["Acts", "Answer", "Done", "Enclosure", "NotRunning", "Outcome", "PartlyRecorded", "Unknown"]

Answer = Literal["approve", "sign", "reject", "not_deliver"]


class PartlyRecorded(NamedTuple):
    """Of facts that were typed together the ids of those that are recorded, and why the others are not."""

    recorded: tuple[str, ...]
    refusal: Refusal


class Acts:
    """One act of one person (id or e-mail address): call the act's method. A second call repeats the act.

    With its `act_id` an act can be repeated later: it happens once and gets the first answer again. Every
    method returns an Outcome, also for bad input; see `send` for what is raised.
    """

    def __init__(self, desk: Desk, who: str, act_id: str | None = None) -> None:
        self._desk = desk
        self._who = who
        self._id = act_id or uuid4().hex

    async def check(self, filing: str, checkpoint: str, phase: str | None = None) -> Outcome:
        """Tick a checkpoint; the phase follows from it where it is plain."""
        return await self._tick(Check, filing, checkpoint, phase)

    async def uncheck(self, filing: str, checkpoint: str, phase: str | None = None) -> Outcome:
        """Untick a checkpoint."""
        return await self._tick(Uncheck, filing, checkpoint, phase)

    async def complete(
        self,
        filing: str,
        phase: str | None = None,
        seen: Mapping[str, str] | None = None,
        outcome: str | None = None,
    ) -> Outcome:
        """Complete a work phase; `seen` are hashes of what was reviewed or signed, by document (else now).

        `outcome` is the id or title of one of its outcomes; the only one that is possible need not be named.
        """

        def fill_in(case: Case) -> Facts | Refusal:
            name = phase_named(case, phase, lambda p: _is_work(case, p))
            if isinstance(name, Refusal):
                return name
            shown = next(((*p.reviews, *p.signs) for p in case.view.phases if p.id == name), ())
            current = tuple(dict.fromkeys(shown))
            documents = _as_seen(self._desk, case, current, seen or {})
            if isinstance(documents, Refusal):
                return documents
            return {"phase": name, "documents": documents, "outcome": _read_outcome(case, name, outcome)}

        asked = {"outcome": outcome} if outcome else {}
        done = await self._send(Complete, filing, fill_in, phase=phase, seen=seen, **asked)
        return await self._warn_of_unread(filing, done)

    async def back(self, filing: str, reason: str, phase: str | None = None) -> Outcome:
        """Send the work back, with a reason."""
        return await self._in_phase(Back, filing, phase, _can_go_back, reason=reason)

    async def release(self, filing: str, phase: str | None = None) -> Outcome:
        """Release an offer that is forwarded by hand."""
        return await self._in_phase(Release, filing, phase, _is_offer)

    async def retry(self, filing: str, phase: str | None = None) -> Outcome:
        """Retry what is stalled."""

        def fill_in(case: Case) -> Facts | Refusal:
            stalled = {item.phase for item in case.view.work if item.kind == "stalled"}
            only = phase or (min(stalled) if len(stalled) == 1 else None)
            name = phase_named(case, only, lambda p: p.id in stalled)
            return name if isinstance(name, Refusal) else {"phase": name}

        return await self._send(Retry, filing, fill_in, phase=phase)

    async def attach(
        self, filing: str, make: Callable[[Case], Facts | Refusal], **asked: str | None
    ) -> tuple[Shown | None, Outcome]:
        """Attach what `make` puts into the store; return what was sent, made now or at the first time."""
        act, outcome = await send(self._desk, self._request(Attach, filing, asked), make)
        outcome = _warn(self._desk, filing, asked.get("audience"), outcome)
        return (act.shown if isinstance(act, Attach) else None), outcome

    async def decide(
        self,
        filing: str,
        answer: Answer,
        *,
        phase: str | None = None,
        reason: str = "",
        contact: str | None = None,
        proof: str | None = None,
        seen: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Decide on an offer: a client, or a colleague for `contact` with reason and proof (a hash)."""

        def fill_in(case: Case) -> Facts | Refusal:
            name = phase_named(case, phase, lambda p: _is_offer(case, p))
            if isinstance(name, Refusal):
                return name
            on_behalf = self._desk.read(lambda connection: _on_behalf_of(connection, case, contact))
            if isinstance(on_behalf, Refusal):
                return on_behalf
            decider = on_behalf or case.actor
            offered = next(
                (offer.shown_to(decider.id) for offer in case.view.offers if offer.phase == name), ()
            )
            documents = _as_seen(self._desk, case, offered, seen or {})
            if isinstance(documents, Refusal):
                return documents
            said = {"answer": answer, "reason": reason, "proof": proof}
            return {"phase": name, "documents": documents, "contact": on_behalf, **said}

        asked = {"phase": phase, "answer": answer, "reason": reason, "contact": contact, "proof": proof}
        return await self._send(Decide, filing, fill_in, **asked, seen=seen)

    async def record_delivery(
        self, filing: str, on: date, proof: str | None, *, reference: str = "", phase: str | None = None
    ) -> Outcome:
        """Record that a document was delivered without kantoor, on a day, with proof (a hash)."""

        def fill_in(case: Case) -> Facts | Refusal:
            waiting = [item.phase for item in case.view.work if item.kind == "deliver"]
            name = phase_named(case, phase, lambda p: p.id in waiting)
            if isinstance(name, Refusal):
                return name
            return {"phase": name, "on": on, "proof": proof, "reference": reference}

        asked = {"phase": phase, "on": on.isoformat(), "proof": proof, "reference": reference}
        return await self._send(RecordDelivery, filing, fill_in, **asked)

    async def judge_by_hand(
        self, filing: str, judgement: Judgement, proof: str | None, phase: str | None = None
    ) -> Outcome:
        """Record what the authority says of a return of which Digipoort says nothing final, with proof.

        What follows the delivery answers it to the machine, as it answers a status.
        """
        return await to_thread(judge_by_hand, self._desk, self._who, filing, judgement, proof, phase)

    async def task_done(self, filing: str, task: str, proof: str | None = None) -> Outcome:
        """Finish a task; `proof` is the code, or the hash of the document, that it asks for."""
        return await self._say(TaskDone, filing, task=task, proof=proof)

    async def record_fact(
        self,
        filing: str,
        fact: str,
        written: str,
        phase: str | None = None,
        reason: str = "",
        *,
        anyway: bool = False,
    ) -> Outcome:
        """Record a fact, or correct it with a reason; the value is read as people write it.

        A day from which one by law is counted has been, and is within a year, unless another is meant
        `anyway`.
        """

        def fill_in(case: Case) -> Facts | Refusal:
            definition = find_definition(case.plan, fact)
            if isinstance(definition, Refusal):
                return definition
            value = read_value(definition, written)
            if isinstance(value, Refusal):
                return value
            if definition.type == "date" and not anyway:
                day = date.fromisoformat(str(value))
                about = (case.plan, definition, day, case.now.date())
                if far := refuse_far_fact(*about) or refuse_coming_fact(*about):
                    return far
            name = phase or choose_phase(case.view, case.plan, definition, case.actor)
            named = phase_named(case, name, lambda _: True)
            if isinstance(named, Refusal):
                return named
            return {"phase": named, "fact": definition.id, "value": value, "reason": reason}

        asked = {"fact": fact, "value": written, "phase": phase, "reason": reason}
        return await self._send(RecordFact, filing, fill_in, **asked)

    async def record_facts(
        self, filing: str, written: Mapping[str, str], *, anyway: Collection[str] = ()
    ) -> Outcome | PartlyRecorded:
        """Record facts that were typed together, each as an act of its own: what is right is recorded.

        The refusal of one has the fact as its field; `anyway` are those of which a day far off is meant.
        """
        if not written:
            return Refusal(code="no_value", text="Vul eerst in wat u wilt vastleggen.")
        refused: list[Refusal] = []
        recorded: dict[str, Done] = {}
        for fact, value in written.items():
            acts = Acts(self._desk, self._who, uuid5(UUID(self._id), fact).hex)
            came = await acts.record_fact(filing, fact, value, anyway=fact in anyway)
            if isinstance(came, Refusal):
                refused.append(replace(came, field=fact))
            elif isinstance(came, Done):
                recorded[fact] = came
            else:
                return came
        refusal = gather_refusals(*refused)
        if refusal is None:
            return recorded.popitem()[1]
        return PartlyRecorded((*recorded,), refusal) if recorded else refusal

    async def answer(
        self,
        filing: str,
        request: str,
        *,
        values: Mapping[str, Any] | None = None,
        item: str | None = None,
        documents: tuple[Enclosure, ...] = (),
        contact: str | None = None,
        proof: str | None = None,
    ) -> Outcome:
        """Answer a request: values by field as a file holds them, or documents (in the store) for an item.

        As the client, or as a colleague for `contact`.
        """

        def fill_in(case: Case) -> Facts | Refusal:
            on_behalf = self._desk.read(lambda connection: _on_behalf_of(connection, case, contact))
            if isinstance(on_behalf, Refusal):
                return on_behalf
            answers = read_answers(_fields_of(case, request), values or {})
            given = {"item": item, "documents": documents, "contact": on_behalf, "proof": proof}
            return {"request": request, "values": answers, **given}

        asked = {"request": request, "values": values, "item": item, "contact": contact, "proof": proof}
        hashes = [one.hash for one in documents]
        return await self._send(AnswerRequest, filing, fill_in, **asked, documents=hashes)

    async def accept_item(self, filing: str, request: str, item: str | None = None) -> Outcome:
        """Accept what was received of a request."""
        return await self._say(AcceptItem, filing, request=request, item=item)

    async def send_back_item(self, filing: str, request: str, item: str | None, reason: str) -> Outcome:
        """Send back what was received, with a reason."""
        return await self._say(SendBackItem, filing, request=request, item=item, reason=reason)

    async def not_applicable(self, filing: str, request: str, item: str | None, reason: str) -> Outcome:
        """Say that an item of a request does not apply."""
        return await self._say(NotApplicable, filing, request=request, item=item, reason=reason)

    async def notice(
        self,
        filing: str,
        kind: str,
        on: date,
        *,
        reason: str,
        document: str,
        reference: str | None = None,
        phase: str | None = None,
        anyway: bool = False,
    ) -> Outcome:
        """Record a notice that came by post: its kind and day, the hash of the letter, and how it came.

        A day that becomes a fact is held to what `record_fact` holds one to.
        """
        said = {"notice": kind, "on": on, "reference": reference, "reason": reason, "document": document}

        def fill_in(case: Case) -> Facts | Refusal:
            name = phase_named(case, phase, lambda p: isinstance(case.plan.phase(p.id).block, WaitFor))
            if isinstance(name, Refusal):
                return name
            fact = find_fact_of_notice(case.plan, name, kind)
            far = refuse_far_fact(case.plan, fact, on, case.now.date()) if fact and not anyway else None
            return far or {"phase": name, **said}

        return await self._send(Notice, filing, fill_in, phase=phase, **said | {"on": on.isoformat()})

    async def note(self, filing: str, text: str, audience: str | None = None) -> Outcome:
        """Write a note on the timeline, for an audience (`kantoor.audience`); by default for the office."""
        outcome = await self._say(Note, filing, text=text, **({"audience": audience} if audience else {}))
        return _warn(self._desk, filing, audience, outcome)

    async def cancel(self, filing: str, reason: str) -> Outcome:
        """Cancel the filing, with a reason."""
        return await self._warn_of_unread(filing, await self._say(Cancel, filing, reason=reason))

    async def hold(
        self,
        filing: str,
        reason: str,
        until: date | None = None,
        *,
        anyway: bool = False,
        past_legal_day: bool = False,
    ) -> Outcome:
        """Hold the filing, with a reason; until a day, on which it is resumed by itself.

        It is within a year, unless one that is farther off is meant `anyway`. A day after the last one by
        law is taken only where that was said. It warns of what may have left before.
        """
        if until and not anyway:
            now = await self._desk.ask(office_now)
            if far := refuse_far_day(until, now.date()):
                return far

        def fill_in(case: Case) -> Facts | Refusal:
            late = None if past_legal_day else refuse_past_legal_day(case.view, case.now.date(), until)
            return late or {"reason": reason, "until": until}

        asked = {"reason": reason, "until": until.isoformat() if until else None}
        return await warn_of_what_left(self._desk, await self._send(Hold, filing, fill_in, **asked))

    async def resume(self, filing: str) -> Outcome:
        """Resume a filing that is held."""
        return await self._say(Resume, filing)

    async def reassign(
        self, filing: str, role: str, person: str | None, reason: str, *, anyway: bool = False
    ) -> Outcome:
        """Give the work of a role in the filing to a colleague, or back to who holds the role (None).

        Where four eyes keep that colleague from some of it, only where that is meant `anyway`: it is told.
        """
        barred: list[str] = []

        def fill_in(case: Case) -> Facts | Refusal:
            known = {one.title.casefold(): one.id for one in case.plan.roles}
            said = {"role": known.get(role.casefold(), role), "reason": reason}
            if person is None:
                return said
            named = self._desk.read(lambda c: actor_for(c, person, case.filing, case.plan, case.now))
            if isinstance(named, Refusal):
                return named
            told = self._desk.read(lambda c: judge_giving(c, self._desk, case, said["role"], named))
            if isinstance(told, Refusal):
                return told
            if told and not anyway:
                return Refusal(code="own_eyes", text=" ".join(told))
            barred.extend(told)
            return said | {"person": named}

        asked = {"role": role, "person": person, "reason": reason}
        outcome = await self._send(Reassign, filing, fill_in, **asked)
        return outcome.model_copy(update={"warnings": (*barred,)}) if isinstance(outcome, Done) else outcome

    async def waive(self, filing: str, person: str, reason: str, phase: str | None = None) -> Outcome:
        """Make an exception to four eyes: let a colleague complete a phase, with a reason."""

        def fill_in(case: Case) -> Facts | Refusal:
            name = phase_named(case, phase, lambda p: case.plan.phase(p.id).four_eyes_exception is not None)
            if isinstance(name, Refusal):
                return name
            named = self._desk.read(lambda c: actor_for(c, person, case.filing, case.plan, case.now))
            return (
                named if isinstance(named, Refusal) else {"phase": name, "person": named.id, "reason": reason}
            )

        return await self._send(Waive, filing, fill_in, person=person, reason=reason, phase=phase)

    async def _tick(
        self, kind: type[Check | Uncheck], filing: str, checkpoint: str, phase: str | None
    ) -> Outcome:
        def fill_in(case: Case) -> Facts | Refusal:
            having = [p.id for p in case.view.phases if any(c.id == checkpoint for c in p.checkpoints)]
            only = phase or (having[0] if len(having) == 1 else None)
            name = phase_named(case, only, lambda p: p.id in having)
            if isinstance(name, Refusal):
                return name
            near = None if having else nearest(checkpoint, _list_checkpoints(case, name))
            if near:
                text = f"Controlepunt '{checkpoint}' bestaat niet. {ask_in_dutch(checkpoint, near)}"
                return Refusal(code="unknown_checkpoint", text=text)
            own = self._desk.read(lambda c: judge_tick(c, self._desk, case, name)) if kind is Check else None
            return own or {"phase": name, "checkpoint": checkpoint}  # the machine names all that there are

        return await self._send(kind, filing, fill_in, phase=phase, checkpoint=checkpoint)

    async def _in_phase(
        self,
        kind: type[Act],
        filing: str,
        phase: str | None,
        fits: Callable[[Case, PhaseView], bool],
        **more: str,
    ) -> Outcome:
        def fill_in(case: Case) -> Facts | Refusal:
            name = phase_named(case, phase, lambda p: fits(case, p))
            return name if isinstance(name, Refusal) else {"phase": name, **more}

        return await self._send(kind, filing, fill_in, phase=phase, **more)

    async def _say(self, kind: type[Act], filing: str, **said: str | None) -> Outcome:
        return await self._send(kind, filing, lambda _: said, **said)

    async def _warn_of_unread(self, filing: str, outcome: Outcome) -> Outcome:
        """Add to the answer that the client wrote something that nobody has read."""
        if not isinstance(outcome, Done):
            return outcome
        unread = await self._desk.ask(lambda connection: warn_of_unread(connection, filing))
        return outcome.model_copy(update={"warnings": unread})

    async def _send(
        self, kind: type[Act], filing: str, fill_in: Callable[[Case], Facts | Refusal], **asked: Any
    ) -> Outcome:
        _, outcome = await send(self._desk, self._request(kind, filing, asked), fill_in)
        return outcome

    def _request(self, kind: type[Act], filing: str, asked: Facts) -> Request:
        return Request(kind=kind, who=self._who, filing=filing, id=self._id, asked=asked)


def _warn(desk: Desk, filing: str, audience: str | None, outcome: Outcome) -> Outcome:
    """Add to the answer what whoever wrote for an audience should know of it."""
    if not isinstance(outcome, Done):
        return outcome
    return outcome.model_copy(update={"warnings": warn_of_no_reader(desk, filing, audience)})


def _read_outcome(case: Case, phase: str, written: str | None) -> str | None:
    """Return the id of an outcome written as its id or title; what is neither is refused later."""
    known = next((p.outcomes for p in case.view.phases if p.id == phase), ())
    named = (one.id for one in known if written and written.casefold() in (one.id, one.title.casefold()))
    return next(named, written)


def _fields_of(case: Case, request: str) -> tuple[FormField, ...]:
    """Return the fields of the form that a request asks for; the machine says so where there is none."""
    active = [phase.id for phase in case.view.phases if phase.status == "active"]
    named = list_named([one.id for one in case.view.requests], request, active)
    found = next((one for one in case.view.requests if one.id in named), None)
    return case.plan.form(found.form).fields if found else ()


def _list_checkpoints(case: Case, phase: str) -> list[str]:
    return [point.id for one in case.view.phases if one.id == phase for point in one.checkpoints]


def _on_behalf_of(connection: Connection, case: Case, contact: str | None) -> Actor | Refusal | None:
    if contact is None:
        return None
    if case.actor.kind != "team":
        text = "Alleen een medewerker kan het besluit van een ander vastleggen."
        return Refusal(code="not_a_colleague", text=text)
    person = find_person(connection, contact)
    if not isinstance(person, Contact):
        known = [one.id for one in contacts_of(connection, case.filing.relation)]
        text = f"Contactpersoon '{contact}' bestaat niet. {say_what_is_meant(contact, known)}"
        return Refusal(code="unknown_person", text=text)
    return contact_actor(connection, person, case.filing, case.now)


def _as_seen(
    desk: Desk, case: Case, current: tuple[Shown, ...], seen: Mapping[str, str]
) -> tuple[Shown, ...] | Refusal:
    """Return the documents as the person saw them: another hash than the current one is another document.

    A hash that was never attached is a typing mistake: the machine could only report it as stale.
    """
    strange = sorted(set(seen) - {shown.document for shown in current})
    if strange:
        names = [shown.document for shown in current]
        choice = f" {say_what_is_meant(strange[0], names)}" if names else ""
        text = f"Document '{strange[0]}' hoort niet bij deze handeling.{choice}"
        return Refusal(code="unknown_document", text=text)
    others = [shown for shown in current if seen.get(shown.document, shown.hash) != shown.hash]
    attached = desk.read(lambda connection: _versions(connection, case)) if others else set()
    unknown = next((one for one in others if (one.document, seen[one.document]) not in attached), None)
    if unknown:
        title, typed = case.plan.document(unknown.document).title, seen[unknown.document]
        text = f"'{title}' heeft geen versie '{typed}'. De huidige versie is {unknown.hash}."
        return Refusal(code="unknown_version", text=text)
    return tuple(
        Shown(document=shown.document, hash=seen[shown.document]) if shown in others else shown
        for shown in current
    )


def _versions(connection: Connection, case: Case) -> set[tuple[object, object]]:
    """Return every document that was ever attached to the filing, with its hash."""
    lines = timeline_of(connection, case.filing.id)
    attached = (line.data for line in lines if line.what == "document_attached")
    return {(data.get("document"), data.get("hash")) for data in attached}


def _is_work(case: Case, phase: PhaseView) -> bool:
    return isinstance(case.plan.phase(phase.id).block, Work)


def _is_offer(case: Case, phase: PhaseView) -> bool:
    return case.plan.phase(phase.id).offer is not None


def _can_go_back(case: Case, phase: PhaseView) -> bool:
    return case.plan.phase(phase.id).back_to is not None
