"""One edit of a relation: what was typed in a form, by the rules of an import; all of it or nothing (R25).

An edit says which version of the relation it began from. What others changed since of the same records is
told, and nothing is written; so is what the edit takes away, until whoever edits has agreed to exactly that.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, Table

from ...emails import comparable
from ...identifiers import normalize_number
from ...plan import Model, Office
from ..people import relations_of
from ..presence_changes import Author
from ..relations.changes import RelationChange, list_changes
from ..relations.taxpayers import IDENTITY_NUMBERS
from .applying import Rules, apply_changes, lay_rows
from .cells import Held
from .checks import check_product
from .columns import file_kinds
from .holdings import Holdings, Key, Scope, load
from .problems import Problem
from .reading import Row, read_typed
from .telling import tell_changes
from .writing import find_touched

THERE_ALREADY = "Dit is al vastgelegd. Wijzig wat er al is."
OVERWRITES = frozenset({"changed", "dropped"})
"""What adding does to no record: an agreement that begins on another day takes the place of the one there."""


class Entry(NamedTuple):
    """What was typed for a row of a file, by column; `called` says what the form calls a column."""

    file: str
    typed: Mapping[str, str]
    called: Mapping[str, str] = {}


@dataclass(frozen=True)
class Edit:
    """What somebody wants of a relation: entries, and records to take away, by table and key.

    `version` is that of the relation as it was shown; `told` are consequences that the caller knows, `agreed`
    the mark of those that were agreed to. `contacts` are those that are edited. Of `adds` a record may only
    be new: one that exists is another's, and its column gets the mistake.
    """

    relation: str
    entries: Sequence[Entry] = ()
    removed: Sequence[tuple[Table, Key]] = ()
    contacts: frozenset[str] = frozenset()
    adds: tuple[Table, str] | None = None
    version: int = 0
    told: Sequence[str] = ()
    agreed: str = ""


class Mistake(Model):
    """What is wrong with a field, in Dutch: `line` is the entry, `column` is empty for the whole."""

    line: int
    column: str
    text: str


class Edited(Model):
    """It was written; `changed` says whether anything differs. Warnings are Dutch sentences."""

    changed: bool
    warnings: tuple[str, ...] = ()


class Mistaken(Model):
    """Nothing was written, for these reasons."""

    mistakes: tuple[Mistake, ...]


class Overtaken(Model):
    """Nothing was written, since others changed the same meanwhile: the latest first."""

    changes: tuple[RelationChange, ...]


class Costly(Model):
    """Nothing was written yet: it takes this away, in Dutch; `mark` is what agreeing says again."""

    losses: tuple[str, ...]
    mark: str


def edit(
    connection: Connection, wanted: Edit, rules: Rules, author: Author
) -> Edited | Mistaken | Overtaken | Costly:
    """Carry out an edit, or say why not. Needs a writing connection."""
    served = _find_served(connection, wanted)
    holdings = load(connection, scope=_find_scope(wanted, served))
    rows, problems = _read(wanted.entries, rules, holdings.made_up(file_kinds(rules.office).values()))
    judged = lay_rows(connection, rows, holdings, rules, author.at.date())
    problems += judged.errors
    if problems:
        return Mistaken(mistakes=tuple(make_mistake(one, rows) for one in problems))
    for table, key in wanted.removed:
        holdings.after[table.name].pop(key, None)
    touched = find_touched(holdings)
    if wanted.adds and OVERWRITES.intersection(touched[wanted.adds[0].name].values()):
        return Mistaken(mistakes=(Mistake(line=1, column=wanted.adds[1], text=THERE_ALREADY),))
    told = {(one.kind, one.subject) for one in tell_changes(holdings, touched, author)}
    warned = [(rows[one.line - 1], make_mistake(one, rows)) for one in judged.warnings]
    warnings = tuple(one.text for row, one in warned if _is_new(holdings, row, one.column))
    if not told:
        return Edited(changed=False, warnings=warnings)
    since = list_changes(connection, wanted.relation, after=wanted.version)
    overtaken = tuple(one for one in since if (one.kind, one.subject) in told)
    if overtaken:
        return Overtaken(changes=overtaken)
    with connection.begin_nested() as attempt:
        _, lost = apply_changes(connection, holdings, rules, author, served)
        losses = (*wanted.told, *lost)
        mark = _mark(losses)
        if losses and wanted.agreed != mark:
            attempt.rollback()
            return Costly(losses=losses, mark=mark)
    return Edited(changed=True, warnings=warnings)


def find_unreadable(entry: Entry, office: Office) -> tuple[Mistake, ...]:
    """Return what is wrong with an entry, whatever relation it is for."""
    row, problems = read_typed(file_kinds(office)[entry.file], entry.typed, entry.called, 1)
    if not problems and entry.file == "products.csv":
        problems = [*check_product(row, dict(row.values), office)]
    return tuple(make_mistake(one, [row]) for one in problems)


def read_number(typed: str, office: Office) -> str:
    """Return the number of a relation as it would be kept; as it was typed where it cannot be read."""
    row, _ = read_typed(file_kinds(office)["relations.csv"], {"number": typed}, {}, 1)
    return str(row.values.get("number") or typed)


def _find_served(connection: Connection, wanted: Edit) -> frozenset[str]:
    """Return the relation, and the others that an edited contact serves: what is edited is theirs too."""
    others = (relations_of(connection, contact) for contact in sorted(wanted.contacts))
    return frozenset({wanted.relation}.union(*others))


def _find_scope(wanted: Edit, served: frozenset[str]) -> Scope:
    """Return what to read: besides the relations, whoever has a typed address or number already."""
    typed = [one.typed for one in wanted.entries]
    return Scope(
        relations=served,
        contacts=wanted.contacts,
        emails=frozenset(comparable(one["email"]) for one in typed if one.get("email")),
        same={
            field: frozenset(normalize_number(one[field]) for one in typed if one.get(field))
            for field in IDENTITY_NUMBERS
        },
        linked=frozenset(one["other"] for one in typed if one.get("other")),
    )


def _read(entries: Sequence[Entry], rules: Rules, held: Held) -> tuple[list[Row], list[Problem]]:
    kinds, rows, problems = file_kinds(rules.office), [], []
    for line, one in enumerate(entries, 1):
        row, wrong = read_typed(kinds[one.file], one.typed, one.called, line, held)
        rows.append(row)
        problems += wrong
    return rows, problems


def make_mistake(problem: Problem, rows: Sequence[Row]) -> Mistake:
    """Return a problem as one of a field: the sentence alone, since a form has what the field is called."""
    called = rows[problem.line - 1].header.called
    column = next((name for name, said in called.items() if said == problem.name), "")
    text = problem.plain or problem.text
    end = "" if text.endswith(("?", ".")) else "."
    return Mistake(line=problem.line, column=column, text=f"{text[:1].upper()}{text[1:]}{end}")


def _is_new(holdings: Holdings, row: Row, column: str) -> bool:
    """Say whether a warning is of this edit: one about a number is where a number changed, or whose it is."""
    if column not in IDENTITY_NUMBERS:
        return True
    names = {"kind", "legal_form", *IDENTITY_NUMBERS}
    records = [
        (holdings.before[table.name].get(key, {}).get(name), now.get(name))
        for table in row.kind.tables
        for key, now in holdings.after[table.name].items()
        for name in names
    ]
    return any(was != now for was, now in records)


def _mark(losses: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(losses).encode()).hexdigest()[:16] if losses else ""
