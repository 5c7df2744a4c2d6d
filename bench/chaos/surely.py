"""Repeating what failed because something outside did."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio.service import RPCError

from kantoor.office.database.errors import DatabaseError
from kantoor.runtime.connecting import ServerAwayError

T = TypeVar("T")

AGAIN_SECONDS = 0.2


async def surely(call: Callable[[], Awaitable[T]]) -> T:
    """Repeat what says that something outside failed, as its caller is told to."""
    while True:
        try:
            return await call()
        except (RPCError, ServerAwayError, DatabaseError):
            await asyncio.sleep(AGAIN_SECONDS)
