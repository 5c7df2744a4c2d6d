"""Acts of people run on one event loop in a thread of its own; pages wait for them in theirs."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Acting:
    """The loop that holds the connection to Temporal; temporalio is loaded at the first act."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="acting", daemon=True)
        self._thread.start()

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        """Carry an act out and return its outcome. Raises what it raises."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result()

    def close(self) -> None:
        """Stop the loop; acts that run are cut off, and happen once when they are repeated."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
