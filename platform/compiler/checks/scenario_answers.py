"""Answers to forms in scenarios: each is to a question of the form, and one that it takes."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ...plan import FormField
from ...suggest import ask_if_meant, did_you_mean, join_names, nearest
from ...typed import TypedError, read_typed_fact
from ..diagnostics import Code, Diagnostic, Span
from ..examples import WORKFLOW, Example, small_office
from ..forms import lower_field
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
    "with a list of them, a day as 2027-01-31, a number and an amount in digits, and anything else in words. "
    "A step that expects a refusal may answer otherwise.",
    wrong=_example("soms"),
    right=_example("true"),
    remedy="write it as the form takes it",
)


def check_answers(
    scenario: Scenario, forms: Mapping[str, Form], asked: Mapping[str, str], unknown: Code
) -> Iterator[Diagnostic]:
    """Report answers to questions that a form does not ask, and answers that it does not take.

    `asked` has the forms of requests, by the id of their automation; `unknown` tells of a name.
    """
    for habits in (scenario.client, *(step.client for step in scenario.steps)):
        if isinstance(habits, Habits) and habits.intact("answers"):
            for name, values in habits.answers.items():
                yield from _check_values(habits, ("answers", name), forms.get(name), values, unknown)
    for step in scenario.steps:
        refuses = any(one.refused for one in step.expect)
        for act in step.do if not refuses else ():
            if isinstance(act, Do) and act.values and act.intact("values", "answer"):
                form = forms.get(asked.get(act.answer or "", ""))
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
            yield from _check_value(lower_field(name, field, required=False), value, place)


def _check_value(field: FormField, value: Any, place: Span) -> Iterator[Diagnostic]:
    options = [option.id for option in field.options]
    help: str | None = None
    match field.kind:
        case "yes_no":
            taken, expected, help = _is_read("yes_no", value), "true or false", suggest_truth(value)
        case "date":
            taken, expected, help = _is_day(value), "a day such as 2027-01-31", suggest_day(value)
        case "number":
            taken, expected, help = _is_read("number", value), "a whole number", suggest_number(value)
        case "money":
            taken, expected = _is_read("money", value), "an amount in euros such as 1000 or 1000.50"
        case "choice":
            taken, expected = value in options, join_names(options)
            help = _suggest_option(field, value)
        case "choices":
            taken = isinstance(value, list) and all(one in options for one in value)
            expected = f"a list of {join_names(options)}"
        case _:
            taken, expected, help = isinstance(value, str), "a text", suggest_text(value)
    if not taken:
        message = f"answer '{field.id}' is {expected}, found {describe(value)}"
        yield NO_ANSWER.at(place, message, help=help)


def _is_read(kind: str, value: Any) -> bool:
    """Say whether an answer is read as the machine reads it: as facts are written."""
    whole = isinstance(value, float) and value.is_integer()
    try:
        read_typed_fact(kind, int(value) if whole else value)
    except TypedError:
        return False
    return not isinstance(value, bool) or kind == "yes_no"


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _suggest_option(field: FormField, value: Any) -> str | None:
    titled = next((one.id for one in field.options if one.title.casefold() == str(value).casefold()), None)
    near = titled or nearest(str(value), [one.id for one in field.options])
    return ask_if_meant(str(value), near) if near else None
