"""Verifying a signed message: what is signed is what is read.

xmlsec does the arithmetic of digests and signature. A valid signature alone says little (it may cover
something that nobody reads), so the shape, the coverage and the algorithms are checked here, and the caller
gets back the very elements that the signature covers and reads only those.
"""

from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from .names import BASE64, DIGEST_METHODS, DS, EXCLUSIVE, SIGNATURE_METHODS, WSA, WSSE, WSU, X509V3
from .parsing import MESSAGE_LIMIT, XmlError, parse
from .shape import Parts, take_apart
from .trust import Trust, TrustError

LONGEST_LIFE = timedelta(minutes=10)
"""How long a message without Expires lives; Digipoort's own answers use this."""

_INCLUSIVE = f"{{{EXCLUSIVE}}}InclusiveNamespaces"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a signature covers, and who signed."""

    payload: etree._Element
    action: str
    message_id: str | None
    relates_to: str | None
    to: str | None
    reply_to: str | None
    signer: x509.Certificate


def verify(data: bytes, *, trust: Trust, now: datetime, action: str, limit: int = MESSAGE_LIMIT) -> Verified:
    """Verify a message and return what its signature covers.

    `now` is aware; `action` is what wsa:Action must be (for a question: what HTTP's SOAPAction said).
    Raises TrustError, with the first thing that is wrong, and nothing else.
    """
    try:
        return _verify(data, trust, now, action, limit)
    except TrustError:
        raise
    except Exception as error:
        # A certificate is read part by part as it is used, by libraries that raise what they like: bytes from
        # outside may not choose which error comes out of here.
        raise TrustError("unverifiable", f"it cannot be verified ({type(error).__name__})") from None


def _verify(data: bytes, trust: Trust, now: datetime, action: str, limit: int) -> Verified:
    try:
        parts = take_apart(parse(data, limit=limit))
    except XmlError as error:
        raise TrustError("not-xml", str(error)) from None
    _check_coverage(parts)
    _check_timestamp(parts.timestamp, now, trust.skew)
    certificate = _load_certificate(parts)
    trust.check_signer(certificate, now)
    _check_primitives(parts, certificate)
    if parts.text("Action") != action:
        raise TrustError("action", "its Action is not the one that was expected")
    return Verified(
        payload=parts.payload,
        action=action,
        message_id=parts.text("MessageID"),
        relates_to=parts.text("RelatesTo"),
        to=parts.text("To"),
        reply_to=_read_reply_to(parts),
        signer=certificate,
    )


def _read_reply_to(parts: Parts) -> str | None:
    """Return the address of ReplyTo, empty where it has none; None without a ReplyTo."""
    element = parts.addressing.get("ReplyTo")
    return None if element is None else (element.findtext(f"{{{WSA}}}Address") or "").strip()


def _check_coverage(parts: Parts) -> None:
    """Check that the signature covers each element that must be signed, and no other element."""
    info, _value, _key = _children(parts.signature, "SignedInfo", "SignatureValue", "KeyInfo")
    if len(info) < 3:
        raise TrustError("signature", "its SignedInfo does not hold what it should")
    method, algorithm, *references = list(info)
    _check_method(method, "CanonicalizationMethod", {EXCLUSIVE})
    _check_method(algorithm, "SignatureMethod", set(SIGNATURE_METHODS.values()))
    signed = [_find_referenced(reference, parts) for reference in references]
    # By identity: an equal copy somewhere else is exactly what wrapping uses.
    covered = {id(element) for element in signed}
    for element in parts.must_be_signed():
        if id(element) not in covered:
            raise TrustError("coverage", f"its {etree.QName(element).localname} is not signed")
    allowed = {id(element) for element in (*parts.must_be_signed(), parts.token)}
    if not covered <= allowed or len(covered) != len(signed):
        raise TrustError("coverage", "its signature covers something unknown, or one thing twice")


def _children(parent: etree._Element, *names: str) -> list[etree._Element]:
    if [child.tag for child in parent] != [f"{{{DS}}}{name}" for name in names]:
        raise TrustError("signature", f"its {etree.QName(parent).localname} does not hold what it should")
    return list(parent)


def _check_method(element: etree._Element, name: str, allowed: set[str]) -> None:
    if element.tag != f"{{{DS}}}{name}" or element.get("Algorithm") not in allowed:
        raise TrustError("algorithm", f"its {name} is not one that we accept")
    # A list of prefixes changes which namespace declarations are repeated, not what is covered.
    takes_prefixes = name in ("CanonicalizationMethod", "Transform")
    if any(child.tag != _INCLUSIVE or not takes_prefixes for child in element):
        raise TrustError("algorithm", f"its {name} has a parameter that we do not accept")


def _find_referenced(reference: etree._Element, parts: Parts) -> etree._Element:
    if reference.tag != f"{{{DS}}}Reference":
        raise TrustError("signature", "its SignedInfo holds something unknown")
    transforms, digest, _value = _children(reference, "Transforms", "DigestMethod", "DigestValue")
    (transform,) = _children(transforms, "Transform")
    _check_method(transform, "Transform", {EXCLUSIVE})
    _check_method(digest, "DigestMethod", set(DIGEST_METHODS.values()))
    return _resolve_uri(reference.get("URI"), parts)


def _resolve_uri(uri: str | None, parts: Parts) -> etree._Element:
    if uri is None or not uri.startswith("#") or uri[1:] not in parts.ids:
        raise TrustError("reference", "its signature refers to something outside the message")
    return parts.ids[uri[1:]]


def _check_timestamp(timestamp: etree._Element, now: datetime, skew: timedelta) -> None:
    tags = [child.tag for child in timestamp]
    created_tag, expires_tag = f"{{{WSU}}}Created", f"{{{WSU}}}Expires"
    if tags not in ([created_tag], [created_tag, expires_tag]):
        raise TrustError("timestamp", "its timestamp does not hold what it should")
    created = _moment(timestamp[0])
    if created - now > skew:
        raise TrustError("timestamp", "its timestamp lies in the future")
    overdue = now - _moment(timestamp[1]) if len(tags) == 2 else now - created - LONGEST_LIFE
    if overdue > skew:
        raise TrustError("timestamp", "its timestamp has expired")


def _moment(element: etree._Element) -> datetime:
    try:
        moment = datetime.fromisoformat((element.text or "").strip())
    except ValueError:
        raise TrustError("timestamp", "its timestamp cannot be read") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _load_certificate(parts: Parts) -> x509.Certificate:
    """Return the certificate that KeyInfo refers to. Raises TrustError unless it is this message's token."""
    key_info = parts.signature[2]
    children = list(key_info)
    references = [reference for child in children for reference in child]
    tags = [element.tag for element in (*children, *references)]
    if tags != [f"{{{WSSE}}}SecurityTokenReference", f"{{{WSSE}}}Reference"]:
        raise TrustError("key", "its KeyInfo does not hold what it should")
    token = _resolve_uri(references[0].get("URI"), parts)
    if token is not parts.token or token.get("ValueType") != X509V3 or token.get("EncodingType") != BASE64:
        raise TrustError("key", "its KeyInfo does not point at its certificate")
    try:
        return x509.load_der_x509_certificate(b64decode((token.text or "").strip()))
    except ValueError:
        raise TrustError("key", "its certificate cannot be read") from None


def _check_primitives(parts: Parts, certificate: x509.Certificate) -> None:
    context = xmlsec.SignatureContext()
    try:
        der = certificate.public_bytes(Encoding.DER)
        context.key = xmlsec.Key.from_memory(der, xmlsec.constants.KeyDataFormatCertDer)
        for element in (*parts.must_be_signed(), parts.token):
            if element.get(f"{{{WSU}}}Id") is not None:
                context.register_id(element, "Id", WSU)
        context.verify(parts.signature)
    except xmlsec.VerificationError:
        raise TrustError("tampered", "its signature does not fit its contents") from None
    except xmlsec.Error:
        named = parts.signature[0].iter(f"{{{DS}}}SignatureMethod", f"{{{DS}}}DigestMethod")
        methods = dict.fromkeys(one.get("Algorithm", "").rpartition("#")[2] for one in named)
        sentence = (
            f"its signature ({', '.join(methods)}) is damaged, or this machine's crypto policy forbids it"
        )
        raise TrustError("unverifiable", sentence) from None
