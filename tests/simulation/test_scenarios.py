"""The shipped scenarios: all come as they say, and together they reach all of every template."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from kantoor.compiler.compilation import compile_definitions
from kantoor.simulation.trying import Tried, cover_templates, report_of, try_scenarios

from ..shipped import compile_shipped

DEFINITIONS = Path(__file__).parents[2] / "definitions"
NAMES = sorted(
    file.relative_to(DEFINITIONS / "scenarios").with_suffix("").as_posix()
    for file in DEFINITIONS.glob("scenarios/*/*.yaml")
)
TEMPLATES = sorted(file.stem for file in DEFINITIONS.glob("workflows/*.yaml"))


pytestmark = pytest.mark.xdist_group("scenarios")  # they are played once


@cache
def tried(name: str) -> Tried:
    (one,) = try_scenarios(compile_shipped(), [name])
    return one


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_comes_as_it_says(name: str) -> None:
    assert tried(name).outcome.failures == ()


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_scenarios_of_a_template_reach_all_of_it(template: str) -> None:
    (covered,) = cover_templates(
        compile_shipped(), [tried(name) for name in NAMES if name.startswith(f"{template}/")]
    )
    assert covered.missing == ()
    assert covered.percent == 100


def test_less_scenarios_reach_less_and_what_is_missing_has_a_name() -> None:
    (covered,) = cover_templates(compile_shipped(), [tried("suppletie/klein")])
    missing = {f"{part.kind}: {part.name}" for part in covered.missing}
    assert covered.percent < 50
    assert {
        "phases: opstellen",
        "ends: niets_te_corrigeren",
        "outcomes: bepalen: plicht",
        "ways back: controle to opstellen",
        "branches: outcome bepalen: klein if it does not",
        "deadlines: suppletie missed",
        "chases: afwachten given up",
        "automations: aanslag/teruggaaf",
    } <= missing
    assert "branches: outcome bepalen: klein if it holds" not in missing


def test_the_scenario_of_the_documentation_comes_as_it_says(tmp_path: Path) -> None:
    page = (DEFINITIONS.parent / "docs" / "scenarios.md").read_text("utf-8")
    shutil.copytree(DEFINITIONS, tmp_path / "d", ignore=shutil.ignore_patterns("scenarios"))
    file = tmp_path / "d" / "scenarios" / "btw-aangifte" / "voorbeeld.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(page.split("```yaml\n")[1].split("```")[0], "utf-8")
    compilation = compile_definitions(tmp_path / "d")
    names = ["btw-aangifte/voorbeeld"]
    assert report_of(compilation, names, try_scenarios(compilation, names)).diagnostics == ()


@pytest.mark.parametrize(
    ("name", "written", "instead", "said"),
    [
        (
            "jaarrekening/akkoord",
            "is: 2027-03-30",
            "is: 2027-03-31",
            "expected deadline deponeren 2027-03-31; found 2027-03-30",
        ),
        (
            "loonaangifte/akkoord",
            "message: loon-ter-accordering, times: 0",
            "message: loon-ter-accordering, times: 1",
            "expected message loon-ter-accordering, 1 times; found ",
        ),
        (
            "onboarding/tweede-oordeel",
            "refused: four_eyes",
            "refused: role_missing",
            "expected a refusal role_missing; found complete: four_eyes (",
        ),
    ],
)
def test_a_scenario_that_is_broken_on_purpose_fails_at_the_line_that_is_wrong(
    tmp_path: Path, name: str, written: str, instead: str, said: str
) -> None:
    for file in DEFINITIONS.rglob("*.yaml"):
        copy = tmp_path / file.relative_to(DEFINITIONS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    broken = tmp_path / "scenarios" / f"{name}.yaml"
    text = broken.read_text("utf-8")
    assert text.count(written) == 1
    broken.write_text(text.replace(written, instead), "utf-8")
    compilation = compile_definitions(tmp_path)
    (failure,) = report_of(compilation, [name], try_scenarios(compilation, [name])).diagnostics
    assert failure.message.startswith(said)
    assert failure.span.path == f"scenarios/{name}.yaml"
    assert failure.span.line == text[: text.index(written)].count("\n") + 1
