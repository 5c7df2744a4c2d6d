"""The conditions of one template as expressions, and which of them can hold together in which period."""

from collections.abc import Collection, Sequence
from typing import get_args

from ..context import Variable
from ..period import PeriodKind
from ..plan import Expression, Name, Scalar
from ..plan import Logic as Joined
from ..reasoning import Values, implies, may_be_unknown, possible
from .conditions import parse_condition
from .definitions import Definitions
from .expressions import replace_name
from .language.workflow import Workflow
from .variables import Known, variables
from .walks import Conditional

PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)


_SAME = Name(path=("product", "frequency")), Name(path=("period", "kind"))
"""What is the same in a filing whose period is as agreed for its product."""


class Logic:
    """The conditions of a template."""

    def __init__(self, definitions: Definitions, template: Workflow) -> None:
        self._known = variables(definitions, template)
        self._by_product = template.period == "by_product"
        self.kinds, self.values = definitions.keep(
            ("values", id(template)), lambda: _list_all_values(definitions, template, self._known)
        )
        self._judged: dict[tuple[str | None, ...], bool] = definitions.keep(("judged", id(template)), dict)
        """Whether conditions can hold together, by the kind of period and their texts."""

    def condition(self, owner: Conditional) -> Expression | None:
        """Return the expression of a condition; an invalid one becomes a name that may hold or not."""
        if owner.condition is None:
            return None
        expression, _ = parse_condition(owner.condition, self._known)
        if expression is None:
            return Name(path=("unknown", owner.condition))
        return self.in_period(expression)

    def in_period(self, expression: Expression) -> Expression:
        """Return an expression for the template, whose period may be as agreed for its product."""
        return replace_name(expression, *_SAME) if self._by_product else expression

    def is_clear(self, *owners: Conditional) -> bool:
        """Say whether all conditions are valid; what hangs on one that is not is not judged."""
        texts = (owner.condition for owner in owners if owner.condition is not None)
        return all(parse_condition(text, self._known)[0] is not None for text in texts)

    def possible(self, *owners: Conditional, kind: PeriodKind | None = None) -> bool:
        """Say whether all of these can apply together, in a given kind of period or in any."""
        asked = [owner for owner in owners if owner.condition is not None]
        key = (kind, *(owner.condition for owner in asked))
        if asked and key not in self._judged:
            values = {**self.values, "period.kind": (kind,)} if kind else self.values
            self._judged[key] = possible([self.condition(owner) for owner in asked], values)
        return not asked or self._judged[key]

    def possible_without(
        self, owners: Sequence[Conditional], refused: Sequence[Conditional], kind: PeriodKind | None
    ) -> bool:
        """Say whether the ones can apply together while none of the others does."""
        values = {**self.values, "period.kind": (kind,)} if kind else self.values
        held = [self.condition(owner) for owner in owners]
        not_held = [Joined(by="not", of=(one,)) for owner in refused if (one := self.condition(owner))]
        return possible([*(one for one in held if one is not None), *not_held], values)

    def always(self, owner: Conditional, kind: PeriodKind) -> bool:
        """Say whether something applies in every filing of a kind of period."""
        condition = self.condition(owner)
        never = condition and Joined(by="not", of=(condition,))
        return never is None or not possible([never], {**self.values, "period.kind": (kind,)})

    def implies(self, given: Conditional, then: Conditional) -> bool:
        """Say whether `then` applies whenever `given` does."""
        return implies(self.condition(given), self.condition(then), self.values)

    def some(self, given: Conditional, others: Sequence[Conditional], recorded: Collection[str] = ()) -> bool:
        """Say whether at least one of the others applies whenever `given` does.

        Facts that are `recorded`, by their dotted names, are known by then.
        """
        conditions = [condition for other in others if (condition := self.condition(other)) is not None]
        if len(conditions) < len(others):
            return True
        either = Joined(by="or", of=tuple(conditions))
        return implies(self.condition(given), either, self.values, recorded)


def _list_all_values(
    definitions: Definitions, template: Workflow, known: Known
) -> tuple[tuple[PeriodKind, ...], Values]:
    kinds = period_kinds(definitions, template)
    values = {
        **list_values(known),
        "period.kind": kinds or PERIOD_KINDS,
        "product.frequency": _list_frequencies(definitions, template),
    }
    return kinds, values


def list_values(known: Known) -> Values:
    """Return the values of variables with few, by their dotted names."""
    return {
        f"{group}.{name}": _list_values(group, name, variable)
        for group, names in known.items()
        for name, variable in names.items()
        if variable.values or variable.type == "yes_no"
    }


def _list_frequencies(definitions: Definitions, template: Workflow) -> tuple[PeriodKind, ...]:
    """Return the frequencies in which its products can be agreed; all where that is not known."""
    files = [definitions.products.get(name) for name in template.products]
    models = [file.model for file in files if file and file.model and file.model.intact("frequencies")]
    if not template.intact("products") or len(models) < len(files):
        return PERIOD_KINDS
    found = {frequency for model in models for frequency in model.frequencies}
    return tuple(kind for kind in PERIOD_KINDS if kind in found) or PERIOD_KINDS


def _list_values(group: str, name: str, variable: Variable) -> tuple[Scalar, ...]:
    """Return the values of a variable with few; one that can be unknown has that beside them."""
    values: tuple[Scalar, ...] = (True, False) if variable.type == "yes_no" else variable.values
    return (*values, None) if may_be_unknown(f"{group}.{name}") else values


def period_kinds(definitions: Definitions, template: Workflow) -> tuple[PeriodKind, ...]:
    """Return the kinds of period that the template's filings can have; none where they are not known."""
    if not template.intact("period", "products"):
        return ()
    if template.period != "by_product":
        return (template.period,)
    frequencies: set[str] = set()
    for name in template.products:
        file = definitions.products.get(name)
        if file is None or file.model is None or not file.model.intact("frequencies"):
            return ()
        frequencies.update(file.model.frequencies)
    return tuple(kind for kind in PERIOD_KINDS if kind in frequencies) or PERIOD_KINDS
