"""What happens to the filings of a round: how people answer, and what Digipoort makes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from ..material import TEMPLATE, Made

Review = Literal["good", "back"]
Answer = Literal["approve", "reject", "phone", "not_deliver"]
How = Literal["completed", "end", "cancelled"]

HAPPY = "happy"
REFUSED = "refused_content"


@dataclass(frozen=True, slots=True)
class Story:
    """How one filing goes. After the last review and answer listed, everything is good and approved.

    `scenarios` are what Digipoort plays for each delivery that it counts. `informed` stories are for
    relations under a standing authority. `cancelled_in` names the phase in which it is cancelled; one
    that is `taken_back` is sent back while the client has it, and
    one that ends `at_once` is cancelled before anybody works on it.
    """

    name: str
    reviews: tuple[Review, ...] = ()
    answers: tuple[Answer, ...] = ()
    scenarios: tuple[str, ...] = (HAPPY,)
    informed: bool = False
    cancelled_in: str | None = None
    taken_back: bool = False
    at_once: bool = False
    ends: How = "completed"
    ends_in: tuple[str, ...] = ()
    """Phases that were active when it ended before its time."""
    delivers: bool = True
    """Whether something is delivered when it is completed."""

    @property
    def refusals(self) -> int:
        """Return how often the authority refuses the content."""
        return self.scenarios.count(REFUSED)


STORIES = (
    Story("approved"),
    Story("approved, answer lost", scenarios=("lost_answer",)),
    Story("approved, answer slow", scenarios=("slow_answer",)),
    Story("approved, gateway slow", scenarios=("ZwaarbelastAanleveren",)),
    Story("approved, gateway busy", scenarios=("busy", HAPPY)),
    Story("not taken, tried again", scenarios=("deliver_fault", HAPPY)),
    Story("rejected, corrected, approved", answers=("reject", "approve")),
    Story("sent back by review", reviews=("back", "good")),
    Story("refused, corrected, approved", scenarios=(REFUSED, HAPPY)),
    Story("silent, then by telephone", answers=("phone",)),
    Story(
        "silent, then not delivered",
        answers=("not_deliver",),
        scenarios=(),
        ends="end",
        ends_in=("aanbieden",),
    ),
    Story("cancelled", cancelled_in="controle", scenarios=(), ends="cancelled", ends_in=("controle",)),
    Story(
        "cancelled under offer",
        cancelled_in="aanbieden",
        scenarios=(),
        ends="cancelled",
        ends_in=("aanbieden",),
    ),
    Story("taken back from the client", taken_back=True),
    Story("informed", informed=True),
    Story("informed, refused, corrected", informed=True, scenarios=(REFUSED, HAPPY)),
)
"""Every kind of course that a filing can take; a round takes as many as it has relations."""


QUARTER = Story("another quarter, cancelled", at_once=True, scenarios=(), ends="cancelled")
"""The first quarter of a relation whose frequency changed; it would run past the end of the run."""


@dataclass(frozen=True, slots=True)
class Part:
    """One filing to be played: whose, over which period, in which round (from 1), and how."""

    relation: Made
    round: int
    period: str
    story: Story
    template: str = TEMPLATE

    @property
    def name(self) -> str:
        """Return what acts call the filing."""
        return f"{self.template}/{self.relation.number}/{self.period}"

    @property
    def filing(self) -> str:
        """Return its workflow id."""
        return f"filing/{self.name}/-/1"


def cast(relations: Sequence[Made], rounds: int, rng: Random) -> tuple[tuple[Part, ...], ...]:
    """Return the parts of every round: each relation one, with another story each time."""
    deck: dict[bool, list[Story]] = {True: [], False: []}
    parts: list[list[Part]] = []
    for number in range(1, rounds + 1):
        parts.append([])
        for relation in relations:
            if not deck[relation.informed]:
                deck[relation.informed] = _shuffled(relation.informed, rng)
            story = deck[relation.informed].pop()
            parts[-1].append(Part(relation, number, period_of(number), story))
    return tuple(map(tuple, parts))


def period_of(round_number: int) -> str:
    """Return the month whose returns a round is about: January for the first."""
    return f"2026-{round_number:02}"


def script_of(parts: Iterable[Part]) -> list[dict[str, object]]:
    """Return the rows of the simulator's script, by each identity's deliveries in their order."""
    counted: dict[str, int] = {}
    rows: list[dict[str, object]] = []
    for part in parts:
        identity = part.relation.ob_number
        for scenario in part.story.scenarios:
            counted[identity] = counted.get(identity, 0) + 1
            rows.append({"identity": identity, "delivery": counted[identity], "scenario": scenario})
    return rows


def _shuffled(informed: bool, rng: Random) -> list[Story]:
    stories = [story for story in STORIES if story.informed == informed]
    rng.shuffle(stories)
    return stories
