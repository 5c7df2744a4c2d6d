"""`kantoor worker`: one worker, for the embedded server or any cluster."""

import click

from ..runtime import worker as workers
from ..settings import load_settings
from .programs import say


@click.command(help="Run a worker for the Temporal server of the settings, until Ctrl-C.")
def worker() -> None:
    """Run one worker: `kantoor up` starts one by itself, a cluster may have many."""
    workers.run(load_settings(), say)


commands: list[click.Command] = [worker]
