"""`kantoor snapshot`: what runs in an office, or is closed, as a file; and the verdicts by one."""

import sys
from datetime import date
from pathlib import Path

import click

from ..files import write_whole
from ..review.review import Side
from ..review.runs import Runs
from ..service.reviewing.closed_filings import make_closed_snapshot
from ..service.reviewing.snapshots import SnapshotError, find_named, make_snapshot, read_snapshot
from ..service.reviewing.verdicts import judge_what_runs
from ..service.reviewing.what_runs import WhatRuns, read_what_runs
from ..words import count_of
from .desk import ask_desk
from .failures import NO, OUTSIDE, WRONG_USE, Failure
from .options import IsoDay
from .progress import show_progress


def judge(before: Side, after: Side, file: Path | None, today: date, days: int) -> Runs:
    """Return what becomes of what runs by a snapshot, or without one of what runs here. Raises Failure.

    One that is more than so many days old today is marked as too old.
    """
    runs = ask_desk(read_what_runs) if file is None else _read_file(file)
    judged = judge_what_runs(runs, before.plans, after.plans, (before.office, after.office))
    return judged.mark_age(today, days, runs.written)


def _read_file(file: Path) -> WhatRuns:
    try:
        return read_what_runs_of(file, file.read_bytes())
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}", OUTSIDE) from None


def read_what_runs_of(file: Path, content: bytes) -> WhatRuns:
    """Return what runs by a snapshot, the content of a file. Raises Failure."""
    try:
        return read_snapshot(content)
    except SnapshotError as error:
        hint = "Make a new one with kantoor snapshot."
        raise Failure(f"{file} cannot be read: {error}", WRONG_USE, hint) from None


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it to FILE, over what is there; default: print it.",
)
@click.option(
    "--find", "id", metavar="ID", help="Say instead which filing or relation an id of one stands for."
)
@click.option(
    "--closed", is_flag=True, help="Write the filings that have ended, with all that happened to them."
)
@click.option(
    "--since",
    type=IsoDay(),
    metavar="DATE",
    help="With --closed: those alone that ended on DATE or later.",
)
def snapshot(out: Path | None, id: str | None, closed: bool, since: date | None) -> None:
    """Write what runs here, or is closed, as a file that names nobody, for diff and what-if.

    It may leave the office: it holds states, what relations have, days and choices, and of clients and
    colleagues no name, number, address or free text. The plans in it name the office itself. Filings and
    relations have invented ids, which --find traces back in this office.

    With --closed it holds what happened to filings that have ended, for `kantoor what-if`: acts by role, days
    and hours, and choices. A FILE whose name ends in .gz is compressed.
    """
    if since is not None and not closed:
        raise click.UsageError("--since is about filings that have ended: give --closed too")
    if id is not None:
        named = ask_desk(lambda desk: find_named(desk, id.strip()))
        if named is None:
            raise Failure("no filing or relation of this office has that id", NO)
        click.echo(f"{named.kind} {named.name}")
        return
    if closed:
        packed = out is not None and out.suffix == ".gz"
        with show_progress() as shown:
            content = ask_desk(lambda desk: make_closed_snapshot(desk, since, shown, packed=packed))
    else:
        content = ask_desk(make_snapshot)
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, content)
    click.echo(f"written: {out} ({count_of(len(content), 'byte', 'bytes')})")


commands: list[click.Command] = [snapshot]
