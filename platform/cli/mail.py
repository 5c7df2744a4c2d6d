"""`kantoor mail …`: what the mail catcher caught."""

import asyncio
import json
from pathlib import Path

import click

from ..mail import catcher
from ..settings import load_settings
from .failures import OUTSIDE, WRONG_USE, Failure
from .programs import as_format, say, until_signal

_MAIL_COLUMNS = ("number", "at", "to", "sender", "subject", "repeated", "message_id")


@click.group(help="The mail catcher: list and show messages.")
def mail() -> None:
    """Collect the commands on caught mail."""


@mail.command("list")
@click.option("--to", help="Only messages to this address.")
@as_format
def mail_list(to: str | None, form: str) -> None:
    """List the messages that were caught, in the order in which they came."""
    messages = [one for one in catcher.caught(_mailbox()) if to is None or to in one.to]
    if form == "json":
        rows = [{name: getattr(one, name) for name in _MAIL_COLUMNS} for one in messages]
        say(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in messages:
        say(f"{one.number:>5}  {one.at:<16}  {one.to:<32}  {one.subject}{_repeated(one)}")
    if not messages:
        click.echo("no mail yet", err=True)


@mail.command("show")
@click.argument("number", type=click.IntRange(min=1))
def mail_show(number: int) -> None:
    """Show message NUMBER of `kantoor mail list`."""
    try:
        message = catcher.read(_mailbox(), number)
    except FileNotFoundError:
        raise Failure(f"there is no message {number}; kantoor mail list shows which there are") from None
    say(f"From:    {message.sender}\nTo:      {message.to}\nDate:    {message.at}")
    say(f"Subject: {message.subject}{_repeated(message)}\n\n{message.text}")


@mail.command("catch")
def mail_catch() -> None:
    """Run the mail catcher by itself, until Ctrl-C; `kantoor up` runs one."""
    settings = load_settings()
    asyncio.run(_catch(settings.mailbox, settings.smtp.host, settings.smtp.port))


commands: list[click.Command] = [mail]


async def _catch(folder: Path, host: str, port: int) -> None:
    stop = until_signal()
    try:
        server = await catcher.start_catcher(folder, host, port)
    except OSError as error:
        raise Failure(f"the mail catcher cannot listen on {host}:{port}: {error.strerror}", OUTSIDE) from None
    say(f"mail catcher ready on {host}:{port}, messages in {folder}")
    await stop.wait()
    server.close()


def _mailbox() -> Path:
    """Return where caught mail lies; a folder that no office was made in has none."""
    settings = load_settings()
    if not settings.home.exists() and not settings.mailbox.exists():
        text = f"there is no office in {settings.home}: run `kantoor up` to make one, or set KANTOOR_HOME"
        raise Failure(f"{text} to where yours is", WRONG_USE)
    return settings.mailbox


def _repeated(message: catcher.Caught) -> str:
    return "  (repeated)" if message.repeated else ""
