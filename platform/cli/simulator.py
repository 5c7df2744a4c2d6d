"""`kantoor digipoort-simulator`: the simulator of Digipoort."""

from pathlib import Path

import click

from ..local.simulator import Options, run_simulator
from .printing import say

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("digipoort-simulator", help="Run a simulator of Digipoort on this machine, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port.")
@click.option("--folder", type=_FOLDER, required=True, help="State: journal and delivered bytes.")
@click.option(
    "--certificates", type=_FOLDER, required=True, help="Certificates; made when the folder has none."
)
@click.option("--script", type=_FILE, help="YAML: which delivery gets which scenario.")
@click.option("--clock", type=_FILE, help="JSON: the practice clock, for the earliest day of a return.")
@click.option("--port-file", type=_FILE, help="File that receives the port once it is ready.")
def digipoort_simulator(
    port: int,
    folder: Path,
    certificates: Path,
    script: Path | None,
    clock: Path | None,
    port_file: Path | None,
) -> None:
    """Exit status 2 for a script that cannot be used, 3 for anything outside."""
    options = Options(
        port=port,
        folder=folder,
        certificates=certificates,
        script=script,
        clock=clock,
        port_file=port_file,
    )
    run_simulator(options, say)


commands: list[click.Command] = [digipoort_simulator]
