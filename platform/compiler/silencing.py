"""Silencing: a comment at the line says why a warning there is as it should be, and it is not reported.

`# kantoor: allow K231 because ...` is at the end of the line that the warning is about, or on a line of its
own right above. A warning inside a text of several lines is silenced at the key of that text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .definitions import Definitions
from .diagnostics import Code, Diagnostic, Related, Span, all_codes
from .examples import Example
from .nodes import Node
from .source_text import Source

_COMMENT = re.compile(r"(?:^|(?<=\s))#[ \t]*kantoor:[ \t]*allow\b[ \t]*(?P<rest>.*)$")
_ALLOWED = re.compile(r"(?P<codes>K\d+(?:[ \t]*,[ \t]*K\d+)*)(?:[ \t]+because[ \t]+(?P<reason>\S.*))?")


def _make_ends_example(comment: str, more: str = "") -> Example:
    end = "ends:\n  - id: gestopt{}\n    title: Gestopt\n    planner: klaar\n"
    return Example(end.format(comment) + more)


SILENCES_NOTHING = Code(
    "K180",
    "unused 'allow' comment",
    "The line does not have the warning that the comment allows. Remove the comment: it would hide such a "
    "warning once there is one.",
    wrong=Example("title: Aangifte btw  # kantoor: allow K231 because wij willen het zo\n"),
    right=_make_ends_example("  # kantoor: allow K231 because de portal gebruikt het straks"),
    level="warning",
    last="all",
)
NO_REASON = Code(
    "K181",
    "silencing without a reason",
    "Whoever silences a warning says why, for whoever reads it later: `# kantoor: allow K231 because ...`, "
    "with one code, or several with commas.",
    wrong=Example("title: Aangifte btw  # kantoor: allow K231\n"),
    right=_make_ends_example("  # kantoor: allow K231 because de portal gebruikt het straks"),
    remedy="write why, after 'because'",
)
NOT_A_WARNING = Code(
    "K182",
    "an error cannot be silenced",
    "Only warnings are silenced. An error is a mistake that no filing can work with, and a code that does "
    "not exist is nothing. `kantoor explain` lists the codes.",
    wrong=Example("title: Aangifte btw  # kantoor: allow K201 because de rol komt nog\n"),
    right=_make_ends_example("  # kantoor: allow K231 because de portal gebruikt het straks"),
    remedy="mend what it says, or remove this comment",
)


def _make_text_example(above: str, more: str) -> Example:
    text = (
        f"texts:\n  nl:\n    subject: Aanmaning\n{above}    body: |\n      Kijk op {{{{ filing.link }}}}.\n"
    )
    return Example(f"{text}      {more}\n", "messages/ter-accordering.yaml")


_FINE = "# kantoor: allow K610 because de boete is voor iedereen gelijk"
INSIDE_A_TEXT = Code(
    "K183",
    "'allow' comment inside a text",
    "Within a text nothing is a comment: it silences nothing, and is sent along. What is told of a text is "
    "silenced above its key, for the whole text.",
    wrong=_make_text_example("", _FINE),
    right=_make_text_example(f"    {_FINE}\n", "De boete is EUR 68."),
    level="warning",
    remedy="write it above the key of the text",
)


class Silenced(NamedTuple):
    """A warning that a comment silences, with the reason."""

    diagnostic: Diagnostic
    reason: str


class _Text(NamedTuple):
    """A text that is quoted or takes several lines, from (line, column) up to (line, column)."""

    first: tuple[int, int]
    end: tuple[int, int]
    block: bool

    def list_further_lines(self) -> range:
        """Return its lines after the first."""
        line, column = self.end
        return range(self.first[0] + 1, line + 1 if column > 1 else line)

    def holds(self, line: int, column: int) -> bool:
        """Say whether a place is inside it, where '#' begins no comment."""
        after = line > self.first[0] if self.block else (line, column) > self.first
        return after and (line, column) < self.end


@dataclass
class _Silencing:
    """A comment that silences some codes on some line."""

    span: Span
    line: int
    codes: frozenset[str]
    reason: str
    used: set[str] = field(default_factory=set)


def silence(
    definitions: Definitions, reports: Iterable[Diagnostic]
) -> tuple[list[Diagnostic], list[Silenced]]:
    """Return what is left of the reports, with what is wrong with the comments, and what was silenced."""
    models = {model.path: model for model in definitions.models()}
    left, silenced = list[Diagnostic](), list[Silenced]()
    files = dict[str, _Comments]()
    for source in definitions.sources.values():
        if "kantoor:" in source.text and source.path in models:
            files[source.path] = _Comments(source, models[source.path].node)
            left += files[source.path].wrong
    for diagnostic in reports:
        comments = files.get(diagnostic.span.path)
        by = comments.find(diagnostic) if comments else None
        if by is None:
            left.append(diagnostic)
        else:
            by.used.add(diagnostic.code.id)
            silenced.append(Silenced(diagnostic, by.reason))
    left = [_point_at(one, files.get(one.span.path)) for one in left]
    for comment in (one for of_file in files.values() for one in of_file.sound):
        for code in sorted(comment.codes - comment.used):
            message = f"this comment has no effect: there is no {code} at this line"
            left.append(SILENCES_NOTHING.at(comment.span, message, help="remove it"))
    return left, silenced


def _point_at(diagnostic: Diagnostic, comments: "_Comments | None") -> Diagnostic:
    """Return a warning with the comment at its line that allows another one, which may be meant for it."""
    beside = comments.find_beside(diagnostic) if comments else None
    if beside is None:
        return diagnostic
    allowed = " and ".join(sorted(beside.codes))
    note = Related(f"this comment allows {allowed}, and not {diagnostic.code.id}", beside.span)
    return replace(diagnostic, related=(*diagnostic.related, note))


class _Texts:
    """The texts of a file. None begins inside another, so one at most began before a line or a place."""

    def __init__(self, node: Node) -> None:
        self._texts = sorted(_list_texts(node))
        self.keys = {line: text.first[0] for text in self._texts for line in text.list_further_lines()}
        """The line of its key, by the further lines of each text."""

    def hold(self, line: int, column: int) -> bool:
        """Say whether a place is inside a text, where '#' begins no comment."""
        before = bisect_right(self._texts, (line, column), key=lambda text: text.first)
        return before > 0 and self._texts[before - 1].holds(line, column)


class _Comments:
    """The comments of a file that silence."""

    def __init__(self, source: Source, node: Node) -> None:
        self._texts = _Texts(node)
        read = list(_read_comments(source, self._texts))
        self.wrong = [one for one in read if isinstance(one, Diagnostic)]
        self.sound = [one for one in read if isinstance(one, _Silencing)]
        self._by_line = {one.line: one for one in self.sound}
        self._by_place = dict[tuple[int, str], _Silencing]()
        for one in self.sound:
            for code in one.codes:
                self._by_place.setdefault((one.line, code), one)

    def find(self, diagnostic: Diagnostic) -> _Silencing | None:
        """Return the comment that silences a report, if there is one."""
        if diagnostic.level == "error":
            return None
        code, line = diagnostic.code.id, diagnostic.span.line
        here = self._by_place.get((line, code))
        return here or self._by_place.get((self._texts.keys.get(line, line), code))

    def find_beside(self, diagnostic: Diagnostic) -> _Silencing | None:
        """Return a comment for the line of a warning that silences nothing."""
        if diagnostic.level == "error":
            return None
        line = diagnostic.span.line
        found = self._by_line.get(line) or self._by_line.get(self._texts.keys.get(line, line))
        return found if found and found.codes and not found.used else None


def _read_comments(source: Source, texts: _Texts) -> Iterator[_Silencing | Diagnostic]:
    following = _list_following(source.lines)
    for number, line in enumerate(source.lines, 1):
        match = _COMMENT.search(line) if "kantoor:" in line else None
        if match is None:
            continue
        span = source.at(number, match.start() + 1, len(line.rstrip()) + 1)
        if texts.hold(number, match.start() + 1):
            yield INSIDE_A_TEXT.at(span, "this comment is part of a text: whoever gets the text reads it")
            continue
        allowed = _ALLOWED.fullmatch(match["rest"].rstrip())
        if allowed is None or allowed["reason"] is None:
            message = "expected a reason: '# kantoor: allow CODE because REASON'"
            yield NO_REASON.at(span, message)
            continue
        codes = {code.strip() for code in allowed["codes"].split(",")}
        wrong = sorted(code for code in codes if not _is_warning(code))
        for code in wrong:
            known = code in all_codes()
            message = f"{code} is an error and cannot be silenced" if known else f"there is no code {code}"
            yield NOT_A_WARNING.at(span, message)
        about = number if line[: match.start()].strip() else following[number - 1]
        yield _Silencing(span, about, frozenset(codes.difference(wrong)), allowed["reason"])


def _list_following(lines: list[str]) -> list[int]:
    """Return of each line the number of the line that a comment there, on a line of its own, stands above."""
    numbers, following = list[int](), None
    for number in range(len(lines), 0, -1):
        numbers.append(following or number)
        if lines[number - 1].strip() and not lines[number - 1].lstrip().startswith("#"):
            following = number
    return numbers[::-1]


def _is_warning(code: str) -> bool:
    known = all_codes().get(code)
    return known is not None and known.level == "warning" and known is not SILENCES_NOTHING


def _list_texts(node: Node) -> Iterator[_Text]:
    """Yield the texts of a file that are quoted or take several lines."""
    waiting, seen = [node], set[int]()
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue  # an alias
        seen.add(id(here))
        span = here.span
        if isinstance(here.value, dict):
            waiting += here.value.values()
        elif isinstance(here.value, list):
            waiting += here.value
        elif here.style:
            first, end = (span.line, span.column), (span.end_line, span.end_column)
            yield _Text(first, end, here.style in "|>")
