"""Texts: subjects and bodies in Jinja2, checked against the variables that a text may name.

A text has variables, their filters, and if/elif/else. Loops, macros, includes, calls and tests are refused:
a text that is sent to a client must be readable where it is written.
"""

import re
from collections.abc import Sequence

from jinja2 import TemplateSyntaxError, nodes

from . import expression_codes as codes
from .conditions import ENVIRONMENT, Checker, Finding, Variables, word_of
from .suggest import listed

FILTERS = ("capitalize", "lower", "title", "trim", "upper")


def check_text(text: str, variables: Variables) -> list[Finding]:
    """Return what is wrong with a text."""
    try:
        tree = ENVIRONMENT.parse(text)
    except TemplateSyntaxError as error:
        opened = _not_closed(text)
        if opened is not None:
            message = "this is no Jinja2: this {% if %} is not closed"
            return [Finding(codes.TEXT_SYNTAX, message, opened, "if", "add {% endif %}")]
        return [Finding(codes.TEXT_SYNTAX, f"this is no Jinja2: {error.message}", error.lineno)]
    except (RecursionError, ValueError):
        return [Finding(codes.TEXT_SYNTAX, "this is no Jinja2: it is nested too deeply")]
    checker = Checker(variables, texts=True)
    _body(checker, tree.body, 0)
    return checker.findings


def _not_closed(text: str) -> int | None:
    """Return the line of the innermost {% if %} without its {% endif %}."""
    lines: list[int] = []
    for tag in re.finditer(r"\{%[-+]?\s*(if|endif)\b", text):
        if tag[1] == "if":
            lines.append(text.count("\n", 0, tag.start()) + 1)
        elif lines:
            lines.pop()
    return lines[-1] if lines else None


def _body(checker: Checker, body: Sequence[nodes.Node], depth: int) -> None:
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                _shown(checker, part)
        elif isinstance(node, nodes.If) and depth < 10:
            checker.whole(node.test)
            for branch in (node.body, node.elif_, node.else_):
                _body(checker, branch, depth + 1)
        else:
            what = type(node).__name__.lower()
            checker.refuse(codes.NOT_IN_TEXT, f"'{what}' cannot stand in a text", node)


def _shown(checker: Checker, node: nodes.Node) -> None:
    if isinstance(node, nodes.TemplateData):
        return
    while isinstance(node, nodes.Filter) and node.name in FILTERS and not node.args and node.node is not None:
        node = node.node
    if isinstance(node, nodes.Filter):
        message = f"the filter '{node.name}' cannot stand in a text, {listed(FILTERS)} can"
        checker.refuse(codes.NOT_IN_TEXT, message, node)
    elif not isinstance(node, nodes.Getattr | nodes.Name):
        message = "between the braces stands a variable, such as {{ contact.name }}"
        checker.refuse(codes.NOT_IN_TEXT, message, node)
    else:
        variable = checker.variable(node)
        if variable is not None and variable.type == "yes_no":
            message = f"'{word_of(node)}' is yes or no, which is no text: use it in an if"
            checker.refuse(codes.NOT_IN_TEXT, message, node)
