"""`python -m bench.chaos`, or `make chaos SEED=3 ROUNDS=5`: exit status 1 when anything is violated."""

import asyncio
import os
import sys

import click

from ..office import own_folder, quiet, stop_on_signals
from .backup import put_back
from .bulk import start_in_bulk
from .busy import busy_loops
from .dribble import dribble
from .moving import move_often
from .opening import open_office
from .printed import (
    report,
    report_bulk,
    report_dribble,
    report_moves,
    report_opening,
    report_put_back,
    report_race,
    report_requests,
)
from .race import race
from .requests import ask_clients
from .run import Wanted, run
from .scenes import SCENES, Scene

RACES = 200


@click.command(help="Kill programs while filings run; prove that nothing is lost or double.")
@click.option("--seed", envvar="SEED", default=1, show_default=True, help="What is left to chance.")
@click.option("--rounds", envvar="ROUNDS", type=click.IntRange(1, 10), default=5, show_default=True)
@click.option("--filings", envvar="FILINGS", type=click.IntRange(3, 200), default=12, show_default=True)
@click.option(
    "--kills", envvar="KILLS", type=click.IntRange(0), default=6, show_default=True, help="A round."
)
@click.option(
    "--opening",
    envvar="OPENING",
    type=click.IntRange(0, 1000),
    default=300,
    show_default=True,
    help="Filings due at one opening hour, at which the worker is killed; 0: leave it out.",
)
@click.option(
    "--moves",
    envvar="MOVES",
    type=click.IntRange(0, 200),
    default=50,
    show_default=True,
    help="Filings moved to other plans while the worker is killed; 0: leave it out.",
)
@click.option(
    "--bulk",
    envvar="BULK",
    type=click.IntRange(0, 5000),
    default=60,
    show_default=True,
    help="Relations of a bulk start while worker and server are killed; 0: leave it out.",
)
@click.option(
    "--busy",
    envvar="BUSY",
    type=click.IntRange(0, 64),
    default=0,
    show_default=True,
    help="Loops that use up the machine beside it.",
)
@click.option(
    "--scenes",
    envvar="SCENES",
    default=",".join(SCENES),
    show_default=True,
    help="What else happens, with commas between; 'none': nothing.",
)
@click.option("--keep", envvar="KEEP", is_flag=True, help="Keep the folder, also when all is well.")
def chaos(
    seed: int,
    rounds: int,
    filings: int,
    kills: int,
    opening: int,
    moves: int,
    bulk: int,
    busy: int,
    scenes: str,
    keep: bool,
) -> None:
    """Run, print the report, and keep the office's folder when something is violated."""
    wanted = Wanted(seed=seed, rounds=rounds, filings=filings, kills=kills, scenes=_read_scenes(scenes))
    quiet()
    stop_on_signals()
    with own_folder("chaos", keep) as folder, busy_loops(busy):
        text, violations = report(asyncio.run(run(wanted, folder.path / "home", click.echo)))
        click.echo(f"\n{text}")
        if opening:
            text, more = report_opening(asyncio.run(open_office(opening, folder.path / "opening")))
            click.echo(f"\n{text}")
            violations += more
        if moves:
            text, more = report_moves(asyncio.run(move_often(moves, folder.path / "moving", seed)))
            click.echo(f"\n{text}")
            violations += more
        if bulk:
            text, more = report_bulk(asyncio.run(start_in_bulk(bulk, folder.path / "bulk", seed)))
            click.echo(f"\n{text}")
            violations += more
        if "dribble" in wanted.scenes:
            text, more = report_dribble(asyncio.run(dribble(filings, folder.path / "dribble", click.echo)))
            click.echo(f"\n{text}")
            violations += more
        if "backup" in wanted.scenes:
            text, more = report_put_back(asyncio.run(put_back(filings, folder.path / "backup", click.echo)))
            click.echo(f"\n{text}")
            violations += more
        if "requests" in wanted.scenes:
            asked = ask_clients(filings, kills, folder.path / "requests", seed)
            text, more = report_requests(asyncio.run(asked))
            click.echo(f"\n{text}")
            violations += more
        if "race" in wanted.scenes:
            text, more = report_race(race(RACES, folder.path / "race"))
            click.echo(f"\n{text}")
            violations += more
        folder.keep = keep or violations > 0
    sys.stdout.flush()
    # A process that used temporalio may abort when it exits (DESIGN 7).
    os._exit(1 if violations else 0)


def _read_scenes(written: str) -> frozenset[Scene]:
    """Read names of scenes. Raises BadParameter."""
    names = set(written.split(",")) - {"none", ""}
    if unknown := names - set(SCENES):
        raise click.BadParameter(f"unknown scenes: {', '.join(sorted(unknown))}; known: {', '.join(SCENES)}")
    return frozenset(scene for scene in SCENES if scene in names)


if __name__ == "__main__":
    chaos()
