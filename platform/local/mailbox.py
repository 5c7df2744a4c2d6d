"""The mail of an office on this machine: what the catcher caught, and the catcher as a program."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from ..mail.catcher import Caught, list_caught, read, start_catcher
from ..office.database.errors import NoOfficeError
from ..settings import Settings
from ..tables import Table
from .errors import LocalError

__all__ = ["Caught", "catch_mail", "list_mail", "mail_table", "read_mail", "subject_of"]


def list_mail(settings: Settings, to: str | None = None) -> list[Caught]:
    """Return the messages that were caught, in the order in which they came; those to an address if given.

    Raises NoOfficeError where no office is.
    """
    return [one for one in list_caught(_mailbox(settings)) if to is None or to in one.to]


def read_mail(settings: Settings, number: int) -> Caught | None:
    """Return one message, or None where none has this number. Raises NoOfficeError where no office is."""
    try:
        return read(_mailbox(settings), number)
    except FileNotFoundError:
        return None


def mail_table(messages: Sequence[Caught]) -> Table:
    """Return messages as a table."""
    rows = ((str(message.number), message.at, message.to, subject_of(message)) for message in messages)
    return Table(("nummer", "op", "aan", "onderwerp"), tuple(rows))


def subject_of(message: Caught) -> str:
    """Return what a message is about, and whether it is the repetition of one that may have arrived."""
    return f"{message.subject}  (herhaald)" if message.repeated else message.subject


async def catch_mail(settings: Settings, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    """Run the catcher until `stop` is set. Raises LocalError when it cannot listen."""
    place = f"{settings.smtp.host}:{settings.smtp.port}"
    try:
        server = await start_catcher(settings.mailbox, settings.smtp.host, settings.smtp.port)
    except OSError as error:
        raise LocalError(f"the mail catcher cannot listen on {place}: {error.strerror}") from None
    say(f"mail catcher ready on {place}, messages in {settings.mailbox}")
    await stop.wait()
    server.close()


def _mailbox(settings: Settings) -> Path:
    """Return the folder of caught mail. Raises NoOfficeError when no office was made here."""
    if not settings.home.exists() and not settings.mailbox.exists():
        raise NoOfficeError(str(settings.home), "KANTOOR_HOME")
    return settings.mailbox
