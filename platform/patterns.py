"""Patterns of answers: a subset of regular expressions that is matched in linear time.

Letters, `.`, classes such as [A-Z0-9], \\d, \\w and \\s, groups, `|`, ^ and $, and the counts ?, *, + and
{m,n}. Every pattern becomes an automaton of at most `MAX_STATES` states, of which all are followed at once:
no match costs more than states times letters, and the compiler bounds that for a form as a whole, so that its
answers may be checked in workflow code. As JSON Schema says, a pattern without ^ is found anywhere; \\d and
\\w are ASCII.
"""

from functools import lru_cache
from typing import NamedTuple

MAX_STATES = 300
MAX_LENGTH = 1000
"""A text with a pattern is at most this long."""
USUAL_LENGTH = 200
"""The same where its field has no maxLength."""
MAX_STEPS = 500_000
"""What all patterns of a form cost together: its answers are checked within one task of a workflow."""
MAX_RANGES = 10
"""Ranges in one class: each costs as much as a letter does."""

_DIGITS = frozenset("0123456789")
_WORD = _DIGITS | frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_SPACE = frozenset(" \t\n\r\f\v")
_SETS = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_CONTROL = {"t": "\t", "n": "\n", "r": "\r"}
_SIGNS = frozenset("\\^$.|?*+()[]{}/-")
"""What a backslash makes plain."""
_NESTED = 20
_TOO_LARGE = "the pattern is too large: use smaller counts, and maxLength for a length"


class PatternError(ValueError):
    """A pattern that is not of the subset; the message says in English what is possible instead."""


class _Letters(NamedTuple):
    """What one step of the automaton takes: one of these letters or ranges, or (`inverse`) none of them."""

    letters: frozenset[str]
    ranges: tuple[tuple[str, str], ...] = ()
    inverse: bool = False

    def takes(self, letter: str) -> bool:
        found = letter in self.letters or any(low <= letter <= high for low, high in self.ranges)
        return found != self.inverse

    def example(self) -> str:
        """Return a letter that this class matches."""
        usual: tuple[str, ...] = (
            *"aA1",
            *sorted(self.letters),
            *(low for low, _ in self.ranges),
            *map(chr, range(32, 500)),
        )
        found = next((letter for letter in usual if self.takes(letter)), None)
        if found is None:
            raise PatternError("no usual letter is taken")
        return found


_ANY = _Letters(frozenset("\n\r\u2028\u2029"), inverse=True)
_START, _END = "start", "end"

_Step = tuple[_Letters | str | None, int]
"""What takes it (None: nothing), and to which state it leads."""


class Pattern:
    """A pattern as an automaton; raises PatternError for one that is not of the subset."""

    def __init__(self, text: str) -> None:
        self._steps: list[list[_Step]] = []
        self._built = 0
        parser = _Parser(text)
        tree = parser.parse()
        self._last = self._add_state()
        self._first = self._build(tree, self._last)
        states = range(len(self._steps))
        self._middle = [self._close(state) for state in states]
        self._ending = [self._close(state, end=True) for state in states]
        self._taking = [
            (1 << state, what, to)
            for state in states
            for what, to in self._steps[state]
            if isinstance(what, _Letters)
        ]

    @property
    def size(self) -> int:
        """Return the number of its states: a text takes at most that many steps a letter."""
        return len(self._steps)

    def cost(self, length: int) -> int:
        """Return the steps in which it is made ready and a text of this length is checked, at most."""
        return self.size * (length + 2 * self.size)

    def matches(self, text: str) -> bool:
        """Say whether the pattern occurs in a text."""
        last, size = 1 << self._last, len(text)
        here = self._close(self._first, start=True, end=size == 0)
        for place, letter in enumerate(text, 1):
            if here & last:
                return True
            middle = place < size
            closed = self._middle if middle else self._ending
            taken = closed[self._first]
            for bit, what, to in self._taking:
                if here & bit and what.takes(letter):
                    taken |= closed[to]
            here = taken
        return bool(here & last)

    def fits(self, least: int, most: int) -> bool:
        """Say whether some text of at least and at most so many letters matches."""
        last, again = 1 << self._last, self._middle[self._first]
        here = self._close(self._first, start=True)
        if least == 0 and self._close(self._first, start=True, end=True) & last:
            return True
        for length in range(1, most + 1):
            middle, ending = again, self._ending[self._first] | (here & last)
            for bit, _, to in self._taking:
                if here & bit:
                    middle |= self._middle[to]
                    ending |= self._ending[to]
            if length >= least and ending & last:
                return True
            here = middle | (here & last)
        return False

    def example(self, least: int = 0) -> str:
        """Return a text that matches, one of the shortest of at least so many letters.

        Raises PatternError where none is found within `MAX_LENGTH`.
        """
        ways: dict[int, str] = {self._first: ""}
        short: str | None = None
        for length in range(MAX_LENGTH + 1):
            closed = self._follow_free(ways)
            text = closed.get(self._last)
            if text is not None and self.matches(text):
                short = text if short is None else short
                if length >= least:
                    return text
            ways = {}
            for state, text in closed.items():
                for what, to in self._steps[state]:
                    if isinstance(what, _Letters):
                        ways.setdefault(to, text + what.example())
            if not ways:
                break
        for padded in (short.ljust(least, "a"), short.rjust(least, "a")) if short is not None else ():
            if self.matches(padded):
                return padded
        raise PatternError(f"no text of {least} letters or more was found")

    def _follow_free(self, ways: dict[int, str]) -> dict[int, str]:
        """Return states with the text that leads to each, with those that take no letter, ^ and $ too."""
        closed, todo = dict(ways), list(ways)
        while todo:
            state = todo.pop()
            for what, to in self._steps[state]:
                if not isinstance(what, _Letters) and to not in closed:
                    closed[to] = closed[state]
                    todo.append(to)
        return closed

    def _close(self, state: int, *, start: bool = False, end: bool = False) -> int:
        """Return a state with all that can be reached from it without taking a letter, one bit for each."""
        seen, todo = 1 << state, [state]
        while todo:
            for what, to in self._steps[todo.pop()]:
                free = what is None or (what == _START and start) or (what == _END and end)
                if free and not seen >> to & 1:
                    seen |= 1 << to
                    todo.append(to)
        return seen

    def _add_state(self) -> int:
        if len(self._steps) >= MAX_STATES:
            raise PatternError(_TOO_LARGE)
        self._steps.append([])
        return len(self._steps) - 1

    def _build(self, tree: "_Tree", to: int) -> int:
        """Add the states that match a part and then go on at `to`; return the first."""
        self._built += 1
        if self._built > 10 * MAX_STATES:
            raise PatternError(_TOO_LARGE)
        match tree:
            case _Sequence(parts=parts):
                for part in reversed(parts):
                    to = self._build(part, to)
                return to
            case _Choice(options=options):
                first = self._add_state()
                for option in options:
                    start = self._build(option, to)
                    self._steps[first].append((None, start))
                return first
            case _Repeat():
                return self._build_repeat(tree, to)
            case _:
                first = self._add_state()
                self._steps[first].append((tree, to))
                return first

    def _build_repeat(self, tree: "_Repeat", to: int) -> int:
        if tree.most is None:
            loop = self._add_state()
            self._steps[loop] += [(None, self._build(tree.part, loop)), (None, to)]
            to = loop
        else:
            end = to
            for _ in range(tree.most - tree.least):
                first = self._add_state()
                self._steps[first] += [(None, self._build(tree.part, to)), (None, end)]
                to = first
        for _ in range(tree.least):
            to = self._build(tree.part, to)
        return to


class _Sequence(NamedTuple):
    parts: tuple["_Tree", ...]


class _Choice(NamedTuple):
    options: tuple["_Tree", ...]


class _Repeat(NamedTuple):
    part: "_Tree"
    least: int
    most: int | None


_Tree = _Sequence | _Choice | _Repeat | _Letters | str


class _Parser:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._depth = 0

    def parse(self) -> _Tree:
        tree = self._choice()
        if self._place < len(self._text):
            raise PatternError("')' without '('")
        return tree

    def _peek(self) -> str:
        return self._text[self._place : self._place + 1]

    def _take(self) -> str:
        letter = self._peek()
        self._place += 1
        return letter

    def _choice(self) -> _Tree:
        options = [self._sequence()]
        while self._peek() == "|":
            self._take()
            options.append(self._sequence())
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def _sequence(self) -> _Tree:
        parts: list[_Tree] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._read_counted())
        return _Sequence(tuple(parts))

    def _read_counted(self) -> _Tree:
        part = self._one()
        least, most = self._count()
        if (least, most) == (1, 1):
            return part
        if isinstance(part, str):
            raise PatternError("a count after ^ or $")
        if self._peek() and self._peek() in "?*+{":
            raise PatternError("one count after another; possible are ?, *, + and {m,n}, each once")
        return _Repeat(part, least, most)

    def _count(self) -> tuple[int, int | None]:
        match self._peek():
            case "?":
                self._take()
                return 0, 1
            case "*":
                self._take()
                return 0, None
            case "+":
                self._take()
                return 1, None
            case "{":
                self._take()
                return self._bounds()
        return 1, 1

    def _bounds(self) -> tuple[int, int | None]:
        inside, closing, _ = self._text[self._place :].partition("}")
        low, comma, high = inside.partition(",")
        numbers = [low, *([high] if high else [])]
        if not closing or not all(n.isascii() and n.isdigit() and len(n) <= 4 for n in numbers):
            raise PatternError("'{' without a count such as {4} or {1,6}; write \\{ for the sign itself")
        self._place += len(inside) + 1
        least = int(low)
        most = None if comma and not high else int(high or low)
        if most is not None and most < least:
            raise PatternError("a count whose second number is smaller than its first")
        return least, most

    def _one(self) -> _Tree:
        letter = self._take()
        match letter:
            case "(":
                return self._group()
            case "[":
                return self._class()
            case ".":
                return _ANY
            case "^":
                return _START
            case "$":
                return _END
            case "\\":
                return self._read_escaped()
            case "?" | "*" | "+" | "{":
                raise PatternError(f"'{letter}' with nothing before it to count")
            case "]" | "}":
                raise PatternError(f"'{letter}' without its opening bracket; write \\{letter} for the sign")
        return _Letters(frozenset(letter))

    def _group(self) -> _Tree:
        if self._text.startswith("?:", self._place):
            self._place += 2
        elif self._peek() == "?":
            raise PatternError("looking ahead or behind and named groups are not possible; (…) and (?:…) are")
        self._depth += 1
        if self._depth > _NESTED:
            raise PatternError("groups are nested too deeply")
        tree = self._choice()
        if self._take() != ")":
            raise PatternError("'(' without ')'")
        self._depth -= 1
        return tree

    def _read_escaped(self) -> _Letters:
        letter = self._take()
        if letter in _SETS:
            return _Letters(_SETS[letter])
        return _Letters(frozenset(self._plain(letter)))

    @staticmethod
    def _plain(letter: str) -> str:
        if letter in _CONTROL:
            return _CONTROL[letter]
        if letter and letter in _SIGNS:
            return letter
        raise PatternError(
            f"'\\{letter}' is not possible; possible are \\d, \\w, \\s, and a backslash before a sign"
        )

    def _class(self) -> _Letters:
        inverse = self._peek() == "^"
        if inverse:
            self._take()
        letters: set[str] = set()
        ranges: list[tuple[str, str]] = []
        while self._peek() != "]":
            low = self._class_part(letters)
            if (
                low is None
                or self._peek() != "-"
                or self._text[self._place + 1 : self._place + 2] in ("]", "")
            ):
                continue
            self._take()
            letters.discard(low)
            high = self._class_part(set())
            if high is None or high < low:
                raise PatternError("a range in [] whose end is not after its beginning")
            ranges.append((low, high))
            if len(ranges) > MAX_RANGES:
                raise PatternError(f"more than {MAX_RANGES} ranges in []")
        self._take()
        if not letters and not ranges:
            raise PatternError("[] without a letter in it")
        return _Letters(frozenset(letters), tuple(ranges), inverse)

    def _class_part(self, letters: set[str]) -> str | None:
        """Add what is next in a class; return the letter, or None for a set such as \\d."""
        letter = self._take()
        if not letter:
            raise PatternError("'[' without ']'")
        if letter == "[":
            raise PatternError("'[' inside []; write \\[ for the sign itself")
        if letter == "\\":
            escaped = self._take()
            if escaped in _SETS:
                letters |= _SETS[escaped]
                return None
            letter = self._plain(escaped)
        letters.add(letter)
        return letter


def longest_of(most: int | None) -> int:
    """Return how long a text with a pattern may be, by the maxLength of its field."""
    return USUAL_LENGTH if most is None else min(most, MAX_LENGTH)


@lru_cache(maxsize=256)
def pattern_of(text: str) -> Pattern:
    """Return the pattern of a text, made once. Raises PatternError."""
    return Pattern(text)
