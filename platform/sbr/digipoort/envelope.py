"""The SOAP 1.1 envelope with its WSA headers, not yet signed; and the fault, which never is."""

from uuid import uuid4

from lxml import etree

from .names import ANONYMOUS, SOAP, WSA, WSSE, WSU


def new_message_id() -> str:
    """Make a message id."""
    return f"urn:uuid:{uuid4()}"


def question(payload: etree._Element, *, action: str, to: str, message_id: str) -> etree._Element:
    """Put a question in an envelope; `to` is the endpoint's URL."""
    headers = {"Action": action, "MessageID": message_id, "To": to}
    envelope = _envelope(headers, payload)
    reply_to = etree.SubElement(envelope[0], f"{{{WSA}}}ReplyTo")
    etree.SubElement(reply_to, f"{{{WSA}}}Address").text = ANONYMOUS
    return envelope


def answer(payload: etree._Element, *, action: str, relates_to: str) -> etree._Element:
    """Put an answer in an envelope; `relates_to` is the question's message id."""
    headers = {"To": ANONYMOUS, "MessageID": new_message_id(), "Action": action, "RelatesTo": relates_to}
    return _envelope(headers, payload)


def fault(detail: etree._Element, *, action: str, relates_to: str | None) -> etree._Element:
    """Put a fault's detail in an envelope."""
    element = etree.Element(f"{{{SOAP}}}Fault", nsmap={"s": SOAP})
    for name, text in (
        ("faultcode", "s:Client"),
        ("faultstring", "Algemene fout"),
        ("faultactor", "Verantwoordingsplichtige"),
    ):
        etree.SubElement(element, name).text = text
    etree.SubElement(element, "detail").append(detail)
    headers = {"To": ANONYMOUS, "MessageID": new_message_id(), "Action": action}
    if relates_to is not None:
        headers["RelatesTo"] = relates_to
    return _envelope(headers, element)


def security_fault(text: str) -> etree._Element:
    """Make a fault as machinery of WS-Security gives it: no addressing, no detail of Digipoort's own."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP, "o": WSSE})
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
    element = etree.SubElement(body, f"{{{SOAP}}}Fault")
    etree.SubElement(element, "faultcode").text = "o:FailedAuthentication"
    etree.SubElement(element, "faultstring").text = text
    return envelope


def _envelope(headers: dict[str, str], payload: etree._Element) -> etree._Element:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP, "a": WSA, "u": WSU})
    header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
    for name, text in headers.items():
        etree.SubElement(header, f"{{{WSA}}}{name}").text = text
    etree.SubElement(envelope, f"{{{SOAP}}}Body").append(payload)
    return envelope
