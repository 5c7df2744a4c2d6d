"""`kantoor policies --scenario`: what it writes fails on the broken definitions, and passes on sound ones."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kantoor.cli.main import execute

DEFINITIONS = Path(__file__).parents[2] / "definitions"
DELIVER = "role: fiscaal\n    due: { before: deadlines.aangifte, workdays: 2 }"
EYES = "    four_eyes: [verzamelen, opstellen]\n"
TASK = "    automations: [{ id: bank, at: entered, task: { title: Stuur de bank, to: primary_contact } }]\n"
CHASE = """\
    chase:
      escalate:
        before: deadlines.aangifte
        workdays: 7
        role: relatiebeheerder
        message: btw-werk-blijft-liggen
"""


def _replace(before: str, after: str) -> Callable[[str], str]:
    return lambda text: text.replace(before, after, 1)


def _review_own_work(text: str) -> str:
    before, controle, after = text.partition("  - id: controle\n")
    return (
        before + controle + after.replace(EYES, "", 1).replace("role: accountant", "role: administratie", 1)
    )


def _remind_late(text: str) -> str:
    before, remind, after = text.partition("        remind:\n")
    after = after.replace("every_days: 3", "every_days: 40", 1)
    late = "after: phases.controle\n          days: 60"
    return before + remind + after.replace("before: deadlines.aangifte\n          workdays: 3", late, 1)


BROKEN: dict[str, Callable[[str], str]] = {
    "beoordeeld-voor-aanbieden": _replace(f"    reviews: [aangifte]\n{EYES}", ""),
    "opsteller-beoordeelt-niet": _review_own_work,
    "klant-wordt-herinnerd": _replace(CHASE, TASK),
    "indienen-op-tijd-gepland": _replace(
        DELIVER, "role: fiscaal\n    due: { after: phases.aanbieden, days: 40 }"
    ),
    "escalatie-op-tijd": _replace(
        "before: deadlines.aangifte\n        workdays: 5", "after: phases.opstellen\n        days: 27"
    ),
    "herinnering-op-tijd": _remind_late,
}
"""What breaks each policy, in the VAT return."""


def _shorten(text: str) -> str:
    """Leave out what no policy of these is about, and what makes the ways through the template many."""
    for id in ("eerste_herinnering", "tweede_herinnering"):
        text = re.sub(rf" +- id: {id}\n +at: .*\n +send: .*\n", "", text)
    text = re.sub(r"    automations:\n      - id: bellen\n(?:        .*\n)+", "", text)
    text = re.sub(r"    checkpoints:\n(?:      .*\n)+", "", text)
    of_the_ends = r"        (?:before|after): deadlines.aangifte\n        workdays: 10\n"
    text = re.sub(rf"    chase:\n      escalate:\n{of_the_ends}(?:        .*\n)+", "", text)
    return text.replace("      may_end: ends.niet_ingediend\n", "")


SOUND = _shorten((DEFINITIONS / "workflows" / "btw-aangifte.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the shipped definitions: what corrects the VAT return, and only the policies of here."""
    whole = tmp_path_factory.mktemp("tried") / "definitions"
    shutil.copytree(DEFINITIONS, whole, ignore=shutil.ignore_patterns("scenarios", "policies", "workflows"))
    for part in ("policies", "workflows"):
        (whole / part).mkdir()
    shutil.copy(DEFINITIONS / "workflows" / "suppletie.yaml", whole / "workflows")
    for policy in BROKEN:
        text = (DEFINITIONS / "policies" / f"{policy}.yaml").read_text("utf-8")
        (whole / "policies" / f"{policy}.yaml").write_text(text.partition("except:")[0], "utf-8")
    return whole


@pytest.mark.parametrize("policy", BROKEN)
def test_the_way_to_a_breach_fails_as_a_scenario_until_the_policy_holds(
    policy: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parent / "cache"))
    file = folder / "workflows" / "btw-aangifte.yaml"
    tried = folder / "scenarios" / "btw-aangifte" / f"{policy}.yaml"
    tried.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(BROKEN[policy](SOUND), "utf-8")
    assert file.read_text("utf-8") != SOUND
    words = ("policies", str(folder), "--template", "btw-aangifte", "-k", policy)
    assert execute([*words, "--scenario", str(tried)]) == 1
    assert f"wrote {tried}" in capsys.readouterr().err
    assert execute(["test", str(folder), "-k", policy]) == 1
    assert f"expected policy {policy} kept; found broken on 20" in capsys.readouterr().out
    file.write_text(SOUND, "utf-8")
    assert execute(["test", str(folder), "-k", policy]) == 0
