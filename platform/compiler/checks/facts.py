"""Facts: each can be recorded, is of use, and is not read before it can be set."""

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from jinja2 import nodes

from ...plan import Compare, Expression, LiteralValue, Name
from ..conditions import Finding, parse_condition
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span, of_each_template
from ..examples import Example
from ..expressions import list_names, list_unguarded
from ..language.dates import DateRule, Deadline
from ..language.office import Text
from ..language.phases import Automation, Outcome, Phase
from ..language.workflow import Fact, Workflow
from ..places import inside
from ..texts import parse_text
from ..variables import Known, variables
from ..walks import Conditional, conditionals, dated_rules, list_chased, list_readings, sbr_of, walk_once
from ..ways import Ways, find_ways

_CHOICE = (
    "facts:\n  - id: klasse\n    title: Grootteklasse\n    type: choice\n    set_in: {set_in}\n"
    "    options:\n      - id: micro\n        title: Micro\n      - id: klein\n        title: Klein\n"
)
_DAY = "facts:\n  - id: gesproken_op\n    title: Gesproken op\n    type: date\n    set_in: {set_in}\n"
_PAST = (
    "facts:\n  - id: gesproken_op\n    title: Gesproken op\n    type: {type}\n    set_in: opstellen\n"
    "    past: true\n"
)
_CLOSE = "phases:\n  - id: nazorg\n    title: Nazorg\n    role: accountant\n    {key}\n"
_WITH_CONDITION = _CLOSE.format(key="if: facts.klasse == 'micro'")


def _begin_example(set_in: str) -> Example:
    rule = "not_before: { after: facts.gesproken_op, days: 2 }"
    return Example(_DAY.format(set_in=set_in) + _CLOSE.format(key=rule))


def _target_example(set_in: str) -> Example:
    return Example(
        _DAY.format(set_in=set_in)
        + "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n"
        + "    due: { after: facts.gesproken_op, days: 2 }\n"
    )


def _text_example(at: str) -> Example:
    return Example(
        _DAY.format(set_in="opstellen")
        + "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        + f"      - id: bericht\n        at: {at}\n        send: {{ message: gesproken }}\n",
        others=(
            (
                "messages/gesproken.yaml",
                "title: Gesproken\nchannels: [email]\ntexts:\n  nl:\n    subject: Ons gesprek\n"
                "    body: Wij spraken elkaar op {{ facts.gesproken_op }}.\n",
            ),
        ),
    )


OPTIONS = Code(
    "K330",
    "fact with the wrong options",
    "A choice has the values that it can have as `options`, at least two; facts of other types have none.",
    wrong=Example(_CHOICE.format(set_in="opstellen").partition("    options")[0] + _WITH_CONDITION),
    right=Example(_CHOICE.format(set_in="opstellen") + _WITH_CONDITION),
    remedy="give a choice its 'options', and no other type any",
)
NO_DAY = Code(
    "K333",
    "day of the past that is not a date",
    "'past: true' says of a date that it is the day of something that has happened: no day after today is "
    "recorded. Facts of other types have no day.",
    wrong=Example(_PAST.format(type="text") + _CLOSE.format(key="if: facts.gesproken_op != none")),
    right=Example(_PAST.format(type="date") + _CLOSE.format(key="if: facts.gesproken_op != none")),
    remedy="leave out 'past', or make the fact a date",
)
NO_PHASE = Code(
    "K331",
    "fact that no work phase records",
    "A fact is recorded before a work phase is completed, so that at least one phase of `set_in` is work: "
    "an offer, a delivery and a wait end by the client, the authority and what comes, and wait for no fact.",
    wrong=Example(_CHOICE.format(set_in="indienen") + _WITH_CONDITION),
    right=Example(_CHOICE.format(set_in="controle") + _WITH_CONDITION),
    remedy="have it set in a work phase, or write 'optional: true'",
)
UNUSED = Code(
    "K332",
    "unused fact",
    "A choice or a yes/no value is there to decide something, and no condition or text of the template reads "
    "this one.",
    wrong=Example(_CHOICE.format(set_in="controle")),
    right=Example(_CHOICE.format(set_in="controle") + _WITH_CONDITION),
    level="warning",
    remedy="use it in a condition, a date or a text, or remove it",
    last="file",
)
NEVER_BEGINS = Code(
    "K520",
    "first day depends on a later phase or fact",
    "A phase begins on a day that must be known by then: it counts from a fact that an earlier phase must "
    "record, or from the end of an earlier phase. Otherwise the phase never begins. Nor does a delivery "
    "whose earliest day counts from what comes later.",
    wrong=_begin_example("nazorg"),
    right=_begin_example("controle"),
    remedy="count from the period, or from what an earlier phase records",
)
NEVER_KNOWN = Code(
    "K521",
    "date depends on a later phase or fact",
    "The date counts from a fact that only later phases record, or from the end of this phase or a later "
    "one: it is not known before the phase is over, and nothing happens on it. So it is with a delivery by "
    "a deadline that counts from what comes after it: nobody would be told that the delivery is late.",
    wrong=_target_example("controle"),
    right=_target_example("opstellen"),
    level="warning",
    remedy="count from the period, a deadline, or what an earlier phase records",
)
READ_TOO_EARLY = Code(
    "K620",
    "condition reads a fact too early",
    "The condition is read when no phase can have recorded the fact yet, so that it is always false there. "
    "A phase and what happens on entering it read facts of earlier phases; checkpoints, and automations on "
    "completing or at a date, also those of their own phase. One that compares the fact with none is meant.",
    wrong=Example(_CHOICE.format(set_in="nazorg") + _WITH_CONDITION),
    right=Example(_CHOICE.format(set_in="controle") + _WITH_CONDITION),
    remedy="record the fact in an earlier phase ('set_in'), or read it in a later one",
)
NOT_IN_TEXT_YET = Code(
    "K621",
    "text names a fact too early",
    "The message is sent when no phase can have recorded the fact yet, or by a template that does not have "
    "it. Send it later, or print the fact inside {% if facts.… %}.",
    wrong=_text_example("entered"),
    right=_text_example("completed"),
    remedy="send the message later, record the fact earlier, or leave it out of the text",
)

_READ = re.compile(r"\bfacts\.(\w+)")


class _Sending(NamedTuple):
    """A message that a phase sends, where it is named, and whether facts of that phase may be recorded."""

    message: str
    phase: Phase
    own: bool
    place: Span


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report facts that cannot be recorded or serve nothing, and what reads them too early."""
    everywhere = definitions.answer(list_fact_ids)
    for _, template in definitions.templates():
        for fact in template.facts:
            yield from _check_fact(fact, template)
        if not template.intact("phases", "facts"):
            continue
        order = _Order(find_ways(definitions, template))
        sendings = list_sendings(template)
        yield from _check_dates(template, order)
        if template.facts:
            yield from _check_use(definitions, template, sendings)
            yield from _check_conditions(definitions, template, order)
        if everywhere:
            yield from _check_messages(definitions, sendings, order, everywhere)


def list_fact_ids(definitions: Definitions) -> frozenset[str]:
    """Return the ids of the facts of all templates."""
    every = (file.model for file in definitions.workflows.values() if file.model)
    return frozenset(fact.id for template in every for fact in template.facts)


class _Order:
    """Which phases come before which, and which facts can be recorded by then."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.facts = {fact.id: fact for fact in ways.template.facts}
        self.phases = {phase.id: phase for phase in ways.template.phases}
        self._place = ways.template.stage_of
        self.taking = [
            (p.id, one.fact) for p in ways.template.phases if p.wait for one in p.wait.awaited if one.fact
        ]

    def comes_before(self, name: str, phase: Phase, *, own: bool) -> bool:
        """Say whether a phase can come before another one, or is that one where its own counts."""
        if name == phase.id:
            return own
        return name not in self.phases or self.ways.can_precede(self.phases[name], phase)

    def has_ended(self, name: str, phase: Phase) -> bool:
        """Say whether a phase has ended, or was skipped or passed over, when another one begins."""
        return name not in self._place or self._place[name] < self._place[phase.id]

    def can_be_set(self, fact: str, phase: Phase, *, own: bool) -> bool:
        """Say whether a fact can have been recorded by then; one that is unknown is another check's."""
        known = self.facts.get(fact)
        if known is None:
            return True
        takers = [name for name, taken in self.taking if taken == fact]
        return any(self.comes_before(name, phase, own=own) for name in (*known.phases, *takers))


def _check_fact(fact: Fact, template: Workflow) -> Iterator[Diagnostic]:
    if fact.intact("type", "options"):
        if fact.type == "choice" and len(fact.options) < 2:
            found = fact.key_place("options" if fact.options else "type")
            yield OPTIONS.at(found, f"choice '{fact.id}' needs at least two options")
        if fact.type != "choice" and fact.options:
            message = f"only a choice has options, and the type of '{fact.id}' is {fact.type}"
            yield OPTIONS.at(fact.key_place("options"), message)
    if fact.intact("type", "past") and fact.past and fact.type != "date":
        message = f"only a date can be 'past', and the type of '{fact.id}' is {fact.type}"
        yield NO_DAY.at(fact.key_place("past"), message)
    phases = {phase.id: phase for phase in template.phases}
    named = [phases.get(name) for name in fact.phases]
    if fact.intact("set_in") and named and all(p and (p.offer or p.deliver or p.wait) for p in named):
        message = f"fact '{fact.id}' is recorded in no work phase: nothing waits for it"
        yield NO_PHASE.at(fact.key_place("set_in"), message)


def _check_use(
    definitions: Definitions, template: Workflow, sendings: tuple[_Sending, ...]
) -> Iterator[Diagnostic]:
    if not template.sound:
        return
    known = variables(definitions, template)
    used = {name for owner in conditionals(template) for name in _find_read(owner, known)}
    for sending in sendings:
        printed, tested = _facts_in_message(definitions, sending.message)
        used |= printed | tested
    conditions = {owner.condition or "" for owner in conditionals(template)}
    unclear = " ".join(text for text in conditions if parse_condition(text, known)[0] is None)
    for fact in template.facts:
        if fact.type in ("choice", "yes_no") and fact.id not in used and f"facts.{fact.id}" not in unclear:
            yield UNUSED.at(fact.place("id"), f"nothing reads the fact '{fact.id}'")


def _check_conditions(definitions: Definitions, template: Workflow, order: _Order) -> Iterator[Diagnostic]:
    known = variables(definitions, template)
    source = definitions.source_of(template)
    for owner, phase, own in list_readings(template):
        if owner.condition is None or not owner.intact("if"):
            continue
        for name in _facts_of(owner, known, guarded=False):
            if not order.can_be_set(name, phase, own=own):
                node = owner.node.child("if")
                assert node is not None
                place = inside(source, node, 1, f"facts.{name}")
                message = f"fact '{name}' cannot be recorded yet when this condition is read"
                yield READ_TOO_EARLY.at(place, message, related=[_set_in(order.facts[name])])


def _check_dates(template: Workflow, order: _Order) -> Iterator[Diagnostic]:
    hanging = _Hanging(template, order)
    for dated in dated_rules(template):
        if dated.phase:
            begins = dated.sort == "not_before"
            problem = hanging.find(dated.rule, dated.phase, begins=begins)
            if problem:
                code = NEVER_BEGINS if begins else NEVER_KNOWN
                yield code.at(_place_of(dated.rule), problem.message, related=problem.related)
    for phase in template.phases:
        named = phase.deliver.deadline if phase.deliver else None
        deadline = hanging.deadlines.get(named) if named else None
        if phase.deliver is None or deadline is None:
            continue
        early = deadline.earliest and hanging.find(deadline.earliest, phase, begins=True)
        problem = early or hanging.find_in_deadline(deadline, phase, begins=False)
        if problem:
            code = NEVER_BEGINS if early else NEVER_KNOWN
            yield code.at(phase.deliver.place("deadline"), problem.message, related=problem.related)


class _Problem(NamedTuple):
    """Why a date is not known when it is needed."""

    message: str
    related: tuple[Related, ...] = ()


class _Given(NamedTuple):
    """By which deadlines a date is asked for, and the conditions under which it counts."""

    through: frozenset[str] = frozenset()
    also: tuple[Expression, ...] = ()


_ANY = _Given()


class _Hanging:
    """What dates hang on, through the deadlines that they count from."""

    def __init__(self, template: Workflow, order: _Order) -> None:
        self.deadlines = {deadline.id: deadline for deadline in template.deadlines}
        self._order = order

    def find(self, rule: DateRule, phase: Phase, *, begins: bool, given: _Given = _ANY) -> _Problem | None:
        """Return why a date is not known in a phase, or not for certain when it begins; None where it is."""
        group, _, name = str(rule.after or rule.before or rule.month_of or "").partition(".")
        if group == "facts" and name in self._order.facts:
            return self._find_in_fact(self._order.facts[name], phase, begins=begins, given=given.also)
        if group == "phases" and not self._order.has_ended(name, phase):
            related = (Related("ends later", self._order.phases[name].place("id")),)
            return _Problem(f"phase '{name}' has not ended yet when '{phase.id}' needs this date", related)
        if group == "deadlines" and name in self.deadlines and name not in given.through:
            return self.find_in_deadline(self.deadlines[name], phase, begins=begins, given=given)
        return None

    def find_in_deadline(
        self, deadline: Deadline, phase: Phase, *, begins: bool, given: _Given = _ANY
    ) -> _Problem | None:
        """Return why a deadline has no date: each of its alternatives lacks one, or one that can apply."""
        through = given.through | {deadline.id}
        if deadline.latest and not self.find(
            deadline.latest, phase, begins=begins, given=_Given(through, given.also)
        ):
            return None
        found: list[_Problem | None] = []
        for choice in deadline.due:
            condition = self._order.ways.logic.condition(choice)
            also = (*given.also, condition) if condition is not None else given.also
            found.append(self.find(choice, phase, begins=begins, given=_Given(through, also)))
        if not begins:
            return found[0] if found and all(found) else None
        return next((problem for problem in found if problem), None)

    def _find_in_fact(
        self, fact: Fact, phase: Phase, *, begins: bool, given: tuple[Expression, ...]
    ) -> _Problem | None:
        """Return why a fact cannot be known; what a phase begins on must be recorded for certain.

        It need not where `given` cannot hold without it, which says when the date is this one.
        """
        related = (_set_in(fact),)
        if not self._order.can_be_set(fact.id, phase, own=not begins):
            return _Problem(f"fact '{fact.id}' is recorded later than '{phase.id}' needs it", related)
        if not begins:
            return None
        ways = self._order.ways
        unknown = Compare(by="eq", left=Name(path=("facts", fact.id)), right=LiteralValue(value=None))
        demanding = ways.demanding(fact, phase)
        way = ways.find_without(phase, demanding, also=(*given, unknown) if given else ())
        if way is None:
            return None
        if fact.optional:
            return _Problem(f"fact '{fact.id}' is optional: without it '{phase.id}' never begins", related)
        how = "passed over" if way.over(ways.template, demanding) else "skipped"
        if not demanding:
            message = f"nothing waits for fact '{fact.id}' before '{phase.id}', which never begins without it"
            return _Problem(message, related)
        message = f"fact '{fact.id}' is not recorded where its phases are {how}: '{phase.id}' never begins"
        return _Problem(message, (*related, *way.explain(ways.template, demanding)))


def _place_of(rule: DateRule) -> Span:
    return rule.place(next((key for key in ("after", "before", "month_of") if getattr(rule, key)), "after"))


def _check_messages(
    definitions: Definitions, sendings: tuple[_Sending, ...], order: _Order, everywhere: Set[str]
) -> Iterator[Diagnostic]:
    for message, phase, own, place in sendings:
        printed, tested = _facts_in_message(definitions, message)
        for name in sorted(printed - tested):
            if name in order.facts and not order.can_be_set(name, phase, own=own):
                text = f"message '{message}' names fact '{name}', which cannot be recorded yet"
                lacks = f"{place.path}: {message} facts.{name}"
                related = [_set_in(order.facts[name])]
                yield NOT_IN_TEXT_YET.at(place, text, related=related, lacks=lacks)
        for name in sorted(((printed | tested) & everywhere) - order.facts.keys()):
            text = f"message '{message}' names fact '{name}', which this template does not have"
            help = "take another message here, or leave the fact out of its text"
            lacks = f"{place.path}: {message} facts.{name}"
            yield NOT_IN_TEXT_YET.at(place, text, help=help, lacks=lacks)


@walk_once
def list_sendings(template: Workflow) -> Iterator[_Sending]:
    """Yield the messages that the phases send."""
    for phase in template.phases:
        for automation in phase.automations:
            if automation.send:
                place = automation.send.place("message")
                yield _Sending(automation.send.message, phase, automation.at != "entered", place)
            if automation.request and automation.request.message:
                place = automation.request.place("message")
                yield _Sending(automation.request.message, phase, automation.at != "entered", place)
        owners: list[Automation | Outcome] = [*phase.automations, *phase.outcomes]
        for note in (owner.note for owner in owners if owner.note):
            yield _Sending(note.message, phase, own=True, place=note.place("text"))
        sbr = sbr_of(template)
        message = phase.offer and (phase.offer.message or sbr.message)
        if phase.offer and message:
            holder = phase.offer if phase.offer.message else sbr
            place = holder.place("message") if template.sbr or phase.offer.message else phase.place("offer")
            yield _Sending(message, phase, own=False, place=place)
    for chased in list_chased(template):
        for step in (chased.reminders, chased.escalation):
            if step and step.message:
                yield _Sending(step.message, chased.phase, own=True, place=step.place("message"))


def _set_in(fact: Fact) -> Related:
    return Related("recorded here", fact.key_place("set_in"))


def _find_read(owner: Conditional, known: Known) -> Iterable[str]:
    """Return the facts that a condition reads, also where something else that it names is unknown."""
    expression, _ = parse_condition(owner.condition or "", known)
    if expression is None and owner.condition:
        return _READ.findall(owner.condition)
    return list_names(expression, "facts")


def _facts_of(owner: Conditional, known: Known, *, guarded: bool = True) -> list[str]:
    """Return the facts that a condition names; on demand not those that it compares with none."""
    expression, _ = parse_condition(owner.condition or "", known)
    return list_names(expression, "facts") if guarded else list_unguarded(expression, "facts")


def _facts_in_message(definitions: Definitions, message: str) -> tuple[set[str], set[str]]:
    """Return the facts that the texts of a message print, and those that they test with an `if`."""
    return definitions.keep(("facts", message), lambda: _find_facts(definitions, message))


def _find_facts(definitions: Definitions, message: str) -> tuple[set[str], set[str]]:
    file = definitions.messages.get(message)
    texts = file.model.texts if file and file.model and file.model.intact("texts") else None
    printed: set[str] = set()
    tested: set[str] = set()
    for text in (texts.nl, texts.en) if texts else ():
        for part in (text.subject, text.body) if isinstance(text, Text) else ():
            found = _facts_in_text(part)
            printed |= found[0]
            tested |= found[1]
    return printed, tested


@lru_cache(maxsize=1024)
def _facts_in_text(text: str) -> tuple[frozenset[str], frozenset[str]]:
    tree = parse_text(text)
    if isinstance(tree, Finding):
        return frozenset(), frozenset()
    tested = (name for branch in tree.find_all(nodes.If) for name in _facts_in_tree(branch.test))
    printed = (name for output in tree.find_all(nodes.Output) for name in _facts_in_tree(output))
    return frozenset(printed), frozenset(tested)


def _facts_in_tree(tree: nodes.Node) -> set[str]:
    found = {one.attr for one in tree.find_all(nodes.Getattr) if _is_facts(one.node)}
    return found | ({tree.attr} if isinstance(tree, nodes.Getattr) and _is_facts(tree.node) else set())


def _is_facts(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "facts"
