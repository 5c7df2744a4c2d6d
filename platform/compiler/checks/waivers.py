"""Waivers: one that lets a change pass a gate ends."""

from collections.abc import Iterator
from datetime import date

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example

_PATH = "review/office.yaml"


def _example(until: str) -> Example:
    return Example(
        "waivers:\n  - change: f7f4c756d1\n    reason: Tot de nieuwe collega er is\n    owner: B. de Vries\n"
        f"    since: 2026-12-01\n    until: {until}\n",
        _PATH,
        how="whole",
    )


LENGTH = Code(
    "K880",
    "waiver of more than a year",
    "A waiver lets a change pass for a while. It holds from `since` until `until`, a year at the most: then "
    "somebody looks again, or the office gives the part another class on purpose.",
    wrong=_example("2099-01-01"),
    right=_example("2027-03-01"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report waivers that end before they begin, or last for more than a year."""
    for _, file in sorted(definitions.review.items()):
        for waiver in file.model.waivers if file.model else ():
            if not waiver.sound:
                continue
            last = _add_year(waiver.since)
            if not waiver.since <= waiver.until <= last:
                how = "ends before it begins" if waiver.until < waiver.since else "lasts for more than a year"
                message = f"a waiver from {waiver.since} until {waiver.until} {how}"
                remedy = f"let it end on a day from {waiver.since} to {last}"
                yield LENGTH.at(waiver.place("until"), message, help=remedy)


def _add_year(day: date) -> date:
    """Return the same day a year later; of 29 February the 28th."""
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)
