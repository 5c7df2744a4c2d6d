"""`kantoor portal …`: the web pages, and who gets in."""

import click

from ..portal.server import run_portal
from ..service.visiting.managing import give_management, release_factor
from ..service.visiting.visiting import mail_link, make_own_link
from ..settings import load_settings
from .desk import ask_desk, unwrap_result
from .groups import Group
from .printing import say


@click.group(cls=Group, help="The web pages of office and clients: serve them, sign somebody in.")
def portal() -> None:
    """Collect the commands on the pages."""


@portal.command("run")
def portal_run() -> None:
    """Serve the pages by themselves, until Ctrl-C; `kantoor up` does."""
    run_portal(load_settings(), say)


@portal.command("link")
@click.argument("person")
@click.option(
    "--mail", is_flag=True, help="Mail it to their present address instead: after that has changed."
)
def portal_link(person: str, mail: bool) -> None:
    """Print a link that signs PERSON in: for the first one of the office, and for who gets no mail."""
    if mail:
        address = unwrap_result(ask_desk(lambda desk: mail_link(desk, person)))
        say(f"Een nieuwe link is gemaild naar {address}.")
        return
    say(unwrap_result(ask_desk(lambda desk: make_own_link(desk, person))))


@portal.command("manager")
@click.argument("person")
@click.option("--remove", is_flag=True, help="Take the right away.")
def portal_manager(person: str, remove: bool) -> None:
    """Give team member PERSON the right beheer: to release a lost authenticator, among others."""
    name = unwrap_result(ask_desk(lambda desk: give_management(desk, person, remove=remove)))
    say(f"{name} heeft {'geen beheer meer' if remove else 'nu beheer'}.")


@portal.command("forget-app")
@click.argument("member")
def portal_forget_app(member: str) -> None:
    """Let team member MEMBER (an id) add an authenticator again: for who has the right beheer themselves."""
    refusal = ask_desk(lambda desk: release_factor(desk, member, by=""))
    if refusal is not None:
        unwrap_result(refusal)
    say(f"{member} koppelt bij het volgende inloggen een app, en is overal uitgelogd.")


commands: list[click.Command] = [portal]
