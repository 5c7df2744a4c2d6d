"""`kantoor work` and `planner`: the office as a whole."""

import click

from ..service.lists import planner_table, work_table
from ..service.overviews import reading
from .desk import ask_desk, unwrap_result
from .options import as_format, as_person
from .printing import print_json, print_list, print_table, say
from .work_page import to_decide, to_read


@click.command()
@as_person
@as_format
def work(who: str, form: str) -> None:
    """Show what waits for a person, sorted by due date.

    The columns 'opdracht' and 'onderdeel' are the arguments of `kantoor filing` and `kantoor task`. Below
    the table, clients find the commands to read what was offered and to answer.
    """
    answer, informed = ask_desk(
        lambda desk: (reading.work_as_shown(desk, who), reading.list_informed(desk, who))
    )
    lines = unwrap_result(answer)
    print_list(form, lines, work_table, "Uw werklijst is leeg.")
    if form == "text":
        for text in (*to_decide(lines, who), *to_read(informed, who)):
            say(text)


@click.command()
@click.option("--product", metavar="PRODUCT", help="Only this product.")
@click.option(
    "--year", type=click.IntRange(1900, 2199), metavar="YEAR", help="Only periods that begin in this year."
)
@as_format
def planner(product: str | None, year: int | None, form: str) -> None:
    """Show relations by periods: gepland, loopt, bij klant, ingediend, klaar, te laat."""
    grids = unwrap_result(ask_desk(lambda desk: reading.planner_grids(desk, product, year)))
    if form == "json":
        print_json(grids)
        return
    if not grids:
        click.echo("De planner is leeg.")
    for grid in grids:
        click.echo(grid.product)
        print_table(planner_table(grid))


commands: list[click.Command] = [work, planner]
