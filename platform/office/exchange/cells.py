"""What a cell of an import file may hold: how it is read, how it is written, what is said when it is wrong.

What people typed is repeated in a complaint only where it cannot be personal data.
"""

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any, NamedTuple

from ...identifiers import normalize_number
from ...suggest import nearest
from ...typed import TypedError, read_day, read_period
from ..emails import comparable, valid_email


class CellError(ValueError):
    """A cell cannot be read; the message says in Dutch what is expected."""


class Kind(NamedTuple):
    """A kind of cell; an empty one is never given to `read`, and nothing (None) is written empty."""

    read: Callable[[str], Any]
    show: Callable[[Any], str] = str


_YES_NO = dict.fromkeys(("ja", "j", "yes", "true", "1", "waar"), True)
_YES_NO |= dict.fromkeys(("nee", "n", "no", "false", "0", "onwaar"), False)


def _matching(pattern: str, complaint: str, make: Callable[[str], Any] = str) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        if not re.fullmatch(pattern, cell):
            raise CellError(complaint)
        return make(cell)

    return read


def _yes_no(cell: str) -> bool:
    if cell.lower() not in _YES_NO:
        raise CellError("verwacht ja of nee")
    return _YES_NO[cell.lower()]


def _day(cell: str) -> date:
    try:
        return read_day(cell)
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
        raise CellError("verwacht een periode zoals 2026-01, 2026-Q1 of 2026") from None


def mask_typed(typed: str) -> str:
    """Return what somebody typed, on one line; '…' when it may be a number or address of a person."""
    if "@" in typed or re.search(r"\d{6}", normalize_number(typed)):
        return "…"
    return " ".join(typed.split())[:40]


def unknown(what: str, cell: str, known: Collection[str]) -> CellError:
    """Return the complaint about a word that is none of the known ones, with the nearest of them.

    `what` begins the sentence: 'onbekend product', 'onbekende rol'.
    """
    near = nearest(cell, known)
    expected = f"verwacht {', '.join(sorted(known))}" if known else "de definities bevatten er geen"
    hint = f"bedoelt u '{near}'?" if near else expected
    return CellError(f"{what} '{mask_typed(cell)}'; {hint}")


def one_of(what: str, known: Collection[str]) -> Kind:
    """Return the kind of a cell that holds one of the known words; `what` as `unknown` has it."""

    def read(cell: str) -> str:
        if cell not in known:
            raise unknown(what, cell, known)
        return cell

    return Kind(read)


def some_of(what: str, known: Collection[str] | None) -> Kind:
    """Return the kind of a cell that holds words with white space between them; None knows any word."""

    def read(cell: str) -> tuple[str, ...]:
        words = tuple(dict.fromkeys(cell.split()))
        wrong = [] if known is None else [unknown(what, word, known) for word in words if word not in known]
        if wrong:
            raise CellError(". Ook ".join(map(str, wrong)).replace("?. ", "? "))
        return words

    return Kind(read, " ".join)


TEXT = Kind(str)
ID = Kind(
    _matching(
        "[A-Za-z0-9][A-Za-z0-9._-]{0,39}",
        "verwacht hoogstens 40 letters, cijfers, punten en streepjes, zonder spaties",
    )
)
IDENTIFIER = Kind(normalize_number)
YES_NO = Kind(_yes_no, lambda value: "ja" if value else "nee")
DAY = Kind(_day, date.isoformat)
EMAIL = Kind(_email)
PERIOD = Kind(_period)
NUMBER = Kind(_matching("-?[0-9]{1,15}", "verwacht een geheel getal", int))
LANGUAGE = Kind(_matching("[A-Za-z]{2}", "verwacht een taal van twee letters, zoals nl of en", str.lower))
SUB_NUMBER = Kind(_matching("-|[A-Za-z][0-9]{2}", "verwacht een subnummer zoals B01 of L02", str.upper))
