"""The threads that pages block: some for who reads and others for who sends a form.

An act waits for its answer. However many do at once, and however long, reading goes on.
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
"""With those for reading no more than the database has connections (`office.database.engine`)."""


class BusyError(Exception):
    """No thread came free within the limit: nothing was done."""


_reading: RunVar[CapacityLimiter] = RunVar("threads for reading")
_acting: RunVar[tuple[Semaphore, CapacityLimiter]] = RunVar("threads for forms")


async def read_in_thread(ask: Callable[..., T], *given: object) -> T:
    """Answer who reads."""
    limiter = _reading.get(None)
    if limiter is None:
        _reading.set(limiter := CapacityLimiter(READING))
    return await run_sync(partial(ask, *given), limiter=limiter)


async def act_in_thread(act: Callable[..., T], *given: object, seconds: float) -> T:
    """Carry out what a form asks, once a thread is free. Raises BusyError when none is for so long."""
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
