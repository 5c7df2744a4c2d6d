"""What the doctor says."""

from collections.abc import Iterable, Sequence
from typing import Literal

from ...plan import Model

NAMED = 3
"""So many filings or documents with one trouble are named; the others are counted."""


class Finding(Model):
    """One thing that was looked at. `mend` says what to do unless it is good. No personal data."""

    state: Literal["good", "warning", "wrong"]
    subject: str
    text: str
    mend: str = ""


def good(subject: str, text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(state="good", subject=subject, text=text)


def warning(subject: str, text: str, mend: str) -> Finding:
    """Say what will become wrong, or is worth knowing."""
    return Finding(state="warning", subject=subject, text=text, mend=mend)


def wrong(subject: str, text: str, mend: str) -> Finding:
    """Say what is wrong, and how to mend it."""
    return Finding(state="wrong", subject=subject, text=text, mend=mend)


def summarize_names(names: Iterable[str], most: int = NAMED) -> str:
    """Return the first names in one text, without duplicates, and how many more there are."""
    once = list(dict.fromkeys(names))
    more = f" … and {len(once) - most} more" if len(once) > most else ""
    return ", ".join(once[:most]) + more


def likewise(others: Sequence[str]) -> str:
    """Return what is added to the finding of the first of several with one trouble."""
    return f"; likewise {summarize_names(others, NAMED - 1)}" if others else ""
