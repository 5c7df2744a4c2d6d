"""What the conditions of a plan tell apart: which facts and answers matter, and which values of them.

A condition of a phase, a document, an automation, an outcome or a deadline decides the course. One of a
checkpoint or of an item of a list decides only how much has to be done in a phase, unless it is watched.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any

from ..data import canonical
from ..filing.conditions import holds, list_conditions, list_literals, list_names
from ..patterns import PatternError, pattern_of
from ..plan import (
    Checkpoint,
    Compare,
    Expression,
    FactDefinition,
    Form,
    FormField,
    Logic,
    Plan,
)

TODAY = "today"
"""Stands for the day on which a fact is recorded that is a date."""
TEXT = "tekst"


class Telling:
    """What the conditions of a plan tell apart; `watched` are checkpoints, as phase.checkpoint.

    The conditions of `minded` checkpoints and items decide too, by their canonical bytes; so do those of a
    plan that is walked `beside` it, so that a value on which the two answer differently is among those tried.
    """

    def __init__(
        self,
        plan: Plan,
        watched: frozenset[str] = frozenset(),
        minded: frozenset[bytes] = frozenset(),
        beside: Plan | None = None,
    ) -> None:
        self.plan = plan
        self.plans = (plan,) if beside is None else (plan, beside)
        self.watched = watched
        self.minded = minded
        self._differing: dict[Any, bool] = {}

    @cached_property
    def deciding(self) -> tuple[Expression, ...]:
        """Return the conditions that decide the course."""
        phases = [phase for plan in self.plans for phase in plan.phases]
        watched = {id(c) for p in phases for c in p.checkpoints if f"{p.id}.{c.id}" in self.watched}
        return tuple(
            condition
            for owner, condition in self._list_conditions()
            if not isinstance(owner, (Checkpoint, FormField))
            or id(owner) in watched
            or (self.minded and canonical(owner) in self.minded)
        )

    @cached_property
    def amounting(self) -> tuple[Expression, ...]:
        """Return the conditions of what is required and decides only how much has to be done."""
        deciding = {id(one) for one in self.deciding}
        return tuple(
            condition
            for owner, condition in self._list_conditions()
            if id(condition) not in deciding and getattr(owner, "required", False)
        )

    @cached_property
    def at_the_start(self) -> tuple[Expression, ...]:
        """Return the parts of deciding conditions that are known when a filing begins.

        Those of an alternative of a deadline count by what they choose, unless they hang on more than that.
        """
        deadlines = [one for plan in self.plans for one in plan.deadlines]
        chosen = [d.condition for one in deadlines for d in one.due if d.condition is not None]
        by_choice = {id(one) for one in chosen if not _learns(one)}
        deciding = (condition for condition in self.deciding if id(condition) not in by_choice)
        return tuple(atom for atom in _list_different(deciding) if not _learns(atom))

    @cached_property
    def all_at_the_start(self) -> tuple[Expression, ...]:
        """Return the parts of all deciding conditions that are known when a filing begins."""
        return tuple(atom for atom in _list_different(self.deciding) if not _learns(atom))

    @cached_property
    def untried(self) -> tuple[Expression, ...]:
        """Return the parts of deciding conditions that hang on what is learned, and of which not every answer
        is tried: what compares two values, or a value of which too few are known.
        """
        return tuple(
            atom for atom in _list_different(self.deciding) if _learns(atom) and not self._is_tried(atom)
        )

    @cached_property
    def names(self) -> frozenset[tuple[str, ...]]:
        """Return the paths of values that the course hangs on."""
        return frozenset(path for condition in self.deciding for path in list_names(condition))

    def matters(self, group: str, name: str) -> bool:
        """Say whether the course hangs on a value."""
        return (group, name) in self.names

    def values_of_fact(self, fact: FactDefinition) -> tuple[Any, ...]:
        """Return the values of a fact that the conditions tell apart; one where they tell none apart."""
        path = ("facts", fact.id)
        match fact.type:
            case "date":
                return (TODAY,)
            case "text":
                every: Iterable[Any] = (TEXT, *self._literals(path))
            case "yes_no":
                every = (False, True)
            case "choice":
                every = tuple(option.id for option in fact.options)
            case _:
                every = self._numbers(path)
        return self._tell_apart(path, tuple(every))

    def answers_to(self, form: Form) -> tuple[dict[str, Any], ...]:
        """Return the answers to a form that the conditions tell apart: all ways to fill in what matters."""
        ways: list[dict[str, Any]] = [{}]
        for field in form.fields:
            matters = self.matters("answers", field.id)
            if not (field.required or matters):
                continue
            values = self._tell_apart(("answers", field.id), self._values_of_field(field))
            given = [{field.id: value} for value in (values if matters else values[:1])]
            if not field.required and self._is_told_from_all(("answers", field.id), values):
                given.append({})
            ways = [way | one for way in ways for one in given]
        return tuple(ways)

    def differs_from_nothing(self, path: tuple[str, ...], value: Any) -> bool:
        """Say whether a condition tells a value from one that is not known; found once for each value."""
        asked = (path, type(value), value)
        if asked not in self._differing:
            self._differing[asked] = self._differs(path, value)
        return self._differing[asked]

    def _differs(self, path: tuple[str, ...], value: Any) -> bool:
        group, name = path
        atoms = (atom for condition in self.deciding for atom in _list_atoms(condition))
        naming = [atom for atom in atoms if path in set(list_names(atom))]
        return any(
            len(set(list_names(atom))) > 1 or holds(atom, {group: {name: value}}) != holds(atom, {})
            for atom in naming
        )

    def _list_conditions(self) -> Iterator[tuple[object, Expression]]:
        for plan in self.plans:
            yield from list_conditions(plan)

    def _is_tried(self, atom: Expression) -> bool:
        """Say whether every answer of a part that hangs on what is learned is met with the values tried."""
        paths = set(list_names(atom))
        if len(paths) > 1:
            return False
        (path,) = paths
        kinds: set[str] = {one.type for one in self.plan.facts if path == ("facts", one.id)}
        fields = [one for form in self.plan.forms for one in form.fields if path == ("answers", one.id)]
        kinds |= {one.kind for one in fields}
        literals = tuple(list_literals(atom))
        if not isinstance(atom, Compare) or all(one is None for one in literals):
            return True  # known or not, or what is yes or no
        if "date" in kinds:
            return False
        ordered = atom.by not in ("eq", "ne", "in")
        return not ("text" in kinds and (ordered or TEXT in literals))

    def _is_told_from_all(self, path: tuple[str, ...], values: tuple[Any, ...]) -> bool:
        """Say whether a condition tells what is not known from each of these values."""
        return bool(values) and all(self.differs_from_nothing(path, value) for value in values)

    def _values_of_field(self, field: FormField) -> tuple[Any, ...]:
        path = ("answers", field.id)
        match field.kind:
            case "yes_no":
                return (False, True)
            case "choice":
                return tuple(option.id for option in field.options)
            case "choices":
                fewest = field.least if isinstance(field.least, int) else 1
                return (tuple(option.id for option in field.options[: max(fewest, 1)]),)
            case "number" | "money":
                least = field.least if isinstance(field.least, int) else None
                most = field.most if isinstance(field.most, int) else None
                tried = (*self._numbers(path), least or 0)
                fitting = (n for n in tried if (least is None or n >= least) and (most is None or n <= most))
                return tuple(fitting) or (most or 0,)
            case "date":
                return (field.least if isinstance(field.least, str) else "2027-01-01",)
            case _:
                return (_text_of(field), *(one for one in self._literals(path) if isinstance(one, str)))

    def _tell_apart(self, path: tuple[str, ...], values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return one value for each way in which the conditions answer, that which asks least first."""
        group, name = path
        naming = [c for c in self.deciding if path in set(list_names(c))]
        parts = [
            part for condition in naming for part in _list_atoms(condition) if path in set(list_names(part))
        ]
        found: dict[tuple[bool, ...], Any] = {}
        for value in sorted(values, key=lambda one: self._count_required(path, one)):
            answers = tuple(holds(part, {group: {name: value}}) for part in parts)
            found.setdefault(answers, value)
        return tuple(found.values())

    def _count_required(self, path: tuple[str, ...], value: Any) -> int:
        group, name = path
        return sum(holds(c, {group: {name: value}}) for c in self.amounting if path in set(list_names(c)))

    def _numbers(self, path: tuple[str, ...]) -> tuple[int, ...]:
        literals = {value for value in self._literals(path) if isinstance(value, int)}
        near = {
            n for value in literals for n in (value - 1, value, value + 1, -value, -value - 1, -value + 1)
        }
        return (0, *sorted(near - {0}, key=lambda n: (abs(n), n < 0)))

    def _literals(self, path: tuple[str, ...]) -> tuple[Any, ...]:
        conditions = [c for _, c in self._list_conditions()]
        found = [
            literal
            for condition in conditions
            for atom in _list_atoms(condition)
            if path in set(list_names(atom))
            for literal in list_literals(atom)
        ]
        return tuple(dict.fromkeys(found))


def name_values(atoms: Iterable[Expression]) -> tuple[str, ...]:
    """Return the names of the values that parts of conditions hang on, as conditions write them."""
    return tuple(sorted({".".join(path) for atom in atoms for path in list_names(atom)}))


def _learns(expression: Expression) -> bool:
    """Say whether a condition hangs on what is learned while a filing runs."""
    return any(path[0] in ("facts", "answers") for path in list_names(expression))


def _list_different(conditions: Iterable[Expression]) -> tuple[Expression, ...]:
    """Return the parts of conditions, each once."""
    atoms = (atom for condition in conditions for atom in _list_atoms(condition))
    return tuple({canonical(atom): atom for atom in atoms}.values())


def _list_atoms(expression: Expression) -> Iterator[Expression]:
    """Yield the parts of a condition that are true or false by themselves."""
    if isinstance(expression, Logic):
        for part in expression.of:
            yield from _list_atoms(part)
    else:
        yield expression


def _text_of(field: FormField) -> str:
    least = field.least if isinstance(field.least, int) else 1
    if field.pattern:
        with suppress(PatternError):  # where none is found the machine refuses the answer
            return pattern_of(field.pattern).example(least)
    return TEXT.ljust(least, ".")
