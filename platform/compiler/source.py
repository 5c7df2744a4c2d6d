"""Read: a file of the definitions becomes nodes with positions (YAML 1.2), or diagnostics.

The only module that knows the YAML library. It takes the C parser's events and composes its own nodes, with a
limit on depth and size: the library's own composer recurses, and a deeply nested file ends the process.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from . import reading_codes as codes
from .diagnostics import Code, Diagnostic, Related, Span
from .nodes import Node, scalar

MAX_BYTES = 500_000
MAX_LINE = 10_000
MAX_DEPTH = 40
MAX_NODES = 50_000

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what the YAML library counts as the end of a line


@dataclass(frozen=True)
class Source:
    """A file as it was read: its path below the definitions folder and its text, for excerpts."""

    path: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Return the lines, without their ends."""
        return _BREAK.split(self.text)

    def at(self, line: int = 1, column: int = 1, end: int | None = None) -> Span:
        """Return the place of a column (from 1), or of the stretch up to `end`, on one line."""
        return Span(self.path, line, column, line, max(column + 1, end or 0))


@dataclass
class Reading:
    """What came of a file: its source, its top node unless it is broken, and what is wrong with it."""

    source: Source
    node: Node | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)


def read_file(file: Path, path: str) -> Reading:
    """Read one file; `path` is how diagnostics name it. Never raises for what is in the file."""
    try:
        if file.stat().st_size > MAX_BYTES:
            return _refused(Source(path, ""), codes.TOO_LARGE, f"the file is larger than {MAX_BYTES:,} bytes")
        data = file.read_bytes()
    except OSError as error:
        return _refused(Source(path, ""), codes.UNREADABLE, f"the file cannot be read: {error.strerror}")
    return read_bytes(data, path)


def read_bytes(data: bytes, path: str) -> Reading:
    """Read a definition from its bytes; `path` is how diagnostics name it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(data, path, error.start)
    reading = Reading(Source(path, text))
    if data.startswith(b"\xef\xbb\xbf"):
        reading.diagnostics.append(
            codes.BYTE_ORDER_MARK.at(reading.source.at(), "the file begins with a byte order mark")
        )
    long = next((n for n, line in enumerate(reading.source.lines, 1) if len(line) > MAX_LINE), None)
    if long is not None:
        message = f"the line is longer than {MAX_LINE:,} characters"
        reading.diagnostics.append(codes.TOO_LARGE.at(reading.source.at(long), message))
        return reading
    _compose(reading)
    return reading


def _refused(source: Source, code: Code, message: str) -> Reading:
    return Reading(source, None, [code.at(source.at(), message)])


def _not_utf8(data: bytes, path: str, start: int) -> Reading:
    source = Source(path, data.decode("utf-8", "replace"))
    before = data[:start].decode("utf-8", "replace")
    lines = _BREAK.split(before)
    span = source.at(len(lines), len(lines[-1]) + 1)
    found = f"byte 0x{data[start]:02x} is no UTF-8"
    return Reading(source, None, [codes.NOT_UTF8.at(span, found, help="save the file as UTF-8")])


def _compose(reading: Reading) -> None:
    composer = _Composer(reading)
    try:
        composer.run(YAML(typ="safe", pure=False).parse(reading.source.text))
    except _StopError:
        return
    except YAMLError as error:
        found = _syntax_error(reading.source, error)
        if not any(known.span.line == found.span.line for known in reading.diagnostics):
            reading.diagnostics.append(found)  # else it follows from what was told of that line
        return
    reading.node = composer.top


class _StopError(Exception):
    """The file cannot be read on; the diagnostic is already in the list."""


@dataclass
class _Open:
    """A collection that is being composed."""

    node: Node
    anchor: str | None
    key: Node | None = None
    split: bool = False
    """Whether it began at an `id` that stood there twice, as if the dash before it were lost."""


class _Composer:
    """Composes nodes from the parser's events, without recursion."""

    def __init__(self, reading: Reading) -> None:
        self.source = reading.source
        self.diagnostics = reading.diagnostics
        self.top: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node | None] = {}
        self.nodes = 0

    def run(self, events: Iterator[Any]) -> None:
        """Take every event of the file; `top` is then its node."""
        for event in events:
            if isinstance(event, ScalarEvent):
                self._scalar(event)
            elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                self._open(event)
            elif isinstance(event, CollectionEndEvent):
                self._close(event)
            elif isinstance(event, AliasEvent):
                self._alias(event)
            elif isinstance(event, DocumentStartEvent) and self.top is not None:
                self._stop(
                    codes.SYNTAX, self._span(event), "a file holds one definition, here begins another"
                )
        if self.top is None or (self.top.value is None and self.top.style == ""):
            self._stop(codes.EMPTY, self.source.at(), "the file holds no definition")

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.source.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _stop(self, code: Code, span: Span, message: str, **more: Any) -> None:
        self.diagnostics.append(code.at(span, message, **more))
        raise _StopError

    def _scalar(self, event: Any) -> None:
        self._refuse_tag(event)
        node = scalar(event.value, event.style or "", self._span(event))
        if event.anchor:
            self.anchors[event.anchor] = node
        self._add(node, 1)

    def _open(self, event: Any) -> None:
        self._refuse_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self._stop(codes.TOO_LARGE, self._span(event), f"nested deeper than {MAX_DEPTH} levels")
        style = "flow" if event.flow_style else "block"
        node = Node(self._span(event), {} if isinstance(event, MappingStartEvent) else [], style)
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Open(node, event.anchor))

    def _close(self, event: Any) -> None:
        done = self.stack.pop()
        end = self._span(event)
        done.node.span = done.node.span._replace(end_line=end.end_line, end_column=end.end_column)
        if done.anchor:
            self.anchors[done.anchor] = done.node
        if done.split and done.node.keys.keys() == {"id"}:
            return  # no item of its own: the id alone stood there twice
        self._add(done.node, 1)

    def _alias(self, event: Any) -> None:
        name, span = event.anchor, self._span(event)
        if name not in self.anchors:
            self._stop(codes.ALIAS, span, f"there is no anchor '&{name}' before this alias")
        target = self.anchors[name]
        if target is None:
            self._stop(codes.ALIAS, span, f"the alias '*{name}' stands inside what it repeats")
        assert target is not None
        self._add(target, target.size)

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None:
            self.diagnostics.append(
                codes.TAG.at(self._span(event), f"'{event.tag}' is a YAML tag; definitions have none")
            )

    def _add(self, node: Node, more: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            self._stop(codes.TOO_LARGE, node.span, f"with its aliases the file has over {MAX_NODES:,} values")
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
            message = "a key is a word; put a text with braces or brackets in quotes"
            self.diagnostics.append(codes.KEY.at(key.span, message))
            holder.node.unreadable = holder.node.style == "flow"
        elif name in mapping:
            self._twice(holder, key, value)
        else:
            mapping[name] = value
            holder.node.keys[name] = key.span
            holder.node.size += value.size

    def _twice(self, holder: _Open, key: Node, value: Node) -> None:
        """Report a key that stands twice; at a second `id` go on as in the next item, whose dash is lost."""
        first = Related("first defined", holder.node.keys[str(key.value)])
        above = self.stack[-2].node if len(self.stack) > 1 else None
        lost = key.value == "id" and above is not None and isinstance(above.value, list)
        help = "if here begins the next item, write '- ' before it" if lost else None
        message = f"the key '{key.value}' stands here twice"
        self.diagnostics.append(codes.DUPLICATE_KEY.at(key.span, message, help=help, related=[first]))
        if lost and not holder.split:
            assert above is not None
            assert isinstance(above.value, list)
            above.value.append(holder.node)
            above.size += holder.node.size
            holder.node, holder.split = Node(key.span, {}, holder.node.style), True
            self._entry(holder, key, value)


def _syntax_error(source: Source, error: YAMLError) -> Diagnostic:
    if not isinstance(error, MarkedYAMLError):
        return _bad_character(source, error)
    lines = source.lines
    mark, message = error.problem_mark or error.context_mark, str(error.problem or error.context)
    if _is_open(error, lines):
        mark = error.context_mark  # not closed: what began there tells more than where it was noticed
    number = min(mark.line, len(lines) - 1)
    line = lines[number]
    before = line[: mark.column]
    if f"{before}{line[mark.column : mark.column + 1]}".strip(" ").startswith("\t"):
        return codes.TAB.at(
            source.at(number + 1, mark.column + 1), "a tab indents this line", help="indent with spaces"
        )
    help = _HINTS.get(line[mark.column : mark.column + 1]) or _PROBLEMS.get(message)
    column = min(mark.column, len(line)) + 1
    if message == _MAPPING and _KEY_ALONE.fullmatch(before):
        column = len(before) - len(before.lstrip(" -")) + 1
        help = "this line is indented deeper than it should be, or the value above it is not finished"
    related = []
    if error.context_mark is not None and error.context_mark.line != number:
        place = source.at(error.context_mark.line + 1, error.context_mark.column + 1)
        related.append(Related(str(error.context), place))
    return codes.SYNTAX.at(
        source.at(number + 1, column), f"this is no YAML: {message}", help=help, related=related
    )


def _is_open(error: MarkedYAMLError, lines: list[str]) -> bool:
    """Say whether a brace, bracket or quote was opened on an earlier line, or last, and not closed."""
    began, noticed = error.context_mark, error.problem_mark
    if began is None or noticed is None:
        return began is not None
    later = began.line < noticed.line and "flow" in str(error.context)
    return later or not _rest(lines, noticed.line, noticed.column)


def _rest(lines: list[str], line: int, column: int) -> str:
    """Return what follows a place, white space aside."""
    return "".join(lines[line : line + 1])[column:].strip() + "".join(lines[line + 1 :]).strip()


_HINTS = {sign: f"a text that begins with {sign} is put in quotes" for sign in ("@", "`", "%", "*", "&", "!")}
_MAPPING = "mapping values are not allowed in this context"
_KEY_ALONE = re.compile(r" *(?:- +)*[\w-]+")
_UNCLOSED = "here begins something that is not closed"
_PROBLEMS = {
    _MAPPING: "a text with ': ' in it is put in quotes",
    "did not find expected key": "check the indentation and the quotes of this line and the one before",
    "did not find expected '-' indicator": "the keys of an item stand exactly under each other",
    "did not find expected ',' or '}'": f"{_UNCLOSED}: add }}",
    "did not find expected ',' or ']'": f"{_UNCLOSED}: add ]",
    "found unexpected end of stream": f"{_UNCLOSED}: add the quote at the end of the text",
}


def _bad_character(source: Source, error: YAMLError) -> Diagnostic:
    for number, line in enumerate(source.lines, 1):
        for column, character in enumerate(line, 1):
            if _CONTROL.match(character):
                message = f"a file holds no control characters, here is U+{ord(character):04X}"
                return codes.SYNTAX.at(source.at(number, column), message)
    return codes.SYNTAX.at(source.at(), f"this is no YAML: {str(error).splitlines()[0]}")
