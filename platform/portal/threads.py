"""The threads that pages block: some for forms that act in Temporal, others for all else, one for a balancer.

An act waits for its answer. However many do at once, and however long, people come in, read, search and mend.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter, Semaphore, fail_after
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

T = TypeVar("T")

READING = 20
ACTING = 20
CHECKING = 1
"""Together no more than the database has connections (`office.database.engine`)."""


class BusyError(Exception):
    """No thread came free within the limit: nothing was done."""


_reading: RunVar[CapacityLimiter] = RunVar("threads for reading")
_checking: RunVar[CapacityLimiter] = RunVar("threads for the balancer")
_acting: RunVar[tuple[Semaphore, CapacityLimiter]] = RunVar("threads for forms")


async def read_in_thread(ask: Callable[..., T], *given: object) -> T:
    """Answer who reads, or sends a form that acts on the office database alone."""
    return await run_sync(partial(ask, *given), limiter=_keep_limiter(_reading, READING))


async def check_in_thread(ask: Callable[[], T]) -> T:
    """Look whether the office can be reached, however busy all others are."""
    return await run_sync(ask, limiter=_keep_limiter(_checking, CHECKING))


async def act_in_thread(act: Callable[..., T], *given: object, seconds: float) -> T:
    """Carry out what a form asks of Temporal, once a thread is free. Raises BusyError when none is."""
    kept = _acting.get(None)
    if kept is None:
        _acting.set(kept := (Semaphore(ACTING), CapacityLimiter(ACTING)))
    free, limiter = kept
    try:
        with fail_after(seconds):
            await free.acquire()
    except TimeoutError:
        raise BusyError from None
    try:
        return await run_sync(partial(act, *given), limiter=limiter)
    finally:
        free.release()


def _keep_limiter(kept: RunVar[CapacityLimiter], most: int) -> CapacityLimiter:
    """Return the limiter of the loop that runs; there is one for each."""
    limiter = kept.get(None)
    if limiter is None:
        kept.set(limiter := CapacityLimiter(most))
    return limiter
