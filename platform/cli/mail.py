"""`kantoor mail …`: what the mail catcher caught."""

import asyncio
from dataclasses import asdict

import click

from ..local.mailbox import catch_mail, list_mail, mail_table, read_mail, subject_of
from ..settings import load_settings
from .failures import DutchFailure
from .groups import Group
from .options import as_format
from .printing import print_json, print_table, say
from .programs import until_signal


@click.group(cls=Group, help="The mail catcher: list and show messages.")
def mail() -> None:
    """Collect the commands on caught mail."""


@mail.command("list")
@click.option("--to", help="Only messages to this address.")
@as_format
def mail_list(to: str | None, form: str) -> None:
    """List the messages that were caught, in the order in which they came."""
    messages = list_mail(load_settings(), to)
    if form == "json":
        facts = map(asdict, messages)
        print_json([{name: fact for name, fact in one.items() if name != "text"} for one in facts])
    elif messages:
        print_table(mail_table(messages))
    else:
        click.echo("Er is nog geen mail.", err=True)


@mail.command("show")
@click.argument("number", type=click.IntRange(min=1))
def mail_show(number: int) -> None:
    """Show message NUMBER of `kantoor mail list`."""
    message = read_mail(load_settings(), number)
    if message is None:
        raise DutchFailure(f"er is geen bericht {number}; `kantoor mail list` toont welke er zijn")
    say(f"Van:       {message.sender}\nAan:       {message.to}\nOp:        {message.at}")
    say(f"Onderwerp: {subject_of(message)}\n\n{message.text}")


@mail.command("catch")
def mail_catch() -> None:
    """Run the mail catcher by itself, until Ctrl-C; `kantoor up` runs one."""
    asyncio.run(_catch())


commands: list[click.Command] = [mail]


async def _catch() -> None:
    await catch_mail(load_settings(), until_signal(), say)
