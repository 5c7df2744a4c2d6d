"""Showing how far long work is: a bar on a terminal, a plain line now and then elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Protocol

import click

from ..service.progress import Progress, Stage
from ..words import STAGE_WORDS

QUIET_SECONDS = 2.0
"""Work that is done by then needs no word."""

BETWEEN_SECONDS = 10.0
"""Between two plain lines: a log is read afterwards."""


class Bar(Protocol):
    """Takes what the bar says, how much is done, and of how much (0: not known)."""

    def __call__(self, text: str, done: float, total: float) -> None:
        """Show it."""


@contextmanager
def show_bar() -> Iterator[Bar]:
    """Give a bar on standard error that leaves no trace; plain lines where nobody watches."""
    if not sys.stderr.isatty():
        with _tell_plainly() as tell:
            yield tell
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
def _tell_plainly() -> Iterator[Bar]:
    """Give what keeps the last text, and print it when the work takes long, as often as it has changed.

    By a thread: work that says nothing for a while is just what somebody wonders about.
    """
    latest, over = [""], Event()

    def tell() -> None:
        told, wait = "", QUIET_SECONDS
        while not over.wait(wait):
            wait = BETWEEN_SECONDS
            if latest[0] != told:
                told = latest[0]
                click.echo(f"{told} …", err=True)

    def keep(text: str, done: float, total: float) -> None:
        latest[0] = text

    teller = Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield keep
    finally:
        over.set()
        teller.join()


@contextmanager
def show_work(text: str) -> Iterator[None]:
    """Say what is done while the block runs, where nobody can tell how much of it is."""
    with show_bar() as shown:
        shown(text, 0, 0)
        yield


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Give what the service tells how far it is."""
    with show_bar() as shown:

        def show(stage: Stage, done: int = 0, total: int = 0) -> None:
            counted = f" {done}/{total}" if total else ""
            shown(f"{STAGE_WORDS[stage]}{counted}", done, total)

        yield show
