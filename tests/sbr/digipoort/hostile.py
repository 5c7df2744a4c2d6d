"""Messages that must be refused, each made from a good one; the same for questions and for answers."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from kantoor.sbr.digipoort.certificates import make_credentials
from kantoor.sbr.digipoort.names import DS, SOAP, WSA, WSSE, WSU

from .laboratory import Laboratory
from .maker import Maker

FORGED = "999999990B99"


Make = Callable[[Maker, Laboratory], etree._Element | bytes]


@dataclass(frozen=True)
class Hostile:
    """A way to make a message that must be refused, and the reason that our check gives."""

    make: Callable[[Maker, Laboratory], bytes]
    reason: str
    validly_signed: bool

    @property
    def name(self) -> str:
        return self.make.__name__


HOSTILE: list[Hostile] = []


def hostile(reason: str, *, validly_signed: bool = False) -> Callable[[Make], None]:
    """Declare one: a function of a Maker and the Laboratory that returns an envelope or bytes.

    One that is validly signed would deceive whoever asks only whether the signature is right.
    """

    def declare(function: Make) -> None:
        def make(maker: Maker, lab: Laboratory) -> bytes:
            made = function(maker, lab)
            return made if isinstance(made, bytes) else etree.tostring(made)

        make.__name__ = function.__name__
        HOSTILE.append(Hostile(make, reason, validly_signed))

    return declare


def _security(root: etree._Element) -> etree._Element:
    found = root.find(f".//{{{WSSE}}}Security")
    assert found is not None
    return found


def _first(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f".//{{{DS}}}{name}")
    assert found is not None
    return found


def _forged_body(root: etree._Element) -> tuple[etree._Element, etree._Element]:
    """Take the signed body out; put a forged one, without an id, in its place. Returns both."""
    genuine = root[1]
    forged = deepcopy(genuine)
    del forged.attrib[f"{{{WSU}}}Id"]
    for number in forged.iter("{*}nummer"):
        number.text = FORGED
    root.remove(genuine)
    root.append(forged)
    return genuine, forged


@hostile("security")
def not_signed_at_all(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.envelope()


def _with_certificate(root: etree._Element, old: bytes, new: bytes) -> etree._Element:
    """Put a certificate into the token in which some bytes are others: its outer form stays good."""
    token = root.find(f".//{{{WSSE}}}BinarySecurityToken")
    assert token is not None
    der = b64decode(token.text or "")
    assert old in der
    token.text = b64encode(new.join(der.rsplit(old, 1))).decode()  # the last: its subject, not its issuer
    return root


@hostile("unverifiable")
def certificate_of_no_version(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    version = b"\xa0\x03\x02\x01"
    return _with_certificate(maker.signed(), version + b"\x02", version + b"\x7c")


@hostile("key")
def certificate_with_a_subject_that_cannot_be_read(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    common_name = b"\x03\x55\x04\x03"
    return _with_certificate(maker.signed(), b"\x06" + common_name, b"\x05" + common_name)


@hostile("coverage", validly_signed=True)
def unsigned_body(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(leave_out="Body")


@hostile("coverage", validly_signed=True)
def unsigned_timestamp(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(leave_out="Timestamp")


@hostile("coverage", validly_signed=True)
def unsigned_action(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(leave_out="Action")


@hostile("coverage", validly_signed=True)
def unsigned_message_id(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(leave_out="MessageID")


@hostile("coverage", validly_signed=True)
def unsigned_to(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(leave_out="To")


@hostile("coverage", validly_signed=True)
def unsigned_header_that_came_later(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    etree.SubElement(root[0], f"{{{WSA}}}From").text = "urn:somebody"
    return root


@hostile("header", validly_signed=True)
def wrapped_body_in_header(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    genuine, _ = _forged_body(root)
    etree.SubElement(root[0], "{urn:wrapper}Wrapper").append(genuine)
    return root


@hostile("security", validly_signed=True)
def wrapped_body_in_security(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    genuine, _ = _forged_body(root)
    _security(root).append(genuine)
    return root


@hostile("coverage", validly_signed=True)
def wrapped_body_in_payload(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    genuine, forged = _forged_body(root)
    forged[0].append(genuine)
    return root


@hostile("body", validly_signed=True)
def wrapped_body_beside_payload(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    genuine, forged = _forged_body(root)
    forged.append(genuine)
    return root


@hostile("signature", validly_signed=True)
def wrapped_body_in_signature(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    genuine, _ = _forged_body(root)
    etree.SubElement(_first(root, "Signature"), f"{{{DS}}}Object").append(genuine)
    return root


@hostile("ids")
def wrapped_body_with_the_same_id(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    genuine, forged = _forged_body(root)
    forged.set(f"{{{WSU}}}Id", genuine.get(f"{{{WSU}}}Id"))
    forged[0].append(genuine)
    return root


@hostile("ids")
def id_repeated_in_another_namespace(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    root[0].set("{http://www.w3.org/XML/1998/namespace}id", root[1].get(f"{{{WSU}}}Id"))
    return root


@hostile("envelope")
def two_bodies(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    extra = deepcopy(root[1])
    del extra.attrib[f"{{{WSU}}}Id"]
    root.append(extra)
    return root


@hostile("envelope")
def body_before_header(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    root.insert(0, root[1])
    return root


@hostile("body")
def two_payloads(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    root[1].append(deepcopy(root[1][0]))
    return root


@hostile("envelope")
def another_envelope(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return etree.tostring(maker.signed()).replace(SOAP.encode(), b"http://www.w3.org/2003/05/soap-envelope")


@hostile("tampered")
def tampered_body(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    next(root.iter("{*}nummer")).text = FORGED
    return root


@hostile("tampered")
def tampered_header(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    next(root.iter(f"{{{WSA}}}MessageID")).text = "urn:uuid:00000000-0000-4000-8000-000000000000"
    return root


@hostile("tampered")
def tampered_timestamp(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    next(root.iter(f"{{{WSU}}}Expires")).text = "2999-01-01T00:00:00Z"
    return root


@hostile("tampered")
def tampered_digest(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    _first(root, "DigestValue").text = b64encode(b"x" * 20).decode()
    return root


@hostile("timestamp", validly_signed=True)
def expired(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(created=datetime.now(UTC) - timedelta(minutes=10))


@hostile("timestamp")
def made_in_the_future(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(created=datetime.now(UTC) + timedelta(minutes=10))


@hostile("timestamp")
def timestamp_without_created(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    created = next(root.iter(f"{{{WSU}}}Created"))
    created.getparent().remove(created)
    return root


@hostile("timestamp")
def unreadable_timestamp(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    next(root.iter(f"{{{WSU}}}Created")).text = "yesterday"
    return root


@hostile("signer", validly_signed=True)
def foreign_certificate(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(credentials=lab.foreign_client)


@hostile("signer")
def expired_certificate(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    begin = datetime.now(UTC) - timedelta(days=30)
    name = maker.credentials.certificate.subject.rfc4514_string().removeprefix("CN=")
    issued = lab.authority.issue(name, begin=begin, end=begin + timedelta(days=1))
    return maker.signed(credentials=make_credentials(issued.certificate, issued.key))


@hostile("tampered")
def certificate_swapped_for_another_of_ours(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed(credentials=lab.foreign_client)
    token = next(root.iter(f"{{{WSSE}}}BinarySecurityToken"))
    token.text = b64encode(maker.credentials.certificate.public_bytes(Encoding.DER)).decode()
    return root


@hostile("key")
def certificate_that_is_none(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    next(root.iter(f"{{{WSSE}}}BinarySecurityToken")).text = "bm8="
    return root


@hostile("key")
def key_beside_the_token(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    etree.SubElement(_first(root, "KeyInfo"), f"{{{DS}}}KeyName").text = "x"
    return root


@hostile("key")
def key_reference_to_something_else(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    next(root.iter(f"{{{WSSE}}}Reference")).set("URI", f"#{root[1].get(f'{{{WSU}}}Id')}")
    return root


@hostile("action", validly_signed=True)
def wrong_action(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return maker.signed(Action="http://logius.nl/digipoort/wus/2.0/somethingelse")


@hostile("security")
def two_signatures(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    _security(root).append(deepcopy(_first(root, "Signature")))
    return root


@hostile("security")
def two_security_headers(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    root[0].append(deepcopy(_security(root)))
    return root


@hostile("header")
def one_header_twice(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    extra = deepcopy(root[0].find(f"{{{WSA}}}Action"))
    del extra.attrib[f"{{{WSU}}}Id"]
    root[0].append(extra)
    return root


@hostile("header")
def header_of_ones_own(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    etree.SubElement(root[0], "{urn:own}Extra")
    return root


@hostile("algorithm")
def weak_digest(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    _first(root, "DigestMethod").set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#md5")
    return root


@hostile("algorithm")
def symmetric_signature(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    _first(root, "SignatureMethod").set("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")
    return root


@hostile("algorithm")
def another_canonical_form(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    method = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    _first(root, "CanonicalizationMethod").set("Algorithm", method)
    return root


@hostile("algorithm")
def transform_that_chooses(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    transform = _first(root, "Transform")
    transform.set("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116")
    etree.SubElement(transform, f"{{{DS}}}XPath").text = "false()"
    return root


@hostile("algorithm")
def parameter_of_a_transform(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    etree.SubElement(_first(root, "Transform"), f"{{{DS}}}XPath").text = "false()"
    return root


@hostile("signature")
def second_transform(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    transforms = _first(root, "Transforms")
    transforms.append(deepcopy(transforms[0]))
    return root


@hostile("signature")
def nothing_signed_at_all(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    for reference in list(root.iter(f"{{{DS}}}Reference")):
        reference.getparent().remove(reference)
    return root


@hostile("reference")
def reference_outside(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    _first(root, "Reference").set("URI", "http://127.0.0.1/elsewhere")
    return root


@hostile("reference")
def reference_to_the_whole_document(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    _first(root, "Reference").set("URI", "")
    return root


@hostile("coverage")
def one_thing_signed_twice(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    root = maker.signed()
    info = _first(root, "SignedInfo")
    info.append(deepcopy(info[-1]))
    return root


@hostile("not-xml")
def document_type(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return b'<!DOCTYPE e [<!ENTITY x "boom">]>' + etree.tostring(maker.signed())


@hostile("not-xml")
def comment_in_a_text(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return (
        etree.tostring(maker.signed())
        .replace(b"</type>", b"<!-- --></type>")
        .replace(b":type>", b":type><!-- -->")
    )


@hostile("not-xml")
def another_encoding(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return etree.tostring(maker.signed(), encoding="UTF-16")


@hostile("not-xml")
def half_a_message(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return etree.tostring(maker.signed())[:-200]


@hostile("not-xml")
def no_xml(maker: Maker, lab: Laboratory) -> etree._Element | bytes:
    return b"\x00\xff rubbish"
