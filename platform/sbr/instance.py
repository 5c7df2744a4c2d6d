"""An XBRL instance about one taxpayer, one period and whole euros: written, and read back from bytes.

The form of the VAT return and its kin (FACTS 2.2, 2.4): one context with the amounts, texts of the header, no
dimensions. A report of another form has its own reading beside it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from lxml import etree

from .filing_rules import (
    ISO4217,
    LINK,
    XBRLI,
    XLINK,
    check_filing_rules,
    line_of,
    list_facts,
    parse,
    read_text,
)
from .findings import Finding, ReportError, error
from .header import InstanceHeader, check_header, check_header_items
from .tables import EntryPoint

MOST_DIGITS = 10
"""Digits of an amount of which the report says nothing."""

_AMOUNT = re.compile(r"-?[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Instance:
    """What the bytes of an instance say; `texts` are header items, `amounts` whole euros, by XBRL item.

    `sha256` is the hex digest of the very bytes that were read: what is approved and what is delivered.
    """

    entry_point: str
    namespace: str
    scheme: str
    identifier: str = field(repr=False)
    start: date
    end: date
    texts: Mapping[str, str]
    amounts: Mapping[str, int]
    sha256: str


def write_instance(
    header: InstanceHeader, scheme: str, amounts: Iterable[tuple[str, int]], entry_point: EntryPoint
) -> bytes:
    """Return the bytes of an instance, UTF-8, amounts in the order given; the same input, the same bytes.

    Raises ReportError with every reason why the header will not do.
    """
    wrong = check_header(header)
    if header.start.year != entry_point.year:
        text = (
            f"Het tijdvak valt in {header.start.year}, maar de taxonomie is voor aangiften over "
            f"{entry_point.year}; gebruik de taxonomie van {header.start.year}."
        )
        wrong.append(error("entry-point-year", "entry_point", text))
    if wrong:
        raise ReportError(*wrong)
    spaces = {"bd-i": entry_point.namespace, "iso4217": ISO4217, "link": LINK, "xbrli": XBRLI, "xlink": XLINK}
    root = etree.Element(f"{{{XBRLI}}}xbrl", nsmap=spaces)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "nl")
    reference = etree.SubElement(root, f"{{{LINK}}}schemaRef")
    reference.set(f"{{{XLINK}}}type", "simple")
    reference.set(f"{{{XLINK}}}href", entry_point.entry_point)
    _add_context(root, header, scheme)
    unit = etree.SubElement(root, f"{{{XBRLI}}}unit", id="EUR")
    etree.SubElement(unit, f"{{{XBRLI}}}measure").text = "iso4217:EUR"
    for name, text in header.items():
        etree.SubElement(root, f"{{{entry_point.namespace}}}{name}", contextRef="Msg").text = text
    for name, amount in amounts:
        item = etree.SubElement(root, f"{{{entry_point.namespace}}}{name}", contextRef="Msg", decimals="INF")
        item.set("unitRef", "EUR")
        item.text = str(amount)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def read_instance(content: bytes, digits: Mapping[str, int]) -> Instance:
    """Read an instance; raises ReportError with what the filing rules and the form refuse.

    `digits` are the report's amounts by XBRL item, each with the most digits that its taxonomy allows.
    """
    root = parse(content)
    wrong = list(check_filing_rules(root))
    if not wrong:
        wrong = list(_check_form(root, digits))
    if wrong:
        raise ReportError(*wrong)
    context = _amounts_context(root)
    identifier = next(context.iter(f"{{{XBRLI}}}identifier"))
    start, end = _read_period(context)
    reference = root.find(f"{{{LINK}}}schemaRef")
    return Instance(
        entry_point=("" if reference is None else reference.get(f"{{{XLINK}}}href")) or "",
        namespace=etree.QName(list_facts(root)[0]).namespace or "",
        scheme=identifier.get("scheme") or "",
        identifier=read_text(identifier),
        start=start,
        end=end,
        texts=MappingProxyType(_read_texts(root)),
        amounts=MappingProxyType({_name(item): int(read_text(item)) for item in _list_amounts(root)}),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def check_period(instance: Instance, entry_point: EntryPoint, start: date, end: date) -> list[Finding]:
    """Check that an instance is about the period start..end, by the taxonomy of its year."""
    found = []
    if (instance.entry_point, instance.namespace) != (entry_point.entry_point, entry_point.namespace):
        text = f"Het bericht is niet van de taxonomie voor aangiften over {entry_point.year}."
        found.append(error("instance-entry-point", "entry_point", text))
    if (instance.start, instance.end) != (start, end):
        text = "Het tijdvak in het bericht is niet het tijdvak van deze opdracht."
        found.append(error("instance-period", "period", text))
    return found


def check_identifier(instance: Instance, scheme: str, own: str | None, name: str) -> list[Finding]:
    """Check that an instance speaks about the relation whose number is `own`; `name` is Dutch: OB-nummer."""
    if instance.scheme != scheme:
        text = f"Het bericht noemt geen {name} als identificatie."
        return [error("instance-scheme", "identifier", text)]
    if not own:
        text = f"Van deze relatie is geen {name} vastgelegd om het bericht mee te vergelijken."
        return [error("identifier-missing", "identifier", text)]
    if instance.identifier != own:
        text = f"Het {name} in het bericht is niet dat van deze relatie."
        return [error("instance-identifier", "identifier", text)]
    return []


def _add_context(root: etree._Element, header: InstanceHeader, scheme: str) -> None:
    context = etree.SubElement(root, f"{{{XBRLI}}}context", id="Msg")
    entity = etree.SubElement(context, f"{{{XBRLI}}}entity")
    etree.SubElement(entity, f"{{{XBRLI}}}identifier", scheme=scheme).text = header.identifier
    period = etree.SubElement(context, f"{{{XBRLI}}}period")
    etree.SubElement(period, f"{{{XBRLI}}}startDate").text = header.start.isoformat()
    etree.SubElement(period, f"{{{XBRLI}}}endDate").text = header.end.isoformat()


def _check_form(root: etree._Element, digits: Mapping[str, int]) -> Iterator[Finding]:
    """Check what reading leans on: one namespace, euros, one context of the amounts with two dates."""
    amounts = _list_amounts(root)
    if not amounts:
        yield error("amounts-missing", "instance", "Het bericht bevat geen bedragen.")
        return
    if len({etree.QName(item).namespace for item in list_facts(root)}) != 1:
        yield error("namespaces", "instance", "De gegevens in het bericht komen uit meer dan één taxonomie.")
    if len({item.get("contextRef") for item in amounts}) != 1:
        yield error("contexts", "context", "De bedragen gaan niet over één en hetzelfde tijdvak.")
        return
    for item in list_facts(root):
        if _name(item) in digits and "unitRef" not in item.attrib:
            yield error("unit", _name(item), f"{_name(item)} noemt geen eenheid.", line_of(item))
    yield from _check_units(root)
    yield from _check_context(_amounts_context(root))
    yield from _check_identifiers(root)
    for item in amounts:
        yield from _check_amount(item, digits.get(_name(item), MOST_DIGITS))
    yield from check_header_items(_read_texts(root))


def _check_units(root: etree._Element) -> Iterator[Finding]:
    for measure in root.iterfind(f"{{{XBRLI}}}unit//{{*}}measure"):
        prefix, _, currency = read_text(measure).rpartition(":")
        if measure.nsmap.get(prefix) != ISO4217 or currency != "EUR":
            yield error("unit", "unit", "De bedragen zijn niet in euro.", line_of(measure))


def _check_context(context: etree._Element) -> Iterator[Finding]:
    dimensions = [*context.iter(f"{{{XBRLI}}}segment"), *context.iter(f"{{{XBRLI}}}scenario")]
    if dimensions or len(list(context.iter(f"{{{XBRLI}}}identifier"))) != 1:
        yield error("context-form", "context", "De bedragen gaan niet over één belastingplichtige.")
    try:
        start, end = _read_period(context)
    except ValueError:
        yield error("fr-nl-3.01", "period", "Het tijdvak bestaat niet uit twee data zonder tijd.")
        return
    if end < start:
        yield error("period-order", "period", "Het tijdvak eindigt voordat het begint.")


def _check_identifiers(root: etree._Element) -> Iterator[Finding]:
    """Check that no part of the message is about somebody else: Digipoort looks at every identifier."""
    names = {(found.get("scheme"), read_text(found)) for found in root.iter(f"{{{XBRLI}}}identifier")}
    if len(names) > 1:
        yield error("identifiers", "identifier", "Het bericht gaat over meer dan één belastingplichtige.")


def _check_amount(item: etree._Element, digits: int) -> Iterator[Finding]:
    name, text = _name(item), read_text(item)
    if item.get("decimals") != "INF":
        yield error("decimals", name, f"{name} is niet exact (decimals INF).", line_of(item))
    if not _AMOUNT.fullmatch(text) or len(text.lstrip("-")) > digits:
        yield error("amount-form", name, f"{name} is geen bedrag in hele euro's.", line_of(item))


def _list_amounts(root: etree._Element) -> list[etree._Element]:
    return [item for item in list_facts(root) if "unitRef" in item.attrib]


def _read_texts(root: etree._Element) -> dict[str, str]:
    """Return the header items; those inside a tuple (professional association, up to NT19) stay out."""
    return {
        _name(item): read_text(item)
        for item in list_facts(root)
        if "unitRef" not in item.attrib and item.getparent() is root
    }


def _name(item: etree._Element) -> str:
    return etree.QName(item).localname


def _amounts_context(root: etree._Element) -> etree._Element:
    wanted = _list_amounts(root)[0].get("contextRef")
    return next(found for found in root.iterfind(f"{{{XBRLI}}}context") if found.get("id") == wanted)


def _read_period(context: etree._Element) -> tuple[date, date]:
    """Return first and last day; raises ValueError when they are not two plain dates."""
    period = context.find(f"{{{XBRLI}}}period")
    days = [] if period is None else [read_text(day) for day in period.iterfind("{*}*")]
    names = [] if period is None else [_name(day) for day in period.iterfind("{*}*")]
    if names != ["startDate", "endDate"] or not all(_DAY.fullmatch(day) for day in days):
        raise ValueError("no two plain dates")
    return date.fromisoformat(days[0]), date.fromisoformat(days[1])
