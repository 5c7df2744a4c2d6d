"""Importing a folder of CSV files: all of it, or nothing with everything that is wrong (R25)."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from ...plan import Model, Office
from ..database import Database
from ..tables import relation_products, relations
from .checks import check
from .columns import FILES, FileKind, file_kinds
from .holdings import Holdings, Key, lay, load
from .identity import IDENTITY_FIELDS, IdentityChecker, IdentityGiven, IdentityRemark
from .problems import Problem
from .reading import Row, read_rows
from .writing import Change, write

_TABLES_OF = {
    "relations.csv": ("relations",),
    "contacts.csv": ("contacts", "relation_contacts"),
    "authorities.csv": ("authorities",),
    "standing_authorities.csv": ("standing_authorities",),
    "team.csv": ("team",),
    "roles.csv": ("relation_roles",),
    "products.csv": ("relation_products",),
}


class Counted(Model):
    """What an import did to the records of one kind."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


class Imported(Model):
    """The import was done; `counts` by kind of record; warnings are told and stop nothing."""

    counts: dict[str, Counted]
    warnings: tuple[Problem, ...] = ()


class NotImported(Model):
    """Nothing was imported, for all these reasons, in the order of files and lines."""

    problems: tuple[Problem, ...]


def import_folder(
    database: Database, folder: Path, office: Office, checker: IdentityChecker
) -> Imported | NotImported:
    """Add and update relations, people, roles and products from the CSV files of a folder; never remove.

    Any of the files may be absent; a column that is absent leaves what is known. Raises DatabaseError.
    """
    kinds = file_kinds(office)
    problems = list(_folder_problems(folder))
    rows: list[Row] = []
    broken: list[str] = []
    for name, kind in kinds.items():
        if (folder / name).exists():
            found, wrong = read_rows(folder / name, kind)
            rows += found
            problems += wrong
            broken += _TABLES_OF[name] if wrong and not found else ()
    with database.write() as connection:
        holdings = load(connection, broken)
        lay(holdings, rows, office)
        warnings = _judge_identities(rows, holdings, checker, problems)
        problems += check(rows, kinds, holdings, office)
        if problems:
            return NotImported(problems=_in_order(problems))
        touched = write(connection, holdings)
    return Imported(counts=_counts(touched, rows, kinds), warnings=_in_order(warnings))


def _folder_problems(folder: Path) -> Iterator[Problem]:
    try:
        there = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        yield Problem(file=folder.name, text=f"de map kan niet worden gelezen: {error.strerror}")
        return
    if not any(name in FILES for name in there):
        yield Problem(file=folder.name, text=f"de map heeft geen van deze bestanden: {', '.join(FILES)}")
    for name in there:
        if name.lower().endswith(".csv") and name not in FILES:
            near = difflib.get_close_matches(name, FILES, n=1)
            hint = f"bedoelt u '{near[0]}'?" if near else f"deze worden gelezen: {', '.join(FILES)}"
            yield Problem(file=name, text=f"dit bestand hoort niet bij een import; {hint}")


def _judge_identities(
    rows: list[Row], holdings: Holdings, checker: IdentityChecker, problems: list[Problem]
) -> list[Problem]:
    """Judge the identity of each relation that a row names, keep it in canonical writing; return warnings."""
    units = {
        relation
        for (relation, _, _), record in holdings.records(relation_products).items()
        if record["fiscal_unit"]
    }
    warnings: list[Problem] = []
    for row in rows:
        if row.file != "relations.csv" or not row.sound:
            continue
        record = holdings.records(relations)[(row.values["number"],)]
        given = {name: record[name] for name in IDENTITY_FIELDS}
        verdict = checker(IdentityGiven(**given, fiscal_unit=record["number"] in units))
        problems += (_remark(row, remark) for remark in verdict.errors)
        warnings += (_remark(row, remark) for remark in verdict.warnings)
        record.update(verdict.identity.model_dump(include=set(IDENTITY_FIELDS)))
        if verdict.natural_person is not None:
            kind = "natural_person" if verdict.natural_person else "organisation"
            if row.values.get("kind") not in (None, kind):
                problems.append(row.problem("kind", "past niet bij de rechtsvorm"))
            record["kind"] = kind
    return warnings


def _remark(row: Row, remark: IdentityRemark) -> Problem:
    return row.problem(remark.field, remark.text)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    order = {name: place for place, name in enumerate(FILES)}
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (order.get(p.file, -1), p.line, p.column)))


def _counts(
    touched: dict[str, dict[Key, Change]], rows: list[Row], kinds: dict[str, FileKind]
) -> dict[str, Counted]:
    """Count what the files named; what they did not name is not counted."""
    files = {row.file for row in rows}
    names = [table for file in kinds if file in files for table in _TABLES_OF[file]]
    counts: dict[str, Counted] = {}
    for name in names:
        changes = list(touched[name].values())
        counts[name] = Counted(
            new=changes.count("new"),
            changed=changes.count("changed"),
            unchanged=changes.count("unchanged"),
        )
    return counts
