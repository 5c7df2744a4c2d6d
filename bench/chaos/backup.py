"""A backup is taken while filings run, the office goes on, and the backup is put back into its place (R65).

An office of its own. What its people did since the backup is gone, as `kantoor restore` says; they look at
what waits then, and go on. Digipoort's simulator is part of the archive of a practice office, so it goes back
too; the mailbox is not, so it holds what left since.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from kantoor.filing.outcome import Refusal
from kantoor.local import practice
from kantoor.local.keeping import Restored, back_up, restore
from kantoor.local.office import RunningOffice, running_office
from kantoor.office.filings.deliveries import list_deliveries
from kantoor.office.filings.filing import list_filings
from kantoor.period import Period
from kantoor.service.desk import Desk
from kantoor.service.starting import starting
from kantoor.service.starting.starting import Selection, Wish

from ..material import TEMPLATE, made_up
from ..office import practice_office, settings_in
from .evidence import Evidence, gather, read_steps
from .kills import Killer
from .lists import Lists
from .memory import Memory
from .people import Manners, Player
from .run import FIRST_DAY, Ran, Wanted, meanwhile
from .scenes import REVIEWED, Imports, Loss, People
from .stories import Part, Story, period_of
from .surely import surely
from .waits import limited, until

TITLE = "after a backup was put back, what was recorded before it is there and every filing ends"
MANNERS = Manners(thinking=0.8, impatient=0.1, clumsy=0.1, wrong=0, talkative=0.2)
END = practice.closing_of(datetime(2026, 2, 27))


@dataclass(frozen=True)
class PutBack:
    """What came of it: the steps recorded when the backup began and when it was put back, by filing."""

    before: dict[str, tuple[str, ...]]
    """Digests of the steps that were recorded when the backup began."""
    went_on: int
    """Steps that were recorded between the backup and its being put back."""
    put_back: Restored
    ran: Ran

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        yield f"{'steps recorded at the backup':<32}{sum(map(len, self.before.values()))}"
        yield f"{'  recorded since, put back':<32}{self.went_on}"
        yield f"{'fetched, revived afterwards':<32}{self.ran.loss.fetched}, {self.ran.loss.revived}"
        yield f"{'seconds':<32}{self.ran.seconds:.0f}"

    def violations(self) -> Iterator[str]:
        """Yield every sentence of what should not be so."""
        if not self.went_on:
            yield "nothing happened between the backup and its being put back"
        if not self.put_back.server or not self.put_back.aside:
            yield f"it was not put back whole, or nothing was set aside: {self.put_back}"
        for filing, digests in self.before.items():
            now = tuple(digest for _, digest in self.ran.evidence.steps.get(filing, ()))
            if now[: len(digests)] != digests:
                yield f"{filing}: a step that was recorded before the backup is gone, or is another"


async def put_back(filings: int, home: Path, say: Callable[[str], None]) -> PutBack:
    """Play it with so many filings in an office in `home`. Raises LocalError, UnfitError and StuckError."""
    began = time.monotonic()
    relations = made_up(filings)
    parts = tuple(Part(one, 1, period_of(1), Story("approved")) for one in relations)
    settings, said, memory = settings_in(home, restart_seconds=0.2, steady_seconds=3), [""], Memory()
    archive = home.parent / "office.tar"
    async with practice_office(settings, relations, said.append, day=FIRST_DAY, seconds_per_day=0.8) as (
        office,
        desk,
    ):
        play = _Play(office, desk, parts, memory, "a-")
        await play.begin()
        async with meanwhile(play.lists.run()), meanwhile(play.run()):
            await until("a filing to be reviewed", lambda: play.is_anywhere(REVIEWED))
            before = play.digests()
            done = await asyncio.to_thread(back_up, settings, archive)
            await until("a delivery after the backup", lambda: play.has_delivered(done.moment))
            went_on = play.count_recorded() - sum(map(len, before.values()))
    stopped = datetime.now(UTC)
    back = await asyncio.to_thread(restore, archive, lambda: settings, home)
    say(f"put back as of {back.moment:%H:%M:%S}, {(stopped - back.moment).total_seconds():.0f} s later")
    async with running_office(settings, said.append, here=True) as office:
        desk = Desk(office.equipment, await office.client())
        play = _Play(office, desk, parts, memory, "b-")
        async with meanwhile(play.lists.run()):
            await play.loss.revive()
            await play.run()
        evidence = await gather(office, desk, said[1:])
    evidence = _without_lost_mail(evidence, done.moment, stopped)
    _forget_what_is_gone(memory, evidence)
    wanted = Wanted(seed=1, rounds=1, filings=filings, kills=0, scenes=frozenset(), manners=MANNERS)
    seconds = time.monotonic() - began
    ran = Ran(wanted, (parts,), (), memory, play.people, play.loss, evidence, seconds)
    return PutBack(before, went_on, back, ran)


class _Play:
    """The filings of one office that runs, and their people."""

    def __init__(
        self, office: RunningOffice, desk: Desk, parts: tuple[Part, ...], memory: Memory, prefix: str
    ) -> None:
        self.lists = Lists(desk)
        self.loss = Loss(office, desk, Killer(office, Random(1)), memory, self.lists)
        imports = Imports(desk, desk.settings.home / "exchanged")
        self.people = People(desk, self.lists, Random(1), imports)
        self._desk = desk
        self._parts = parts
        self._memory = memory
        self._prefix = prefix

    async def begin(self) -> None:
        """Start the filings and the clock."""
        numbers = tuple(part.relation.number for part in self._parts)
        period = Period.parse(period_of(1))
        wish = Wish(template=TEMPLATE, period=period, selection=Selection(relations=numbers))
        begun = await surely(
            "filings to start", lambda: starting.start(self._desk, "marieke", wish, dry_run=False)
        )
        assert not isinstance(begun, Refusal), begun.text
        settings, database = self._desk.settings, self._desk.equipment.database
        client = await self._desk.client()
        await surely("the clock to run", lambda: practice.run(settings, database, client, END))

    async def run(self) -> None:
        """Have the people act until every filing has ended."""
        players = (
            Player(part, self._desk, self.lists, self._memory, Random(n), MANNERS, prefix=self._prefix)
            for n, part in enumerate(self._parts)
        )
        async with limited("every filing to end", 900):
            await asyncio.gather(*(player.play() for player in players))

    def is_anywhere(self, phase: str) -> bool:
        """Say whether a filing is in this phase."""
        return any(phase in self.lists.phases(part.filing) for part in self._parts)

    def has_delivered(self, since: datetime) -> bool:
        """Say whether something was delivered since a moment."""
        found = self._desk.read(list_deliveries)
        return any(one.taken_at is not None and one.taken_at > since for one in found)

    def count_recorded(self) -> int:
        """Return how many steps are recorded."""
        return sum(one.recorded for one in self._desk.read(list_filings))

    def digests(self) -> dict[str, tuple[str, ...]]:
        """Return the digests of the steps of each filing."""
        return {id: tuple(digest for _, digest in steps) for id, steps in read_steps(self._desk).items()}


def _without_lost_mail(evidence: Evidence, since: datetime, until: datetime) -> Evidence:
    """Leave out what left between backup and stop, where the office does not know of it or sent it again."""
    known = {message.message_id for message in evidence.messages}
    later = {mail.message_id for mail in evidence.caught if evidence.left[mail.number] > until}
    caught = tuple(
        mail
        for mail in evidence.caught
        if not since <= evidence.left[mail.number] <= until
        or (mail.message_id in known and mail.message_id not in later)
    )
    return replace(evidence, caught=caught)


def _forget_what_is_gone(memory: Memory, evidence: Evidence) -> None:
    """Keep of the acts before those that the office has: of the others it said that they are gone."""
    had = {
        (filing, answer.id): answer.sequence
        for filing, workflow in evidence.workflows.items()
        if workflow.state is not None
        for answer in workflow.state.journal.answered
    }
    for sent in memory.sent:
        if sent.id.startswith("a-"):
            sent.sequence = had.get((sent.filing, sent.id))
    memory.sent = [one for one in memory.sent if not one.id.startswith("a-") or one.sequence is not None]
