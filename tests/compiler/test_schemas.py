"""The published schemas: generated from the models, and of one mind with them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from pydantic import BaseModel
from pydantic import ValidationError as Refused
from ruamel.yaml import YAML

from kantoor.compiler.examples import small_office
from kantoor.compiler.language.kinds import KINDS, Kind, find_kind
from kantoor.compiler.schemas import schemas, write_schemas
from tests.examples import so_many

from .mutations import mutate

ROOT = Path(__file__).parents[2]

RICH = {
    "review": """
classes: [{ part: phase.due, class: legal }]
waivers:
  - { change: 0a1b2c3d4e, reason: Afgesproken, owner: B. de Vries, since: "2026-12-01", until: "2027-03-01" }
""",
    "workflow": """
title: Alles
products: [aangifte-btw]
period: month
created: { after: period.end, weeks: 1 }
start: on_date
for_prospects: true
needs: [ideal]
advises: [dossier]
corrected_by: b
corrects: [c]
correction: [{ when: W, resend: true, template: t, note: t, procedure: P }]
chase: { workdays: 2, role: fiscaal, message: m }
when_closed: { update_planner: false, close_chat: false }
documents:
  - { id: a, title: A, made_in: b, report: omzetbelasting, from: a, optional: true }
  - { id: c, title: C, made_in: b, if: product.kor, of: primary_contact }
deadlines:
  - id: a
    title: A
    law: AWR
    earliest: { month_of: period.end, day: 24 }
    due: [{ if: product.foreign, after: period.end, months: 1, day: last }]
    latest: { after: period.year_end, months: 12 }
    moves: next_workday
    latest_moves: never
    if: product.kor
facts:
  - id: f
    title: F
    type: choice
    set_in: [b]
    closes_with_phase: true
    optional: true
    options: [{ id: x, title: X }, { id: y, title: Y }]
  - { id: g, title: G, type: date, set_in: b, past: true }
sbr:
  on_behalf_of: accountant
  forward: by_hand
  offer_as: signature
  to: { function: directeur, decide: all }
  message: m
  pay: now
  workdays_to_object: 2
phases:
  - id: b
    title: B
    role: accountant
    qualification: [AA, RA]
    if: product.kor
    not_before: { after: period.end, days: 1 }
    due: { before: deadlines.a, workdays: 3 }
    automations:
      - { id: a, at: entered, send: { message: m, to: { role: accountant } } }
      - id: b
        at: { after: period.end, days: 3 }
        if: product.kor
        task: { title: T, to: primary_contact, proof: code }
      - id: c
        at: entered
        request: { form: f, to: primary_contact, required: false, message: m }
        chase: { remind: { every_days: 3, at_most: 2 } }
      - { id: e, at: completed, start: { template: t, period: next } }
      - { id: d, at: completed, note: { for: t, text: m } }
    checkpoints: [{ id: c, title: C, required: true, if: product.kor }]
    reviews: [a]
    signs: [a]
    was: [oud]
    four_eyes: [b]
    four_eyes_exception: fiscaal
    back_to: b
    outcomes: [{ id: o, title: O, if: product.kor, then: ends.x, note: { for: t, text: m } }]
    chase:
      remind: { every_days: 3, at_most: 2, message: m }
      escalate: { before: deadlines.a, workdays: 2, role: accountant, message: m }
    offer:
      documents: [a]
      chase: { remind: { every_days: 3, at_most: 2 } }
      may_end: ends.x
      on_behalf_of: fiscaal
      forward: automatic
      offer_as: approval
      to: primary_contact
      message: m
      pay: nothing
      workdays_to_object: 1
    deliver: { document: a, deadline: a, on_behalf_of: fiscaal, pay: after_assessment }
    wait:
      for:
        - { notice: n, fact: f }
        - { filing: t, period: previous, phase: p, optional: true }
        - { date: { after: period.end, weeks: 2 } }
      chase:
        remind: { every_days: 30, at_most: 3, message: m }
        escalate: { after: period.end, months: 2, role: accountant, message: m }
        give_up: { after: period.end, months: 36, then: b }
  - together: [{ id: d, title: D, role: accountant }, { id: e, title: E, role: accountant }]
ends: [{ id: x, title: X, planner: klaar }]
""",
    "office": """
name: K
phone: "1"
email: a@b.example
opening_hour: 9
closing_days: { good_friday: true, liberation_day: never, extra: ["2026-05-15"] }
functions: [directeur]
function_gives_authority: [directeur]
chat: { after_closing: relatiebeheerder, to_client: m, to_colleague: m }
fields: [{ id: dga, title: D, type: yes_no }]
tax_consultant_number: "123456"
software_vendor_number: SWO12345
""",
    "form": """
title: F
intro: I
schema:
  type: object
  required: [a]
  additionalProperties: false
  properties:
    a:
      type: string
      title: A
      description: D
      enum: [x, y]
      oneOf: [{ const: x, title: X }]
      format: date
      minLength: 1
      maxLength: 9
      pattern: ^x$
      minimum: 1
      maximum: 9
      items: { type: string, enum: [x, y], oneOf: [{ const: x, title: X }] }
      minItems: 1
      maxItems: 2
      uniqueItems: true
      x-kind: money
items: [{ id: a, title: A, required: true, help: H, if: product.kor }]
""",
    "role": "title: R\ndescription: D\nfallback: x\nqualification: [AA]\n",
    "product": "title: P\ndescription: D\nfrequencies: [month, year]\n",
    "message": """
title: M
channels: [email]
texts: { nl: { subject: S, body: B }, en: { subject: S, body: B } }
""",
    "scenario": """
title: S
period: 2027-01
corrects: a/b
start: "2027-01-01"
relation: { legal_form: bv, name: N, fields: { dga: true } }
product: { foreign: true, kor: false, fiscal_unit: false }
contacts:
  - id: c
    name: C
    primary: true
    functions: [directeur]
    may: [see, approve]
    jointly: [sign]
    language: nl
office:
  workdays: 1
  takes: { a: 2 }
  thorough: true
  facts: { f: 1 }
  outcomes: { a: x }
  leaves: [a]
  rests: false
client:
  decides: approve
  decides_after: 1
  gives: all
  gives_after: 2
  answers: { f: { a: x, b: [x] } }
  reason: R
world:
  verdicts: [{ refused: "510", text: T }, { failed: "999" }]
  unreachable: [c]
  reachable_from: "2027-02-01"
  notices: { n: 3 }
  no_notices: false
  others: { t: 2 }
  no_others: false
  no_filings: [jaarrekening]
  linked: { holding: 1 }
  standing_until: "2027-12-31"
  way: information
automations_off: [a/b]
steps:
  - on: "2027-02-01"
    office: { workdays: 2 }
    do: [approve, { reject: R, by: c, phase: a, contact: c }, { fact: f, value: 1, reason: R }]
    expect: [{ phase: a, is: active, round: 1 }]
  - after: { workdays: 1, days: 2 }
    client: { decides: silent }
    world: { way: approval }
    do:
      - { finish: a, outcome: x }
      - { complete: a }
      - { check: a }
      - { uncheck: a }
      - { back: R }
      - { attach: d }
      - { release: a }
      - { approve: c }
      - { sign: c }
      - { not_deliver: R }
      - { delivered: a, day: "2027-02-01" }
      - { task: t }
      - { answer: f, values: { a: x } }
      - { accept: f }
      - { send_back: f, reason: R }
      - { not_applicable: f }
      - { notice: n }
      - { note: N }
      - { hold: R, until: "2027-02-01" }
      - { resume: true }
      - { reassign: r, person: p }
      - { retry: a }
      - { cancel: R }
  - reach: a
    expect:
      - { message: m, to: c, contains: T, times: 1, ever: true }
      - { task: t }
      - { item: i }
      - { fact: f }
      - { deadline: d }
      - { target: a }
      - { begins: a }
      - { refused: r }
      - { timeline: w }
      - { started: t }
      - { work: r }
      - { ended: e }
      - { planner: klaar }
      - { policy: p }
""",
    "policy": """
title: P
why: W
never: [delivered, accepted]
always: reviewed
every: asked
who: signed
in_order: [target, deadline]
at_most: 1
unless: is_approved
within: { days: 1, workdays: 1, after: informed }
before: offered
since: attached
followed_by: [reminded]
differs_from: attached
of: reminded
per: phase
same: document
templates: [t]
except:
  - { template: t, reason: R }
""",
    "law": """
title: L
source: S
rows:
  - year: 2026
    nt: nt20
    namespace_date: "2025-12-10"
    entry_point: e
    namespace: n
    source: s
    confidence: H
  - { from: "2026-05-01", iban: i, name: n, bic: INGBNL2A }
  - { from: "2026-05-01", general: 21, reduced: 9 }
""",
}
"""One document of each kind with every key that it can have, so that changes reach them all."""


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Any:
    """Match as ECMA 262 does, by which schemas are read: $ is the end, never the line end before it."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = extend(Draft202012Validator, {"pattern": _pattern})


def _load(text: str) -> Any:
    return YAML(typ="safe").load(text)


def _model_accepts(model: type[BaseModel], data: Any) -> bool:
    try:
        model.model_validate(data)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_schema_and_model_accept_and_refuse_the_same_documents(kind: Kind) -> None:
    schema = json.loads(schemas()[f"{kind.name}.schema.json"])
    Draft202012Validator.check_schema(schema)
    validator = Validator(schema, format_checker=FormatChecker())
    data = _load(RICH[kind.name])
    assert validator.is_valid(data)
    assert _model_accepts(kind.model, data)

    # The template's document has 121 values to change, another 20 at most: with a third of the examples each
    # of its values is changed twice as often.
    @settings(max_examples=so_many(300 if kind.name == "workflow" else 100), deadline=None, database=None)
    @given(st.one_of(mutate(data, 3), st.just(data)))
    def agree(document: Any) -> None:
        assert validator.is_valid(document) == _model_accepts(kind.model, document), document

    agree()


def test_a_whole_number_may_be_written_with_a_point_by_schema_and_model_alike() -> None:
    kind = next(kind for kind in KINDS if kind.name == "workflow")
    data = _load(RICH["workflow"])
    data["deadlines"][0]["due"][0] |= {"months": 1.0, "day": 2.0}
    assert Validator(json.loads(schemas()["workflow.schema.json"])).is_valid(data)
    assert _model_accepts(kind.model, data)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_rich_document_of_a_kind_has_every_key_of_its_schema(kind: Kind) -> None:
    schema = json.loads(schemas()[f"{kind.name}.schema.json"])
    known = {key for part in (schema, *schema.get("$defs", {}).values()) for key in part["properties"]}
    assert known <= set(re.findall(r"[\w-]+(?=:)", RICH[kind.name]))


def test_published_schemas_are_those_of_the_models() -> None:
    """`kantoor schema --out schemas` refreshes them."""
    for name, text in schemas().items():
        assert (ROOT / "schemas" / name).read_text("utf-8") == text, name


def test_schemas_accept_the_shipped_definitions_and_the_small_office() -> None:
    published = schemas()
    shipped = {f.relative_to(ROOT / "definitions").as_posix(): f.read_text("utf-8") for f in _shipped()}
    for files in (shipped, small_office()):
        for path, text in files.items():
            kind = find_kind(path.rpartition("/")[0])
            assert kind is not None, path
            schema = json.loads(published[f"{kind.name}.schema.json"])
            data = json.loads(json.dumps(_load(text), default=str))
            errors = [error.message for error in Validator(schema).iter_errors(data)]
            assert errors == [], path


def test_every_shipped_file_names_its_schema() -> None:
    for file in _shipped():
        first = file.read_text("utf-8").splitlines()[0]
        written = first.removeprefix("# yaml-language-server: $schema=")
        assert (file.parent / written).resolve() in (ROOT / "schemas").resolve().iterdir(), file


def test_schemas_are_written_to_a_folder(tmp_path: Path) -> None:
    files = write_schemas(tmp_path / "new")
    assert {file.name for file in files} == set(schemas())


def _shipped() -> list[Path]:
    return sorted((ROOT / "definitions").rglob("*.yaml"))
