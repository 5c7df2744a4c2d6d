"""What stands for what people wrote, when a filing that really ran becomes a scenario.

Choices, yes and no, and dates stay: the course of a filing hangs on them, and they name nobody. Texts go.
Amounts and numbers become others for which every condition of the template answers the same; only an amount
that a condition names, and for which there is no other, stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from ..data import Scalar, Struct, replace
from ..filing.conditions import holds, list_conditions, values_of
from ..filing.state import State
from ..plan import Form, LiteralValue, Plan

LEFT_OUT = "Weggelaten."
"""What a scenario has for a reason, a note or an answer."""

USUAL = (250_000, 100, 1, 0)
"""Values that are tried first, as they are kept: 2.500 euro or a number, and less."""


@dataclass(frozen=True)
class Replacing:
    """How what people wrote is put into a scenario: as it is, or replaced where it may be personal."""

    replaces: bool

    @classmethod
    def nothing(cls) -> "Replacing":
        """Return what leaves everything as it is: for what was simulated."""
        return cls(replaces=False)

    @classmethod
    def everything(cls) -> "Replacing":
        """Return what replaces all that may be personal."""
        return cls(replaces=True)

    def keeps_field(self, value: Scalar) -> bool:
        """Say whether a scenario has a relation's field with this value: no and nothing go without saying."""
        return value is True or (not self.replaces and value not in (None, False))

    def write_reason(self, text: str) -> str:
        """Return what a scenario has for a reason or a note, on one line."""
        return LEFT_OUT if self.replaces else " ".join(text.split()) or LEFT_OUT

    def write_verdict(self, text: str) -> dict[str, str]:
        """Return what a scenario has of the authority's text."""
        return {} if self.replaces or not text.strip() else {"text": " ".join(text.split())}

    def write_fact(self, plan: Plan, state: State, fact: str, value: Scalar, used: list[Any]) -> Any:
        """Return a fact as a scenario writes it; `state` is that in which it was recorded.

        A correction gets another value than those that were `used` for the fact before.
        """
        definition = next(one for one in plan.facts if one.id == fact)
        if self.replaces and definition.type == "text":
            return LEFT_OUT if not used else f"{LEFT_OUT} ({len(used) + 1})"
        if definition.type not in ("money", "number") or not isinstance(value, int):
            return value
        cents = definition.type == "money"
        if not self.replaces:
            return _as_euros(value) if cents else value
        likes = chain(_list_like(plan, state, fact, value), _list_others(value))
        written = (_as_euros(like) if cents else like for like in likes)
        return next(like for like in written if like not in used)

    def write_answers(self, form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answers to a form that a scenario has; what is required and left out is invented."""
        kinds = {field.id: field.kind for field in form.fields}
        found: dict[str, Any] = {}
        for name, value in values.items():
            kind = kinds.get(name, "text")
            if self.replaces and kind not in ("yes_no", "choice", "choices"):
                continue
            written = list(value) if isinstance(value, tuple) else value
            found[name] = _as_euros(value) if kind == "money" and isinstance(value, int) else written
        return found


def _as_euros(cents: int) -> int | float:
    return cents // 100 if cents % 100 == 0 else cents / 100


def _list_like(plan: Plan, state: State, fact: str, value: int) -> Iterator[int]:
    """Yield other values of a fact with which all conditions of the plan answer as with this one.

    Where a condition asks for exactly this value (`facts.saldo == 0`) there may be no other: then it is this
    one, as the outcome that the filing took tells it already.
    """
    literals = sorted({one for one in _list_literals(plan) if isinstance(one, int)})
    near = [number + step for number in literals for step in (0, -100, 100, -1, 1)]
    wanted = _answer_all(plan, state, fact, value)
    found = False
    for number in (sign * number for number in (*USUAL, *near) for sign in (1, -1)):
        if number != value and _answer_all(plan, state, fact, number) == wanted:
            found = True
            yield number
    if not found and abs(value) in literals:
        yield value


def _list_others(value: int) -> Iterator[int]:
    """Yield replacements without end, never the value itself, so that a true amount is never written."""
    yield from (number for number in count(100, 100) if number != value)


def _answer_all(plan: Plan, state: State, fact: str, value: int) -> list[bool]:
    facts = tuple(replace(one, value=value) if one.id == fact else one for one in state.case.facts)
    values = values_of(plan, state.origin, facts, state.case.requests)
    return [holds(condition, values) for _, condition in list_conditions(plan)]


def _list_literals(part: object) -> Iterator[Scalar]:
    if isinstance(part, LiteralValue):
        if not isinstance(part.value, bool):
            yield part.value
    elif isinstance(part, tuple):
        for item in part:
            yield from _list_literals(item)
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from _list_literals(getattr(part, name))
