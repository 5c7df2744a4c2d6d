"""Dated tables of law that SBR needs: entry points, the tax office's account, VAT rates.

The tables are definitions of the office (`definitions/law/`), which the compiler reads and checks; the
functions here take its rows, and ask for them by shape (protocols).
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from ..period import in_words
from .findings import ReportError, error


class EntryPoint(Protocol):
    """What a report of one year is made with: the schema it refers to and the namespace of its items."""

    @property
    def report(self) -> str:
        """Return the id of the report."""

    @property
    def year(self) -> int:
        """Return the year of the return."""

    @property
    def entry_point(self) -> str:
        """Return the address of the schema that the instance refers to."""

    @property
    def namespace(self) -> str:
        """Return the namespace of the items (bd-i)."""

    @property
    def confirmed(self) -> bool:
        """Say whether the row was seen in a publication; False when it was inferred from other years."""


class Account(Protocol):
    """An account of the Belastingdienst, from the day `since` on."""

    @property
    def since(self) -> date:
        """Return the first day on which the row holds."""

    @property
    def iban(self) -> str:
        """Return the IBAN without spaces."""

    @property
    def name(self) -> str:
        """Return the account holder."""

    @property
    def bic(self) -> str:
        """Return the bank's BIC."""


class Rates(Protocol):
    """VAT rates in whole percents, from the day `since` on."""

    @property
    def since(self) -> date:
        """Return the first day on which the row holds."""

    @property
    def general(self) -> int:
        """Return the general rate."""

    @property
    def reduced(self) -> int:
        """Return the reduced rate."""


EntryPointT = TypeVar("EntryPointT", bound=EntryPoint)
AccountT = TypeVar("AccountT", bound=Account)
RatesT = TypeVar("RatesT", bound=Rates)


def entry_point_for(
    rows: Iterable[EntryPointT], report: str, year: int, *, inferred: bool = False
) -> EntryPointT:
    """Return the row of a report and year (of the return, not of filing).

    A row that is not confirmed counts only where `inferred` ones will do. Raises ReportError.
    """
    table = f"definitions/law/{report}.yaml"
    row = next((row for row in rows if (row.report, row.year) == (report, year)), None)
    if row is None:
        text = f"Voor aangiften over {year} is geen taxonomie bekend; vul {table} aan."
        raise ReportError(error("entry-point-unknown", "entry_point", text))
    if not (row.confirmed or inferred):
        text = (
            f"De taxonomie van {year} is afgeleid uit die van andere jaren en nog niet gecontroleerd; "
            f"controleer de regel in {table} en zet de confidence daar op H."
        )
        raise ReportError(error("entry-point-inferred", "entry_point", text))
    return row


def account_on(rows: Iterable[AccountT], day: date) -> AccountT:
    """Return the account to pay to on `day`; raises ReportError when the table begins later."""
    known = [row for row in rows if row.since <= day]
    if not known:
        text = (
            f"Er is geen rekening van de Belastingdienst bekend op {in_words(day)}; vul definitions/law aan."
        )
        raise ReportError(error("account-unknown", "account", text))
    return max(known, key=lambda row: row.since)


def rates_on(rows: Iterable[RatesT], day: date) -> RatesT | None:
    """Return the VAT rates on `day`, or None when the table begins later."""
    known = [row for row in rows if row.since <= day]
    return max(known, key=lambda row: row.since, default=None)
