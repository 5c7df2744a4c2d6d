"""`kantoor relation …`: relations in and out, lists, one relation, and what it misses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel
from sqlalchemy import Connection

from ..identifiers import mask_number
from ..office.database.engine import Database, open_database
from ..office.database.migrate import check_schema, is_made, upgrade
from ..office.exchange import ExportError, ExportThereError, NotImported, export_folder, import_folder
from ..office.office_clock import office_now
from ..office.overviews.insights import Filter, RelationLine, list_relations, unknown_in
from ..office.overviews.relation_page import relation_page
from ..office.plans import active_office, active_plans
from ..office.relations.readiness import Missing, find_missing_of
from ..office.relations.relation import FREQUENCY_WORDS, STATUS_WORDS
from ..plan import Office
from ..sbr.identity_needs import IDENTITY_NEEDS
from ..service.identities import check_relation_identity
from ..service.importing import counted
from ..settings import load_settings
from .failures import NO, OUTSIDE, WRONG_USE, Failure
from .relation_page import lines_of

_NUMBERS = ("ob_number", "rsin", "bsn", "btw_id")

as_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)
on_day = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day for which it is asked; today by default (the practice office's own today).",
)


@click.group(help="Relations: import, export, list, show, and what they miss.")
def relation() -> None:
    """Collect the commands on relations."""


@relation.command("import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@as_format
def import_(folder: Path, form: str) -> None:
    """Add and update relations, people, roles and products from the CSV files in FOLDER.

    All of it or nothing: when a row is wrong, every mistake is shown with file, line and column, and the
    office stays as it was. docs/import.md shows the files.
    """
    database = _database()
    result = import_folder(database, folder, _office(database), check_relation_identity)
    if isinstance(result, NotImported):
        if form == "json":
            _print_json(result)
        else:
            click.echo("\n".join(str(problem) for problem in result.problems))
        count = len(result.problems)
        raise Failure(f"niets geïmporteerd: {count} {'fout' if count == 1 else 'fouten'} in {folder}", NO)
    if form == "json":
        _print_json(result)
        return
    for warning in result.warnings:
        click.echo(f"let op: {warning}", err=True)
    for line in counted(result):
        click.echo(line)


@relation.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--force", is_flag=True, help="Write over files that are there already.")
@as_format
def export(folder: Path, force: bool, form: str) -> None:
    """Write everything that `import` reads to CSV files in FOLDER. They hold personal data in the clear."""
    database = _database()
    try:
        left_out: list[str] = []
        counts = export_folder(database, folder, _office(database), left_out, overwrite=force)
    except ExportThereError as error:
        raise Failure(str(error), NO, "Take another folder, or write over them with --force.") from error
    except ExportError as error:
        raise Failure(str(error), OUTSIDE) from error
    for text in left_out:
        click.echo(f"let op: {text}", err=True)
    if form == "json":
        click.echo(json.dumps(counts))
        return
    for name, count in counts.items():
        click.echo(f"{folder / name}: {count} {'rij' if count == 1 else 'rijen'}")


@relation.command("list")
@click.option("--product", help="Only relations that take this product.")
@click.option("--frequency", type=click.Choice(list(FREQUENCY_WORDS)), help="Only with this frequency.")
@click.option("--role", help="Only relations whose role of this id is filled.")
@click.option("--member", help="Only relations for which this team member has a role.")
@click.option("--status", type=click.Choice(list(STATUS_WORDS)), help="Only with this status.")
@click.option("--sbr/--no-sbr", default=None, help="Only with SBR on, or off.")
@click.option("--running/--not-running", default=None, help="Only with an open filing, or without.")
@click.option("--missing", help="Only relations that miss this (a code of `relation ready`), or 'any'.")
@on_day
@as_format
def list_(on: datetime | None, form: str, **wanted: Any) -> None:
    """List relations, filtered on anything."""
    with _reading() as connection:
        if wrong := unknown_in(connection, asked := Filter(**wanted)):
            raise Failure(f"{wrong.text} [{wrong.code}]", NO)
        found = list_relations(connection, asked, _day(connection, on), IDENTITY_NEEDS)
    if form == "json":
        click.echo(json.dumps([line.model_dump(mode="json") for line in found], ensure_ascii=False, indent=2))
        return
    _print_table(
        ("nummer", "naam", "rechtsvorm", "status", "OB-nummer", "producten", "ontbreekt"),
        [_list_row(line) for line in found],
    )


@relation.command()
@click.argument("number")
@click.option("--numbers", is_flag=True, help="Show identifying numbers in full.")
@on_day
@as_format
def show(number: str, numbers: bool, on: datetime | None, form: str) -> None:
    """Show one relation: identity, contacts and authority, roles, products, filings, what it misses."""
    with _reading() as connection:
        day = _day(connection, on)
        page = relation_page(connection, number, day, IDENTITY_NEEDS)
    if page is None:
        raise Failure(f"er is geen relatie met nummer {number}", NO)
    if not numbers:
        hidden = {name: mask_number(getattr(page.relation, name)) or None for name in _NUMBERS}
        page = page.model_copy(update={"relation": page.relation.model_copy(update=hidden)})
    if form == "json":
        _print_json(page)
        return
    for line in lines_of(page, day):
        click.echo(line)


@relation.command()
@click.argument("numbers", nargs=-1)
@click.option("--template", help="Only for this template; all published ones that fit by default.")
@on_day
@as_format
def ready(numbers: tuple[str, ...], template: str | None, on: datetime | None, form: str) -> None:
    """Say for relations NUMBERS (all by default) everything that a filing would lack. Exit 1 if anything."""
    with _reading() as connection:
        lacking = _lacking(connection, numbers, template, _day(connection, on))
    if form == "json":
        data = [
            {"relation": n, "template": t, "missing": [m.model_dump() for m in missing]}
            for (n, t), missing in lacking.items()
        ]
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for (number, name), missing in lacking.items():
            click.echo(f"{number} {name}: {'klaar' if not missing else ''}".rstrip())
            for one in missing:
                click.echo(f"  - {one.text} [{one.code}]")
    if any(lacking.values()):
        raise click.exceptions.Exit(NO)


commands: list[click.Command] = [relation]


def _database() -> Database:
    """Open the office's database. Raises NoOfficeError where none is, and makes none."""
    database = open_database(load_settings().database_url)
    if is_made(database):
        upgrade(database)
    check_schema(database)
    return database


@contextmanager
def _reading() -> Iterator[Connection]:
    with _database().read() as connection:
        yield connection


def _office(database: Database) -> Office:
    with database.read() as connection:
        office = active_office(connection)
    if office is None:
        raise Failure("er zijn nog geen definities gepubliceerd; doe dat eerst met `kantoor deploy`", NO)
    return office


def _day(connection: Connection, on: datetime | None) -> date:
    return on.date() if on else office_now(connection).date()


def _lacking(
    connection: Connection, numbers: tuple[str, ...], template: str | None, day: date
) -> dict[tuple[str, str], tuple[Missing, ...]]:
    office = active_office(connection)
    plans = [published.plan for published in active_plans(connection)]
    chosen = [plan for plan in plans if template in (None, plan.template)]
    if office is None or not chosen:
        known = ", ".join(plan.template for plan in plans) or "geen"
        raise Failure(f"dat sjabloon is niet gepubliceerd; wel gepubliceerd: {known}", WRONG_USE)
    return find_missing_of(connection, chosen, IDENTITY_NEEDS, day, numbers or None)


def _list_row(line: RelationLine) -> tuple[str, ...]:
    taken = (f"{p.product} per {FREQUENCY_WORDS[p.frequency]}" for p in line.products)
    missing = ", ".join(m.code for m in line.missing)
    status = STATUS_WORDS[line.status]
    return (
        *(line.number, line.name, line.legal_form or "", status, line.ob_number),
        *(", ".join(taken), missing),
    )


def _print_json(result: BaseModel) -> None:
    click.echo(json.dumps(result.model_dump(mode="json"), ensure_ascii=False, indent=2))


def _print_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
