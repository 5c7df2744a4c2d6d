"""`kantoor demo`: what `make demo` runs."""

import asyncio
from pathlib import Path

import click

from ..local.demo import play
from ..local.demo.stage import DemoFailedError
from ..local.problems import LocalError, MisuseError
from ..settings import load_settings
from .failures import BUG, OUTSIDE, Failure
from .programs import local_errors, say


@click.command(help="Play a month of VAT returns in a practice office of its own.")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Its folder; by default demo in the home.",
)
@click.option("--day", type=click.FloatRange(min=0.1), default=0.4, show_default=True, help="Seconds a day.")
def demo(home: Path | None, day: float) -> None:
    """Exit status 0 only when the simulator's journal holds exactly what the database says was delivered."""
    folder = home or load_settings().home / "demo"
    with local_errors():
        try:
            asyncio.run(play(folder, day, say))
        except MisuseError:
            raise
        except LocalError as error:
            status = BUG if isinstance(error, DemoFailedError) else OUTSIDE
            raise Failure(f"{error}. {_NEXT.format(folder / 'logs')}", status) from None


_NEXT = "What its programs said lies in {}; kantoor demo plays it again from the start"


commands: list[click.Command] = [demo]
