"""Whose a Temporal server is: the first office that connects leaves its mark, and no other one speaks to it.

Workflow ids have no office in them: on another office's server a command would say 'gestart' of what that
office's worker can never read. The mark is a workflow that no worker carries out; the name of its task queue
is the office's, which the server tells without any key.
"""

from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from ..equipment import Equipment
from ..office.own_home import IS_A_COPY, is_not_yet_up
from ..settings import Settings
from .connecting import ServerAwayError
from .transient import within

MARK = "kantoor/office"
"""Workflow id of the mark, one in each namespace."""

TYPE = "kantoor.office"
LIMIT = timedelta(seconds=10)


class OtherOfficeError(ServerAwayError):
    """The server holds another office's work; the sentence says which settings name one and the other."""


class NotYetUpError(ServerAwayError):
    """The office is a copy that has not run in its home: a server that answers may be its original's."""

    def __init__(self, home: Path) -> None:
        super().__init__(IS_A_COPY.format(home=home))


async def claim_server(client: Client, equipment: Equipment) -> None:
    """Leave the office's mark on a server that has none; raise OtherOfficeError where it is another's.

    Raises NotYetUpError for an office that is a copy and has not run since: its name is its original's.
    Raises ServerAwayError when the server does not say whose it is, and RPCError.
    """
    settings = equipment.settings
    if is_not_yet_up(settings.home, settings.machine):
        raise NotYetUpError(settings.home)
    queue = _queue_of(equipment.name)

    async def start() -> bool:
        try:
            await client.start_workflow(
                TYPE,
                id=MARK,
                task_queue=queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                rpc_timeout=LIMIT,
            )
        except WorkflowAlreadyStartedError:
            return False
        return True

    owner = await read_owner(client) or (queue if await within(LIMIT, start) else await read_owner(client))
    if owner is None:
        raise ServerAwayError(f"the Temporal server at {equipment.settings.temporal.address} does not answer")
    if owner != queue:
        raise OtherOfficeError(describe_other(equipment.settings))


async def mark_anew(client: Client, name: str) -> None:
    """Put the mark of an office on its own server, whatever mark is there. Raises RPCError.

    A copy brings the mark of its original with the server's state.
    """
    await client.start_workflow(
        TYPE,
        id=MARK,
        task_queue=_queue_of(name),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        rpc_timeout=LIMIT,
    )


async def read_owner(client: Client) -> str | None:
    """Return whose mark a server has, as `is_own` compares it; None where there is none. Raises RPCError."""

    async def describe() -> str:
        return (await client.get_workflow_handle(MARK).describe(rpc_timeout=LIMIT)).task_queue

    try:
        return await within(LIMIT, describe)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        return None


def is_own(owner: str, name: str) -> bool:
    """Say whether a mark is that of the office with this name."""
    return owner == _queue_of(name)


def describe_other(settings: Settings) -> str:
    """Say what is wrong and what to set: the home of the server's office, or the server of this home."""
    return (
        f"the Temporal server at {settings.temporal.address} (namespace {settings.temporal.namespace}) "
        f"belongs to another office than the one in {settings.home}: set KANTOOR_HOME (or "
        "KANTOOR_DATABASE_URL) to that office, or KANTOOR_TEMPORAL_ADDRESS to this one's own server"
    )


def _queue_of(name: str) -> str:
    return f"kantoor-office-{name}"
