"""What another machine says, made fit for our record, our log and people: short, one line, without numbers.

A fault may quote the message that it is about, and that holds a BSN and a client's figures; so what looks
like a number, an address or a reference does not pass. It costs nothing that helps: a fault is known by its
words.
"""

import re

MOST = 400
"""Characters; a fault of Digipoort takes 150 before it comes to the point (FACTS 1.4)."""

_HIDDEN = "…"
# A word that may be a number, a date or an id (four digits or more in it), or an address.
_TELLING = re.compile(r"\S*@\S*|\S*(?:\d\S*){4,}")
# Numbers that are written in pieces: 1234 56 789.
_PIECES = re.compile(r"\d+(?:[ .-]\d+)+")


def quote(text: str) -> str:
    """Return what was said without what may tell of whom; empty when nothing is left."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    hidden = _TELLING.sub(_HIDDEN, _PIECES.sub(_HIDDEN, printable))
    words = " ".join(hidden.split())
    return words if len(words) <= MOST else words[: MOST - 1] + _HIDDEN
