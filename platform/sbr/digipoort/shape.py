"""The one shape of a signed message that is believed: each part once, in its place, every id once.

A message that is shaped otherwise is refused before any signature is looked at; that closes the door on
wrapping, where a genuine signed part is moved aside and a forged one put in its place.
"""

from collections import Counter
from dataclasses import dataclass

from lxml import etree

from .names import DS, SOAP, WSA, WSSE, WSU
from .trust import TrustError

_ADDRESSING = {
    f"{{{WSA}}}{name}" for name in ("Action", "MessageID", "RelatesTo", "To", "From", "ReplyTo", "FaultTo")
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a signed message, each the very element of the document."""

    body: etree._Element
    payload: etree._Element
    addressing: dict[str, etree._Element]
    """WSA headers by local name."""
    timestamp: etree._Element
    token: etree._Element
    signature: etree._Element
    ids: dict[str, etree._Element]
    """Elements by their wsu:Id."""

    def text(self, name: str) -> str | None:
        """The text of a WSA header."""
        element = self.addressing.get(name)
        return None if element is None else (element.text or "").strip()

    def must_be_signed(self) -> list[etree._Element]:
        """What a signature has to cover: timestamp, every WSA header, body."""
        return [self.timestamp, *self.addressing.values(), self.body]


def take_apart(envelope: etree._Element) -> Parts:
    """Find the parts of a signed message. Raises TrustError when anything stands where it should not."""
    if envelope.tag != f"{{{SOAP}}}Envelope":
        raise TrustError("envelope", "it is not a SOAP 1.1 envelope")
    header, body = _exactly(envelope, [f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"], "envelope")
    security = _only(header, f"{{{WSSE}}}Security")
    timestamp, token, signature = _exactly(
        security, [f"{{{WSU}}}Timestamp", f"{{{WSSE}}}BinarySecurityToken", f"{{{DS}}}Signature"], "security"
    )
    if len(body) != 1:
        raise TrustError("body", "its body does not hold exactly one element")
    return Parts(body, body[0], _addressing(header), timestamp, token, signature, _ids(envelope))


def _exactly(parent: etree._Element, tags: list[str], reason: str) -> list[etree._Element]:
    """Return the children, when they are these and no others; the order of a Security header is free."""
    children = list(parent)
    if sorted(child.tag for child in children) != sorted(tags):
        raise TrustError(reason, f"its {etree.QName(parent).localname} does not hold what it should")
    if reason == "envelope" and [child.tag for child in children] != tags:
        raise TrustError(reason, "its header does not precede its body")
    return sorted(children, key=lambda child: tags.index(child.tag))


def _only(header: etree._Element, tag: str) -> etree._Element:
    found = header.findall(tag)
    if len(found) != 1:
        raise TrustError("security", "it does not have exactly one Security header: it is not signed")
    return found[0]


def _addressing(header: etree._Element) -> dict[str, etree._Element]:
    found: dict[str, etree._Element] = {}
    for element in header:
        if element.tag == f"{{{WSSE}}}Security":
            continue
        name = etree.QName(element).localname
        if element.tag not in _ADDRESSING or name in found:
            raise TrustError("header", "its header holds an unknown element, or one twice")
        found[name] = element
    return found


def _ids(envelope: etree._Element) -> dict[str, etree._Element]:
    """Collect every wsu:Id; whatever is called an id, in whichever namespace, may have a value only once."""
    counts: Counter[str] = Counter()
    ids: dict[str, etree._Element] = {}
    for element in envelope.iter():
        for name, value in element.attrib.items():
            if etree.QName(name).localname.lower() != "id":
                continue
            counts[str(value)] += 1
            if name == f"{{{WSU}}}Id":
                ids[str(value)] = element
    if any(count > 1 for count in counts.values()):
        raise TrustError("ids", "it has a duplicate id")
    return ids
