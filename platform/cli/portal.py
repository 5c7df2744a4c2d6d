"""`kantoor portal …`: the web pages, and who gets in."""

import click

from ..portal.server import run_portal
from ..service.visiting import make_own_link
from ..settings import load_settings
from .desk import ask_desk, unwrap_result
from .printing import say


@click.group(help="The web pages of office and clients.")
def portal() -> None:
    """Collect the commands on the pages."""


@portal.command("run")
def portal_run() -> None:
    """Serve the pages by themselves, until Ctrl-C; `kantoor up` does."""
    run_portal(load_settings(), say)


@portal.command("link")
@click.argument("person")
def portal_link(person: str) -> None:
    """Print a link that signs PERSON in: for the first one of the office, and for who gets no mail."""
    say(unwrap_result(ask_desk(lambda desk: make_own_link(desk, person))))


commands: list[click.Command] = [portal]
