"""Legal forms (rechtsvormen): what an office may write, and whether it is a natural person."""

import difflib
import re
import unicodedata
from enum import StrEnum

from ..words import LEGAL_FORM_WORDS


class LegalForm(StrEnum):
    """The legal forms of relations; the value is what is stored (DOMAIN 5.1)."""

    NATUURLIJK_PERSOON = "natuurlijk_persoon"
    EENMANSZAAK = "eenmanszaak"
    MAATSCHAP = "maatschap"
    VOF = "vof"
    CV = "cv"
    REDERIJ = "rederij"
    BV = "bv"
    NV = "nv"
    COOPERATIE = "cooperatie"
    OWM = "owm"
    STICHTING = "stichting"
    VERENIGING = "vereniging"
    VVE = "vve"
    KERKGENOOTSCHAP = "kerkgenootschap"
    PUBLIEKRECHTELIJK = "publiekrechtelijk"
    BUITENLANDS = "buitenlands"

    @property
    def natural_person(self) -> bool:
        """Say whether the tax number of this form is a BSN; every other form has an RSIN."""
        return self in (LegalForm.NATUURLIJK_PERSOON, LegalForm.EENMANSZAAK)

    @property
    def label(self) -> str:
        """Return the name for people, in Dutch."""
        return LEGAL_FORM_WORDS[self]


# The trade register's short codes (FACTS 4) and words of daily use that are neither value nor label.
_ALIASES = {
    "ma": LegalForm.MAATSCHAP,
    "red": LegalForm.REDERIJ,
    "cop": LegalForm.COOPERATIE,
    "kg": LegalForm.KERKGENOOTSCHAP,
    "st": LegalForm.STICHTING,
    "ver": LegalForm.VERENIGING,
    "pr": LegalForm.PUBLIEKRECHTELIJK,
    "zzp": LegalForm.EENMANSZAAK,
    "particulier": LegalForm.NATUURLIJK_PERSOON,
    "besloten vennootschap met beperkte aansprakelijkheid": LegalForm.BV,
    "onderlinge waarborg maatschappij": LegalForm.OWM,
}


def find_legal_form(written: str) -> LegalForm | None:
    """Return the form that somebody wrote ('B.V.', 'Coöperatie', 'VOF'), or None when it is none."""
    return _BY_NAME.get(_fold(written))


def suggest_form(written: str) -> LegalForm | None:
    """Return the form that somebody may have meant who wrote something that is none, or None."""
    close = difflib.get_close_matches(_fold(written), _BY_NAME, n=1, cutoff=0.7)
    return _BY_NAME[close[0]] if close else None


def _fold(written: str) -> str:
    letters = unicodedata.normalize("NFKD", written.casefold())
    return re.sub(r"[^a-z]", "", letters)


_BY_NAME = (
    {_fold(form): form for form in LegalForm}
    | {_fold(label): LegalForm(form) for form, label in LEGAL_FORM_WORDS.items()}
    | {_fold(alias): form for alias, form in _ALIASES.items()}
)
