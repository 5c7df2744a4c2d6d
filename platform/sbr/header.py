"""The header of an instance for the Belastingdienst: whose, over when, who made it, with what (FACTS 2.2)."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from ..identifiers import read_phone
from ..words import say_excess
from .contact_person import ALLOWED_TEXT, is_sure, remark_name, split_name, write_permitted
from .facts import Facts, Sender
from .findings import Finding, error, warning

ContactType = Literal["INT", "BPL"]

# Each report has an item of its own for our reference: MessageReferenceSupplierVAT, …ICP.
_REFERENCE = "MessageReferenceSupplier"
_PHONE = "ContactTelephoneNumber"
_MOST = {
    "ContactInitials": 10,
    "ContactPrefix": 10,
    "ContactSurname": 200,
    "ContactTelephoneNumber": 14,
    _REFERENCE: 20,
    "SoftwarePackageName": 30,
    "SoftwarePackageVersion": 20,
}
_FORMS = {
    "ContactType": re.compile("INT|BPL"),
    "DateTimeCreation": re.compile("[0-9]{12}"),
    "SoftwareVendorAccountNumber": re.compile("SWO[0-9]{5}"),
    "TaxConsultantNumber": re.compile("[0-9]{6}"),
}
_NEEDED = ("ContactType", "DateTimeCreation", "SoftwareVendorAccountNumber")
_NAMES = {
    "ContactInitials": "De voorletters van {}",
    "ContactPrefix": "Het voorvoegsel van {}",
    "ContactSurname": "De achternaam van {}",
    "ContactTelephoneNumber": "Het telefoonnummer van {}",
    "ContactType": "De soort contactpersoon",
    "DateTimeCreation": "Het tijdstip van aanmaken",
    _REFERENCE: "Het kenmerk van het bericht",
    "SoftwarePackageName": "De naam van de software",
    "SoftwarePackageVersion": "De versie van de software",
    "SoftwareVendorAccountNumber": "Het nummer van de softwareleverancier",
    "TaxConsultantNumber": "Het beconnummer",
}


_OF_MAKING = re.compile(
    rb"<(?P<item>(?:[\w.-]+:)?(?:DateTimeCreation|MessageReferenceSupplier\w*|SoftwarePackageVersion))\b[^>]*>"
    rb"[^<]*</(?P=item)>"
)
"""Header items that differ each time an instance is made: the moment, our reference, our version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceHeader:
    """Everything in an instance besides its amounts.

    `identifier` is the number under which the authority knows whose it is. `start` and `end` are the first
    and last day of the period; `created` is office time (naive, seconds are dropped). `contact_type` is INT
    when the office files and BPL when the taxpayer does; with INT the `consultant_number` (beconnummer, six
    digits) is needed. `reference` is ours, at most twenty characters, and goes into `reference_item`.
    """

    identifier: str = field(repr=False)
    start: date
    end: date
    reference: str
    reference_item: str
    created: datetime
    contact_initials: str
    contact_surname: str
    contact_telephone: str
    software_name: str
    software_version: str
    vendor_number: str
    contact_prefix: str | None = None
    contact_name: str = "de contactpersoon"
    """What sentences call the contact person; no item."""
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
            self.reference_item: self.reference,
            "SoftwarePackageName": self.software_name,
            "SoftwarePackageVersion": self.software_version,
            "SoftwareVendorAccountNumber": self.vendor_number,
            "TaxConsultantNumber": self.consultant_number,
        }
        return tuple((name, text.strip()) for name, text in given.items() if text is not None)


def make_header(
    facts: Facts, identifier: str, kind: str, reference_item: str, figures: bytes
) -> InstanceHeader:
    """Return the header of what the office files as intermediary, under its consultant number.

    The reference tells `kind` (two or three capitals) and period; its end differs with filing, moment and
    figures.
    """
    created = facts.created.replace(second=0, microsecond=0)
    seed = f"{facts.filing} {created.isoformat()} ".encode() + figures
    initials, prefix, surname = _split_sender(facts.sender)
    return InstanceHeader(
        identifier=identifier,
        start=facts.period.start,
        end=facts.period.end,
        reference=f"{kind}-{facts.period.code}-{hashlib.sha256(seed).hexdigest()[:6]}",
        reference_item=reference_item,
        created=created,
        contact_initials=initials,
        contact_prefix=prefix,
        contact_name=facts.sender.name,
        contact_surname=surname,
        contact_telephone=read_phone(facts.sender.phone) or facts.sender.phone,
        software_name=facts.software.name,
        software_version=facts.software.version,
        vendor_number=facts.software.vendor_number,
        consultant_number=facts.consultant_number,
    )


def hash_content(content: bytes) -> str:
    """Return the hash of an instance without what tells when and with what it was made.

    Two instances with one such hash say the same to the client, and to the authority.
    """
    return hashlib.sha256(_OF_MAKING.sub(b"", content)).hexdigest()


def check_sender(sender: Sender) -> list[Finding]:
    """Return every reason why no instance can have this contact person: weeks before one is made."""
    initials, prefix, surname = _split_sender(sender)
    items = {
        "ContactInitials": initials,
        "ContactSurname": surname,
        _PHONE: read_phone(sender.phone) or sender.phone,
    }
    return [*_check_made(items if prefix is None else items | {"ContactPrefix": prefix}, sender.name)]


def remark_sender(sender: Sender) -> Iterator[Finding]:
    """Yield what of a name differs in an instance from what its bearer writes, or may: to be confirmed.

    Who has the parts of their name apart has confirmed them.
    """
    yield from remark_name(sender.written)
    if sender.surname or is_sure(sender.name):
        return
    initials, prefix, surname = _split_sender(sender)
    between = f", tussenvoegsel {prefix}" if prefix else ""
    text = (
        f"De naam {sender.name} staat in de aangifte als voorletters {initials}{between}, achternaam "
        f"{surname}. Vul bij de medewerker voorletters, tussenvoegsel en achternaam in, dan staat dat vast."
    )
    yield warning("contact-parts", "ContactSurname", text)


def _split_sender(sender: Sender) -> tuple[str, str | None, str]:
    """Return initials, prefix and surname as an instance takes them."""
    initials, prefix, surname = split_name(write_permitted(sender.name))
    if sender.surname:
        prefix, surname = write_permitted(sender.prefix) or None, write_permitted(sender.surname)
        initials = write_permitted(sender.initials).replace(".", "").replace(" ", "") or initials
    return initials, prefix, surname


def check_header(header: InstanceHeader) -> list[Finding]:
    """Return every reason why no instance can be made with this header."""
    found = []
    if header.end < header.start:
        found.append(error("period-order", "period", "Het tijdvak eindigt voordat het begint."))
    if header.contact_type == "INT" and not header.consultant_number:
        text = "Het beconnummer ontbreekt; dat is verplicht als het kantoor indient."
        found.append(error("header-missing", "TaxConsultantNumber", text))
    found += _check_made(dict(header.items()), header.contact_name)
    return found


def _check_made(items: dict[str, str], contact: str) -> Iterator[Finding]:
    """Check items of our own making: of a telephone number that cannot be read the words are there."""
    if items[_PHONE].strip() and read_phone(items[_PHONE]) is None:
        text = f"Het telefoonnummer van {contact} is geen nummer dat te bellen is, zoals 06-12345678."
        yield error("header-phone", _PHONE, text)
        items = {name: text for name, text in items.items() if name != _PHONE}
    yield from check_header_items(items, contact)


def is_header_item(name: str, reference_item: str) -> bool:
    """Say whether an XBRL item is one of the header of a report whose own reference is `reference_item`."""
    return name == reference_item or (name in _NAMES and name != _REFERENCE)


def check_header_present(items: Mapping[str, str], reference_item: str) -> Iterator[Finding]:
    """Check that there is a header.

    Which items are mandatory is not published (FACTS 6); these say what an authority cannot do without: who
    made it, when, with what, under which reference.
    """
    for item in (*_NEEDED, reference_item):
        if item not in items:
            what = _NAMES[_REFERENCE if item == reference_item else item]
            yield error("header-missing", item, f"{what} ontbreekt.")


def _is_moment(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y%m%d%H%M")
    except ValueError:
        return False
    return True


def check_header_items(items: dict[str, str], contact: str = "de contactpersoon") -> Iterator[Finding]:
    """Check the texts of header items, by the name of the item, against the taxonomy's limits.

    `contact` is what the sentences call the contact person.
    """
    for item, text in items.items():
        name = _REFERENCE if item.startswith(_REFERENCE) else item
        if name not in _NAMES:
            continue
        what = _NAMES[name].format(contact)
        if not text.strip():
            yield error("header-empty", item, f"{what} is leeg.")
        elif len(text) > _MOST.get(name, len(text)):
            yield error("header-too-long", item, f"{what} is {say_excess(len(text), _MOST[name])}.")
        elif name in _FORMS and not (
            _FORMS[name].fullmatch(text) and (name != "DateTimeCreation" or _is_moment(text))
        ):
            yield error(
                "header-form", item, f"{what} heeft niet de vorm die voor de aangifte is voorgeschreven."
            )
        elif not ALLOWED_TEXT.fullmatch(text):
            text = f"{what} bevat een teken dat in de aangifte niet mag (alleen westerse letters)."
            yield error("header-characters", item, text)
