"""Who polls the task queue of an office, and whether its Temporal server answers."""

import asyncio
from datetime import UTC, datetime

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from ..equipment import Equipment
from ..office.programs import note_answer, note_silence

ANSWERS_WITHIN_SECONDS = 5.0


async def count_pollers(client: Client, task_queue: str) -> int:
    """Return how many workers poll a task queue for workflows, some moments late. Raises RPCError."""
    asked = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    answer = await client.workflow_service.describe_task_queue(asked)
    return len(answer.pollers)


async def beat(equipment: Equipment, client: Client) -> bool:
    """Write down that this worker looks after the office, and whether the server answers it.

    A worker that the server does not know is none. Nothing is left to be done at once. Raises DatabaseError.
    """
    database, now = equipment.database, datetime.now(UTC)
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
            polled = await count_pollers(client, equipment.settings.temporal.task_queue)
    except (RPCError, TimeoutError):
        polled = 1
        await asyncio.to_thread(note_silence, database, "temporal", now)
    else:
        await asyncio.to_thread(note_answer, database, "temporal", now)
    if polled:
        await asyncio.to_thread(note_answer, database, "worker", now)
    return False
