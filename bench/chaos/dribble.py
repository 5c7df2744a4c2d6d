"""One answer of Digipoort that dribbles its headers for long, while other returns are due (R65).

An office of its own, in which nothing is killed: a client waits half a minute for the slow answer, and every
other return is agreed and delivered within that time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from .people import Manners
from .run import Ran, Wanted, run
from .stories import Story

TITLE = "while one answer dribbles, every other return is delivered"
DRIBBLED = "dribbled_answer"
ANSWER_SECONDS = 40
"""So long the client waits for an answer in this office."""

STORIES = (Story("approved, headers dribbled", scenarios=(DRIBBLED,)), Story("approved"))
"""The first one of the first relation; the other of all others."""


@dataclass(frozen=True)
class Dribbled:
    """What came of it: how many others were taken in the meantime, and the proof of the run."""

    others: int
    taken: int
    late: tuple[str, ...]
    ran: Ran

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        yield f"{'one answer dribbled':<32}for {ANSWER_SECONDS} s"
        yield f"{'others taken meanwhile':<32}{self.taken} of {self.others}"

    def violations(self) -> Iterator[str]:
        """Yield every sentence of what should not be so."""
        yield from self.late


async def dribble(filings: int, home: Path, say: Callable[[str], None]) -> Dribbled:
    """Play it with so many filings in an office in `home`. Raises LocalError and UnfitError."""
    wanted = Wanted(
        seed=1,
        rounds=1,
        filings=filings,
        informed=0,
        kills=0,
        manners=Manners(thinking=0.3, impatient=0, clumsy=0, wrong=0, talkative=0),
        scenes=frozenset(),
        stories=STORIES,
        answer_seconds=ANSWER_SECONDS,
    )
    return judge(await run(wanted, home, say))


def judge(ran: Ran) -> Dribbled:
    """Hold every other delivery against the time for which the one answer dribbled."""
    entry = next(one for one in ran.evidence.journal if one.scenario == DRIBBLED)
    until = entry.accepted + timedelta(seconds=ANSWER_SECONDS)
    others = [one for one in ran.evidence.deliveries if one.kenmerk != entry.kenmerk]
    late = tuple(
        f"{one.filing} was taken at {one.taken_at}, the dribble went on until {until}"
        for one in others
        if one.taken_at is None or one.taken_at >= until
    )
    return Dribbled(len(others), len(others) - len(late), late, ran)
