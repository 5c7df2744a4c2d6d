"""What a cell of an import file may hold: how it is read, how it is written, what is said when it is wrong.

What people typed is repeated in a complaint only where it cannot be personal data.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from stdnum.nl import bsn

from ...emails import comparable, valid_email
from ...identifiers import SHEET_NUMBER, drop_decimals, is_rounded, normalize_number, read_phone
from ...suggest import nearest
from ...typed import TypedError, read_day, read_period
from ...unseen import is_unseen
from ...words import say_excess


class CellError(ValueError):
    """A cell cannot be read; the message says in Dutch what is expected."""


class Kind(NamedTuple):
    """A kind of cell; an empty one is never given to `read`, and nothing (None) is written empty.

    Where it holds words of the definitions, `unknown` says that one is not among them: 'onbekende rol'. `of`
    says what the office itself makes up: an id of a relation or a person, or a text.
    """

    read: Callable[[str], Any]
    show: Callable[[Any], str] = str
    unknown: str = ""
    of: Literal["", "relations", "people", "texts"] = ""
    nothing: str = "dit veld mag niet leeg zijn"
    """What is said where a cell must be filled in and is not."""


Held = Mapping[str, Collection[str]]
"""What the office holds of each kind that it makes up, as a file has it: that is never judged again."""
NOTHING: Held = {}

MOST = 200
"""So many characters a cell may have: names go into tables, subjects and an instance, which takes 200."""

_SHEET_ERROR = re.compile(r"#(N/[AB]|[A-Z]+[/!?]\S*)")
_GUARDED = re.compile(rf"'*([=+\-@].+|{_SHEET_ERROR.pattern}|{SHEET_NUMBER.pattern})")
"""What a spreadsheet would calculate, and what it would have written itself for something else."""
_SHEET_DAY = re.compile(r"(\S+)[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?|([2-6]\d{4})[.,]\d+")
"""A day with a time behind it, in signs or as a part of a day (45123,5)."""
_SHEET_EPOCH = date(1899, 12, 30)
_TOTAL = re.compile("(sub|eind)?tota+l(en)?", re.IGNORECASE)

_YES_NO = dict.fromkeys(("ja", "j", "yes", "true", "1", "waar"), True)
_YES_NO |= dict.fromkeys(("nee", "n", "no", "false", "0", "onwaar"), False)


def read_cell(kind: Kind, written: str, held: Held = NOTHING, *, numbers: bool = False) -> Any:
    """Read a cell that is not empty, as somebody's spreadsheet wrote it. Raises CellError.

    Surrounding white space is dropped, and the apostrophe with which an export guards a cell. An id 12.0 is
    12 where the office holds that, or where its column has `numbers` only; else it may be an id of its own.
    """
    cell = written.strip()
    guarded = cell.startswith("'") and _GUARDED.fullmatch(cell)
    cell = cell[1:] if guarded else cell
    if any(is_unseen(sign) for sign in cell):
        raise CellError("er staat een regeleinde of een onzichtbaar teken in dit veld; zet het op één regel")
    known = held.get(kind.of, ())
    if cell in known:
        return cell
    if len(cell) > MOST:
        raise CellError(f"dit is {say_excess(len(cell), MOST)}")
    if _SHEET_ERROR.fullmatch(cell) and not guarded:
        raise CellError("dit is een foutmelding van het rekenblad; vul in wat er moet staan")
    if kind.of in ("relations", "people") and not guarded:
        whole = drop_decimals(cell)
        if whole in known:
            return whole
        cell = whole if numbers or "," in cell else cell
    return kind.read(cell)


def has_numbers_only(cells: Iterable[str]) -> bool:
    """Say whether each cell of a column that is not empty is a whole number, as a spreadsheet has it."""
    return all(drop_decimals(cell.strip()).isdecimal() for cell in cells if cell.strip())


def write_cell(kind: Kind, value: Any) -> str:
    """Return a cell as a file has it, guarded with an apostrophe where a spreadsheet would change it.

    What is a text already, as days in the office's own fields are, stays as it is, but on one line.
    """
    shown = "" if value is None else value if isinstance(value, str) else kind.show(value)
    seen = put_on_one_line(shown)
    return f"'{seen}" if _GUARDED.fullmatch(seen) else seen


def put_on_one_line(text: str) -> str:
    """Return a text as an import takes it: without line breaks and what nobody sees."""
    if not any(map(is_unseen, text)):
        return text.strip()
    spaced = "".join("" if unicodedata.category(sign) == "Cf" else sign for sign in text)
    spaced = "".join(" " if is_unseen(sign) else sign for sign in spaced)
    return " ".join(spaced.split()) or "…"


def check_written(kind: Kind, cell: str, held: Held) -> None:
    """Raise CellError where an import would refuse a written cell, or take its word for another one's.

    That is never so of what the office itself makes up and holds.
    """
    again = write_cell(kind, read_cell(kind, cell, held))
    if kind.unknown and again != cell:
        raise CellError(f"{kind.unknown} '{cell}'; bij het inlezen zou het '{again}' worden")


def _matching(pattern: str, complaint: str, make: Callable[[str], Any] = str) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        if not re.fullmatch(pattern, cell):
            raise CellError(complaint)
        return make(cell)

    return read


def _id(cell: str) -> str:
    if _TOTAL.fullmatch(cell):
        raise CellError("dit lijkt een totaalregel; verwijder die regel")
    return str(_read_id(cell))


def can_be_bsn(id: str) -> bool:
    """Say whether an id is nine digits that pass the elfproef."""
    return bool(re.fullmatch("[0-9]{9}", id)) and bool(bsn.is_valid(id))


def _person(cell: str) -> str:
    if can_be_bsn(cell):
        raise CellError("dit kan een BSN zijn; geef mensen een eigen kenmerk, zoals c-017")
    return _id(cell)


def _identifier(cell: str) -> str:
    _refuse_rounded(cell)
    return normalize_number(drop_decimals(cell))


def _phone(cell: str) -> str:
    """Read a telephone number, which is kept as it was typed."""
    _refuse_rounded(cell)
    phone = " ".join(cell.split())
    if read_phone(phone) is None:
        expected = "vul één nummer in dat te bellen is, zoals 06-12345678, 020-1234567 of +32 2 123 45 67"
        raise CellError(f"dit is geen telefoonnummer; {expected}")
    return phone


def _refuse_rounded(cell: str) -> None:
    if is_rounded(cell):
        raise CellError("het rekenblad heeft dit nummer afgerond; maak de kolom op als tekst en vul het in")


def _yes_no(cell: str) -> bool:
    if cell.lower() not in _YES_NO:
        raise CellError("verwacht ja of nee")
    return _YES_NO[cell.lower()]


def _day(cell: str) -> date:
    """Read a day, also as a spreadsheet counts it (45658) or with a time, which is left out."""
    timed = _SHEET_DAY.fullmatch(cell)
    plain = drop_decimals((timed[1] or timed[2]) if timed else cell)
    if re.fullmatch("[2-6][0-9]{4}", plain):
        return _SHEET_EPOCH + timedelta(days=int(plain))
    try:
        return read_day(plain)
    except TypedError:
        raise CellError("verwacht een bestaande datum zoals 2026-01-31") from None


def _email(cell: str) -> str:
    if not valid_email(cell):
        raise CellError("dit is geen geldig e-mailadres")
    return comparable(cell)


def _period(cell: str) -> str:
    try:
        return read_period(cell).code
    except TypedError:
        expected = "2026-01, 2026-Q1 of 2026, een gebroken boekjaar als 2025-07..2026-06"
        raise CellError(f"verwacht een periode zoals {expected}") from None


def mask_typed(typed: str) -> str:
    """Return what somebody typed, on one line; '…' when it may be a number or address of a person."""
    if "@" in typed or re.search(r"\d{6}", normalize_number(typed)):
        return "…"
    return " ".join(typed.split())[:40]


def unknown(what: str, cell: str, known: Collection[str] | Mapping[str, str]) -> CellError:
    """Return the complaint about a word that is none of the known ones, with the nearest of them.

    `what` begins the sentence: 'onbekend product', 'onbekende rol'.
    """
    called = known.values() if isinstance(known, Mapping) else known
    near = nearest(cell, {*known, *called})
    expected = f"verwacht {', '.join(sorted(called))}" if known else "de definities bevatten er geen"
    hint = f"bedoelt u '{near}'?" if near else expected
    return CellError(f"{what} '{mask_typed(cell)}'; {hint}")


def one_of(what: str, known: Collection[str] | Mapping[str, str]) -> Kind:
    """Return the kind of a cell that holds one of the known words; `what` as `unknown` has it.

    What people call them, where `known` says that, is taken as well: 'maand' is month, and 'Actief' active.
    """
    words = _read_as(known)

    def read(cell: str) -> str:
        if cell.casefold() not in words:
            raise unknown(what, cell, known)
        return words[cell.casefold()]

    return Kind(read, unknown=what)


def some_of(what: str, known: Collection[str] | Mapping[str, str] | None) -> Kind:
    """Return the kind of a cell that holds words with white space or commas between them; None knows any."""
    words = _read_as(known or ())
    phrases = {said: word for said, word in words.items() if " " in said}

    def read(cell: str) -> tuple[str, ...]:
        for said, word in phrases.items():
            cell = re.sub(re.escape(said), word, cell, flags=re.IGNORECASE)
        typed = dict.fromkeys(word for word in re.split(r"[\s,;/+]+", cell) if word)
        if not typed:
            raise CellError("dit veld bevat alleen leestekens; laat het leeg of vul woorden in")
        if known is None:
            return tuple(typed)
        wrong = [unknown(what, word, known) for word in typed if word.casefold() not in words]
        if wrong:
            raise CellError(". Ook ".join(map(str, wrong)).replace("?. ", "? "))
        return tuple(dict.fromkeys(words[word.casefold()] for word in typed))

    return Kind(read, " ".join, what, nothing="kies er ten minste één")


def _read_as(known: Collection[str] | Mapping[str, str]) -> dict[str, str]:
    """Return the known word by each way of writing it, in small letters."""
    called = known.items() if isinstance(known, Mapping) else ()
    return {said.casefold(): word for word, said in called} | {word.casefold(): word for word in known}


_read_id = _matching(
    "[A-Za-z0-9][A-Za-z0-9._-]{0,39}",
    "verwacht hoogstens 40 letters, cijfers, punten en streepjes, zonder spaties",
)
_read_number = _matching("-?[0-9]{1,15}", "verwacht een geheel getal", int)
TEXT = Kind(lambda cell: " ".join(cell.split()), of="texts")
ID = Kind(_id, of="relations")
PERSON = Kind(_person, of="people")
IDENTIFIER = Kind(_identifier)
YES_NO = Kind(_yes_no, lambda value: "ja" if value else "nee")
DAY = Kind(_day, date.isoformat)
EMAIL = Kind(_email, of="texts")
PHONE = Kind(_phone, of="texts")
PERIOD = Kind(_period)
NUMBER = Kind(lambda cell: _read_number(drop_decimals(cell)))
LANGUAGE = Kind(_matching("[A-Za-z]{2}", "verwacht een taal van twee letters, zoals nl of en", str.lower))
SUB_NUMBER = Kind(_matching("-|[A-Za-z][0-9]{2}", "verwacht een subnummer zoals B01 of L02", str.upper))
