"""Conditions: parse an `if` with Jinja2's parser, check its types, and lower it to an expression of the plan.

A condition has names, literals, comparisons, and, or, not, in and |abs; whole numbers only. Errors are
returned as findings; the caller knows the position in the file.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser
from jinja2.sandbox import SandboxedEnvironment

from ..context import Variable
from ..data import convert
from ..plan import Absolute, Compare, Expression, ListOf, LiteralValue, Logic, Name, Scalar
from ..suggest import ask_if_meant, did_you_mean, is_like, join_names, name_foreign_sign, name_some, nearest
from . import expression_codes as codes
from .diagnostics import Code
from .instead import suggest_quoted_day
from .language.base import is_id
from .plain_conditions import read_plain

ENVIRONMENT = SandboxedEnvironment()
T = TypeVar("T")

MAX_LENGTH = 1000
MAX_DEPTH = 25

ANY = "*"
"""The name of a group of which not all variables are known: what declares them is missing or wrong."""

_INVALID = Variable("unknown", "what is declared with an invalid id")

Variables = Mapping[str, Mapping[str, Variable]]


class Known(dict[str, dict[str, Variable]]):
    """Variables by group and name, that stay as they are; with the conditions that were parsed with them."""

    def __init__(self, variables: Mapping[str, dict[str, Variable]]) -> None:
        super().__init__(variables)
        self.parsed: dict[str, tuple[Expression | None, list[Finding]]] = {}


class Finding(NamedTuple):
    """An error in a condition or text, with its line and the word to point at."""

    code: Code
    message: str
    line: int = 1
    word: str = ""
    help: str | None = None
    missing: str | None = None
    """What is not there, where authors say what there is: a fact, an option of one, an answer or a field."""


class Typed(NamedTuple):
    """An expression with its type, its possible values if they are few, and the value of a literal."""

    expression: Expression
    type: str
    values: tuple[str, ...] = ()
    literal: Scalar = None
    labels: tuple[str, ...] = ()
    """What people call its values, in their order, where they are the options of a choice."""


def parse_condition(text: str, variables: Variables) -> tuple[Expression | None, list[Finding]]:
    """Return the expression of a condition and the findings; with findings the expression is None."""
    if not isinstance(variables, Known):
        return _parse(text, variables)
    if text not in variables.parsed:
        variables.parsed[text] = _parse(text, variables)
    return variables.parsed[text]


def _parse(text: str, variables: Variables) -> tuple[Expression | None, list[Finding]]:
    if len(text) > MAX_LENGTH:
        return None, [Finding(codes.SYNTAX, f"condition is longer than {MAX_LENGTH:,} characters")]
    tree = _parse_tree(text)
    if isinstance(tree, Finding):
        return None, [tree]
    checker = Checker(variables)
    typed = checker.check_condition(tree)
    return (None if checker.findings or typed is None else typed.expression), checker.findings


@lru_cache(maxsize=2048)
def _parse_tree(text: str) -> nodes.Expr | Finding:
    """Return the tree of a condition, or the finding why there is none. Nobody changes the tree."""
    plain = read_plain(text)
    if plain is not None:
        return plain
    try:
        parser = Parser(ENVIRONMENT, text, state="variable")
        tree = parser.parse_expression()
        rest = str(parser.stream.current.value)
        if not parser.stream.eos:
            message = f"invalid condition: unexpected '{rest}'"
            word, help = _suggest_spelling(text)
            return Finding(codes.SYNTAX, message, word=word or rest, help=help or _REST.get(rest))
    except TemplateSyntaxError as error:
        word, help = _suggest_spelling(text)
        said = _AT.sub("", error.message or "")
        if said == _ENDS_EARLY:
            said = "it ends where a name or value should follow"
        message = f"invalid condition: {said}"
        return Finding(codes.SYNTAX, message, word=word, help=help)
    except (RecursionError, ValueError):  # nested brackets; a number of thousands of digits
        return Finding(codes.SYNTAX, "invalid condition: nested too deeply")
    return tree


@dataclass
class Checker:
    """Checks the types of a Jinja2 tree against the variables and lowers it; collects findings."""

    variables: Variables
    texts: bool = False
    """Whether the tree is of a text, which may also use variables that are known only when it is sent."""
    findings: list[Finding] = field(default_factory=list)
    depth: int = 0

    def check_condition(self, node: nodes.Node) -> Typed | None:
        """Check an expression that must be a yes/no value."""
        typed = self.check(node)
        if typed is not None and typed.type != "yes_no":
            message = f"condition must be a yes/no value, found {_KINDS[typed.type]}"
            return self.reject(codes.TYPES, message, node, help=_suggest_compared(typed))
        return typed

    def check(self, node: nodes.Node) -> Typed | None:
        """Check an expression; None when it has an error."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            construct = _NAMES.get(type(node), type(node).__name__.lower())
            return self.reject(
                codes.NOT_ALLOWED, f"{construct} is not allowed here", node, help=self._suggest(node)
            )
        if self.depth > MAX_DEPTH:
            return self.reject(codes.SYNTAX, "invalid condition: nested too deeply", node)
        self.depth += 1
        typed = handler(self, node)
        self.depth -= 1
        return typed

    def resolve(self, node: nodes.Getattr | nodes.Name) -> Variable | None:
        """Return the variable that a path names, or None when it does not resolve."""
        if isinstance(node, nodes.Name):
            if node.name in self.variables:
                fields = _join(self.variables[node.name])
                message = f"expected a variable, found the group '{node.name}'"
                return self.reject(codes.VARIABLE, message, node, help=f"its variables: {fields}")
            near = self._find_path(node.name) or nearest(node.name, self._groups())
            otherwise = "write a group and a name, such as contact.name" if self.texts else None
            meant = otherwise or f"put text in quotes: '{node.name}'"
            meant = ask_if_meant(node.name, near) if near else meant
            return self.reject(codes.VARIABLE, f"unknown variable '{node.name}'", node, help=meant)
        if not isinstance(node.node, nodes.Name):
            return self.reject(codes.VARIABLE, "expected a group and a name, such as period.kind", node)
        group, name = node.node.name, node.attr
        if group not in self.variables:
            help = _NOT_IN_TEXTS.get(group) if self.texts else None
            help = help or self._suggest_path(group, name)
            self.reject(codes.VARIABLE, f"unknown variable '{group}.{name}'", node, help=help)
            if group == "answers" and not self.texts:
                self.findings[-1] = self.findings[-1]._replace(missing=f"{group}.{name}")
            return None
        known = self.variables[group].get(name) or self.variables[group].get(ANY)
        if known is None:
            names, invalid = _part_invalid(self.variables[group])
            if is_like(name, invalid):
                return _INVALID
            near = nearest(name, names)
            suggestion = ask_if_meant(name, f"{group}.{near}") if near else did_you_mean(name, names)
            self.reject(codes.VARIABLE, f"unknown variable '{group}.{name}'", node, help=suggestion)
            if group in ("facts", "answers", "relation"):
                self.findings[-1] = self.findings[-1]._replace(missing=f"{group}.{name}")
            return None
        return known

    def _suggest_path(self, group: str, name: str) -> str | None:
        """Return the help for a variable of an unknown group: the whole path where it is plain."""
        near = nearest(group, self._groups())
        if near is None:
            return did_you_mean(group, self._groups())
        names = self.variables[near]
        field = name if name in names else nearest(name, names)
        if field:
            return ask_if_meant(f"{group}.{name}", f"{near}.{field}")
        return f"{ask_if_meant(group, near)} its variables: {_join(names)}"

    def _find_path(self, name: str) -> str | None:
        """Return the path of a variable that is named without its group, where one group alone has it."""
        groups = [group for group in self._groups() if name in self.variables[group]]
        return f"{groups[0]}.{name}" if len(groups) == 1 else None

    def _groups(self) -> list[str]:
        """Return the groups with a variable that is allowed here."""
        groups = self.variables.items()
        return [
            group
            for group, names in groups
            if names and (self.texts or any(v.in_conditions for v in names.values()))
        ]

    def _suggest(self, node: nodes.Node) -> str | None:
        """Return what to write instead of a construct that is not allowed."""
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "abs":
            return f"write {spell(node.args[0]) if node.args else 'it'}|abs"
        if isinstance(node, nodes.Test):
            return "compare with == or !=, or use a yes/no variable by itself"
        parts: list[str] = []
        while isinstance(node, nodes.Sub) and isinstance(node.right, nodes.Name):
            parts.insert(0, node.right.name)
            node = node.left
        path = "_".join([spell(node), *parts])
        group, _, name = path.partition(".")
        known = self.variables.get(group, {})
        return ask_if_meant(path, path) if parts and name in known else None

    def reject(self, code: Code, message: str, node: nodes.Node, help: str | None = None) -> T | None:
        """Add a finding at a node; returns None for the caller to return."""
        lines = (one.lineno for one in (node, *node.find_all(nodes.Node)) if one.lineno)
        self.findings.append(Finding(code, message, next(lines, 1), spell(node), help))
        return None

    def _check_name(self, node: nodes.Getattr | nodes.Name) -> Typed | None:
        variable = self.resolve(node)
        if variable is None or not isinstance(node, nodes.Getattr) or not isinstance(node.node, nodes.Name):
            return None
        if not variable.in_conditions and not self.texts:
            message = f"variable '{spell(node)}' is available in texts only, not in conditions"
            return self.reject(codes.VARIABLE, message, node)
        if variable.type == "unknown":
            return None  # its type is wrong, and reported
        name = Name(path=(node.node.name, node.attr))
        return Typed(name, variable.type, variable.values, labels=variable.labels)

    def _check_constant(self, node: nodes.Const) -> Typed | None:
        value = node.value
        if isinstance(value, float):
            help = "write a number without point or comma, such as 1000"
            return self.reject(codes.NOT_ALLOWED, f"expected a whole number, found {value}", node, help=help)
        if isinstance(value, bool):
            kind = "yes_no"
        elif value is None:
            kind = "none"
        else:
            kind = "number" if isinstance(value, int) else "text"
        return Typed(LiteralValue(value=value), kind, literal=value)

    def _check_negative(self, node: nodes.Neg) -> Typed | None:
        typed = self.check(node.node)
        if typed is None or typed.type != "number" or not isinstance(typed.literal, int):
            return typed and self.reject(codes.NOT_ALLOWED, "arithmetic is not allowed here", node)
        return Typed(LiteralValue(value=-typed.literal), "number", literal=-typed.literal)

    def _check_not(self, node: nodes.Not) -> Typed | None:
        typed = self.check_condition(node.node)
        return typed and Typed(Logic(by="not", of=(typed.expression,)), "yes_no")

    def _check_logic(self, node: nodes.And | nodes.Or) -> Typed | None:
        parts = [self.check_condition(part) for part in _operands(node)]
        if None in parts:
            return None
        op: Literal["and", "or"] = "and" if isinstance(node, nodes.And) else "or"
        return Typed(Logic(by=op, of=tuple(part.expression for part in parts if part)), "yes_no")

    def _check_filter(self, node: nodes.Filter) -> Typed | None:
        if node.name != "abs" or node.args or node.kwargs or node.node is None:
            message = f"filter '{node.name}' is not allowed here, expected 'abs'"
            return self.reject(codes.NOT_ALLOWED, message, node)
        typed = self.check(node.node)
        if typed is not None and typed.type not in ("number", "money"):
            return self.reject(codes.TYPES, f"abs expects a number, found {_KINDS[typed.type]}", node)
        return typed and Typed(Absolute(of=typed.expression), typed.type)

    def _check_comparison(self, node: nodes.Compare) -> Typed | None:
        parts: list[Expression] = []
        left_node, left = node.expr, self.check(node.expr)
        for operand in node.ops:
            check_pair = self._check_membership if operand.op in ("in", "notin") else self._check_pair
            comparison, right = check_pair(operand, left_node, left)
            if comparison is not None:
                parts.append(comparison)
            left_node, left = operand.expr, right
        if len(parts) < len(node.ops):
            return None
        return Typed(parts[0] if len(parts) == 1 else Logic(by="and", of=tuple(parts)), "yes_no")

    def _check_pair(
        self, operand: nodes.Operand, left_node: nodes.Node, left: Typed | None
    ) -> tuple[Expression | None, Typed | None]:
        right = self.check(operand.expr)
        if left is None or right is None or not self._is_comparable(operand, left_node, left, right):
            return None, right
        op = {"gteq": "ge", "lteq": "le"}.get(operand.op, operand.op)
        sides = {"left": _in_unit_of(right, left), "right": _in_unit_of(left, right)}
        comparison = convert({"op": "compare", "by": op, **sides}, Compare)
        return comparison, right

    def _is_comparable(self, operand: nodes.Operand, node: nodes.Node, left: Typed, right: Typed) -> bool:
        """Say whether a comparison is valid; report why not."""
        ordered = operand.op not in ("eq", "ne")
        if "none" in (left.type, right.type) and not ordered:
            return True
        if not self._has_same_type(left, right):
            message = f"cannot compare {_KINDS[left.type]} with {_KINDS[right.type]}"
            help = self._suggest_comparison(left, right)
            self.reject(codes.TYPES, message, _pick_operand(node, operand.expr), help=help)
            return False
        if ordered and left.type not in ("number", "date", "money"):
            message = f"{_KINDS[left.type]} cannot be compared with < or >: use == or !="
            self.reject(codes.TYPES, message, _pick_operand(node, operand.expr))
            return False
        return self._is_possible(left, right, operand.expr) and self._is_possible(right, left, node)

    def _suggest_comparison(self, left: Typed, right: Typed) -> str | None:
        """Return the help for a number in quotes, another day, and a yes/no variable beside a word."""
        types = {left.type, right.type}
        if types & {"money", "number"}:
            return "write the number without quotes"
        word = next((one.literal for one in (left, right) if isinstance(one.literal, str)), None)
        if "date" in types and word is not None:
            if self.texts:
                return "a text has days in words: compare period.year or period.month instead"
            return suggest_quoted_day(word)
        name = next((one for one in (left, right) if one.type == "yes_no"), None)
        if name is None or word is None or not isinstance(name.expression, Name):
            return None
        path = ".".join(name.expression.path)
        return f"a yes/no value stands by itself: {path}, or not {path}"

    def _has_same_type(self, left: Typed, right: Typed) -> bool:
        """Say whether two values have the same type.

        In a condition a text such as '2026-01-31' compared with a date is a date. A text that is sent has
        dates in words, which cannot be compared. An amount is compared with whole euros.
        """
        if left.type == right.type:
            return True
        if {left.type, right.type} == {"money", "number"}:
            return next(one for one in (left, right) if one.type == "number").literal is not None
        text = next((typed for typed in (left, right) if typed.type == "text"), None)
        mixed = {left.type, right.type} == {"date", "text"}
        return mixed and text is not None and _is_day(text.literal) and not self.texts

    def _is_possible(self, variable: Typed, literal: Typed, node: nodes.Node) -> bool:
        """Say whether a variable can have the value of a literal; report when it cannot."""
        if not variable.values or not isinstance(literal.literal, str) or literal.literal in variable.values:
            return True
        near = _suggest_option(variable, literal.literal) or did_you_mean(literal.literal, variable.values)
        help = near or f"write one of these: {name_some(variable.values)}"
        name = ".".join(variable.expression.path) if isinstance(variable.expression, Name) else "it"
        self.reject(codes.VALUE, f"{name} is never '{literal.literal}'", node, help=help)
        if name.startswith("facts."):
            self.findings[-1] = self.findings[-1]._replace(missing=f"{name}.{literal.literal}")
        return False

    def _check_membership(
        self, operand: nodes.Operand, left_node: nodes.Node, left: Typed | None
    ) -> tuple[Expression | None, None]:
        if not isinstance(operand.expr, nodes.List | nodes.Tuple):
            self.reject(codes.NOT_ALLOWED, "expected a list after 'in', such as ['bv', 'nv']", operand.expr)
            return None, None
        if self._reject_words(operand.expr):
            return None, None
        items = [self.check(item) for item in operand.expr.items]
        if left is None or None in items:
            return None, None
        for item, node in zip(items, operand.expr.items, strict=True):
            assert item is not None
            if not self._has_same_type(left, item):
                message = f"cannot compare {_KINDS[left.type]} with {_KINDS[item.type]}"
                self.reject(codes.TYPES, message, node, help=self._suggest_comparison(left, item))
                return None, None
            if not self._is_possible(left, item, node):
                return None, None
        values = ListOf(items=tuple(_in_unit_of(left, item) for item in items if item))
        comparison = Compare(by="in", left=left.expression, right=values)
        return (Logic(by="not", of=(comparison,)) if operand.op == "notin" else comparison), None

    def _reject_words(self, node: nodes.List | nodes.Tuple) -> bool:
        """Report a list with several words without quotes, as one mistake."""
        words = [one for one in node.items if isinstance(one, nodes.Name) and one.name not in self.variables]
        if len(words) < 2 or any(self._find_path(one.name) for one in words):
            return False
        named = join_names([one.name for one in words], "and")
        written = ", ".join(
            f"'{one.name}'" if isinstance(one, nodes.Name) else _write(one) for one in node.items
        )
        help = f"put text in quotes: [{written}]"
        self.reject(codes.VARIABLE, f"unknown variables {named}", words[0], help=help)
        return True


def _operands(node: nodes.And | nodes.Or) -> list[nodes.Node]:
    """Return the operands of a chain such as a and b and c, which the parser nests on the left."""
    operands: list[nodes.Node] = []
    here: nodes.Node = node
    while isinstance(here, type(node)):
        operands.append(here.right)
        here = here.left
    return [here, *reversed(operands)]


def _in_unit_of(other: Typed, typed: Typed) -> Expression:
    """Return an expression in the unit of what it is compared with: euros that are written become cents."""
    if other.type == "money" and typed.type == "number" and isinstance(typed.literal, int):
        return LiteralValue(value=typed.literal * 100)
    return typed.expression


def _suggest_compared(typed: Typed) -> str | None:
    """Return the help for a variable that stands where a yes/no value should: with what to compare it."""
    if not isinstance(typed.expression, Name):
        return None
    path = ".".join(typed.expression.path)
    if typed.type == "date":
        return f"compare it: {path} != none where it is known"
    if typed.type in ("number", "money"):
        return f"compare it: {path} == 0, or {path} != none where it is known"
    return f"compare it: {path} == '{typed.values[0] if typed.values else '…'}'"


def _part_invalid(written: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that are ids, and what is written for others: it may be what is named."""
    names = [name for name in written if name != ANY]
    return tuple(filter(is_id, names)), tuple(name for name in names if not is_id(name))


def _suggest_option(variable: Typed, written: str) -> str | None:
    """Return the help for an option that is called by its title."""
    called = (
        value
        for value, label in zip(variable.values, variable.labels, strict=False)
        if label.casefold() == written.casefold()
    )
    id = next(called, None)
    return f"that is its title; conditions have its id: '{id}'" if id else None


def _is_day(value: Scalar) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _pick_operand(left: nodes.Node, right: nodes.Node) -> nodes.Node:
    """Return the operand to point at: a literal on the right, else the one on the left."""
    return right if isinstance(right, nodes.Const) else left


def spell(node: nodes.Node) -> str:
    """Return how the beginning of a node is spelled in the source, to find its position."""
    if isinstance(node, nodes.Getattr):
        return f"{spell(node.node)}.{node.attr}"
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Filter):
        return node.name
    child = next(iter(node.iter_child_nodes()), None)
    return spell(child) if child is not None else ""


def _write(node: nodes.Node) -> str:
    """Return how a literal or a path is written in a condition."""
    is_text = isinstance(node, nodes.Const) and isinstance(node.value, str)
    return f"'{spell(node)}'" if is_text else spell(node)


def _join(names: Iterable[str]) -> str:
    return ", ".join(sorted(name for name in names if name != ANY))


def suggest_straight(curly: str) -> str:
    """Return the help for a curly quote where only straight ones quote."""
    return f"write straight quotes ' instead of {curly}, which a text processor makes of them"


def _suggest_spelling(text: str) -> tuple[str, str | None]:
    """Return the operator of another language, or a sign that belongs in no condition, with the help."""
    if "{" in text or "}" in text:
        return "", "remove the braces: 'if' takes a bare expression"
    curly = re.search("[\u2018\u2019\u201c\u201d\u201e]", text)
    if curly:
        return curly[0], suggest_straight(curly[0])
    outside = re.sub(r"'[^']*'|\"[^\"]*\"", "''", text)
    if "€" in outside:
        return "€", "write an amount in whole euros, without the sign: 1000"
    if "%" in outside:
        return "%", "conditions do not reckon: compare with a number without '%'"
    sign = name_foreign_sign(re.sub("[≤≥≠]", "", outside))
    if sign:
        return next(
            one for one in outside if not one.isascii() and one not in "≤≥≠"
        ), f"type it again: {sign}"
    other = _OTHER.search(outside)
    return (other[0], f"write '{_WORDS[other[0].lower()]}' instead of '{other[0]}'") if other else ("", None)


_ENDS_EARLY = "unexpected 'end of template'"
_AT = re.compile(r" at \d+$")
"""Where Jinja2 stopped, counted from the beginning of the condition; the place is shown instead."""
_OTHER = re.compile(r"===|!==|=<|=>|≤|≥|≠|<>|&&|\|\||!(?!=)|\b(?:(?i:en|of|niet|geen)|AND|OR|NOT)\b")
_WORDS = dict(
    [
        *(("&&", "and"), ("||", "or"), ("!", "not"), ("and", "and"), ("or", "or"), ("not", "not")),
        *(
            ("===", "=="),
            ("!==", "!="),
            ("=<", "<="),
            ("=>", ">="),
            ("≤", "<="),
            ("≥", ">="),
            ("≠", "!="),
            ("<>", "!="),
        ),
        *(("en", "and"), ("of", "or"), ("niet", "not"), ("geen", "not")),
    ]
)
_REST = {"=": "compare values with =="}

_NOT_IN_TEXTS = {"answers": "a message cannot tell what a client answered; conditions can read it"}
"""Groups that conditions have and texts have not, with why."""

_KINDS = {
    "text": "a text",
    "number": "a number",
    "yes_no": "a yes/no value",
    "date": "a date",
    "money": "an amount",
    "none": "'none'",
}

_NAMES: dict[type[nodes.Node], str] = {
    **dict.fromkeys(
        (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Concat),
        "arithmetic",
    ),
    nodes.Pos: "arithmetic",
    nodes.Call: "a call",
    nodes.Test: "a test with 'is'",
    nodes.CondExpr: "an inline if",
    nodes.Getitem: "an index in brackets",
    nodes.List: "a list",
    nodes.Tuple: "a list",
    nodes.Dict: "a mapping",
    nodes.TemplateData: "a text with braces",
}

_HANDLERS: dict[type[nodes.Node], Callable[[Checker, Any], Typed | None]] = {
    nodes.Name: Checker._check_name,
    nodes.Getattr: Checker._check_name,
    nodes.Const: Checker._check_constant,
    nodes.Neg: Checker._check_negative,
    nodes.Not: Checker._check_not,
    nodes.And: Checker._check_logic,
    nodes.Or: Checker._check_logic,
    nodes.Filter: Checker._check_filter,
    nodes.Compare: Checker._check_comparison,
}
