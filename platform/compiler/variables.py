"""The variables of an office: the fixed list, the office's own relation fields, and a template's facts."""

from collections.abc import Iterable

from ..context import VARIABLES, Variable
from .conditions import Known as Known
from .definitions import Definitions
from .forms import forms_of, list_answers
from .language.workflow import Fact, Workflow


def variables(definitions: Definitions, template: Workflow | None = None) -> Known:
    """Return the variables by group and name.

    In a template the values of product.id are its products, and the answers are those of its forms.
    """
    return definitions.keep(("variables", id(template)), lambda: _list_variables(definitions, template))


def _list_variables(definitions: Definitions, template: Workflow | None) -> Known:
    known = {group: dict(names) for group, names in VARIABLES.items()}
    office = definitions.office.model if definitions.office else None
    for own in office.fields if office else ():
        known["relation"].setdefault(own.id, Variable(own.type, own.title))
    known["facts"] = fact_variables(template.facts if template else ())
    if template is not None and template.intact("products"):
        known["product"]["id"] = known["product"]["id"]._replace(values=tuple(template.products))
    if template is not None:
        answers = [list_answers(form) for _, form in forms_of(definitions, template)]
        if any(answers):
            known["answers"] = {name: variable for one in answers for name, variable in one.items()}
    return Known(known)


def fact_variables(facts: Iterable[Fact]) -> dict[str, Variable]:
    """Return the variables of facts, by id; a choice is a text with few values."""
    return {
        fact.id: Variable(
            "unknown" if not fact.intact("type") else "text" if fact.type == "choice" else fact.type,
            fact.title,
            tuple(option.id for option in fact.options) if fact.type == "choice" else (),
            labels=tuple(option.title for option in fact.options) if fact.type == "choice" else (),
        )
        for fact in facts
    }
