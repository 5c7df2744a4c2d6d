"""The folder with the definitions, as the commands take it that read them: DIR, `definitions` by default."""

from pathlib import Path

import click

from .failures import WRONG_USE, Failure


def _check_folder(context: click.Context, parameter: click.Parameter, folder: Path) -> Path:
    if folder.exists():
        return folder
    next_step = "Give DIR, the folder with the definitions, or go to the repository that holds it first."
    raise Failure(f"no such folder: '{folder}'", WRONG_USE, next_step)


definitions_folder = click.argument(
    "folder",
    metavar="[DIR]",
    default=Path("definitions"),
    callback=_check_folder,
    type=click.Path(file_okay=False, path_type=Path),
)
