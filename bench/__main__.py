"""`python -m bench`, or `make bench`: what things cost here and now, and against the bare thing."""

import asyncio
import os
import platform
import sys
import time

import click

from . import against, compiling, exploring, life, reading, starts
from .big_office import Size
from .office import own_folder, quiet, stop_on_signals


@click.command(
    help="Measure compiling, exploring, reading a big office, starts, and a filing, also against one by hand."
)
def bench() -> None:
    """Measure and print, with marks where there are some."""
    quiet()
    stop_on_signals()
    began = time.monotonic()
    click.echo(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}\n")
    with own_folder("bench") as folder:
        click.echo("Compiling, against composing the same files with ruamel.yaml's C parser (best of turns)")
        for compiled in compiling.measure(folder.path / "definitions"):
            click.echo(f"  {compiled.line()}")
        size = Size()
        click.echo(
            f"\nAn office of {size.relations} relations, {size.filings} filings, {size.work} open items,"
            " against SQL for the same rows (CPU, best of turns)"
        )
        for read in reading.measure(folder.path / "reading", size):
            click.echo(f"  {read.line()}")
        click.echo("\nExploring the VAT return on the bare machine")
        for line in exploring.measure().lines():
            click.echo(f"  {line}")
        click.echo("\nStarts, against a bare start_workflow of a workflow that does nothing, on one server")
        for line in asyncio.run(starts.measure(folder.path / "starts")).lines():
            click.echo(f"  {line}")
        click.echo(f"\nOne filing with ten human acts (medians and means over {life.FILINGS})")
        for line in asyncio.run(life.measure(folder.path / "life")).lines():
            click.echo(f"  {line}")
        click.echo("\nOur filing against a hand-written workflow of the same return, in turns")
        for line in asyncio.run(against.measure(folder.path / "against")).lines():
            click.echo(f"  {line}")
    click.echo(f"\n{time.monotonic() - began:.0f} s")
    sys.stdout.flush()
    # A process that used temporalio may abort when it exits (DESIGN 7).
    os._exit(0)


if __name__ == "__main__":
    bench()
