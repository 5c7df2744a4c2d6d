"""A parser for documents from outside: no entities, no network, no document type, a size limit of our own."""

from lxml import etree

MESSAGE_LIMIT = 32 * 1024 * 1024
"""Bytes; the largest content that Digipoort takes (20,971,520) is 28 million in base64."""


class XmlError(Exception):
    """The bytes are not a document that we read; the sentence quotes nothing of it."""


def parse(data: bytes, *, limit: int = MESSAGE_LIMIT) -> etree._Element:
    """Parse UTF-8 XML and return its root.

    Comments and processing instructions are refused: canonical XML drops comments, so a text that is read up
    to one could differ from the text that is signed.

    Raises XmlError when the document is too large, declares a document type, or is not well formed.
    """
    if len(data) > limit:
        raise XmlError(f"the document is larger than {limit} bytes")
    if b"<!DOCTYPE" in data:
        raise XmlError("the document declares a document type")
    # huge_tree lifts libxml2's limit of 10 million characters a text node; ours above takes its place. The
    # encoding is fixed, so that another one cannot hide a document type from the line before.
    parser = etree.XMLParser(
        encoding="utf-8", huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlError(f"the document is not well-formed XML ({_where(error)})") from None
    # libxml2 lets a prefix without a declaration pass where a relative namespace comes after it; what has
    # such a name is in no namespace, and canonical XML knows neither.
    if any(entry.domain == etree.ErrorDomains.NAMESPACE for entry in parser.error_log):
        raise XmlError("the document uses namespaces that it does not declare as XML wants it")
    tree = root.getroottree()
    strange = (root.getprevious(), root.getnext(), next(root.iter(etree.Comment, etree.PI), None))
    if any(node is not None for node in strange) or tree.docinfo.internalDTD is not None:
        raise XmlError("the document holds comments or processing instructions")
    return root


def _where(error: Exception) -> str:
    if isinstance(error, etree.XMLSyntaxError) and error.position is not None:
        line, column = error.position
        return f"line {line}, column {column}"
    return "no position"
