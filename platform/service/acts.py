"""Acts of people on one filing. Each looks the case up, sends one act, and waits a moment for its record.

The id makes an act repeatable: the same id is answered with the first answer, and happens once.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import Connection

from ..filing.events import (
    Act,
    Actor,
    Attach,
    Back,
    Cancel,
    Check,
    Complete,
    Decide,
    Note,
    Release,
    Retry,
    Shown,
    TaskDone,
    Uncheck,
)
from ..filing.outcome import Refusal
from ..filing.view import PhaseView
from ..office.filings import find_filing
from ..office.people import Contact, find_person
from ..plan import Model
from ..runtime import client as filings
from ..runtime.client import NotRunning, Unknown
from .cases import Case, contact_actor, look_up, phase_named
from .desk import Desk

RECORD_SECONDS = 1.0
LOOK_SECONDS = 0.02


class Done(Model):
    """The act was taken. `recorded` is False when lists and timeline follow in a moment."""

    filing: str
    act: str
    sequence: int
    repeated: bool
    recorded: bool


Outcome = Done | Refusal | NotRunning | Unknown
Build = Callable[[Connection, Case], dict[str, Any] | Refusal]


class Acts:
    """What one person does, by id or e-mail address. Every method returns an Outcome, also for bad input.

    Raises ServerAwayError, DatabaseError and RPCError when something outside failed.
    """

    def __init__(self, desk: Desk, who: str, act_id: str | None = None) -> None:
        self._desk = desk
        self._who = who
        self._id = act_id or uuid4().hex

    @property
    def id(self) -> str:
        """Return the id under which this person's next act is sent."""
        return self._id

    async def check(self, filing: str, checkpoint: str, phase: str | None = None) -> Outcome:
        """Tick a checkpoint; the phase follows from it where it is plain."""
        return await self._tick(Check, filing, checkpoint, phase)

    async def uncheck(self, filing: str, checkpoint: str, phase: str | None = None) -> Outcome:
        """Untick a checkpoint."""
        return await self._tick(Uncheck, filing, checkpoint, phase)

    async def complete(
        self, filing: str, phase: str | None = None, seen: dict[str, str] | None = None
    ) -> Outcome:
        """Complete a work phase; `seen` are hashes of what was reviewed, by document."""

        def facts(_: Connection, case: Case) -> dict[str, Any] | Refusal:
            name = phase_named(case, phase, lambda p: _is_work(case, p))
            if isinstance(name, Refusal):
                return name
            current = next((p.reviews for p in case.view.phases if p.id == name), ())
            return {"phase": name, "documents": _as_seen(current, seen)}

        return await self._perform(Complete, filing, facts)

    async def back(self, filing: str, reason: str, phase: str | None = None) -> Outcome:
        """Send the work back, with a reason."""
        return await self._in_phase(Back, filing, phase, lambda case, p: _can_go_back(case, p), reason=reason)

    async def release(self, filing: str, phase: str | None = None) -> Outcome:
        """Release an offer that is forwarded by hand."""
        return await self._in_phase(Release, filing, phase, _is_offer)

    async def retry(self, filing: str, phase: str | None = None) -> Outcome:
        """Try again what stands still."""

        def facts(_: Connection, case: Case) -> dict[str, Any] | Refusal:
            stalled = {item.phase for item in case.view.work if item.kind == "stalled"}
            name = phase or (stalled.pop() if len(stalled) == 1 else None)
            named = phase_named(case, name, lambda p: p.id in stalled)
            return named if isinstance(named, Refusal) else {"phase": named}

        return await self._perform(Retry, filing, facts)

    async def attach(self, filing: str, shown: Shown) -> Outcome:
        """Attach a document that lies in the store."""
        return await self._perform(Attach, filing, lambda *_: {"shown": shown})

    async def decide(
        self,
        filing: str,
        answer: Literal["approve", "sign", "reject", "not_deliver"],
        *,
        phase: str | None = None,
        reason: str = "",
        contact: str | None = None,
        proof: str | None = None,
        seen: dict[str, str] | None = None,
    ) -> Outcome:
        """Decide on an offer: a client, or a colleague for `contact` with reason and proof (a hash)."""

        def facts(connection: Connection, case: Case) -> dict[str, Any] | Refusal:
            name = phase_named(case, phase, lambda p: _is_offer(case, p))
            if isinstance(name, Refusal):
                return name
            on_behalf = _contact(connection, case, contact)
            if isinstance(on_behalf, Refusal):
                return on_behalf
            current = next((offer.documents for offer in case.view.offers if offer.phase == name), ())
            return {
                "phase": name,
                "answer": answer,
                "documents": _as_seen(current, seen),
                "reason": reason,
                "contact": on_behalf,
                "proof": proof,
            }

        return await self._perform(Decide, filing, facts)

    async def task_done(self, filing: str, task: str, proof: str | None = None) -> Outcome:
        """Finish a task; `proof` is the code, or the hash of the document, that it asks for."""
        return await self._perform(TaskDone, filing, lambda *_: {"task": task, "proof": proof})

    async def note(self, filing: str, text: str) -> Outcome:
        """Write a note on the timeline."""
        return await self._perform(Note, filing, lambda *_: {"text": text})

    async def cancel(self, filing: str, reason: str) -> Outcome:
        """Cancel the filing, with a reason."""
        return await self._perform(Cancel, filing, lambda *_: {"reason": reason})

    async def _tick(
        self, kind: type[Check | Uncheck], filing: str, checkpoint: str, phase: str | None
    ) -> Outcome:
        def facts(_: Connection, case: Case) -> dict[str, Any] | Refusal:
            holds = phase_named(case, phase, lambda p: any(c.id == checkpoint for c in p.checkpoints))
            if isinstance(holds, Refusal):
                holds = phase_named(case, phase, lambda p: bool(p.checkpoints))
            return holds if isinstance(holds, Refusal) else {"phase": holds, "checkpoint": checkpoint}

        return await self._perform(kind, filing, facts)

    async def _in_phase(
        self,
        kind: type[Act],
        filing: str,
        phase: str | None,
        fits: Callable[[Case, PhaseView], bool],
        **more: str,
    ) -> Outcome:
        def facts(_: Connection, case: Case) -> dict[str, Any] | Refusal:
            name = phase_named(case, phase, lambda p: fits(case, p))
            return name if isinstance(name, Refusal) else {"phase": name, **more}

        return await self._perform(kind, filing, facts)

    async def _perform(self, kind: type[Act], filing: str, facts: Build) -> Outcome:
        def build(connection: Connection) -> tuple[Case, Act] | Refusal:
            case = look_up(connection, self._who, filing)
            if isinstance(case, Refusal):
                return case
            found = facts(connection, case)
            if isinstance(found, Refusal):
                return found
            return case, kind(at=case.now, id=self._id, by=case.actor, **found)

        built = self._desk.read(build)
        if isinstance(built, Refusal):
            return built
        case, act = built
        answer = await filings.act(await self._desk.client(), case.filing.id, act)
        if isinstance(answer, NotRunning) and case.filing.status == "afgesloten":
            text = "Deze opdracht is afgesloten; er kan niets meer in gebeuren."
            return Refusal(code="ended", text=text)
        if isinstance(answer, Refusal | NotRunning | Unknown):
            return answer
        return Done(
            filing=case.filing.id,
            act=self._id,
            sequence=answer.sequence,
            repeated=answer.repeated,
            recorded=await recorded(self._desk, case.filing.id, answer.sequence),
        )


async def recorded(desk: Desk, filing: str, sequence: int) -> bool:
    """Wait up to a second until the step stands in the office database; say whether it does."""
    loop = asyncio.get_running_loop()
    end = loop.time() + RECORD_SECONDS
    while True:
        found = desk.read(lambda connection: find_filing(connection, filing))
        if found and found.recorded >= sequence:
            return True
        if loop.time() > end:
            return False
        await asyncio.sleep(LOOK_SECONDS)


def _contact(connection: Connection, case: Case, contact: str | None) -> Actor | Refusal | None:
    if contact is None:
        return None
    person = find_person(connection, contact)
    if not isinstance(person, Contact):
        return Refusal(code="unknown_person", text=f"Er is geen contactpersoon '{contact}'.")
    return contact_actor(connection, person, case.filing, case.now)


def _as_seen(current: tuple[Shown, ...], seen: dict[str, str] | None) -> tuple[Shown, ...]:
    """Return the documents as the person saw them: another hash than the current one is another document."""
    if not seen:
        return current
    shown = {document.document: document for document in current}
    return tuple(
        shown[name] if name in shown and shown[name].hash == hash else Shown(document=name, hash=hash)
        for name, hash in seen.items()
    )


def _is_work(case: Case, phase: PhaseView) -> bool:
    planned = case.plan.phase(phase.id)
    return planned.offer is None and planned.deliver is None


def _is_offer(case: Case, phase: PhaseView) -> bool:
    return case.plan.phase(phase.id).offer is not None


def _can_go_back(case: Case, phase: PhaseView) -> bool:
    return case.plan.phase(phase.id).back_to is not None
