"""Open filings and recurrences whose workflow does not run (R65): Temporal's state is gone, or one ended."""

import asyncio
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

AT_ONCE = 20

_GOING_ON = (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.CONTINUED_AS_NEW)


class Missing(Enum):
    """Why nothing runs under a workflow id."""

    UNKNOWN = "the server does not know it"
    CLOSED = "it was ended on the server, not by its filing"
    COMPLETED = "it has ended, and the office's database does not say so"


class MissingWorkflow(NamedTuple):
    """A workflow that should run and does not."""

    workflow_id: str
    why: Missing


async def find_missing_workflows(client: Client, ids: Sequence[str]) -> list[MissingWorkflow]:
    """Return those of these workflows that do not run, in order. Raises RPCError.

    The server's own list of what runs is some moments late: what is not in it is asked for one by one.
    """
    slots = asyncio.Semaphore(AT_ONCE)
    running = await list_running(client)

    async def one(workflow_id: str) -> MissingWorkflow | None:
        async with slots:
            why = await find_why_missing(client, workflow_id)
        return None if why is None else MissingWorkflow(workflow_id, why)

    found = await asyncio.gather(*(one(id) for id in ids if id not in running))
    return [missing for missing in found if missing is not None]


async def list_running(client: Client) -> frozenset[str]:
    """Return the workflow ids that the server lists as running, some moments late. Raises RPCError."""
    listed = client.list_workflows("ExecutionStatus = 'Running'")
    return frozenset([execution.id async for execution in listed])


async def find_why_missing(client: Client, workflow_id: str) -> Missing | None:
    """Return why nothing runs under a workflow id; None while it does. Raises RPCError."""
    try:
        return judge_execution(await client.get_workflow_handle(workflow_id).describe())
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return Missing.UNKNOWN


def judge_execution(execution: WorkflowExecutionDescription) -> Missing | None:
    """Return why a workflow that the server knows does not run; None while it does."""
    if execution.status in _GOING_ON:
        return None
    completed = execution.status == WorkflowExecutionStatus.COMPLETED
    return Missing.COMPLETED if completed else Missing.CLOSED
