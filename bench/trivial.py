"""A workflow that does nothing, and a worker for it in its own process: what our starts are held against."""

import asyncio
import sys

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

QUEUE = "trivial"


@workflow.defn(name="Trivial")
class Trivial:
    """Ends at once."""

    @workflow.run
    async def run(self) -> None:
        """Do nothing."""


async def serve(address: str) -> None:
    """Work until the process is ended."""
    client = await Client.connect(address)
    async with Worker(client, task_queue=QUEUE, workflows=[Trivial]):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
