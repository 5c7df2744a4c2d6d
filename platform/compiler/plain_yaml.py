"""The plain part of YAML that nearly every definition is written in, read at once into plain data.

Keys of one word, block mappings and lists, texts on one line, flow collections on one line, and blocks of
text (`|`, `>`). It has no positions and reports nothing: whatever it does not know for certain, it leaves to
the real parser (`source`), which gives the same data (a test holds it to that) and positions with it. So a
correct file costs one regular expression a line.
"""

import re
from itertools import pairwise
from typing import Any

from .nodes import SPECIAL, resolve

MOST_CHARACTERS = 100_000
"""So that there are fewer values than `source` takes."""
LONGEST = 10_000
"""The longest line that `source` takes."""
DEEPEST = 30
"""Less than `source` takes."""
DEEPEST_FLOW = 5

_ASCII = bytes((ord("\n"), *range(ord(" "), ord("~") + 1)))
_STRANGE = re.compile("[^\xa1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff]")
"""Characters beside those that YAML treats in a way of its own."""
_CURLY = re.compile("[\u2018\u2019\u201a\u201c\u201d\u201e]")
_IN_CURLY = re.compile(rf"[-:,[{{] +{_CURLY.pattern}")
"""A text that begins with a curly quote, which may have been meant to quote it."""
_MEANT = re.compile(" #[^\\s#]")
"""A '#' that may have been meant as part of a text."""
_FIRST = r"(?:[A-Za-z0-9_(/.<\xa1-\ud7ff]|-(?=[0-9]))"
_LINE = re.compile(
    rf"""
    (?P<indent>\ *+)
    (?:
      (?P<dash>-\ +)? (?:(?P<key>[A-Za-z_][A-Za-z0-9_-]{{0,99}}):(?:\ +|(?=\n)))?
      (?:
        (?P<text>{_FIRST}(?:[^:#\n]++|:(?=[^\ \n])|(?<!\ )\#)*+)
        |(?P<flow>[\[{{][^#\n]*[\]}}])
        |(?P<block>[|>]-?)
        |'(?P<single>(?:[^'\n]|'')*)'
        |"(?P<double>[^"\\\n]*)"
      )?
    )?
    \ *+(?:(?<![^\ \n])\#[^\n]*+)?\n
    """,
    re.VERBOSE,
)
_TOKEN = re.compile(
    rf"""
    \ *(?:
      (?P<sign>[\[\]{{}},])
      |(?P<key>[A-Za-z_][A-Za-z0-9_-]{{0,99}}):[ ]
      |(?P<text>{_FIRST}[^:#?,\[\]{{}}\n]*+)
      |'(?P<single>(?:[^'\n]|'')*)'(?=\ *[,\]}}])
      |"(?P<double>[^"\\\n]*)"(?=\ *[,\]}}])
    )
    """,
    re.VERBOSE,
)


class _StrangeError(Exception):
    """The text has something that is not plain."""


def read_plain(text: str) -> dict[str, Any] | None:
    """Return the mapping that a file holds as plain data, or None where the real parser has to look."""
    if len(text) > MOST_CHARACTERS or not text.endswith("\n") or _MEANT.search(text):
        return None
    others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    signs = others.decode("utf-8", "surrogatepass")
    if signs and (_STRANGE.search(signs) or (_CURLY.search(signs) and _IN_CURLY.search(text))):
        return None
    if len(text) > LONGEST and max(map(len, text.split("\n"))) > LONGEST:
        return None
    try:
        return _read(text)
    except _StrangeError:
        return None


def _read(text: str) -> dict[str, Any]:
    top: dict[str, Any] = {}
    stack: list[tuple[int, Any]] = [(0, top)]
    waiting: tuple[int, dict[str, Any], str] | None = None  # the key whose value comes on the next lines
    match, at, end = _LINE.match, 0, len(text)
    while at < end:
        line = match(text, at)
        if line is None:
            raise _StrangeError
        at = line.end()
        indent, dash, key, plain, flow, block, single, double = line.groups()
        if line.lastindex == 1:
            continue  # empty, or a comment
        column = len(indent)
        if waiting:
            below, holder, name = waiting
            if column < below or (column == below and not dash) or len(stack) > DEEPEST:
                raise _StrangeError  # the key has no value, or too much is nested
            holder[name] = [] if dash else {}
            stack.append((column, holder[name]))
            waiting = None
        else:
            while stack[-1][0] > column or (
                stack[-1][0] == column and not dash and stack[-1][1].__class__ is list
            ):
                stack.pop()
        here, holder = stack[-1]
        if here != column or (holder.__class__ is list) != bool(dash):
            raise _StrangeError
        if plain is not None:
            value = _resolve(plain.rstrip(" "))
        elif flow is not None:
            value = _read_flow(flow)
        elif block is not None:
            value, at = _read_block(text, at, block, column + (len(dash) if dash and key else 0))
        elif single is not None:
            value = single.replace("''", "'")
        elif double is not None:
            value = double
        elif key is None:
            raise _StrangeError  # an item that begins on the next line
        else:
            value = waiting
        if dash:
            if key is None:
                holder.append(value)
                continue
            column += len(dash)
            holder.append({})
            holder = holder[-1]
            stack.append((column, holder))
        elif key is None:
            raise _StrangeError
        if key in holder or key in SPECIAL:
            raise _StrangeError
        if value is None and plain is None:
            waiting = (column, holder, key)
        else:
            holder[key] = value
    if waiting or not top:
        raise _StrangeError
    return top


def _resolve(text: str) -> Any:
    if text[0] in "-.0123456789" or text in SPECIAL:
        return resolve(text)
    return text


def _read_block(text: str, at: int, header: str, parent: int) -> tuple[str, int]:
    """Return a block of text and where it ends; its lines are indented more than `parent`."""
    lines: list[str] = []
    indent = 0
    while at < len(text):
        end = text.index("\n", at)
        line = text[at:end]
        if line:
            own = len(line) - len(line.lstrip(" "))
            if own == len(line):
                raise _StrangeError  # spaces alone
            if own <= parent:
                break
            indent = indent or own
            if own < indent or (header[0] == ">" and (own > indent or line[-1] == " ")):
                raise _StrangeError
        elif not lines:
            raise _StrangeError
        lines.append(line[indent:])
        at = end + 1
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise _StrangeError
    value = "\n".join(lines) if header[0] == "|" else _fold(lines)
    return (value if header.endswith("-") else f"{value}\n"), at


def _fold(lines: list[str]) -> str:
    """Return lines as `>` reads them: a line end is a space, and empty lines are line ends."""
    paragraphs = lines[0]
    for before, line in pairwise(lines):
        paragraphs += f" {line}" if before and line else line or "\n"
    return paragraphs


def _read_flow(text: str) -> Any:
    value, at = _read_flow_value(text, 0, 0)
    if at != len(text):
        raise _StrangeError
    return value


def _read_flow_value(text: str, at: int, depth: int) -> tuple[Any, int]:
    sign, key, plain, single, double, at = _next_token(text, at)
    if plain is not None:
        return _resolve(plain.rstrip(" ")), at
    if single is not None:
        return single.replace("''", "'"), at
    if double is not None:
        return double, at
    if key is not None or depth > DEEPEST_FLOW:
        raise _StrangeError
    if sign == "[":
        return _read_flow_list(text, at, depth + 1)
    if sign == "{":
        return _read_flow_mapping(text, at, depth + 1)
    raise _StrangeError


def _next_token(text: str, at: int) -> tuple[Any, Any, Any, Any, Any, int]:
    token = _TOKEN.match(text, at)
    if token is None:
        raise _StrangeError
    sign, key, plain, single, double = token.groups()
    return sign, key, plain, single, double, token.end()


def _read_flow_list(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    sign, *_, end = _next_token(text, at)
    while sign != "]":
        value, at = _read_flow_value(text, at, depth)
        items.append(value)
        sign, *_, end = _next_token(text, at)
        if sign not in (",", "]"):
            raise _StrangeError
        at = end
    return items, end


def _read_flow_mapping(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    mapping: dict[str, Any] = {}
    sign, key, *_, end = _next_token(text, at)
    while sign != "}":
        sign, key, *_, at = _next_token(text, at)
        if key is None or key in mapping or key in SPECIAL:
            raise _StrangeError
        mapping[key], at = _read_flow_value(text, at, depth)
        sign, *_, end = _next_token(text, at)
        if sign not in (",", "}"):
            raise _StrangeError
        at = end
    return mapping, end
