"""Rows laid over what the office holds, judged, and written: the one door of imports and of edits."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from ...plan import Office
from ..database.tables import (
    absences,
    contacts,
    relation_contacts,
    relation_products,
    stand_ins,
    team,
)
from ..filings.open_offers import mark_all_offers, mark_offers
from ..filings.recurrences import mark_stale
from ..plans import plans_in_force
from ..presence_changes import Author, Kind, note_change
from ..relations.changes import record_changes
from ..relations.demands import Needs, RemarksSenders
from ..visits.ending import end_visits
from .agreements import FILE, place_rows, read_running
from .checks import check, check_days
from .holdings import TABLES, Holdings
from .identity import IdentityChecker, Judged, judge_identities
from .losses import Order, find_losses, read_order
from .problems import Problem
from .reading import Row
from .telling import tell_changes
from .writing import Touched, write


class Rules(NamedTuple):
    """What rows are judged by: the office's definitions, the rules of identities, and what reports need.

    `anyway` says that a first day far from today is meant.
    """

    office: Office
    checker: IdentityChecker
    needs: Needs
    anyway: bool = False


def lay_rows(
    connection: Connection, rows: list[Row], holdings: Holdings, rules: Rules, today: date
) -> Judged:
    """Lay rows over what is held, and return everything that is wrong, and what is doubtful."""
    for row in rows:
        if row.file != FILE:
            holdings.lay(row)
    placing = [*place_rows(rows, holdings, read_running(connection, rows), today)]
    judged = judge_identities(rows, holdings, rules.checker, today)
    errors = [*placing, *judged.errors, *check(rows, holdings, rules.office, today)]
    if not rules.anyway:
        errors += check_days(rows, holdings, today)
    return Judged(errors, [*judged.warnings, *_remark_names(rows, holdings, rules.needs)])


def _remark_names(rows: list[Row], holdings: Holdings, needs: Needs) -> Iterator[Problem]:
    """Yield how returns will write the names of colleagues, where that is to be confirmed."""
    if not isinstance(needs, RemarksSenders):
        return
    for row in rows:
        if row.file == "team.csv" and "name" in row.values:
            merged = holdings.merge(row)
            name, *parts = (str(merged.get(part) or "") for part in ("name", "initials", "prefix", "surname"))
            for text in needs.remark_sender(name, *parts):
                yield row.problem("name", text)


def apply_changes(
    connection: Connection,
    holdings: Holdings,
    rules: Rules,
    author: Author,
    relations: Collection[str] | None = None,
) -> tuple[Touched, tuple[str, ...]]:
    """Write what rows changed, with who did it; return the changes, and the losses as Dutch sentences.

    What they take away is looked for at these relations, or at all. Whoever calls can still undo it. Needs a
    writing connection.
    """
    applied = carry_out_changes(connection, holdings, rules, author, relations)
    return applied.touched, find_losses(connection, applied.before, applied.after)


class Applied(NamedTuple):
    """What was changed, with how the office's work went before it and goes after it."""

    before: Order
    after: Order
    touched: Touched


def carry_out_changes(
    connection: Connection,
    holdings: Holdings,
    rules: Rules,
    author: Author,
    relations: Collection[str] | None = None,
) -> Applied:
    """Write what rows changed, with who did it, and with all that follows from it elsewhere.

    Needs a writing connection.
    """
    in_force = plans_in_force(connection)
    today = author.at.date()
    before = read_order(connection, in_force, rules.needs, today, relations)
    touched = write(connection, holdings)
    _end_visits(connection, holdings, touched)
    _note_presence(connection, holdings, touched, author)
    record_changes(connection, tell_changes(holdings, touched, author))
    mark_stale(connection, relations=_find_changed_agreements(touched))
    _mark_offers(connection, holdings, touched)
    return Applied(before, read_order(connection, in_force, rules.needs, today, relations), touched)


def _end_visits(connection: Connection, holdings: Holdings, touched: Touched) -> None:
    """Sign out whoever has another address than before, or none: that mailbox reads and decides no longer."""
    moved = [
        str(key[0])
        for table in (contacts, team)
        for key, change in touched[table.name].items()
        if change == "changed"
        and holdings.before[table.name][key]["email"] != holdings.after[table.name][key]["email"]
    ]
    if moved:
        end_visits(connection, moved)


def _note_presence(connection: Connection, holdings: Holdings, touched: Touched, author: Author) -> None:
    """Write down what changed of absences, stand-ins and titles."""
    kinds: tuple[Kind, ...] = ("absences", "stand_ins", "qualifications")
    for kind in kinds:
        for key in (key for key, change in touched[kind].items() if change != "unchanged"):
            before, after = holdings.before[kind].get(key), holdings.after[kind].get(key)
            note_change(connection, kind, before, after, author)


def _mark_offers(connection: Connection, holdings: Holdings, touched: Touched) -> None:
    """Have it looked up who open offers go to now: of changed relations; where the team changed, of all."""
    changed = {
        table: [key for key, change in touched[table.name].items() if change != "unchanged"]
        for table in TABLES
    }
    if any(changed[table] for table in (team, absences, stand_ins)):
        mark_all_offers(connection)
    relations = {*_list_served(holdings, {str(key[0]) for key in changed[contacts]})}
    for table, keys in changed.items():
        if "relation" in (names := table.primary_key.columns.keys()):
            relations |= {str(key[names.index("relation")]) for key in keys}
    mark_offers(connection, relations)


def _list_served(holdings: Holdings, people: Collection[str]) -> Iterator[str]:
    """Yield the relations that these contacts serve."""
    for relation, contact in holdings.after[relation_contacts.name]:
        if contact in people:
            yield relation


def _find_changed_agreements(touched: Touched) -> set[str]:
    """Return the relations whose products are agreed otherwise than before."""
    changes = touched[relation_products.name].items()
    return {str(key[0]) for key, change in changes if change != "unchanged"}
