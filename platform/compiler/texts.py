"""Texts: subjects and bodies in Jinja2, checked against the variables that a text may use.

A text has variables, filters, and if/elif/else. Loops, macros, includes, calls and tests are rejected: a text
that is sent to a client must be readable in its definition.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from ..suggest import join_names
from . import expression_codes as codes
from .conditions import ENVIRONMENT, Checker, Finding, Variables, spell, suggest_straight

_TAGS: dict[type[nodes.Node], str] = {
    nodes.Scope: "autoescape",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
}
_HALF_CLOSED = re.compile(r"\{\{[^{}\n]*(?:\}(?!\})|$|(?=\{))", re.MULTILINE)
_CURLY_INSIDE = re.compile(r"\{[{%][^{}\n]*?(?P<sign>[\u2018\u2019\u201c\u201d\u201e])")
_HALF_TAG = re.compile(r"\{%[^{}%]*(?:\}|\Z|(?=\{))")
_ASSIGNS = re.compile(r"\{%[-+]?\s*(?:el)?if\b(?:[^%'\"]|'[^']*'|\"[^\"]*\")*?[^=!<>]=(?!=)")
_UNKNOWN_TAG = re.compile(r"Encountered unknown tag '(\w+)'")
_TAG_IN_BRACES = re.compile(r"\{\{-?\s*(if|elif|else|endif)\b")
_TAG_MEANT = {
    **dict.fromkeys(("elseif", "elsif", "andersals"), "elif"),
    **dict.fromkeys(("als", "indien", "when"), "if"),
    **dict.fromkeys(("anders", "otherwise"), "else"),
    **dict.fromkeys(("eindals", "einde", "end", "fi", "eindeals"), "endif"),
}
"""What is meant by tags of other languages, and by Dutch words."""
DEEPEST = 10
"""How many conditions may stand inside each other."""
FILTERS = ("capitalize", "lower", "title", "trim", "upper")


@lru_cache(maxsize=1024)
def parse_text(text: str) -> nodes.Template | Finding:
    """Return the tree of a text, or the finding why there is none. Nobody changes the tree."""
    try:
        return ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        split = re.search(r"\{%[-+]?\s*end\s+if\b", text)
        if split:
            number = _count_lines(text, split.start())
            message = "invalid Jinja2: unknown tag 'end if'"
            return Finding(codes.TEXT_SYNTAX, message, number, "end", "write endif")
        line = _find_unclosed_if(text)
        if line is not None:
            message = "invalid Jinja2: this {% if %} is not closed"
            return Finding(codes.TEXT_SYNTAX, message, line, "if", "add {% endif %}")
        half = _HALF_CLOSED.search(text)
        if half:
            number = _count_lines(text, half.start())
            message = f"invalid Jinja2: '{half[0].strip()}' does not end in }}}}"
            return Finding(codes.TEXT_SYNTAX, message, number, "{{", "write two braces on both sides")
        half_tag = _HALF_TAG.search(text)
        if half_tag:
            message = f"invalid Jinja2: '{half_tag[0].strip()}' does not end in %}}"
            line = _count_lines(text, half_tag.start())
            return Finding(codes.TEXT_SYNTAX, message, line, "{%", "write %} at its end")
        begun = text.rfind("{#")
        if begun >= 0 and "#}" not in text[begun:]:
            message, help = (
                "invalid Jinja2: nothing ends the comment that '{#' begins",
                "remove it, or add #}",
            )
            return Finding(codes.TEXT_SYNTAX, message, _count_lines(text, begun), "{#", help)
        assigns = _ASSIGNS.search(text)
        if assigns:
            message, help = "invalid Jinja2: '=' in a condition", "compare values with =="
            return Finding(codes.TEXT_SYNTAX, message, _count_lines(text, assigns.end()), "=", help)
        curly = _CURLY_INSIDE.search(text)
        if curly:
            number = _count_lines(text, curly.start("sign"))
            message = f"invalid Jinja2: curly quote {curly['sign']} between braces"
            return Finding(codes.TEXT_SYNTAX, message, number, curly["sign"], suggest_straight(curly["sign"]))
        unknown = _UNKNOWN_TAG.match(error.message or "")
        if unknown:
            tag = unknown[1]
            after = _find_after_else(text)
            if after is not None:
                message = f"invalid Jinja2: {{% {after[1]} %}} after the {{% else %}} of the same {{% if %}}"
                help = "remove it, or write {% elif … %} before the {% else %}, which is last and stands once"
                return Finding(codes.TEXT_SYNTAX, message, *after, help)
            if tag in ("elif", "else", "endif"):
                message = f"invalid Jinja2: this {{% {tag} %}} belongs to no {{% if %}}"
                help = "write {% if … %} before it, or remove it"
                return Finding(codes.TEXT_SYNTAX, message, error.lineno, tag, help)
            help = f"write {_TAG_MEANT.get(tag, 'if, elif, else or endif')} instead of {tag}"
            return Finding(codes.TEXT_SYNTAX, f"invalid Jinja2: unknown tag '{tag}'", error.lineno, tag, help)
        tag = _TAG_IN_BRACES.search(text)
        if tag:
            message = f"invalid Jinja2: '{tag[1]}' between double braces"
            help = f"write {{% {tag[1]} … %}}" if tag[1] in ("if", "elif") else f"write {{% {tag[1]} %}}"
            return Finding(codes.TEXT_SYNTAX, message, _count_lines(text, tag.start()), tag[1], help)
        more = "end of print statement" in str(error.message)
        hint = "write one variable between braces, such as {{ contact.name }}" if more else None
        return Finding(codes.TEXT_SYNTAX, f"invalid Jinja2: {error.message}", error.lineno, help=hint)
    except (RecursionError, ValueError):
        return Finding(codes.TEXT_SYNTAX, "invalid Jinja2: nested too deeply")


def _count_lines(text: str, place: int) -> int:
    """Return on which line of a text a place is, from 1."""
    return text.count("\n", 0, place) + 1


def check_text(text: str, variables: Variables) -> list[Finding]:
    """Return the findings in a text."""
    tree = parse_text(text)
    if isinstance(tree, Finding):
        return [tree]
    checker = Checker(variables, texts=True)
    _check_body(checker, tree.body, 0)
    return checker.findings


def _find_unclosed_if(text: str) -> int | None:
    """Return the line of the innermost {% if %} without its {% endif %}."""
    open_ifs: list[int] = []
    for tag in re.finditer(r"\{%[-+]?\s*(if|endif)\b", text):
        if tag[1] == "if":
            open_ifs.append(tag.start())
        elif open_ifs:
            open_ifs.pop()
    return _count_lines(text, open_ifs[-1]) if open_ifs else None


def _find_after_else(text: str) -> tuple[int, str] | None:
    """Return the line and the word of the first else or elif that follows the else of its if."""
    had: list[bool] = []
    for tag in re.finditer(r"\{%[-+]?\s*(if|elif|else|endif)\b", text):
        if tag[1] == "if":
            had.append(False)
        elif had and tag[1] == "endif":
            had.pop()
        elif had and had[-1]:
            return text.count("\n", 0, tag.start()) + 1, tag[1]
        elif had:
            had[-1] = tag[1] == "else"
        else:
            return None
    return None


def _check_body(checker: Checker, body: Sequence[nodes.Node], depth: int) -> None:
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                _check_output(checker, part)
        elif isinstance(node, nodes.If) and depth < DEEPEST:
            checker.check_condition(node.test)
            for branch in (node.body, node.elif_, node.else_):
                _check_body(checker, branch, depth + 1)
        else:
            tag = _TAGS.get(type(node), type(node).__name__.lower())
            checker.reject(codes.NOT_IN_TEXT, f"'{tag}' is not allowed in a text", node)


def _check_output(checker: Checker, node: nodes.Node) -> None:
    if isinstance(node, nodes.TemplateData):
        return
    while isinstance(node, nodes.Filter) and node.name in FILTERS and not node.args and node.node is not None:
        node = node.node
    if isinstance(node, nodes.Filter):
        message = f"filter '{node.name}' is not allowed in a text, expected {join_names(FILTERS)}"
        checker.reject(codes.NOT_IN_TEXT, message, node)
    elif not isinstance(node, nodes.Getattr | nodes.Name):
        message = "expected a variable between the braces, such as {{ contact.name }}"
        checker.reject(codes.NOT_IN_TEXT, message, node)
    else:
        variable = checker.resolve(node)
        if variable is not None and variable.type == "money":
            message = f"'{spell(node)}' is an amount, and this text is mailed"
            help = "lead to it with {{ filing.link }}, or test it in {% if … %} without printing it"
            checker.reject(codes.PRINTED_AMOUNT, message, node, help)
        if variable is not None and variable.type == "yes_no":
            message = f"yes/no variable '{spell(node)}' cannot be printed: use it in {{% if … %}}"
            checker.reject(codes.NOT_IN_TEXT, message, node)
