"""The folder with the definitions, as the commands take it that read them: DIR, `definitions` by default."""

from pathlib import Path

import click

from .failures import WRONG_USE, Failure


def _check_folder(context: click.Context, parameter: click.Parameter, folder: Path) -> Path:
    if folder.exists():
        return folder
    next_step = "Give DIR, the folder with the definitions, or go to the repository that holds it first."
    if Path("office.yaml").exists():
        next_step = "You are in the folder with the definitions: give it as '.' for DIR."
    raise Failure(f"no such folder: '{folder}'", WRONG_USE, next_step)


_FOLDER = click.Path(file_okay=False, path_type=Path)
_DEFAULT = Path("definitions")

definitions_folder = click.argument(
    "folder", metavar="[DIR]", default=_DEFAULT, callback=_check_folder, type=_FOLDER
)


def _read_words(
    context: click.Context, parameter: click.Parameter, words: tuple[str, ...]
) -> tuple[Path, bool]:
    folders = [word for word in words if word != "-"]
    if len(folders) > 1 or len(words) - len(folders) > 1:
        raise click.UsageError("expected at most one DIR, and at most one -", context)
    given = _FOLDER.convert(folders[0], parameter, context) if folders else _DEFAULT
    return _check_folder(context, parameter, Path(given)), "-" in words


folder_and_standard_input = click.argument(
    "source", metavar="[DIR] [-]", nargs=-1, callback=_read_words, type=str
)
"""DIR, and whether '-' asks for one file of standard input."""
