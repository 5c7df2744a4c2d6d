"""Every shipped scenario on the time-skipping server comes to the timeline of the bare machine."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from kantoor.filing.outcome import Entry
from kantoor.simulation.story import Line

from ..shipped import compile_shipped
from .scenarios import live, play

DEFINITIONS = Path(__file__).parents[2] / "definitions"
TEMPLATES = sorted(folder.name for folder in DEFINITIONS.glob("scenarios/*"))


def told(lines: Iterable[Line | Entry]) -> list[tuple[str, str, str, str, str]]:
    """Return a timeline to the hour; of what is told in one hour results may come in another order.

    To the hour, since all that many do at one moment takes its time on the server; stories do everything on
    the hour.
    """
    return sorted(
        (f"{one.at:%Y-%m-%d %H}", one.what, one.by, one.phase or "", str(sorted(one.data.items())))
        for one in lines
    )


@pytest.mark.parametrize("template", TEMPLATES)
async def test_the_scenarios_of_a_template_come_to_the_same_timelines_on_the_server(
    env: WorkflowEnvironment, template: str
) -> None:
    names = sorted(name for name in compile_shipped().scenarios if name.startswith(f"{template}/"))
    stories = {name: play(compile_shipped(), name) for name in names}
    assert {event.at.minute for story in stories.values() for event in story.events} == {0}
    lived = await live(env, stories)
    assert {name: told(lived[name]) for name in names} == {
        name: told(story.lines) for name, story in stories.items()
    }
