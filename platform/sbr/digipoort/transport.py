"""One method between the client and the wire: a message out, a reply in, over HTTP with mutual TLS."""

import ssl
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

import h11

from ...tls import make_client_context
from .line import Line, open_line
from .problems import AnswerLost, NotSent, Problem, Trouble
from .settings import DigipoortSettings


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: HTTP status and bytes, nothing of it believed yet."""

    status: int
    body: bytes


class Transport(Protocol):
    """How a message travels. One question, one reply; never a second try of its own."""

    def post(self, url: str, action: str, message: bytes, seconds: float | None = None) -> Reply:
        """Send a message; `seconds` is how long the answer may take, sending and all of it together.

        Raises NotSent when surely nothing arrived, AnswerLost when it may have.
        """
        ...

    def reach(self, url: str) -> None:
        """Connect and send nothing. Raises NotSent."""
        ...


class HttpTransport:
    """HTTP with mutual TLS. Each message has a connection of its own: one that was kept open may be closed by
    the server while we write, and then nobody knows whether the message arrived."""

    def __init__(self, settings: DigipoortSettings) -> None:
        """Read the certificates. Raises NotSent, lasting, when a file cannot be used."""
        self._settings = settings
        self._context = _tls(settings)

    def post(self, url: str, action: str, message: bytes, seconds: float | None = None) -> Reply:
        """Send a message; see Transport."""
        settings, place = self._settings, urlsplit(url)
        seconds = seconds or settings.answer_timeout
        try:
            line = self._open(place, seconds)
        except OSError as error:
            raise NotSent(_unreachable(error)) from None
        with line:
            try:
                return self._converse(line, _request(place, action, message), message)
            except TimeoutError:
                raise AnswerLost(Trouble(Problem.SLOW, f"{seconds:g}")) from None
            except (OSError, h11.RemoteProtocolError) as error:
                raise AnswerLost(Trouble(Problem.CUT, type(error).__name__)) from None

    def reach(self, url: str) -> None:
        """Connect and shake hands, and send nothing. Raises NotSent."""
        try:
            self._open(urlsplit(url), 0).close()
        except OSError as error:
            raise NotSent(_unreachable(error)) from None

    def _open(self, place: SplitResult, seconds: float) -> Line:
        host, port = place.hostname or "", place.port or 443
        within = self._settings.connect_timeout
        return open_line(host, port, self._context, within=within, seconds=seconds)

    def _converse(self, line: Line, request: h11.Request, message: bytes) -> Reply:
        http = h11.Connection(h11.CLIENT)
        for part in (request, h11.Data(message), h11.EndOfMessage()):
            line.send(http.send(part) or b"")
        status, body = 0, bytearray()
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                http.receive_data(line.receive())
            elif isinstance(event, h11.Response):
                status = event.status_code
                if dict(event.headers).get(b"content-encoding", b"identity") != b"identity":
                    raise AnswerLost(Trouble(Problem.ANSWER_UNREADABLE, "it is compressed"))
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > self._settings.answer_limit:
                    raise AnswerLost(Trouble(Problem.ANSWER_UNREADABLE, "it is too large"))
            elif isinstance(event, h11.EndOfMessage):
                return Reply(status, bytes(body))
            elif not isinstance(event, h11.InformationalResponse):  # after which the answer still comes
                raise AnswerLost(Trouble(Problem.CUT, "it speaks no HTTP"))


def _request(place: SplitResult, action: str, message: bytes) -> h11.Request:
    host = place.netloc.rpartition("@")[2]
    headers = {
        "Host": host,
        "Content-Type": "text/xml; charset=utf-8",
        "Content-Length": str(len(message)),
        "SOAPAction": f'"{action}"',
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    return h11.Request(method="POST", target=target, headers=list(headers.items()))


def _tls(settings: DigipoortSettings) -> ssl.SSLContext:
    context = make_client_context()
    # An anchor need not be a root: the same rule as for the signers of answers.
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(cafile=settings.server_authority_file)
    except OSError as error:
        detail = error.strerror if not isinstance(error, ssl.SSLError) else None
        raise NotSent(Trouble(Problem.AUTHORITY_UNREADABLE, detail or "not PEM"), lasting=True) from None
    try:
        # An empty password keeps OpenSSL from asking for one on the terminal.
        context.load_cert_chain(
            settings.certificate_file, settings.key_file, password=settings.key_password or ""
        )
    except OSError:
        raise NotSent(Trouble(Problem.KEY_UNREADABLE, "OpenSSL refuses it"), lasting=True) from None
    return context


def _unreachable(error: OSError) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble(Problem.SERVER_NOT_TRUSTED, error.verify_message)
    if isinstance(error, ssl.SSLError):
        return Trouble(Problem.UNREACHABLE, error.reason or "no TLS")
    if isinstance(error, TimeoutError):
        return Trouble(Problem.UNREACHABLE, "it does not answer")
    return Trouble(Problem.UNREACHABLE, error.strerror or type(error).__name__)
