"""Record stories as histories for replay: `python -m tests.runtime.record_histories STORY...`.

Plain, since a key does not belong in a repository; nobody in them lives. Record again only when nothing
released runs on the old code: otherwise changed workflow code uses `workflow.patched`.
"""

import asyncio
import gzip
import sys
from collections.abc import Sequence
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter

from kantoor.compiler.compilation import compile_definitions
from kantoor.plan import Plan
from kantoor.runtime.converter import PayloadConverter

from .stories import STORIES, Workflow
from .world import World, skipping_server

ROOT = Path(__file__).parents[2]
HISTORIES = ROOT / "tests" / "histories"


async def record(plan: Plan, story: str) -> WorkflowHistory:
    """Run a story through the workflow and return its history."""
    async with skipping_server(DataConverter(payload_converter_class=PayloadConverter)) as env:
        world = World()
        async with world.workers(env.client):
            workflow = await Workflow.begin(env, world, plan)
            await STORIES[story](workflow)
            return await env.client.get_workflow_handle(workflow.filing.id).fetch_history()


async def main(stories: Sequence[str]) -> None:
    """Record these stories of every shipped template."""
    for name, plan in compile_definitions(ROOT / "definitions").plans.items():
        for story in stories:
            history = await record(plan, story)
            file = HISTORIES / f"{name}.{story}.json.gz"
            file.write_bytes(gzip.compress(history.to_json().encode(), mtime=0))
            sys.stdout.write(f"{file.name}: {len(history.events)} events\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
