"""Values, answers and names in scenarios: what cannot be is told where it is, and changes no story."""

import ast
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kantoor.answers import check_answers, read_answers
from kantoor.compiler.examples import WORKFLOW
from kantoor.compiler.language.scenario import REFUSALS
from kantoor.simulation.inventing import invent_answers

from .conftest import SmallOffice

PLATFORM = Path(__file__).parents[2] / "platform"
STORY = "scenarios/btw-aangifte/feiten.yaml"
FACTS = "".join(
    f"  - id: {kind}\n    title: {kind}\n    type: {kind}\n    set_in: opstellen\n"
    for kind in ("date", "money", "number", "text", "yes_no")
)
CHOICE = (
    "  - id: choice\n    title: Keuze\n    type: choice\n    set_in: opstellen\n"
    "    options: [{ id: eigen, title: Eigen uitstel }, { id: geen, title: Geen uitstel }]\n"
)


def compile_story(office: SmallOffice, text: str) -> tuple[list[str], list[str]]:
    whole = office.with_piece("title: Aangifte btw\n").sources[WORKFLOW].text
    (office.folder / WORKFLOW).write_text(f"{whole}\nfacts:\n{FACTS}{CHOICE}", "utf-8")
    story = office.folder / STORY
    story.parent.mkdir(parents=True, exist_ok=True)
    story.write_text(f"title: Feiten\nperiod: 2027-01\n{text}", "utf-8")
    found = [one for one in office.compile().diagnostics if one.span.path == STORY]
    return [one.code.id for one in found], [f"{one.message}; {one.help}" for one in found]


@pytest.mark.parametrize(
    ("kind", "good", "wrong"),
    [
        ("date", ["2027-01-31", "31-1-2027"], ["eind januari", "2027-02-30", "true", "12"]),
        ("money", ["1000", "1000.50", "1.000,50", "-3"], ["duizend", "1000.505", "1,000.50 euro", "true"]),
        ("number", ["3", "1.234"], ["drie", "1.5", "false"]),
        ("text", ["Q3 en Q4", "'3'"], ["3", "true"]),
        ("yes_no", ["true", "ja", "nee"], ["misschien", "1"]),
        ("choice", ["eigen"], ["Eigen uitstel", "eign", "true"]),
    ],
)
def test_a_fact_has_a_value_that_it_can_have(
    office: SmallOffice, kind: str, good: list[str], wrong: list[str]
) -> None:
    for values, expected in ((good, []), (wrong, ["K855"])):
        for value in values:
            habit = f"office: {{ facts: {{ {kind}: '{value}' }} }}\nsteps: [{{ reach: end }}]\n"
            plain = habit.replace(f"'{value}'", value) if "," not in value else habit
            act = f"steps:\n  - do:\n      - fact: {kind}\n        value: {value}\n"
            assert compile_story(office, plain)[0] == expected, value
            assert compile_story(office, act)[0] == expected, value


def test_it_is_said_what_is_allowed(office: SmallOffice) -> None:
    _, said = compile_story(office, "steps:\n  - do: [{ fact: choice, value: Eigen uitstel }]\n")
    assert said == ["fact 'choice' is 'eigen' or 'geen', found 'Eigen uitstel'; did you mean 'eigen'?"]
    _, said = compile_story(office, "steps:\n  - expect: [{ fact: choice, is: eigeen }]\n")
    assert said == ["fact 'choice' is 'eigen' or 'geen', found 'eigeen'; did you mean 'eigen'?"]
    assert compile_story(office, "steps:\n  - expect: [{ fact: choice, is: Geen uitstel }]\n")[0] == []


FIELDS = {
    "date": "type: string, format: date",
    "money": "type: number, x-kind: money",
    "number": "type: integer",
    "text": "type: string",
    "yes_no": "type: boolean",
    "choice": "type: string, enum: [eigen, geen]",
    "few": "type: integer, maximum: 5",
    "code": "type: string, pattern: '[0-9]{4}'",
    "short": "type: string, minLength: 6",
    "some": "type: array, minItems: 2, uniqueItems: true, items: { type: string, enum: [eigen, geen] }",
    "paid": "type: number, x-kind: money, maximum: 5",
    "choices": "type: array, uniqueItems: true, items: { type: string, enum: [eigen, geen] }",
}
ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "date": "2027-01-31",
        "money": "1.000,50",
        "number": "1.234",
        "text": "ja",
        "yes_no": "nee",
        "choice": "geen",
    },
    {"date": "31-1-2027", "money": True, "number": 2.5, "text": 3, "yes_no": "soms", "choice": "Eigen"},
    {
        "date": 5,
        "money": 1000.505,
        "number": True,
        "text": False,
        "yes_no": 1,
        "choice": True,
        "choices": ["x"],
    },
    {"money": 2.5, "number": 2.0, "yes_no": True, "choices": ["eigen", "geen"]},
    {"choices": "eigen", "number": "drie", "money": "duizend"},
    {"few": 9, "code": "abc", "short": "kort", "some": ["eigen"], "paid": 5.01},
    {"few": 5, "code": "2027", "short": "lang genoeg", "some": ["eigen", "geen"], "paid": "5"},
)


@pytest.mark.parametrize("values", ANSWERS)
def test_answers_are_those_that_the_machine_takes(office: SmallOffice, values: dict[str, Any]) -> None:
    asks = "    automations: [{ id: vragen, at: entered, request: { form: f } }]\n    checkpoints:\n"
    fields = "".join(f"    {name}: {{ title: V, {shape} }}\n" for name, shape in FIELDS.items())
    office.with_piece("title: Aangifte btw\n")
    form = office.folder / "forms/f.yaml"
    form.parent.mkdir()
    form.write_text(f"title: F\nschema:\n  type: object\n  properties:\n{fields}", "utf-8")
    template = office.folder / WORKFLOW
    template.write_text(template.read_text("utf-8").replace("    checkpoints:\n", asks, 1), "utf-8")
    story = office.folder / STORY
    story.parent.mkdir(parents=True)
    head, given = "title: Antwoorden\nperiod: 2027-01\n", json.dumps(values)
    (questions,) = (one.fields for one in office.compile().plans["btw-aangifte"].forms)
    refused = len(check_answers(questions, read_answers(questions, values)))
    for told in (
        f"client: {{ answers: {{ f: {given} }} }}\nsteps: [{{ reach: end }}]\n",
        f"steps: [{{ do: [{{ answer: f, values: {given} }}] }}]\n",
        f"steps: [{{ do: [{{ answer: vragen, values: {given} }}] }}]\n",
    ):
        story.write_text(head + told, "utf-8")
        assert [one.code.id for one in office.compile().diagnostics] == refused * ["K856"]
    acts = f"do: [{{ answer: vragen, values: {given} }}]"
    expecting = f"steps: [{{ {acts}, expect: [{{ refused: invalid_answers }}] }}]\n"
    story.write_text(head + expecting, "utf-8")
    assert list(office.compile().diagnostics) == []
    form.write_text(f"{form.read_text('utf-8')}  required: [number, code]\n", "utf-8")
    story.write_text(head + told, "utf-8")
    compilation = office.compile()
    (asked,) = compilation.plans["btw-aangifte"].forms
    lived = invent_answers(asked, date(2027, 1, 1), values)
    refused = len(check_answers(asked.fields, read_answers(asked.fields, lived)))
    assert [one.code.id for one in compilation.diagnostics] == refused * ["K856"]


def test_the_codes_of_refusals_are_those_that_the_machine_has() -> None:
    said: set[str] = set()
    for file in (one for room in ("filing", "simulation") for one in (PLATFORM / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                said |= {ast.literal_eval(one.value) for one in node.keywords if one.arg == "code"}
    assert said == REFUSALS


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("steps: [{ expect: [{ refused: no_notice_awaitd }] }]\n", "K851", "'no_notice_awaited'?"),
        ("steps: [{ expect: [{ refused: 'true' }] }]\n", "K851", "write one of these: "),
        ("relation: { fields: { dga: ja } }\nsteps: [{ reach: end }]\n", "K861", "write true or false"),
        (
            "contacts: [{ id: jan, functions: [directeuer] }]\nsteps: [{ reach: end }]\n",
            "K861",
            "did you mean 'directeur'?",
        ),
        (
            "contacts: [{ id: jan, language: ned }]\nsteps: [{ reach: end }]\n",
            "K123",
            "expected 'nl' or 'en'",
        ),
        ("world: { verdicts: [{ refused: x y }] }\nsteps: [{ reach: end }]\n", "K861", "the code alone"),
        ("start: 2027-02-01\nsteps: [{ on: 2027-01-31 }]\n", "K862", "before the start, 2027-02-01"),
        ("steps: [{ on: 2027-02-02 }, { reach: aanbieden }, { on: 2027-02-01 }]\n", "K862", "above it"),
        ("steps: [{ reach: aanbieden, do: [{ approve: jan }] }]\n", "K851", "unknown contact 'jan'; exp"),
        ("steps: [{ reach: end, expect: [{ phase: controle, is: klaar }] }]\n", "K851", "'completed'"),
        ("steps: [{ reach: btw }]\n", "K851", "unknown phase 'btw'; expected"),
        (
            "steps: [{ reach: aanbieden, do: [{ approve: klant, finish: x }] }]\n",
            "K852",
            "an item of its own",
        ),
    ],
)
def test_what_would_change_a_story_silently_is_told(
    office: SmallOffice, text: str, code: str, says: str
) -> None:
    codes, said = compile_story(office, text)
    assert codes == [code]
    assert says in said[0]
