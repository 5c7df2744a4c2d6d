"""Edits of many relations at once, by the same rules as one (`editing.py`), read and written together.

Each edit is of one relation and stands for itself: what is wrong with one keeps the others from nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table

from ...data import ListLine
from ..database.tables import relations
from ..presence_changes import Author
from ..relations.changes import RelationChange
from .applying import Rules, carry_out_changes, lay_rows
from .columns import file_kinds
from .editing import OVERWRITES, THERE_ALREADY, Edit, make_mistake
from .holdings import TABLES, Holdings, Scope, load
from .losses import find_losses_of_each
from .problems import Problem
from .reading import Row, read_typed
from .telling import tell_changes
from .writing import find_touched


class Weighed(ListLine):
    """What an edit of a relation came to: why it is wrong, what it changed, and what that takes away (Dutch).

    Nothing of it is written where anything is wrong.
    """

    mistakes: tuple[str, ...] = ()
    changes: tuple[RelationChange, ...] = ()
    losses: tuple[str, ...] = ()


def edit_many(
    connection: Connection, edits: Mapping[str, Edit], rules: Rules, author: Author
) -> dict[str, Weighed]:
    """Carry out edits by relation, those that nothing is wrong with; return what each came to.

    What they cost is told and asks nobody: whoever calls can still undo it. Needs a writing connection.
    """
    holdings = load(connection, scope=Scope(frozenset(edits)))
    wrong = _lay(connection, edits, holdings, rules, author)
    wrong |= {number: (THERE_ALREADY,) for number in _find_there(edits, holdings) if number not in wrong}
    _put_back(holdings, wrong)
    changes: dict[str, list[RelationChange]] = {number: [] for number in edits}
    for change in tell_changes(holdings, find_touched(holdings), author):
        changes[change.relation].append(change)
    changed = [number for number, some in changes.items() if some]
    losses: Mapping[str, tuple[str, ...]] = {}
    if changed:
        applied = carry_out_changes(connection, holdings, rules, author, changed)
        losses = find_losses_of_each(connection, applied.before, applied.after, changed)
    return {
        number: Weighed(
            mistakes=wrong.get(number, ()),
            changes=tuple(changes[number]),
            losses=(*wanted.told, *losses[number]) if number in losses else (),
        )
        for number, wanted in edits.items()
    }


@dataclass(frozen=True)
class _Laid:
    """The rows of all edits, and whose each is."""

    rows: list[Row]
    owners: list[str]
    problems: list[Problem]


def _lay(
    connection: Connection, edits: Mapping[str, Edit], holdings: Holdings, rules: Rules, author: Author
) -> dict[str, tuple[str, ...]]:
    """Lay the edits over what is held; return by relation what is wrong, as sentences."""
    for wanted in edits.values():
        for table, key in wanted.removed:
            holdings.after[table.name].pop(key, None)
    laid = _read(edits, holdings, rules)
    judged = lay_rows(connection, laid.rows, holdings, rules, author.at.date())
    wrong: dict[str, tuple[str, ...]] = {}
    for problem in [*laid.problems, *judged.errors]:
        owner, text = laid.owners[problem.line - 1], make_mistake(problem, laid.rows).text
        wrong[owner] = (*wrong.get(owner, ()), text)
    return wrong


def _read(edits: Mapping[str, Edit], holdings: Holdings, rules: Rules) -> _Laid:
    kinds = file_kinds(rules.office)
    held, laid = holdings.made_up(kinds.values()), _Laid([], [], [])
    for number, wanted in edits.items():
        for one in wanted.entries:
            row, wrong = read_typed(kinds[one.file], one.typed, one.called, len(laid.rows) + 1, held)
            laid.rows.append(row)
            laid.owners.append(number)
            laid.problems.extend(wrong)
    return laid


def _find_there(edits: Mapping[str, Edit], holdings: Holdings) -> Sequence[str]:
    """Return the relations whose edit would change an existing record instead of adding one."""
    touched = find_touched(holdings)
    adding = {table.name for wanted in edits.values() if wanted.adds for table in (wanted.adds[0],)}
    changed = {
        str(key[0]) for name in adding for key, change in touched[name].items() if change in OVERWRITES
    }
    return [number for number, wanted in edits.items() if wanted.adds and number in changed]


def _put_back(holdings: Holdings, numbers: Mapping[str, object]) -> None:
    """Have relations stand as they did before anything was laid over them."""
    for table in TABLES:
        place = _find_place(table)
        if place is None:
            continue
        before, after = holdings.before[table.name], holdings.after[table.name]
        for key in [key for key in {*after, *before} if key[place] in numbers]:
            if key in before:
                after[key] = dict(before[key])
            else:
                del after[key]


def _find_place(table: Table) -> int | None:
    """Return where in a table's key the relation stands; None where it has none."""
    names = table.primary_key.columns.keys()
    column = "number" if table is relations else "relation"
    return names.index(column) if column in names else None
