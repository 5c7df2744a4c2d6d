"""`kantoor deploy`: publish definitions."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from ..service.deploying import Deployed, Mistaken, deploy, describe_published, read_definitions
from ..service.examples import say_examples
from ..service.first_steps import FirstStep, read_first_step
from .definitions import definitions_folder
from .desk import ask_desk
from .failures import NO, Failure
from .options import as_format
from .printing import print_result


@click.command("deploy")
@definitions_folder
@click.option("--by", default="", metavar="NAME", help="Who publishes it, for the record.")
@as_format
def deploy_command(folder: Path, by: str, form: str) -> None:
    """Check the definitions in DIR and publish their plans: new filings start on them.

    Running filings stay on the plan that they started with.
    """
    ready = read_definitions(folder)  # before the office is opened: mistakes make none
    if isinstance(ready, Mistaken):
        click.echo(ready.report, err=True)
        raise Failure(f"nothing published: the definitions in {folder} have errors", NO)
    result, step = ask_desk(lambda desk: (deploy(desk, ready, by), read_first_step(desk)), makes=True)
    if result.warnings:
        click.echo(result.warnings, err=True)
    for left in result.leftovers:
        click.echo(f"Warning: {left.text}", err=True)
    if result.examples:
        click.echo(f"Warning: {say_examples(result.examples)}; put in your own", err=True)
    print_result(form, result, _lines)
    if form == "text" and step:
        click.echo(f"Next: {_NEXT[step]}", err=True)


_START = (
    "kantoor relation ready says what relations lack; kantoor portal link PERSON signs somebody in; "
    "kantoor start starts the first filings"
)
_NEXT: Mapping[FirstStep, str] = {
    "deploy": "kantoor deploy",
    "import": "kantoor relation import FOLDER (docs/import.md)",
    "start": _START,
}
"""By what comes first in an office in which nothing was started: what to type."""


def _lines(result: Deployed) -> Iterator[str]:
    yield from map(describe_published, result.plans)
    if result.office == "changed":
        yield "products, roles and statutory tables have changed, for running filings too"


commands: list[click.Command] = [deploy_command]
