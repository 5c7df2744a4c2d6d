"""Importing a folder of CSV files: all of it, or nothing with everything that is wrong (R25)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from ...emails import comparable
from ...plan import Model, Office
from ..database.engine import Database
from ..database.tables import contacts
from ..office_clock import office_now
from ..presence_changes import Author
from ..relations.demands import Needs
from .applying import Rules, apply_changes, lay_rows
from .columns import FileKind, file_kinds
from .folder import FolderRead, read_folder
from .holdings import Holdings, load
from .identity import IdentityChecker
from .problems import Problem
from .reading import Row
from .writing import Change, Touched

Unless = Literal["always", "losses"]
"""When an import only says what it would do."""


class Counted(Model):
    """What an import did to the records of one kind."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


class Imported(Model):
    """What an import did, or would do where it is not `done`; `counts` by kind of record.

    Warnings are reported and stop nothing. `losses` say in Dutch what somebody should agree to: what it takes
    away from work that goes on, and the letters of a file that had to be guessed. `readdressed` are the
    contacts who had an address and have another one now: links that were sent to them are dead.
    """

    counts: dict[str, Counted]
    warnings: tuple[Problem, ...] = ()
    losses: tuple[str, ...] = ()
    readdressed: tuple[str, ...] = ()
    done: bool = True


class NotImported(Model):
    """Nothing was imported, for all these reasons, in the order of files and lines."""

    problems: tuple[Problem, ...]


def import_folder(
    database: Database,
    folder: Path,
    office: Office,
    checker: IdentityChecker,
    progress: Callable[[Literal["reading", "checking", "writing"]], None] = lambda stage: None,
    *,
    needs: Needs | None = None,
    unless: Unless | None = None,
) -> Imported | NotImported:
    """Add and update relations, people, roles and products from the CSV files of a folder; never remove.

    Any of the files may be absent; a column that is absent leaves what is known. `progress` gets what is
    being done. With `unless` nothing is written always, or where it has `losses`; what work lacks is
    judged by the `needs` of reports. Raises DatabaseError.
    """
    kinds = file_kinds(office)
    progress("reading")
    with database.read() as connection:
        held = load(connection).made_up(kinds.values())
    read = read_folder(folder, kinds, held)
    if not isinstance(read, FolderRead):
        return NotImported(problems=_in_order(read, kinds))
    rows, problems, warnings, unsure = read
    rules = Rules(office, checker, needs or {})
    with database.write() as connection:
        progress("checking")
        holdings = load(connection, [table for name in unsure for table in kinds[name].tables])
        author = Author(None, office_now(connection))  # a file says nothing of who wrote it
        judged = lay_rows(connection, rows, holdings, rules, author.at.date())
        problems += judged.errors
        if problems:
            return NotImported(problems=_in_order(problems, kinds))
        progress("writing")
        with connection.begin_nested() as attempt:
            touched, lost = apply_changes(connection, holdings, rules, author)
            losses = (*map(str, warnings), *lost)
            done = not (unless == "always" or (unless == "losses" and losses))
            if not done:
                attempt.rollback()
    if done:
        database.renew_statistics()
    return Imported(
        counts=_counts(touched, rows, kinds),
        warnings=_in_order(judged.warnings, kinds),
        losses=losses,
        readdressed=tuple(sorted(_find_readdressed(holdings))),
        done=done,
    )


def _find_readdressed(holdings: Holdings) -> Iterator[str]:
    before, after = holdings.before[contacts.name], holdings.after[contacts.name]
    for key in before.keys() & after.keys():
        old, new = before[key]["email"], after[key]["email"]
        if old and new and comparable(old) != comparable(new):
            yield str(key[0])


def _in_order(problems: list[Problem], kinds: dict[str, FileKind]) -> tuple[Problem, ...]:
    order = {name: place for place, name in enumerate(kinds)}
    return tuple(sorted(problems, key=lambda p: (order.get(p.file, -1), p.file, p.line, p.column)))


def _counts(touched: Touched, rows: list[Row], kinds: dict[str, FileKind]) -> dict[str, Counted]:
    """Count the records of each table that has a file; a role that lost its member has changed."""
    files = {row.file for row in rows}
    named = [table.name for kind in kinds.values() if kind.name in files for table in kind.tables]
    return {name: _count_changes([*touched[name].values()]) for name in named}


def _count_changes(changes: list[Change]) -> Counted:
    changed = changes.count("changed") + changes.count("dropped")
    return Counted(new=changes.count("new"), changed=changed, unchanged=changes.count("unchanged"))
