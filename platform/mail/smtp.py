"""Sending one message to one person over SMTP.

A message has the same Message-ID every time it is sent: one that arrives twice, because a worker was killed
between sending and writing that down, can be recognised, and the second one says that it may be a repeat.
"""

import hashlib
import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from enum import Enum
from typing import Literal

import aiosmtplib

from ..tls import make_client_context
from ..unseen import show_unseen

REPEAT_HEADER = "Kantoor-Repeat"
OFFICE_TIME_HEADER = "Kantoor-Office-Time"

NAME_LENGTH = 64
"""Of a name in a header; what is longer is cut."""

_UNFOLDED = SMTP.clone(max_line_length=998)  # the most that RFC 5322 allows a line
_ENHANCED_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Server:
    """Where messages go out, and in whose name; `seconds` is how long one step may take."""

    host: str
    port: int
    sender: str
    security: Literal["none", "starttls", "tls"] = "none"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    seconds: float = 10
    authorities: str | None = None
    """A PEM file instead of the system's authorities."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person, as the command `number` of a workflow asks for it.

    `at` is office time and travels in a header of our own: in a practice office the real date says little.
    """

    workflow_id: str
    number: int
    address: str = field(repr=False)
    name: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    at: datetime
    sender_name: str = ""
    repeated: bool = False


class Problem(Enum):
    """Why a message was not sent: English sentence, Dutch sentence, and whether trying again can help.

    None quotes an address: a server's own text often does.
    """

    UNREACHABLE = ("the mail server cannot be reached", "de mailserver is niet bereikbaar", True)
    INSECURE = (
        "no safe connection to the mail server",
        "er is geen veilige verbinding met de mailserver",
        True,
    )
    LOGIN = ("the mail server refuses the login", "de mailserver weigert de aanmelding", True)
    BROKEN_OFF = (
        "the connection to the mail server was lost",
        "de verbinding met de mailserver viel weg",
        True,
    )
    LATER = ("the mail server asks to try later", "de mailserver is tijdelijk niet beschikbaar", True)
    REFUSED = ("the mail server refuses the message", "de mailserver weigert het bericht", False)
    RECIPIENT = ("the mail server refuses the recipient", "de mailserver weigert de ontvanger", False)
    ADDRESS = ("the address is not an e-mail address", "het adres is geen geldig e-mailadres", False)


class SendingError(Exception):
    """A message was not sent, or it is not known whether it was. `temporary`: trying again can help."""

    def __init__(self, problem: Problem, code: str = "") -> None:
        english, dutch, temporary = problem.value
        detail = f" ({code})" if code else ""
        super().__init__(english + detail)
        self.problem = problem
        self.dutch = dutch + detail
        self.temporary = temporary


async def send(server: Server, letter: Letter) -> str:
    """Send a letter and return its Message-ID. Raises SendingError."""
    content = compose(letter, server.sender)
    try:
        async with _client(server) as client:
            await client.sendmail(server.sender, [letter.address], content)
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _classify_error(error) from None
    return message_id(letter, server.sender)


async def log_in(server: Server) -> None:
    """Reach the server as `send` does and leave it again. Raises SendingError."""
    try:
        async with _client(server):
            pass
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise _classify_error(error) from None


def _client(server: Server) -> aiosmtplib.SMTP:
    """Return a client that reaches the server, secures the connection and logs in when it is entered."""
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        timeout=server.seconds,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=_tls(server),
    )


def compose(letter: Letter, sender: str) -> bytes:
    """Return the letter as a message, read back: it is from the sender, and to nobody but its person.

    Raises SendingError when the address cannot be one.
    """
    for named, policy in ((True, SMTP), (True, _UNFOLDED), (False, SMTP)):
        content = _write(letter, sender, policy, named=named)
        # Folding a long name drops its quotes: a comma in it makes two recipients of one.
        if _addresses(content, "To") == [letter.address] and _addresses(content, "From") == [sender]:
            return content
    raise SendingError(Problem.ADDRESS)


def _write(letter: Letter, sender: str, policy: "EmailPolicy[EmailMessage]", *, named: bool) -> bytes:
    message = EmailMessage()
    try:
        message["From"] = Address(_name(letter.sender_name) if named else "", addr_spec=sender)
        message["To"] = Address(_name(letter.name) if named else "", addr_spec=letter.address)
    except (ValueError, IndexError, MessageError):  # IndexError: the parser's answer to an empty part
        raise SendingError(Problem.ADDRESS) from None
    message["Subject"] = _line(show_unseen(letter.subject))
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id(letter, sender)
    message["Auto-Submitted"] = "auto-generated"
    message[OFFICE_TIME_HEADER] = letter.at.isoformat(timespec="minutes")
    if letter.repeated:
        message[REPEAT_HEADER] = "yes"
    message.set_content(show_unseen(letter.text))
    return message.as_bytes(policy=policy)


def _addresses(content: bytes, header: str) -> list[str]:
    """Return the addresses that a header of a message has for whoever receives it."""
    try:
        found = message_from_bytes(content, policy=SMTP)[header]
        return [] if found is None or found.defects else [one.addr_spec for one in found.addresses]
    except (ValueError, IndexError, AttributeError, MessageError):  # what the parser raises on odd names
        return []


def message_id(letter: Letter, sender: str) -> str:
    """Return the Message-ID: the same for the same command and person, and telling nothing of either."""
    parts = f"{letter.workflow_id}\n{letter.number}\n{letter.address}"
    return f"<{hashlib.sha256(parts.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _name(text: str) -> str:
    """Return a name fit for a header: one line, without what no header can carry, and not too long."""
    return _line("".join(sign for sign in text if sign.isprintable() or sign.isspace()))[:NAME_LENGTH].strip()


def _line(text: str) -> str:
    """A header is one line, whatever a name or subject holds."""
    return " ".join(text.split())


def _tls(server: Server) -> ssl.SSLContext | None:
    if server.security == "none":
        return None
    context = make_client_context()
    if server.authorities is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(cafile=server.authorities)
    return context


def _classify_error(error: Exception) -> SendingError:
    """Say what went wrong without the server's own words."""
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            return _make_reply_error(error.recipients[0], Problem.RECIPIENT)
        case aiosmtplib.SMTPRecipientRefused():
            return _make_reply_error(error, Problem.RECIPIENT)
        case aiosmtplib.SMTPAuthenticationError() | aiosmtplib.SMTPSenderRefused():
            return SendingError(Problem.LOGIN, str(error.code))
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPHeloError():
            return SendingError(Problem.UNREACHABLE)
        case aiosmtplib.SMTPResponseException():
            return _make_reply_error(error, Problem.REFUSED)
        case ssl.SSLError():
            return SendingError(Problem.INSECURE)
        case aiosmtplib.SMTPServerDisconnected() | TimeoutError() | ConnectionError():
            return SendingError(Problem.BROKEN_OFF)
        case aiosmtplib.SMTPException():  # STARTTLS or a login that the server does not offer
            return SendingError(Problem.INSECURE)
        case OSError():
            return SendingError(Problem.UNREACHABLE)
        case _:
            return SendingError(Problem.ADDRESS)


def _make_reply_error(answer: aiosmtplib.SMTPResponseException, problem: Problem) -> SendingError:
    """Return the error for a reply: 4xx is 'later' (RFC 5321, 4.2.1); its text becomes a code (RFC 3463)."""
    enhanced = _ENHANCED_CODE.search(answer.message)
    code = f"{answer.code} {enhanced[0]}" if enhanced else str(answer.code)
    return SendingError(problem if answer.code >= 500 else Problem.LATER, code)
