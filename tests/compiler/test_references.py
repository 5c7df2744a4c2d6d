"""References: whatever key of whatever model names something else, a name that does not resolve is one error.

The keys come from the models, so a new reference that no check resolves fails here: first because the office
below lacks it, then because nothing reports it.
"""

import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

import pytest

from kantoor.compiler import compile_definitions
from kantoor.compiler.definitions import load
from kantoor.compiler.diagnostics import Span
from kantoor.compiler.examples import WORKFLOW, Example, lay_out
from kantoor.compiler.language.base import Definition, Ref
from kantoor.compiler.language.dates import DateRule
from kantoor.compiler.language.kinds import KINDS
from kantoor.compiler.reference import all_keys

ANCHORS = {"after", "before", "month_of"}
"""The keys of a date rule that name its anchor; it has one of them."""

FILES = {
    WORKFLOW: """
title: Aangifte btw
products: [aangifte-btw]
period: by_product
created: { before: period.start, days: 1 }
corrected_by: btw-aangifte
corrects: [btw-aangifte]
correction:
  - { when: Nu, template: btw-aangifte }
  - { when: Later, note: btw-aangifte }
chase: { workdays: 2, role: accountant, message: voor-collega }
documents:
  - { id: aangifte, title: Aangifte, made_in: opstellen, report: omzetbelasting }
  - { id: bijlage, title: Bijlage, made_in: opstellen, from: aangifte, of: { function: directeur } }
deadlines:
  - id: aangifte
    title: Indienen
    earliest: { month_of: period.end, day: 24 }
    due: [{ after: period.end, months: 1, day: last }]
    latest: { after: period.end, months: 1, day: last }
facts:
  - { id: besproken_op, title: Besproken op, type: date, set_in: opstellen }
sbr:
  on_behalf_of: relatiebeheerder
  to: { function: directeur }
  message: ter-accordering
phases:
  - id: opstellen
    title: Opstellen
    role: administratie
    not_before: { after: period.end, days: 1 }
    due: { before: deadlines.aangifte, workdays: 9 }
    checkpoints: [{ id: bank, title: De bank sluit aan }]
    automations:
      - id: klant
        at: { after: period.end, days: 2 }
        send: { message: ter-accordering, to: { function: directeur } }
      - { id: collega, at: entered, send: { message: voor-collega, to: { role: accountant } } }
      - { id: taak, at: entered, task: { title: Lever aan, to: { function: directeur } } }
      - { id: bel, at: entered, task: { title: Bel, to: { role: accountant } } }
      - id: stukken
        at: entered
        request: { form: stukken, to: { function: directeur }, message: ter-accordering }
        chase:
          remind: { every_days: 2, at_most: 3, message: ter-accordering }
          escalate: { before: deadlines.aangifte, workdays: 7, role: accountant, message: voor-collega }
      - { id: volgende, at: completed, start: { template: btw-aangifte, period: next } }
      - { id: notitie, at: completed, note: { for: btw-aangifte, text: ter-accordering } }
    chase:
      remind: { every_days: 2, at_most: 3, message: voor-collega }
      escalate: { before: deadlines.aangifte, workdays: 7, role: accountant, message: voor-collega }
  - id: controle
    title: Controle
    role: accountant
    reviews: [aangifte]
    signs: [aangifte]
    four_eyes: [opstellen]
    four_eyes_exception: relatiebeheerder
    back_to: opstellen
    outcomes:
      - { id: goed, title: Goed, then: aanbieden }
      - { id: klaar, title: Klaar, then: ends.gestopt }
      - { id: anders, title: Anders, note: { for: btw-aangifte, text: ter-accordering } }
  - id: bijwerken
    title: Bijwerken
    role: administratie
    due: { before: deadlines.aangifte, workdays: 3 }
  - id: aanbieden
    title: Aanbieden
    role: relatiebeheerder
    back_to: opstellen
    offer:
      documents: [aangifte]
      on_behalf_of: accountant
      to: { function: directeur }
      message: ter-accordering
      may_end: ends.gestopt
      chase:
        remind: { every_days: 4, at_most: 2, message: ter-accordering }
        escalate: { before: deadlines.aangifte, workdays: 4, role: accountant, message: voor-collega }
  - id: indienen
    title: Indienen
    role: administratie
    back_to: opstellen
    deliver: { document: aangifte, deadline: aangifte, on_behalf_of: accountant }
  - id: afwachten
    title: Afwachten
    role: administratie
    wait:
      for:
        - { filing: btw-aangifte, period: previous, phase: indienen }
        - { date: { after: period.end, months: 6 } }
        - { notice: aanslag, fact: besproken_op }
        - { notice: naheffingsaanslag }
      chase:
        remind: { every_days: 30, message: voor-collega }
        escalate: { after: period.end, months: 2, role: accountant, message: voor-collega }
        give_up: { after: period.end, months: 36, then: nazorg }
  - id: nazorg
    title: Nazorg
    role: administratie
ends:
  - { id: gestopt, title: Gestopt, planner: klaar }
""",
    "messages/voor-collega.yaml": """
title: Voor een collega
channels: [email]
texts: { nl: { subject: Werk, body: "Kijk op {{ filing.link }}" } }
""",
    "scenarios/btw-aangifte/akkoord.yaml": """
title: De klant geeft akkoord
period: 2027-01
office: { leaves: [opstellen], takes: { opstellen: 3 } }
world: { unreachable: [klant], no_filings: [btw-aangifte], linked: { holding: 1 } }
automations_off: [opstellen/taak]
steps:
  - reach: aanbieden
    office: { leaves: [opstellen] }
    world: { unreachable: [klant], no_filings: [btw-aangifte] }
    do:
      - { finish: opstellen, by: administratie }
      - { complete: controle, outcome: goed }
      - { check: bank, phase: opstellen }
      - { uncheck: bank }
      - { attach: aangifte }
      - { release: aanbieden }
      - { approve: klant, contact: klant }
      - { sign: klant }
      - { delivered: indienen }
      - { fact: besproken_op, value: 2027-02-01 }
      - { task: bel }
      - { answer: stukken }
      - { accept: a }
      - { send_back: a, reason: Onleesbaar }
      - { not_applicable: a }
      - { notice: naheffingsaanslag }
      - { reassign: accountant, person: accountant-2 }
      - { retry: indienen }
    expect:
      - { phase: aanbieden }
      - { message: ter-accordering, to: klant }
      - { task: bel }
      - { item: a }
      - { fact: besproken_op, is: 2027-02-01 }
      - { deadline: aangifte, is: 2027-02-28 }
      - { target: opstellen, is: 2027-02-15 }
      - { begins: opstellen, is: 2027-02-01 }
      - { started: btw-aangifte }
      - { work: accountant }
      - { ended: gestopt }
      - { policy: akkoord }
""",
    "policies/akkoord.yaml": """
title: Alleen met akkoord
never: delivered
unless: is_approved
templates: [btw-aangifte]
except:
  - { template: btw-aangifte, reason: Zo is het afgesproken }
""",
    "forms/stukken.yaml": "title: S\nitems:\n  - { id: a, title: A, required: true }\n",
    "roles/administratie.yaml": "title: Administratie\nfallback: accountant\n",
    "office.yaml": """
name: Kantoor Voorbeeld
phone: 010 000 00 00
email: post@voorbeeld.example
functions: [directeur]
function_gives_authority: [directeur]
chat:
  after_closing: relatiebeheerder
  to_client: ter-accordering
  to_colleague: ter-accordering
""",
}
"""Files over the small office that name something under every key that can."""


class Site(NamedTuple):
    """One name in a file: the keys that lead to it, and its span."""

    keys: str
    span: Span


def is_reference(annotation: Any) -> bool:
    """Say whether a key takes a Ref, by itself or in a list."""
    rule = get_args(Ref)[1]
    return any(part is rule or is_reference(part) for part in get_args(annotation))


@lru_cache
def references(model: type[Definition]) -> dict[str, str]:
    """Return the fields of a model that take a Ref, by their key."""
    hints = get_type_hints(model, include_extras=True)
    return {
        info.alias or name: name for name, info in model.model_fields.items() if is_reference(hints[name])
    }


def sites(definition: Definition, path: str) -> Iterator[Site]:
    """Yield every name of something else in a definition."""
    for key, field in references(type(definition)).items():
        value = getattr(definition, field)
        if value is not None and definition.has_key(key):
            at = "anchor" if key in ANCHORS and isinstance(definition, DateRule) else key
            places = [(key, n) for n in range(len(value))] if isinstance(value, list) else [(key,)]
            yield from (Site(f"{path}.{at}", definition.place(*place)) for place in places)
    for name, info in type(definition).model_fields.items():
        value = getattr(definition, name)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Definition):
                yield from sites(part, f"{path}.{info.alias or name}")


def lay(folder: Path) -> None:
    others = tuple((path, text) for path, text in FILES.items() if path != WORKFLOW)
    lay_out(Example(FILES[WORKFLOW], how="whole", others=others), folder)


def find_sites() -> list[Site]:
    with tempfile.TemporaryDirectory() as name:
        lay(Path(name))
        files, _ = load(Path(name))
    collected: list[Site] = []
    for kind in KINDS:
        of_kind = [files.office] if kind.name == "office" else list(getattr(files, kind.folder).values())
        for file in of_kind:
            if file and file.model:
                collected += sites(file.model, kind.name)
    return collected


SITES = find_sites()


def test_the_office_of_this_test_names_something_under_every_key_that_can() -> None:
    models = {model.__name__: model for model in subclasses(Definition)}
    expected = set()
    for key in all_keys():
        owner = models[key.owner]
        if key.name in references(owner):
            anchor = key.name in ANCHORS and issubclass(owner, DateRule)
            expected.add(f"{key.path.removesuffix(key.name)}anchor" if anchor else key.path)
    assert {site.keys for site in SITES} == expected


def test_the_office_of_this_test_has_no_mistakes(tmp_path: Path) -> None:
    lay(tmp_path)
    compilation = compile_definitions(tmp_path)
    assert compilation.diagnostics == ()
    assert list(compilation.plans) == ["btw-aangifte"]


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.keys}:{site.span.line}")
def test_a_name_that_leads_nowhere_is_one_error_at_its_place(site: Site, tmp_path: Path) -> None:
    lay(tmp_path)
    file = tmp_path / site.span.path
    lines = file.read_text("utf-8").split("\n")
    line = lines[site.span.line - 1]
    lines[site.span.line - 1] = f"{line[: site.span.column - 1]}nergens{line[site.span.end_column - 1 :]}"
    file.write_text("\n".join(lines), "utf-8")
    (diagnostic,) = compile_definitions(tmp_path).diagnostics
    assert tuple(diagnostic.span)[:3] == tuple(site.span)[:3]
    expected = "K502" if site.keys.endswith(".anchor") else ("K20", "K22", "K701", "K851", "K874")
    assert diagnostic.code.id.startswith(expected)
    assert "'nergens'" in diagnostic.message


def subclasses(base: type[Definition]) -> Iterator[type[Definition]]:
    for model in base.__subclasses__():
        yield model
        yield from subclasses(model)
