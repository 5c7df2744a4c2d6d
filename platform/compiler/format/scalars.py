"""Scalars: quotes only where they are needed, and block scalars for texts of several lines or a long one."""

import re
from typing import NamedTuple

from ..nodes import resolve
from .blocks import find_block
from .parts import Part
from .rules import WIDTH

STEP = "  "

_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that only an escape in double quotes can hold, or that not every reader takes for the same."""

_INDICATOR = re.compile(r"[\[\]{},#&*!|>'\"%@`]|[-?:](?:[\s,\[\]{}]|$)|---|\.\.\.")
_BREAKS_PLAIN = re.compile(r":(?:\s|$)|\s#|[\t\n]")
_BREAKS_IN_BRACES = re.compile(r"[,\[\]{}?:]|^-")
_OTHERWISE_READ = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null|~|=|<<)|[-+]?[0-9][0-9_]*(?:[.:][0-9_]*)*(?:e[-+]?[0-9]+)?|"
    r"[-+]?\.[0-9_]+|0[box][0-9a-fA-F_]+"
)
"""What a reader of YAML 1.1, or a person, may take for something else than text."""

_SPACE = re.compile(r"(?<=\S) (?=\S)")
_JINJA = re.compile(r"\{\{(?:[^{\n]|\{(?!\{))*?\}\}|\{%(?:[^{\n]|\{(?!%))*?%\}")
_CHOMPING = ("-", "", "+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


class Written(NamedTuple):
    """How a scalar is written: what follows its key or dash, and the lines below, without indentation."""

    head: str
    lines: tuple[str, ...] = ()


def write_scalar(part: Part, indent: int, room: int) -> Written:
    """Return how a scalar is written in block style, `room` columns wide, its own lines at `indent`."""
    text = part.node.value
    if not isinstance(text, str):
        return Written(write_inline(part))
    folded = _keep_folded(part, text)
    if folded is not None:
        return folded
    if "\n" in text:
        return _write_literal(text)
    inline = write_inline(part)
    wrapped = _wrap(text, WIDTH - indent)
    fits = len(inline) <= room or len(wrapped) == 1 or _NOT_IN_TEXT.search(text)
    return Written(inline) if fits else Written(">-", tuple(wrapped))


def write_inline(part: Part, *, in_braces: bool = False) -> str:
    """Return a scalar on one line."""
    text = part.node.value
    if isinstance(text, bool):
        return "true" if text else "false"
    if not isinstance(text, str):
        span = part.node.span
        return part.lines[span.line - 1][span.column - 1 : span.end_column - 1]
    written_plain = part.node.style == ""
    if is_plain(text, in_braces=in_braces) and (written_plain or not _OTHERWISE_READ.fullmatch(text)):
        return text
    return write_quoted(text)


def is_plain(text: str, *, in_braces: bool = False) -> bool:
    """Say whether a text needs no quotes: YAML reads it as this text."""
    return (
        text == text.strip()
        and isinstance(resolve(text), str)
        and not _INDICATOR.match(text)
        and not _BREAKS_PLAIN.search(text)
        and not _NOT_IN_TEXT.search(text)
        and not (in_braces and _BREAKS_IN_BRACES.search(text))
    )


def write_quoted(text: str) -> str:
    """Return a text in double quotes, or in single ones where that saves escapes."""
    if re.search(r'["\\]', text) and not re.search(r"[\t\n]", text) and not _NOT_IN_TEXT.search(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escape(sign) for sign in text) + '"'


def _escape(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if not _NOT_IN_TEXT.match(sign):
        return sign
    return f"\\x{ord(sign):02x}" if ord(sign) < 0x100 else f"\\u{ord(sign):04x}"


def _keep_folded(part: Part, text: str) -> Written | None:
    """Return a folded text with its lines as they are, which can follow its sense; None if it is not one."""
    if part.node.style != ">" or not text.strip() or _NOT_IN_TEXT.search(text):
        return None
    block = find_block(part.node, part.column, part.lines)
    own = tuple(part.lines[number - 1][block.indent :] for number in block.numbers)
    if block.is_explicit or not own or not own[-1].strip(" "):
        return None
    if next(line for line in own if line).startswith((" ", "\t")):
        return None
    return Written(">" + _CHOMPING[min(_count_ends(text), 2)], (*own, *[""] * (_count_ends(text) - 1)))


def _write_literal(text: str) -> Written:
    """Return a text of several lines, line by line; in quotes where only they can hold it."""
    ends = _count_ends(text)
    lines = text.rstrip("\n").split("\n")
    first = next((line for line in lines if line), "")
    if _NOT_IN_TEXT.search(text) or not first.strip(" \t") or not lines[-1].strip(" \t"):
        return Written(write_quoted(text))
    digit = str(len(STEP)) if first[0] in " \t" else ""
    return Written(f"|{digit}{_CHOMPING[min(ends, 2)]}", (*lines, *[""] * (ends - 1)))


def _count_ends(text: str) -> int:
    return len(text) - len(text.rstrip("\n"))


def _wrap(text: str, width: int) -> list[str]:
    """Return a text of one line as lines of a width, broken at single spaces outside Jinja's braces."""
    held = [match.span() for match in _JINJA.finditer(text)]
    lines, begin, last = [], 0, 0
    for space in (match.start() for match in _SPACE.finditer(text)):
        if any(start < space < end for start, end in held):
            continue
        if space - begin > width and last > begin:
            lines.append(text[begin:last])
            begin = last + 1
        last = space
    if len(text) - begin > width and last > begin:
        lines.append(text[begin:last])
        begin = last + 1
    return [*lines, text[begin:]]
