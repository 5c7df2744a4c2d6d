"""The folder with the definitions, as the commands take it that read them: DIR, `definitions` by default."""

from pathlib import Path
from typing import NamedTuple

import click

from .failures import WRONG_USE, Failure


class Asked(NamedTuple):
    """What is to be checked: a folder, one file of it, or with `is_input` standard input in its place."""

    path: Path
    is_input: bool = False


def _check_folder(context: click.Context, parameter: click.Parameter, folder: Path) -> Path:
    if folder.is_dir():
        return folder
    if folder.exists():
        next_step = "Give DIR, the folder with the definitions: this reads all of them."
        raise Failure(f"'{folder}' is a file", WRONG_USE, next_step)
    next_step = "Give DIR, the folder with the definitions, or go to the repository that holds it first."
    if Path("office.yaml").exists():
        next_step = "You are in the folder with the definitions: give it as '.' for DIR."
    raise Failure(f"no such folder: '{folder}'", WRONG_USE, next_step)


_PATH = click.Path(path_type=Path)
_DEFAULT = Path("definitions")

definitions_folder = click.argument(
    "folder", metavar="[DIR]", default=_DEFAULT, callback=_check_folder, type=_PATH
)


def _read_words(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> Asked:
    paths = [word for word in words if word != "-"]
    if len(paths) > 1 or len(words) - len(paths) > 1:
        raise click.UsageError("expected at most one DIR or FILE, and at most one -", context)
    path = Path(_PATH.convert(paths[0], parameter, context)) if paths else _DEFAULT
    is_input = "-" in words
    if is_input or not path.is_file():
        _check_folder(context, parameter, path)
    return Asked(path, is_input)


asked_definitions = click.argument(
    "asked", metavar="[DIR | FILE] [-]", nargs=-1, callback=_read_words, type=str
)
"""DIR, a FILE in it, or '-' for one file of standard input."""
