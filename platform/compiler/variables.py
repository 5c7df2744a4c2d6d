"""The variables of an office: the fixed list, the office's own relation fields, and a template's facts."""

from collections.abc import Iterable, Iterator, Sequence

from ..context import VARIABLES, Variable
from .conditions import ANY
from .conditions import Known as Known
from .definitions import Definitions
from .forms import form_names, forms_of, list_answers
from .language.phases import Automation
from .language.workflow import Fact, Option, Workflow
from .walks import walk_once

UNKNOWN = Variable("unknown", "what is declared where it cannot be read")


def variables(definitions: Definitions, template: Workflow | None = None) -> Known:
    """Return the variables by group and name.

    In a template the values of product.id are its products, and the answers are those of its forms.
    """
    return definitions.keep(("variables", id(template)), lambda: _list_variables(definitions, template))


def _list_variables(definitions: Definitions, template: Workflow | None) -> Known:
    known = {group: dict(names) for group, names in VARIABLES.items()}
    office = definitions.office.model if definitions.office else None
    for own in office.fields if office else ():
        kind = own.type if own.intact("type") else "unknown"
        known["relation"].setdefault(own.id, Variable(kind, own.title))
    if office is None or not office.intact("fields"):
        known["relation"][ANY] = UNKNOWN
    known["facts"] = dict(list_facts(template)) if template else {}
    if template is not None and template.intact("products"):
        known["product"]["id"] = known["product"]["id"]._replace(values=tuple(template.products))
    if template is not None:
        forms = dict(forms_of(definitions, template))
        answers = {n: variable for form in forms.values() for n, variable in list_answers(form).items()}
        if form_names(template) - forms.keys() or _hides_request(template):
            answers[ANY] = UNKNOWN
        if answers:
            known["answers"] = answers
    return Known(known)


def _hides_request(template: Workflow) -> bool:
    """Say whether a mistake hides what a template asks: in a request, or an automation that does nothing."""
    return not template.intact("phases") or any(
        not phase.intact("automations")
        or any(not one.intact("request") or _is_unclear(one) for one in phase.automations)
        for phase in template.phases
    )


def _is_unclear(automation: Automation) -> bool:
    return not automation.request.form if automation.request else not automation.actions


@walk_once
def list_facts(template: Workflow) -> Iterator[tuple[str, Variable]]:
    """Yield the facts of a template as variables, by id."""
    yield from fact_variables(template.facts).items()
    if not template.intact("facts") or not all(fact.id for fact in template.facts):
        yield ANY, UNKNOWN


def fact_variables(facts: Iterable[Fact]) -> dict[str, Variable]:
    """Return the variables of facts, by id; a choice is a text with few values."""
    return {
        fact.id: Variable(
            "unknown" if not fact.intact("type") else "text" if fact.type == "choice" else fact.type,
            fact.title,
            tuple(option.id for option in options),
            labels=tuple(option.title for option in options),
        )
        for fact in facts
        for options in [_list_options(fact)]
    }


def _list_options(fact: Fact) -> Sequence[Option]:
    """Return the options of a choice; none where an invalid id may be what is compared with."""
    is_known = fact.type == "choice" and all(option.intact("id") for option in fact.options)
    return fact.options if is_known else ()
