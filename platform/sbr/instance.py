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
from .header import InstanceHeader, check_header, check_header_items, check_header_present, is_header_item
from .tables import EntryPoint

ASSOCIATION = "ProfessionalAssociationForTaxServiceProvidersName"
ASSOCIATION_TUPLE = "ProfessionalAssociationForTaxServiceProvidersSpecification"
"""The association of who files: in a tuple up to NT19, in a context with a dimension in NT20 (FACTS 2.4)."""

_FORMER_DIGITS = 9
_AMOUNT = re.compile(r"-?[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceForm:
    """All that an instance of one report may hold; the reader refuses the rest, since nobody would see it.

    `scheme` is of the identifier; `amounts` are its XBRL items with the most digits that the taxonomy allows;
    `reference_item` is the header item of our reference. `former` are amounts that the form no longer has, by
    item the last year (of the return) that had them.
    """

    scheme: str
    amounts: Mapping[str, int]
    reference_item: str
    former: Mapping[str, int] = field(default_factory=dict)


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


def read_instance(content: bytes, form: InstanceForm) -> Instance:
    """Read an instance; raises ReportError with what the filing rules and the form refuse."""
    root = parse(content)
    wrong = list(check_filing_rules(root))
    if not wrong:
        wrong = list(_check_form(root, form))
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


def _check_form(root: etree._Element, form: InstanceForm) -> Iterator[Finding]:
    """Check that it holds what the form has and nothing else, in one namespace, over one period, in euros."""
    amounts = _list_amounts(root)
    if not amounts:
        yield error("amounts-missing", "instance", "Het bericht bevat geen bedragen.")
        return
    if len({etree.QName(item).namespace for item in list_facts(root)}) != 1:
        yield error("namespaces", "instance", "De gegevens in het bericht komen uit meer dan één taxonomie.")
    if len({item.get("contextRef") for item in amounts}) != 1:
        yield error("contexts", "context", "De bedragen gaan niet over één en hetzelfde tijdvak.")
        return
    yield from _check_units(root)
    yield from _check_context(_amounts_context(root))
    yield from _check_other_contexts(root)
    yield from _check_identifiers(root, form)
    yield from _check_items(root, form)
    texts = _read_texts(root)
    yield from check_header_items(texts)
    yield from check_header_present(texts, form.reference_item)


def _check_units(root: etree._Element) -> Iterator[Finding]:
    """Check that every unit is euros and nothing else: one measure, not divided by another."""
    for unit in root.iterfind(f"{{{XBRLI}}}unit"):
        measures = list(unit.iterfind("{*}*"))
        prefix, _, currency = read_text(measures[0]).rpartition(":") if measures else ("", "", "")
        plain = len(measures) == 1 and measures[0].tag == f"{{{XBRLI}}}measure"
        if not plain or measures[0].nsmap.get(prefix) != ISO4217 or currency != "EUR":
            yield error("unit", "unit", "De bedragen zijn niet in euro.", line_of(unit))


def _check_items(root: etree._Element, form: InstanceForm) -> Iterator[Finding]:
    """Check every item against the form: known, with its unit or without one, and in the amounts' context."""
    context, year = _amounts_context(root), _find_year(root)
    former = {item for item, last in form.former.items() if year is not None and year <= last}
    for item in list_facts(root):
        name, line = _name(item), line_of(item)
        is_amount = name in form.amounts or name in former
        in_tuple = item.getparent() is not root
        if (
            not is_amount
            and (not is_header_item(name, form.reference_item) or in_tuple)
            and name != ASSOCIATION
        ):
            yield error("item-unknown", name, f"Het bericht bevat een onbekend gegeven ({name}).", line)
        elif is_amount and "unitRef" not in item.attrib:
            yield error("unit", name, f"{name} noemt geen eenheid.", line)
        elif not is_amount and "unitRef" in item.attrib:
            yield error("unit", name, f"{name} is geen bedrag, maar noemt een eenheid.", line)
        elif is_amount:
            yield from _check_amount(item, form.amounts.get(name, _FORMER_DIGITS))
        if name != ASSOCIATION and item.get("contextRef") != context.get("id"):
            yield error("contexts", name, f"{name} gaat niet over het tijdvak van de bedragen.", line)
    for element in root.iterchildren("{*}*"):
        ours = etree.QName(element).namespace in (XBRLI, LINK)
        if not ours and "contextRef" not in element.attrib and _name(element) != ASSOCIATION_TUPLE:
            name = _name(element)
            yield error("item-unknown", name, f"Het bericht bevat een onbekend gegeven ({name}).")


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


def _check_other_contexts(root: etree._Element) -> Iterator[Finding]:
    """Check that no part of the message is about another period than the amounts, or about a moment."""
    try:
        period = _read_period(_amounts_context(root))
        others = [_read_period(context) for context in root.iterfind(f"{{{XBRLI}}}context")]
    except ValueError:
        yield error("contexts", "context", "Een deel van het bericht heeft geen geldig tijdvak.")
        return
    if any(other != period for other in others):
        yield error("contexts", "context", "Een deel van het bericht gaat over een ander tijdvak.")


def _check_identifiers(root: etree._Element, form: InstanceForm) -> Iterator[Finding]:
    """Check that no part of the message is about somebody else: Digipoort looks at every identifier."""
    names = {(found.get("scheme"), read_text(found)) for found in root.iter(f"{{{XBRLI}}}identifier")}
    if len(names) > 1:
        yield error("identifiers", "identifier", "Het bericht gaat over meer dan één belastingplichtige.")
    if any(scheme != form.scheme for scheme, _ in names):
        text = "Het bericht noemt de belastingplichtige onder een ander soort nummer dan hierbij hoort."
        yield error("instance-scheme", "identifier", text)


def _check_amount(item: etree._Element, digits: int) -> Iterator[Finding]:
    name, text = _name(item), read_text(item)
    if item.get("decimals") != "INF":
        yield error("decimals", name, f"{name} is niet exact (decimals INF).", line_of(item))
    if not _AMOUNT.fullmatch(text) or len(text.lstrip("-")) > digits:
        yield error("amount-form", name, f"{name} is geen bedrag in hele euro's.", line_of(item))


def _find_year(root: etree._Element) -> int | None:
    """Return the year that the amounts are about, or None when their period cannot be read."""
    try:
        return _read_period(_amounts_context(root))[0].year
    except ValueError:
        return None


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
