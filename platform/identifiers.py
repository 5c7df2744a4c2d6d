"""Identifying numbers (BSN, RSIN, OB number, btw-id, KvK): how they are stored, and how people see them."""

import re

_SUFFIX = re.compile(r"(?:[BL][0-9]{2})?$")


def normalize_number(number: str) -> str:
    """Return the number without spaces, dots and dashes and in capitals, as it should be stored."""
    return re.sub(r"[\s.\-]", "", number).upper()


def with_sub_number(number: str, sub_number: str) -> str:
    """Return an OB number with another suffix of its kind: 123456782B01 and B02 give 123456782B02.

    A taxpayer with several businesses files each under a suffix of its own; a sub-number of another kind, or
    none, leaves the number as it is.
    """
    suffix = _SUFFIX.search(number)
    if suffix and suffix.group() and sub_number[:1] == suffix.group()[0] and _SUFFIX.fullmatch(sub_number):
        return number[: suffix.start()] + sub_number
    return number


HIDDEN_NUMBERS = ("ob_number", "rsin", "bsn", "btw_id")
"""The numbers of a relation that are shown masked, wherever they are shown."""


def mask_number(number: str | None) -> str:
    """Return the number fit for people's eyes: only its last three digits and its suffix stand.

    '123456782B01' gives '******782B01'. What is too short to be a number is hidden whole; none is empty.
    """
    clean = normalize_number(number or "")
    country = "NL" if clean.startswith("NL") else ""
    rest = clean[len(country) :]
    suffix = _SUFFIX.search(rest)
    end = suffix.start() if suffix else len(rest)
    base = rest[:end]
    shown = base[-3:] if len(base) >= 8 else ""
    return f"{country}{'*' * (len(base) - len(shown))}{shown}{rest[end:]}"
