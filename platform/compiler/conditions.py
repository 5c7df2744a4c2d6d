"""Conditions: an `if`, parsed by Jinja2's own parser, typed, and lowered to the Plan's expression.

A condition has names, literals, comparisons, and, or, not, in and |abs; whole numbers only. What is wrong is
returned as findings; who calls knows the place in the file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec
from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser
from jinja2.sandbox import SandboxedEnvironment

from ..context import Variable
from ..plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name, Scalar
from . import expression_codes as codes
from .diagnostics import Code
from .shape_codes import LATER
from .suggest import did_you_mean, nearest

ENVIRONMENT = SandboxedEnvironment()
T = TypeVar("T")

MAX_LENGTH = 1000
MAX_DEPTH = 25

Variables = Mapping[str, Mapping[str, Variable]]


class Finding(NamedTuple):
    """Something wrong in a condition or text: on which of its lines, and the word to point at."""

    code: Code
    message: str
    line: int = 1
    word: str = ""
    help: str | None = None


class Typed(NamedTuple):
    """An expression with its type, the few values it can have, and, for a literal, its value."""

    expression: Expression
    type: str
    values: tuple[str, ...] = ()
    literal: Scalar = None


def parse_condition(text: str, variables: Variables) -> tuple[Expression | None, list[Finding]]:
    """Return the expression of a condition and what is wrong with it (then the expression is None)."""
    if len(text) > MAX_LENGTH:
        return None, [Finding(codes.SYNTAX, f"a condition has at most {MAX_LENGTH} characters")]
    try:
        parser = Parser(ENVIRONMENT, text, state="variable")
        tree = parser.parse_expression()
        rest = str(parser.stream.current.value)
        if not parser.stream.eos:
            message, help = f"this is no condition: unexpected '{rest}'", _REST.get(rest, _spelling(text))
            return None, [Finding(codes.SYNTAX, message, word=rest, help=help)]
    except TemplateSyntaxError as error:
        return None, [Finding(codes.SYNTAX, f"this is no condition: {error.message}", help=_spelling(text))]
    except (RecursionError, ValueError):  # brackets in brackets; a number of thousands of digits
        return None, [Finding(codes.SYNTAX, "this is no condition: it is nested too deeply")]
    checker = Checker(variables)
    typed = checker.whole(tree)
    return (None if checker.findings or typed is None else typed.expression), checker.findings


@dataclass
class Checker:
    """Types a tree of Jinja2's against variables and lowers it; collects what is wrong."""

    variables: Variables
    texts: bool = False
    """Whether this is a text, which knows more than a condition: it is rendered when it is sent."""
    findings: list[Finding] = field(default_factory=list)
    depth: int = 0

    def whole(self, node: nodes.Node) -> Typed | None:
        """Type what must be yes or no."""
        typed = self.value(node)
        if typed is not None and typed.type != "yes_no":
            self.refuse(codes.TYPES, f"this is {_KINDS[typed.type]}, not yes or no", node)
            return None
        return typed

    def value(self, node: nodes.Node) -> Typed | None:
        """Type an expression; None when something is wrong with it."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            what = _NAMES.get(type(node), type(node).__name__.lower())
            return self.refuse(codes.NOT_ALLOWED, f"{what} cannot stand here", node, help=self._instead(node))
        if self.depth > MAX_DEPTH:
            return self.refuse(codes.SYNTAX, "this condition is nested too deeply", node)
        self.depth += 1
        typed = handler(self, node)
        self.depth -= 1
        return typed

    def variable(self, node: nodes.Getattr | nodes.Name) -> Variable | None:
        """Return the variable that a path names, or None (and say so)."""
        if isinstance(node, nodes.Name):
            if node.name in self.variables:
                fields = self.variables[node.name]
                has = f"it has {', '.join(sorted(fields))}"
                return self.refuse(codes.VARIABLE, f"'{node.name}' is a group of variables", node, help=has)
            near = nearest(node.name, self._groups())
            meant = f"did you mean '{near}'?" if near else f"a text is put in quotes: '{node.name}'"
            return self.refuse(codes.VARIABLE, f"unknown variable '{node.name}'", node, help=meant)
        if not isinstance(node.node, nodes.Name):
            return self.refuse(codes.VARIABLE, "a variable has a group and a name, such as period.kind", node)
        group, name = node.node.name, node.attr
        if group in _LATER:
            message = f"'{group}.{name}' is not in this version yet; {group} come with {_LATER[group]}"
            return self.refuse(LATER, message, node)
        if group not in self.variables:
            help = did_you_mean(group, self._groups())
            return self.refuse(codes.VARIABLE, f"unknown variable '{group}.{name}'", node, help=help)
        known = self.variables[group].get(name)
        if known is None:
            near = nearest(name, self.variables[group])
            help = f"did you mean '{group}.{near}'?" if near else did_you_mean(name, self.variables[group])
            return self.refuse(codes.VARIABLE, f"unknown variable '{group}.{name}'", node, help=help)
        return known

    def _groups(self) -> list[str]:
        """Return the groups that have a variable for here."""
        groups = self.variables.items()
        return [
            group for group, names in groups if self.texts or any(v.in_conditions for v in names.values())
        ]

    def _instead(self, node: nodes.Node) -> str | None:
        """Return what to write instead of something that cannot stand in a condition."""
        if isinstance(node, nodes.Test):
            return "compare with == or !=; what is yes or no stands alone"
        parts: list[str] = []
        while isinstance(node, nodes.Sub) and isinstance(node.right, nodes.Name):
            parts.insert(0, node.right.name)
            node = node.left
        written = "_".join([word_of(node), *parts])
        group, _, name = written.partition(".")
        known = self.variables.get(group, {})
        return f"did you mean '{written}'?" if parts and name in known else None

    def refuse(self, code: Code, message: str, node: nodes.Node, help: str | None = None) -> T | None:
        """Write down what is wrong at a node; returns None, which is the type of what has none."""
        self.findings.append(Finding(code, message, node.lineno, word_of(node), help))
        return None

    def _name(self, node: nodes.Getattr | nodes.Name) -> Typed | None:
        variable = self.variable(node)
        if variable is None or not isinstance(node, nodes.Getattr) or not isinstance(node.node, nodes.Name):
            return None
        if not variable.in_conditions and not self.texts:
            message = f"'{word_of(node)}' is known only when a text is sent; a condition cannot name it"
            return self.refuse(codes.VARIABLE, message, node)
        return Typed(Name(path=(node.node.name, node.attr)), variable.type, variable.values)

    def _constant(self, node: nodes.Const) -> Typed | None:
        value = node.value
        if isinstance(value, float):
            return self.refuse(codes.NOT_ALLOWED, "numbers are whole here", node)
        if isinstance(value, bool):
            kind = "yes_no"
        elif value is None:
            kind = "none"
        else:
            kind = "number" if isinstance(value, int) else "text"
        return Typed(LiteralValue(value=value), kind, literal=value)

    def _negative(self, node: nodes.Neg) -> Typed | None:
        typed = self.value(node.node)
        if typed is None or typed.type != "number" or not isinstance(typed.literal, int):
            return typed and self.refuse(codes.NOT_ALLOWED, "arithmetic cannot stand here", node)
        return Typed(LiteralValue(value=-typed.literal), "number", literal=-typed.literal)

    def _not(self, node: nodes.Not) -> Typed | None:
        typed = self.whole(node.node)
        return typed and Typed(Logic(by="not", of=(typed.expression,)), "yes_no")

    def _logic(self, node: nodes.And | nodes.Or) -> Typed | None:
        parts = [self.whole(part) for part in _operands(node)]
        if None in parts:
            return None
        op: Literal["and", "or"] = "and" if isinstance(node, nodes.And) else "or"
        return Typed(Logic(by=op, of=tuple(part.expression for part in parts if part)), "yes_no")

    def _filter(self, node: nodes.Filter) -> Typed | None:
        if node.name != "abs" or node.args or node.kwargs or node.node is None:
            return self.refuse(
                codes.NOT_ALLOWED, f"the filter '{node.name}' cannot stand here; abs can", node
            )
        typed = self.value(node.node)
        if typed is not None and typed.type != "number":
            return self.refuse(codes.TYPES, f"abs takes a number, this is {_KINDS[typed.type]}", node)
        return typed and Typed(Absolute(of=typed.expression), "number")

    def _compare(self, node: nodes.Compare) -> Typed | None:
        parts: list[Expression] = []
        left_node, left = node.expr, self.value(node.expr)
        for operand in node.ops:
            pair = self._membership if operand.op in ("in", "notin") else self._pair
            found, right = pair(operand, left_node, left)
            if found is not None:
                parts.append(found)
            left_node, left = operand.expr, right
        if len(parts) < len(node.ops):
            return None
        return Typed(parts[0] if len(parts) == 1 else Logic(by="and", of=tuple(parts)), "yes_no")

    def _pair(
        self, operand: nodes.Operand, left_node: nodes.Node, left: Typed | None
    ) -> tuple[Expression | None, Typed | None]:
        right = self.value(operand.expr)
        if left is None or right is None or not self._comparable(operand, left_node, left, right):
            return None, right
        op = {"gteq": "ge", "lteq": "le"}.get(operand.op, operand.op)
        made = msgspec.convert(
            {"op": "compare", "by": op, "left": left.expression, "right": right.expression}, Compare
        )
        return made, right

    def _comparable(self, operand: nodes.Operand, node: nodes.Node, left: Typed, right: Typed) -> bool:
        ordered = operand.op not in ("eq", "ne")
        if "none" in (left.type, right.type) and not ordered:
            return True
        if not self._same(left, right):
            message = f"{_KINDS[left.type]} cannot be compared with {_KINDS[right.type]}"
            self.refuse(codes.TYPES, message, _pointed(node, operand.expr))
            return False
        if ordered and left.type not in ("number", "date"):
            self.refuse(codes.TYPES, f"{_KINDS[left.type]} has no order", _pointed(node, operand.expr))
            return False
        return self._possible(left, right, operand.expr) and self._possible(right, left, node)

    def _same(self, left: Typed, right: Typed) -> bool:
        """Say whether two values are of one type.

        In a condition a text such as '2026-01-31' is a date beside a date; a text that is sent has dates in
        words, which cannot be compared.
        """
        if left.type == right.type:
            return True
        text = next((typed for typed in (left, right) if typed.type == "text"), None)
        mixed = {left.type, right.type} == {"date", "text"}
        return mixed and text is not None and _is_day(text.literal) and not self.texts

    def _possible(self, variable: Typed, literal: Typed, node: nodes.Node) -> bool:
        if not variable.values or not isinstance(literal.literal, str) or literal.literal in variable.values:
            return True
        help = did_you_mean(literal.literal, variable.values)
        name = ".".join(variable.expression.path) if isinstance(variable.expression, Name) else "it"
        self.refuse(codes.VALUE, f"{name} is never '{literal.literal}'", node, help=help)
        return False

    def _membership(
        self, operand: nodes.Operand, left_node: nodes.Node, left: Typed | None
    ) -> tuple[Expression | None, None]:
        if not isinstance(operand.expr, nodes.List | nodes.Tuple):
            self.refuse(codes.NOT_ALLOWED, "after in stands a list, such as ['bv', 'nv']", operand.expr)
            return None, None
        items = [self.value(item) for item in operand.expr.items]
        if left is None or None in items:
            return None, None
        for item, node in zip(items, operand.expr.items, strict=True):
            assert item is not None
            if not self._same(left, item):
                message = f"{_KINDS[left.type]} cannot be compared with {_KINDS[item.type]}"
                self.refuse(codes.TYPES, message, node)
                return None, None
            if not self._possible(left, item, node):
                return None, None
        listed = ListOf(items=tuple(item.expression for item in items if item))
        made = Compare(by="in", left=left.expression, right=listed)
        return (Logic(by="not", of=(made,)) if operand.op == "notin" else made), None


def _operands(node: nodes.And | nodes.Or) -> list[nodes.Node]:
    """Return the operands of a chain such as a and b and c, which the parser nests to the left."""
    operands: list[nodes.Node] = []
    here: nodes.Node = node
    while isinstance(here, type(node)):
        operands.append(here.right)
        here = here.left
    return [here, *reversed(operands)]


def _is_day(value: Scalar) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _pointed(left: nodes.Node, right: nodes.Node) -> nodes.Node:
    return right if isinstance(right, nodes.Const) else left


def word_of(node: nodes.Node) -> str:
    """Return how a node is written, as far as that can be told: to find its place."""
    if isinstance(node, nodes.Getattr):
        return f"{word_of(node.node)}.{node.attr}"
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Filter):
        return node.name
    child = next(iter(node.iter_child_nodes()), None)
    return word_of(child) if child is not None else ""


def _spelling(text: str) -> str | None:
    """Return the help for what other languages write."""
    if "{" in text or "}" in text:
        return "an if has no braces"
    other = re.search(r"&&|\|\||!(?!=)", text)
    return other and f"'{other[0]}' is written as {_WORDS[other[0]]}"


_WORDS = {"&&": "and", "||": "or", "!": "not"}
_REST = {"=": "two values are compared with =="}
_LATER = {"facts": "the template jaarrekening", "answers": "the data requests (uitvraag)"}

_KINDS = {
    "text": "a text",
    "number": "a number",
    "yes_no": "a yes or no",
    "date": "a date",
    "none": "nothing",
}

_NAMES: dict[type[nodes.Node], str] = {
    **dict.fromkeys(
        (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Concat),
        "arithmetic",
    ),
    nodes.Pos: "arithmetic",
    nodes.Call: "a call",
    nodes.Test: "a test (is)",
    nodes.CondExpr: "an if within an if",
    nodes.Getitem: "an index in brackets",
    nodes.List: "a list",
    nodes.Tuple: "a list",
    nodes.Dict: "a mapping",
    nodes.TemplateData: "a text with braces",
}

_HANDLERS: dict[type[nodes.Node], Callable[[Checker, Any], Typed | None]] = {
    nodes.Name: Checker._name,
    nodes.Getattr: Checker._name,
    nodes.Const: Checker._constant,
    nodes.Neg: Checker._negative,
    nodes.Not: Checker._not,
    nodes.And: Checker._logic,
    nodes.Or: Checker._logic,
    nodes.Filter: Checker._filter,
    nodes.Compare: Checker._compare,
}
