"""Importing a folder of CSV files: all of it, or nothing with everything that is wrong (R25)."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from ...plan import Model, Office
from ..database.engine import Database
from ..database.tables import absences, contacts, relation_products, stand_ins, team
from ..filings.open_offers import mark_all_offers, mark_offers
from ..filings.recurrences import mark_stale
from ..office_clock import office_now
from ..plans import active_plans
from ..presence_changes import Author, Kind, note_change
from ..relations.readiness import Needs
from .agreements import FILE, place_rows, read_running
from .checks import check
from .columns import FileKind, file_kinds
from .folder import FolderRead, read_folder
from .holdings import TABLES, Holdings, Key, load
from .identity import IdentityChecker, judge_identities
from .losses import find_losses, read_order
from .problems import Problem
from .reading import Row
from .writing import Change, write

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
    away from work that goes on, and the letters of a file that had to be guessed.
    """

    counts: dict[str, Counted]
    warnings: tuple[Problem, ...] = ()
    losses: tuple[str, ...] = ()
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
    with database.write() as connection:
        progress("checking")
        holdings = load(connection, [table for name in unsure for table in kinds[name].tables])
        for row in rows:
            if row.file != FILE:
                holdings.lay(row)
        today = office_now(connection).date()
        problems += place_rows(rows, holdings, read_running(connection, rows), today)
        judged = judge_identities(rows, holdings, checker, today)
        problems = [*problems, *judged.errors, *check(rows, holdings, office)]
        if problems:
            return NotImported(problems=_in_order(problems, kinds))
        progress("writing")
        plans = [published.plan for published in active_plans(connection)]
        before = read_order(connection, plans, needs or {}, today)
        with connection.begin_nested() as attempt:
            touched = write(connection, holdings)
            _note_presence(connection, holdings, touched)
            mark_stale(connection, relations=_find_changed_agreements(touched))
            _mark_offers(connection, touched)
            after = read_order(connection, plans, needs or {}, today)
            losses = (*map(str, warnings), *find_losses(connection, before, after))
            done = not (unless == "always" or (unless == "losses" and losses))
            if not done:
                attempt.rollback()
    return Imported(
        counts=_counts(touched, rows, kinds),
        warnings=_in_order(judged.warnings, kinds),
        losses=losses,
        done=done,
    )


def _note_presence(connection: Connection, holdings: Holdings, touched: dict[str, dict[Key, Change]]) -> None:
    """Write down what changed of absences, stand-ins and titles; a file says nothing of who wrote it."""
    author = Author(None, office_now(connection))
    kinds: tuple[Kind, ...] = ("absences", "stand_ins", "qualifications")
    for kind in kinds:
        for key in (key for key, change in touched[kind].items() if change != "unchanged"):
            before, after = holdings.before[kind].get(key), holdings.after[kind].get(key)
            note_change(connection, kind, before, after, author)


def _mark_offers(connection: Connection, touched: dict[str, dict[Key, Change]]) -> None:
    """Have it looked up who open offers go to now: of changed relations; where people changed, of all."""
    changed = {
        table: [key for key, change in touched[table.name].items() if change != "unchanged"]
        for table in TABLES
    }
    if any(changed[table] for table in (contacts, team, absences, stand_ins)):
        mark_all_offers(connection)
    relations = set()
    for table, keys in changed.items():
        if "relation" in (names := table.primary_key.columns.keys()):
            relations |= {str(key[names.index("relation")]) for key in keys}
    mark_offers(connection, relations)


def _find_changed_agreements(touched: dict[str, dict[Key, Change]]) -> set[str]:
    """Return the relations whose products are agreed otherwise than before."""
    changes = touched[relation_products.name].items()
    return {str(key[0]) for key, change in changes if change != "unchanged"}


def _in_order(problems: list[Problem], kinds: dict[str, FileKind]) -> tuple[Problem, ...]:
    order = {name: place for place, name in enumerate(kinds)}
    return tuple(sorted(problems, key=lambda p: (order.get(p.file, -1), p.file, p.line, p.column)))


def _counts(
    touched: dict[str, dict[Key, Change]], rows: list[Row], kinds: dict[str, FileKind]
) -> dict[str, Counted]:
    """Count the records of each table that has a file; a role that lost its member has changed."""
    files = {row.file for row in rows}
    named = [table.name for kind in kinds.values() if kind.name in files for table in kind.tables]
    return {name: _count_changes([*touched[name].values()]) for name in named}


def _count_changes(changes: list[Change]) -> Counted:
    changed = changes.count("changed") + changes.count("dropped")
    return Counted(new=changes.count("new"), changed=changed, unchanged=changes.count("unchanged"))
