"""`kantoor worker`: one worker, for the embedded server or any cluster."""

import click

from ..local.worker import run_worker
from ..settings import load_settings
from .printing import say


@click.command(help="Run a worker for the Temporal server of the settings, until Ctrl-C.")
def worker() -> None:
    """Run one worker: `kantoor up` starts one by itself, a cluster may have many."""
    run_worker(load_settings(), say)


commands: list[click.Command] = [worker]
