"""`kantoor deploy`: publish definitions."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..review.kept import KeptReview
from ..service.releasing.deploying import (
    Departed,
    Deployed,
    Mistaken,
    Nameless,
    NotDeployed,
    Outdated,
    deploy,
    read_definitions,
    say_deployed,
)
from ..service.releasing.examples import say_examples
from ..service.releasing.not_released import NotReleased
from ..service.upkeep.first_steps import FirstStep, read_first_step
from .definitions import definitions_folder
from .desk import ask_desk
from .failures import NO, Failure
from .not_released import say_how_to_release
from .options import as_format
from .printing import print_result
from .progress import show_work
from .reviewing import read_kept_file


def _read_by(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    """Return the name that was given; empty where none was. Raises BadParameter where it says nothing."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty: give a name, or leave --by out")
    return (value or "").strip()


@click.command("deploy")
@definitions_folder
@click.option(
    "--by",
    default=None,
    callback=_read_by,
    metavar="NAME",
    help="Who publishes it, for the record; default: the author in Git, where the folder is committed.",
)
@click.option(
    "--review",
    "kept",
    callback=read_kept_file,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Publish what this review was of, as `kantoor diff --out FILE` kept it, and nothing else.",
)
@click.option(
    "--pilot",
    multiple=True,
    metavar="RELATION",
    help="Have the plans that change be in force for this relation alone; for up to five (repeat it).",
)
@click.option("--dry-run", is_flag=True, help="Check, try and judge it, and publish nothing.")
@click.option(
    "--without-scenarios",
    "reason",
    metavar="REASON",
    help="Publish although scenarios may fail; the reason is written down.",
)
@as_format
def deploy_command(
    folder: Path,
    by: str,
    kept: KeptReview | None,
    pilot: tuple[str, ...],
    dry_run: bool,
    reason: str | None,
    form: str,
) -> None:
    """Check the definitions in DIR and publish their plans: new filings start on them.

    Scenarios of templates that change, of all where products, roles or tables do, are run first; nothing is
    published when one fails. Running filings stay on the plan that they started with; how many of them could
    move is told. With --review nothing is published where that would be anything else than was reviewed, or
    where other filings run by now than the review told of.

    With --pilot everyone else goes on with the plan before, until `kantoor promote` or `kantoor rollback`.
    """
    if reason is not None and not reason.strip():
        raise click.BadParameter("say why, in a few words", param_hint="--without-scenarios")
    ready = read_definitions(folder)  # before the office is opened: mistakes make none
    if isinstance(ready, Mistaken):
        click.echo(ready.report, err=True)
        hint = _WITHOUT_SCENARIOS if reason else ""
        raise Failure(f"nothing published: the definitions in {folder} have errors", NO, hint)
    with show_work("running scenarios and publishing"):
        result, step = ask_desk(
            lambda desk: (
                deploy(desk, ready, by, without_scenarios=reason, kept=kept, pilot=pilot, dry_run=dry_run),
                read_first_step(desk),
            ),
            makes=not dry_run,
        )
    _refuse(folder, result)
    assert isinstance(result, Deployed)
    if result.warnings:
        click.echo(result.warnings, err=True)
    for left in result.leftovers:
        click.echo(f"Warning: {left.text}", err=True)
    if result.examples:
        click.echo(f"Warning: {say_examples(result.examples)}; put in your own", err=True)
    print_result(form, result, say_deployed)
    if form == "text" and result.relations:
        click.echo("kantoor pilot show tells what happens; then kantoor promote, or kantoor rollback")
    if form == "text" and step:
        click.echo(f"Next: {_NEXT[step]}", err=True)


def _refuse(folder: Path, result: Deployed | NotDeployed) -> None:
    """Tell why nothing was published, where nothing was. Raises Failure."""
    if isinstance(result, Mistaken):
        click.echo(result.report, err=True)
        hint = "kantoor test shows them; --without-scenarios REASON publishes all the same."
        raise Failure(f"nothing published: scenarios in {folder} fail", NO, hint)
    if isinstance(result, Outdated):
        hint = "Repeat it: it is tried again beside what is published now."
        raise Failure("nothing published: somebody else published meanwhile", NO, hint)
    if isinstance(result, NotReleased):
        raise Failure(f"nothing published: {result.text}", NO, say_how_to_release(result))
    if isinstance(result, Departed):
        click.echo("\n".join(result.sentences), err=True)
        hint = "Review it again, kantoor diff … --office --out FILE, have it read, and deploy by that."
        raise Failure("nothing published: this is not what was reviewed", NO, hint)
    if isinstance(result, Nameless):
        hint = "Name somebody with --by NAME, or commit the definitions first."
        whose = f"{folder} holds changes that are not committed, or is in no repository of Git"
        raise Failure(f"nothing published: nobody says whose these definitions are: {whose}", NO, hint)


_WITHOUT_SCENARIOS = (
    "--without-scenarios passes over scenarios that fail, not over errors: in a scenario that names what is "
    "gone, write what takes its place, or take it away."
)
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


commands: list[click.Command] = [deploy_command]
