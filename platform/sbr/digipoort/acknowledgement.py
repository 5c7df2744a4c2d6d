"""The authority's own proof of receipt, which travels as text in the details of status 500."""

from dataclasses import dataclass

from lxml import etree

from .parsing import XmlError, parse

DETAILS_LIMIT = 4 * 1024 * 1024
"""Bytes; the interface allows 1,048,576 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What a `Responsemessage` says; each part as the authority wrote it, empty where it is absent."""

    message_id: str
    refers_to: str
    authority_id: str
    received_at: str
    response_type: str
    class_: str
    code: str
    description: str


def read_acknowledgement(details: str | None) -> Acknowledgement | None:
    """Read the details of status 500; None when they are absent or something else."""
    root = _parse(details or "")
    if root is None or etree.QName(root).localname != "Responsemessage":
        return None
    # The namespace was seen in one source only, so the local names count.
    texts: dict[str, str] = {}
    for element in root.iter("{*}*"):
        if len(element) == 0:
            texts.setdefault(etree.QName(element).localname, (element.text or "").strip())
    return Acknowledgement(
        message_id=texts.get("MessageId", ""),
        refers_to=texts.get("RefersToMessageId", ""),
        authority_id=texts.get("MessageIdBd", ""),
        received_at=texts.get("DatumTijdOntvangst", ""),
        response_type=texts.get("ResponseType", ""),
        class_=texts.get("Class", ""),
        code=texts.get("Code", ""),
        description=texts.get("Description", ""),
    )


def readable(text: str) -> str:
    """Make a description readable: one that is XML itself (they occur) becomes the texts it holds."""
    root = _parse(text) if text.lstrip().startswith("<") else None
    if root is None:
        return text
    return "; ".join(part for part in (str(piece).strip() for piece in root.itertext()) if part)


def _parse(text: str) -> etree._Element | None:
    try:
        return parse(text.strip().encode(), limit=DETAILS_LIMIT)
    except (XmlError, UnicodeEncodeError):
        return None
