"""Processes that share work with who began them: they end with it, however it ends."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any


def share(processes: int, begin: Callable[..., None] | None = None, *given: Any) -> ProcessPoolExecutor:
    """Return so many processes that know what this one knows; each begins with `begin`, if it is given."""
    return ProcessPoolExecutor(
        processes, mp_context=get_context("fork"), initializer=_begin, initargs=(begin, given)
    )


def _begin(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    if begin:
        begin(*given)


def _end_with_parent() -> None:
    """End this process once its parent has: one that is killed tells nobody, and work would be waited for."""
    parent = parent_process()
    assert parent is not None, "it was begun by one"
    wait([parent.sentinel])
    os._exit(1)
