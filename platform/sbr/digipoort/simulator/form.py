"""What the taxonomy asks of a VAT return (FACTS 2.2 and 2.3), as far as it is known.

Written a second time on purpose, and without a line of the code that makes returns: a mistake there must show
in a practice office, as it would at Digipoort. It reads less than the product does: what only the bytes
tell (a byte order mark, CDATA, references to characters) it leaves.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime

from lxml import etree

_XBRLI = "http://www.xbrl.org/2003/instance"
_XLINK = "http://www.w3.org/1999/xlink"
_LINK = "http://www.xbrl.org/2003/linkbase"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_LETTERS = re.compile("[\u0020-\u007e\u00a0-\u00ff\u20a0-\u20cf]*")
_SCHEME = "www.belastingdienst.nl/omzetbelastingnummer"
_ENTRY_POINT = re.compile(
    r"(http://www\.nltaxonomie\.nl/nt\d\d/bd/\d{8})/entrypoints/bd-rpt-ob-aangifte-(\d{4})\.xsd"
)
_OWED_ON = (
    "ValueAddedTaxSuppliesServicesGeneralTariff",
    "ValueAddedTaxSuppliesServicesReducedTariff",
    "ValueAddedTaxSuppliesServicesOtherRates",
    "ValueAddedTaxPrivateUse",
    "ValueAddedTaxSuppliesServicesByWhichVATTaxationIsTransferred",
    "ValueAddedTaxOnSuppliesFromCountriesOutsideTheEC",
    "ValueAddedTaxOnSuppliesFromCountriesWithinTheEC",
)
_TURNOVER = (
    "TaxedTurnoverSuppliesServicesGeneralTariff",
    "TaxedTurnoverSuppliesServicesReducedTariff",
    "TaxedTurnoverSuppliesServicesOtherRates",
    "TaxedTurnoverPrivateUse",
    "SuppliesServicesNotTaxed",
    "TurnoverSuppliesServicesByWhichVATTaxationIsTransferred",
    "SuppliesToCountriesOutsideTheEC",
    "SuppliesToCountriesWithinTheEC",
    "InstallationDistanceSalesWithinTheEC",
    "TurnoverFromTaxedSuppliesFromCountriesOutsideTheEC",
    "TurnoverFromTaxedSuppliesFromCountriesWithinTheEC",
)
_OWED, _INPUT, _TOTAL = "ValueAddedTaxOwed", "ValueAddedTaxOnInput", "ValueAddedTaxOwedToBePaidBack"
_TEN, _NINE = re.compile(r"-?\d{1,10}"), re.compile(r"-?\d{1,9}")
_AMOUNTS = dict.fromkeys((*_TURNOVER, _OWED, _INPUT), _TEN) | dict.fromkeys((*_OWED_ON, _TOTAL), _NINE)
_TEXTS = {
    "ContactInitials": re.compile(".{1,10}"),
    "ContactPrefix": re.compile(".{1,10}"),
    "ContactSurname": re.compile(".{1,200}"),
    "ContactTelephoneNumber": re.compile(".{1,14}"),
    "ContactType": re.compile("BPL|INT"),
    "DateTimeCreation": re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d"),
    "MessageReferenceSupplierVAT": re.compile(".{1,20}"),
    "SoftwarePackageName": re.compile(".{1,30}"),
    "SoftwarePackageVersion": re.compile(".{1,20}"),
    "SoftwareVendorAccountNumber": re.compile(r"SWO\d{5}"),
    "TaxConsultantNumber": re.compile(r"\d{6}"),
}


def find_form_breaches(instance: etree._Element, year: int) -> Iterator[str]:
    """Yield in Dutch, without numbers, what a VAT return over `year` breaks of its form."""
    href = "".join(str(one.get(f"{{{_XLINK}}}href")) for one in instance.iter("{*}schemaRef"))
    entry_point = _ENTRY_POINT.fullmatch(href)
    if entry_point is None or int(entry_point[2]) != year:
        yield "De taxonomie is niet die van een aangifte omzetbelasting over dit jaar."
        return
    if {one.get("scheme") for one in instance.iter(f"{{{_XBRLI}}}identifier")} != {_SCHEME}:
        yield "De belastingplichtige is niet met een omzetbelastingnummer aangeduid."
    measures = ["".join(map(str, unit.itertext())).strip() for unit in instance.iter(f"{{{_XBRLI}}}unit")]
    if measures != ["iso4217:EUR"]:
        yield "De eenheid is niet de euro."
    if instance.get(_LANGUAGE) != "nl":
        yield "De taal van het bericht is niet Nederlands."
    yield from _find_context_breaches(instance)
    yield from _find_item_breaches(instance, f"{{{entry_point[1]}/dictionary/bd-data}}")


def _find_context_breaches(instance: etree._Element) -> Iterator[str]:
    """Yield what is wrong with whose the items are, and over when: one context, of two whole days."""
    contexts = [*instance.iter(f"{{{_XBRLI}}}context")]
    parts = [etree.QName(part).localname for context in contexts for part in context.iterdescendants("*")]
    if len(contexts) != 1 or parts != ["entity", "identifier", "period", "startDate", "endDate"]:
        yield "Het bericht heeft niet één belastingplichtige over één tijdvak."
        return
    try:
        first, last = (
            date.fromisoformat("".join(map(str, one.itertext())).strip())
            for name in ("startDate", "endDate")
            for one in contexts[0].iter(f"{{{_XBRLI}}}{name}")
        )
    except ValueError:
        yield "Het tijdvak van het bericht is niet te lezen."
        return
    if last < first:
        yield "Het tijdvak eindigt voordat het begint."


def _find_item_breaches(instance: etree._Element, data: str) -> Iterator[str]:
    """Yield which items are unknown, not of their form, or there twice; then what lacks and the totals."""
    amounts: dict[str, int] = {}
    units = {unit.get("id") for unit in instance.iter(f"{{{_XBRLI}}}unit")}
    contexts = {context.get("id") for context in instance.iter(f"{{{_XBRLI}}}context")}
    seen: set[str] = set()
    for item in instance.iterchildren("*"):
        name, text = etree.QName(item).localname, (item.text or "").strip()
        if item.tag in (f"{{{_LINK}}}schemaRef", f"{{{_XBRLI}}}context", f"{{{_XBRLI}}}unit"):
            continue
        form = _TEXTS.get(name) or _AMOUNTS.get(name)
        if form is None or item.tag != f"{data}{name}":
            yield f"Het gegeven {name} is onbekend."
            continue
        if name in seen:
            yield f"Het gegeven {name} staat er meer dan eens."
        seen.add(name)
        if not _is_formed(item, text, form, units) or item.get("contextRef") not in contexts:
            yield f"Het gegeven {name} heeft niet de voorgeschreven vorm."
        elif name in _AMOUNTS:
            amounts[name] = int(text)
    yield from _find_missing(instance, amounts)


def _is_formed(item: etree._Element, text: str, form: re.Pattern[str], units: set[str | None]) -> bool:
    """Say whether an item has its form: letters that are allowed, and a unit where it is an amount."""
    name = etree.QName(item).localname
    if not form.fullmatch(text) or not _LETTERS.fullmatch(text) or item.get(_NIL) is not None or len(item):
        return False
    if name == "DateTimeCreation" and not _is_moment(text):
        return False
    unit, decimals = item.get("unitRef"), item.get("decimals")
    if name in _AMOUNTS:
        return decimals == "INF" and unit in units
    return unit is None and decimals is None


def _is_moment(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y%m%d%H%M")
    except ValueError:
        return False
    return True


def _find_missing(instance: etree._Element, amounts: dict[str, int]) -> Iterator[str]:
    needed = ("MessageReferenceSupplierVAT", "DateTimeCreation", "SoftwareVendorAccountNumber")
    for name in needed:
        if instance.find(f"{{*}}{name}") is None:
            yield f"Het gegeven {name} ontbreekt."
    owed = sum(amounts.get(name, 0) for name in _OWED_ON)
    if amounts.get(_OWED) != owed or amounts.get(_TOTAL) != owed - amounts.get(_INPUT, 0):
        yield "De totalen volgen niet uit de rubrieken."
