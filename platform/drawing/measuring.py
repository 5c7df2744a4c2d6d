"""How wide a text is at most, and its lines; the fonts of a reader's browser are not known here.

Each sign is as wide as in the wider of Arial and DejaVu Sans, which browsers fall back on where they lack the
fonts that a picture names: a line that fits by them fits in the other sans serif fonts of systems too.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_PLAIN: dict[int, str] = {
    28: "'ijl",
    30: "I",
    32: ",.‘’·",
    34: "/:;\\|",
    36: "f",
    37: "-",
    40: "()[]t",
    41: "!",
    42: "r",
    46: '"',
    50: "*J`°",
    52: "“”",
    53: "sz",
    55: "c",
    56: "?L_–§",
    58: "k",
    59: "•",
    60: "vxy",
    62: "FTaeo",
    64: "$0123456789bdghnpqu{}€",
    67: "EKPSY",
    69: "ABVXZ",
    73: "CR",
    74: "U",
    75: "N",
    76: "H",
    78: "&DG",
    79: "OQ",
    82: "w",
    84: "#+<=>^~×",
    87: "M",
    96: "%",
    98: "m",
    99: "W",
    100: "—…→",
    102: "@",
}
_BOLD: dict[int, str] = {
    31: "'",
    35: "ijl",
    37: "/\\|",
    38: ",.I‘’·",
    40: ":;",
    42: "-",
    44: "f",
    46: "!()[]",
    48: "t",
    50: "`r°",
    53: '"*',
    56: "J_–§",
    59: "z",
    60: "cs",
    62: "?",
    64: "L•",
    65: "x",
    66: "vy“”",
    67: "k",
    68: "ae",
    69: "EFTo",
    70: "$0123456789€",
    72: "bdghnpqu{}",
    73: "SYZ",
    74: "CP",
    77: "B",
    78: "AKRVX",
    82: "U",
    83: "G",
    84: "#+<=>DHN^~×",
    86: "OQ",
    88: "&",
    93: "w",
    100: "@M—…→",
    101: "%",
    105: "m",
    111: "W",
}
"""Hundredths of the font's size, and the signs that are so wide."""

_WIDE = 125
"""For signs of other writings: wider than a square."""


class Piece(NamedTuple):
    """A part of a text that is set in one way: its class in the picture, and whether it is bold."""

    text: str
    style: str
    bold: bool = False


@lru_cache(maxsize=2)
def _list_widths(*, bold: bool) -> dict[str, int]:
    table = _BOLD if bold else _PLAIN
    return {sign: width for width, signs in table.items() for sign in signs} | {" ": 35, "\u00a0": 35}


@lru_cache(maxsize=4096)
def _measure_sign(sign: str, *, bold: bool) -> int:
    widths = _list_widths(bold=bold)
    if sign in widths:
        return widths[sign]
    if unicodedata.combining(sign):
        return 0
    base = unicodedata.normalize("NFD", sign)[0]
    return widths.get(base, _WIDE)


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is at most, in the unit of the font's size."""
    return sum(_measure_sign(sign, bold=bold) for sign in text) * size / 100


def break_lines(pieces: Iterable[Piece], width: float, size: float) -> list[list[Piece]]:
    """Return pieces as lines that are not wider than `width`; a word that is wider is broken where it must.

    A line has at least one sign, however narrow it is asked to be.
    """
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for word in (word for piece in pieces for word in _split_words(piece, width, size)):
        needed = measure(word.text, size, bold=word.bold)
        space = measure(" ", size, bold=word.bold) if lines[-1] else 0.0
        if lines[-1] and used + space + needed > width:
            lines.append([])
            used = space = 0.0
        _add_word(lines[-1], word)
        used += space + needed
    return [line for line in lines if line]


def _split_words(piece: Piece, width: float, size: float) -> Iterable[Piece]:
    for word in re.split(r"[ \t\r\n]+", piece.text):
        rest = word
        while rest:
            count = len(rest)
            while count > 1 and measure(rest[:count], size, bold=piece.bold) > width:
                count -= 1
            yield piece._replace(text=rest[:count])
            rest = rest[count:]


def _add_word(line: list[Piece], word: Piece) -> None:
    """Put a word at the end of a line, in the piece before it where that is set alike."""
    if line and (line[-1].style, line[-1].bold) == (word.style, word.bold):
        line[-1] = word._replace(text=f"{line[-1].text} {word.text}")
    else:
        line.append(word._replace(text=f" {word.text}") if line else word)
