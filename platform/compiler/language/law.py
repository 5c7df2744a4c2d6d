"""Law: dated tables of law, each with its source."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from .base import Day, Definition, Line, Some, Whole, Words, shaped, whole


class EntryPointRow(Definition):
    """The XBRL entry point of one report (the file's name) in one year."""

    year: Annotated[Whole, whole(2000, 2100)]
    """The year of the return."""
    nt: Annotated[str, shaped("nt[0-9]{2}", "a version of the taxonomy is written as nt20")]
    """The version of the Dutch taxonomy, such as nt20."""
    namespace_date: Day
    """The date in its namespaces."""
    entry_point: Words
    """The address of the schema that an instance refers to."""
    namespace: Words
    """The namespace of its items."""
    source: Words
    """Where it was read."""
    confidence: Literal["H", "M", "L"]
    """H seen published, M in use elsewhere, L inferred."""


class AccountRow(Definition):
    """An account of the tax authority, from a day on."""

    since: Day = Field(alias="from")
    """The first day on which to pay to it."""
    iban: Words
    """The account."""
    name: Line
    """Its holder."""
    bic: Annotated[str, shaped("[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", "a BIC has 8 or 11 signs: INGBNL2A")]
    """The bank: its BIC."""


class RateRow(Definition):
    """The VAT rates in whole percents, from a day on."""

    since: Day = Field(alias="from")
    """The first day on which they hold."""
    general: Annotated[Whole, whole(0, 100)]
    """The general rate."""
    reduced: Annotated[Whole, whole(0, 100)]
    """The reduced rate."""


def _kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else {}
    if {"year", "entry_point", "nt", "namespace"} & set(keys):
        return "~entry_point"
    return "~account" if {"iban", "bic"} & set(keys) else "~rates"


Row = Annotated[
    Annotated[EntryPointRow, Tag("~entry_point")]
    | Annotated[AccountRow, Tag("~account")]
    | Annotated[RateRow, Tag("~rates")],
    Discriminator(_kind),
]


class Law(Definition):
    """A dated table of law: entry points of a report, accounts of the tax authority, or VAT rates."""

    title: Line
    """What it holds."""
    source: Words
    """Where it was read."""
    rows: Some[Row]
    """Its rows, of one kind, no two for the same year or day."""
