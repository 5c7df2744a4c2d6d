"""Numbers (BSN, RSIN, OB number, btw-id, KvK, telephone): how they are read, stored and shown to people."""

import re

_SUFFIX = re.compile(r"(?:[BL][0-9]{2})?$")
_ROUNDED = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)
SHEET_NUMBER = re.compile(r"(\d+)[.,]00?")
"""A whole number as a spreadsheet writes it."""

_SEPARATORS = re.compile(r"[\s.\-]")
_NUMBER = re.compile(r"(?:\(0[0-9]+\))?\+?[0-9 .\-‐‑–/]*")
_DIALLED = re.compile(r"0[0-9]{2,9}|\+31[0-9]{2,9}|\+(?!31)[0-9]{3,13}|00[0-9]{3,12}")
# Of payment references (DOMAIN 3.8), from right to left over all digits but the check digit, repeating.
_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)


def normalize_number(number: str) -> str:
    """Return the number without spaces, dots and dashes and in capitals, as it should be stored."""
    return _SEPARATORS.sub("", number).upper()


def drop_decimals(number: str) -> str:
    """Return the whole number that a spreadsheet wrote as 1001.0 or 1001,00; anything else as it is."""
    found = SHEET_NUMBER.fullmatch(number)
    return found[1] if found else number


def is_rounded(number: str) -> bool:
    """Say whether a spreadsheet wrote a number so (6,12346E+08) that its last digits are lost."""
    return _ROUNDED.fullmatch(number.strip()) is not None


def read_phone(phone: str) -> str | None:
    """Return a telephone number as it is dialled: digits, after a plus where it begins with one.

    What follows the number ('na 9 uur') is left out. None where there is no number that can be dialled.
    """
    found = _NUMBER.match(phone.strip().replace("(0)", ""))  # the zero is not dialled from abroad
    digits = "".join(sign for sign in found[0] if sign in "+0123456789") if found else ""
    return digits if _DIALLED.fullmatch(digits) else None


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


def compute_check_digit(rest: str) -> str:
    """Return the check digit that stands before the `rest` of a payment reference, digits only."""
    total = sum(int(digit) * _WEIGHTS[place % 10] for place, digit in enumerate(reversed(rest)))
    remainder = total % 11
    return str(remainder if remainder < 2 else 11 - remainder)


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
