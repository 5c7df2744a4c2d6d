"""Having bulk runs carried out: one workflow each, begun where none runs (R30)."""

import asyncio

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from ..clock import PracticeClock
from ..equipment import Equipment
from ..office.bulk import list_running
from ..office.office_clock import clock_of
from .bulk_workflow import BULK, GO_ON
from .client import LIMIT, start_within
from .commands import CARRY_OUT, queue_of
from .inputs import BulkInput
from .starter import timing_of


def workflow_id_of(run: int) -> str:
    """Return the Temporal workflow id of a bulk run."""
    return f"bulk/{run}"


async def go_on(equipment: Equipment, client: Client, run: int) -> None:
    """Have a run that stands as running carried out: begun, or told to look again. Safe to repeat.

    Raises what `start_within` raises, and DatabaseError.
    """
    await _start(equipment, client, run, GO_ON)


async def begin_all(equipment: Equipment, client: Client) -> None:
    """Begin the runs that should be carried out and do not run: the server lost them, or never heard.

    Raises what `start_within` raises, and DatabaseError.
    """
    with equipment.database.read() as connection:
        running = list_running(connection)
    for run in running:
        await _start(equipment, client, run, None)


async def _start(equipment: Equipment, client: Client, run: int, signal: str | None) -> None:
    settings = equipment.settings
    practice = await asyncio.to_thread(_keeps_practice_time, equipment)
    queue = queue_of(settings.temporal.task_queue, CARRY_OUT)
    input = BulkInput(run=run, timing=timing_of(settings.timing(practice)), task_queue=queue)
    await start_within(
        LIMIT,
        workflow_id_of(run),
        lambda: client.start_workflow(
            BULK,
            input,
            id=workflow_id_of(run),
            task_queue=queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=(
                WorkflowIDConflictPolicy.USE_EXISTING if signal else WorkflowIDConflictPolicy.FAIL
            ),
            start_signal=signal,
            rpc_timeout=LIMIT,
        ),
    )


def _keeps_practice_time(equipment: Equipment) -> bool:
    with equipment.database.read() as connection:
        return isinstance(clock_of(connection), PracticeClock)
