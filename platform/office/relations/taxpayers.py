"""Who files under which number: the authority knows a taxpayer by number, the office by relation (R63)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from ...identifiers import with_sub_number
from .relation import RelationProduct

NUMBERS = ("ob_number", "rsin", "bsn", "btw_id", "kvk")
"""Fields of a relation that a taxpayer is known by."""

NUMBER_WORDS = {
    "ob_number": "omzetbelastingnummer",
    "bsn": "BSN",
    "rsin": "RSIN",
    "btw_id": "btw-identificatienummer",
    "kvk": "KvK-nummer",
}
"""The Dutch word of each."""

IDENTITY_NUMBERS = {"ob_number": "OB-nummer", "rsin": "RSIN", "bsn": "BSN"}
"""Of those the numbers that are one taxpayer's alone, with their Dutch words."""

BSN_OR_RSIN = "bsn_or_rsin"
BASE_OF_OB_NUMBER = 9
"""Digits of an OB number before its suffix."""


class Numbered(Protocol):
    """A relation with its numbers."""

    @property
    def ob_number(self) -> str | None:
        """Return the OB number."""

    @property
    def rsin(self) -> str | None:
        """Return the RSIN, of an organisation."""

    @property
    def bsn(self) -> str | None:
        """Return the BSN, of a natural person."""

    @property
    def btw_id(self) -> str | None:
        """Return the btw-id."""

    @property
    def kvk(self) -> str | None:
        """Return the number in the trade register."""

    @property
    def natural_person(self) -> bool:
        """Say whether its tax number is a BSN."""


class Taker(NamedTuple):
    """A relation that has a number in common with another one, and what it takes."""

    number: str
    name: str
    works: bool
    """Whether filings start for it."""
    facts: Numbered
    products: Sequence[RelationProduct]


def identifying_need(needs: Iterable[str]) -> str | None:
    """Return which of a report's needs is the number that the authority knows a taxpayer by: the first."""
    return next((need for need in needs if need in (*NUMBERS, BSN_OR_RSIN)), None)


def field_of(relation: Numbered, need: str) -> str:
    """Return the field that a need asks of a relation: of a person or an organisation."""
    if need != BSN_OR_RSIN:
        return need
    return "bsn" if relation.natural_person else "rsin"


def taxpayer_of(relation: Numbered, need: str, sub_number: str) -> str | None:
    """Return the number under which the authority knows whose a return is, or None where it is missing.

    Under a sub-number such as B02 a relation files by its OB number with that suffix.
    """
    field = field_of(relation, need)
    number: str | None = getattr(relation, field)
    return with_sub_number(number, sub_number) if number and field == "ob_number" else number


def base_of(field: str, number: str) -> str:
    """Return what numbers have in common that may be one taxpayer's: an OB number without its suffix."""
    return number[:BASE_OF_OB_NUMBER] if field == "ob_number" else number


def group_by_number(takers: Iterable[Taker]) -> Mapping[tuple[str, str], Sequence[Taker]]:
    """Return by field and number those who share it; a number that one relation has alone is left out."""
    found: dict[tuple[str, str], list[Taker]] = {}
    for taker in takers:
        facts = taker.facts
        numbers = (facts.ob_number, facts.rsin, facts.bsn, facts.btw_id, facts.kvk)
        for field, number in zip(NUMBERS, numbers, strict=True):
            if number:
                found.setdefault((field, base_of(field, number)), []).append(taker)
    return {key: them for key, them in found.items() if len(them) > 1}
