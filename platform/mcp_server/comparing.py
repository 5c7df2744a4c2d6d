"""What a change of the definitions means, for an assistant: what `kantoor diff` says."""

import dataclasses
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from ..compiler.reports.text import summary, text
from ..proving.proof import prove
from ..review.faces.text import write_text
from ..review.proof import MOST
from ..review.review import review
from ..review.revisions import Repository, RevisionError
from ..review.sides import NotCompiledError, Source, load_sides
from .folder import Changes, Folder

OTHERWISE = "Leave base out and give changes, or name a revision that has this folder."
"""What to do here instead of giving another folder, as a command takes one."""
NOTHING = "Nothing changes in what the definitions mean.\n"


class CannotCompareError(Exception):
    """There is nothing to compare, or a side has errors; the message says which, and what to do."""


def tell_difference(folder: Folder, base: str, changes: Changes | None, *, proves: bool) -> str:
    """Return the review of a change: from a revision to the folder with changes, or from the folder to those.

    Raises OutsideError and CannotCompareError.
    """
    if not base and not changes:
        raise CannotCompareError("say what to compare with: base, a revision of Git, or changes")
    with folder.open(changes) as opened:
        head = Source("the folder with changes" if changes else "the folder", opened, None)
        before = _find_revision(base, folder.path) if base else Source("the folder", folder.path, None)
        try:
            sides = load_sides((before, head))
        except NotCompiledError as error:
            found = dataclasses.replace(error.checked, folder=folder.path)
            raise CannotCompareError(f"{error}.\n{text(found)}{summary(found)}") from None
    reviewed = review(*sides, date.today())
    if proves:
        reviewed = replace(reviewed, proof=prove(*sides, reviewed, MOST))
    return write_text(reviewed) or NOTHING


def _find_revision(name: str, folder: Path) -> Source:
    """Return the folder as a revision has it. Another folder is none: nothing outside this one is read."""
    try:
        repository = Repository(folder)
        return Source(name, folder, repository.read(name, folder), repository.find_short_name(name))
    except RevisionError as error:
        said = str(error).replace(", and no such folder", "; another folder is not compared with here")
        hint = OTHERWISE if "folder" in error.hint else error.hint
        raise CannotCompareError(f"{said}. {hint}".rstrip()) from None
