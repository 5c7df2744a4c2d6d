"""How long the Temporal server keeps the histories of what has ended (R65)."""

from datetime import timedelta

from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client

from .transient import within

LIMIT = timedelta(seconds=10)


async def keep_histories(client: Client, kept: timedelta) -> None:
    """Have the server keep the histories of what ends from now on this long. Raises RPCError.

    A server that does not answer keeps what it had: the doctor tells.
    """
    config = NamespaceConfig()
    config.workflow_execution_retention_ttl.FromTimedelta(kept)
    asked = UpdateNamespaceRequest(namespace=client.namespace, config=config)

    async def update() -> None:
        await client.workflow_service.update_namespace(asked, timeout=LIMIT)

    await within(LIMIT, update)


async def read_retention(client: Client) -> timedelta | None:
    """Return how long the server keeps the histories of what has ended; None: no answer. Raises RPCError."""
    asked = DescribeNamespaceRequest(namespace=client.namespace)

    async def describe() -> timedelta:
        answer = await client.workflow_service.describe_namespace(asked, timeout=LIMIT)
        return answer.config.workflow_execution_retention_ttl.ToTimedelta()

    return await within(LIMIT, describe)
