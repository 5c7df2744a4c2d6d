"""Transient answers of the Temporal server: after one of them the same call can be made again.

`TRANSIENT` is the only list of them. What a person waits for goes through `within`, which repeats the call as
long as its answer is on the list and the limit is not over; rounds and the doctor ask again by themselves.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Transient:
    """An answer that passes: its status, what tells it from others of that status, and what brings it about.

    `failure` is the name of a message of `temporal.api.errordetails.v1` that the server sends along, `text` a
    part of its sentence where it sends none. After `most` of it in a row (0: any number) it does not pass.
    """

    status: RPCStatusCode
    because: str
    failure: str = ""
    text: str = ""
    most: int = 0

    def matches(self, error: RPCError) -> bool:
        """Say whether an error is this answer."""
        if error.status != self.status or self.text not in error.message:
            return False
        return not self.failure or self.failure in _failures_of(error)


TRANSIENT = (
    Transient(RPCStatusCode.UNAVAILABLE, "the server is unavailable, or comes up"),
    Transient(RPCStatusCode.UNKNOWN, "the server went away during the call", text="transport error"),
    Transient(RPCStatusCode.RESOURCE_EXHAUSTED, "ten updates are in flight, a run ends, or calls are many"),
    Transient(
        RPCStatusCode.FAILED_PRECONDITION,
        "workflow tasks timed out or failed several times, and the next one is waited for",
        failure="WorkflowNotReadyFailure",
    ),
    Transient(
        RPCStatusCode.FAILED_PRECONDITION, "no worker has asked for tasks lately", text="no poller seen"
    ),
    Transient(
        RPCStatusCode.NOT_FOUND,
        "the run ended before it took the update; the next answer says whether another run goes on",
        text="update was aborted by closing workflow",
        most=2,  # where no other run goes on, the server keeps to it for this update
    ),
    Transient(
        RPCStatusCode.INVALID_ARGUMENT,
        "a new server answers, and the office that starts registers its search attributes a moment later",
        text="no mapping defined for search attribute",
        most=10,  # of a cluster where nobody may register them it never passes: within a limit it is told
    ),
    Transient(RPCStatusCode.ABORTED, "the part of a cluster that has the workflow moves to another machine"),
    Transient(RPCStatusCode.DEADLINE_EXCEEDED, "the server's own time for one call was over"),
    Transient(RPCStatusCode.CANCELLED, "the client's own time for one call was over"),
)
"""Two of these no server of one machine gives, so that no test brings them about: ABORTED, DEADLINE_EXCEEDED.

The client sends its own time along and says CANCELLED as soon as that is over, before a server can. The parts
of a cluster (and a proxy before it) have a time of their own for what they ask of each other, and say
DEADLINE_EXCEEDED; not to repeat it would end a command that would have succeeded.
"""


def find_transient(error: RPCError) -> Transient | None:
    """Return the entry of the list that an error is, or None when repeating the call mends nothing."""
    return next((one for one in TRANSIENT if one.matches(error)), None)


async def within(limit: timedelta, call: Callable[[], Awaitable[T]]) -> T | None:
    """Return what the call returns, repeated while its answer passes; None when the limit is over.

    Raises every other error of the call.
    """
    stopped = _count_cancellations()
    pause = FIRST_PAUSE_SECONDS
    last, times = None, 0
    try:
        async with asyncio.timeout(limit.total_seconds()):
            while True:
                try:
                    return await call()
                except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
                    if _count_cancellations() > stopped:  # so the client's core says that we were stopped
                        raise asyncio.CancelledError from error
                    if isinstance(error, RPCError):
                        passing = find_transient(error)
                        last, times = passing, times + 1 if passing is last else 1
                        if passing is None or times > (passing.most or times):
                            raise
                    _log.debug("repeated after: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
    except TimeoutError:
        return None


def _failures_of(error: RPCError) -> set[str]:
    """Return the names of the failures that the server sent along with a status."""
    return {detail.type_url.rpartition(".")[2] for detail in error.grpc_status.details}


def _count_cancellations() -> int:
    """Return how often the task that runs here was told to stop and has not done so yet."""
    task = asyncio.current_task()
    return task.cancelling() if task else 0
