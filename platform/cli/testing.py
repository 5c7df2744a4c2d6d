"""`kantoor test`: scenarios that definitions are tried with."""

from pathlib import Path

import click

from ..compiler import compile_definitions
from ..compiler.reports import FORMATS
from ..compiler.reports.text import summary
from ..simulation.trying import report_of, try_scenarios
from .definitions import definitions_folder


@click.command("test")
@definitions_folder
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("-k", "chosen", metavar="TEXT", default="", help="Only scenarios with this in their name.")
@click.pass_context
def test(context: click.Context, folder: Path, form: str, chosen: str) -> None:
    """Run the scenarios of DIR, and print what did not come as they say."""
    compilation = compile_definitions(folder)
    if compilation.errors:
        click.echo(FORMATS[form](compilation), nl=False)
        click.echo(f"{summary(compilation)}, so no scenario was run", err=True)
        context.exit(1)
    tried = try_scenarios(compilation, chosen)
    click.echo(FORMATS[form](report_of(compilation, tried)), nl=False)
    failed = sum(bool(one.outcome.failures) for one in tried)
    click.echo(f"{len(tried)} scenarios, {failed or 'none'} failed", err=True)
    context.exit(1 if failed else 0)


commands: list[click.Command] = [test]
