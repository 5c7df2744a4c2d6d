"""Forms: from YAML to the plan; and our checker accepts and refuses what jsonschema does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from kantoor.answers import check_answers, read_answers
from kantoor.compiler.forms import lower_properties
from kantoor.compiler.language.forms import Form
from kantoor.plan import Compare, LiteralValue, Name, Option, To

from .conftest import SmallOffice, codes, messages

ASKING = """\
phases:
  - id: opstellen
    title: Opstellen
    role: administratie
    automations:
      - id: situatie
        at: entered
        request: { form: situatie, message: ter-accordering }
        chase:
          remind: { every_days: 5, at_most: 2 }
          escalate: { before: deadlines.aangifte, workdays: 4, role: accountant }
      - id: stukken
        at: entered
        request: { form: stukken, to: { function: directeur }, required: false }
    checkpoints:
      - id: hypotheek
        title: De hypotheek klopt
        if: answers.schuld > 10000000
"""
SITUATION = """\
title: Uw situatie
intro: Wij vragen dit voor uw aangifte.
schema:
  type: object
  required: [woning]
  properties:
    woning: { type: boolean, title: Eigen woning }
    schuld:
      type: number
      x-kind: money
      title: Hypotheekschuld
      minimum: 0
      maximum: 2000000
    burgerlijk:
      type: string
      title: Burgerlijke staat
      oneOf:
        - { const: gehuwd, title: Gehuwd }
        - { const: ongehuwd, title: Niet gehuwd }
    postcode: { type: string, title: Postcode, description: Zoals 1234AB, pattern: "^[0-9]{4}[A-Z]{2}$" }
    posten:
      type: array
      title: Aftrekposten
      items: { enum: [giften, zorg] }
      uniqueItems: true
      maxItems: 2
"""
PAPERS = """\
title: Stukken
items:
  - id: jaaropgave
    title: Jaaropgave
    required: true
  - id: overzicht
    title: Hypotheekoverzicht
    help: Van uw bank
    if: answers.woning
"""


@pytest.fixture
def asking(office: SmallOffice) -> SmallOffice:
    office.with_piece(ASKING)
    for name, text in (("situatie", SITUATION), ("stukken", PAPERS)):
        put(office, name, text)
    return office


def put(office: SmallOffice, name: str, text: str) -> None:
    file = office.folder / f"forms/{name}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


def test_forms_and_their_requests_are_part_of_the_plan(asking: SmallOffice) -> None:
    compilation = asking.compile()
    assert messages(compilation) == []
    plan = compilation.plans["btw-aangifte"]
    situation, papers = plan.forms
    assert (situation.id, situation.kind, situation.intro) == (
        "situatie",
        "form",
        "Wij vragen dit voor uw aangifte.",
    )
    fields = {field.id: field for field in situation.fields}
    assert [field.kind for field in fields.values()] == ["yes_no", "money", "choice", "text", "choices"]
    assert (fields["schuld"].least, fields["schuld"].most) == (0, 200_000_000)
    assert fields["burgerlijk"].options[1] == Option(id="ongehuwd", title="Niet gehuwd")
    assert fields["woning"].required
    assert not fields["schuld"].required
    assert papers.kind == "list"
    assert papers.fields[1].condition == Name(path=("answers", "woning"))
    asked, list_asked = plan.phases[0].automations
    assert asked.request is not None
    assert asked.request.message == "ter-accordering"
    assert asked.chase is not None
    assert asked.chase.remind is not None
    assert list_asked.request is not None
    assert list_asked.request.to == To(kind="function", name="directeur")
    (point,) = plan.phases[0].checkpoints
    assert point.condition == Compare(
        by="gt", left=Name(path=("answers", "schuld")), right=LiteralValue(value=10_000_000)
    )


def test_a_condition_of_an_item_is_checked_in_the_form_for_each_template(asking: SmallOffice) -> None:
    put(asking, "stukken", PAPERS.replace("answers.woning", "answers.woninkje"))
    (diagnostic,) = [d for d in asking.compile().diagnostics if d.span.path == "forms/stukken.yaml"]
    assert diagnostic.message == "unknown variable 'answers.woninkje'"
    assert diagnostic.help == "did you mean 'answers.woning'?"
    assert asking.compile().plans == {}


def test_a_choice_of_several_is_not_for_conditions(asking: SmallOffice) -> None:
    put(asking, "stukken", PAPERS.replace("answers.woning", "answers.posten == 'zorg'"))
    assert "unknown variable 'answers.posten'" in messages(asking.compile())


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (
            "type: number",
            "a number is an amount with 'x-kind: money'; other numbers are whole: 'type: integer'",
        ),
        ("type: array\n      items: { enum: [a] }", "missing 'uniqueItems: true' in this choice of several"),
        ("type: array\n      uniqueItems: true", "missing 'items' in this choice of several"),
        ("type: integer\n      enum: [a]", "'enum' does not go with a whole number"),
        ("type: string\n      format: date\n      pattern: x", "'pattern' does not go with a date"),
        ("type: string\n      anyOf: [a]", "unknown key 'anyOf'"),
        (
            "type: object",
            "unknown value 'object', expected 'string', 'integer', 'number', 'boolean' or 'array'",
        ),
    ],
)
def test_what_no_page_can_show_is_said_at_its_key(office: SmallOffice, field: str, message: str) -> None:
    form = (
        f"title: Iets\nschema:\n  type: object\n  properties:\n    iets:\n      title: Iets\n      {field}\n"
    )
    office.with_piece("title: Aangifte btw\n")
    put(office, "iets", form)
    assert messages(office.compile()) == [message]


def test_a_chase_beside_a_request_needs_a_message_to_repeat(asking: SmallOffice) -> None:
    file = asking.folder / "workflows/btw-aangifte.yaml"
    file.write_text(
        file.read_text("utf-8").replace(", message: ter-accordering }\n        chase", " }\n        chase")
    )
    assert "K403" in codes(asking.compile())


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        ("task: { title: Bel }\n        chase: { remind: { every_days: 2, at_most: 2 } }", ["K403"]),
        ("task: { title: Bel }\n        chase: {}", ["K403"]),
        ("send: { message: ter-accordering }\n        chase: {}", ["K403"]),
        (
            "task: { title: Bel }\n"
            "        chase: { remind: { every_days: 2, at_most: 2, message: ter-accordering } }",
            [],
        ),
    ],
)
def test_a_chase_beside_a_task_has_something_to_say_to_somebody(
    office: SmallOffice, beside: str, found: list[str]
) -> None:
    piece = (
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        f"      - id: iets\n        at: entered\n        {beside}\n"
    )
    assert codes(office.with_piece(piece)) == found


# --- the oracle ---------------------------------------------------------------------------------------------

_TEXTS = st.text("aZ19-é ", max_size=7)
_DAYS = st.sampled_from(["2026-01-31", "2026-02-30", "20260131", "2026-1-1", ""])
_NUMBERS = st.integers(-300, 300)
_VALUES = st.one_of(
    *(_TEXTS, _DAYS, _NUMBERS, st.booleans()),
    st.lists(st.sampled_from(["a", "b", "c", "1"]), max_size=4).map(tuple),
    st.sampled_from(["a", "b", "c", "1"]),
)


def _bounds(low: str, high: str, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={low: numbers, high: numbers})


def _field(kind: str, more: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return more.map(lambda rest: {"type": kind, "title": "Vraag"} | rest)


_OPTIONS = st.sampled_from(
    [{"enum": ["a", "b"]}, {"oneOf": [{"const": "a", "title": "A"}, {"const": "1", "title": "Een"}]}]
)
_EUROS = st.integers(-2, 2)
_SIZES = st.integers(0, 4)
_PATTERNS = st.sampled_from(["^[0-9]+$", "a", "^(a|Z)*$", "[^a]", "^.{2,3}$", r"\d"])
FIELDS = st.one_of(
    _field("string", _bounds("minLength", "maxLength", _SIZES)),
    _field("string", _PATTERNS.map(lambda pattern: {"pattern": pattern})),
    _field("string", st.just({"format": "date"})),
    _field("string", _OPTIONS),
    _field("integer", _bounds("minimum", "maximum", st.integers(-200, 200))),
    _field(
        "number", _bounds("minimum", "maximum", st.integers(-2, 2)).map(lambda b: b | {"x-kind": "money"})
    ),
    _field("boolean", st.just({})),
    _field(
        "array",
        st.tuples(_OPTIONS, _bounds("minItems", "maxItems", _SIZES)).map(
            lambda both: both[1] | {"items": both[0], "uniqueItems": True}
        ),
    ),
)


@given(
    properties=st.dictionaries(st.sampled_from(["een", "twee", "drie"]), FIELDS, min_size=1, max_size=3),
    required=st.sets(st.sampled_from(["een", "twee", "drie"])),
    values=st.dictionaries(st.sampled_from(["een", "twee", "drie", "vier"]), _VALUES, max_size=4),
)
def test_the_checker_accepts_and_refuses_what_jsonschema_does(
    properties: dict[str, Any], required: set[str], values: dict[str, Any]
) -> None:
    schema = {"type": "object", "properties": properties, "required": sorted(required & set(properties))}
    form = Form.model_validate({"title": "Vragen", "schema": schema})
    written = {name: _as_json(properties.get(name), value) for name, value in values.items()}
    oracle = Draft202012Validator(schema | {"additionalProperties": False}, format_checker=FormatChecker())
    faults = check_answers(lower_properties(form), values)
    assert (not faults) == oracle.is_valid(written), (
        faults,
        [e.message for e in oracle.iter_errors(written)],
    )


def _as_json(field: dict[str, Any] | None, value: Any) -> Any:
    """Return an answer of the machine as JSON has it: an amount in euros."""
    if isinstance(value, tuple):
        return list(value)
    amount = field is not None and field["type"] == "number" and type(value) is int
    return value / 100 if amount else value


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        (1250, 125_000),
        (1250.5, 125_050),
        ("1.250,50", 125_050),
        ("€ 12", 1200),
        ("1.250", 125_000),
        ("EUR 12", 1200),
        ("1250,-", 125_000),
        (1250.505, None),
        (float("inf"), None),
        (float("nan"), None),
        *(
            (text, None)
            for text in ("1,2.3", "1e5", "1_000", "\N{ARABIC-INDIC DIGIT THREE}", "1e999999", "9" * 25)
        ),
        ("12,345", None),
        ("veel", None),
    ],
)
def test_an_amount_is_read_as_people_write_it(written: Any, cents: int | None) -> None:
    schema = {"type": "object", "properties": {"som": {"type": "number", "title": "Som", "x-kind": "money"}}}
    fields = lower_properties(Form.model_validate({"title": "Som", "schema": schema}))
    read = read_answers(fields, {"som": written})
    if cents is None:
        assert [fault.text for fault in check_answers(fields, read)] == ["vul een bedrag in, zoals 1250,50"]
    else:
        assert read == {"som": cents}


@pytest.mark.parametrize(
    ("type", "written", "value"),
    [
        ("integer", "1.250", 1250),
        ("integer", "1_000", "1_000"),
        ("boolean", "J", True),
        ("boolean", "misschien", "misschien"),
    ],
)
def test_a_number_and_yes_or_no_are_read_as_those_of_a_fact(type: str, written: str, value: object) -> None:
    schema = {"type": "object", "properties": {"iets": {"type": type, "title": "Iets"}}}
    fields = lower_properties(Form.model_validate({"title": "Iets", "schema": schema}))
    assert read_answers(fields, {"iets": written}) == {"iets": value}


def test_a_number_that_has_no_digits_in_python_is_refused_like_any_that_is_too_large() -> None:
    schema = {"type": "object", "properties": {"som": {"type": "number", "title": "Som", "x-kind": "money"}}}
    fields = lower_properties(Form.model_validate({"title": "Som", "schema": schema}))
    assert check_answers(fields, read_answers(fields, {"som": 10**5000}))


@pytest.mark.parametrize(("length", "found"), [(1000, ["K704"]), (50, [])])
def test_a_form_whose_patterns_take_too_many_steps_together_is_refused(
    asking: SmallOffice, length: int, found: list[str]
) -> None:
    field = f"type: string, title: Veld, pattern: '(.?){{140}}x', maxLength: {length}"
    text = SITUATION + "".join(f"    veld_{n}: {{ {field} }}\n" for n in range(2))
    asking.with_piece(text, "forms/situatie.yaml")
    assert codes(asking.compile()) == found


def test_a_text_with_a_pattern_and_no_length_is_at_most_200_letters() -> None:
    schema = {"type": "object", "properties": {"iets": {"type": "string", "title": "Iets", "pattern": "a"}}}
    fields = lower_properties(Form.model_validate({"title": "Iets", "schema": schema}))
    assert not check_answers(fields, {"iets": "a" * 200})
    assert [fault.text for fault in check_answers(fields, {"iets": "a" * 201})] == [
        "dit is 1 teken te lang: schrijf het in hooguit 200 tekens"
    ]
