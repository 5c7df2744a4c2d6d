"""Conditions in texts, held against the templates that send them.

They can hold, they hide no link, and they leave no text empty.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jinja2 import nodes

from ...plan import Expression
from ...plan import Logic as Joined
from ...reasoning import Values, judge, possible
from ..conditions import ANY, Checker
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..expressions import list_names, negate
from ..language.office import Text
from ..language.workflow import Workflow
from ..logic import PERIOD_KINDS, Logic, list_values
from ..lower import used_messages
from ..places import inside
from ..sendings import list_to_clients
from ..texts import DEEPEST, parse_text
from ..variables import UNKNOWN, Known, variables
from .client_texts import EMPTY, NO_LINK, list_texts


def _example(condition: str) -> Example:
    return Example(
        "texts:\n  nl:\n    subject: Uw aangifte\n    body: |\n      Kijk op {{ filing.link }}.\n"
        f"      {{% if {condition} %}}Dit is de laatste van het jaar.{{% endif %}}\n",
        "messages/ter-accordering.yaml",
    )


DECIDES_NOTHING = Code(
    "K688",
    "condition in a text that never or always holds",
    "No template that sends this message has a filing in which the condition of the text holds, such as one "
    "for a year in a template for months; or it holds whatever the values of its variables are. So a part of "
    "the text is never read, or the condition says nothing.",
    wrong=_example("period.kind == 'four_weeks'"),
    right=_example("period.last_of_year"),
    level="warning",
    remedy="change the condition, or remove it with the text that nobody reads",
)


class _Test(NamedTuple):
    """A condition of a text, with what holds where it is asked; None where that is invalid."""

    line: int
    test: Expression
    given: tuple[Expression, ...]


class _Walk:
    """Goes through a text by the variables of one template: its conditions, its words and its link."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.tests: list[_Test] = []
        self.linked: list[tuple[Expression, ...]] = []
        """What holds where there is a link."""
        self.printed: list[tuple[Expression, ...]] = []
        """What holds where something is printed."""
        self.is_clear = True
        """Whether all of it can be judged: what is an error in it is told as such."""

    def go(self, body: Sequence[nodes.Node], given: tuple[Expression, ...] = (), depth: int = 0) -> None:
        """Go through a part of a text, in which some conditions hold."""
        for node in body:
            if isinstance(node, nodes.If) and depth < DEEPEST:
                self._branch([node, *node.elif_], node.else_, given, depth + 1)
            elif isinstance(node, nodes.Output):
                if _prints(node):
                    self.printed.append(given)
                if any(_is_link(one) for one in node.find_all(nodes.Getattr)):
                    self.linked.append(given)
            else:
                self.is_clear = False

    def _branch(
        self,
        branches: Sequence[nodes.If],
        otherwise: Sequence[nodes.Node],
        given: tuple[Expression, ...],
        depth: int,
    ) -> None:
        for branch in branches:
            typed = Checker(self.known, texts=True).check_condition(branch.test)
            if typed is None:
                self.is_clear = False
                return
            test = typed.expression
            self.tests.append(_Test(branch.lineno, test, given))
            self.go(branch.body, (*given, test), depth)
            given = (*given, negate(test))
        self.go(otherwise, given, depth)


def _prints(node: nodes.Output) -> bool:
    """Say whether something is printed other than spaces."""
    return any(not isinstance(one, nodes.TemplateData) or one.data.strip() for one in node.nodes)


def _is_link(node: nodes.Getattr) -> bool:
    return node.attr == "link" and isinstance(node.node, nodes.Name) and node.node.name == "filing"


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report conditions of texts that never or always hold, and texts that may lack their words or link."""
    sending: dict[str, list[Workflow]] = {}
    for _, template in definitions.templates():
        for message in used_messages(template):
            sending.setdefault(message, []).append(template)
    for name, file in definitions.messages.items():
        templates = sending.get(name, [])
        for text in list_texts(file.model) if file.model else ():
            for key in ("subject", "body"):
                written = getattr(text, key)
                tree = parse_text(written) if text.intact(key) and "{%" in written else None
                if not isinstance(tree, nodes.Template):
                    continue
                empty = _can_be_empty(definitions, templates, tree)
                idle = _list_idle(definitions, templates, tree)
                node = text.node.child(key) if empty or idle else None
                if node and empty:
                    yield EMPTY.at(node.start, f"this {key} is empty when none of its conditions holds")
                if node:
                    for line, said in idle:
                        place = inside(file.source, node, line, "if")
                        yield DECIDES_NOTHING.at(place, f"this condition of a text {said}")
                if key == "body" and not any(_has_link(one) for one in tree.body):
                    yield from _check_link(definitions, templates, tree, text, name)


def _walk(definitions: Definitions, template: Workflow, tree: nodes.Template) -> _Walk:
    walk = _Walk(variables(definitions, template))
    walk.go(tree.body)
    return walk


def _can_be_empty(definitions: Definitions, templates: Sequence[Workflow], tree: nodes.Template) -> bool:
    """Say whether a text is empty in some filing of a template that sends it, or in any if none does."""
    if any(isinstance(one, nodes.Output) and _prints(one) for one in tree.body):
        return False
    for template in templates:
        walk, logic = _walk(definitions, template, tree), Logic(definitions, template)
        lacking = [_refuse(logic, given) for given in walk.printed]
        if walk.is_clear and judge(lacking, logic.values):
            return True
    if templates:
        return False
    known = Known({**variables(definitions), "facts": {ANY: UNKNOWN}})
    walk = _Walk(known)
    walk.go(tree.body)
    lacking = [negate(_join(given)) for given in walk.printed]
    return walk.is_clear and judge(lacking, list_values(known)) is True


def _has_link(part: nodes.Node) -> bool:
    """Say whether a part of a text has the link, whatever holds."""
    return not isinstance(part, nodes.If) and any(_is_link(one) for one in part.find_all(nodes.Getattr))


def _list_idle(
    definitions: Definitions, templates: Sequence[Workflow], tree: nodes.Template
) -> list[tuple[int, str]]:
    """Return the lines of conditions that never or always hold in every template, none where one is unclear.

    Most conditions are cleared by the first template, so that few texts are read for each that sends them.
    """
    idle: dict[int, tuple[int, str]] | None = None
    for template in templates:
        walk, logic = _walk(definitions, template, tree), Logic(definitions, template)
        if not walk.is_clear:
            return []
        found = {
            number: (test.line, said)
            for number, test in enumerate(walk.tests)
            if (idle is None or number in idle) and (said := _judge(logic, test))
        }
        idle = {number: one for number, one in found.items() if idle is None or idle[number] == one}
        if not idle:
            break
    return [*idle.values()] if idle else []


def _judge(logic: Logic, test: _Test) -> str:
    if _is_never(logic, test):
        return "never holds where this message is sent"
    return "always holds" if _is_always(logic, test) else ""


def _is_never(logic: Logic, test: _Test) -> bool:
    """Say whether a condition never holds; not where what is around it never does, which is told itself."""
    given = [logic.in_period(one) for one in test.given]
    return possible(given, logic.values) and not possible([*given, logic.in_period(test.test)], logic.values)


def _is_always(logic: Logic, test: _Test) -> bool:
    if "id" in list_names(test.test, "product"):
        return False  # the products of these templates: another one may be added
    values: Values = {**logic.values, "period.kind": PERIOD_KINDS, "product.frequency": PERIOD_KINDS}
    return judge([negate(test.test)], values) is False


def _check_link(
    definitions: Definitions, templates: Sequence[Workflow], tree: nodes.Template, text: Text, name: str
) -> Iterator[Diagnostic]:
    """Report a message that asks something and has its link only where some condition holds."""
    for template in templates:
        asking = [one for one in list_to_clients(template) if one.message == name and one.asks]
        walk = _walk(definitions, template, tree) if asking else None
        if walk is None or not walk.is_clear or not walk.linked:
            continue  # what has no link at all is reported as such
        logic = Logic(definitions, template)
        lacking = [_refuse(logic, given) for given in walk.linked]
        for sent in asking if all(lacking) else ():
            if not logic.is_clear(*sent.owners):
                continue
            if possible([*lacking, *map(logic.condition, sent.owners)], logic.values):
                link = f"'{name}' has {{{{ filing.link }}}} only where a condition holds"
                message = f"{link}, and {sent.asks} is sent with it"
                help = "write {{ filing.link }} outside the {% if %}, or in its {% else %} too"
                related = [Related("sent here", sent.place)]
                yield NO_LINK.at(text.key_place("body"), message, related=related, help=help)
                return


def _refuse(logic: Logic, given: tuple[Expression, ...]) -> Expression | None:
    """Return what holds where these conditions do not all hold; None where there are none."""
    held = tuple(logic.in_period(one) for one in given)
    return negate(_join(held)) if held else None


def _join(held: tuple[Expression, ...]) -> Expression:
    return Joined(by="and", of=held) if len(held) > 1 else held[0]
