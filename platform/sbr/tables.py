"""Dated tables of law that SBR needs: entry points, the tax office's account, VAT rates.

The tables are definitions of the office (`definitions/law/`), which the compiler reads and checks; the
functions here take its rows, and ask for them by shape (protocols).
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class TableError(ValueError):
    """A table has no row for what was asked; the message says which."""


class EntryPoint(Protocol):
    """What a return of one year is made with: the schema it refers to and the namespace of its items."""

    @property
    def year(self) -> int:
        """Return the year of the return."""

    @property
    def entry_point(self) -> str:
        """Return the address of the schema that the instance refers to."""

    @property
    def namespace(self) -> str:
        """Return the namespace of the items (bd-i)."""


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


def entry_point_for(rows: Iterable[EntryPointT], year: int) -> EntryPointT:
    """Return the row of the year of the return (not of filing); raises TableError when there is none."""
    row = next((row for row in rows if row.year == year), None)
    if row is None:
        raise TableError(f"no entry point is known for returns over {year}: add its row to the table")
    return row


def account_on(rows: Iterable[AccountT], day: date) -> AccountT:
    """Return the account to pay to on `day`; raises TableError when the table begins later."""
    known = [row for row in rows if row.since <= day]
    if not known:
        raise TableError(f"no account of the Belastingdienst is known on {day}")
    return max(known, key=lambda row: row.since)


def rates_on(rows: Iterable[RatesT], day: date) -> RatesT:
    """Return the VAT rates on `day`; raises TableError when the table begins later."""
    known = [row for row in rows if row.since <= day]
    if not known:
        raise TableError(f"no VAT rates are known on {day}")
    return max(known, key=lambda row: row.since)
