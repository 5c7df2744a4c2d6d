"""`kantoor promote` and `kantoor rollback`: what becomes of a pilot, and a deploy that is taken back."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click

from ..service.releasing.not_released import NotReleased
from ..service.releasing.releasing import Released, promote, roll_back, say_released
from .desk import ask_desk
from .failures import NO, Failure
from .not_released import say_how_to_release
from .options import as_format
from .printing import print_result

F = TypeVar("F", bound=Callable[..., Any])


def _read_text(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return what was typed. Raises BadParameter where that is nothing."""
    if not value.strip():
        raise click.BadParameter("it is empty: a few words do")
    return value.strip()


def _asks_who_and_why(command: F) -> F:
    for option in (
        as_format,
        click.option("--dry-run", is_flag=True, help="Say what it would do, and release nothing."),
        click.option(
            "--reason", required=True, callback=_read_text, metavar="TEXT", help="Why, for the record."
        ),
        click.option("--by", required=True, callback=_read_text, metavar="NAME", help="Who does it."),
        click.argument("template", required=False),
    ):
        command = option(command)
    return command


@click.command("promote")
@_asks_who_and_why
def promote_command(template: str | None, by: str, reason: str, dry_run: bool, form: str) -> None:
    """Make the plan on pilot that of everyone.

    That of TEMPLATE, or of every pilot that runs. Filings that run stay on their plan; how many of them
    could move is told.
    """
    _print(form, ask_desk(lambda desk: promote(desk, template, by, reason, dry_run=dry_run)))


@click.command("rollback")
@_asks_who_and_why
def rollback_command(template: str | None, by: str, reason: str, dry_run: bool, form: str) -> None:
    """Put the plan before in force again: of a pilot, or of the last deploy.

    While pilots run it ends that of TEMPLATE, or all of them. Without one, and without TEMPLATE, it takes
    back the last deploy or promote that was not taken back, products, roles and statutory tables included.
    Filings that run stay on their plan; how many of them could move is told.
    """
    _print(form, ask_desk(lambda desk: roll_back(desk, template, by, reason, dry_run=dry_run)))


def _print(form: str, result: Released | NotReleased) -> None:
    if isinstance(result, NotReleased):
        raise Failure(f"nothing released: {result.text}", NO, say_how_to_release(result))
    for left in result.leftovers:
        click.echo(f"Warning: {left.text}", err=True)
    print_result(form, result, _say)


def _say(result: Released) -> Iterator[str]:
    yield from say_released(result)
    for runs in result.runs.templates if result.runs else ():
        if runs.filings:
            yield f"kantoor bulk move {runs.template} --all shows what becomes of each first"


commands: list[click.Command] = [promote_command, rollback_command]
