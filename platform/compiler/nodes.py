"""Nodes: the values of a YAML file with the position of every key and value (YAML 1.2, core schema)."""

import re
from dataclasses import dataclass, field

from .spans import Span

Value = str | int | float | bool | None

_NULL = {"", "~", "null", "Null", "NULL"}
_YES = {"true", "True", "TRUE"}
_NO = {"false", "False", "FALSE"}
SPECIAL = _NULL | _YES | _NO
"""Plain texts that are not text."""
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_BASED = re.compile(r"0(?:o[0-7]{1,20}|x[0-9a-fA-F]{1,15})")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class Grouped(float):
    """A number with groups of three digits after points, such as 1.000; to YAML those are decimals."""

    written: str


@dataclass(slots=True)
class Node:
    """A value of a YAML file: a mapping, a list or a scalar. An alias is the node it refers to."""

    span: Span
    value: "dict[str, Node] | list[Node] | Value"
    style: str = ""
    """'block' or 'flow' for mappings and lists; '|', '>', quotes or '' (plain) for scalars."""
    keys: dict[str, Span] = field(default_factory=dict)
    size: int = 1
    """The number of values in it, with aliases expanded."""
    unreadable: bool = False
    """Whether it is a text in braces that YAML read as a mapping; that has been reported."""

    def child(self, part: "str | int") -> "Node | None":
        """Return the value of a key or the item at an index, if there is one."""
        if isinstance(self.value, dict) and isinstance(part, str):
            return self.value.get(part)
        if isinstance(self.value, list) and isinstance(part, int) and part < len(self.value):
            return self.value[part]
        return None

    def place(self, *path: "str | int") -> Span:
        """Return the span of the value at `path`, or of its nearest ancestor that exists."""
        node = self
        for part in path:
            child = node.child(part)
            if child is None:
                break
            node = child
        return node.start

    @property
    def is_absent(self) -> bool:
        """Say whether the key has no value, not even a written null."""
        return self.value is None and self.span.column == self.span.end_column

    @property
    def start(self) -> Span:
        """Return the span to point at: a scalar on one line as a whole, else the first character."""
        span = self.span
        if span.end_line == span.line:
            return span
        return span.until(span.line, span.column + 1)


def scalar(text: str, style: str, span: Span) -> Node:
    """Return the node of a scalar: quoted and block scalars are text, plain ones are resolved."""
    return Node(span, text if style else resolve(text), style)


def resolve(text: str) -> Value:
    """Resolve a plain scalar by YAML 1.2. 'yes', 'no', dates and numbers of over 18 digits are text."""
    if text in _NULL:
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    if _WHOLE.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and not text.lstrip("+-").isdigit():
        return _read_float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.lower().replace(".", ""))
    return text


def _read_float(text: str) -> float:
    if not _GROUPED.fullmatch(text):
        return float(text)
    number = Grouped(text)
    number.written = text
    return number
