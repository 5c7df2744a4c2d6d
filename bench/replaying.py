"""`python -m bench.replaying`: the CPU that a worker needs to replay a filing's history, as after a restart.

Recorded histories are replayed as a worker does, in the sandbox. What the first replay of a process costs,
which imports the workflow's modules, is left out: a worker pays it once.
"""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import click
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import Replayer

from kantoor.runtime.converter import PayloadConverter
from kantoor.runtime.filing_workflow import FilingWorkflow
from kantoor.runtime.task_queues import workflow_runner

HISTORIES = Path(__file__).parents[1] / "tests" / "histories"
TIMES = 10


def read_histories() -> Iterator[WorkflowHistory]:
    """Yield the recorded histories of today's format, stories of the VAT return and of constructs."""
    for file in sorted([*HISTORIES.glob("*.json.gz"), *HISTORIES.glob("constructs/*.json.gz")]):
        yield WorkflowHistory.from_json(file.name, gzip.decompress(file.read_bytes()).decode())


async def measure(history: WorkflowHistory) -> float:
    """Return the CPU seconds of one replay."""
    replayer = Replayer(
        workflows=[FilingWorkflow],
        workflow_runner=workflow_runner(),
        data_converter=DataConverter(payload_converter_class=PayloadConverter),
    )

    async def repeat(times: int) -> AsyncIterator[WorkflowHistory]:
        for _ in range(times):
            yield history

    async def replay(times: int) -> float:
        began = time.process_time()
        await replayer.replay_workflows(repeat(times))
        return time.process_time() - began

    await replay(1)
    once = await replay(1)
    return (await replay(1 + TIMES) - once) / TIMES


@click.command()
def main() -> None:
    """Replay each history, and print its events, its CPU, and the CPU of 300 such events."""
    click.echo(f"{'history':<36}{'events':>8}{'ms':>8}{'ms of 300':>11}")
    for history in read_histories():
        seconds, events = asyncio.run(measure(history)), len(history.events)
        name = history.workflow_id.removesuffix(".json.gz")
        click.echo(f"{name:<36}{events:>8}{seconds * 1000:>8.0f}{seconds * 300_000 / events:>11.0f}")


if __name__ == "__main__":
    main()
