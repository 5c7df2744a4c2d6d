"""Show 7: the bare machine and the workflow tell the same story the same way."""

from pathlib import Path

import msgspec
import pytest
from temporalio.testing import WorkflowEnvironment

from kantoor.filing.outcome import Entry
from kantoor.plan import Plan

from ..shipped import compile_shipped
from .stories import BEGUN, CONSTRUCTS, STORIES, BareMachine, Workflow
from .world import World

DEFINITIONS = Path(__file__).parents[2] / "definitions"


@pytest.fixture(scope="session")
def shipped() -> Plan:
    return compile_shipped().plans["btw-aangifte"]


def to_the_minute(entries: list[Entry]) -> list[dict[str, object]]:
    """The workflow's moments lie milliseconds after the calendar's."""
    return [
        msgspec.to_builtins(entry) | {"at": entry.at.replace(second=0, microsecond=0).isoformat()}
        for entry in entries
    ]


@pytest.mark.parametrize("name", [*STORIES, *CONSTRUCTS])
async def test_machine_and_workflow_tell_the_same_timeline(
    env: WorkflowEnvironment, world: World, shipped: Plan, name: str
) -> None:
    plan, story = CONSTRUCTS[name] if name in CONSTRUCTS else (shipped, STORIES[name])
    begun = BEGUN.get(name, {})
    bare = BareMachine(plan, **begun)
    await story(bare)
    async with world.workers(env.client):
        workflow = await Workflow.begin(env, world, plan, **begun)
        await story(workflow)
    told = to_the_minute(workflow.timeline())
    assert told == to_the_minute(bare.timeline())
    assert told[-1]["what"] == "filing_ended"
