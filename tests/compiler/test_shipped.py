"""The shipped definitions: right as they are, and every mistake planted in them is found where it is."""

import shutil
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.workspace import Workspace
from kantoor.plan import digest, load_plan, plan_bytes

from ..shipped import compile_shipped

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "definitions"
WORKFLOW = "workflows/btw-aangifte.yaml"
TEMPLATES = {file.stem for file in (SHIPPED / "workflows").glob("*.yaml")}


class Mistake(NamedTuple):
    """A change of a shipped file: one text that it has once becomes another; ▸ marks the place."""

    code: str
    path: str
    right: str
    wrong: str


MISTAKES = [
    Mistake("K120", WORKFLOW, "    four_eyes: [verz", "    ▸foureyes: [verz"),
    Mistake("K201", WORKFLOW, "    role: fiscaal", "    role: ▸fiskaal"),
    Mistake("K203", WORKFLOW, "  message: btw-ter-accordering", "  message: ▸btw-ter-acordering"),
    Mistake("K122", WORKFLOW, "every_days: 3", "every_days: ▸drie"),
    Mistake("K123", WORKFLOW, "  offer_as: approval", "  offer_as: ▸aproval"),
    Mistake("K126", WORKFLOW, "month_of: period.end, day: 24", "month_of: period.end, day: ▸42"),
    Mistake("K206", WORKFLOW, "deadline: aangifte }", "deadline: ▸betalen }"),
    Mistake("K210", WORKFLOW, "- id: tweede_herinnering", "- id: ▸eerste_herinnering"),
    Mistake("K604", WORKFLOW, "if: period.kind == 'year'", "if: period.kind == '▸jaar'"),
    Mistake("K101", "roles/secretariaat.yaml", "title: Secretariaat", "title: Secretariaat▸: algemeen"),
    Mistake("K602", "messages/btw-ingediend.yaml", "{{ relation.name }} over", "{{ ▸relation.naam }} over"),
    Mistake("K211", "roles/fiscaal.yaml", "fallback: accountant", "fallback: ▸fiscaal"),
]


Place = tuple[str, str, int, int]
"""Code, path, line and column."""


def spoil(*mistakes: Mistake) -> tuple[dict[str, str], list[Place]]:
    """Return the texts of the shipped files that mistakes are in, by path, and the place of each mistake."""
    marked: dict[str, str] = {}
    for mistake in mistakes:
        text = marked.get(mistake.path) or (SHIPPED / mistake.path).read_text("utf-8")
        assert text.count(mistake.right) == 1, mistake
        marked[mistake.path] = text.replace(mistake.right, mistake.wrong)
    places = []
    for path, text in sorted(marked.items()):
        for number, line in enumerate(text.split("\n"), 1):
            parts = line.split("▸")
            column = 1
            for before, after in pairwise(parts):
                column += len(before)
                places.append((_code(mistakes, path, after), path, number, column))
    return {path: text.replace("▸", "") for path, text in marked.items()}, places


def _code(mistakes: Iterable[Mistake], path: str, rest: str) -> str:
    known = ((m.path, m.wrong.split("▸")[1].split("\n")[0], m.code) for m in mistakes)
    return next(code for file, start, code in known if file == path and rest.startswith(start))


def plant(folder: Path, *mistakes: Mistake) -> list[Place]:
    """Copy the shipped definitions with mistakes in them; return the place of each."""
    shutil.copytree(SHIPPED, folder)
    texts, places = spoil(*mistakes)
    for path, text in texts.items():
        (folder / path).write_text(text, "utf-8")
    return places


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace(SHIPPED)


def places(compilation: Compilation) -> list[Place]:
    return [(d.code.id, d.span.path, d.span.line, d.span.column) for d in compilation.diagnostics]


def test_the_shipped_definitions_have_no_mistakes() -> None:
    compilation = compile_shipped()
    assert compilation.diagnostics == ()
    assert set(compilation.plans) == TEMPLATES
    assert compilation.office is not None


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.code)
def test_a_planted_mistake_is_found_where_it_is(mistake: Mistake, workspace: Workspace) -> None:
    texts, expected = spoil(mistake)
    assert len(expected) == 1
    assert places(workspace.compile(texts)) == expected


def test_twelve_planted_mistakes_are_found_in_one_run(tmp_path: Path) -> None:
    expected = plant(tmp_path / "d", *MISTAKES)
    assert len(expected) == 12
    assert sorted(places(compile_definitions(tmp_path / "d"))) == sorted(expected)


def test_a_template_with_a_mistake_has_no_plan_and_others_do(tmp_path: Path) -> None:
    plant(tmp_path / "d", MISTAKES[0])
    text = (SHIPPED / WORKFLOW).read_text("utf-8")
    (tmp_path / "d/workflows/tweede.yaml").write_text(text, "utf-8")
    compilation = compile_definitions(tmp_path / "d")
    assert set(compilation.plans) == TEMPLATES - {"btw-aangifte"} | {"tweede"}
    assert compilation.office is not None


def test_a_mistake_in_a_role_leaves_the_plans_that_do_not_use_it(tmp_path: Path) -> None:
    plant(tmp_path / "d", next(m for m in MISTAKES if m.path == "roles/secretariaat.yaml"))
    compilation = compile_definitions(tmp_path / "d")
    using = {f.stem for f in (SHIPPED / "workflows").glob("*.yaml") if "role: secretariaat" in f.read_text()}
    assert set(compilation.plans) == TEMPLATES - using
    assert compilation.office is None  # it holds all roles


def test_comments_key_order_blank_lines_and_place_do_not_change_a_plan(tmp_path: Path) -> None:
    elsewhere = tmp_path / "ergens" / "anders"
    shutil.copytree(SHIPPED, elsewhere)
    file = elsewhere / WORKFLOW
    text = file.read_text("utf-8")
    text = text.replace("period: by_product", "# het tijdvak\n\nperiod:    by_product")
    text = text.replace(
        "    title: Controle\n    role: accountant\n", "    role: accountant\n    title: Controle\n"
    )
    text = text.replace("{ month_of: period.end, day: 24 }", "{ day: 24, month_of: period.end }")
    head, phases = text.split("\nphases:\n")
    phases, ends = phases.split("\nends:\n")
    file.write_text(f"ends:\n{ends}\n\n{head}\n\n\nphases:\n{phases}\n# einde\n", "utf-8")
    before = compile_shipped().plans["btw-aangifte"]
    after = compile_definitions(elsewhere)
    assert after.diagnostics == ()
    assert plan_bytes(after.plans["btw-aangifte"]) == plan_bytes(before)


def test_one_changed_title_changes_the_plan(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "d")
    file = tmp_path / "d" / WORKFLOW
    file.write_text(file.read_text("utf-8").replace("title: Afronden", "title: Afsluiten"), "utf-8")
    before = compile_shipped().plans["btw-aangifte"]
    after = compile_definitions(tmp_path / "d").plans["btw-aangifte"]
    assert digest(after) != digest(before)


def test_the_plan_reads_back_from_its_canonical_bytes() -> None:
    plan = compile_shipped().plans["btw-aangifte"]
    assert load_plan(plan_bytes(plan).decode()) == plan


def test_six_roles_are_shipped() -> None:
    office = compile_shipped().office
    assert office is not None
    assert [role.id for role in office.roles] == [
        "accountant",
        "administratie",
        "fiscaal",
        "relatiebeheerder",
        "salaris",
        "secretariaat",
    ]


def test_the_vat_return_collects_prepares_reviews_offers_delivers_and_closes() -> None:
    plan = compile_shipped().plans["btw-aangifte"]
    review, offer, deliver = plan.phases[3:6]
    assert [phase.id for phase in plan.phases] == [
        *("omzet", "verzamelen", "opstellen", "controle", "aanbieden", "indienen", "afronden")
    ]
    assert review.reviews == ("aangifte",)
    assert review.four_eyes == ("verzamelen", "opstellen")
    assert offer.offer is not None
    assert offer.offer.offer_as == "approval"
    assert deliver.deliver is not None
    assert plan.phases[0].not_before is not None


def test_no_shipped_message_names_an_amount_or_an_identifier() -> None:
    for file in sorted((SHIPPED / "messages").glob("*.yaml")):
        text = file.read_text("utf-8").lower()
        for word in ("€", "euro ", "iban", "sub_number", "kenmerk:", "rsin", "bsn"):
            assert word not in text, (file.name, word)


def test_every_phase_in_which_people_are_waited_for_escalates_on_a_date() -> None:
    for plan in compile_shipped().plans.values():
        waiting = [phase for phase in plan.phases if phase.deliver is None]
        assert [phase.id for phase in waiting if phase.chase is None or phase.chase.escalate is None] == []
