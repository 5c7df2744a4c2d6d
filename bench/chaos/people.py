"""The people of one filing: they look at what waits, think, act, and repeat what they got no answer to."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from temporalio.service import RPCError

from kantoor.filing.outcome import Refusal
from kantoor.filing.view import PhaseView, View, WorkItem, read_view
from kantoor.office.database.errors import DatabaseError
from kantoor.office.filings.filing import Filing
from kantoor.runtime.client import NotRunning, Unknown
from kantoor.runtime.connecting import ServerAwayError
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Done, Outcome
from kantoor.service.filings.attaching import Attached, attach

from ..material import TEAM
from .lists import Lists
from .memory import Memory, Sent
from .stories import Part
from .waits import StuckError, limited

Move = Callable[[], Awaitable[None]]
Call = Callable[[Acts], Awaitable[Outcome]]

AGAIN_SECONDS = 0.2
LOOK_AGAIN_SECONDS = 5
REFUSALS_AT_MOST = 5
PROOF = b"Telefoonnotitie: de klant geeft akkoord."


@dataclass(frozen=True)
class Manners:
    """How people are: seconds they think at most, and how often they are impatient, clumsy or wrong.

    Who is impatient stops waiting for an answer within half a second and sends the act again, under its id.
    Who is clumsy repeats an act after hearing that it was taken. Who is wrong tries somebody else's work.
    """

    thinking: float = 0.8
    impatient: float = 0.3
    clumsy: float = 0.15
    wrong: float = 0.05
    talkative: float = 0.1


MANNERS = Manners()


@dataclass
class _Taken:
    """An act that was acknowledged: how to send it again, and what it used up of the story.

    `losses` is how often the server's file had been lost by then.
    """

    sent: Sent
    call: Call
    losses: int
    undo: Callable[[], None] = lambda: None


class Player:
    """Plays the people of one filing until it has ended."""

    passing: tuple[str, ...] = ("no_authority", "no_longer_asked")
    """Refusals that pass: who decides may be exchanged again and again, and the filing hears of it later."""

    def __init__(
        self,
        part: Part,
        desk: Desk,
        lists: Lists,
        memory: Memory,
        rng: Random,
        manners: Manners,
        *,
        prefix: str = "",
    ) -> None:
        self.part = part
        self._prefix = prefix
        """Before the ids of acts: players of one filing after each other use others."""
        self._desk = desk
        self._lists = lists
        self._memory = memory
        self._rng = rng
        self._manners = manners
        self._reviews = list(part.story.reviews)
        self._answers = list(part.story.answers)
        self._taken_back = [part.story] if part.story.taken_back else []
        self._attached = 0
        """Round of the phase that makes the return for which one was attached."""
        self._sequence = 1
        self._acts = 0
        self._taken: dict[str, _Taken] = {}
        """What was acknowledged and may be lost with the server's file, by its id."""
        self._refused = False
        self._refusals = 0
        self._answered: str | None = None
        """With what the last act was refused."""

    async def play(self) -> None:
        """Act on whatever waits, until the filing has ended. Raises StuckError."""
        while True:
            filing = await self._lists.until(
                self.part.filing,
                f"step {self._sequence} to be recorded ({self.part.story.name})",
                lambda step, _: step >= self._sequence or bool(self._find_lost()),
            )
            if self._find_lost():
                await self._repeat_lost()
                continue
            if filing.status == "afgesloten":
                return
            move = self._move(read_view(filing.view)) if filing.view else None
            if move is None:
                await self._news(filing)
                continue
            await asyncio.sleep(self._rng.uniform(0, self._manners.thinking))
            await self._err()
            await move()
            if self._refused:
                await self._look_again(filing)

    # --- what to do -----------------------------------------------------------------------------------

    def _move(self, view: View) -> Move | None:
        active = {phase.id: phase for phase in view.phases if phase.status == "active"}
        if self.part.story.cancelled_in in active:
            return lambda: self._do("marieke", "cancel", lambda a: a.cancel(self.part.name, "Dubbel gestart"))
        if self._taken_back and "aanbieden" in active:
            return lambda: self._do(
                TEAM["relatiebeheerder"],
                "back",
                lambda a: a.back(self.part.name, "Een factuur kwam later"),
                self._taken_back,
            )
        if self.part.story.at_once:
            return lambda: self._do("marieke", "cancel", lambda a: a.cancel(self.part.name, "Te vroeg"))
        moves = (self._move_on(item, active, view) for item in view.work)
        return next((move for move in moves if move is not None), None) or self._hurry(view)

    def _hurry(self, view: View) -> Move | None:
        """Have a client who was informed agree: the clock stands still by then, and so does their time."""
        offer = next((one for one in view.offers if one.object_until), None)
        client = (
            next((one for one in offer.recipients if one in self.part.relation.contacts), None)
            if offer
            else None
        )
        if client is None:
            return None
        return lambda: self._agree(client, lambda a: a.decide(self.part.name, "approve"))

    def _move_on(self, item: WorkItem, active: dict[str, PhaseView], view: View) -> Move | None:
        match item.kind:
            case "stalled":
                return lambda: self._do(self._holder(view, item.phase), "retry", self._retry)
            case "phase":
                return self._work(active[item.phase])
            case "decide":
                return self._decide(item)
            case "escalated":
                return self._decide_for_client(view)
            case "task":
                return lambda: self._do(
                    "marieke", "task_done", lambda a: a.task_done(self.part.name, item.id)
                )
            case _:
                return None

    def _work(self, phase: PhaseView) -> Move:
        who = TEAM[phase.role]
        todo = [c.id for c in phase.checkpoints if c.required and c.by is None]
        if todo:
            return lambda: self._do(who, "check", lambda a: a.check(self.part.name, todo[0]))
        if phase.documents and self._attached < phase.round:
            return lambda: self._attach(who, phase.round)
        if phase.reviews and self._reviews and self._reviews[0] == "back":
            return lambda: self._do(
                who, "back", lambda a: a.back(self.part.name, "De voorbelasting klopt niet"), self._reviews
            )
        used = self._reviews if phase.reviews else None
        return lambda: self._do(who, "complete", lambda a: a.complete(self.part.name), used)

    def _decide(self, item: WorkItem) -> Move | None:
        """Have the client answer; a silent one leaves it to the office, once it is escalated."""
        answer = self._answers[0] if self._answers else "approve"
        client = next((one for one in item.contacts if one in self.part.relation.contacts), None)
        if client is None or answer in ("phone", "not_deliver"):
            return None
        if answer == "reject":
            return lambda: self._do(
                client,
                "decide",
                lambda a: a.decide(self.part.name, "reject", reason="De omzet is te hoog"),
                self._answers,
            )
        return lambda: self._agree(client, lambda a: a.decide(self.part.name, "approve"))

    def _decide_for_client(self, view: View) -> Move | None:
        if not self._answers:
            return None
        if self._answers[0] == "not_deliver":
            return lambda: self._do(
                "marieke",
                "decide",
                lambda a: a.decide(self.part.name, "not_deliver", reason="De klant is gestopt"),
                self._answers,
            )
        proof = self._desk.equipment.documents.put(PROOF, "text/plain")
        client = next((one for offer in view.offers for one in offer.waiting), None)
        if client is None:
            return None
        return lambda: self._agree(
            "marieke",
            lambda a: a.decide(
                self.part.name, "approve", contact=client, reason="Per telefoon akkoord", proof=proof
            ),
        )

    def _retry(self, acts: Acts) -> Awaitable[Outcome]:
        return acts.retry(self.part.name)

    def _holder(self, view: View, phase: str) -> str:
        return TEAM[next(p.role for p in view.phases if p.id == phase)]

    # --- doing it -------------------------------------------------------------------------------------

    async def _do(self, who: str, kind: str, call: Call, used: list[Any] | None = None) -> None:
        sent = await self._send(who, kind, call)
        if sent.sequence is not None and used:
            first = used.pop(0)
            self._taken[sent.id].undo = lambda: used.insert(0, first)

    async def _agree(self, who: str, call: Call) -> None:
        """Agree to what is on offer, and remember which bytes that was."""
        filing = self._lists.filing(self.part.filing)
        offers = read_view(filing.view).offers if filing else ()
        shown = [document.hash for offer in offers for document in offer.documents]
        sent = await self._send(who, "decide", call)
        if sent.sequence is not None:
            self._memory.agreed.setdefault(self.part.filing, []).extend(shown)
            if self._answers:
                answers, first = self._answers, self._answers.pop(0)
                self._taken[sent.id].undo = lambda: answers.insert(0, first)

    async def _attach(self, who: str, round_number: int) -> None:
        file, act_id = self._figures(), self._new_id()
        made: list[Attached] = []

        async def call(_: Acts) -> Outcome:
            result = await attach(self._desk, who, self.part.name, file, act_id=act_id)
            if isinstance(result, Refusal):
                return result
            if not isinstance(result, Attached):
                raise AssertionError(f"figures were refused: {result}")
            made.append(result)
            return result.outcome

        sent = await self._send(who, "attach", call, act_id=act_id)
        if sent.sequence is not None:
            self._attached = round_number
            self._taken[sent.id].undo = self._forget_attached
            sent.says["hash"] = made[-1].shown.hash
            self._memory.shown.setdefault(self.part.filing, []).append(made[-1].shown.hash)

    def _forget_attached(self) -> None:
        self._attached -= 1

    def _figures(self) -> Path:
        """Write a file of figures that nobody else has."""
        sales = self._rng.randrange(100_000, 90_000_000, 100)
        paid = self._rng.randrange(1_000, sales // 5)
        file = self._desk.settings.home / "figures" / f"{self.part.relation.number}-{self.part.period}.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            f"rubriek,omzet_centen,btw_centen\n1a,{sales},{sales * 21 // 100}\n5b,,{paid}\n", encoding="utf-8"
        )
        return file

    async def _err(self) -> None:
        """Now and then write a note, or try what is not yours to do: that is refused and leaves nothing."""
        if self._rng.random() < self._manners.talkative:
            number = self.part.relation.number
            text = f"Notitie {self._prefix}{self._acts} van ronde {self.part.round} bij {number}"
            await self._send("sanne", "note", lambda a: a.note(self.part.name, text), {"text": text})
        if self._rng.random() < self._manners.wrong:
            reason = "Dit is niet aan mij"
            sent = await self._send("ruud", "back", lambda a: a.back(self.part.name, reason, "controle"))
            sent.expected_refusal, self._refused = True, False

    async def _look_again(self, filing: Filing) -> None:
        """Wait for news after a refusal: the list was out of date. Raises StuckError when that goes on."""
        self._refused = False
        self._refusals += self._answered not in self.passing
        if self._refusals > REFUSALS_AT_MOST:
            raise StuckError(f"{self.part.filing} ({self.part.story.name}) refuses: {self._memory.sent[-1]}")
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                await self._news(filing)

    def _new_id(self) -> str:
        self._acts += 1
        return f"{self._prefix}{self.part.round}-{self.part.relation.number}-{self._acts}"

    async def _send(
        self, who: str, kind: str, call: Call, says: dict[str, str] | None = None, act_id: str = ""
    ) -> Sent:
        """Send an act until its outcome is known, always under the same id."""
        sent = self._memory.begin(act_id or self._new_id(), self.part.filing, who, kind, says or {})
        await self._settle(sent, call)
        if sent.sequence is None:
            return sent
        self._sequence = max(self._sequence, sent.sequence)
        taken = self._taken[sent.id] = _Taken(sent, call, self._memory.losses)
        if self._rng.random() < self._manners.clumsy:
            await self._again(taken)
        return sent

    async def _settle(self, sent: Sent, call: Call) -> None:
        """Send until it is known to be taken or refused. Raises StuckError."""
        async with limited(lambda: f"the outcome of {sent}"):
            while sent.sequence is None and sent.refused is None:
                outcome = await self._once(sent, call)
                if isinstance(outcome, Done):
                    sent.sequence = outcome.sequence
                elif isinstance(outcome, Refusal):
                    sent.refused = outcome.code
        self._answered = sent.refused
        if sent.sequence is None:
            self._refused = True

    def _find_lost(self) -> list[_Taken]:
        """Return what was acknowledged and is not in the record, as the office said when it was revived."""
        return [one for id, one in self._taken.items() if id in self._memory.unrecorded]

    async def _repeat_lost(self) -> None:
        """Send again what was lost, as the office asked; what is refused now is not done."""
        for taken in self._find_lost():
            del self._taken[taken.sent.id]
            sent = taken.sent
            sent.lost, sent.sequence = True, None
            await self._settle(sent, taken.call)
            if sent.sequence is None:
                taken.undo()
            else:
                self._sequence = sent.sequence

    async def _once(self, sent: Sent, call: Call) -> Outcome | None:
        patience = self._rng.uniform(0.01, 0.5) if self._rng.random() < self._manners.impatient else 60
        try:
            async with asyncio.timeout(patience):
                outcome = await call(Acts(self._desk, sent.who, sent.id))
        except TimeoutError:
            sent.unknown += 1
            return None
        except (RPCError, ServerAwayError, DatabaseError) as error:
            status = f" {error.status.name}" if isinstance(error, RPCError) else ""
            sent.troubles.append(type(error).__name__ + status)
            await asyncio.sleep(AGAIN_SECONDS)
            return None
        if isinstance(outcome, Unknown):
            sent.unknown += 1
        elif isinstance(outcome, NotRunning):
            if self._memory.is_lost:  # as it must: the server does not know the filing
                sent.not_running += 1
            else:
                sent.troubles.append("NotRunning")
            await asyncio.sleep(AGAIN_SECONDS)
        return outcome

    async def _again(self, taken: _Taken) -> None:
        """Send once more what was acknowledged; the answer must be the first one.

        Unless it was lost with the server's file meanwhile: then it is taken now. Raises StuckError.
        """
        sent, outcome = taken.sent, None
        sent.repeated += 1
        async with limited(lambda: f"the answer to a repeat of {sent}"):
            while outcome is None or isinstance(outcome, Unknown | NotRunning):
                outcome = await self._once(sent, taken.call)
        if not isinstance(outcome, Done):
            sent.repeats.append(f"repeating it was answered with {outcome}")
        elif outcome.sequence != sent.sequence and self._memory.losses > taken.losses:
            sent.lost, sent.sequence = True, outcome.sequence
            self._sequence = outcome.sequence
        elif outcome.sequence != sent.sequence:
            sent.repeats.append(f"repeating it was answered as step {outcome.sequence}")

    async def _news(self, filing: Filing) -> None:
        """Wait until more is recorded than we saw; the lists may be a moment behind that."""
        view = read_view(filing.view) if filing.view else None
        waits = [(item.kind, item.phase) for item in view.work] if view else []
        await self._lists.until(
            self.part.filing,
            f"news after step {filing.recorded} ({self.part.story.name}), when {waits} waited",
            lambda step, _: step > filing.recorded or bool(self._find_lost()),
        )
