"""Requests of data: answered in parts, late, by telephone, sent back, while people change and programs die.

An office of its own, with a template of its own (`asking/`): a form and a list are asked of every client,
each with its reminders. Clients let days go by before they answer; contacts are exchanged meanwhile.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from kantoor.filing.outcome import Refusal
from kantoor.filing.view import ItemView, RequestView, View
from kantoor.local import practice
from kantoor.office.filings.dossier import list_dossier
from kantoor.period import Period
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Enclosure, Outcome
from kantoor.service.filings.proofs import keep_document, keep_proof
from kantoor.service.starting import starting
from kantoor.service.starting.starting import Selection, Wish
from kantoor.service.uploads import Upload

from ..material import TEAM, made_up
from ..office import DEFINITIONS, practice_office, settings_in
from .evidence import Evidence, gather
from .kills import Killer, running
from .lists import Lists
from .memory import Memory
from .people import Manners, Move, Player
from .promises import follow_request
from .run import FIRST_DAY, Ran, Wanted, meanwhile
from .scenes import Imports, Loss, People
from .stories import Part, Story, period_of
from .surely import surely
from .waits import limited

TITLE = "everything that was asked came in and was looked at once, reminded only while it was missing"
OWN = Path(__file__).with_name("asking")
TEMPLATE = "uitvragen"
ASKED_IN = "uitvraag"
DOER = TEAM["administratie"]
DAY_SECONDS = 0.8
END = practice.closing_of(datetime(2026, 2, 27))
MANNERS = Manners(thinking=0.4, impatient=0.3, clumsy=0.15, wrong=0, talkative=0.1)


@dataclass(frozen=True, slots=True)
class Asked(Story):
    """How the requests of one filing go.

    The client lets `days` go by before the first answer. The office sends back what came first (`back`). What
    nobody has to give comes when its phase is over (`late`), else it does not apply. Or the client is silent
    until somebody calls (`phone`).
    """

    days: float = 0
    back: bool = False
    late: bool = False
    phone: bool = False


def _asked(
    name: str, *, days: float = 0, back: bool = False, late: bool = False, phone: bool = False
) -> Asked:
    return Asked(name, scenarios=(), delivers=False, days=days, back=back, late=late, phone=phone)


STORIES = (
    _asked("answered"),
    _asked("sent back", back=True),
    _asked("after reminders", days=7),
    _asked("after reminders, sent back", days=5, back=True),
    _asked("one item late", late=True),
    _asked("silent, then by telephone", phone=True),
    _asked("after reminders, one item late", days=4, back=True, late=True),
)


@dataclass(frozen=True)
class Requested:
    """What came of it: how often clients were reminded and items sent back, and the proof of the run."""

    reminders: int
    sent_back: int
    late: int
    wrong: tuple[str, ...]
    ran: Ran

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        yield f"{'filings with requests':<32}{len(self.ran.evidence.filings)} in {self.ran.seconds:.0f} s"
        yield f"{'reminders, items sent back':<32}{self.reminders}, {self.sent_back}"
        yield f"{'answers that came late':<32}{self.late}"
        yield f"{'contacts exchanged':<32}{self.ran.people.exchanged}"
        yield f"{'kills':<32}{len(self.ran.kills)}"

    def violations(self) -> Iterator[str]:
        """Yield every sentence of what should not be so."""
        yield from self.wrong


async def ask_clients(filings: int, kills: int, home: Path, seed: int = 1) -> Requested:
    """Play it with so many filings in an office in `home`. Raises LocalError, UnfitError and StuckError."""
    began, rng = time.monotonic(), Random(seed)
    definitions = home.parent / "asking-definitions"
    shutil.copytree(DEFINITIONS, definitions, ignore=shutil.ignore_patterns("scenarios", "policies"))
    shutil.copytree(OWN, definitions, dirs_exist_ok=True)
    relations = made_up(filings)
    parts = tuple(
        Part(one, 1, period_of(1), STORIES[number % len(STORIES)], TEMPLATE)
        for number, one in enumerate(relations)
    )
    said: list[str] = []
    settings = settings_in(home, restart_seconds=0.2, steady_seconds=3)
    opened = practice_office(
        settings,
        relations,
        said.append,
        day=FIRST_DAY,
        seconds_per_day=DAY_SECONDS,
        definitions=definitions,
    )
    async with opened as (office, desk):
        lists, memory, killer = Lists(desk), Memory(), Killer(office, Random(rng.random()))
        people = People(desk, lists, Random(rng.random()), Imports(desk, home / "exchanged"), phase=ASKED_IN)
        players = [Asker(part, desk, lists, memory, Random(rng.random()), MANNERS, people) for part in parts]
        over, pause = asyncio.Event(), 20 * DAY_SECONDS / max(kills, 1)
        async with meanwhile(lists.run()), meanwhile(killer.run(1, killer.victims(kills), pause)):
            await _begin(desk, parts)
            exchanging = asyncio.create_task(people.run({p.filing: p.relation for p in parts}, over))
            try:
                async with limited("every request to be settled", 900):
                    await asyncio.gather(*(player.play() for player in players))
            finally:
                over.set()
                await exchanging
        for name in office.children:
            await running(office, name)
        await office.client()
        evidence = await gather(office, desk, said)
        wrong = tuple(_judge(desk, evidence, parts, memory))
    wanted = Wanted(
        seed=seed, rounds=1, filings=filings, informed=0, kills=kills, scenes=frozenset(), manners=MANNERS
    )
    loss = Loss(office, desk, killer, memory, lists)
    seconds = time.monotonic() - began
    ran = Ran(wanted, (parts,), tuple(killer.kills), memory, people, loss, evidence, seconds)
    lines = evidence.timeline
    return Requested(
        reminders=sum(message.purpose == "reminder" for message in evidence.messages),
        sent_back=sum(line.what == "item_sent_back" for line in lines),
        late=sum(line.what == "request_answered" and line.data.get("late") == "ja" for line in lines),
        wrong=wrong,
        ran=ran,
    )


async def _begin(desk: Desk, parts: tuple[Part, ...]) -> None:
    """Start the filings and the clock."""
    numbers = tuple(part.relation.number for part in parts)
    wish = Wish(template=TEMPLATE, period=Period.parse(period_of(1)), selection=Selection(relations=numbers))
    begun = await surely("filings to start", lambda: starting.start(desk, "marieke", wish, dry_run=False))
    assert not isinstance(begun, Refusal), begun.text
    assert all(line.result != "not_ready" for line in begun), begun

    async def run_clock() -> object:
        return await practice.run(desk.settings, desk.equipment.database, await desk.client(), END)

    await surely("the clock to run", run_clock)


class Asker(Player):
    """Plays who is asked and who looks at the answers."""

    passing = (*Player.passing, "wrong_person", "unknown_person", "nothing_received", "not_ready")

    def __init__(
        self,
        part: Part,
        desk: Desk,
        lists: Lists,
        memory: Memory,
        rng: Random,
        manners: Manners,
        people: People,
    ) -> None:
        super().__init__(part, desk, lists, memory, rng, manners)
        assert isinstance(part.story, Asked)
        self._story = part.story
        self._people = people
        self._silent = self._story.days * DAY_SECONDS
        self._sent_back: list[str] = []

    def _move(self, view: View) -> Move | None:
        """Choose what somebody does about the requests, else what completes the phase."""
        active = {phase.id: phase for phase in view.phases if phase.status == "active"}
        called = any(item.kind == "escalated" for item in view.work)
        moves = [
            move
            for request in view.requests
            for item in request.items
            if (move := self._move_item(request, item, asked=ASKED_IN in active, called=called)) is not None
        ]
        if moves:
            return self._rng.choice(moves)
        working = next((item for item in view.work if item.kind == "phase" and not item.missing), None)
        if working is None or any(one.status == "received" for r in view.requests for one in r.items):
            return None
        return self._work(active[working.phase])

    def _move_item(self, request: RequestView, item: ItemView, *, asked: bool, called: bool) -> Move | None:
        if item.status == "received":
            return self._look(request, item, asked=asked)
        if item.status not in ("open", "sent_back"):
            return None
        if item.required or item.status == "sent_back":
            if not asked or (self._story.phone and not called):
                return None
            return self._give(request, item)
        if self._story.late:
            return None if asked else self._give(request, item)
        return self._skip(request, item) if asked and (called or not self._story.phone) else None

    def _look(self, request: RequestView, item: ItemView, *, asked: bool) -> Move:
        """Have the office send back what came first, and accept what came then."""
        name, which = request.id, _which(request, item)
        if asked and self._story.back and f"{name} {item.id}" not in self._sent_back:
            return lambda: self._do_marked(
                f"{name} {item.id}",
                lambda a: a.send_back_item(self.part.name, name, which, "Pagina 2 ontbreekt"),
            )
        return lambda: self._do(DOER, "accept_item", lambda a: a.accept_item(self.part.name, name, which))

    async def _do_marked(self, item: str, call: Callable[[Acts], Awaitable[Outcome]]) -> None:
        sent = await self._send(DOER, "send_back_item", call)
        if sent.sequence is not None:
            self._sent_back.append(item)

    def _give(self, request: RequestView, item: ItemView) -> Move:
        """Have the client answer, or who called them."""
        return lambda: self._answer(request, item)

    async def _answer(self, request: RequestView, item: ItemView) -> None:
        silent, self._silent = self._silent, 0.0
        await asyncio.sleep(silent)
        client = self._people.first_of(self.part.relation)
        by_phone = self._story.phone and item.status != "sent_back"
        who, contact = (DOER, client) if by_phone else (client, None)
        which = _which(request, item)
        text = f"{self._new_id()} {item.title}".encode()
        if request.kind == "form":
            proof = keep_proof(self._desk, _file("telefoonnotitie.txt", text)) if by_phone else None
            await self._do(
                who,
                "answer",
                lambda a: a.answer(
                    self.part.name, request.id, values={"auto": "nee"}, contact=contact, proof=proof
                ),
            )
            return
        documents: tuple[Enclosure, ...] = (keep_document(self._desk, _file(f"{item.id}.txt", text)),)
        sent = await self._send(
            who,
            "answer",
            lambda a: a.answer(self.part.name, request.id, item=which, documents=documents, contact=contact),
            {"item": item.title, "hashes": documents[0].hash},
        )
        if sent.sequence is not None:
            self._memory.given.setdefault(self.part.filing, []).append(documents[0].hash)

    def _skip(self, request: RequestView, item: ItemView) -> Move:
        return lambda: self._do(
            self._people.first_of(self.part.relation),
            "not_applicable",
            lambda a: a.not_applicable(self.part.name, request.id, _which(request, item), "Ik rijd niet"),
        )


def _which(request: RequestView, item: ItemView) -> str | None:
    """Return how an act names an item; a form is one by itself."""
    return None if request.kind == "form" else item.id


def _file(name: str, content: bytes) -> Upload:
    return Upload(name=name, media_type="text/plain", content=content)


def _judge(desk: Desk, evidence: Evidence, parts: tuple[Part, ...], memory: Memory) -> Iterator[str]:
    """Yield what is lost of what was given, is not settled, or was reminded of while nothing was missing."""
    ring = desk.equipment.document_ring
    for part in parts:
        relation = part.relation.number
        lines = desk.read(partial(list_dossier, relation=relation, open_sealed=ring.open_sealed))
        kept = {line.hash for line in lines}
        for given in memory.given.get(part.filing, []):
            if given not in kept:
                yield f"{part.filing}: a document that was given is not in the dossier"
        yield from _judge_reminders(evidence, part)


def _judge_reminders(evidence: Evidence, part: Part) -> Iterator[str]:
    """Yield the reminders that were asked for while nothing of their request was missing."""
    rebuilt = evidence.rebuilt[part.filing]
    for number, command in rebuilt.sends.items():
        if command.purpose != "reminder" or command.automation is None:
            continue
        request = f"{command.phase}.{command.automation}"
        missing = set(rebuilt.wanted.get(request, ()))
        for line in evidence.lines(part.filing):
            if line.sequence <= rebuilt.asked[number]:
                follow_request(missing, line, request)
        if not missing:
            yield f"{part.filing}: reminder {number} was asked for while nothing of {request} was missing"
