"""Two texts word by word: what goes and what comes instead, between what stays."""

import re
from collections.abc import Iterator
from typing import Literal

from ..data import ListLine
from .aligning import Stretch, align

SHORT = 3
"""Words that are shown before and after a change."""
FEW = 2
"""Changes that a sentence can show; more of them are counted, and shown below it."""
LONGEST = 240
"""Signs of a sentence that shows changes."""

_WORD = r"\{\{.*?\}\}|\{%.*?%\}|\S+?(?=\{\{|\{%|\s|$)|\S"
_WORDS = re.compile(rf"\s+|{_WORD}")
_SIGN_ALONE = re.compile(r"(?<=\}) (?=[.,;:!?](?: |$))")
_SAID = re.compile(_WORD)


class Piece(ListLine):
    """A stretch of a text: one that stays, goes or comes; `left_out` for what stays and is not shown."""

    kind: Literal["same", "gone", "new", "left_out"]
    text: str


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Return two texts as one, with what goes and what comes."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for is_same, a, b, c, d in align(old, new):
        if is_same:
            pieces.append(Piece(kind="same", text="".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece(kind="gone", text="".join(old[a:b])))
        if c < d:
            pieces.append(Piece(kind="new", text="".join(new[c:d])))
    return tuple(pieces)


def shorten(pieces: tuple[Piece, ...], words: int = 12) -> tuple[Piece, ...]:
    """Return the same with so many words before and after each change, and the rest left out."""
    return tuple(_shorten(pieces, words))


def _shorten(pieces: tuple[Piece, ...], words: int) -> Iterator[Piece]:
    for place, piece in enumerate(pieces):
        parts = _WORDS.findall(piece.text)
        most = words * 2  # a word and the white space beside it
        first, last = place == 0, place == len(pieces) - 1
        if piece.kind != "same" or len(parts) <= most * (1 if first or last else 2):
            yield piece
            continue
        if not first:
            yield Piece(kind="same", text="".join(parts[:most]))
        yield Piece(kind="left_out", text=" … ")
        if not last:
            yield Piece(kind="same", text="".join(parts[-most:]))


def say_words(before: str, after: str) -> str:
    """Return what changes in a text: 'says “3 dagen” instead of “5 dagen”'."""
    changes = list(_list_changes(before, after))
    if not changes:
        return "has other white space"
    said = ", and ".join(map(_say_change, changes))
    if len(changes) > FEW or len(said) > LONGEST:
        return f"changes in {len(changes)} place{'' if len(changes) == 1 else 's'}, shown word by word"
    return said


def _say_change(change: tuple[str, str, str, str]) -> str:
    lead, gone, new, follow = change
    if not gone.strip():
        return f"now also says “{new}”{f' after “{lead}”' if lead else ''}"
    if not new.strip():
        return f"no longer says “{gone}”{f' after “{lead}”' if lead else ''}"
    return f"says “{_with(lead, new, follow)}” instead of “{_with(lead, gone, follow)}”"


def _with(lead: str, text: str, follow: str) -> str:
    return _join([part for part in (lead, text, follow) if part])


def _list_changes(before: str, after: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield each change with the words before and after it; white space alone is none."""
    old, new = _SAID.findall(before), _SAID.findall(after)
    for is_same, a, b, c, d in _join_near(align(old, new)):
        if not is_same:
            yield (
                _join(old[max(0, a - SHORT) : a]),
                _join(old[a:b]),
                _join(new[c:d]),
                _join(old[b : b + SHORT]),
            )


def _join(words: list[str]) -> str:
    return _SIGN_ALONE.sub("", " ".join(words))


def _join_near(stretches: list[Stretch]) -> list[Stretch]:
    """Return changes of which one begins where another has hardly ended as one."""
    joined: list[Stretch] = []
    for place, one in enumerate(stretches):
        is_far = one.old_end - one.old > SHORT or place in (0, len(stretches) - 1)
        if joined and not joined[-1].is_same and not (one.is_same and is_far):
            joined[-1] = joined[-1]._replace(old_end=one.old_end, new_end=one.new_end)
        else:
            joined.append(one)
    return joined
