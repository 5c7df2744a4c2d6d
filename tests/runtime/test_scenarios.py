"""Shipped scenarios on the time-skipping server come to the timeline of the bare machine."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from kantoor.filing.outcome import Entry
from kantoor.simulation.story import Line

from ..shipped import compile_shipped
from .scenarios import StoryWorld, live, play

DEFINITIONS = Path(__file__).parents[2] / "definitions"
LIVED = (
    "aangifte-ib/aanslag-blijft-uit",
    "aangifte-ib/afgekeurd",
    "aangifte-vpb/bezwaar",
    "btw-aangifte/afgekeurd",
    "btw-aangifte/geweigerd",
    "icp-opgaaf/blijft-liggen",
    "icp-opgaaf/klant-zwijgt",
    "jaarrekening/akkoord",
    "loonaangifte/akkoord",
    "loonaangifte/stukken-blijven-uit",
    "onboarding/klant-zwijgt",
    "onboarding/tweede-oordeel",
    "suppletie/blijft-liggen",
    "suppletie/klein",
    "suppletie/teruggaaf-wijkt-af",
)


def told(lines: Iterable[Line | Entry]) -> list[tuple[str, str, str, str, str]]:
    """Return a timeline to the minute; of what is told in one minute results may come in another order."""
    return sorted(
        (f"{one.at:%Y-%m-%d %H:%M}", one.what, one.by, one.phase or "", str(sorted(one.data.items())))
        for one in lines
    )


@pytest.mark.parametrize("name", LIVED)
async def test_a_scenario_comes_to_the_same_timeline_on_the_server(
    env: WorkflowEnvironment, name: str
) -> None:
    story = play(compile_shipped(), name)
    world = StoryWorld(story)
    async with world.workers(env.client):
        entries = await live(env, world, story)
    assert told(entries) == told(story.lines)
