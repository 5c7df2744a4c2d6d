"""Making much at once that is kept: Python's collector of garbage would go through it again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep the garbage collector from going through what is being made: nearly all of it is kept."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()  # and give it back at once: what was made is among the oldest, unlooked at
            gc.unfreeze()
            gc.enable()
