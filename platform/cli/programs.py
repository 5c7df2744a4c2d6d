"""What commands that run programs share: a line at once, and stopping by a signal."""

import asyncio
import signal
import sys

import click

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
        loop.add_signal_handler(number, stop.set)
    return stop
