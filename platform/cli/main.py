"""The `kantoor` command and its one edge for failures."""

import click


@click.group(help="The workflow platform of a Dutch accountancy office, kept as code.")
def cli() -> None:
    """Collect the command groups."""


def run() -> None:
    """Run the command line."""
    cli()
