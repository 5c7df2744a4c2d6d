"""`kantoor start`: start filings for one relation or many."""

from datetime import datetime

import click

from ..period import Period
from ..service.lists import start_table
from ..service.starting import Selection, Wish, start
from .desk import at_desk, unwrap_result
from .failures import NO, WRONG_USE, Failure
from .options import as_format, as_person
from .printing import print_json, print_table
from .progress import show_progress


@click.command("start")
@click.argument("template")
@click.option("--period", required=True, metavar="PERIOD", help="The period: 2026-01, 2026-Q1 or 2026.")
@click.option(
    "--relation", "relations", multiple=True, metavar="NUMBER", help="One relation; can be repeated."
)
@click.option(
    "--product", metavar="PRODUCT", help="All relations that take this product for periods of this kind."
)
@click.option(
    "--frequency",
    type=click.Choice(["month", "quarter", "year"]),
    help="With --product: how often they take it.",
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Start date; default: today. With a later date the filing starts automatically on that day.",
)
@click.option("--recurring", is_flag=True, help="Start every following period automatically.")
@click.option(
    "--without-automations", is_flag=True, help="Switch automations off, except offers and reminders."
)
@click.option(
    "--again",
    metavar="REASON",
    help="Start another filing for the same period; repeating the reason returns that filing.",
)
@click.option(
    "--dry-run", is_flag=True, help="Only show which relations would start, and why the others would not."
)
@as_person
@as_format
def start_command(
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
    """Start TEMPLATE for a period, for one relation or many.

    Filings that already exist are left unchanged, so the command can be repeated. Exit status 1 when a filing
    could not be started; the table says why.
    """
    if bool(relations) == bool(product):
        raise Failure("give either --relation (once or more) or --product", WRONG_USE)
    if frequency and not product:
        raise Failure("--frequency requires --product", WRONG_USE)
    if again is not None and not again.strip():
        raise Failure("--again needs a reason", WRONG_USE)
    selection = {"relations": relations, "product": product, "frequency": frequency}
    wish = Wish(
        template=template,
        period=Period.parse(period),
        selection=Selection.model_validate(selection),
        start_date=day.date() if day else None,
        recurring=recurring,
        without_automations=without_automations,
        again=(again or "").strip(),
    )
    if form == "text":  # the period in words, before anything starts (R27)
        dry = " (proef: er wordt niets gestart)" if dry_run else ""
        click.echo(f"{template} over {wish.period.words}{dry}")
    with show_progress() as progress:
        answer = at_desk(lambda desk: start(desk, who, wish, dry_run=dry_run, progress=progress))
    lines = unwrap_result(answer)
    if form == "json":
        print_json(lines)
    else:
        print_table(start_table(lines))
    if any(line.result == "not_ready" for line in lines):
        raise click.exceptions.Exit(NO)


commands: list[click.Command] = [start_command]
