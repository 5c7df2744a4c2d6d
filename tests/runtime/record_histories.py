"""Record stories as histories for replay: `python -m tests.runtime.record_histories STORY|CONSTRUCT...`.

Plain, since a key does not belong in a repository; nobody in them lives. Record again only when nothing
released runs on the old code: otherwise changed workflow code uses `workflow.patched`.

Replay what was recorded, and record again where it does not: the time-skipping server can give out a task
without news between two results of one moment, which a replay joins to the next, so that one comes later.
"""

import asyncio
import gzip
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter

from kantoor.compiler.compilation import compile_definitions
from kantoor.plan import Plan
from kantoor.runtime.converter import PayloadConverter

from .stories import BEGUN, CONSTRUCTS, STORIES, Stage, Workflow
from .world import World, skipping_server

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "tests" / "histories"
TOLD_OF = "btw-aangifte"
"""The shipped template whose phases the stories name; what others use is recorded by construct."""


async def record(plan: Plan, story: Callable[[Stage], Awaitable[None]], **begun: Any) -> WorkflowHistory:
    """Run a story through the workflow and return its history; `begun` is what its start has of its own."""
    async with skipping_server(DataConverter(payload_converter_class=PayloadConverter)) as env:
        world = World()
        async with world.workers(env.client):
            workflow = await Workflow.begin(env, world, plan, **begun)
            await story(workflow)
            return await env.client.get_workflow_handle(workflow.filing.id).fetch_history()


async def main(names: Sequence[str]) -> None:
    """Record these stories of the shipped VAT return, and those of constructs on their own small plans."""
    for construct in (name for name in names if name in CONSTRUCTS):
        begun = BEGUN.get(construct, {})
        await write(HISTORIES / "constructs" / f"{construct}.json.gz", *CONSTRUCTS[construct], **begun)
    plan = compile_definitions(ROOT / "definitions").plans[TOLD_OF]
    for story in (name for name in names if name in STORIES):
        await write(HISTORIES / f"{TOLD_OF}.{story}.json.gz", plan, STORIES[story])


async def write(file: Path, plan: Plan, story: Callable[[Stage], Awaitable[None]], **begun: Any) -> None:
    """Record a story into a file."""
    history = await record(plan, story, **begun)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(gzip.compress(history.to_json().encode(), mtime=0))
    sys.stdout.write(f"{file.name}: {len(history.events)} events\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
