"""The messages of a template as their readers get them, for an invented relation, in every variant.

They are made by the code that makes the real ones. A text branches on few things: how the client was
offered something, whether the last day has passed, whether something was sent back, the period, what is true
of the relation and its facts. Each combination of those that a text asks is tried, and what reads alike is
told once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice, product
from typing import NamedTuple, get_args

from jinja2 import Environment, nodes

from ..context import IS_NATURAL, LEGAL_FORMS
from ..data import Scalar, replace
from ..days import add_working_days
from ..drawing.assuming import as_condition, list_assumed
from ..drawing.conditions import say_condition
from ..drawing.moments import OFFERING, Use
from ..drawing.people import name_role
from ..drawing.year import Dates, list_kinds, list_periods
from ..filing.state import Origin, origin_of
from ..period import Period
from ..plan import Compare, FactDefinition, ListOf, LiteralValue, Message, Name, Office, Plan, Way
from ..runtime.activities.kept_links import write_kept_link
from ..runtime.activities.message_texts import (
    Person,
    TextError,
    Written,
    render_message,
    values,
)
from ..words import WAY_WORDS, join_in_dutch
from .cast import Client
from .inventing import invent_fact
from .starting import invent_product, invent_relation, make_start
from .telling import PAGES

__all__ = ["Example", "list_examples"]

MOST = 200
"""So many combinations of a text are tried."""
LEGAL_FORM = "bv"
_WAYS: tuple[Way, ...] = get_args(Way)
_DAY = timedelta(days=1)
_BEFORE = timedelta(days=14)
"""So long before the last day a message is sent that is in time."""
_NEVER = ""
"""How something was last offered before the first offer."""

_Path = tuple[str, str]
_Case = Mapping[_Path, Scalar]
"""What is assumed, by path; of a period its code, under `_PERIOD`."""
_OF_CASE = ("relation", "product", "facts")
"""Groups of what can be so of a relation, what it takes, and what is recorded."""
_WAY, _LATE, _PERIOD = ("filing", "offered_as"), ("filing", "late"), ("period", "code")
_SENT_BACK = ("filing", "sent_back")


class Example(NamedTuple):
    """A message as somebody reads it, by language; `when` says in Dutch when it is this one.

    It fits after 'als', and is empty where a message has one variant.
    """

    when: str
    texts: dict[str, Written]


class _Sending(NamedTuple):
    """To whom a message goes (a role, or nothing for the client), in whose name, and after which offer.

    `ways` are how the client can have been offered something by then; `informs` is how many working days an
    offer gives to object, in its own message.
    """

    role: str
    sender: str
    ways: tuple[str, ...]
    informs: int


class _Question(NamedTuple):
    """One thing that a text asks, with each answer that there can be as it is said after 'als'."""

    path: _Path
    answers: tuple[tuple[Scalar, str], ...]


def list_examples(
    plan: Plan, office: Office, year: int, message: Message, uses: Sequence[Use]
) -> tuple[Example, ...]:
    """Return a message as those read it to whom a template sends it, over periods that begin in a year."""
    scene = _Scene(plan, office, list_periods(list_kinds(plan, office.products), year))
    asked = _find_asked(message)
    found: dict[tuple[str, ...], tuple[dict[str, Written], list[_Case]]] = {}
    known: dict[_Path, dict[Scalar, str]] = {}
    for sending in _list_sendings(plan, message, uses):
        questions = [*_list_questions(scene, sending, asked)]
        for one in questions:
            known.setdefault(one.path, {}).update(one.answers)
        for answers in islice(product(*(one.answers for one in questions)), MOST):
            case = {one.path: value for one, (value, _) in zip(questions, answers, strict=True)}
            texts = {language: scene.write(message, language, sending, case) for language in message.texts}
            key = tuple(part for one in texts.values() for part in (one.subject, one.body))
            found.setdefault(key, (texts, []))[1].append(case)
    several = len(found) > 1
    return tuple(
        Example(_say_when(plan, known, cases) if several else "", texts) for texts, cases in found.values()
    )


# --- when it reads so -------------------------------------------------------------------------------------


def _say_when(plan: Plan, known: Mapping[_Path, Mapping[Scalar, str]], cases: Sequence[_Case]) -> str:
    """Return in which of all cases it is one of these; `known` has each answer with its words."""
    paths = tuple(known)
    parts = _split(paths, {tuple(case.get(path) for path in paths) for case in cases})
    told = [
        join_in_dutch(
            _say_answers(plan, path, {value: word for value, word in known[path].items() if value in values})
            for path, values in part.items()
            if len(values) < len(known[path])
        )
        for part in parts
    ]
    return ", of als ".join(told)


def _split(paths: tuple[_Path, ...], rows: set[tuple[Scalar, ...]]) -> list[dict[_Path, set[Scalar]]]:
    """Return parts that are these rows together: of each part every combination of its answers is a row."""
    if not paths:
        return [{}]
    followed = dict[Scalar, set[tuple[Scalar, ...]]]()
    for first, *rest in rows:
        followed.setdefault(first, set()).add(tuple(rest))
    alike = dict[frozenset[tuple[Scalar, ...]], set[Scalar]]()
    for first, others in followed.items():
        alike.setdefault(frozenset(others), set()).add(first)
    return [
        {paths[0]: firsts, **part}
        for others, firsts in alike.items()
        for part in _split(paths[1:], {*others})
    ]


def _say_answers(plan: Plan, path: _Path, answers: Mapping[Scalar, str]) -> str:
    """Return answers as they are said after 'als'; values of one choice in one breath."""
    if len(answers) > 1 and path[0] in _OF_CASE:
        items = tuple(LiteralValue(value=value) for value in answers)
        return say_condition(plan, Compare(by="in", left=Name(path=path), right=ListOf(items=items)))
    return " of ".join(answers.values())


# --- what a text asks -------------------------------------------------------------------------------------


def _find_asked(message: Message) -> dict[_Path, set[Scalar]]:
    """Return what the conditions of a text name, and the literal values beside it."""
    asked: dict[_Path, set[Scalar]] = {}
    reader = Environment(autoescape=True)
    for text in message.texts.values():
        for written in (text.subject, text.body):
            for part in reader.parse(written).find_all((nodes.If, nodes.CondExpr)):
                assert isinstance(part, (nodes.If, nodes.CondExpr))
                _note_asked(asked, part.test)
    return asked


def _note_asked(asked: dict[_Path, set[Scalar]], test: nodes.Node) -> None:
    for one in (test, *test.find_all(nodes.Node)):
        if isinstance(one, nodes.Getattr) and isinstance(one.node, nodes.Name):
            asked.setdefault((one.node.name, one.attr), set())
    for compared in (one for one in (test, *test.find_all(nodes.Compare)) if isinstance(one, nodes.Compare)):
        named = [one for one in compared.find_all(nodes.Getattr) if isinstance(one.node, nodes.Name)]
        constants = {one.value for one in compared.find_all(nodes.Const)}
        for one in named:
            asked[one.node.name, one.attr] |= constants  # type: ignore[attr-defined]


def _list_sendings(plan: Plan, message: Message, uses: Sequence[Use]) -> Iterator[_Sending]:
    """Yield to whom a message goes: a client, a colleague; of more of a kind the first stands for all."""
    found: dict[bool, _Sending] = {}
    for use in uses:
        sending = _make_sending(plan, message, use)
        known = found.setdefault(bool(use.role), sending)
        ways = tuple(dict.fromkeys((*known.ways, *sending.ways)))
        found[bool(use.role)] = known._replace(ways=ways, informs=known.informs or sending.informs)
    yield from found.values()


def _make_sending(plan: Plan, message: Message, use: Use) -> _Sending:
    offer = use.phase.offer if use.of_offer else None
    place = next(n for n, phase in enumerate(plan.phases) if phase.id == use.phase.id)
    before = [phase.offer for phase in plan.phases[: place + bool(offer)] if phase.offer]
    ways: tuple[str, ...] = (_NEVER,)
    if before:
        first = before[-1].offer_as
        ways = (first, *(one for one in _WAYS if one != first))
    offering = offer is not None and use.when == OFFERING
    if offer and not offering:
        ways = tuple(one for one in ways if one != "information")  # who is informed is not reminded
    return _Sending(
        role=use.role,
        sender=offer.on_behalf_of if offer else use.phase.role,
        ways=ways,
        informs=offer.workdays_to_object if offer and offering else 0,
    )


def _list_questions(
    scene: "_Scene", sending: _Sending, asked: Mapping[_Path, Iterable[Scalar]]
) -> Iterator[_Question]:
    """Yield what a text asks, with each answer that there can be; all else is as it usually is."""
    periods = dict[tuple[object, ...], tuple[Scalar, str]]()
    of_period = [path for path in asked if path[0] == "period"]
    for path, compared in asked.items():
        if path == _WAY:
            yield _Question(path, tuple((way, _say_way(way)) for way in sending.ways))
        elif path == _LATE and scene.plan.deadlines:
            yield _Question(path, ((False, "de termijn nog loopt"), (True, "de termijn voorbij is")))
        elif path == _SENT_BACK:
            yield _Question(path, ((False, "er niets is teruggestuurd"), (True, "er iets is teruggestuurd")))
        elif path[0] in _OF_CASE:
            answers = scene.list_answers(path, compared)
            said = ((one, say_condition(scene.plan, as_condition(((path, one),)))) for one in answers)
            yield _Question(path, tuple(said))
    for period in scene.periods if of_period else ():
        so = tuple((path, _read_period(period, path[1])) for path in of_period)
        periods.setdefault(so, (period.code, say_condition(scene.plan, as_condition(so))))
    if periods:
        yield _Question(_PERIOD, tuple(periods.values()))


def _say_way(way: str) -> str:
    return f"het {WAY_WORDS[way]} is aangeboden" if way else "er nog niets is aangeboden"


def _read_period(period: Period, name: str) -> Scalar:
    """Return what a condition reads of a period."""
    match name:
        case "year" | "month":
            return int(getattr(period.start, name))
        case "start" | "end":
            return period.start.isoformat() if name == "start" else period.end.isoformat()
    found: Scalar = getattr(period, name)
    return found


# --- how it can be ----------------------------------------------------------------------------------------


class _Scene:
    """An invented relation, and a filing of it over each period."""

    def __init__(self, plan: Plan, office: Office, periods: Sequence[Period]) -> None:
        self.plan = plan
        self.periods = periods
        self._office = office
        self._begun: dict[str, tuple[Origin, date | None]] = {}

    def write(self, message: Message, language: str, sending: _Sending, case: _Case) -> Written:
        """Return a message as it is read in one case."""
        origin, due = self._begin(str(case.get(_PERIOD, self.periods[0].code)))
        day = max(origin.start_date, due - _BEFORE) if due else origin.start_date
        today = due + _DAY if due and case.get(_LATE) else day
        way = str(case.get(_WAY, sending.ways[0]))
        informs = sending.informs if way == "information" else 0
        relation, product = (
            {**getattr(origin, group), **{path[1]: value for path, value in case.items() if path[0] == group}}
            for group in ("relation", "product")
        )
        if (form := relation.get("legal_form")) and ("relation", "natural_person") not in case:
            relation["natural_person"] = IS_NATURAL.get(str(form), False)
        if ("relation", "legal_form") in case:  # a name with the form in it would tell alike texts apart
            relation["name"] = invent_relation(self._office, "")["name"]
        client = Client()
        reader = Person(name=client.name, salutation=client.salutation)
        text = self._office.text
        said = values(
            replace(origin, relation=relation, product=product),
            text,
            self.plan.title,
            due,
            write_kept_link(PAGES, _name_filing(origin), client=not sending.role),
            offered_as=way,
            today=today,
            reader=Person(name=name_role(self.plan, sending.role)) if sending.role else reader,
            sender=Person(name=name_role(self.plan, sending.sender), phone=text.phone, email=text.email),
            language=language,
            facts=((fact, _find_fact(fact, day, case)) for fact in self.plan.facts),
            sent_back=bool(case.get(_SENT_BACK)),
            object_until=add_working_days(day, informs, origin.calendars.office) if informs else None,
        )
        try:
            return render_message(message, language, said)
        except TextError as error:
            return Written(language=language, subject=message.title, body=str(error))

    def list_answers(self, path: _Path, compared: Iterable[Scalar]) -> tuple[Scalar, ...]:
        """Return what can be so of a relation, its product or a fact, what is usual first."""
        group, name = path
        if group == "facts":
            fact = next((one for one in self.plan.facts if one.id == name), None)
            if fact is None:
                return (None,)
            if fact.type == "choice":
                return tuple(option.id for option in fact.options)
            usual = _find_fact(fact, self._begin(self.periods[0].code)[0].start_date, {})
            return (False, True) if fact.type == "yes_no" else (usual, None)
        if path == ("relation", "legal_form"):
            return (LEGAL_FORM, *sorted({str(one) for one in compared} & {*LEGAL_FORMS} - {LEGAL_FORM}))
        usual = getattr(self._begin(self.periods[0].code)[0], group).get(name)
        return (False, True) if isinstance(usual, bool) else (usual,)

    def _begin(self, code: str) -> tuple[Origin, date | None]:
        """Return how a filing over a period begins, and its first last day; None where nobody knows it."""
        if code not in self._begun:
            period = next(one for one in self.periods if one.code == code)
            relation = invent_relation(self._office, LEGAL_FORM)
            taken = invent_product(self._office, self.plan, period.kind)
            origin = origin_of(make_start(self.plan, self._office, period, relation, taken))
            self._begun[code] = origin, self._find_due(period)
        return self._begun[code]

    def _find_due(self, period: Period) -> date | None:
        for assumed in list_assumed(self.plan, (period,)):
            dates = Dates(self.plan, period, self._office.closing_days, assumed)
            days = [day for one in self.plan.deadlines if (day := dates.last_day(one.id))]
            if days:
                return min(days)
        return None


def _name_filing(origin: Origin) -> str:
    at = origin.filing
    return f"filing/{at.template}/{at.relation}/{at.period}/{at.sub_number}/1"


def _find_fact(fact: FactDefinition, day: date, case: _Case) -> Scalar:
    """Return a fact as it is recorded: an amount in cents."""
    path = ("facts", fact.id)
    if path in case:
        return case[path]
    value = invent_fact(fact, day)
    return value * 100 if fact.type == "money" and isinstance(value, int) else value
