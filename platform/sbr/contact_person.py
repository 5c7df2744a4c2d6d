"""The contact person of an instance: a colleague's name and number in the form that the taxonomy allows.

An instance holds Latin-1 letters only (FR-NL-1.02), initials, prefix and surname apart, and a number of
digits (FACTS 2.2). People write their name as it is: what becomes of it is shown to them.
"""

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile

from anyascii import anyascii

from .findings import Finding, warning

ALLOWED_TEXT = re.compile("[\\u0020-\\u007e\\u00a0-\\u00ff\\u20a0-\\u20cf]*")
"""FR-NL-1.02: Basic Latin and Latin-1 without control characters, and currency signs."""

_BEFORE = ("prof", "em", "dr", "drs", "ir", "ing", "mr", "bc", "mw", "dhr", "mevr", "mevrouw")
_AFTER = ("RA", "AA", "RB", "MA", "BA", "MSc", "BSc", "LLM", "LLB", "MBA", "PhD")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+(?:[^\W\d_]\.?)?")
_NUMBER = re.compile(r"(?:\(0[0-9]+\))?\+?[0-9 .\-/]*")
_DIALLED = re.compile(r"0[0-9]{2,9}|\+31[0-9]{2,9}|\+(?!31)[0-9]{3,13}|00[0-9]{3,12}")


def write_permitted(text: str) -> str:
    """Return a text in the characters that an instance may hold: Şahin is Sahin, a typographic ’ is '."""
    return "".join(sign if ALLOWED_TEXT.fullmatch(sign) else anyascii(sign) for sign in text)


def remark_name(name: str) -> Iterator[Finding]:
    """Yield how a name is written in an instance, where that differs from how its bearer writes it."""
    written = write_permitted(name)
    if written != name:
        text = f"De naam {name} staat in de aangifte als {written}: andere letters zijn daar niet toegestaan."
        yield warning("contact-name", "ContactSurname", text)


def split_name(name: str) -> tuple[str, str | None, str]:
    """Return a name as an instance takes it: initials without full stops, prefix, surname.

    Titles before and after it are left out: 'Prof. dr. A.B.C. van der Meer RA' is ABC, van der, Meer.
    """
    words = _without_titles(name.replace(",", " ").split())
    if not words:
        return "", None, ""
    initials = list(takewhile(_is_initials, words[:-1])) or words[:-1][:1]
    rest = words[len(initials) :]
    small = list(takewhile(lambda word: word[0] in "'’" or word[0].islower(), rest[:-1]))
    letters = "".join(_read_initials(word) for word in initials or words[:1])
    return letters, " ".join(small) or None, " ".join(rest[len(small) :])


def read_phone(phone: str) -> str | None:
    """Return a telephone number as an instance takes it: digits, after a plus where it begins with one.

    What follows the number ('na 9 uur') is left out. None where there is no number that can be dialled.
    """
    found = _NUMBER.match(phone.strip().replace("(0)", ""))  # the zero is not dialled from abroad
    digits = "".join(sign for sign in found[0] if sign in "+0123456789") if found else ""
    return digits if _DIALLED.fullmatch(digits) else None


def _without_titles(words: list[str]) -> list[str]:
    kept = list(dropwhile(lambda word: word.lower().rstrip(".") in _BEFORE, words))
    while len(kept) > 1 and kept[-1] in _AFTER:
        kept.pop()
    return kept or words


def _is_initials(word: str) -> bool:
    return _INITIALS.fullmatch(word) is not None


def _read_initials(word: str) -> str:
    return "".join(sign for sign in word if sign != ".").upper() if _is_initials(word) else word[:1].upper()
