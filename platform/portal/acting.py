"""Acts of people run on one event loop in a thread of its own; pages wait for them in theirs, for so long."""

import asyncio
import threading
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

T = TypeVar("T")

LIMIT = timedelta(seconds=15)


class NoAnswerError(Exception):
    """An act was not answered within the limit: it is not known whether it arrived; repeating it is safe."""


class Acting:
    """The loop that holds the connection to Temporal, which is made at the first act."""

    def __init__(self, limit: timedelta = LIMIT) -> None:
        self.limit = limit
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="acting", daemon=True)
        self._thread.start()

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        """Carry an act out and return its outcome. Raises what it raises, and NoAnswerError past the limit.

        It is cut off then: it happens once when it is repeated.
        """
        running = asyncio.run_coroutine_threadsafe(act, self._loop)
        try:
            return running.result(self.limit.total_seconds())
        except TimeoutError:
            if running.done():  # the act's own
                raise
            running.cancel()
            raise NoAnswerError from None

    def close(self) -> None:
        """Stop the loop; acts that run are cut off, and happen once when they are repeated."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
