"""The fields of the filter language: their names in Dutch and English, and what their values may be."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from ..suggest import ask_in_dutch, nearest
from ..typed import TypedError, read_day, read_period
from ..words import ADVICE_WORDS, FREQUENCY_WORDS, MISSING_WORDS, RELATION_STATUS_WORDS

About = Literal["relation", "product", "role", "filing", "lack"]
"""Of what a field says something. All terms about products hold of one product, those about filings of one
filing; what is lacking is worked out and not read."""

ANY, NOTHING, SOMEBODY, NOBODY, TODAY = "any", "none", "somebody", "nobody", "today"
"""Values beside those of the office: whatever is missing, no value, whoever has a role, the day itself."""

YES_WORDS = {"yes": "ja", "no": "nee"}
SWITCH_WORDS = {"yes": "aan", "no": "uit"}
_FREQUENCY_WORDS: dict[str, str] = dict(FREQUENCY_WORDS.items())
_ALIKE = {"on": "yes", "off": "no", "true": "yes", "false": "no", **{v: k for k, v in YES_WORDS.items()}}
_MISSING = {ANY: "iets", **MISSING_WORDS}
_ADVICE = {ANY: "iets", **ADVICE_WORDS}


class Field(NamedTuple):
    """A field: its id, which is its English name too, its Dutch name, and how a value is read.

    `words` are the Dutch words of values that are fixed, `said` tells in Dutch what the field is about. A
    `keyed` field is written with a key behind a point, of which it has an example; only days are `ordered`.
    """

    id: str
    dutch: str
    about: About
    read: Callable[[str], str]
    said: str
    words: Mapping[str, str] = {}
    keyed: str = ""
    ordered: bool = False
    free: bool = False
    """Whether somebody may type anything: also a number that no address bar may show."""


def fold(word: str) -> str:
    """Return a word without capitals, spaces, dots and hyphens, for comparing."""
    return "".join(sign for sign in word.casefold() if sign not in " _-.")


def _read_one_of(words: Mapping[str, str], *alike: Mapping[str, str]) -> Callable[[str], str]:
    """Return the reader of fixed values: by their id or by their Dutch word, however it is written."""
    known = {fold(name): value for names in alike for name, value in names.items()}
    known |= {fold(word): value for value, word in words.items()}
    known |= {fold(value): value for value in words}

    def read(text: str) -> str:
        found = known.get(fold(text))
        if found is None:
            choices = [word.replace(" ", "-") for word in words.values()]
            near = nearest(text, [*choices, *words])
            raise TypedError(ask_in_dutch(text, near) if near else f"Kies uit: {', '.join(choices)}.")
        return found

    return read


def _read_form(text: str) -> str:
    """Return a legal form as it is kept: bv for B.V., none for who has none."""
    plain = text.casefold().strip().replace(".", "").replace(" ", "_").replace("-", "_")
    return NOTHING if plain in ("geen", NOTHING) else plain


def _read_own(text: str) -> str:
    return NOTHING if text.casefold().strip() in ("geen", NOTHING) else text.strip()


def _read_holder(text: str) -> str:
    return {"niemand": NOBODY, "iemand": SOMEBODY}.get(text.casefold(), text)


def _read_period(text: str) -> str:
    return read_period(text).code


def _read_day(text: str) -> str:
    return TODAY if text.casefold() in ("vandaag", TODAY) else read_day(text).isoformat()


_SWITCH = _read_one_of(SWITCH_WORDS, _ALIKE)
_YES_NO = _read_one_of(YES_WORDS, _ALIKE, {word: value for value, word in SWITCH_WORDS.items()})
_LACK = {code.removeprefix("no_"): code for code in MISSING_WORDS}

WORD = Field(
    "word", "", "relation", str.strip, "een woord uit de naam of het begin van het nummer", free=True
)
"""A word without a field."""

FIELDS: tuple[Field, ...] = (
    Field("name", "naam", "relation", str.strip, "een woord uit de naam", free=True),
    Field("number", "nummer", "relation", str.strip, "het begin van het nummer", free=True),
    Field(
        "status",
        "status",
        "relation",
        _read_one_of(RELATION_STATUS_WORDS),
        "hoe de relatie ervoor staat",
        RELATION_STATUS_WORDS,
    ),
    Field("legal_form", "rechtsvorm", "relation", _read_form, "zoals bv, vof of geen", free=True),
    Field("group", "groep", "relation", _read_own, "de relatiegroep, of geen", free=True),
    Field("sbr", "sbr", "relation", _SWITCH, "indienen via SBR: aan of uit", SWITCH_WORDS),
    Field("ideal", "ideal", "relation", _SWITCH, "betalen met iDEAL: aan of uit", SWITCH_WORDS),
    Field("product", "product", "product", str.strip, "een product dat de relatie afneemt", free=True),
    Field(
        "frequency",
        "frequentie",
        "product",
        _read_one_of(_FREQUENCY_WORDS),
        "hoe vaak een product wordt afgenomen",
        _FREQUENCY_WORDS,
    ),
    Field(
        "own",
        "veld",
        "relation",
        _read_own,
        "een eigen veld van het kantoor",
        keyed="branche:horeca",
        free=True,
    ),
    Field("role", "rol", "role", _read_holder, "wie een rol heeft", keyed="accountant:jansen", free=True),
    Field("member", "medewerker", "role", _read_holder, "wie een rol heeft, welke ook", free=True),
    Field("running", "loopt", "filing", _YES_NO, "een opdracht die nog loopt: ja of nee", YES_WORDS),
    Field("template", "werkproces", "filing", str.strip, "het werkproces van een opdracht", free=True),
    Field("phase", "fase", "filing", str.strip, "de fase waarin een opdracht is", free=True),
    Field("period", "periode", "filing", _read_period, "de periode van een opdracht: 2026-01 of 2026-Q1"),
    Field("due", "uiterlijk", "filing", _read_day, "de termijn van een lopende opdracht", ordered=True),
    Field(
        "missing",
        "mist",
        "lack",
        _read_one_of(_MISSING, _LACK),
        "wat er ontbreekt om te starten; iets is wat dan ook",
        _MISSING,
    ),
    Field(
        "advice",
        "advies",
        "lack",
        _read_one_of(_ADVICE, _LACK),
        "wat is aangeraden en er niet is, of opvalt; het houdt geen start tegen",
        _ADVICE,
    ),
    Field("covered", "gedekt", "lack", _YES_NO, "elke periode heeft een opdracht: ja of nee", YES_WORDS),
)
_BY_NAME = {name: field for field in FIELDS for name in (field.id, field.dutch)}


def find_field(name: str) -> Field | None:
    """Return the field of this name, Dutch or English; its own id for a word by itself."""
    return WORD if name == WORD.id else _BY_NAME.get(name.casefold())


def say_near_field(name: str) -> str:
    """Return the sentence about a field that does not exist."""
    near = nearest(name.casefold(), _BY_NAME)
    names = ", ".join(field.dutch for field in FIELDS)
    return f"Het veld '{name}' bestaat niet. " + (ask_in_dutch(name, near) if near else f"Kies uit: {names}.")
