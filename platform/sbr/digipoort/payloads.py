"""Convert values to payloads and back. A payload that is read here was verified and validated before."""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from .messages import Delivery, Identity, Process, Receipt, Status
from .names import DELIVER, KV, PROCESSES, STATUSES, Operation

_PLAIN: Any = {None: KV}  # a default namespace, which the stubs of lxml do not know


class PayloadError(Exception):
    """A payload that fits the schema says what cannot be read; the sentence quotes nothing of it."""


def delivery_request(delivery: Delivery, authorisation_address: str | None) -> etree._Element:
    """Make an aanleverRequest."""
    root = etree.Element(DELIVER.request_tag, nsmap=_PLAIN)
    _add(root, "berichtsoort", delivery.message_kind)
    _add(root, "aanleverkenmerk", delivery.aanleverkenmerk)
    _add_identity(root, delivery.identity)
    _add(root, "rolBelanghebbende", delivery.role)
    content = etree.SubElement(root, _tag("berichtInhoud"))
    _add(content, "mimeType", delivery.mime_type)
    _add(content, "bestandsnaam", delivery.file_name)
    _add(content, "inhoud", b64encode(delivery.content).decode())
    _add(root, "autorisatieAdres", authorisation_address)
    return root


def read_delivery(root: etree._Element) -> Delivery:
    """Read an aanleverRequest; the aanleverkenmerk is empty when there is none."""
    content = root.find(_tag("berichtInhoud"))
    assert content is not None
    return Delivery(
        message_kind=_text(root, "berichtsoort"),
        identity=_identity(root),
        aanleverkenmerk=_optional(root, "aanleverkenmerk") or "",
        content=b64decode(_text(content, "inhoud")),
        file_name=_text(content, "bestandsnaam"),
        mime_type=_text(content, "mimeType"),
        role=_text(root, "rolBelanghebbende"),
    )


def delivery_response(receipt: Receipt, role: str) -> etree._Element:
    """Make an aanleverResponse."""
    root = etree.Element(DELIVER.response_tag, nsmap=_PLAIN)
    _add(root, "kenmerk", receipt.kenmerk)
    _add(root, "berichtsoort", receipt.message_kind)
    _add(root, "aanleverkenmerk", receipt.aanleverkenmerk)
    _add(root, "tijdstempelAangeleverd", _time(receipt.taken_at))
    _add_identity(root, receipt.identity)
    _add(root, "rolBelanghebbende", role)
    return root


def read_receipt(root: etree._Element, raw: bytes) -> Receipt:
    """Read an aanleverResponse. Raises PayloadError."""
    return Receipt(
        kenmerk=_kenmerk(root),
        message_kind=_text(root, "berichtsoort"),
        aanleverkenmerk=_optional(root, "aanleverkenmerk"),
        identity=_identity(root),
        taken_at=_read_time(_text(root, "tijdstempelAangeleverd")),
        raw=raw,
    )


def statuses_request(kenmerk: str, authorisation_address: str | None) -> etree._Element:
    """Make a getStatussenProcesRequest."""
    root = etree.Element(STATUSES.request_tag, nsmap=_PLAIN)
    _add(root, "kenmerk", kenmerk)
    _add(root, "autorisatieAdres", authorisation_address)
    return root


def read_statuses_request(root: etree._Element) -> str:
    """Read the kenmerk that a getStatussenProcesRequest asks for."""
    return _text(root, "kenmerk")


def statuses_response(statuses: Sequence[Status], identity: Identity | None) -> etree._Element:
    """Make a getStatussenProcesResponse; no identity is needed where there are no statuses."""
    root, results = _answer(STATUSES)
    for status in statuses:
        assert identity is not None
        result = etree.SubElement(results, _tag("StatusResultaat"))
        _add(result, "kenmerk", status.kenmerk)
        _add_identity(result, identity)
        _add(result, "statuscode", status.code)
        _add(result, "tijdstempelStatus", _time(status.at))
        _add(result, "statusomschrijving", status.text)
        if status.fault_code is not None:
            result.append(fault_element("statusFoutcode", status.fault_code, status.fault_text or ""))
        _add(result, "statusdetails", status.details)
    return root


def read_statuses(root: etree._Element, raw: bytes) -> tuple[Status, ...]:
    """Read a getStatussenProcesResponse in the answer's own order. Raises PayloadError."""
    seen: Counter[tuple[str, datetime]] = Counter()
    statuses = []
    for result in root.iter(_tag("StatusResultaat")):
        code, at = _text(result, "statuscode"), _read_time(_text(result, "tijdstempelStatus"))
        fault = result.find(_tag("statusFoutcode"))
        status = Status(
            kenmerk=_kenmerk(result),
            code=code,
            at=at,
            text=_text(result, "statusomschrijving"),
            fault_code=None if fault is None else _text(fault, "foutcode"),
            fault_text=None if fault is None else _text(fault, "foutbeschrijving"),
            details=_optional(result, "statusdetails"),
            occurrence=seen[code, at],
            raw=raw,
        )
        seen[code, at] += 1
        statuses.append(status)
    return tuple(statuses)


def processes_request(
    identity: Identity, message_kind: str, authorisation_address: str | None
) -> etree._Element:
    """Make a getProcessenRequest."""
    root = etree.Element(PROCESSES.request_tag, nsmap=_PLAIN)
    _add(root, "berichtsoort", message_kind)
    _add_identity(root, identity)
    _add(root, "autorisatieAdres", authorisation_address)
    return root


def read_processes_request(root: etree._Element) -> tuple[Identity, str]:
    """Read identity and message kind that a getProcessenRequest asks for."""
    return _identity(root), _text(root, "berichtsoort")


def processes_response(processes: Sequence[Process]) -> etree._Element:
    """Make a getProcessenResponse."""
    root, results = _answer(PROCESSES)
    for process in processes:
        result = etree.SubElement(results, _tag("ProcesResultaat"))
        _add(result, "kenmerk", process.kenmerk)
        _add(result, "berichtsoort", process.message_kind)
        _add_identity(result, process.identity)
    return root


def read_processes(root: etree._Element) -> tuple[Process, ...]:
    """Read a getProcessenResponse. Raises PayloadError."""
    return tuple(
        Process(_kenmerk(result), _text(result, "berichtsoort"), _identity(result))
        for result in root.iter(_tag("ProcesResultaat"))
    )


def fault_element(name: str, code: str, text: str) -> etree._Element:
    """Make an element of foutcode and foutbeschrijving; `name` is its local name."""
    root = etree.Element(_tag(name), nsmap=_PLAIN)
    _add(root, "foutcode", code)
    _add(root, "foutbeschrijving", text)
    return root


def read_fault(root: etree._Element) -> tuple[str, str]:
    """Read foutcode and foutbeschrijving."""
    return _text(root, "foutcode"), _text(root, "foutbeschrijving")


def _answer(operation: Operation) -> tuple[etree._Element, etree._Element]:
    root = etree.Element(operation.response_tag, nsmap=_PLAIN)
    return root, etree.SubElement(root, _tag(f"{operation.name}Return"))


def _tag(name: str) -> str:
    return f"{{{KV}}}{name}"


def _add(parent: etree._Element, name: str, text: str | None) -> None:
    if text is not None:
        etree.SubElement(parent, _tag(name)).text = text


def _add_identity(parent: etree._Element, identity: Identity) -> None:
    element = etree.SubElement(parent, _tag("identiteitBelanghebbende"))
    _add(element, "nummer", identity.number)
    _add(element, "type", identity.kind)


def _identity(parent: etree._Element) -> Identity:
    element = parent.find(_tag("identiteitBelanghebbende"))
    assert element is not None
    return Identity(_text(element, "nummer"), _text(element, "type"))


def _text(parent: etree._Element, name: str) -> str:
    return _optional(parent, name) or ""


def _optional(parent: etree._Element, name: str) -> str | None:
    """Return the text as the schema means it, white space collapsed."""
    element = parent.find(_tag(name))
    return None if element is None else " ".join((element.text or "").split())


def _kenmerk(parent: etree._Element) -> str:
    kenmerk = _text(parent, "kenmerk")
    if not kenmerk:
        raise PayloadError("a kenmerk is empty")
    return kenmerk


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_time(text: str) -> datetime:
    """Read an xs:dateTime; one without a zone, which the schema allows, is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise PayloadError("a time stamp cannot be read") from None
