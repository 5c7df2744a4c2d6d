"""Comments: found in the text of a file, and given to the part that each is about.

The YAML library gives no comments. A '#' that is outside every key and scalar, at the beginning of a line or
after white space, begins one. Which part it is about follows from its line, its column and the empty lines:

- one at the end of a line is about what begins last on that line, or about the braces that are closed there;
- one on a line of its own is about what follows;
- unless it is indented deeper than what follows: then it is the end of the mapping or list of that depth;
- or follows on what is above it without an empty line, and has one below it.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from typing import NamedTuple

from ..diagnostics import Span
from ..nodes import Node
from .blocks import find_block
from .parts import Part

_BEGIN = re.compile(r"(?<![^ \t])#")
_MARKER = re.compile(r"(?:---|\.\.\.|%.*)[ \t]*")


class Comment(NamedTuple):
    """A comment: its text from '#' on, where it is (from 1), and whether it has a line of its own."""

    line: int
    column: int
    text: str
    alone: bool


def find_comments(whole: Part) -> list[Comment]:
    """Return the comments of a file, in order."""
    taken = _find_texts(whole)
    comments = []
    for number, line in enumerate(whole.lines, 1):
        if "#" not in line:
            continue
        for match in _BEGIN.finditer(line):
            if any(start <= match.start() < end for start, end in taken.get(number, ())):
                continue
            before = line[: match.start()]
            alone = not before.strip(" \t") or _MARKER.fullmatch(before) is not None
            comments.append(Comment(number, match.start() + 1, line[match.start() :].rstrip(" \t"), alone))
            break
    return comments


def attach_comments(whole: Part) -> None:
    """Give every comment of a file to the part that it is about."""
    _Attaching(whole).run()


Columns = dict[int, list[tuple[int, int]]]

_REST = 1 << 30
"""A column that is beyond every line."""


def _find_texts(whole: Part) -> Columns:
    """Return the columns (from 0) of each line that keys and scalars take."""
    taken: Columns = defaultdict(list)
    for part in whole.walk():
        assert part.parent is not None
        if part.key is not None:
            _take_span(taken, part.parent.node.keys[part.key])
        if part.node.style in ("|", ">"):
            for number in find_block(part.node, part.column, part.lines).numbers:
                taken[number].append((0, _REST))
        elif not isinstance(part.node.value, dict | list):
            _take_span(taken, part.node.span)
    return taken


def _take_span(taken: Columns, span: Span) -> None:
    """Mark the columns of a span as taken, line by line."""
    for number in range(span.line, span.end_line + 1):
        start = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number == span.end_line else _REST
        taken[number].append((start, end))


class _Attaching:
    def __init__(self, whole: Part) -> None:
        self.whole = whole
        self.lines = whole.lines
        self.parts = list(whole.walk())
        self.starts = [(part.line, part.column) for part in self.parts]
        self.places = {one: place for part in (whole, *self.parts) for place, one in enumerate(part.parts)}
        self.before: dict[Part, list[Comment]] = defaultdict(list)
        """The comments on lines of their own between a part and what is before it."""

    def run(self) -> None:
        for comment in find_comments(self.whole):
            if comment.alone:
                self._attach_alone(comment)
            else:
                self._attach_beside(comment)
        for part in self.parts:
            self._put_above(part, self.before[part])

    def _attach_beside(self, comment: Comment) -> None:
        number = bisect_left(self.starts, (comment.line, comment.column)) - 1
        part = self.parts[number] if number >= 0 else self.whole
        while part.parent is not None and part.parent.is_flow and _ends_before(part.parent.node, comment):
            part = part.parent
        if part is self.whole:
            self.whole.end.append(comment.text)
            return
        if part.beside is not None:
            part.above.append(part.beside)
        part.beside = comment.text

    def _attach_alone(self, comment: Comment) -> None:
        number = bisect_left(self.starts, (comment.line, comment.column))
        following = self.parts[number] if number < len(self.parts) else None
        holder = self._find_holder(comment, self.parts[number - 1] if number else None, following)
        if holder is not None:
            self._add_line(holder.end, comment)
        elif following is not None:
            self.before[following].append(comment)
        else:
            self._add_line(self.whole.end, comment)

    def _find_holder(self, comment: Comment, last: Part | None, following: Part | None) -> Part | None:
        """Return the part whose end the comment is, or None when it is about what follows."""
        around = _ancestors(following) if following else [self.whole]
        depth = following.column if following and not following.parent.is_flow else 0  # type: ignore[union-attr]
        if last is not None and last.node.is_absent and last.column < comment.column and depth <= last.column:
            return last
        for part in _ancestors(last) if last else ():
            if part.is_flow and not _ends_before(part.node, comment):
                return None if part in around else part
            ended = part.is_block and part.parts and part not in around
            if ended and depth < part.parts[0].column <= comment.column:
                return part
        return None

    def _put_above(self, part: Part, comments: list[Comment]) -> None:
        """Give a part the comments before it; those that are about what is above it go there."""
        assert part.parent is not None
        displaced, part.above = part.above, []
        if comments and not part.parent.is_flow and not self._is_apart(comments[0].line):
            index = self.places[part]
            count = next((n for n, c in enumerate(comments) if n and self._is_apart(c.line)), len(comments))
            if index and (count < len(comments) or self._is_apart(part.line)):
                part.parent.parts[index - 1].below = [comment.text for comment in comments[:count]]
                comments = comments[count:]
        for comment in comments:
            self._add_line(part.above, comment)
        if self._is_apart(part.line):
            part.above.append("")
        part.above += displaced

    def _add_line(self, lines: list[str], comment: Comment) -> None:
        if self._is_apart(comment.line):
            lines.append("")
        lines.append(comment.text)

    def _is_apart(self, line: int) -> bool:
        """Say whether there is an empty line before a line."""
        return line > 1 and not self.lines[line - 2].strip(" \t")


def _ancestors(part: Part) -> list[Part]:
    """Return a part and those that it is in, inside out."""
    found = [part]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


def _ends_before(node: Node, comment: Comment) -> bool:
    return (node.span.end_line, node.span.end_column) <= (comment.line, comment.column)
