"""Asking Digipoort: prove the channel, deliver, list processes, read statuses.

The order for whoever delivers, so that a return goes out once as far as the protocol lets anyone:

1. `prove_channel()`, before an attempt is written down: it tells what is listed before anything is sent;
2. write the attempt down, with `expires` from `new_expiry()`;
3. `deliver(delivery, expires=...)`: a Receipt says that it was taken. NotSent frees the attempt. AnswerLost
   (and a process that died here) makes it unknown: `reconcile`, never send again blindly. A Fault says that
   it was not taken, but is unsigned: reconcile before another attempt all the same;
4. `statuses(kenmerk)` until `judge` calls them final.

All calls are synchronous and may be made from several threads.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TypeVar
from uuid import uuid4

from lxml import etree

from .certificates import (
    Credentials,
    Finding,
    check_certificate,
    first_error,
    load_authorities,
    load_credentials,
)
from .envelope import new_message_id, question
from .messages import Delivery, Fault, Identity, Process, Receipt, Status
from .names import DELIVER, PROCESSES, STATUSES, Operation
from .payloads import (
    delivery_request,
    processes_request,
    read_processes,
    read_receipt,
    read_statuses,
    statuses_request,
)
from .problems import AnswerLost, FaultAnswered, NotSent, Problem, Trouble
from .replies import Answer, read_reply
from .schema import SchemaError, validate
from .settings import DigipoortSettings
from .signing import Signer, sign
from .transport import HttpTransport, Transport
from .trust import Trust

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_Stamps = tuple[tuple[int, int, int] | None, ...]
_OWN_FILES = 2
"""So many stamps are of our own certificate and key; those of the authorities follow."""


def _real_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that was proved by a signed answer.

    `findings` are the warnings about our certificate; `listed` is what Digipoort has of that identity and
    kind.
    """

    findings: tuple[Finding, ...]
    listed: tuple[Process, ...]


@dataclass(frozen=True, slots=True)
class _Tools:
    """What is read from files and serves every message, and how the files were when they were read."""

    stamps: "_Stamps"
    credentials: Credentials
    trust: Trust
    transport: Transport


class DigipoortClient:
    """A client of Digipoort's delivery and status services 1.2."""

    def __init__(self, settings: DigipoortSettings, *, now: Callable[[], datetime] = _real_now) -> None:
        """Keep the settings; files are read at the first call, and again when they have changed."""
        self.settings = settings
        self._now = now
        self._turn = Lock()
        self._tools: _Tools | None = None

    def __enter__(self) -> "DigipoortClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of keys; a later call reads the files again. Connections never outlive their message."""
        with self._turn:
            self._tools = None

    def check_certificate(self) -> tuple[Finding, ...]:
        """Say what there is to say of our own certificate today, without asking anybody.

        Raises NotSent, lasting, when a file cannot be read or the key does not fit.
        """
        certificate = self._open().credentials.certificate
        settings = self.settings
        return check_certificate(
            certificate, self._now(), name=settings.own_name, warn_days=settings.warn_days
        )

    def prove_channel(self, identity: Identity, message_kind: str) -> Channel:
        """Prove that a message would get through and its answer be believed; tell what is listed before it.

        Under TLS 1.3 a refused client certificate shows only as a cut connection after the message was sent;
        a delivery would look lost. Only a signed answer proves anything: an unsigned fault may come of
        whoever is in between. Raises NotSent, whatever went wrong: nothing is delivered here.
        """
        findings = self._usable()
        try:
            return Channel(findings, self.processes(identity, message_kind))
        except (AnswerLost, FaultAnswered) as error:
            raise NotSent(error.trouble, fault=error.fault) from None

    def try_channel(self) -> Fault | None:
        """Try what a delivery needs, where nobody's identity is at hand: both services, and a signed answer.

        Asks for the statuses of nobody's kenmerk, of which it is not known whether Digipoort answers them
        with an empty list or a fault: the fault is returned, and then it is not proved that we believe its
        answers. Raises NotSent, whatever went wrong.
        """
        self._usable()
        self._open().transport.reach(self.settings.delivery_url)
        payload = statuses_request(str(uuid4()), self.settings.authorisation_address)
        try:
            answer = self._ask(STATUSES, payload, lambda answer: answer)
        except AnswerLost as lost:
            raise NotSent(lost.trouble, fault=lost.fault) from None
        return answer if isinstance(answer, Fault) else None

    def new_expiry(self) -> datetime:
        """When a message that is made now stops being acceptable; to be written down with the attempt."""
        return self._now() + timedelta(seconds=self.settings.lifetime)

    def deliver(self, delivery: Delivery, *, expires: datetime | None = None) -> Receipt | Fault:
        """Deliver. `expires` (aware) goes into the message, which Digipoort refuses afterwards.

        Raises NotSent when surely nothing arrived, AnswerLost when it may have.
        """
        self._usable()
        payload = _payload(lambda: delivery_request(delivery, self.settings.authorisation_address))

        def read(answer: Answer) -> Receipt:
            receipt = read_receipt(answer.payload, answer.raw)
            _same("berichtsoort", receipt.message_kind == delivery.message_kind)
            _same("identity", receipt.identity == delivery.identity)
            _same("aanleverkenmerk", receipt.aanleverkenmerk in (None, delivery.aanleverkenmerk))
            return receipt

        return self._ask(DELIVER, payload, read, expires)

    def processes(self, identity: Identity, message_kind: str) -> tuple[Process, ...]:
        """List the deliveries of a kind that Digipoort knows about an identity; asking changes nothing.

        Those of the same number under another type of identity are somebody else's way of filing: they are
        left out, and the log says how many.
        Raises NotSent, AnswerLost or FaultAnswered; asking again is always safe.
        """
        address = self.settings.authorisation_address
        payload = _payload(lambda: processes_request(identity, message_kind, address))

        def read(answer: Answer) -> tuple[Process, ...]:
            processes = read_processes(answer.payload)
            for process in processes:
                _same("identity", process.identity.number == identity.number)
                _same("berichtsoort", process.message_kind == message_kind)
            asked = tuple(process for process in processes if process.identity == identity)
            if len(asked) < len(processes):
                others = len(processes) - len(asked)
                _LOG.warning("%d deliveries under another type of the identity are left out", others)
            return asked

        return self._ask_again(PROCESSES, payload, read)

    def statuses(self, kenmerk: str) -> tuple[Status, ...]:
        """Read all statuses of a delivery, in the answer's own order; asking changes nothing.

        Raises NotSent, AnswerLost or FaultAnswered; asking again is always safe.
        """
        payload = _payload(lambda: statuses_request(kenmerk, self.settings.authorisation_address))

        def read(answer: Answer) -> tuple[Status, ...]:
            statuses = read_statuses(answer.payload, answer.raw)
            for status in statuses:
                _same("kenmerk", status.kenmerk == kenmerk)
            return statuses

        return self._ask_again(STATUSES, payload, read)

    def _usable(self) -> tuple[Finding, ...]:
        """Return the warnings about our certificate. Raises NotSent, lasting, when it is not valid today."""
        findings = self.check_certificate()
        trouble = first_error(findings)
        if trouble is not None:
            raise NotSent(trouble, lasting=True)
        return findings

    def _open(self) -> _Tools:
        """Return the tools, of the files as they are now: a worker runs longer than a certificate holds.

        When our own changed files cannot be used (a new certificate may arrive before its key), the tools
        that were read before stay. Not so where the authorities changed: one that was withdrawn counts no
        more, and rather nothing is sent than that it is believed.
        """
        with self._turn:
            stamps = self._stamps()
            if self._tools is None or self._tools.stamps != stamps:
                self._tools = self._renew(self._tools, stamps)
            return self._tools

    def _renew(self, old: _Tools | None, stamps: _Stamps) -> _Tools:
        """Return the tools of the files as they are; the old ones while only our new certificate is bad."""
        stays = old if old is not None and old.stamps[_OWN_FILES:] == stamps[_OWN_FILES:] else None
        try:
            new = self._read_files(stamps)
        except NotSent:
            if stays is None:
                raise
            return stays
        return stays if stays is not None and self._trouble(new) and not self._trouble(stays) else new

    def _trouble(self, tools: _Tools) -> Trouble | None:
        settings, certificate = self.settings, tools.credentials.certificate
        return first_error(
            check_certificate(certificate, self._now(), name=settings.own_name, warn_days=settings.warn_days)
        )

    def _read_files(self, stamps: _Stamps) -> _Tools:
        settings = self.settings
        return _Tools(
            stamps,
            load_credentials(settings.certificate_file, settings.key_file, settings.key_password),
            Trust(
                load_authorities(settings.signer_authority_file),
                settings.signer_name,
                timedelta(seconds=settings.skew),
                load_authorities(settings.intermediates_file) if settings.intermediates_file else (),
            ),
            HttpTransport(settings),
        )

    def _stamps(self) -> _Stamps:
        settings = self.settings
        files = (settings.certificate_file, settings.key_file)
        authorities = (settings.server_authority_file, settings.signer_authority_file)
        between = (settings.intermediates_file,) if settings.intermediates_file else ()
        return tuple(map(_read_stamp, (*files, *authorities, *between)))

    def _ask_again(self, operation: Operation, payload: etree._Element, read: Callable[[Answer], _T]) -> _T:
        """Ask what may be asked again and again. Raises FaultAnswered for a fault."""
        answer = self._ask(operation, payload, read)
        if isinstance(answer, Fault):
            raise FaultAnswered(answer)
        return answer

    def _ask(
        self,
        operation: Operation,
        payload: etree._Element,
        read: Callable[[Answer], _T],
        expires: datetime | None = None,
    ) -> _T | Fault:
        tools, settings = self._open(), self.settings
        url, seconds = settings.delivery_url, settings.answer_timeout
        if operation is not DELIVER:
            url, seconds = settings.status_url, min(seconds, settings.question_timeout)
        message_id, created = new_message_id(), self._now()
        expires = expires or self.new_expiry()
        if expires <= created:
            raise NotSent(Trouble(Problem.TOO_LATE))
        envelope = question(payload, action=operation.request_action, to=url, message_id=message_id)
        message = sign(envelope, Signer(tools.credentials, settings.algorithm), created, expires)
        return read_reply(
            tools.transport.post(url, operation.request_action, message, seconds),
            read,
            operation=operation,
            message_id=message_id,
            trust=tools.trust,
            now=self._now(),
            limit=settings.answer_limit,
        )


def _read_stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _payload(make: Callable[[], etree._Element]) -> etree._Element:
    """Make a question's payload that fits the schema. Raises NotSent, lasting."""
    try:
        payload = make()
        validate(payload)
    except SchemaError as error:
        raise NotSent(Trouble(Problem.QUESTION_INVALID, str(error)), lasting=True) from None
    except ValueError:
        # lxml's own words quote the text that XML cannot hold.
        detail = "a text holds what XML cannot hold"
        raise NotSent(Trouble(Problem.QUESTION_INVALID, detail), lasting=True) from None
    return payload


def _same(what: str, same: bool) -> None:
    if not same:
        raise AnswerLost(Trouble(Problem.ANSWER_FOR_ANOTHER, what))
