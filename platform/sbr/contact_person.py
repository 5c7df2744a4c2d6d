"""The contact person of an instance: a colleague's name and number in the form that the taxonomy allows.

An instance holds Latin-1 letters only (FR-NL-1.02), initials, prefix and surname apart (FACTS 2.2). People
write their name as it is: what becomes of it is shown to them.
"""

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile

from anyascii import anyascii

from .findings import Finding, warning

ALLOWED_TEXT = re.compile("[\\u0020-\\u007e\\u00a0-\\u00ff\\u20a0-\\u20cf]*")
"""FR-NL-1.02: Basic Latin and Latin-1 without control characters, and currency signs."""

_BEFORE = frozenset(
    ("prof", "em", "dr", "drs", "ir", "ing", "mr", "bc", "mw", "dhr", "mevr", "mevrouw", "jhr", "jkvr", "ds")
)
_AFTER = frozenset(
    (
        *("RA", "AA", "RB", "RE", "RC", "RO", "RV", "RT", "EMITA", "EMIA", "EMFC", "CIA", "CISA", "CPA"),
        *("ACCA", "FFP", "MFP", "MA", "BA", "MSc", "BSc", "LLM", "LLB", "MBA", "PhD", "Jr", "Sr"),
    )
)
_ANY_CASE = frozenset(title.lower() for title in _AFTER)
_PARTICLES = frozenset(("van", "von", "de", "den", "der", "du", "la", "le", "te", "ten", "ter", "op", "in"))
_INITIAL = r"(?:[^\W\d_]|Th|Chr?|Ph|IJ|Ij|Tj|Sj|Joh|Jac|Wm)"
"""What stands before a full stop: a letter, or the beginning of a given name as people shorten it."""

_INITIALS = re.compile(rf"(?:{_INITIAL}\.-?)+(?:[^\W\d_]\.?)?")


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

    Titles before and after it are left out: 'Prof.dr. A.B.C. van der Meer RA' is ABC, van der, Meer. Of
    several given names each has its initial, up to the prefix or else to the last word.
    """
    given, rest = _read_words(name)
    small = list(takewhile(_is_small, rest[:-1]))
    letters = "".join(_read_initials(word) for word in given or rest[:1])
    return letters, " ".join(small) or None, " ".join(rest[len(small) :])


def is_sure(name: str) -> bool:
    """Say whether a name can be read in one way: initials or one given name, a prefix in full, a surname."""
    given, rest = _read_words(name)
    names = [word for word in given if not _is_initials(word)]
    shortened = [word for word in (*names, *rest) if word.endswith(".")]
    capitals = [word for word in (*names, *rest) if word.isupper() and len(word) > 1]
    inside = dropwhile(_is_small, rest)
    return bool(given) and len(names) < 2 and not (shortened or capitals or any(map(_is_small, inside)))


def _read_words(name: str) -> tuple[list[str], list[str]]:
    """Return initials or given names, and prefix with surname; 'Meer, A.B. van der' has them behind.

    Titles are left out, and what is in brackets.
    """
    last, _, first = re.sub(r"\([^)]*\)", " ", name).partition(",")
    words = [*_drop_titles(first.replace(",", " ").split()), *_drop_titles(last.split())]
    words = words or name.replace(",", " ").split()[-1:]
    given = _count_given(words)
    return words[:given], words[given:]


def _count_given(words: list[str]) -> int:
    """Count the initials at the beginning, or else the given names: to a prefix, or to the last word."""
    capitals = bool(words) and words[0][0].isupper()  # after 'J.' is 'v.d.' a prefix
    initials = takewhile(lambda word: _is_initials(word) and word[0].isupper() == capitals, words[:-1])
    if count := len(list(initials)):
        return count
    names = takewhile(lambda word: not _is_small(word) and word.lower() not in _PARTICLES, words[1:-1])
    return 1 + len(list(names)) if len(words) > 1 else 0


def _drop_titles(words: list[str]) -> list[str]:
    kept = list(words)
    while kept and (rest := _drop_first_titles(kept[0])) != kept[0]:
        kept[:1] = [rest] if rest else []
    while kept and all(map(_is_title_after, re.split("[/&]", kept[-1]))):
        kept.pop()
    return kept


def _drop_first_titles(word: str) -> str:
    """Return what is written to titles without a space: 'Prof.dr.A.B.' is 'A.B.'."""
    parts = re.findall(r"[^.]*\.|[^.]+", word)
    return "".join(dropwhile(lambda part: part.lower().rstrip(".") in _BEFORE, parts))


def _is_title_after(word: str) -> bool:
    bare = word.replace(".", "")
    return bare in _AFTER or ((bare.isupper() or bare.islower()) and bare.lower() in _ANY_CASE)


def _is_small(word: str) -> bool:
    return word[0] in "'’" or word[0].islower()


def _is_initials(word: str) -> bool:
    return _INITIALS.fullmatch(word) is not None


def _read_initials(word: str) -> str:
    if not _is_initials(word):
        return word[:1].upper()
    letters = word.replace(".", "").replace("-", "")
    return letters.upper() if letters.islower() else letters
