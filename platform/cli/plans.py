"""`kantoor plans`: what was published, and what runs on it."""

import click

from ..service.lists import plan_table
from ..service.plans import read_plans
from .desk import ask_desk, unwrap_result
from .options import as_format
from .printing import print_list


@click.command("plans")
@click.option("--template", metavar="TEMPLATE", help="Only of this template.")
@as_format
def plans_command(template: str | None, form: str) -> None:
    """List the plans that were published, and how many filings run on each.

    With since when, by whom, from which revision, and whether filings start on it.
    """
    found = unwrap_result(ask_desk(lambda desk: read_plans(desk, template)))
    print_list(form, found, plan_table, "Er is nog niets gepubliceerd.")


commands: list[click.Command] = [plans_command]
