"""What commands at the desk share: who acts, the open office, and how an outcome is told."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click
from pydantic import BaseModel

from ..filing.outcome import Refusal
from ..office.database import open_database
from ..office.migrate import is_made, upgrade
from ..runtime.client import NotRunning, Unknown
from ..service.acts import Done, Outcome
from ..service.desk import Desk, open_desk
from ..settings import load_settings
from .failures import NO, OUTSIDE, Failure

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


class Person(click.types.StringParamType):
    """Who acts; where nobody is named it says where a name may stand."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return what follows on "Missing option '--as'."."""
        return "Say who does it with --as PERSON, or once for all by setting KANTOOR_AS."


as_person = click.option(
    "--as",
    "who",
    type=Person(),
    envvar="KANTOOR_AS",
    required=True,
    metavar="PERSON",
    help="Who does it: id or e-mail address of a team member or contact (or KANTOOR_AS).",
)
ID = re.compile(r"[\w.:-]{1,100}")


def _act_id(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not ID.fullmatch(value):
        raise click.BadParameter("write 1 to 100 letters, digits or any of _ . : -")
    return value


act_id = click.option(
    "--id",
    "act_id",
    metavar="ID",
    callback=_act_id,
    help="Number or name of this act, of your choice: repeated with the same id it happens once, and is "
    "answered as the first time.",
)
a_filing = click.argument("filing_name", metavar="FILING")
in_phase = click.option("--phase", metavar="PHASE", help="Id of the phase, where several are active.")
as_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)


def at_desk(work: Callable[[Desk], Awaitable[T]], *, makes: bool = False) -> T:
    """Open the office, do the work and close it.

    One that is not there is made only where the work `makes` it. Raises what `open_desk` raises.
    """

    async def run() -> T:
        settings = load_settings()
        database = open_database(settings.database_url)
        try:
            if makes or is_made(database):
                upgrade(database)
        finally:
            database.close()
        async with open_desk(settings) as desk:
            if desk.equipment.news:
                click.echo(desk.equipment.news, err=True)
            return await work(desk)

    return asyncio.run(run())


def refused(refusal: Refusal, hints: Mapping[str, str] | None = None) -> Failure:
    """Return the failure that ends a command whose answer is no (exit 1).

    Refusals know of no command line: `hints` has by their code what to type instead.
    """
    return Failure(f"{refusal.text} [{refusal.code}]", NO, (hints or {}).get(refusal.code, ""))


def unanswered(result: NotRunning | Unknown) -> Failure:
    """Return the failure that ends a command of which nobody knows what came (exit 3)."""
    if isinstance(result, NotRunning):
        text = f"the Temporal server does not know {result.workflow_id} (any more): see kantoor doctor"
        return Failure(text, OUTSIDE)
    again = f"Herhaal het met --id {result.act}: dan gebeurt het niet dubbel."
    text = "niet bekend of dit is aangekomen"
    if result.fault:
        text += "; de opdracht staat stil door een fout in kantoor, zie kantoor doctor"
    return Failure(text, OUTSIDE, again)


def tell(outcome: Outcome, done: str, hints: Mapping[str, str] | None = None) -> None:
    """Say what came of an act; end with exit 1 when it was refused, 3 when it is not known.

    `hints` are those of `refused`.
    """
    if isinstance(outcome, Refusal):
        raise refused(outcome, hints)
    if not isinstance(outcome, Done):
        raise unanswered(outcome)
    again = " (was al gedaan)" if outcome.repeated else ""
    later = "" if outcome.recorded else " - opgeslagen, overzicht volgt"
    click.echo(f"{done}{again}{later}")


def print_json(data: BaseModel | Sequence[BaseModel]) -> None:
    """Print models as JSON."""
    plain = (
        data.model_dump(mode="json")
        if isinstance(data, BaseModel)
        else [one.model_dump(mode="json") for one in data]
    )
    click.echo(json.dumps(plain, ensure_ascii=False, indent=2))


def print_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Print rows in columns as wide as their widest cell."""
    lines = [header, *rows]
    widths = [max(len(row[i]) for row in lines) for i in range(len(header))]
    for row in lines:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
