"""Signing an envelope: timestamp, certificate and signature over timestamp, every WSA header and body."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from .certificates import Credentials
from .names import BASE64, DIGEST_METHODS, DS, EXCLUSIVE, SIGNATURE_METHODS, SOAP, WSA, WSSE, WSU, X509V3
from .problems import NotSent, Problem, Trouble

Algorithm = Literal["sha1", "sha256"]
_ID = f"{{{WSU}}}Id"
_PLAIN: Any = {None: DS}  # a default namespace, which the stubs of lxml do not know


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and with which algorithm; SHA-1 is what Digipoort's own policy and its answers use."""

    credentials: Credentials
    algorithm: Algorithm = "sha1"


def sign(envelope: etree._Element, signer: Signer, created: datetime, expires: datetime) -> bytes:
    """Sign an envelope in place and return its bytes, which nobody may re-indent. Both times are aware.

    Raises NotSent, lasting, where this machine does not let us sign so: crypto policies may forbid SHA-1.
    """
    header, body = envelope.find(f"{{{SOAP}}}Header"), envelope.find(f"{{{SOAP}}}Body")
    assert header is not None
    assert body is not None
    security = etree.SubElement(header, f"{{{WSSE}}}Security", nsmap={"o": WSSE, "u": WSU})
    security.set(f"{{{SOAP}}}mustUnderstand", "1")
    timestamp = _timestamp(security, created, expires)
    _token(security, signer.credentials)
    signed = [timestamp, *header.iterchildren(f"{{{WSA}}}*"), body]
    for element in signed:
        element.set(_ID, f"id-{etree.QName(element).localname.lower()}")
    signature = _signature(security, signer.algorithm, [str(element.attrib[_ID]) for element in signed])
    try:
        context = xmlsec.SignatureContext()
        context.key = signer.credentials.key
        for element in signed:
            context.register_id(element, "Id", WSU)
        context.sign(signature)
    except xmlsec.Error:
        raise NotSent(Trouble(Problem.CANNOT_SIGN, signer.algorithm), lasting=True) from None
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _timestamp(security: etree._Element, created: datetime, expires: datetime) -> etree._Element:
    timestamp = etree.SubElement(security, f"{{{WSU}}}Timestamp")
    for name, moment in (("Created", created), ("Expires", expires)):
        text = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        etree.SubElement(timestamp, f"{{{WSU}}}{name}").text = text
    return timestamp


def _token(security: etree._Element, credentials: Credentials) -> None:
    token = etree.SubElement(security, f"{{{WSSE}}}BinarySecurityToken")
    token.set(_ID, "id-x509")
    token.set("ValueType", X509V3)
    token.set("EncodingType", BASE64)
    token.text = b64encode(credentials.certificate.public_bytes(Encoding.DER)).decode()


def _signature(security: etree._Element, algorithm: Algorithm, ids: list[str]) -> etree._Element:
    """Make the signature with its values still empty."""
    signature = etree.SubElement(security, f"{{{DS}}}Signature", nsmap=_PLAIN)
    info = etree.SubElement(signature, f"{{{DS}}}SignedInfo")
    etree.SubElement(info, f"{{{DS}}}CanonicalizationMethod", Algorithm=EXCLUSIVE)
    etree.SubElement(info, f"{{{DS}}}SignatureMethod", Algorithm=SIGNATURE_METHODS[algorithm])
    for identifier in ids:
        reference = etree.SubElement(info, f"{{{DS}}}Reference", URI=f"#{identifier}")
        transforms = etree.SubElement(reference, f"{{{DS}}}Transforms")
        etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=EXCLUSIVE)
        etree.SubElement(reference, f"{{{DS}}}DigestMethod", Algorithm=DIGEST_METHODS[algorithm])
        etree.SubElement(reference, f"{{{DS}}}DigestValue")
    etree.SubElement(signature, f"{{{DS}}}SignatureValue")
    key_info = etree.SubElement(signature, f"{{{DS}}}KeyInfo")
    holder = etree.SubElement(key_info, f"{{{WSSE}}}SecurityTokenReference")
    etree.SubElement(holder, f"{{{WSSE}}}Reference", URI="#id-x509", ValueType=X509V3)
    return signature
