"""`kantoor what-if`: what a change would have done to filings that really happened."""

from pathlib import Path

import click

from ..service.reviewing.closed_filings import (
    ClosedFilings,
    ClosedFilingsError,
    read_closed,
    read_closed_snapshot,
)
from ..service.reviewing.what_if import compare_closed
from ..what_if.faces import write_json, write_markdown, write_text
from ..what_if.report import GATES, Gate, WhatIf
from .desk import ask_desk
from .failures import NO, OUTSIDE, WRONG_USE, Failure
from .progress import show_progress
from .reviewing import definitions_folder, load_both, print_report

FORMS = {"text": write_text, "markdown": write_markdown, "json": write_json}


def read_gates(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[Gate, ...]:
    """Return the gates that were named. Raises BadParameter for one that is not known."""
    words = [word.strip() for word in (value or "").split(",") if word.strip()]
    for word in words:
        if word not in GATES:
            raise click.BadParameter(f"unknown gate '{word}': choose from {', '.join(GATES)}")
    return tuple(gate for gate in GATES if gate in words)


def read_closed_of(file: Path, content: bytes) -> ClosedFilings:
    """Return the closed filings of a file by its content. Raises Failure."""
    try:
        return read_closed_snapshot(content)
    except ClosedFilingsError as error:
        raise refuse_file(file, error) from None


def refuse_file(file: Path, error: ClosedFilingsError) -> Failure:
    """Return the failure that ends a command whose file of closed filings cannot be read."""
    hint = "Make a new one with kantoor snapshot --closed."
    return Failure(f"{file} cannot be read: {error}", WRONG_USE, hint)


@click.command("what-if")
@click.argument("base")
@click.argument("head", required=False)
@definitions_folder
@click.option(
    "--filings",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The closed filings, as `kantoor snapshot --closed` wrote them.",
)
@click.option("--office", "of_office", is_flag=True, help="The closed filings of this office.")
@click.option("--format", "form", type=click.Choice([*FORMS]), default="text", show_default=True)
@click.option(
    "--fail-on",
    "gates",
    metavar="GATE,…",
    callback=read_gates,
    help=f"Exit 1 when a filing would be late by law that was not, no longer end, end in another way, or"
    f" could not be compared, which trips every gate: {', '.join(GATES)}.",
)
@click.pass_context
def what_if(
    context: click.Context,
    base: str,
    head: str | None,
    folder: Path,
    file: Path | None,
    of_office: bool,
    form: str,
    gates: tuple[Gate, ...],
) -> None:
    """Say what a change would have done to filings that really happened and are closed.

    BASE and HEAD are as of `kantoor diff`; without HEAD it is the folder as it is now. Every filing of a
    template that changes is run by the plans of both: the same people do the same as long after they could,
    the world answers as it did, and all dates are those of the plan. Said is what would have been late,
    earlier or later, which messages and whose work there would have been more or less, what would not have
    ended, and which acts no longer fit. A filing that does not come out by its own plan as it happened is
    left out.

    \b
    Exit status:
      0  the filings were compared, and no gate of --fail-on was tripped
      1  a gate was tripped, or one side has errors and nothing was compared
      2  wrong use: no such revision or folder, or FILE cannot be read
      3  Git or the office database is missing or failed
    """
    if of_office == (file is not None):
        raise click.UsageError("give the closed filings with --filings FILE or --office, one of both")
    before, after = load_both(base, head, folder)
    with show_progress() as shown:
        if file is None:
            closed = ask_desk(lambda desk: read_closed(desk, None, shown))
        else:
            closed = read_closed_of(file, _read(file))
        try:
            found = compare_closed(closed, before, after, shown)
        except ClosedFilingsError as error:
            raise refuse_file(file or Path("the office"), error) from None
    print_report(FORMS[form](found))
    _end(context, found, gates)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}", OUTSIDE) from None


def _end(context: click.Context, found: WhatIf, gates: tuple[Gate, ...]) -> None:
    tripped = found.trip(gates)
    for sentence in tripped:
        click.echo(sentence, err=True)
    if tripped:
        context.exit(NO)


commands: list[click.Command] = [what_if]
