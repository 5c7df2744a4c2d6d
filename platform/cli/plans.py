"""`kantoor plans`: what was published, what runs on it, and the history of releases."""

import click

from ..service.releasing.plans import find_review, list_on_plans, list_releases, read_plans
from ..service.releasing.release_lists import filing_table, plan_table, release_table
from .desk import ask_desk, unwrap_result
from .failures import NO, Failure
from .options import as_format
from .printing import print_list


@click.command("plans")
@click.option("--template", metavar="TEMPLATE", help="Only of this template.")
@click.option(
    "--of", "filings_of", metavar="TEMPLATE", help="List which filings of this template run on which plan."
)
@click.option(
    "--deploys", "history", is_flag=True, help="List deploys, pilots, promotes and rollbacks instead."
)
@click.option(
    "--review",
    "number",
    type=int,
    metavar="NUMBER",
    help="Print the review that this one of --deploys was by.",
)
@as_format
def plans_command(
    template: str | None, filings_of: str | None, history: bool, number: int | None, form: str
) -> None:
    """List the plans that were published, and how many filings run on each.

    With since when, by whom, from which revision, and whether filings start on it: everyone's, or those of
    the relations of a pilot.
    """
    if number is not None:
        kept = ask_desk(lambda desk: find_review(desk, number))
        if kept is None:
            hint = "kantoor plans --deploys says which have one."
            raise Failure(f"no review is kept with deploy {number}", NO, hint)
        click.echo(kept, nl=False)
        return
    if filings_of is not None:
        on_plans = unwrap_result(ask_desk(lambda desk: list_on_plans(desk, filings_of)))
        print_list(form, on_plans, filing_table, "Er loopt geen opdracht van dit werkproces.")
        return
    if history:
        releases = ask_desk(lambda desk: list_releases(desk, template))
        print_list(form, releases, release_table, "Er is nog niets gepubliceerd.")
        return
    found = unwrap_result(ask_desk(lambda desk: read_plans(desk, template)))
    print_list(form, found, plan_table, "Er is nog niets gepubliceerd.")


commands: list[click.Command] = [plans_command]
