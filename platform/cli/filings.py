"""`kantoor filing …` and `kantoor task …`: look at one filing, and act on it."""

from datetime import date
from pathlib import Path

import click

from ..files import make_private
from ..filing.outcome import Refusal
from ..office.filings.filing import Filing
from ..office.overviews.planner import said
from ..period import Period, in_words
from ..service import reading
from ..service.cases import short_name
from ..service.desk import Desk
from ..service.reading import FilingPage
from .desk import a_filing, as_format, at_desk, print_json, print_table, refused
from .failures import WRONG_USE, Failure
from .filing_acts import GIVE_DOCUMENT, on_filings, on_tasks
from .filing_page import lines_of


@click.group()
def filing() -> None:
    """Filings: list, show and act on one.

    FILING is template/relation/period, such as btw-aangifte/1001/2026-01; with /sub-number and /sequence
    after it where a relation has several. `kantoor filing list` and `kantoor work` print it so.
    """


@filing.command("list")
@click.option("--template", metavar="TEMPLATE", help="Only of this template.")
@click.option("--relation", metavar="NUMBER", help="Only of this relation.")
@click.option("--period", metavar="PERIOD", help="Only over this period: 2026-01, 2026-Q1 or 2026.")
@as_format
def list_(template: str | None, relation: str | None, period: str | None, form: str) -> None:
    """List filings with what the planner says of them."""
    code = Period.parse(period).code if period else None

    async def ask(desk: Desk) -> tuple[tuple[Filing, ...], date]:
        return reading.filings(desk, template, relation, code), desk.now().date()

    found, today = at_desk(ask)
    if form == "json":
        print_json(found)
        return
    rows = [
        (
            short_name(f.id),
            f.title,
            said(f, today),
            ", ".join(f.phases),
            in_words(f.due) if f.due else "",
        )
        for f in found
    ]
    if rows:
        print_table(("opdracht", "titel", "stand", "fase", "uiterlijk"), rows)
    else:
        click.echo("Er zijn geen opdrachten.")


@filing.command()
@a_filing
@as_format
def show(filing_name: str, form: str) -> None:
    """Show one filing: phases, checkpoints, documents, deadlines and the whole timeline."""

    async def ask(desk: Desk) -> FilingPage | Refusal:
        return reading.filing_page(desk, filing_name)

    page = at_desk(ask)
    if isinstance(page, Refusal):
        raise refused(page)
    if form == "json":
        print_json(page)
    else:
        click.echo("\n".join(lines_of(page)))


@filing.command()
@a_filing
@click.option("--document", metavar="DOCUMENT", help="Which one, where there are several.")
@click.option("--bytes", "raw", is_flag=True, help="The document itself instead of its readable rendering.")
@click.option("--receipt", is_flag=True, help="The authority's signed answer to the delivery, as it came.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it; default: a name of its own.")
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
def document(
    filing_name: str, document: str | None, raw: bool, receipt: bool, out: Path | None, force: bool
) -> None:
    """Write what the client reads of a document (HTML) to a file, to open in a browser."""
    if receipt and (raw or document):
        raise Failure("--receipt goes without --document and --bytes", WRONG_USE)

    async def ask(desk: Desk) -> tuple[str, bytes] | Refusal:
        if receipt:
            return reading.receipt_bytes(desk, filing_name)
        return reading.document_bytes(desk, filing_name, document, rendering=not raw)

    found = at_desk(ask)
    if isinstance(found, Refusal):
        raise refused(found, GIVE_DOCUMENT)
    name, content = found
    file = out / name if out and out.is_dir() else out or Path(name)
    if file.exists() and not force:
        raise Failure(f"{file} is there already: --force writes over it", WRONG_USE)
    make_private(file)
    file.write_bytes(content)
    click.echo(str(file))


@click.group()
def task() -> None:
    """Tasks: finish one."""


for command in on_filings:
    filing.add_command(command)
for command in on_tasks:
    task.add_command(command)

commands: list[click.Command] = [filing, task]
