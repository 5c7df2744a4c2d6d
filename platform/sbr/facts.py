"""What a report takes from the office besides figures: whose it is, over when, by whom, under which law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from ..period import Period
from .identity import Identity
from .tables import Account, EntryPoint, Rates


class Law(Protocol):
    """The office's dated tables of law; a report takes the rows that it needs."""

    @property
    def entry_points(self) -> Sequence[EntryPoint]:
        """Return the entry points of all reports and years."""

    @property
    def tax_accounts(self) -> Sequence[Account]:
        """Return the accounts of the Belastingdienst."""

    @property
    def vat_rates(self) -> Sequence[Rates]:
        """Return the VAT rates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who fills the role on whose behalf is sent (R13): the contact person in the instance.

    Without a surname the parts of the name are read from the whole of it.
    """

    name: str
    phone: str
    initials: str = ""
    prefix: str = ""
    surname: str = ""

    @property
    def written(self) -> str:
        """Return the name as its bearer writes what an instance has of it."""
        parts = (self.initials, self.prefix, self.surname)
        return " ".join(filter(None, parts)) if self.surname else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """What makes the instance; `vendor_number` is SWO and five digits, empty when the office has none."""

    name: str
    version: str
    vendor_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTerms:
    """What the template and the calendars say of paying (R24).

    `last_day` is the day on which money must have arrived, `transfer_by` the advised day of transfer; None
    when that has passed.
    """

    pay: Literal["now", "after_assessment", "nothing"]
    last_day: date
    transfer_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of one filing, the same for every report.

    `filing` is its id; `relation` and `office` are the names that the client knows. `created` is office time
    (naive). `stand_in` says that what is made goes to a simulator: an entry point that is only inferred does.
    """

    filing: str
    relation: str
    office: str
    identity: Identity
    period: Period
    sender: Sender
    software: Software
    consultant_number: str | None
    created: datetime
    terms: PaymentTerms
    law: Law
    stand_in: bool
