"""Signs that nobody sees in a text: they turn its direction, join or hide their neighbours, or steer
a terminal.

What people typed shows `�` for such a sign wherever it is read: on pages, in what commands answer, in mails.
Lines, tabs, the place where a word may break, the letters of a flag, and the joiners of emoji and of scripts
that need them stay. A field of a form holds what was typed. A name is refused with such a sign, or with `�`
(`office.exchange.cells`), and the name of a file loses it (`service.uploads`).
"""

import json
import re
import unicodedata

SHOWN = "\ufffd"
_BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and marks that are drawn as nothing."""
_UNSEEN = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)|["
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    r"\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"
    r"\ud800-\udfff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
    f"{_BLANKS}]"
    r"|(?<![\u0600-\U0010ffff])[\u200c\u200d]"  # a joiner beside Latin letters joins nothing
    r"|\r(?!\n)"
)

_UNHELD = re.compile(r"[\x00\ud800-\udfff]")
"""What no page can hold."""


def show_unseen(text: str) -> str:
    """Return a text with `�` for each sign that nobody would see."""
    return (
        text if text.isprintable() and text.isascii() else _UNSEEN.sub(lambda found: found[1] or SHOWN, text)
    )


def hold_as_typed(text: str) -> str:
    """Return a text as a field of a form holds it: as it was typed, but for what no page can hold."""
    return text if text.isascii() and "\0" not in text else _UNHELD.sub(SHOWN, text)


def escape_unseen(text: str) -> str:
    """Return a JSON text in which each sign that nobody would see is written as an escape."""
    return _UNSEEN.sub(lambda found: found[1] or json.dumps(found[0])[1:-1], text)


def is_unseen(sign: str) -> bool:
    """Say whether a sign cannot be seen on one line: a line's end too, each joiner, and the mark of one."""
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") or sign in _BLANKS or sign == SHOWN
