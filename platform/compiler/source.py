"""Read a definition file into nodes with positions (YAML 1.2), or into diagnostics.

The only module that uses the YAML library. It consumes the C parser's events and composes its own nodes, with
limits on depth and size: the library's own composer recurses, and a deeply nested file crashes the process.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from . import reading_codes as codes
from .diagnostics import Code, Diagnostic, Related, Span
from .nodes import Node, scalar
from .plain_yaml import LONGEST, read_plain
from .shape_codes import CUT_TEXT
from .source_text import LINE_END, Source
from .traps import find_cut_texts, find_trap

MAX_BYTES = 500_000
MAX_LINE = LONGEST
MAX_DEPTH = 40
MAX_NODES = 50_000

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


@dataclass
class Reading:
    """The result of reading a file: its source, its content, and its diagnostics."""

    source: Source
    plain: dict[str, Any] | None = None
    """The content as plain data, of a file that could be read without positions."""
    composed: Node | None = None
    """The content with positions, of any other file; None when it is broken."""
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def node(self) -> Node | None:
        """The top node, or None when the file is broken; a file without positions is read again for it."""
        if self.composed is None and self.plain is not None:
            composer = _Composer(self)
            composer.run(_parse(self.source))
            self.composed = composer.top
        return self.composed


def read_file(file: Path, path: str) -> Reading:
    """Read one file; `path` names it in diagnostics. Never raises for the content of the file."""
    content = read_content(file, path)
    return content if isinstance(content, Reading) else read_bytes(content, path)


def read_content(file: str | Path, path: str) -> bytes | Reading:
    """Return the bytes of a file, or the reading that says why it cannot be read."""
    try:
        status = os.stat(file)  # noqa: PTH116  a Path costs more than what it asks
        if not stat.S_ISREG(status.st_mode):
            return _reject(Source(path, ""), codes.UNREADABLE, "not a regular file")
        if status.st_size > MAX_BYTES:
            return _reject(Source(path, ""), codes.TOO_LARGE, f"file is larger than {MAX_BYTES:,} bytes")
        with open(file, "rb") as content:  # noqa: PTH123
            return content.read()
    except OSError as error:
        return _reject(Source(path, ""), codes.UNREADABLE, f"cannot read the file: {error.strerror}")


def read_bytes(data: bytes, path: str) -> Reading:
    """Read a definition from its bytes; `path` names it in diagnostics."""
    if len(data) > MAX_BYTES:
        return _reject(Source(path, ""), codes.TOO_LARGE, f"file is larger than {MAX_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _reject_encoding(data, path, error.start)
    reading = Reading(Source(path, text), read_plain(text))
    if data.startswith(b"\xef\xbb\xbf"):
        reading.diagnostics.append(
            codes.BYTE_ORDER_MARK.at(
                reading.source.at(),
                "file begins with a byte order mark",
                help="save the file as UTF-8 without a byte order mark (BOM)",
            )
        )
    if reading.plain is not None:
        return reading
    long = next((n for n, line in enumerate(reading.source.lines, 1) if len(line) > MAX_LINE), None)
    if long is not None:
        message = f"line is longer than {MAX_LINE:,} characters"
        reading.diagnostics.append(codes.TOO_LARGE.at(reading.source.at(long), message))
        return reading
    _compose(reading)
    return reading


def decode(data: bytes) -> str:
    """Return the text of a file's bytes, as it is shown beside what is wrong with it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _reject(source: Source, code: Code, message: str) -> Reading:
    return Reading(source, diagnostics=[code.at(source.at(), message)])


def _reject_encoding(data: bytes, path: str, start: int) -> Reading:
    source = Source(path, decode(data))
    before = data[:start].decode("utf-8", "replace")
    lines = LINE_END.split(before)
    span = source.at(len(lines), len(lines[-1]) + 1)
    message = f"invalid UTF-8: byte 0x{data[start]:02x}"
    return Reading(source, diagnostics=[codes.NOT_UTF8.at(span, message, help="save the file as UTF-8")])


def _parse(source: Source) -> Iterator[Any]:
    events: Iterator[Any] = YAML(typ="safe", pure=False).parse(source.text)
    return events


def _compose(reading: Reading) -> None:
    composer = _Composer(reading)
    try:
        composer.run(_parse(reading.source))
    except _StopError:
        return
    except YAMLError as error:
        stuck = _diagnose_syntax(reading.source, error)
        diagnostic = find_trap(reading.source, stuck.span) or stuck
        if diagnostic is not stuck:  # what was found below a trap follows from it
            reading.diagnostics[:] = [d for d in reading.diagnostics if d.span.line <= diagnostic.span.line]
        if not any(other.span.line == diagnostic.span.line for other in reading.diagnostics):
            reading.diagnostics.append(diagnostic)  # else it follows from the error reported on that line
        return
    reading.composed = composer.top
    reading.diagnostics += find_cut_texts(reading.source)


class _StopError(Exception):
    """Reading cannot continue; the diagnostic has been reported."""


@dataclass
class _Open:
    """A collection that is being composed."""

    node: Node
    anchor: str | None
    key: Node | None = None
    split: bool = False
    """Whether it began at a duplicate `id`, as the next list item whose dash is missing."""


class _Composer:
    """Composes nodes from parser events, without recursion."""

    def __init__(self, reading: Reading) -> None:
        self.source = reading.source
        self.diagnostics = reading.diagnostics
        self.top: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node | None] = {}
        self.nodes = 0

    def run(self, events: Iterator[Any]) -> None:
        """Consume every event of the file; `top` is then its node."""
        takers: dict[type, Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._open,
            SequenceStartEvent: self._open,
            MappingEndEvent: self._close,
            SequenceEndEvent: self._close,
            AliasEvent: self._alias,
            DocumentStartEvent: self._begin,
        }
        for event in events:
            take = takers.get(event.__class__)
            if take:
                take(event)
        if self.top is None or (self.top.value is None and self.top.style == ""):
            self._stop(codes.EMPTY, self.source.at(), "expected a definition, found an empty file")

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.source.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _stop(self, code: Code, span: Span, message: str, **more: Any) -> None:
        self.diagnostics.append(code.at(span, message, **more))
        raise _StopError

    def _begin(self, event: Any) -> None:
        if self.top is not None:
            message = "expected one document, found a second: a file holds one definition"
            self._stop(codes.SYNTAX, self._span(event), message, help="remove the line with ---")

    def _scalar(self, event: Any) -> None:
        node = scalar(event.value, event.style or "", self._span(event))
        if event.tag is not None:
            self._reject_tag(event)
            node.unreadable = True
        if event.anchor:
            self.anchors[event.anchor] = node
        elif not event.style and _IN_CURLY.fullmatch(event.value):
            message = f"the quotes {event.value[0]} and {event.value[-1]} are part of the text"
            help = "write straight quotes around it, or none"
            self.diagnostics.append(codes.CURLY.at(node.start, message, help=help))
        self._add(node, 1)

    def _open(self, event: Any) -> None:
        if event.tag is not None:
            self._reject_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self._stop(codes.TOO_LARGE, self._span(event), f"nesting is deeper than {MAX_DEPTH} levels")
        style = "flow" if event.flow_style else "block"
        node = Node(self._span(event), {} if isinstance(event, MappingStartEvent) else [], style)
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Open(node, event.anchor))

    def _close(self, event: Any) -> None:
        done = self.stack.pop()
        end = self._span(event)
        done.node.span = done.node.span.until(end.end_line, end.end_column)
        if done.anchor:
            self.anchors[done.anchor] = done.node
        if done.split and done.node.keys.keys() == {"id"}:
            return  # not a list item: only the id was duplicated
        self._add(done.node, 1)

    def _alias(self, event: Any) -> None:
        name, span = event.anchor, self._span(event)
        if name not in self.anchors:
            message = f"undefined alias '*{name}': no anchor '&{name}' before it"
            self._stop(codes.ALIAS, span, message, help="write the value itself here")
        target = self.anchors[name]
        if target is None:
            self._stop(codes.ALIAS, span, f"recursive alias '*{name}': it is inside the value it repeats")
        assert target is not None
        self._add(target, target.size)

    def _reject_tag(self, event: Any) -> None:
        message = f"YAML tag '{event.tag}' is not allowed"
        help = "put text that begins with ! in quotes; in a condition, write 'not' instead of !"
        self.diagnostics.append(codes.TAG.at(self._span(event), message, help=help))

    def _add(self, node: Node, more: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            message = f"file has more than {MAX_NODES:,} values with aliases expanded"
            self._stop(codes.TOO_LARGE, node.span, message)
        if not self.stack:
            self.top = node
            return
        holder = self.stack[-1]
        if isinstance(holder.node.value, list):
            holder.node.value.append(node)
            holder.node.size += node.size
        elif holder.key is None:
            holder.key = node
        else:
            self._entry(holder, holder.key, node)
            holder.key = None

    def _entry(self, holder: _Open, key: Node, value: Node) -> None:
        mapping, name = holder.node.value, key.value
        assert isinstance(mapping, dict)
        if not isinstance(name, str):
            self._reject_key(holder, key, value)
        elif name in mapping:
            self._reject_duplicate(holder, key, value)
            if mapping[name].is_absent and not holder.split:
                mapping[name] = value
        else:
            mapping[name] = value
            holder.node.keys[name] = key.span
            holder.node.size += value.size

    def _reject_key(self, holder: _Open, key: Node, value: Node) -> None:
        """Report a key that is not a text: in braces, what follows a comma or begins with another brace."""
        in_braces = holder.node.style == "flow"
        holder.node.unreadable = in_braces
        if not isinstance(key.value, dict | list) and in_braces and value.is_absent:
            written = self.source.lines[key.span.line - 1][key.span.column - 1 : key.span.end_column - 1]
            message = f"text split at a comma: '{written}' was read as a key"
            help = "write a whole number without a comma, or put the text in quotes"
            self.diagnostics.append(CUT_TEXT.at(key.span, message, help=help))
            return
        help = "put the key in quotes"
        if isinstance(key.value, dict | list):
            above = self.stack[-2].key if len(self.stack) > 1 else None
            help = (
                "write the condition without braces"
                if above is not None and above.value == "if"
                else "put text with braces or brackets in quotes; one of several lines goes below 'key: |'"
            )
        self.diagnostics.append(codes.KEY.at(key.span, "key must be a string", help=help))

    def _reject_duplicate(self, holder: _Open, key: Node, value: Node) -> None:
        """Report a duplicate key; a second `id` in a list item begins the next item, without its dash."""
        first = Related("first defined", holder.node.keys[str(key.value)])
        above = self.stack[-2].node if len(self.stack) > 1 else None
        lost = key.value == "id" and above is not None and isinstance(above.value, list)
        help = "if the next item begins here, write '- ' before it" if lost else "remove one of the two"
        message = f"duplicate key '{key.value}'"
        self.diagnostics.append(codes.DUPLICATE_KEY.at(key.span, message, help=help, related=[first]))
        if lost and not holder.split:
            assert above is not None
            assert isinstance(above.value, list)
            above.value.append(holder.node)
            above.size += holder.node.size
            holder.node, holder.split = Node(key.span, {}, holder.node.style), True
            self._entry(holder, key, value)


def _diagnose_syntax(source: Source, error: YAMLError) -> Diagnostic:
    if not isinstance(error, MarkedYAMLError):
        return _diagnose_character(source, error)
    lines = source.lines
    mark, message = error.problem_mark or error.context_mark, str(error.problem or error.context)
    is_open = _is_open(error, lines)
    if is_open:
        mark = error.context_mark  # unclosed: its beginning says more than where the parser noticed it
    elif message == _NO_COLON and error.context_mark is not None:
        mark = error.context_mark  # the line that lacks it, where the parser is at the next one
    number = min(mark.line, len(lines) - 1)
    line = lines[number]
    before = line[: mark.column]
    if f"{before}{line[mark.column : mark.column + 1]}".strip(" ").startswith("\t"):
        return codes.TAB.at(
            source.at(number + 1, mark.column + 1), "line is indented with a tab", help="indent with spaces"
        )
    help = (is_open and _UNCLOSED.get(message)) or _HINTS.get(line[mark.column : mark.column + 1])
    help = help or _PROBLEMS.get(message)
    if not before.strip() and message in _ALIGNED:
        dashed = line.lstrip().startswith("- ")
        help = "align this '-' with those of the other items" if dashed else _ALIGNED[message]
    closed = _CLOSED_VALUE.fullmatch(before)
    if closed and message == _NO_KEY:
        help = f"write the whole of it on the line below '{closed[1]}: >-'"
    column = min(mark.column, len(line)) + 1
    if message == _MAPPING and _KEY_ALONE.fullmatch(before):
        column = len(before) - len(before.lstrip(" -")) + 1
        help = "the line is indented too far, or the value above it is incomplete"
    related = []
    if error.context_mark is not None and error.context_mark.line != number:
        place = source.at(error.context_mark.line + 1, error.context_mark.column + 1)
        related.append(Related(str(error.context), place))
    return codes.SYNTAX.at(
        source.at(number + 1, column), f"invalid YAML: {message}", help=help, related=related
    )


def _is_open(error: MarkedYAMLError, lines: list[str]) -> bool:
    """Say whether an unclosed brace, bracket or quote, on an earlier line or at the end, is the cause."""
    start, end = error.context_mark, error.problem_mark
    if start is None or end is None:
        return start is not None
    later = start.line < end.line and "flow" in str(error.context)
    return later or not _rest(lines, end.line, end.column)


def _rest(lines: list[str], line: int, column: int) -> str:
    """Return the text after a position, without surrounding white space."""
    return "".join(lines[line : line + 1])[column:].strip() + "".join(lines[line + 1 :]).strip()


_CURLY = "\u2018\u2019\u201a\u201c\u201d\u201e"
_IN_CURLY = re.compile(rf"[{_CURLY}](?:[^{_CURLY}]|(?<=\w)\u2019(?=\w))*[\u2018\u2019\u201c\u201d]")
"""A text in one pair of curly quotes; one that begins with a quoted word and ends with another is none."""
_HINTS = {sign: f"put text that begins with {sign} in quotes" for sign in ("@", "`", "%", "*", "&", "!", "?")}
_MAPPING = "mapping values are not allowed in this context"
_NO_KEY = "did not find expected key"
_CLOSED_VALUE = re.compile(r" *(?:- +)*([\w-]+): +(?:'[^']*'|\"[^\"]*\"|\[[^\]]*\]) *")
"""A key whose value begins with a text in quotes or a list, of which YAML wants that it ends there."""
_NO_COLON = "could not find expected ':'"
_KEY_ALONE = re.compile(r" *(?:- +)*[\w-]+")
_UNCLOSED = {
    "did not find expected ',' or '}'": "unclosed brace: add }",
    "did not find expected ',' or ']'": "unclosed bracket: add ]",
}
_PROBLEMS = {
    _MAPPING: "put text that contains ': ' in quotes",
    _NO_KEY: "check the indentation and quotes of this line and the one before",
    "did not find expected '-' indicator": "align the keys of an item",
    "did not find expected ',' or '}'": "write a comma between two keys, and } at the end",
    "did not find expected ',' or ']'": "write a comma between two items, and ] at the end",
    "block sequence entries are not allowed in this context": "put text that begins with '- ' in quotes; a "
    "list begins on the line below its key",
    _NO_COLON: "write a colon after a key; put a text of several lines in quotes, or below 'key: |'",
    "did not find expected node content": "remove the comma too many, or add what is missing before it",
    "did not find expected comment or line break": "write the text on the lines below, indented, or leave "
    "out this sign",
    "found unexpected end of stream": "unclosed quote: add the closing quote",
}
_ALIGNED = {
    _NO_KEY: "align this line with the others of its block",
    "did not find expected '-' indicator": "align the keys of an item",
}
"""What to do where reading stops at the first sign of a line."""


def _diagnose_character(source: Source, error: YAMLError) -> Diagnostic:
    for number, line in enumerate(source.lines, 1):
        for column, character in enumerate(line, 1):
            if _CONTROL.match(character):
                message = f"invalid YAML: control character U+{ord(character):04X}"
                help = "remove it; an archive, a picture or whatever is not text does not belong here"
                return codes.SYNTAX.at(source.at(number, column), message, help=help)
    return codes.SYNTAX.at(source.at(), f"invalid YAML: {str(error).splitlines()[0]}")
