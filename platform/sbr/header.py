"""The header of a VAT return: whose it is, over which period, who made it, with what software (FACTS 2.2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from .findings import Finding, error
from .numbers import check_ob_number

ContactType = Literal["INT", "BPL"]

# FR-NL-1.02: Basic Latin and Latin-1 without control characters, and currency signs.
ALLOWED_TEXT = re.compile("[\\u0020-\\u007e\\u00a0-\\u00ff\\u20a0-\\u20cf]*")
_MOST = {
    "ContactInitials": 10,
    "ContactPrefix": 10,
    "ContactSurname": 200,
    "ContactTelephoneNumber": 14,
    "MessageReferenceSupplierVAT": 20,
    "SoftwarePackageName": 30,
    "SoftwarePackageVersion": 20,
}
_FORMS = {
    "ContactType": re.compile("INT|BPL"),
    "DateTimeCreation": re.compile("[0-9]{12}"),
    "SoftwareVendorAccountNumber": re.compile("SWO[0-9]{5}"),
    "TaxConsultantNumber": re.compile("[0-9]{6}"),
}
_NAMES = {
    "ContactInitials": "De voorletters van de contactpersoon",
    "ContactPrefix": "Het voorvoegsel van de contactpersoon",
    "ContactSurname": "De achternaam van de contactpersoon",
    "ContactTelephoneNumber": "Het telefoonnummer van de contactpersoon",
    "ContactType": "De soort contactpersoon",
    "DateTimeCreation": "Het tijdstip van aanmaken",
    "MessageReferenceSupplierVAT": "Het kenmerk van het bericht",
    "SoftwarePackageName": "De naam van de software",
    "SoftwarePackageVersion": "De versie van de software",
    "SoftwareVendorAccountNumber": "Het nummer van de softwareleverancier",
    "TaxConsultantNumber": "Het beconnummer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceHeader:
    """Everything in a VAT return besides its amounts.

    `start` and `end` are the first and last day of the period; `created` is office time (naive, seconds are
    dropped). `contact_type` is INT when the office files and BPL when the taxpayer does; with INT the
    `consultant_number` (beconnummer, six digits) is needed. `reference` is ours, at most twenty characters.
    """

    ob_number: str = field(repr=False)
    start: date
    end: date
    reference: str
    created: datetime
    contact_initials: str
    contact_surname: str
    contact_telephone: str
    software_name: str
    software_version: str
    vendor_number: str
    contact_prefix: str | None = None
    contact_type: ContactType = "INT"
    consultant_number: str | None = None

    def items(self) -> tuple[tuple[str, str], ...]:
        """Return the header's XBRL items with their texts, by name; what is absent is left out."""
        given = {
            "ContactInitials": self.contact_initials,
            "ContactPrefix": self.contact_prefix,
            "ContactSurname": self.contact_surname,
            "ContactTelephoneNumber": self.contact_telephone,
            "ContactType": self.contact_type,
            "DateTimeCreation": f"{self.created:%Y%m%d%H%M}",
            "MessageReferenceSupplierVAT": self.reference,
            "SoftwarePackageName": self.software_name,
            "SoftwarePackageVersion": self.software_version,
            "SoftwareVendorAccountNumber": self.vendor_number,
            "TaxConsultantNumber": self.consultant_number,
        }
        return tuple((name, text.strip()) for name, text in given.items() if text is not None)


def check_header(header: InstanceHeader) -> list[Finding]:
    """Return every reason why no return can be made with this header."""
    found = check_ob_number(header.ob_number)
    if header.end < header.start:
        found.append(error("period-order", "period", "Het tijdvak eindigt voor het begint."))
    if header.contact_type == "INT" and not header.consultant_number:
        text = "Een kantoor dat indient, geeft zijn beconnummer op."
        found.append(error("header-missing", "TaxConsultantNumber", text))
    found += check_header_items(dict(header.items()))
    return found


def check_header_items(items: dict[str, str]) -> Iterator[Finding]:
    """Check the texts of header items, by the name of the item, against the taxonomy's limits."""
    for name, text in items.items():
        if name not in _NAMES:
            continue
        what = _NAMES[name]
        if not text.strip():
            yield error("header-empty", name, f"{what} is leeg.")
        elif len(text) > _MOST.get(name, len(text)):
            yield error("header-too-long", name, f"{what} mag hoogstens {_MOST[name]} tekens lang zijn.")
        elif name in _FORMS and not _FORMS[name].fullmatch(text):
            yield error("header-form", name, f"{what} heeft niet de vorm die de aangifte vraagt.")
        elif not ALLOWED_TEXT.fullmatch(text):
            text = f"{what} bevat een teken dat in de aangifte niet mag (alleen westerse letters)."
            yield error("header-characters", name, text)
