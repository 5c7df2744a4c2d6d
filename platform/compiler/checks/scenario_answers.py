"""Answers to forms in scenarios: each is to a question of the form, and one that it takes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...answers import check_answers, read_answers
from ...data import replace
from ...plan import FormField
from ...suggest import ask_if_meant, did_you_mean, join_names, nearest
from ..diagnostics import Code, Diagnostic, Span
from ..examples import WORKFLOW, Example, small_office
from ..forms import CENTS, lower_field
from ..instead import suggest_day, suggest_number, suggest_text, suggest_truth
from ..language.base import Definition
from ..language.forms import Form
from ..language.scenario import Do, Habits, Scenario
from ..mistakes import describe

_FORM = (
    "title: Uw situatie\nschema:\n  type: object\n  properties:\n    partner:\n      type: boolean\n"
    "      title: Had u een partner?\n"
)
_ASKED = "    automations: [{ id: vragen, at: entered, request: { form: situatie } }]\n    checkpoints:\n"


def _ask(template: str) -> str:
    return template.replace("    checkpoints:\n", _ASKED, 1)


def _example(value: str) -> Example:
    return Example(
        f"title: Akkoord\nperiod: 2027-01\nclient: {{ answers: {{ situatie: {{ partner: {value} }} }} }}\n"
        "steps:\n  - reach: end\n",
        "scenarios/btw-aangifte/akkoord.yaml",
        how="whole",
        others=(("forms/situatie.yaml", _FORM), (WORKFLOW, _ask(small_office()[WORKFLOW]))),
    )


NO_ANSWER = Code(
    "K856",
    "answer that a form does not take",
    "A client answers a yes/no question with true or false, a choice with one of its values, several choices "
    "with a list of them, a day as 2027-01-31, a number and an amount in digits, and anything else in words, "
    "each within the bounds of the form. What is required and left out is invented. A step that expects a "
    "refusal may answer otherwise.",
    wrong=_example("soms"),
    right=_example("true"),
    remedy="write it as the form takes it",
)


def check_scenario_answers(
    scenario: Scenario, forms: Mapping[str, Form], asked: Mapping[str, str], unknown: Code
) -> Iterator[Diagnostic]:
    """Report answers to questions that a form does not ask, and answers that it does not take.

    `asked` has the forms of requests, by the id of their automation; an act may name the form as well. What
    it does not answer of what is required is invented. `unknown` tells of a name.
    """
    for habits in (scenario.client, *(step.client for step in scenario.steps)):
        if isinstance(habits, Habits) and habits.intact("answers"):
            for name, values in habits.answers.items():
                yield from _check_values(habits, ("answers", name), forms.get(name), values, unknown)
    for step in scenario.steps:
        refuses = any(one.refused for one in step.expect)
        for act in step.do if not refuses else ():
            if isinstance(act, Do) and act.values is not None and act.intact("values", "answer"):
                form = forms.get(asked.get(act.answer or "", act.answer or ""))
                yield from _check_values(act, ("values",), form, act.values, unknown)


def _check_values(
    owner: Definition, path: tuple[str, ...], form: Form | None, values: Mapping[str, Any], unknown: Code
) -> Iterator[Diagnostic]:
    schema = form.fields if form else None
    if schema is None or not schema.intact("properties"):
        return
    for name, value in values.items():
        field, place = schema.properties.get(name), owner.place(*path, name)
        if field is None:
            help = did_you_mean(name, schema.properties)
            yield unknown.at(place, f"unknown field '{name}'", help=help, lacks=f"answers.{name}")
        elif field.sound:
            required = schema.intact("required") and name in schema.required
            yield from _check_value(lower_field(name, field, required=required), value, place)


def _check_value(field: FormField, value: Any, place: Span) -> Iterator[Diagnostic]:
    if _is_taken(field, value):
        return
    unbound = replace(field, least=None, most=None, pattern=None)
    suggest = None if _is_taken(unbound, value) else _SUGGESTIONS.get(field.kind)
    help = suggest(field, value) if suggest else None
    message = f"answer '{field.id}' is {_say_taken(field)}, found {describe(value)}"
    yield NO_ANSWER.at(place, message, help=help)


def _is_taken(field: FormField, value: Any) -> bool:
    """Say whether the machine takes an answer."""
    return not check_answers([field], read_answers([field], {field.id: value}))


def _say_taken(field: FormField) -> str:
    """Return what a field takes, with its bounds."""
    options = join_names([option.id for option in field.options])
    match field.kind:
        case "yes_no":
            return "true or false"
        case "date":
            return "a day such as 2027-01-31"
        case "number":
            return f"a whole number{_say_bounds(field, '')}"
        case "money":
            return f"an amount in euros such as 1000 or 1000.50{_say_bounds(field, '')}"
        case "choice":
            return options
        case "choices":
            return f"a list of {options}{_say_bounds(field, ' of them')}"
        case _:
            form = f" of the form {field.pattern}" if field.pattern else ""
            return f"a text{_say_bounds(field, ' characters')}{form}"


def _say_bounds(field: FormField, unit: str) -> str:
    cents = CENTS if field.kind == "money" else 1
    bounds = (("at least", field.least), ("at most", field.most))
    said = [f"{word} {bound / cents:.10g}" for word, bound in bounds if isinstance(bound, int)]
    return f", {' and '.join(said)}{unit}" if said else ""


def _suggest_option(field: FormField, value: Any) -> str | None:
    titled = next((one.id for one in field.options if one.title.casefold() == str(value).casefold()), None)
    near = titled or nearest(str(value), [one.id for one in field.options])
    return ask_if_meant(str(value), near) if near else None


_SUGGESTIONS: dict[str, Callable[[FormField, Any], str | None]] = {
    "choice": _suggest_option,
    "date": lambda _, value: suggest_day(value),
    "number": lambda _, value: suggest_number(value),
    "text": lambda _, value: suggest_text(value),
    "yes_no": lambda _, value: suggest_truth(value),
}
"""By kind of a field: what to write for an answer that is of another kind."""
