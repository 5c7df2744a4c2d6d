"""`kantoor start`: start filings for one relation or many."""

from datetime import date
from pathlib import Path

import click

from ..period import Period, say_over
from ..service.desk import Desk
from ..service.lists import start_table
from ..service.results import Refusal
from ..service.starting.candidates import ASKS_AGAIN
from ..service.starting.starting import Line, Selection, Wish, refuse, start
from ..words import FREQUENCY_WORDS
from .desk import at_desk, unwrap_result
from .failures import NO, WRONG_USE, DutchFailure
from .options import OfficeDay, OneOf, PeriodOf, as_format, as_person, some_relations
from .printing import print_json, print_table, say
from .progress import show_progress

MEANT = {
    "unusual": "Is dit zo bedoeld, voeg dan --anyway toe.",
    "no_date": "Geef die op met --date.",
}


@click.command("start")
@click.argument("template")
@click.option(
    "--period",
    required=True,
    type=PeriodOf(),
    metavar="PERIOD",
    help="The period: 2026-01, 2026-Q1, 2026; 2026-H1, 2026-P01 (four weeks), 2026-07..2027-06 (book year), "
    "2026-03-01..2026-04-15 (days), 2026-03-15 (none: the day of its start).",
)
@some_relations
@click.option(
    "--product", metavar="PRODUCT", help="All relations that take this product for periods of this kind."
)
@click.option(
    "--frequency",
    type=OneOf(FREQUENCY_WORDS),
    help="With --product: how often they take it.",
)
@click.option(
    "--date",
    "day",
    type=OfficeDay(),
    help="Start date; default: today. With a later date the filing starts automatically on that day.",
)
@click.option("--recurring", is_flag=True, help="Start every following period automatically.")
@click.option(
    "--without-automations", is_flag=True, help="Switch automations off, except offers and reminders."
)
@click.option(
    "--again",
    metavar="REASON",
    help="Start another filing for the same days; repeating the reason returns that filing. Where another "
    "relation filed it, or over another period, the reason names that one.",
)
@click.option(
    "--corrects",
    metavar="FILING",
    help="The closed filing that this one corrects, with the template that it names for that.",
)
@click.option(
    "--anyway",
    is_flag=True,
    help="Also for a period or date that the template's rules make unlikely, such as two years ahead.",
)
@click.option(
    "--dry-run", is_flag=True, help="Only show which relations would start, and why the others would not."
)
@as_person
@as_format
def start_command(
    template: str,
    period: Period,
    relations: tuple[str, ...],
    product: str | None,
    frequency: str | None,
    day: date | None,
    recurring: bool,
    without_automations: bool,
    again: str | None,
    corrects: str | None,
    anyway: bool,
    dry_run: bool,
    who: str,
    form: str,
) -> None:
    """Start TEMPLATE for a period, for one relation or many.

    Filings that already exist are left unchanged, so the command can be repeated. Exit status 1 when a filing
    could not be started; the table says why.
    """
    if bool(relations) == bool(product):
        raise DutchFailure("geef --relation (een of meer keer) of --product op, niet beide", WRONG_USE)
    if frequency and not product:
        raise DutchFailure("--frequency kan alleen samen met --product", WRONG_USE)
    if again is not None and not again.strip():
        raise DutchFailure("geef bij --again een reden op", WRONG_USE)
    selection = {"relations": relations, "product": product, "frequency": frequency}
    wish = Wish(
        template=template,
        period=period,
        selection=Selection.model_validate(selection),
        start_date=day,
        recurring=recurring,
        without_automations=without_automations,
        again=(again or "").strip(),
        corrects=(corrects or "").strip(),
        anyway=anyway,
    )

    async def work(desk: Desk) -> tuple[Line, ...] | Refusal:
        refusal = refuse(desk, who, wish)
        if refusal:
            return (refusal.code == "unknown_template" and _find_undeployed(template)) or refusal
        if form == "text":  # the period in words, before anything starts (R27)
            dry = " (proef: er wordt niets gestart)" if dry_run else ""
            say(f"{template} {say_over(wish.period.words)}{dry}")
        with show_progress() as progress:
            return await start(desk, who, wish, dry_run=dry_run, progress=progress)

    lines = unwrap_result(at_desk(work), MEANT)
    if form == "json":
        print_json(lines)
    else:
        print_table(start_table(lines))
        if any(ASKS_AGAIN in line.text for line in lines):
            click.echo("Een extra opdracht over dezelfde periode start met --again REDEN.")
    if any(line.result == "not_ready" for line in lines):
        raise click.exceptions.Exit(NO)


def _find_undeployed(template: str) -> Refusal | None:
    """Return the refusal of a template that the definitions here have and nobody published; else None."""
    file = Path("definitions", "workflows", f"{template}.yaml")
    if not file.is_file():
        return None
    text = f"Het werkproces '{template}' ({file}) is nog niet gepubliceerd; doe dat met `kantoor deploy`."
    return Refusal(code="not_deployed", text=text)


commands: list[click.Command] = [start_command]
