"""Showing how far long work is: a bar on a terminal, nothing in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from ..service.progress import Progress, Stage, show_nothing
from ..words import STAGE_WORDS


class Bar(Protocol):
    """Takes what the bar says, how much is done, and of how much (0: not known)."""

    def __call__(self, text: str, done: float, total: float) -> None:
        """Show it."""


@contextmanager
def show_bar() -> Iterator[Bar | None]:
    """Give a bar on standard error that leaves no trace; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Drawing

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Drawing(*columns, console=Console(stderr=True), transient=True) as drawing:
        task = drawing.add_task("", total=None, visible=False)
        yield lambda text, done, total: drawing.update(
            task, description=text, completed=done, total=total or None, visible=True
        )


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Give what the service tells how far it is."""
    with show_bar() as shown:
        if shown is None:
            yield show_nothing
            return

        def show(stage: Stage, done: int = 0, total: int = 0) -> None:
            counted = f" {done}/{total}" if total else ""
            shown(f"{STAGE_WORDS[stage]}{counted}", done, total)

        yield show
