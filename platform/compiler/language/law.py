"""Law: dated statutory tables, each with its source."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from .base import Day, Definition, Line, Some, Whole, Words, in_range, match_pattern

BIC_PATTERN = "[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"


class EntryPointRow(Definition):
    """The XBRL entry point of one report (the file's name) in one year."""

    year: Annotated[Whole, in_range(2000, 2100)]
    """The year of the return."""
    nt: Annotated[str, match_pattern("nt[0-9]{2}", "a taxonomy version such as nt20")]
    """The version of the Dutch taxonomy, such as nt20."""
    namespace_date: Day
    """The date in its namespace addresses."""
    entry_point: Words
    """The address of the schema that an instance references."""
    namespace: Words
    """The namespace of its items."""
    source: Words
    """Where the row comes from."""
    confidence: Literal["H", "M", "L"]
    """H published, M in use elsewhere, L inferred."""


class AccountRow(Definition):
    """An account of the tax authority, valid from a date."""

    since: Day = Field(alias="from")
    """The first date on which payments go to it."""
    iban: Words
    """Its IBAN."""
    name: Line
    """Its holder."""
    bic: Annotated[
        str,
        match_pattern("[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", "a BIC of 8 or 11 characters such as INGBNL2A"),
    ]
    """The BIC of its bank."""


class RateRow(Definition):
    """The VAT rates in whole percentages, valid from a date."""

    since: Day = Field(alias="from")
    """The first date on which they apply."""
    general: Annotated[Whole, in_range(0, 100)]
    """The general rate."""
    reduced: Annotated[Whole, in_range(0, 100)]
    """The reduced rate."""


def _select_kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else {}
    if {"year", "entry_point", "nt", "namespace"} & set(keys):
        return "~entry_point"
    return "~account" if {"iban", "bic"} & set(keys) else "~rates"


Row = Annotated[
    Annotated[EntryPointRow, Tag("~entry_point")]
    | Annotated[AccountRow, Tag("~account")]
    | Annotated[RateRow, Tag("~rates")],
    Discriminator(_select_kind),
]


class Law(Definition):
    """A dated statutory table: entry points of a report, accounts of the tax authority, or VAT rates."""

    title: Line
    """What it holds."""
    source: Words
    """Where the table comes from."""
    rows: Some[Row]
    """Its rows: of one kind, and at most one per year or start date."""
