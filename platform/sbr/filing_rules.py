"""What the filing rules (FR-NL) and our own safety ask of an instance before it is read (FACTS 2.6)."""

import re
import sys
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from .contact_person import ALLOWED_TEXT
from .findings import Finding, ReportError, error

XBRLI = "http://www.xbrl.org/2003/instance"
LINK = "http://www.xbrl.org/2003/linkbase"
XLINK = "http://www.w3.org/1999/xlink"
ISO4217 = "http://www.xbrl.org/2003/iso4217"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XML = "http://www.w3.org/XML/1998/namespace"

# A return is about 5 kB.
MAX_BYTES = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_REFERENCE = re.compile(r"&(?:#(?P<decimal>[0-9]{1,7})|#x(?P<hex>[0-9A-Fa-f]{1,6})|(?P<name>\w+));")
_NAMED = ("lt", "gt", "amp", "apos", "quot")
_SPACE = str.maketrans("", "", "\t\n\r")


def parse(content: bytes) -> etree._Element:
    """Parse hostile bytes: no document type, entities, network or large texts; raises ReportError."""
    wrong = list(_check_bytes(content))
    if wrong:
        raise ReportError(*wrong)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as mistake:
        line, column = mistake.position
        raise ReportError(error("xml", "instance", "Het bericht is geen XML.", line, column)) from None
    # libxml2 lets a prefix without a declaration pass where a relative namespace comes after it.
    strange = [entry for entry in parser.error_log if entry.domain == etree.ErrorDomains.NAMESPACE]
    if strange:
        text = "Het bericht gebruikt naamruimten die het niet goed aangeeft."
        raise ReportError(error("namespaces", "instance", text, strange[0].line, strange[0].column))
    return root


def check_filing_rules(root: etree._Element) -> Iterator[Finding]:
    """Yield the filing rules that a parsed instance breaks."""
    if root.tag != f"{{{XBRLI}}}xbrl":
        yield error("root", "instance", "Het bericht is geen XBRL.")
        return
    if not root.get(f"{{{_XML}}}lang"):
        yield error("fr-nl-2.03", "instance", "De taal (xml:lang) ontbreekt in het bericht.")
    if len(root.findall(f"{{{LINK}}}schemaRef")) != 1:
        yield error("fr-nl-2.04", "instance", "Het bericht verwijst niet naar precies één schema.")
    yield from _check_elements(root)
    yield from _check_references(root, "context", "contextRef", "fr-nl-3.03")
    yield from _check_references(root, "unit", "unitRef", "fr-nl-4.02")
    yield from _check_twins(root)
    yield from _check_facts(root)


def read_text(element: etree._Element) -> str:
    """Return the text of an element, or nothing when anything but text is in it (comments hide text)."""
    return "" if len(element) else (element.text or "").strip()


def line_of(element: etree._Element) -> int | None:
    """Return the line on which an element stands, from 1."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def list_facts(root: etree._Element) -> list[etree._Element]:
    """Return the items (elements with a context) of the instance, also those inside tuples."""
    return [element for element in root.iter("{*}*") if "contextRef" in element.attrib]


def _check_bytes(content: bytes) -> Iterator[Finding]:
    if len(content) > MAX_BYTES:
        yield error("size", "instance", "Het bericht is te groot voor een aangifte.")
        return
    if content.startswith(_BOM):
        yield error("fr-nl-1.01", "instance", "Het bericht begint met een BOM.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield error("fr-nl-1.05", "instance", "Het bericht is geen UTF-8.")
        return
    declared = re.match(r"""<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""", text)
    if declared and declared[1].upper() != "UTF-8":
        yield error("fr-nl-1.05", "instance", "Het bericht noemt een andere codering dan UTF-8.")
    # Before parsing, so that no declared entity is ever expanded; a comment that holds it is refused too.
    if "<!DOCTYPE" in text:
        yield error("fr-nl-1.03", "instance", "Het bericht bevat een DOCTYPE.")
    if "]]>" in text:
        yield error("fr-nl-2.06", "instance", "Het bericht bevat een CDATA-blok.")
    if not all(_allowed_reference(reference) for reference in _REFERENCE.finditer(text)):
        yield error(
            "fr-nl-1.04", "instance", "Het bericht bevat tekenverwijzingen die niet zijn toegestaan (&…;)."
        )
    if not ALLOWED_TEXT.fullmatch(text.translate(_SPACE)):
        yield error("fr-nl-1.02", "instance", "Het bericht bevat tekens buiten het westerse schrift.")


def _allowed_reference(reference: re.Match[str]) -> bool:
    if reference["name"]:
        return reference["name"] in _NAMED
    code = int(reference["decimal"] or reference["hex"], 10 if reference["decimal"] else 16)
    return code <= sys.maxunicode and ALLOWED_TEXT.fullmatch(chr(code)) is not None


def _check_elements(root: etree._Element) -> Iterator[Finding]:
    for element in root.iter("{*}*"):
        tag = etree.QName(element)
        line = line_of(element)
        if tag.namespace == LINK and tag.localname == "footnoteLink":
            yield error("fr-nl-6.01", "instance", "Het bericht bevat voetnoten.", line)
        elif tag.namespace == LINK and tag.localname != "schemaRef":
            yield error("fr-nl-2.05", "instance", "Het bericht verwijst naar een linkbase.", line)
        elif (tag.namespace, tag.localname) == (XBRLI, "forever"):
            yield error("fr-nl-3.02", "instance", "Het bericht heeft een onbegrensd tijdvak.", line)
        elif _has_no_context(element):
            yield error("fact-context", tag.localname, f"{tag.localname} hoort bij geen tijdvak.", line)
        if f"{{{_XSI}}}nil" in element.attrib:
            yield error("fr-nl-2.07", tag.localname, "Een gegeven is als leeg aangemerkt (xsi:nil).", line)
        if "unitRef" in element.attrib and (
            "contextRef" not in element.attrib or element.getparent() is not root
        ):
            yield error("amount-place", tag.localname, "Een bedrag staat op een verkeerde plaats.", line)


def _has_no_context(element: etree._Element) -> bool:
    """Say whether something of a taxonomy says nothing about anyone: no item, and no tuple of items."""
    ours = etree.QName(element).namespace in (XBRLI, LINK)
    inside = any(True for _ in element.iterancestors(f"{{{XBRLI}}}context"))
    return not ours and not inside and "contextRef" not in element.attrib and len(element) == 0


def _check_references(root: etree._Element, name: str, attribute: str, rule: str) -> Iterator[Finding]:
    """Check that ids differ, that every reference has its target and every target a reference."""
    ids = [element.get("id") or "" for element in root.findall(f"{{{XBRLI}}}{name}")]
    used = {reference for fact in list_facts(root) if (reference := fact.get(attribute)) is not None}
    if len(set(ids)) != len(ids) or used - set(ids):
        yield error("reference", name, f"Verwijzingen naar een {name} kloppen niet.")
    if set(ids) - used:
        yield error(rule, name, f"Het bericht bevat een ongebruikte {name}.")


def _check_twins(root: etree._Element) -> Iterator[Finding]:
    for name, rule in (("context", "fr-nl-3.04"), ("unit", "fr-nl-4.01")):
        twins = root.findall(f"{{{XBRLI}}}{name}")
        contents = Counter(tuple(_shape(child) for child in twin.iterfind("{*}*")) for twin in twins)
        if any(count > 1 for count in contents.values()):
            yield error(rule, name, f"Het bericht bevat tweemaal dezelfde {name}.")


def _shape(element: etree._Element) -> tuple[object, ...]:
    """Return what makes two elements equal: names, attributes and text, whatever their layout."""
    children = tuple(_shape(child) for child in element.iterfind("{*}*"))
    return (element.tag, tuple(sorted(element.attrib.items())), read_text(element), children)


def _check_facts(root: etree._Element) -> Iterator[Finding]:
    seen: set[object] = set()
    for fact in list_facts(root):
        name = etree.QName(fact).localname
        key = (fact.tag, fact.get("contextRef"), fact.get("unitRef"), fact.getparent())
        if key in seen:
            yield error("fr-nl-5.01", name, f"{name} komt twee keer voor in het bericht.", line_of(fact))
        seen.add(key)
        if not read_text(fact):
            yield error("fr-nl-5.03", name, f"{name} is leeg.", line_of(fact))
        if "precision" in fact.attrib:
            yield error("fr-nl-5.06", name, f"{name} heeft een precision.", line_of(fact))
