"""One method between the client and the wire: a message out, a reply in, over HTTP with mutual TLS."""

import ssl
import time
from dataclasses import dataclass
from typing import Protocol

import httpx

from .problems import AnswerLost, NotSent, Problem, Trouble
from .settings import DigipoortSettings


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: HTTP status and bytes, nothing of it believed yet."""

    status: int
    body: bytes


class Transport(Protocol):
    """How a message travels. One question, one reply; never a second try of its own."""

    def post(self, url: str, action: str, message: bytes) -> Reply:
        """Send a message. Raises NotSent when surely nothing arrived, AnswerLost when it may have."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class HttpTransport:
    """HTTP with mutual TLS. Each message has a connection of its own: one that was kept open may be closed by
    the server while we write, and then nobody knows whether the message arrived."""

    def __init__(self, settings: DigipoortSettings) -> None:
        """Read certificates and make the client. Raises NotSent, lasting, when a file cannot be used."""
        self._settings = settings
        self._client = httpx.Client(
            verify=_tls(settings),
            trust_env=False,
            timeout=httpx.Timeout(settings.answer_timeout, connect=settings.connect_timeout),
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def post(self, url: str, action: str, message: bytes) -> Reply:
        """Send a message; see Transport."""
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{action}"',
            "Accept-Encoding": "identity",
        }
        until = time.monotonic() + self._settings.connect_timeout + self._settings.answer_timeout
        try:
            with self._client.stream("POST", url, content=message, headers=headers) as response:
                return Reply(response.status_code, self._read(response, until))
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.UnsupportedProtocol,
        ) as error:
            raise NotSent(_unreachable(error)) from None
        except httpx.TimeoutException:
            raise AnswerLost(self._slow()) from None
        except httpx.TransportError as error:
            raise AnswerLost(Trouble(Problem.CUT, type(error).__name__)) from None

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _read(self, response: httpx.Response, until: float) -> bytes:
        """Read the answer with limits of our own: httpx's time-out counts from each piece of it."""
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise AnswerLost(Trouble(Problem.ANSWER_UNREADABLE, "it is compressed"))
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > self._settings.answer_limit:
                raise AnswerLost(Trouble(Problem.ANSWER_UNREADABLE, "it is too large"))
            if time.monotonic() > until:
                raise AnswerLost(self._slow())
        return bytes(body)

    def _slow(self) -> Trouble:
        return Trouble(Problem.SLOW, f"{self._settings.answer_timeout:g}")


def _tls(settings: DigipoortSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.server_authority_file)
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


def _unreachable(error: Exception) -> Trouble:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Trouble(Problem.SERVER_NOT_TRUSTED, cause.verify_message)
        if isinstance(cause, OSError) and cause.strerror:
            return Trouble(Problem.UNREACHABLE, cause.strerror)
        cause = cause.__cause__ or cause.__context__
    return Trouble(Problem.UNREACHABLE, type(error).__name__)
