"""Relations: import, export, lists, one on a page, and what a filing would lack (R25, R26, R29)."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from ...identifiers import HIDDEN_NUMBERS, mask_number
from ...office.exchange import (
    ExportThereError,
    Imported,
    NotImported,
    Problem,
    Unless,
    export_folder,
    import_folder,
)
from ...office.filings.recurrences import list_recurrences
from ...office.office_clock import office_now
from ...office.overviews.lacking import demands_in_force
from ...office.overviews.relation_page import relation_page
from ...office.plans import active_office, plans_in_force
from ...office.relations.demands import Demands, Needs
from ...office.relations.next_starts import judge_next_starts, list_advice, list_missing
from ...office.relations.readiness import find_advice, find_missing
from ...office.relations.relation import Relation, RelationStatus, all_numbers, find_relation
from ...office.relations.removing import is_begun, remove_relation
from ...office.relations.snapshot import load_snapshot
from ...plan import Model
from ...words import RECORD_WORDS, join_in_dutch
from ..desk import Desk
from ..names import recurrence_name
from ..progress import Progress, show_nothing
from ..results import (
    Missing,
    Readiness,
    Refusal,
    RelationPage,
    filing_line,
    recurrence_line,
)
from ..unknown import NOT_DEPLOYED, refuse_relation, refuse_template, say_no_relation
from .identities import check_relation_identity

__all__ = [
    "Exported",
    "Imported",
    "NotImported",
    "Problem",
    "RelationStatus",
    "Unless",
    "check_readiness",
    "describe_import",
    "export_relations",
    "hide_numbers",
    "import_relations",
    "list_problems",
    "remove",
    "show_relation",
]

MOST_OF_A_KIND = 10
"""So many mistakes of one kind are shown; one that is in every row is the same in row 4,000."""

_QUOTED = re.compile(r"'[^']*'|\d+")


class Exported(Model):
    """The number of rows by file; `left_out` says in Dutch what the definitions know no longer."""

    rows: dict[str, int]
    left_out: tuple[str, ...]


def import_relations(
    desk: Desk, folder: Path, progress: Progress = show_nothing, unless: Unless | None = None
) -> Imported | NotImported | Refusal:
    """Add and update relations, people, roles and products from CSV files: all of it or nothing.

    With `unless` it only says what it would do: always, or where it takes something away from work that goes
    on. Raises DatabaseError.
    """
    office = desk.read(active_office)
    if office is None:
        return NOT_DEPLOYED
    return import_folder(
        desk.equipment.database,
        folder,
        office,
        check_relation_identity,
        progress,
        needs=_needs(desk),
        unless=unless,
    )


def list_problems(found: NotImported) -> Iterator[str]:
    """Yield what is wrong, a line each; of one kind in one column so many, and how many more there are."""
    seen: Counter[tuple[str, int, str, str]] = Counter()
    for problem in found.problems:
        kind = (problem.file, problem.column, problem.name, _QUOTED.sub("…", problem.text))
        seen[kind] += 1
        if seen[kind] <= MOST_OF_A_KIND:
            yield str(problem)
    for (file, column, name, text), count in seen.items():
        if count > MOST_OF_A_KIND:
            named = f" ({name})" if name else ""
            yield f"{file}, kolom {column}{named}: nog {count - MOST_OF_A_KIND} keer: {text}"


def describe_import(result: Imported) -> Iterator[str]:
    """Yield how many records are new, changed and unchanged, for every kind of record."""
    for kind, count in result.counts.items():
        counted = f"{count.new} nieuw, {count.changed} gewijzigd, {count.unchanged} ongewijzigd"
        yield f"{RECORD_WORDS[kind]}: {counted}"


def remove(desk: Desk, number: str, *, agreed: bool, dry_run: bool = False) -> dict[str, int] | Refusal:
    """Remove a relation for which nothing was ever started; return how many records went, in Dutch.

    Until that is `agreed` it only says who would go, with what; on a `dry_run` nothing goes, and what would
    is returned. Raises DatabaseError.
    """
    with desk.equipment.database.write() as connection:
        if number not in all_numbers(connection):
            return refuse_relation(connection, number)
        if is_begun(connection, number):
            text = (
                f"Voor relatie {number} is al iets gestart of in het dossier gezet; dat blijft bewaard. "
                "Geef de relatie een status zoals 'vertrokken' (kolom status in relations.csv)."
            )
            return Refusal(code="relation_begun", text=text)
        recur = [one for one in list_recurrences(connection, relation=number) if one.status != "stopped"]
        if recur:
            names = ", ".join(recurrence_name(one.workflow_id) for one in recur)
            text = f"Voor relatie {number} loopt een herhaling. Stop die eerst: {names}."
            return Refusal(code="relation_recurs", text=text)
        relation = find_relation(connection, number)
        with connection.begin_nested() as attempt:
            gone = {RECORD_WORDS[name]: count for name, count in remove_relation(connection, number).items()}
            if dry_run or not agreed:
                attempt.rollback()
    if dry_run or agreed or relation is None:
        return gone
    counted = join_in_dutch(f"{name}: {count}" for name, count in gone.items())
    text = (
        f"Relatie {number} ({relation.name}) wordt verwijderd, met wat van geen ander is ({counted}). "
        "Terug komt dat alleen door het opnieuw te importeren."
    )
    return Refusal(code="costs", text=text)


def export_relations(desk: Desk, folder: Path, *, overwrite: bool = False) -> Exported | Refusal:
    """Write what `import_relations` reads to CSV files. Raises DatabaseError and ExportError."""
    office = desk.read(active_office)
    if office is None:
        return NOT_DEPLOYED
    left_out: list[str] = []
    try:
        rows = export_folder(desk.equipment.database, folder, office, left_out, overwrite=overwrite)
    except ExportThereError:
        text = f"In {folder} staat al een export; er is niets weggeschreven."
        return Refusal(code="export_there", text=text)
    return Exported(rows=rows, left_out=tuple(left_out))


def show_relation(
    desk: Desk, number: str, on: date | None = None, *, numbers: bool = False
) -> RelationPage | Refusal:
    """Return everything about a relation on a day (by default today), identifying numbers where asked for."""

    def ask(connection: Connection) -> RelationPage | Refusal:
        day = _day(connection, on)
        page = relation_page(connection, number, day, _needs(desk))
        if page is None:
            return refuse_relation(connection, number)
        changed = {
            "day": day,
            "relation": page.relation if numbers else hide_numbers(page.relation),
            "filings": [filing_line(filing, day) for filing in page.filings],
            "planned": [recurrence_line(recurrence) for recurrence in page.planned],
        }
        return RelationPage.model_validate(dict(page) | changed)

    return desk.read(ask)


def check_readiness(
    desk: Desk, numbers: tuple[str, ...] = (), template: str | None = None, on: date | None = None
) -> tuple[Readiness, ...] | Refusal:
    """Return what a filing would lack on a day, and what is advised; without a day when it starts next.

    Of these relations or all, for a template or every published one. Raises DatabaseError.
    """

    def ask(connection: Connection) -> tuple[Readiness, ...] | Refusal:
        office, today = active_office(connection), _day(connection, None)
        templates = {one.template for one in plans_in_force(connection).everyone}
        chosen = {name for name in templates if template in (None, name)}
        if office is None or not templates:
            return NOT_DEPLOYED
        if not chosen:
            return refuse_template(connection, template or "")
        snapshot = load_snapshot(connection, numbers or None, on or today, upcoming=on is None)
        demands = demands_in_force(connection, _needs(desk))

        def judge(number: str, one: Demands) -> Readiness:
            if on is not None:
                days: tuple[date, ...] = ()
                missing = find_missing(snapshot, one, number, on)
                advice = find_advice(snapshot, one, number, on)
            else:
                starts = judge_next_starts(snapshot, one, number, today)
                days = tuple(sorted({start.day for start in starts}))
                missing, advice = list_missing(starts), list_advice(starts)
            missing = _name_meant(connection, number, missing)
            return Readiness(
                relation=number, template=one.template, missing=missing, advice=advice, days=days
            )

        return tuple(
            judge(number, one)
            for number in numbers or snapshot.held
            for one in demands(number)
            if one.template in chosen
        )

    return desk.read(ask)


def _name_meant(connection: Connection, number: str, missing: tuple[Missing, ...]) -> tuple[Missing, ...]:
    """Return what is missing; of a relation that does not exist, with the number that may be meant."""
    if [one.code for one in missing] != ["no_relation"]:
        return missing
    return (Missing(code="no_relation", text=say_no_relation(connection, number)),)


def _needs(desk: Desk) -> Needs:
    """Return which identity each report asks of a relation."""
    return desk.equipment.reports.identity_needs()


def _day(connection: Connection, on: date | None) -> date:
    return on or office_now(connection).date()


def hide_numbers(relation: Relation) -> Relation:
    """Return a relation with its identifying numbers masked."""
    hidden = {name: mask_number(getattr(relation, name)) or None for name in HIDDEN_NUMBERS}
    return relation.model_copy(update=hidden)
