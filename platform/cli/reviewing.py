"""Commands for who reviews a change of definitions: diff."""

import sys
from datetime import date, datetime
from pathlib import Path

import click

from ..compiler.reports.text import summary, text
from ..review.faces.html import write_html
from ..review.faces.json import write_json
from ..review.faces.markdown import write_markdown
from ..review.faces.text import write_text
from ..review.guards import GATES
from ..review.pictures import find_pictures
from ..review.review import Review, Side, review
from ..review.revisions import RevisionError
from ..review.sides import NotCompiledError, find_sources, load_sides
from .failures import NO, OUTSIDE, WRONG_USE, Failure

FORMS = ("text", "markdown", "html", "json")


def _read_gates(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    gates = tuple(word.strip() for word in (value or "").split(",") if word.strip())
    for gate in gates:
        if gate not in GATES:
            raise click.BadParameter(f"unknown class '{gate}': choose from {', '.join(GATES)}")
    return gates


@click.command()
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("definitions"),
    show_default=True,
    help="The folder with the definitions, in the repository.",
)
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option(
    "--fail-on",
    "gates",
    metavar="CLASS,…",
    callback=_read_gates,
    help=f"Exit 1 when a change of these classes has no waiver: {', '.join(GATES)}.",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Compare the dates of the year from this day; default: today.",
)
@click.pass_context
def diff(
    context: click.Context,
    base: str,
    head: str | None,
    folder: Path,
    form: str,
    gates: tuple[str, ...],
    on: datetime | None,
) -> None:
    """Say what changes from BASE to HEAD, for clients, staff, dates and law.

    BASE and HEAD are revisions of Git or folders with definitions; without HEAD, BASE is compared with the
    folder as it is now, saved or committed or not. BASE..HEAD is one argument for both; BASE...HEAD is what
    HEAD changed since it left BASE.

    Each change is a sentence with a class: legal, timing, flow, staffing or wording. A safeguard that is
    removed or weakened is told apart, and is a gate of its own. Nothing is printed when nothing changes, but
    by html and json, which then say so.

    \b
    Exit status:
      0  both sides were compared, and no gate of --fail-on was tripped
      1  a gate was tripped, or one side has errors and nothing was compared
      2  wrong use: no such revision or folder
      3  Git is missing or failed
    """
    before, after = _load(context, base, head, folder)
    found = review(before, after, on.date() if on else date.today())
    _print(_render(form, before, after, found))
    tripped = found.trip(gates)  # type: ignore[arg-type]
    if tripped:
        kinds = "change" if len(tripped) == 1 else "changes"
        click.echo(
            f"{len(tripped)} {kinds} of a class that has to be looked at: {', '.join(gates)}", err=True
        )
        context.exit(NO)


def _load(context: click.Context, base: str, head: str | None, folder: Path) -> tuple[Side, Side]:
    try:
        return load_sides(find_sources(base, head, folder))
    except RevisionError as error:
        raise Failure(str(error), OUTSIDE if error.outside else WRONG_USE, error.hint) from None
    except NotCompiledError as error:
        click.echo(text(error.compilation), nl=False, err=True)
        raise Failure(str(error), NO, summary(error.compilation)) from None


def _render(form: str, before: Side, after: Side, found: Review) -> str:
    if form == "json":
        return write_json(found)
    if form == "text":
        return write_text(found)
    pictures = find_pictures(before, after, found)
    return write_html(found, pictures) if form == "html" else write_markdown(found, pictures)


def _print(report: str) -> None:
    """Write a report as UTF-8, whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(report.encode("utf-8", "replace"))


commands: list[click.Command] = [diff]
