"""`kantoor demo`: what `make demo` runs."""

import asyncio
from pathlib import Path

import click

from ..local.demo import demo_home, play
from ..local.errors import MisuseError
from ..settings import load_settings
from .failures import Failure, explain
from .printing import say


@click.command(help="Play a month in a practice office of its own: VAT returns, work on last year, a change.")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Home folder of the demo; default: the folder `demo` in the home folder, or the home folder itself "
    "when a demo made it.",
)
@click.option(
    "--day", type=click.FloatRange(min=0.1), default=0.4, show_default=True, help="Seconds per day."
)
def demo(home: Path | None, day: float) -> None:
    """Exit status 0 only when the simulator's journal holds exactly what the database says was delivered."""
    folder = home or demo_home(load_settings().home)
    try:
        asyncio.run(play(folder, day, say))
    except MisuseError:
        raise  # it says itself what to choose instead
    except Exception as error:
        known = explain(error)
        if known is None:
            raise
        raise Failure(*known, _next_step(folder / "logs")) from None


def _next_step(logs: Path) -> str:
    told = f"The logs of its programs are in {logs}; " if logs.exists() else ""
    return f"{told}kantoor demo (make demo) starts over."


commands: list[click.Command] = [demo]
