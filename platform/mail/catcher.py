"""The mail catcher: a real SMTP server that keeps what it takes in a folder, one .eml file a message.

It says yes only after the message is safe on disk, so it can be killed at any moment.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from ..files import make_folder, write_new
from .smtp import OFFICE_TIME_HEADER, REPEAT_HEADER

TAKEN = "250 2.0.0 taken"
FULL = "452 4.3.1 the catcher cannot write its folder"


@dataclass(frozen=True, slots=True)
class Caught:
    """A caught message. `at` is the office time it was sent at (ISO), or its own date."""

    number: int
    at: str
    to: str = field(repr=False)
    sender: str
    subject: str
    repeated: bool
    message_id: str
    text: str = field(repr=False)


class Keeper:
    """What the SMTP server hands its messages to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, once for all its recipients."""
        content = envelope.content or b""
        assert isinstance(content, bytes)  # decode_data is off
        recipients = ", ".join(envelope.rcpt_tos)
        try:
            keep(self._folder, f"Delivered-To: {recipients}\r\n".encode() + content)
        except OSError:
            return FULL
        return TAKEN


def keep(folder: Path, content: bytes) -> int:
    """Write a message to disk for good and return its number."""
    make_folder(folder)
    number = max(_numbers(folder), default=0)
    while True:
        number += 1
        with suppress(FileExistsError):
            write_new(folder / f"{number:06}.eml", content)
            return number


def list_caught(folder: Path) -> list[Caught]:
    """Return the caught messages in a folder, in the order in which they arrived."""
    return [read(folder, number) for number in sorted(_numbers(folder))]


def read(folder: Path, number: int) -> Caught:
    """Return one message. Raises FileNotFoundError when there is none of that number."""
    content = (folder / f"{number:06}.eml").read_bytes()
    message = message_from_bytes(content, policy=policy.default)
    return Caught(
        number=number,
        at=_header(message, OFFICE_TIME_HEADER, "Date"),
        to=_header(message, "Delivered-To", "To"),
        sender=_header(message, "From"),
        subject=_header(message, "Subject"),
        repeated=message[REPEAT_HEADER] is not None,
        message_id=_header(message, "Message-ID"),
        text=_text(message),
    )


async def start_catcher(folder: Path, host: str, port: int) -> asyncio.Server:
    """Start catching; close the server to stop. With port 0 the system chooses one.

    Raises OSError when the port is taken.
    """
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(Keeper(folder), enable_SMTPUTF8=True, ident="kantoor catcher", loop=loop), host, port
    )


def _numbers(folder: Path) -> list[int]:
    return [int(file.stem) for file in folder.glob("*.eml") if file.stem.isdecimal()]


def _header(message: EmailMessage, *names: str) -> str:
    """Return the first of these headers, unfolded: a long one begins on a line of its own."""
    found = next((str(message[name]) for name in names if message[name]), "")
    return " ".join(found.split())


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    try:
        content = body.get_content() if body else ""
    except (LookupError, UnicodeError):  # an encoding that nobody knows
        content = ""
    return content.replace("\r\n", "\n") if isinstance(content, str) else ""
