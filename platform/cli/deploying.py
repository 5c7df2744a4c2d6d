"""`kantoor deploy`: publish definitions."""

from collections.abc import Iterator
from pathlib import Path

import click

from ..review.faces.running import say_counts
from ..review.running import say_lacking
from ..service.deploying import Deployed, Mistaken, Outdated, deploy, describe_published, read_definitions
from .definitions import definitions_folder
from .desk import ask_desk
from .failures import NO, Failure
from .options import as_format
from .printing import print_result


@click.command("deploy")
@definitions_folder
@click.option(
    "--by", default="", metavar="NAME", help="Who publishes it, for the record; default: the author in Git."
)
@click.option("--dry-run", is_flag=True, help="Check, try and judge it, and publish nothing.")
@click.option(
    "--without-scenarios",
    "reason",
    metavar="REASON",
    help="Publish although scenarios may fail; the reason is written down.",
)
@as_format
def deploy_command(folder: Path, by: str, dry_run: bool, reason: str | None, form: str) -> None:
    """Check the definitions in DIR and publish their plans: new filings start on them.

    Scenarios of templates that change, of all where products, roles or tables do, are run first; nothing is
    published when one fails. Running filings stay on the plan that they started with; how many of them could
    move is told.
    """
    if reason is not None and not reason.strip():
        raise click.BadParameter("say why, in a few words", param_hint="--without-scenarios")
    ready = read_definitions(folder)  # before the office is opened: mistakes make none
    if isinstance(ready, Mistaken):
        click.echo(ready.report, err=True)
        raise Failure(f"nothing published: the definitions in {folder} have errors", NO)
    result = ask_desk(
        lambda desk: deploy(desk, ready, by, without_scenarios=reason, dry_run=dry_run), makes=not dry_run
    )
    if isinstance(result, Mistaken):
        click.echo(result.report, err=True)
        hint = "kantoor test shows them; --without-scenarios REASON publishes all the same."
        raise Failure(f"nothing published: scenarios in {folder} fail", NO, hint)
    if isinstance(result, Outdated):
        hint = "Repeat it: it is tried again beside what is published now."
        raise Failure("nothing published: somebody else published meanwhile", NO, hint)
    if result.warnings:
        click.echo(result.warnings, err=True)
    for left in result.leftovers:
        click.echo(f"Warning: {left.text}", err=True)
    print_result(form, result, _lines)


def _lines(result: Deployed) -> Iterator[str]:
    yield from map(describe_published, result.plans)
    if result.office == "changed":
        yield "products, roles and statutory tables have changed, for running filings too"
    for runs in result.runs.templates if result.runs else ():
        if runs.filings:
            yield f"running filings of {runs.template}: {say_counts(runs.counts)}"
        yield from (say_lacking(lacking, runs.title) for lacking in runs.lacking)
    if result.runs and any(runs.filings for runs in result.runs.templates):
        yield "they stay on their plan until they are moved"
    if result.dry_run:
        yield "nothing was published"


commands: list[click.Command] = [deploy_command]
