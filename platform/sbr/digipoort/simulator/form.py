"""What the taxonomy asks of a VAT return (FACTS 2.2 and 2.3), as far as it is known.

Written a second time on purpose, and without a line of the code that makes returns: a mistake there must show
in a practice office, as it would at Digipoort.
"""

import re
from collections.abc import Iterator

from lxml import etree

_XBRLI = "http://www.xbrl.org/2003/instance"
_XLINK = "http://www.w3.org/1999/xlink"
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
    amounts: dict[str, int] = {}
    for item in instance.iterchildren(f"{{{entry_point[1]}/dictionary/bd-data}}*"):
        name, text = etree.QName(item).localname, (item.text or "").strip()
        form = _TEXTS.get(name) or _AMOUNTS.get(name)
        if form is None:
            yield f"Het gegeven {name} is onbekend."
        elif not form.fullmatch(text):
            yield f"Het gegeven {name} heeft niet de voorgeschreven vorm."
        elif name in _AMOUNTS:
            amounts[name] = int(text)
            if item.get("decimals") != "INF" or item.get("unitRef") is None:
                yield f"Het gegeven {name} heeft niet de voorgeschreven vorm."
    yield from _find_missing(instance, amounts)


def _find_missing(instance: etree._Element, amounts: dict[str, int]) -> Iterator[str]:
    needed = ("MessageReferenceSupplierVAT", "DateTimeCreation", "SoftwareVendorAccountNumber")
    for name in needed:
        if instance.find(f"{{*}}{name}") is None:
            yield f"Het gegeven {name} ontbreekt."
    owed = sum(amounts.get(name, 0) for name in _OWED_ON)
    if amounts.get(_OWED) != owed or amounts.get(_TOTAL) != owed - amounts.get(_INPUT, 0):
        yield "De totalen volgen niet uit de rubrieken."
