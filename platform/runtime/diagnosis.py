"""What is wrong with filings as their server sees it: for `kantoor doctor`, changing nothing."""

from collections.abc import Iterable

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from .client import LIMIT, for_each
from .codec import key_id
from .commands import RECORD
from .keys import KeyRing

STUCK_ATTEMPTS = 5


async def unreadable(client: Client, ring: KeyRing, workflow_ids: Iterable[str]) -> dict[str, str]:
    """Return the filings that began with a key that is not here, with that key's id.

    Looks at what they began with, encrypted as it is. Raises RPCError when the server is away.
    """

    async def missing(workflow_id: str) -> str | None:
        key = await _key_of(client, workflow_id)
        return None if key is None or ring.has(key) else key

    found = await for_each(workflow_ids, missing)
    return {id: key for id, key in found.items() if key is not None}


async def stuck_records(client: Client, workflow_ids: Iterable[str]) -> dict[str, int]:
    """Return the filings whose record is at its fifth attempt or further, with the attempt.

    What happened in them is safe in Temporal and not yet in the database. Raises RPCError.
    """

    async def attempt(workflow_id: str) -> int:
        try:
            described = await client.get_workflow_handle(workflow_id).describe(rpc_timeout=LIMIT)
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return 0
            raise
        pending = described.raw_description.pending_activities
        return max((one.attempt for one in pending if one.activity_type.name == RECORD), default=0)

    found = await for_each(workflow_ids, attempt)
    return {id: number for id, number in found.items() if number >= STUCK_ATTEMPTS}


async def _key_of(client: Client, workflow_id: str) -> str | None:
    request = GetWorkflowExecutionHistoryRequest(
        namespace=client.namespace,
        execution=WorkflowExecution(workflow_id=workflow_id),
        maximum_page_size=1,
    )
    try:
        page = await client.workflow_service.get_workflow_execution_history(request, timeout=LIMIT)
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise
    payloads = page.history.events[0].workflow_execution_started_event_attributes.input.payloads
    return key_id(payloads[0]) if payloads else None
