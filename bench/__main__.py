"""`python -m bench`, or `make bench`: what things cost here and now, and against the bare thing."""

import asyncio
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from . import (
    against,
    bulk,
    compiling,
    diffing,
    editing,
    exploring,
    life,
    pages,
    policies,
    reading,
    scenarios,
    starts,
    verdicts,
    what_if,
)
from .big_office import Size
from .office import own_folder, quiet, stop_on_signals


def _measure_compiling(folder: Path) -> Iterator[str]:
    yield "Checking, against a C parser that composes the same files and check-jsonschema (CPU)"
    yield from (f"  {one.line()}" for one in compiling.measure(folder))


def _measure_diffing(folder: Path) -> Iterator[str]:
    yield "Comparing two revisions, against a check of one (CPU of whole programs)"
    yield from (f"  {line}" for line in diffing.measure(folder).lines())


def _measure_editing(folder: Path) -> Iterator[str]:
    measured = asyncio.run(editing.measure(folder))
    yield f"Editing an office of {measured.files} files, through the language server"
    yield from (f"  {line}" for line in measured.lines())


def _measure_reading(folder: Path) -> Iterator[str]:
    size = Size()
    yield (
        f"An office of {size.relations} relations, {size.filings} filings, {size.work} open items,"
        " against SQL for the same rows (CPU, best of turns)"
    )
    yield from (f"  {one.line()}" for one in reading.measure(folder, size))


def _measure_pages(folder: Path) -> Iterator[str]:
    size = Size()
    yield (
        f"Pages of an office of {size.relations} relations, {size.filings} filings, {size.work} open items,"
        f" over HTTP (marks: {pages.MARKS})"
    )
    yield from (f"  {line}" for line in pages.measure(folder, size))


def _measure_exploring(_folder: Path) -> Iterator[str]:
    yield "Exploring the VAT return on the bare machine"
    yield from (f"  {line}" for line in exploring.measure().lines())


def _measure_policies(folder: Path) -> Iterator[str]:
    yield "Policies on the shipped templates (seconds of the clock, a process for each core)"
    yield from (f"  {line}" for line in policies.measure(folder))


def _measure_verdicts(folder: Path) -> Iterator[str]:
    yield "Verdicts on what runs, from the stored states (seconds of the clock)"
    yield from (f"  {line}" for line in verdicts.measure(folder))


def _measure_what_if(folder: Path) -> Iterator[str]:
    yield "What if, from the file of closed filings (seconds of the clock, a process for each core)"
    yield from (f"  {line}" for line in what_if.measure(folder))


def _measure_starts(folder: Path) -> Iterator[str]:
    yield "Starts, against a bare start_workflow of a workflow that does nothing, on one server"
    yield from (f"  {line}" for line in asyncio.run(starts.measure(folder)).lines())


def _measure_bulk(folder: Path) -> Iterator[str]:
    yield "Bulk runs, against a bare concurrent loop of start_workflow on one server"
    yield from (f"  {line}" for line in asyncio.run(bulk.measure(folder)).lines())


def _measure_life(folder: Path) -> Iterator[str]:
    yield f"One filing with ten human acts (medians and means over {life.FILINGS})"
    yield from (f"  {line}" for line in asyncio.run(life.measure(folder)).lines())


def _measure_against(folder: Path) -> Iterator[str]:
    yield "Our filing against a hand-written workflow of the same return, in turns"
    yield from (f"  {line}" for line in asyncio.run(against.measure(folder)).lines())


def _measure_scenarios(folder: Path) -> Iterator[str]:
    yield "Scenarios on the bare machine, against the same on a time-skipping server"
    yield from (f"  {one.line()}" for one in scenarios.measure(folder))


SECTIONS = {
    "compiling": _measure_compiling,
    "diffing": _measure_diffing,
    "editing": _measure_editing,
    "reading": _measure_reading,
    "pages": _measure_pages,
    "exploring": _measure_exploring,
    "policies": _measure_policies,
    "verdicts": _measure_verdicts,
    "whatif": _measure_what_if,
    "scenarios": _measure_scenarios,
    "starts": _measure_starts,
    "bulk": _measure_bulk,
    "life": _measure_life,
    "against": _measure_against,
}


@click.command(
    help="Measure compiling, comparing, editing, reading a big office, its pages, exploring, policies,"
    " verdicts, what if, scenarios, starts, bulk runs, and a filing, also against one by hand; or only what"
    " is named."
)
@click.argument("sections", nargs=-1, type=click.Choice([*SECTIONS]))
def bench(sections: Sequence[str]) -> None:
    """Measure and print, with marks where there are some."""
    quiet()
    stop_on_signals()
    began = time.monotonic()
    click.echo(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    with own_folder("bench") as folder:
        for name in sections or SECTIONS:
            click.echo()
            for line in SECTIONS[name](folder.path / name):
                click.echo(line)
    load = os.getloadavg()[0]
    click.echo(f"\n{time.monotonic() - began:.0f} s, load average {load:.1f}")
    sys.stdout.flush()
    # A process that used temporalio may abort when it exits (DESIGN 7).
    os._exit(0)


if __name__ == "__main__":
    bench()
