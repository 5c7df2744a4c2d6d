"""The XBRL instance of a VAT return: made from a return, read back from bytes (FACTS 2.2 to 2.4)."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from lxml import etree

from .filing_rules import (
    ISO4217,
    LINK,
    XBRLI,
    XLINK,
    InstanceError,
    check_filing_rules,
    facts,
    line_of,
    parse,
    plain,
)
from .findings import Finding, error
from .header import InstanceHeader, check_header, check_header_items
from .return_model import Box, VatReturn
from .rubrieken import AMOUNT_ITEMS, INPUT, OWED, RUBRIEKEN, TOTAL, TOTALS, digits_allowed
from .tables import EntryPoint
from .vat_return import VatReturnResult, check_sizes

# Without http:// before it: so the taxonomy writes it (FACTS 2.2).
OB_SCHEME = "www.belastingdienst.nl/omzetbelastingnummer"
_AMOUNT = re.compile(r"-?[0-9]{1,10}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Instance:
    """What the bytes of a VAT return say; `texts` are header items, `amounts` whole euros, by XBRL item.

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

    @property
    def total(self) -> int:
        """Return 5g in whole euros: to pay when positive, to get back when negative."""
        return self.amounts.get(TOTALS[TOTAL], 0)


def make_instance(vat_return: VatReturn, header: InstanceHeader, entry_point: EntryPoint) -> bytes:
    """Return the bytes of the instance, UTF-8; the same input gives the same bytes.

    All 21 amounts are written, zeros too: which are mandatory is not published, the official sample return
    has them all, and a zero that is written cannot be a rubriek that was forgotten. Raises InstanceError
    with every reason why the header will not do.
    """
    wrong = [*check_header(header), *check_sizes(vat_return)]
    if header.start.year != entry_point.year:
        text = f"Het schema is van {entry_point.year}, het tijdvak niet."
        wrong.append(error("entry-point-year", "entry_point", text))
    if wrong:
        raise InstanceError(wrong)
    spaces = {"bd-i": entry_point.namespace, "iso4217": ISO4217, "link": LINK, "xbrli": XBRLI, "xlink": XLINK}
    root = etree.Element(f"{{{XBRLI}}}xbrl", nsmap=spaces)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "nl")
    reference = etree.SubElement(root, f"{{{LINK}}}schemaRef")
    reference.set(f"{{{XLINK}}}type", "simple")
    reference.set(f"{{{XLINK}}}href", entry_point.entry_point)
    _add_context(root, header)
    unit = etree.SubElement(root, f"{{{XBRLI}}}unit", id="EUR")
    etree.SubElement(unit, f"{{{XBRLI}}}measure").text = "iso4217:EUR"
    for name, text in header.items():
        etree.SubElement(root, f"{{{entry_point.namespace}}}{name}", contextRef="Msg").text = text
    for _, name, amount in vat_return.amounts():
        item = etree.SubElement(root, f"{{{entry_point.namespace}}}{name}", contextRef="Msg", decimals="INF")
        item.set("unitRef", "EUR")
        item.text = str(amount)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def read_instance(content: bytes) -> Instance:
    """Read a VAT return; raises InstanceError with what the filing rules and the form refuse."""
    root = parse(content)
    wrong = list(check_filing_rules(root))
    if not wrong:
        wrong = list(_check_form(root))
    if wrong:
        raise InstanceError(wrong)
    context = _amounts_context(root)
    identifier = next(context.iter(f"{{{XBRLI}}}identifier"))
    start, end = _period(context)
    reference = root.find(f"{{{LINK}}}schemaRef")
    return Instance(
        entry_point=("" if reference is None else reference.get(f"{{{XLINK}}}href")) or "",
        namespace=etree.QName(facts(root)[0]).namespace or "",
        scheme=identifier.get("scheme") or "",
        identifier=plain(identifier),
        start=start,
        end=end,
        texts=MappingProxyType(_texts(root)),
        amounts=MappingProxyType({_name(item): int(plain(item)) for item in _amounts(root)}),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def vat_return_of(instance: Instance) -> VatReturnResult:
    """Return the VAT return that an instance holds, or errors when its totals do not follow from its parts.

    No taxonomy formula checks 5a and 5g, so this is the check (FACTS 2.3).
    """
    boxes = tuple(
        Box(
            rubriek.id,
            instance.amounts.get(rubriek.turnover, 0) if rubriek.turnover else None,
            instance.amounts.get(rubriek.vat, 0) if rubriek.vat else None,
        )
        for rubriek in RUBRIEKEN
    )
    made = VatReturn(boxes, instance.amounts.get(TOTALS[INPUT], 0))
    wrong = [*_check_totals(instance, made), *check_sizes(made)]
    for name, amount in instance.amounts.items():
        if amount and name not in AMOUNT_ITEMS:
            wrong.append(error("amount-unknown", name, f"Het bericht bevat een onbekend bedrag ({name})."))
    return VatReturnResult(None if wrong else made, tuple(wrong))


def check_against(instance: Instance, entry_point: EntryPoint, start: date, end: date) -> list[Finding]:
    """Check that an instance is of this year's taxonomy and about the period start..end."""
    found = []
    if (instance.entry_point, instance.namespace) != (entry_point.entry_point, entry_point.namespace):
        text = f"Het bericht is niet van de taxonomie voor aangiften over {entry_point.year}."
        found.append(error("instance-entry-point", "entry_point", text))
    if (instance.start, instance.end) != (start, end):
        found.append(error("instance-period", "period", "Het tijdvak in het bericht is een ander."))
    return found


def _add_context(root: etree._Element, header: InstanceHeader) -> None:
    context = etree.SubElement(root, f"{{{XBRLI}}}context", id="Msg")
    entity = etree.SubElement(context, f"{{{XBRLI}}}entity")
    etree.SubElement(entity, f"{{{XBRLI}}}identifier", scheme=OB_SCHEME).text = header.ob_number
    period = etree.SubElement(context, f"{{{XBRLI}}}period")
    etree.SubElement(period, f"{{{XBRLI}}}startDate").text = header.start.isoformat()
    etree.SubElement(period, f"{{{XBRLI}}}endDate").text = header.end.isoformat()


def _check_form(root: etree._Element) -> Iterator[Finding]:
    """Check what reading leans on: one namespace, euros, one context of the amounts with two dates."""
    amounts = _amounts(root)
    if not amounts:
        yield error("amounts-missing", "instance", "Het bericht bevat geen bedragen.")
        return
    if len({etree.QName(item).namespace for item in facts(root)}) != 1:
        yield error("namespaces", "instance", "De gegevens in het bericht komen uit meer dan een taxonomie.")
    if len({item.get("contextRef") for item in amounts}) != 1:
        yield error("contexts", "context", "De bedragen gaan niet over een en hetzelfde tijdvak.")
        return
    for item in facts(root):
        if _name(item) in AMOUNT_ITEMS and "unitRef" not in item.attrib:
            yield error("unit", _name(item), f"{_name(item)} noemt geen eenheid.", line_of(item))
    yield from _check_units(root)
    yield from _check_context(_amounts_context(root))
    yield from _check_identifiers(root)
    for item in amounts:
        yield from _check_amount(item)
    yield from check_header_items(_texts(root))


def _check_units(root: etree._Element) -> Iterator[Finding]:
    for measure in root.iterfind(f"{{{XBRLI}}}unit//{{*}}measure"):
        prefix, _, currency = plain(measure).rpartition(":")
        if measure.nsmap.get(prefix) != ISO4217 or currency != "EUR":
            yield error("unit", "unit", "De bedragen zijn niet in euro.", line_of(measure))


def _check_context(context: etree._Element) -> Iterator[Finding]:
    dimensions = [*context.iter(f"{{{XBRLI}}}segment"), *context.iter(f"{{{XBRLI}}}scenario")]
    if dimensions or len(list(context.iter(f"{{{XBRLI}}}identifier"))) != 1:
        yield error("context-form", "context", "De bedragen gaan niet over een belastingplichtige.")
    try:
        start, end = _period(context)
    except ValueError:
        yield error("fr-nl-3.01", "period", "Het tijdvak bestaat niet uit twee data zonder tijd.")
        return
    if end < start:
        yield error("period-order", "period", "Het tijdvak eindigt voor het begint.")


def _check_identifiers(root: etree._Element) -> Iterator[Finding]:
    """Check that no part of the message is about somebody else: Digipoort looks at every identifier."""
    names = {(found.get("scheme"), plain(found)) for found in root.iter(f"{{{XBRLI}}}identifier")}
    if len(names) > 1:
        yield error("identifiers", "identifier", "Het bericht gaat over meer dan een belastingplichtige.")


def _check_amount(item: etree._Element) -> Iterator[Finding]:
    name, text = _name(item), plain(item)
    if item.get("decimals") != "INF":
        yield error("decimals", name, f"{name} is niet exact (decimals INF).", line_of(item))
    if not _AMOUNT.fullmatch(text) or len(text.lstrip("-")) > digits_allowed(name):
        yield error("amount-form", name, f"{name} is geen bedrag in hele euro's.", line_of(item))


def _check_totals(instance: Instance, made: VatReturn) -> Iterator[Finding]:
    for rubriek, right in ((OWED, made.owed), (TOTAL, made.total)):
        given = instance.amounts.get(TOTALS[rubriek])
        if given != right:
            missing = "ontbreekt" if given is None else "is niet wat uit de andere rubrieken volgt"
            yield error(f"total-{rubriek}", f"{rubriek}.btw", f"Rubriek {rubriek} {missing}.")


def _amounts(root: etree._Element) -> list[etree._Element]:
    return [item for item in facts(root) if "unitRef" in item.attrib]


def _texts(root: etree._Element) -> dict[str, str]:
    """Return the header items; those inside a tuple (professional association, up to NT19) stay out."""
    return {
        _name(item): plain(item)
        for item in facts(root)
        if "unitRef" not in item.attrib and item.getparent() is root
    }


def _name(item: etree._Element) -> str:
    return etree.QName(item).localname


def _amounts_context(root: etree._Element) -> etree._Element:
    wanted = _amounts(root)[0].get("contextRef")
    return next(found for found in root.iterfind(f"{{{XBRLI}}}context") if found.get("id") == wanted)


def _period(context: etree._Element) -> tuple[date, date]:
    """Return first and last day; raises ValueError when they are no two plain dates."""
    period = context.find(f"{{{XBRLI}}}period")
    days = [] if period is None else [plain(day) for day in period.iterfind("{*}*")]
    names = [] if period is None else [_name(day) for day in period.iterfind("{*}*")]
    if names != ["startDate", "endDate"] or not all(_DAY.fullmatch(day) for day in days):
        raise ValueError("no two plain dates")
    return date.fromisoformat(days[0]), date.fromisoformat(days[1])
