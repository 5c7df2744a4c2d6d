"""`kantoor filing …` and `kantoor task …`: look at one filing, and act on it."""

from importlib import import_module
from pathlib import Path

import click

from ..files import make_private
from ..period import Period
from ..service.desk import Desk
from ..service.filings.audiences import ClientPage, client_page
from ..service.lists import filing_table
from ..service.overviews import reading
from ..service.results import FilingPage, Refusal
from .desk import ask_desk, unwrap_result
from .failures import WRONG_USE, DutchFailure
from .filing_page import lines_for_client, lines_of
from .groups import Group
from .hints import GIVE_DOCUMENT
from .options import PeriodOf, Person, RelationNumber, a_filing, as_format
from .printing import print_list, print_result, warn, write_new


class Acts(Group):
    """A group with acts, which are read only when one is used: they bring temporalio along."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [*super().list_commands(ctx), *self._acts()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of the group, or an act."""
        return super().get_command(ctx, cmd_name) or self._acts().get(cmd_name)

    def _acts(self) -> dict[str, click.Command]:
        acts: dict[str, dict[str, click.Command]] = import_module(".filing_acts", __package__).acts
        return acts[self.name or ""]


@click.group(cls=Acts)
def filing() -> None:
    """Filings: list, show and act on one.

    FILING is template/relation/period, such as btw-aangifte/1001/2026-01; with /sub-number and /sequence
    after it where a relation has several. `kantoor filing list` and `kantoor work` print it in
    this form.
    """


@filing.command("list")
@click.option("--template", metavar="TEMPLATE", help="Only of this template.")
@click.option("--relation", type=RelationNumber(), metavar="NUMBER", help="Only of this relation.")
@click.option(
    "--period", type=PeriodOf(), metavar="PERIOD", help="Only for this period: 2026-01, 2026-Q1 or 2026."
)
@as_format
def list_(template: str | None, relation: str | None, period: Period | None, form: str) -> None:
    """List filings with what the planner says of them."""
    code = period.code if period else None
    found = unwrap_result(ask_desk(lambda desk: reading.filings(desk, template, relation, code)))
    print_list(form, found, filing_table, "Er zijn geen opdrachten.")


@filing.command()
@a_filing
@click.option(
    "--as",
    "who",
    type=Person(),
    metavar="PERSON",
    help="Show what is for this colleague or contact.",
)
@as_format
def show(filing_name: str, who: str | None, form: str) -> None:
    """Show one filing: phases, checkpoints, documents, deadlines and the timeline.

    What is for some roles or for compliance is shown to those with --as; a contact sees what is for the
    client.
    """

    def ask(desk: Desk) -> FilingPage | ClientPage | Refusal:
        page = reading.filing_page(desk, filing_name, who)
        if isinstance(page, Refusal) and page.code == "for_office" and who:
            return client_page(desk, filing_name, who)
        return page

    found = unwrap_result(ask_desk(ask))
    if isinstance(found, ClientPage):
        print_result(form, found, lines_for_client)
    elif isinstance(found, FilingPage):
        print_result(form, found, lines_of)


@filing.command()
@a_filing
@click.option("--document", metavar="DOCUMENT", help="Which one, where there are several.")
@click.option("--bytes", "raw", is_flag=True, help="The document itself instead of its readable rendering.")
@click.option("--receipt", is_flag=True, help="The authority's signed receipt, unchanged.")
@click.option(
    "--proof", metavar="HASH", help="What somebody gave as proof, by how its hash begins on the timeline."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="File or folder to write to; default: named after it."
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--as", "who", type=Person(), metavar="PERSON", help="A document for this colleague or contact."
)
def document(
    filing_name: str,
    document: str | None,
    raw: bool,
    receipt: bool,
    proof: str | None,
    out: Path | None,
    force: bool,
    who: str | None,
) -> None:
    """Write a document's readable rendering (HTML) to a file, to open in a browser."""
    if (receipt or proof) and (raw or document):
        raise DutchFailure("--receipt en --proof kunnen niet samen met --document of --bytes", WRONG_USE)
    if receipt and proof:
        raise DutchFailure("kies --receipt of --proof", WRONG_USE)

    def ask(desk: Desk) -> tuple[str, bytes] | Refusal:
        if receipt:
            return reading.receipt_bytes(desk, filing_name, who)
        if proof:
            return reading.proof_bytes(desk, filing_name, proof, who)
        return reading.document_bytes(desk, filing_name, document, rendering=not raw, who=who)

    name, content = unwrap_result(ask_desk(ask), GIVE_DOCUMENT)
    file = out / name if out and out.is_dir() else out or Path(name)
    if file.exists() and not force:
        raise DutchFailure(f"{file} bestaat al; --force overschrijft het", WRONG_USE)
    make_private(file)
    file.write_bytes(content)
    click.echo(str(file))


@filing.command()
@a_filing
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write to, such as definitions/scenarios/TEMPLATE/NAME.yaml; default: print it.",
)
def scenario(filing_name: str, out: Path | None) -> None:
    """Make a scenario for `kantoor test` of a filing as it really went, without personal data."""
    from ..service.reviewing.scenarios import (
        make_scenario,  # reads the compiler, which nobody else here needs
    )

    made = unwrap_result(ask_desk(lambda desk: make_scenario(desk, filing_name)))
    for note in made.notes:
        warn(note)
    if out is None:
        click.echo(made.text, nl=False)
        return
    write_new(out, made.text)
    click.echo(str(out))


@click.group(cls=Acts)
def task() -> None:
    """Tasks: mark one as done."""


commands: list[click.Command] = [filing, task]
