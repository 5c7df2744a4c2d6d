"""Waiting with a limit: whoever waits too long says for what."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

LIMIT_SECONDS = 300
"""Nothing in a run takes so long, however busy the machine is: each wait is for one change of one thing."""

LOOK_SECONDS = 0.02


class StuckError(Exception):
    """Something that was waited for did not come; the message says what."""


@asynccontextmanager
async def limited(what: str | Callable[[], str], seconds: float = LIMIT_SECONDS) -> AsyncIterator[None]:
    """Give the block so many seconds. Raises StuckError, which says what it waited for, as of then."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        told = what if isinstance(what, str) else what()
        raise StuckError(f"waited {seconds:g} s for {told}") from error


async def until(
    what: str | Callable[[], str], holds: Callable[[], bool], seconds: float = LIMIT_SECONDS
) -> None:
    """Look until something holds. Raises StuckError."""
    async with limited(what, seconds):
        while not holds():  # noqa: ASYNC110  what is looked at has no events
            await asyncio.sleep(LOOK_SECONDS)
