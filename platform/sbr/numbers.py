"""Checks of single numbers: BSN, RSIN, OB number, btw-id, KvK number, loonheffingennummer.

Sources: FACTS 4 and DOMAIN 3. A check returns findings and never raises; no text repeats the number, since
an OB number may hold a BSN. Numbers are judged as written: spaces and dots are taken out before, by
`normalize_number`.
"""

import re

from stdnum.iso7064 import mod_97_10
from stdnum.nl import bsn as elfproef

from .findings import Finding, error, warning

_NINE = re.compile(r"[0-9]{9}")
_OB = re.compile(r"[0-9]{9}B[0-9]{2}")
_BTW_ID = re.compile(r"NL[0-9]{9}B[0-9]{2}")
_PAYROLL = re.compile(r"[0-9]{9}L[0-9]{2}")
_KVK = re.compile(r"[0-9]{8}")
# DOMAIN 3.8: an RSIN begins with 00 or 80 to 89, other leading digits mean a BSN.
_RSIN_START = re.compile(r"00|8[0-9]")


def passes_elfproef(nine: str) -> bool:
    """Say whether nine digits pass the elfproef of BSN and RSIN; nine zeros do not."""
    # The shape first: the library pads short numbers, and 12345672 is not the number on the letter.
    return bool(_NINE.fullmatch(nine)) and bool(elfproef.is_valid(nine))


def check_bsn(number: str, field: str = "bsn") -> list[Finding]:
    """Check a BSN: nine digits, elfproef; a warning when its first digits are those of an RSIN."""
    found = _check_nine(number, "bsn", "Het BSN", field)
    if not found and _RSIN_START.match(number):
        found.append(
            warning(
                "bsn-looks-like-rsin", field, "Het BSN begint als een RSIN; staat het in het juiste veld?"
            )
        )
    return found


def check_rsin(number: str, field: str = "rsin") -> list[Finding]:
    """Check an RSIN: nine digits, elfproef; a warning when its first digits are those of a BSN."""
    found = _check_nine(number, "rsin", "Het RSIN", field)
    if not found and not _RSIN_START.match(number):
        found.append(
            warning(
                "rsin-looks-like-bsn", field, "Het RSIN begint als een BSN; staat het in het juiste veld?"
            )
        )
    return found


def check_ob_number(number: str, field: str = "ob_number") -> list[Finding]:
    """Check an OB number: nine digits that pass the elfproef, 'B', suffix 01 to 99, no country code.

    Never by the rule for the btw-id: that one accepts numbers that no return can be filed under (FACTS 4).
    """
    if not _OB.fullmatch(number):
        text = "Het OB-nummer moet bestaan uit negen cijfers, de letter B en twee cijfers"
        hint = " (zonder NL ervoor)." if number.startswith("NL") else "."
        return [error("ob-number-shape", field, text + hint)]
    if number.startswith("000"):
        return [error("ob-number-shape", field, "Het OB-nummer begint met 000; zo'n nummer bestaat niet.")]
    return _check_suffixed(number, "ob-number", "Het OB-nummer", field)


def check_payroll_number(number: str, field: str = "payroll_number") -> list[Finding]:
    """Check a loonheffingennummer: nine digits that pass the elfproef, 'L', suffix 01 to 99 (DOMAIN 3.5)."""
    if not _PAYROLL.fullmatch(number):
        text = "Het loonheffingennummer moet bestaan uit negen cijfers, de letter L en twee cijfers."
        return [error("payroll-number-shape", field, text)]
    return _check_suffixed(number, "payroll-number", "Het loonheffingennummer", field)


def check_btw_id(number: str, natural_person: bool | None = None, field: str = "btw_id") -> list[Finding]:
    """Check a btw-id; a natural person's by mod 97-10, a legal person's by the elfproef, either when unknown.

    The two families cannot be told apart by shape (DOMAIN 3.3).
    """
    if not _BTW_ID.fullmatch(number) or number[2:11] == "0" * 9:
        text = "Het btw-id moet bestaan uit NL, negen cijfers, de letter B en twee cijfers."
        return [error("btw-id-shape", field, text)]
    if number.endswith("B00"):
        return [error("btw-id-suffix", field, "Het btw-id eindigt op B00; het loopt van B01 tot en met B99.")]
    legal, natural = passes_elfproef(number[2:11]), bool(mod_97_10.is_valid(number))
    good = {True: natural, False: legal, None: legal or natural}[natural_person]
    if good:
        return []
    return [error("btw-id-check-digits", field, "De controlecijfers van het btw-id kloppen niet.")]


def check_kvk_number(number: str, field: str = "kvk_number") -> list[Finding]:
    """Check a KvK number: eight digits, not all zero; it has no check digit."""
    if _KVK.fullmatch(number) and number != "0" * 8:
        return []
    return [
        error("kvk-number-shape", field, "Het KvK-nummer moet bestaan uit acht cijfers (met voorloopnullen).")
    ]


def _check_nine(number: str, code: str, name: str, field: str) -> list[Finding]:
    if not _NINE.fullmatch(number):
        hint = " Een ouder nummer van acht cijfers krijgt een nul ervoor." if len(number) == 8 else ""
        return [error(f"{code}-shape", field, f"{name} moet uit negen cijfers bestaan.{hint}")]
    if not passes_elfproef(number):
        return [error(f"{code}-check-digit", field, f"{name} voldoet niet aan de elfproef.")]
    return []


def _check_suffixed(number: str, code: str, name: str, field: str) -> list[Finding]:
    found = []
    if not passes_elfproef(number[:9]):
        text = f"De negen cijfers van {name[0].lower()}{name[1:]} voldoen niet aan de elfproef."
        found.append(error(f"{code}-check-digit", field, text))
    if number.endswith("00"):
        letter = number[9]
        text = f"{name} eindigt op {letter}00; het loopt van {letter}01 tot en met {letter}99."
        found.append(error(f"{code}-suffix", field, text))
    return found
