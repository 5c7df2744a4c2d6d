"""The shipped scenarios: all come as they say, and together they reach all of every template."""

import dataclasses
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kantoor.compiler.compilation import compile_definitions
from kantoor.compiler.examples import small_office
from kantoor.data import replace
from kantoor.simulation.scenarios import Corrected, Failure, run_scenario
from kantoor.simulation.trying import Tried, cover_templates, find_corrected, report_of, try_scenarios

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
            "refused: no_authority",
            "expected a refusal no_authority; found complete: four_eyes (",
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


CORRECTION = "suppletie/na-een-aangifte"


def judge(corrected: Corrected | None = None, name: str = CORRECTION, **changed: Any) -> list[Failure]:
    """Return what fails of a scenario that corrects another, without its own steps."""
    shipped = compile_shipped()
    model, office = shipped.scenarios[name].model, shipped.office
    assert model is not None
    assert office is not None
    before = corrected or find_corrected(shipped, CORRECTION)
    alone = model.model_copy(update={"steps": [], **changed})
    return [*run_scenario(alone, shipped.plans[name.partition("/")[0]], office, corrected=before).failures]


def test_a_correction_starts_on_what_was_lived_before_for_the_same_relation() -> None:
    story = tried("btw-aangifte/opnieuw-ingediend").outcome.story
    before = tried("btw-aangifte/akkoord").outcome.story
    assert story is not None
    assert before is not None
    assert before.state.case.ended is not None
    assert story.start.filing == replace(before.start.filing, sequence=2)
    assert story.start.start_date == before.state.case.ended.at.date()
    assert story.start.relation == before.start.relation
    again = tried("suppletie/opnieuw").outcome.story
    assert again is not None
    assert (again.start.filing.path, again.start.start_date > story.start.start_date) == (
        "suppletie/1001/2027/-/2",
        True,
    )


@pytest.mark.parametrize(
    ("changed", "expected", "actual"),
    [
        ({"period": "2026"}, "a period in which 2027-01 ends, which it corrects", "2026"),
        (
            {"start": date(2027, 1, 1)},
            "a start from 2027-02-09 on, when what it corrects ended",
            "2027-01-01",
        ),
        (
            {"name": "icp-opgaaf/akkoord", "period": "2027-Q1", "start": date(2027, 4, 1)},
            "that btw-aangifte is corrected with icp-opgaaf",
            "it is corrected with btw-aangifte, suppletie",
        ),
    ],
)
def test_a_correction_over_another_period_or_that_no_template_knows_fails(
    changed: dict[str, Any], expected: str, actual: str
) -> None:
    assert judge() == []
    (found,) = judge(**changed)
    assert (found.expected, found.actual) == (expected, actual)


def test_what_is_corrected_has_passed_and_is_closed() -> None:
    before = find_corrected(compile_shipped(), CORRECTION)
    assert before is not None
    failing = replace_outcome(before, failures=(Failure(before.scenario.place("period"), "a", "b"),))
    (found,) = judge(failing)
    assert (found.expected, found.actual) == ("that btw-aangifte/akkoord passes", "it fails")
    cancelled = tried("aangifte-ib/vragen-blijven-uit").outcome
    (found,) = judge(Corrected(before.scenario, cancelled))
    assert found.actual == "it is cancelled"


def replace_outcome(before: Corrected, **changed: Any) -> Corrected:
    return Corrected(before.scenario, dataclasses.replace(before.outcome, **changed))


def test_scenarios_that_correct_each_other_or_one_that_is_not_there_are_told(tmp_path: Path) -> None:
    for file in small_office():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(small_office()[file], "utf-8")
    folder = tmp_path / "scenarios" / "btw-aangifte"
    folder.mkdir(parents=True)
    for name, corrects in (("a", "btw-aangifte/b"), ("b", "btw-aangifte/a"), ("c", "btw-aangifte/d")):
        text = f"title: T\nperiod: 2027-01\ncorrects: {corrects}\nsteps:\n  - reach: end\n"
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    found = compile_definitions(tmp_path).diagnostics
    assert [(one.code.id, one.span.path[-6:]) for one in found] == [
        ("K859", "a.yaml"),
        ("K859", "b.yaml"),
        ("K851", "c.yaml"),
    ]
