"""The plain part of conditions that nearly every one is written in, read at once into Jinja2's tree.

Variables with their group, texts without a backslash, whole numbers, comparisons, and, or, not, in, brackets
and |abs, on one line. It reports nothing: whatever it does not know for certain, it leaves to Jinja2's own
parser, which gives the same tree (a test holds it to that).
"""

import re

from jinja2 import nodes

DEEPEST = 10
"""Less than Jinja2's parser takes."""

_TOKEN = re.compile(
    r"""\ *+(?:
      (?P<path>[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z_][A-Za-z0-9_]*+)*+)(?!\w)
      |(?P<number>-?(?:0|[1-9][0-9]{0,14}+)(?![\w.]))
      |'(?P<single>[^'\\\n]*+)'
      |"(?P<double>[^"\\\n]*+)"
      |(?P<sign>[=!<>]=|[<>()\[\],]|\|\ *+abs\b(?!\ *+\())
      |(?P<end>\n?\Z)
    )""",
    re.VERBOSE,
)
_COMPARISONS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "lteq", ">": "gt", ">=": "gteq", "in": "in"}
_WORDS = frozenset(("and", "or", "not", "in"))
_CONSTANTS = {"true": True, "True": True, "false": False, "False": False, "none": None, "None": None}
_TAKEN = frozenset((*_WORDS, "is", "if", "else"))
"""Words that a variable is never called."""
_END = "end"


class _StrangeError(Exception):
    """The condition has something that is not plain."""


def read_plain(text: str) -> nodes.Expr | None:
    """Return the tree of a condition, or None where Jinja2's parser has to look."""
    try:
        reader = _Reader(text)
        tree = reader.read_or()
        return tree if reader.sign == _END else None
    except _StrangeError:
        return None


class _Reader:
    """Reads a condition from left to right, one token ahead: a sign or word, or else a value."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._depth = text, 0, 0
        self.sign = ""
        self._value: nodes.Expr | None = None
        self._go_on()

    def _go_on(self) -> None:
        token = _TOKEN.match(self._text, self._at)
        if token is None:
            raise _StrangeError
        self._at = token.end()
        path, number, single, double, sign, end = token.groups()
        self.sign, self._value = "", None
        if path is not None:
            if path in _WORDS:
                self.sign = path
            else:
                self._value = _make_name(path)
        elif sign is not None:
            self.sign = sign
        elif end is not None:
            self.sign = _END
        elif number is not None:
            self._value = _make_number(number)
        else:
            self._value = nodes.Const(double if single is None else single, lineno=1)

    def _take(self, sign: str) -> None:
        if self.sign != sign:
            raise _StrangeError
        self._go_on()

    def read_or(self) -> nodes.Expr:
        """Read what is joined by `or`."""
        tree = self._read_and()
        while self.sign == "or":
            self._go_on()
            tree = nodes.Or(tree, self._read_and(), lineno=1)
        return tree

    def _read_and(self) -> nodes.Expr:
        tree = self._read_not()
        while self.sign == "and":
            self._go_on()
            tree = nodes.And(tree, self._read_not(), lineno=1)
        return tree

    def _read_not(self) -> nodes.Expr:
        if self.sign != "not":
            return self._read_comparison()
        self._go_on()
        self._depth += 1
        if self._depth > DEEPEST:
            raise _StrangeError
        tree = nodes.Not(self._read_not(), lineno=1)
        self._depth -= 1
        return tree

    def _read_comparison(self) -> nodes.Expr:
        left = self._read_value()
        operands: list[nodes.Operand] = []
        while True:
            if self.sign == "not":
                self._go_on()
                self._take("in")
                operands.append(nodes.Operand("notin", self._read_value()))
            elif self.sign in _COMPARISONS:
                op = _COMPARISONS[self.sign]
                self._go_on()
                operands.append(nodes.Operand(op, self._read_value()))
            else:
                return nodes.Compare(left, operands, lineno=1) if operands else left

    def _read_value(self) -> nodes.Expr:
        value = self._value
        if value is not None:
            self._go_on()
        elif self.sign in ("(", "["):
            self._depth += 1
            if self._depth > DEEPEST:
                raise _StrangeError
            value = self._read_brackets() if self.sign == "(" else self._read_list()
            self._depth -= 1
        else:
            raise _StrangeError
        while self.sign[:1] == "|":
            self._go_on()
            value = nodes.Filter(value, "abs", [], [], None, None, lineno=1)
        return value

    def _read_brackets(self) -> nodes.Expr:
        self._take("(")
        tree = self.read_or()
        self._take(")")
        return tree

    def _read_list(self) -> nodes.Expr:
        self._take("[")
        items = [self.read_or()]
        while self.sign == ",":
            self._go_on()
            items.append(self.read_or())
        self._take("]")
        return nodes.List(items, lineno=1)


def _make_name(path: str) -> nodes.Expr:
    name, *attributes = path.split(".")
    if name in _CONSTANTS and not attributes:
        return nodes.Const(_CONSTANTS[name], lineno=1)
    if name in _TAKEN or name in _CONSTANTS:
        raise _StrangeError
    tree: nodes.Expr = nodes.Name(name, "load", lineno=1)
    for attribute in attributes:
        tree = nodes.Getattr(tree, attribute, "load", lineno=1)
    return tree


def _make_number(text: str) -> nodes.Expr:
    number = nodes.Const(int(text.removeprefix("-")), lineno=1)
    return nodes.Neg(number, lineno=1) if text.startswith("-") else number
