"""Conditions in texts, held against the templates that send them.

They can hold, they hide no link, and they leave no text empty.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from jinja2 import nodes

from ...plan import Compare, Expression, LiteralValue, Name
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
from ..lower import list_chat_messages, used_messages
from ..places import inside
from ..sendings import Sent, list_as_notes, list_to_clients, list_to_colleagues
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
    "The condition of the text holds in no filing in which the message is sent, by the periods of its "
    "templates and the conditions of what sends it; or it holds whatever the values of its variables are. So "
    "a part of the text is never read, or the condition says nothing.",
    wrong=_example("period.kind == 'four_weeks'"),
    right=_example("period.last_of_year"),
    level="warning",
    remedy="change the condition, or remove it with the text that nobody reads",
)


MOST = 1_000
"""Conditions, each with those before it, that are judged of a text."""
MOST_IN_ALL = 10_000
"""Those that are judged of a text in all ways in which it is sent."""


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


class _Sending(NamedTuple):
    """How a template sends a message, and what holds then."""

    template: Workflow
    logic: Logic
    is_clear: bool = True
    """Whether what it is sent by is valid: an error in that is told as such."""
    held: tuple[Expression, ...] = ()
    """What held when it was asked whether to send it."""
    holds: tuple[Expression, ...] = ()
    """What of that is certain to hold when the text is made: facts may be corrected in the meantime."""
    sent: Sent | None = None


class _Reading:
    """A text, gone through by the variables of each template that sends it."""

    def __init__(self, definitions: Definitions, tree: nodes.Template) -> None:
        self.tree = tree
        self._definitions = definitions
        self._walks: dict[int, _Walk] = {}

    def walk(self, template: Workflow) -> _Walk:
        """Return what there is in the text, for a template."""
        if id(template) not in self._walks:
            self._walks[id(template)] = self.walk_by(variables(self._definitions, template))
        return self._walks[id(template)]

    def walk_by(self, known: Known) -> _Walk:
        """Return what there is in the text, by some variables."""
        walk = _Walk(known)
        walk.go(self.tree.body)
        return walk


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report conditions of texts that never or always hold, and texts that may lack their words or link."""
    sending: dict[str, list[tuple[Workflow, list[Sent]]]] = {}
    for _, template in definitions.templates():
        sent: dict[str, list[Sent]] = {message: [] for message in used_messages(template)}
        for one in (*list_to_clients(template), *list_to_colleagues(template), *list_as_notes(template)):
            sent.setdefault(one.message, []).append(one)
        for message, ways in sent.items():
            sending.setdefault(message, []).append((template, ways))
    for name, file in definitions.messages.items():
        texts = list_texts(file.model) if file.model else ()
        written = [
            (text, key, tree)
            for text in texts
            for key in ("subject", "body")
            if text.intact(key) and "{%" in getattr(text, key)
            if isinstance(tree := parse_text(getattr(text, key)), nodes.Template)
        ]
        sendings = _list_sendings(definitions, sending.get(name, ()), name) if written else []
        for text, key, tree in written:
            reading, cost = _Reading(definitions, tree), _measure(tree.body)
            looked_at = sendings[: MOST_IN_ALL // max(cost, 1)]
            empty = cost <= MOST and _can_be_empty(definitions, looked_at, reading)
            is_seen_whole = cost <= MOST and len(looked_at) == len(sendings)
            idle = _list_idle(sendings, reading) if is_seen_whole else []
            node = text.node.child(key) if empty or idle else None
            if node and empty:
                yield EMPTY.at(node.start, f"this {key} is empty when none of its conditions holds")
            if node:
                for line, said in idle:
                    place = inside(file.source, node, line, "if")
                    yield DECIDES_NOTHING.at(place, f"this condition of a text {said}")
            if key == "body" and not any(_has_link(one) for one in tree.body) and _count(tree) <= MOST:
                yield from _check_link(sendings, reading, text, name)


def _measure(body: Sequence[nodes.Node], given: int = 0) -> int:
    """Return how many conditions there are in a part of a text, each with those that stand before it."""
    found = 0
    for node in body:
        if isinstance(node, nodes.If):
            branches, held = [node, *node.elif_], given
            for branch in branches:
                found += held + 1 + _measure(branch.body, held + 1)
                held += 1
            found += _measure(node.else_, held)
    return found


def _count(tree: nodes.Template) -> int:
    """Return how many conditions there are in a text."""
    return sum(1 + len(one.elif_) for one in tree.find_all(nodes.If))


def _list_sendings(
    definitions: Definitions, sending: Sequence[tuple[Workflow, Sequence[Sent]]], name: str
) -> list[_Sending]:
    """Return the ways in which templates send a message; of those on the same conditions one."""
    office = definitions.office.model if definitions.office else None
    found: list[_Sending] = []
    for template, ways in sending:
        logic = Logic(definitions, template)
        apart: dict[object, Sent] = {}
        for one in ways:
            conditions = (tuple(owner.condition for owner in part) for part in (one.before, one.now))
            apart.setdefault((one.asks, *conditions), one)
        found += [_say_when(logic, template, one) for one in apart.values()]
        if not template.file_is_sound:  # what is wrong in it may send it as well
            found.append(_Sending(template, logic, is_clear=False))
        elif not apart or name in list_chat_messages(office):
            found.append(_Sending(template, logic))
    return found


def _say_when(logic: Logic, template: Workflow, sent: Sent) -> _Sending:
    """Return what holds where a message is sent."""
    before, now = (
        [test for one in part if (test := logic.condition(one)) is not None]
        for part in (sent.before, sent.now)
    )
    closed = {fact.id for fact in template.facts if fact.closes_with_phase}
    held = (*before, *now, *_list_recorded(logic, template, (*before, *now), closed))
    holds = (*(one for one in _list_parts(before) if _is_fixed(one, closed)), *now)
    is_clear = logic.is_clear(*sent.owners) and all(owner.intact("if") for owner in sent.owners)
    return _Sending(template, logic, is_clear, held, holds, sent)


def _list_parts(conditions: Iterable[Expression]) -> Iterator[Expression]:
    """Yield conditions, and of one that joins others by `and` these."""
    for one in conditions:
        if isinstance(one, Joined) and one.by == "and":
            yield from _list_parts(one.of)
        else:
            yield one


def _is_fixed(condition: Expression, closed: Set[str]) -> bool:
    """Say whether a condition keeps its answer: what it reads of facts and answers is not corrected later."""
    return not list_names(condition, "answers") and closed >= set(list_names(condition, "facts"))


def _list_recorded(
    logic: Logic, template: Workflow, conditions: Sequence[Expression], closed: Set[str]
) -> Iterator[Expression]:
    """Yield of the facts in some conditions that what is known was recorded in a phase that applied.

    Of what that phase asked counts what is still so.
    """
    names = {name for one in conditions for name in list_names(one, "facts")}
    phases = {one.id: one for one in template.phases} if names else {}
    for fact in template.facts if names else ():
        applied = [logic.condition(phases[one]) for one in fact.phases if one in phases]
        fixed = [
            [part for part in _list_parts([one]) if _is_fixed(part, closed)]
            for one in applied
            if one is not None
        ]
        tests = [_join(tuple(parts)) for parts in fixed if parts]
        if fact.id in names and tests and len(tests) == len(fact.phases):
            unknown = Compare(by="eq", left=Name(path=("facts", fact.id)), right=LiteralValue(value=None))
            yield Joined(by="or", of=(unknown, *tests))


def _can_be_empty(definitions: Definitions, sendings: Sequence[_Sending], reading: _Reading) -> bool:
    """Say whether a text is empty in some filing that sends it, or in any if no template does."""
    if any(isinstance(one, nodes.Output) and _prints(one) for one in reading.tree.body):
        return False
    for one in sendings:
        walk, logic = reading.walk(one.template), one.logic
        if one.is_clear and walk.is_clear:
            lacking = [_refuse(logic, given) for given in walk.printed]
            if judge([*lacking, *one.held], logic.values):
                return True
    if sendings:
        return False
    known = Known({**variables(definitions), "facts": {ANY: UNKNOWN}})
    walk = reading.walk_by(known)
    lacking = [negate(_join(given)) for given in walk.printed]
    return walk.is_clear and judge(lacking, list_values(known)) is True


def _has_link(part: nodes.Node) -> bool:
    """Say whether a part of a text has the link, whatever holds."""
    return not isinstance(part, nodes.If) and any(_is_link(one) for one in part.find_all(nodes.Getattr))


def _list_idle(sendings: Sequence[_Sending], reading: _Reading) -> list[tuple[int, str]]:
    """Return the lines of conditions that never or always hold wherever the text is sent.

    None where one is unclear. Most conditions are cleared by the first sending, so that few texts are gone
    through for each template that sends them.
    """
    never: dict[int, bool] | None = None
    """By number of the condition, whether what is around it has been possible so far."""
    always: set[int] = set()
    tests: list[_Test] = []
    for one in sendings:
        walk = reading.walk(one.template)
        if not walk.is_clear:
            return []
        if never is None:
            tests = walk.tests
            never, always = dict.fromkeys(range(len(tests)), False), set(range(len(tests)))
        for number in [*never]:
            around = [*one.holds, *map(one.logic.in_period, walk.tests[number].given)]
            if possible([*around, one.logic.in_period(walk.tests[number].test)], one.logic.values):
                del never[number]
            elif possible(around, one.logic.values):
                never[number] = True
        always = {number for number in always if _is_always(one.logic, walk.tests[number].test)}
        if not never and not always:
            break
    told = {
        number: "never holds where this message is sent" for number, found in (never or {}).items() if found
    }
    told |= dict.fromkeys(always, "always holds")
    return [(tests[number].line, said) for number, said in sorted(told.items())]


def _is_always(logic: Logic, test: Expression) -> bool:
    if "id" in list_names(test, "product"):
        return False  # the products of these templates: another one may be added
    values: Values = {**logic.values, "period.kind": PERIOD_KINDS, "product.frequency": PERIOD_KINDS}
    return judge([negate(test)], values) is False


def _check_link(
    sendings: Sequence[_Sending], reading: _Reading, text: Text, name: str
) -> Iterator[Diagnostic]:
    """Report a message that asks something and has its link only where some condition holds."""
    left = MOST_IN_ALL
    for one in sendings:
        walk = reading.walk(one.template) if one.is_clear and one.sent and one.sent.asks else None
        if one.sent is None or walk is None or not walk.is_clear or not walk.linked:
            continue  # what has no link at all is reported as such
        left -= len(walk.tests) + sum(map(len, walk.linked))
        if left < 0:
            return
        lacking = [_refuse(one.logic, given) for given in walk.linked]
        if all(lacking) and judge([*lacking, *one.held], one.logic.values):
            link = f"'{name}' has {{{{ filing.link }}}} only where a condition holds"
            message = f"{link}, and {one.sent.asks} is sent with it"
            help = "write {{ filing.link }} outside the {% if %}, or in its {% else %} too"
            related = [Related("sent here", one.sent.place)]
            yield NO_LINK.at(text.key_place("body"), message, related=related, help=help)
            return


def _refuse(logic: Logic, given: tuple[Expression, ...]) -> Expression | None:
    """Return what holds where these conditions do not all hold; None where there are none."""
    held = tuple(logic.in_period(one) for one in given)
    return negate(_join(held)) if held else None


def _join(held: tuple[Expression, ...]) -> Expression:
    return Joined(by="and", of=held) if len(held) > 1 else held[0]
