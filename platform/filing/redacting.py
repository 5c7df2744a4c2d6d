"""The state of a filing without what could name somebody, for whoever judges it away from the office.

An allow-list: a text stays when it is one of the language or of a plan of the filing's template: one that was
moved has phases, ticks and facts of plans before. Others are told apart by invented ones, so that who reviews
their own work, or bytes that were approved, is still seen. Of moments the day stays.
Values of relation, product, facts and answers stay when they are yes or no, a choice or the date of a fact;
for others stands one for which every condition of the plan answers the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ..answers import Value
from ..context import VARIABLES
from ..data import Scalar, Struct, canonical, replace
from ..plan import Expression, Plan
from .conditions import Values, holds, list_conditions, list_literals, list_names, values_of
from .events import AnyEvent
from .state import Fact, Origin, RequestState, State

LONGEST_WORD = 64
LONGEST_COUNT = 3
"""Digits of a round in the id of a task or request; a longer number may be somebody's."""
ANY = "*"
SUBJECTS = frozenset({"phase", "offer", "wait", "request", "task", "-", ""})
"""What a chase is about, as its subject names it, and the sub-number of who has one."""

_PARTS = re.compile(r"[./:]")


class Redacted(Struct):
    """A redacted state. Of the values named in `replaced` others are told that no condition of its plan
    tells from the true ones; those in `withheld` are not told. Both are named as conditions name them, of a
    group those that the plan does not know together by `*`.
    """

    state: State
    replaced: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


class Redactor:
    """Redacts states of one plan; a filing on it can have been on `others` before."""

    def __init__(self, plan: Plan, others: Iterable[Plan] = ()) -> None:
        self.plan = plan
        found = (word for one in (plan, *others) for word in _list_words(one))
        self.words = CLOSED | frozenset(word for word in found if len(word) <= LONGEST_WORD)
        self.conditions: dict[str, list[Expression]] = {}
        for _, condition in list_conditions(plan):
            for path in dict.fromkeys(list_names(condition)):
                self.conditions.setdefault(".".join(path), []).append(condition)
        self.choices = {
            f"facts.{fact.id}": frozenset(option.id for option in fact.options) for fact in plan.facts
        } | {
            f"answers.{field.id}": frozenset(option.id for option in field.options)
            for form in plan.forms
            for field in form.fields
        }
        for group in ("relation", "product"):
            for name, variable in VARIABLES[group].items():
                self.choices[f"{group}.{name}"] = frozenset(variable.values)
        self.choices["product.id"] = frozenset(plan.products)
        self.dates = frozenset(f"facts.{fact.id}" for fact in plan.facts if fact.type == "date")

    def redact(self, state: State) -> Redacted:
        """Return a state of the plan without what could name somebody. Ended or not, of either format."""
        values = values_of(self.plan, state.origin, state.case.facts, state.case.requests)
        return Redacting(self, values).redact(state)


class Redacting:
    """Redacts what belongs to one filing: the same text gets the same alias in all of it.

    `values` are those by which conditions are answered; `hours` says whether moments keep their hour.
    """

    def __init__(self, of: Redactor, values: Values, *, hours: bool = False) -> None:
        self.of = of
        self.hours = hours
        self.aliases: dict[str, str] = {}
        self.replaced: set[str] = set()
        self.withheld: set[str] = set()
        self.values = values

    def redact(self, state: State) -> Redacted:
        """Return a state of the filing without what could name somebody."""
        case = replace(
            state.case,
            facts=tuple(map(self._fact, state.case.facts)),
            requests=tuple(map(self._request, state.case.requests)),
            move=None,  # a verdict says nothing of it
        )
        journal = replace(state.journal, answered=())
        origin = self._origin(state.origin)
        shown = replace(state, case=self.plain(case), journal=self.plain(journal), origin=origin)
        return Redacted(
            state=shown, replaced=tuple(sorted(self.replaced)), withheld=tuple(sorted(self.withheld))
        )

    def _origin(self, origin: Origin) -> Origin:
        filing = self.plain(origin.filing)
        return replace(
            origin,
            filing=replace(filing, period=origin.period.code),
            relation=self.keep_known("relation", origin.relation),
            product=self.keep_known("product", origin.product),
            automations_off=self.keep_plain(origin.automations_off),
        )

    def keep_plain(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of these names that the language and the plan know."""
        return tuple(name for name in names if self._is_plain(name))

    def keep_known(self, group: str, values: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Return the values of a group that has fields of the office's own, those under a known name."""
        known = [
            name for name in values if name in VARIABLES[group] or f"{group}.{name}" in self.of.conditions
        ]
        return {name: self.scalar(f"{group}.{name}", values[name]) for name in known}

    def _fact(self, fact: Fact) -> Fact:
        return replace(fact, value=self.scalar(f"facts.{fact.id}", fact.value))

    def _request(self, request: RequestState) -> RequestState:
        def answers(values: dict[str, Value]) -> dict[str, Any]:
            return {name: self._answer(f"answers.{name}", value) for name, value in values.items()}

        return replace(
            request,
            values=answers(request.values),
            counting=None if request.counting is None else answers(request.counting),
        )

    def _answer(self, name: str, value: Value) -> Value:
        if isinstance(value, tuple):
            return tuple(one for one in value if one in self.of.choices.get(name, ()))
        told = self.scalar(name, value)
        return "" if told is None else told

    def scalar(self, name: str, value: Scalar) -> Scalar:
        """Return a value by the name that conditions have for it, or one that stands for it."""
        if value is None or isinstance(value, bool) or value in self.of.choices.get(name, ()):
            return value
        if name in self.of.dates and _is_date(value):
            return value
        group, _, field = name.partition(".")
        if field not in self.of.words and field not in VARIABLES.get(group, ()):
            self.withheld.add(f"{group}.{ANY}")  # its name is none of the plan's, and may be somebody's
            return "" if isinstance(value, str) else 0
        conditions = self.of.conditions.get(name, [])
        wanted = [holds(one, self.values) for one in conditions]
        for tried in _list_likely(value, conditions):
            told: Scalar = tried
            if [holds(one, self._with(name, told)) for one in conditions] == wanted:
                self.replaced.add(name)
                return told
        self.withheld.add(name)
        return "" if isinstance(value, str) else 0

    def _with(self, name: str, value: Scalar) -> Values:
        group, _, field = name.partition(".")
        return {**self.values, group: {**self.values.get(group, {}), field: value}}

    def plain(self, part: Any) -> Any:
        """Return a part of a state or event with every text told by its alias, but for known ones."""
        if isinstance(part, str):
            return (
                part if self._is_plain(part) else self.aliases.setdefault(part, f"#{len(self.aliases) + 1}")
            )
        if isinstance(part, tuple):
            return tuple(map(self.plain, part))
        if isinstance(part, dict):
            return {self.plain(name): value for name, value in part.items()}
        if isinstance(part, Fact):
            return replace(self._fields(part), value=part.value)
        if isinstance(part, RequestState):
            known = {name: getattr(part, name) for name in ("values", "counting")}
            told = {
                name: values and {self.plain(field): value for field, value in values.items()}
                for name, values in known.items()
            }
            return replace(self._fields(part), **told)
        if isinstance(part, datetime):
            kept = time(part.hour) if self.hours else time.min
            return datetime.combine(part, kept, part.tzinfo)
        return self._fields(part) if isinstance(part, Struct) else part

    def _fields(self, part: Struct) -> Any:
        return replace(part, **{name: self.plain(getattr(part, name)) for name in part.__struct_fields__})

    def _is_plain(self, text: str) -> bool:
        """Say whether a text is a word of the language or the plan, or an id that is made of such words."""
        words = self.of.words
        if text in words or text == "":
            return True
        pieces = _PARTS.split(text)
        counts = [piece for piece in pieces if piece.isdigit()]
        named = [piece for piece in pieces if piece in words and piece not in counts]
        others = [piece for piece in pieces if piece not in named and piece not in counts]
        short = len(counts) <= 1 and all(len(piece) <= LONGEST_COUNT for piece in counts)
        return bool(named) and short and SUBJECTS.issuperset(others)


class Named:
    """The conditions of a plan by the values that they name, to tell what a redacted state leaves open."""

    def __init__(self, plan: Plan) -> None:
        found: dict[str, set[bytes]] = {}
        for _, condition in list_conditions(plan):
            for path in list_names(condition):
                found.setdefault(".".join(path), set()).add(canonical(condition))
        self.conditions = {name: frozenset(said) for name, said in found.items()}


def list_open_values(redacted: Redacted, old: Named, new: Named) -> Iterator[str]:
    """Yield the values on which a condition of a plan hangs and of which a redacted state says too little.

    A value that another stands for is enough for the conditions of the plan that the filing runs on.
    """
    origin = redacted.state.origin
    known = {"relation": origin.relation, "product": origin.product}
    for name in sorted({*old.conditions, *new.conditions}):
        group, _, field = name.partition(".")
        asked, answered = new.conditions.get(name, frozenset()), old.conditions.get(name, frozenset())
        left_out = group in known and field not in known[group]
        unknown = not answered and (left_out or f"{group}.{ANY}" in redacted.withheld)
        if name in redacted.withheld or unknown or (name in redacted.replaced and not asked <= answered):
            yield name


def _is_date(value: Scalar) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _list_likely(value: str | int, conditions: list[Expression]) -> Iterator[str | int]:
    """Yield values of the same kind for which conditions may answer the same, those that say least first."""
    literals = [literal for condition in conditions for literal in list_literals(condition)]
    if isinstance(value, str):
        yield from ("", "-")
        yield from (one for one in literals if isinstance(one, str))
    else:
        numbers = sorted({abs(one) for one in literals if isinstance(one, int)})
        near = (number + step for number in numbers for step in (0, 1, -1))
        yield 0
        yield from (sign * number for number in near for sign in (1, -1))


def _list_words(part: object) -> Iterator[str]:
    """Yield every text of a plan that stands alone."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from _list_words(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from _list_words(item)
    elif isinstance(part, dict):
        for name, item in part.items():
            yield from (name, *_list_words(item))


def _list_closed(hint: Any, seen: set[Any]) -> Iterator[str]:
    """Yield the words of the language that a struct can hold: those of its literals."""
    if get_origin(hint) is Literal:
        yield from (word for word in get_args(hint) if isinstance(word, str))
        return
    for inside in get_args(hint):
        yield from _list_closed(inside, seen)
    if isinstance(hint, type) and issubclass(hint, Struct) and hint not in seen:
        seen.add(hint)
        for field in get_type_hints(hint).values():
            yield from _list_closed(field, seen)


CLOSED = frozenset(word for hint in (State, AnyEvent) for word in _list_closed(hint, set()))
