"""Folders: where definitions name files of a folder that has none, that is one mistake and told once."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Diagnostic
from .references import FOLDERS, list_references


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report the first name of a file in each folder that has none."""
    empty = {code: folder for code, folder in FOLDERS.items() if not getattr(definitions, folder)}
    for reference in list_references(definitions) if empty else ():
        folder = empty.pop(reference.code, None) if reference.name else None
        if folder:
            message = f"{reference.code.title} '{reference.name}': there is no file in the folder {folder}"
            yield reference.code.at(reference.place, message)
