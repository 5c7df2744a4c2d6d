"""Block scalars as they are in a file: which lines one takes, and how far these are indented."""

import re
from typing import NamedTuple

from ..nodes import Node

_HEADER = re.compile(r"[|>][+-]?(?P<digit>[1-9])?")


class Block(NamedTuple):
    """The lines of a block scalar below its header, by number from 1, and their indentation."""

    numbers: range
    indent: int
    is_explicit: bool
    """Whether the header says how far they are indented."""


def find_block(node: Node, column: int, lines: list[str]) -> Block:
    """Return the lines of a block scalar whose key or dash is in a column (from 1)."""
    first = node.span.line
    header = _HEADER.match(lines[first - 1], node.span.column - 1)
    digit = header["digit"] if header else None
    indent = column - 1 + int(digit) if digit else 0
    last = first
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        depth = len(line) - len(line.lstrip(" "))
        if depth == len(line) and (not indent or depth <= indent):
            continue  # empty; one of more spaces is text
        indent = indent or max(depth, column)
        if depth < indent:
            break
        last = number
    return Block(range(first + 1, last + 1), indent, digit is not None)
