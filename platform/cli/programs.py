"""What commands that run programs share: a line at once, stopping by a signal, an office's own errors."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from ..local.problems import LocalError, MisuseError
from .failures import OUTSIDE, WRONG_USE, Failure

as_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)


def say(text: str) -> None:
    """Print a line at once, also into a pipe or log."""
    click.echo(text)
    sys.stdout.flush()


def until_signal() -> asyncio.Event:
    """Return an event that Ctrl-C, SIGTERM or a closed terminal sets."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with suppress(NotImplementedError):  # Windows: Ctrl-C ends asyncio.run by itself
            loop.add_signal_handler(number, stop.set)
    return stop


@contextmanager
def local_errors(status: int = OUTSIDE) -> Iterator[None]:
    """End the command with the sentence of what keeps an office from running here."""
    try:
        yield
    except MisuseError as error:
        raise Failure(str(error), WRONG_USE) from None
    except LocalError as error:
        raise Failure(str(error), status) from None
