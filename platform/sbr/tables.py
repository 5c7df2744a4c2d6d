"""Dated tables of law that SBR needs: entry points, the tax office's account, VAT rates.

The tables are definitions of the office (`definitions/law/`), so the functions here take rows. Rows are
asked for by shape (protocols): those that the compiler put in the office's plan do as well.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Generic, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from stdnum import iban as iban_rule


class TableError(ValueError):
    """A table cannot be read, or has no row for what was asked; the message says which."""


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


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    key: ClassVar[str]
    """The field that no two rows of a table share."""


class _DatedRow(_Row):
    key = "since"

    since: date = Field(alias="from")


class EntryPointRow(_Row):
    """The entry point of one year's return; confidence L is inferred, not yet seen published (FACTS 2.1)."""

    key = "year"

    year: int
    nt: str = Field(pattern=r"^nt[0-9]{2}$")
    namespace_date: date
    entry_point: str = Field(pattern=r"^http://www\.nltaxonomie\.nl/.+\.xsd$")
    namespace: str = Field(pattern=r"^http://www\.nltaxonomie\.nl/.+$")
    source: str
    confidence: Literal["H", "M", "L"]

    @property
    def confirmed(self) -> bool:
        """Say whether the entry point was seen published; an inferred one is for practice only."""
        return self.confidence != "L"

    @model_validator(mode="after")
    def _version_and_date_agree(self) -> Self:
        part = f"/{self.nt}/bd/{self.namespace_date:%Y%m%d}/"
        if part not in self.entry_point or part not in self.namespace:
            raise ValueError(f"entry_point and namespace must hold {part}")
        return self


class AccountRow(_DatedRow):
    """One account of the Belastingdienst and the first day on which to pay to it (DOMAIN 3.9)."""

    iban: str
    name: str
    bic: str = Field(pattern=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")

    @field_validator("iban")
    @classmethod
    def _iban_checks(cls, value: str) -> str:
        if not iban_rule.is_valid(value):
            raise ValueError("the check digits of this IBAN are wrong")
        return value


class RateRow(_DatedRow):
    """The VAT rates in whole percents and the first day on which they hold (DOMAIN 4.3)."""

    general: int = Field(ge=0, le=100)
    reduced: int = Field(ge=0, le=100)


RowT = TypeVar("RowT", bound=_Row)
EntryPointT = TypeVar("EntryPointT", bound=EntryPoint)
AccountT = TypeVar("AccountT", bound=Account)
RatesT = TypeVar("RatesT", bound=Rates)


class LawTable(BaseModel, Generic[RowT]):
    """A dated table of law: what it is, where it was read, and its rows, no two of one key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    source: str
    rows: tuple[RowT, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        keys = [getattr(row, row.key) for row in self.rows]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise ValueError(f"two rows for {twice}")
        return self


def load_table(text: str, row: type[RowT]) -> LawTable[RowT]:
    """Read a table of `row`s from YAML; raises TableError with the place and reason of the first mistake."""
    try:
        data = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError) as mistake:
        raise TableError(f"the table is no YAML: {mistake}") from None
    try:
        return LawTable[row].model_validate(data)  # type: ignore[valid-type]
    except ValidationError as mistake:
        first = mistake.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "table"
        raise TableError(f"{place}: {first['msg']}") from None


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
