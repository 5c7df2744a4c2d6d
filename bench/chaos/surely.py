"""Repeating what failed because something outside did."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio.service import RPCError

from kantoor.office.database.errors import DatabaseError
from kantoor.runtime.connecting import ServerAwayError

from .waits import limited

T = TypeVar("T")

AGAIN_SECONDS = 0.2


async def surely(what: str, call: Callable[[], Awaitable[T]]) -> T:
    """Repeat what says that something outside failed, as its caller is told to.

    Raises StuckError, with what failed last, when `what` goes on failing.
    """
    failed: list[Exception] = []
    async with limited(lambda: f"{what}; it failed {len(failed)} times, at last with {failed[-1:]}"):
        while True:
            try:
                return await call()
            except (RPCError, ServerAwayError, DatabaseError) as error:
                failed.append(error)
                await asyncio.sleep(AGAIN_SECONDS)
    raise AssertionError("unreachable")
