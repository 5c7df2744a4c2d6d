"""Signs that nobody sees: they turn the direction of a text, or join or part what is around them."""

import re
from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example


def _role_example(words: str) -> Example:
    return Example(f"title: Accountant\ndescription: {words}\n", "roles/accountant.yaml", "whole")


UNSEEN = Code(
    "K128",
    "sign that nobody sees",
    "The file has a sign that is not drawn, such as one that turns the direction of what follows: a reader "
    "sees other words than are written, or another order. Such signs come along when text is copied.",
    wrong=Example(
        "title: Accountant\ndescription: Boekt \u202enegas\u202c\n", "roles/accountant.yaml", "whole"
    ),
    right=Example("title: Accountant\ndescription: Boekt samen\n", "roles/accountant.yaml", "whole"),
    level="warning",
    last="file",
    remedy="remove the sign: type the words around it again",
)
_ASCII = bytes(range(128))
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]|(?<!^)\ufeff")


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report the first sign of each file that nobody sees."""
    for file in definitions.files():
        text = file.source.text
        found = _UNSEEN.search(text) if _UNSEEN.search(_list_strange(text)) else None
        if found:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - text.rfind("\n", 0, found.start())
            message = f"U+{ord(found[0]):04X} is in this line, and nobody sees it"
            yield UNSEEN.at(file.source.at(line, column), message)


def _list_strange(text: str) -> str:
    """Return the signs of a text that are not ASCII: few, and looked at much sooner."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
