"""`kantoor deploy`, `start`, `work` and `planner`: the office as a whole."""

from datetime import datetime
from pathlib import Path

import click

from ..compiler.reports.text import text as as_text
from ..filing.outcome import Refusal
from ..office.database.tables import ONE_SUB_NUMBER
from ..office.overviews.planner import STATE_WORDS, PlannerGrid
from ..period import Period
from ..service import reading
from ..service.deploying import Deployable, Deployed, read_definitions
from ..service.deploying import deploy as publish
from ..service.desk import Desk
from ..service.reading import Informed, Waiting
from ..service.starting import Line, Selection, Wish
from ..service.starting import start as start_filings
from .definitions import definitions_folder
from .desk import as_format, as_person, at_desk, print_json, print_table, refused
from .failures import NO, WRONG_USE, Failure
from .work_page import HEADER, row_of, to_decide, to_read

RESULT_WORDS = {
    "starts": "start",
    "planned": "gepland",
    "runs_already": "is er al",
    "not_ready": "niet klaar",
}
CHANGE_WORDS = {"new": "nieuw", "changed": "gewijzigd", "unchanged": "ongewijzigd", "withdrawn": "vervallen"}


@click.command()
@definitions_folder
@click.option("--by", default="", metavar="NAME", help="Who publishes it, for the record.")
@as_format
def deploy(folder: Path, by: str, form: str) -> None:
    """Check the definitions in DIR and publish their plans: new filings start on them.

    Running filings stay on the plan that they started with.
    """

    ready = read_definitions(folder)  # before the office is opened: mistakes make none
    if not isinstance(ready, Deployable):
        click.echo(as_text(ready), err=True)
        raise Failure(f"nothing published: the definitions in {folder} have mistakes", NO)

    async def work(desk: Desk) -> Deployed:
        return publish(desk, ready, by)

    result = at_desk(work, makes=True)
    if result.warnings:
        click.echo(result.warnings, err=True)
    for left in result.leftovers:
        click.echo(f"let op: {left.text}", err=True)
    if form == "json":
        print_json(result)
        return
    for plan in result.plans:
        click.echo(f"{plan.template} {plan.digest or '-'} {CHANGE_WORDS[plan.change]}")
    if result.office == "changed":
        click.echo(
            "producten, rollen en tabellen van de wet: gewijzigd; dat geldt ook voor lopende opdrachten"
        )


@click.command()
@click.argument("template")
@click.option("--period", required=True, metavar="PERIOD", help="The period: 2026-01, 2026-Q1 or 2026.")
@click.option(
    "--relation", "relations", multiple=True, metavar="NUMBER", help="One relation; can be repeated."
)
@click.option("--product", metavar="PRODUCT", help="All relations that take this product over such periods.")
@click.option(
    "--frequency",
    type=click.Choice(["month", "quarter", "year"]),
    help="With --product: how often they take it.",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Start date; today by default. On a later day it starts by itself.",
)
@click.option("--recurring", is_flag=True, help="Start every following period by itself.")
@click.option("--without-automations", is_flag=True, help="First trials: only offers and their reminders.")
@click.option(
    "--again",
    metavar="REASON",
    help="A further filing over the same period; with the same reason again it is the same one.",
)
@click.option("--dry-run", is_flag=True, help="Only show who would start, and why not the others.")
@as_person
@as_format
def start(
    template: str,
    period: str,
    relations: tuple[str, ...],
    product: str | None,
    frequency: str | None,
    day: datetime | None,
    recurring: bool,
    without_automations: bool,
    again: str | None,
    dry_run: bool,
    who: str,
    form: str,
) -> None:
    """Start TEMPLATE over a period, for one relation or many.

    What runs already is left as it is, so the command can be repeated. Exit status 1 when somebody could not
    start; the table says why.
    """
    if bool(relations) == bool(product):
        raise Failure("name either --relation (once or more) or --product", WRONG_USE)
    if frequency and not product:
        raise Failure("--frequency goes with --product", WRONG_USE)
    if again is not None and not again.strip():
        raise Failure("--again needs a reason", WRONG_USE)
    wish = Wish.model_validate(
        {
            "template": template,
            "period": Period.parse(period),
            "selection": Selection.model_validate(
                {"relations": relations, "product": product, "frequency": frequency}
            ),
            "start_date": day.date() if day else None,
            "recurring": recurring,
            "without_automations": without_automations,
            "again": (again or "").strip(),
        }
    )

    async def work(desk: Desk) -> tuple[Line, ...] | Refusal:
        return await start_filings(desk, who, wish, dry_run=dry_run)

    if form == "text":  # the period in words, before anything starts (R27)
        dry = " (proef: er wordt niets gestart)" if dry_run else ""
        click.echo(f"{template} over {wish.period.words}{dry}")
    lines = at_desk(work)
    if isinstance(lines, Refusal):
        raise refused(lines)
    if form == "json":
        print_json(lines)
    else:
        rows = [
            (_numbered(line.relation, line.sub_number), line.name, RESULT_WORDS[line.result], line.text)
            for line in lines
        ]
        print_table(("relatie", "naam", "uitkomst", "toelichting"), rows)
    if any(line.result == "not_ready" for line in lines):
        raise click.exceptions.Exit(NO)


@click.command()
@as_person
@as_format
def work(who: str, form: str) -> None:
    """Show what waits for a person, what is due first coming first.

    The columns 'opdracht' and 'noem' are what `kantoor filing` and `kantoor task` want to hear. Under the
    table stands for a client what to type to read what was offered, and to answer.
    """

    async def ask(desk: Desk) -> tuple[tuple[Waiting, ...] | Refusal, tuple[Informed, ...]]:
        return reading.work(desk, who), reading.informed(desk, who)

    lines, informed = at_desk(ask)
    if isinstance(lines, Refusal):
        raise refused(lines)
    if form == "json":
        print_json(lines)
        return
    if lines:
        print_table(HEADER, map(row_of, lines))
    else:
        click.echo("Er ligt niets te doen.")
    for text in (*to_decide(lines, who), *to_read(informed)):
        click.echo(text)


@click.command()
@click.option("--product", metavar="PRODUCT", help="Only this product.")
@click.option("--year", type=int, metavar="YEAR", help="Only periods that begin in this year.")
@as_format
def planner(product: str | None, year: int | None, form: str) -> None:
    """Show relations by periods: gepland, loopt, bij klant, ingediend, klaar, te laat."""

    async def ask(desk: Desk) -> tuple[PlannerGrid, ...] | Refusal:
        return reading.planner_grids(desk, product, year)

    grids = at_desk(ask)
    if isinstance(grids, Refusal):
        raise refused(grids)
    if form == "json":
        print_json(grids)
        return
    if not grids:
        click.echo("De planner is leeg.")
    for grid in grids:
        click.echo(grid.product)
        print_table(("relatie", "naam", *grid.periods), _planner_rows(grid))


def _numbered(relation: str, sub_number: str) -> str:
    return relation if sub_number == ONE_SUB_NUMBER else f"{relation} ({sub_number})"


def _planner_rows(grid: PlannerGrid) -> list[tuple[str, ...]]:
    return [
        (
            _numbered(row.relation, row.sub_number),
            row.name,
            *(STATE_WORDS[row.cells[p].state] if p in row.cells else "" for p in grid.periods),
        )
        for row in grid.rows
    ]


commands: list[click.Command] = [deploy, start, work, planner]
