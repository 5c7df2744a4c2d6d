"""The simulator on the network: HTTP with mutual TLS, verified questions, signed answers, unsigned faults."""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from ....tls import make_server_context
from ..certificates import load_authorities, load_credentials
from ..envelope import answer, fault, security_fault
from ..names import DELIVER, DELIVERY_PATH, PROCESSES, SOAP, STATUS_PATH, STATUSES, WSA, Operation
from ..parsing import MESSAGE_LIMIT, XmlError, parse
from ..payloads import (
    delivery_response,
    fault_element,
    processes_response,
    read_delivery,
    read_processes_request,
    read_statuses_request,
    statuses_response,
)
from ..practice_certificates import CertificateFolder
from ..problems import DigipoortError
from ..schema import SchemaError, validate
from ..signing import Algorithm, Signer, sign
from ..trust import Trust, TrustError
from ..verifying import Verified, verify
from .content import EARLIEST_DAYS
from .journal import Journal
from .rules import MESSAGE_KINDS, find_addressing_breach, find_delivery_breach
from .scenarios import Manner
from .script import Script
from .service import Digipoort, Faulty, Taken, Told

DRIBBLE_SECONDS = 0.1
ANSWER_LIFE = timedelta(minutes=10)
_BREACH = (
    "Het verzoek voldoet niet aan de koppelvlakspecificaties en kan hierdoor niet door Digipoort worden "
    "verwerkt. De volgende fout is opgetreden: "
)
_REVOKED = "The security token could not be authenticated: the certificate is revoked."
_BUSY = "Digipoort is overbelast; probeer het later opnieuw."


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorSettings:
    """Settings of a simulator; `certificates` comes from `make_test_authority`, times are real seconds."""

    folder: Path
    certificates: Path
    port: int = 0
    script: Script = field(default_factory=Script)
    clock_file: Path | None = None
    earliest_days: Mapping[str, int] = field(default_factory=lambda: EARLIEST_DAYS)
    algorithm: Algorithm = "sha1"
    pace: float = 0.05
    heavy: float = 1
    slow: float = 30
    skew: float = 0.5
    """Below any client's own: what a client calls expired, margin included, is never taken here."""


class Simulator:
    """A simulator that listens on 127.0.0.1."""

    def __init__(
        self, settings: SimulatorSettings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Open the state and the certificates. Raises OSError, JournalError, or NotSent for certificates."""
        files = CertificateFolder(settings.certificates)
        self._settings = settings
        self._now = now
        between = load_authorities(files.intermediates) if files.intermediates.exists() else ()
        skew = timedelta(seconds=settings.skew)
        self._trust = Trust(load_authorities(files.authority), None, skew, between)
        credentials = load_credentials(files.certificate("signer"), files.key("signer"))
        self._signer = Signer(credentials, settings.algorithm)
        self._tls = _tls(files)
        self._journal = Journal(settings.folder)
        self._digipoort = Digipoort(
            self._journal,
            script=settings.script,
            clock_file=settings.clock_file,
            earliest_days=settings.earliest_days,
            now=now,
            pace=timedelta(seconds=settings.pace),
        )
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen; return the base address (https://127.0.0.1:port). Raises OSError when the port is taken."""
        # Room for the largest message; a larger one is answered with HTTP 413.
        application = web.Application(client_max_size=MESSAGE_LIMIT)
        application.router.add_post(DELIVERY_PATH, self._receive)
        application.router.add_post(STATUS_PATH, self._receive)
        # A client that went away ends a slow answer; what was taken is on disk by then.
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=0.5, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._settings.port, ssl_context=self._tls)
        await site.start()
        port = self._runner.addresses[0][1]
        return f"https://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Stop listening and close the state."""
        if self._runner is not None:
            await self._runner.cleanup()
        self._journal.close()

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        operation = _operation(request)
        try:
            verified = self._verify(request, body, operation)
            payload, manner = self._carry_out(operation, verified)
            assert verified.message_id is not None
            return await self._respond(request, operation, payload, manner, verified.message_id)
        except Faulty as error:
            return _fault_response(operation, error, _message_id(body))
        except DigipoortError as error:  # this machine does not let us sign the answer
            return _fault_response(operation, Faulty("ALS400", str(error)), _message_id(body))

    def _verify(self, request: web.Request, body: bytes, operation: Operation) -> Verified:
        """Verify a request as Digipoort does: HTTP, action, signature, schema, addresses. Raises Faulty."""
        if (request.content_type, (request.charset or "").lower()) != ("text/xml", "utf-8"):
            raise _breach(operation, "its Content-Type is not text/xml; charset=utf-8")
        if _soap_action(request) != operation.request_action:
            raise _breach(operation, "the SOAPAction is not one of this service")
        try:
            verified = verify(body, trust=self._trust, now=self._now(), action=operation.request_action)
            if verified.payload.tag != operation.request_tag:
                raise _breach(operation, "the payload does not belong to the Action")
            validate(verified.payload)
        except (TrustError, SchemaError) as error:
            raise _breach(operation, str(error)) from None
        breach = find_addressing_breach(verified, request.host, request.path)
        if breach:
            raise _breach(operation, breach)
        if _channel_certificate(request) != verified.signer.public_bytes(Encoding.DER):
            raise _breach(operation, "its signer is not the client of the channel")
        return verified

    def _carry_out(self, operation: Operation, question: Verified) -> tuple[etree._Element | None, Manner]:
        """Do what is asked; return the answer's payload and the manner of answering. Raises Faulty."""
        if operation is DELIVER:
            delivery = read_delivery(question.payload)
            breach = find_delivery_breach(delivery, MESSAGE_KINDS | self._settings.earliest_days.keys())
            if breach:
                raise _breach(operation, breach)
            taken = self._digipoort.deliver(delivery)
            if isinstance(taken, Taken):
                return delivery_response(taken.receipt, taken.role), taken.manner
            return None, taken
        if operation is STATUSES:
            told: Told = self._digipoort.statuses(read_statuses_request(question.payload))
            return statuses_response(told.statuses, told.identity), told.manner
        processes = self._digipoort.processes(*read_processes_request(question.payload))
        return processes_response(processes), Manner.ANSWER

    async def _respond(
        self,
        request: web.Request,
        operation: Operation,
        payload: etree._Element | None,
        manner: Manner,
        relates_to: str,
    ) -> web.StreamResponse:
        if manner is Manner.FAULT:
            scripted = Faulty(_code(operation), _BREACH + "volgens het draaiboek van de simulator.")
            return _fault_response(operation, scripted, relates_to)
        if manner is Manner.NAMELESS_FAULT:
            return _fault_response(operation, Faulty(_code(operation), _BREACH + "onbekend."), None)
        if manner is Manner.STRANGE_FAULT:
            return _xml(500, etree.tostring(security_fault(_REVOKED)))
        if manner is Manner.BUSY:
            return web.Response(status=503, text=_BUSY)
        if manner is Manner.CUT and request.transport is not None:
            request.transport.abort()
        if manner is Manner.DRIBBLE and request.transport is not None:
            await _dribble(request.transport)
        if manner is Manner.RUBBISH:
            return web.Response(text="<html><body>Bad gateway</body></html>", content_type="text/html")
        if manner in (Manner.HEAVY, Manner.SLOW):
            settings = self._settings
            await asyncio.sleep(settings.heavy if manner is Manner.HEAVY else settings.slow)
        assert payload is not None
        envelope = answer(payload, action=operation.response_action, relates_to=relates_to)
        now = self._now()
        return _xml(200, sign(envelope, self._signer, now, now + ANSWER_LIFE))


async def _dribble(transport: asyncio.Transport) -> None:
    """Send a header, byte by byte, until the client has enough of it."""
    transport.write(b"HTTP/1.1 200 OK\r\nX-Wait: ")
    while not transport.is_closing():
        transport.write(b".")
        await asyncio.sleep(DRIBBLE_SECONDS)


def _tls(files: CertificateFolder) -> ssl.SSLContext:
    context = make_server_context()
    context.load_cert_chain(files.certificate("server"), files.key("server"))
    context.load_verify_locations(files.authority)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _channel_certificate(request: web.Request) -> bytes | None:
    """Return the client's certificate of the channel, as DER."""
    channel: ssl.SSLObject | None = request.get_extra_info("ssl_object")
    return None if channel is None else channel.getpeercert(binary_form=True)


def _soap_action(request: web.Request) -> str:
    return request.headers.get("SOAPAction", "").strip().strip('"')


def _operation(request: web.Request) -> Operation:
    """Return the operation that a question names, or the first one of the service when it names none."""
    operations = [one for one in (DELIVER, STATUSES, PROCESSES) if one.path == request.path]
    named = _soap_action(request)
    return next((one for one in operations if one.request_action == named), operations[0])


def _code(operation: Operation) -> str:
    return "ALS100" if operation is DELIVER else "STS100"


def _breach(operation: Operation, reason: str) -> Faulty:
    return Faulty(_code(operation), _BREACH + reason)


def _fault_response(operation: Operation, error: Faulty, relates_to: str | None) -> web.Response:
    detail = fault_element(operation.fault, error.code, str(error))
    envelope = fault(detail, action=operation.fault_action, relates_to=relates_to)
    return _xml(500, etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def _message_id(body: bytes) -> str | None:
    """Return the message id of a refused question, to which its fault relates; None when unreadable."""
    try:
        envelope = parse(body)
    except XmlError:
        return None
    return envelope.findtext(f"{{{SOAP}}}Header/{{{WSA}}}MessageID")


def _xml(status: int, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, content_type="text/xml", charset="utf-8")
