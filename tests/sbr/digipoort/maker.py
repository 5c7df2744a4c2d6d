"""Signed messages made with bare xmlsec and lxml, not with our own code; anything may be wrong with them."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from kantoor.sbr.digipoort.certificates import Credentials
from kantoor.sbr.digipoort.names import BASE64, DS, EXCLUSIVE, SOAP, WSA, WSSE, WSU, X509V3


@dataclass
class Maker:
    """Makes messages of one payload, with these headers, signed with these credentials."""

    payload: etree._Element
    action: str
    headers: dict[str, str]
    credentials: Credentials

    def envelope(self, **headers: str) -> etree._Element:
        """An unsigned envelope; a header may be given another text."""
        root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "wsa": WSA, "wsu": WSU})
        header = etree.SubElement(root, f"{{{SOAP}}}Header")
        for name, text in ({"Action": self.action} | self.headers | headers).items():
            etree.SubElement(header, f"{{{WSA}}}{name}").text = text
        etree.SubElement(root, f"{{{SOAP}}}Body").append(etree.fromstring(etree.tostring(self.payload)))
        return root

    def signed(
        self,
        *,
        credentials: Credentials | None = None,
        created: datetime | None = None,
        life: timedelta = timedelta(minutes=5),
        leave_out: str = "",
        algorithm: str = "sha1",
        prefixes: str = "",
        **headers: str,
    ) -> etree._Element:
        """A signed envelope; the element called `leave_out` is not signed."""
        root = self.envelope(**headers)
        credentials = credentials or self.credentials
        created = created or datetime.now(UTC)
        security = _security(root[0], credentials, created, created + life)
        parts = [security[0], *root[0].iterchildren(f"{{{WSA}}}*"), root[1]]
        for number, part in enumerate(parts):
            part.set(f"{{{WSU}}}Id", f"_{number}")
        parts = [part for part in parts if etree.QName(part).localname != leave_out]
        _sign(security, credentials, parts, algorithm, prefixes)
        # Read again: lxml does not find elements by name that xmlsec made.
        return etree.fromstring(etree.tostring(root))

    def bytes(self, **changes: Any) -> bytes:
        return etree.tostring(self.signed(**changes))


def _security(
    header: etree._Element, credentials: Credentials, created: datetime, expires: datetime
) -> etree._Element:
    security = etree.SubElement(header, f"{{{WSSE}}}Security", nsmap={"wsse": WSSE, "wsu": WSU})
    timestamp = etree.SubElement(security, f"{{{WSU}}}Timestamp")
    etree.SubElement(timestamp, f"{{{WSU}}}Created").text = created.strftime("%Y-%m-%dT%H:%M:%SZ")
    etree.SubElement(timestamp, f"{{{WSU}}}Expires").text = expires.strftime("%Y-%m-%dT%H:%M:%SZ")
    token = etree.SubElement(
        security, f"{{{WSSE}}}BinarySecurityToken", ValueType=X509V3, EncodingType=BASE64
    )
    token.set(f"{{{WSU}}}Id", "_token")
    token.text = b64encode(credentials.certificate.public_bytes(Encoding.DER)).decode()
    return security


def _sign(
    security: etree._Element,
    credentials: Credentials,
    parts: list[etree._Element],
    algorithm: str,
    prefixes: str,
) -> None:
    methods = {
        "sha1": (xmlsec.constants.TransformRsaSha1, xmlsec.constants.TransformSha1),
        "sha256": (xmlsec.constants.TransformRsaSha256, xmlsec.constants.TransformSha256),
    }
    signing, digesting = methods[algorithm]
    signature = xmlsec.template.create(security, xmlsec.constants.TransformExclC14N, signing)
    context = xmlsec.SignatureContext()
    context.key = credentials.key
    for part in parts:
        reference = xmlsec.template.add_reference(signature, digesting, uri=f"#{part.get(f'{{{WSU}}}Id')}")
        xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
        context.register_id(part, "Id", WSU)
    key_info = xmlsec.template.ensure_key_info(signature)
    holder = etree.SubElement(key_info, f"{{{WSSE}}}SecurityTokenReference")
    etree.SubElement(holder, f"{{{WSSE}}}Reference", URI="#_token", ValueType=X509V3)
    for method in signature.iter(f"{{{DS}}}Transform", f"{{{DS}}}CanonicalizationMethod") if prefixes else ():
        etree.SubElement(method, f"{{{EXCLUSIVE}}}InclusiveNamespaces", PrefixList=prefixes)
    security.append(signature)
    context.sign(signature)


def xmlsec_accepts(message: etree._Element | bytes) -> bool:
    """What bare xmlsec says of the signature, whatever it covers; by the certificate in the message."""
    root = etree.fromstring(message if isinstance(message, bytes) else etree.tostring(message))
    token = root.find(f".//{{{WSSE}}}BinarySecurityToken")
    context = xmlsec.SignatureContext()
    pem = f"-----BEGIN CERTIFICATE-----\n{token.text}\n-----END CERTIFICATE-----"
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
    for element in root.iter("{*}*"):
        if element.get(f"{{{WSU}}}Id"):
            context.register_id(element, "Id", WSU)
    try:
        context.verify(root.find(f".//{{{DS}}}Signature"))
    except xmlsec.Error:
        return False
    return True
