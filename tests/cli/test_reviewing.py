"""The command diff: what it compares, what it refuses, what it prints, and with which status it ends."""

import json
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kantoor.cli.main import execute

ROOT = Path(__file__).parents[2]
BTW = Path("definitions/workflows/btw-aangifte.yaml")
ON = ["--on", "2026-11-29"]


def git(*words: str) -> str:
    told = ("-c", "user.name=T", "-c", "user.email=t@example.test", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *told, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with the shipped definitions, committed as main."""
    shutil.copytree(ROOT / "definitions", tmp_path / "definitions")
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet", "--initial-branch", "main")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    return tmp_path


def edit(old: str, new: str, file: Path = BTW) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def read(capfd: pytest.CaptureFixture[str]) -> list[str]:
    """Return the sentences of a review as JSON, which keeps to the published schema."""
    found = json.loads(capfd.readouterr().out)
    schema = json.loads((ROOT / "schemas/diff.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(found)
    return [one["sentence"] for one in found["changes"]]


ROLE = "‘Indienen bij de Belastingdienst’ is done by ‘Accountant’ instead of ‘Fiscalist’."


def test_nothing_is_printed_when_nothing_changes(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    edit("title: Aangifte btw\n", "title: Aangifte btw   # zonder dat er iets verandert\n")
    assert execute(["diff", "main", "--fail-on", "wording,safeguard"]) == 0
    assert capfd.readouterr() == ("", "")
    assert execute(["diff", "main", "--format", "html"]) == 0
    assert "Nothing changes." in capfd.readouterr().out


def test_revisions_and_the_folder_as_it_is_are_compared_without_a_checkout(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("role: fiscaal", "role: accountant")
    git("commit", "--quiet", "--all", "--message", "second")
    edit("at_most: 3", "at_most: 2")
    before = git("status", "--porcelain"), git("rev-parse", "HEAD")
    as_json = ["--format", "json", *ON]
    for words in (["main~1", "main"], ["main~1..main"], ["main~1...main"]):
        assert execute(["diff", *words, *as_json]) == 0
        assert read(capfd) == [ROLE]
    assert execute(["diff", "main", *as_json]) == 0
    (most,) = read(capfd)
    assert "at most 2 reminders" in most
    assert execute(["diff", "main~1", *as_json]) == 0
    assert read(capfd) == [most, ROLE]
    assert (git("status", "--porcelain"), git("rev-parse", "HEAD")) == before


def test_folders_are_compared_where_there_is_no_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("old", "definitions"):
        shutil.copytree(ROOT / "definitions", tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    edit("role: fiscaal", "role: accountant")
    for words in (["old"], ["old", "definitions"]):
        assert execute(["diff", *words, "--format", "json"]) == 0
        assert read(capfd) == [ROLE]
    assert execute(["diff", "main"]) == 3
    assert "git was not found" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "there is no revision 'nowhere'"),
        (["main", "nowhere"], "there is no revision 'nowhere'"),
        (["main", "--dir", "other"], "main has no definitions in 'other/'"),
        (["empty"], "'empty' is a folder without office.yaml, and no revision"),
        (["main", "--fail-on", "grave"], "unknown class 'grave'"),
        (["main", "--on", "2027-13-01"], "'2027-13-01' is not a day: write it as 2027-01-31"),
    ],
)
def test_what_cannot_be_compared_is_wrong_use_in_one_line(
    repository: Path, capfd: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    Path("empty").mkdir()
    assert execute(["diff", *words]) == 2
    out, err = capfd.readouterr()
    assert (out, said in err, "Traceback" in err) == ("", True, False)


def test_outside_a_repository_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "definitions", tmp_path / "definitions")
    monkeypatch.chdir(tmp_path)
    assert execute(["diff", "main"]) == 2
    assert "is not in a Git repository" in capfd.readouterr().err


def test_a_side_with_errors_is_never_a_clean_comparison(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("role: fiscaal", "role: fiskaal")
    line = BTW.read_text("utf-8").partition("fiskaal")[0].count("\n") + 1
    git("commit", "--quiet", "--all", "--message", "broken")
    for words, where in ((["main~1"], "definitions"), (["main", "main~1"], "main:definitions")):
        assert execute(["diff", *words]) == 1
        out, err = capfd.readouterr()
        assert out == ""
        assert f"{where}/workflows/btw-aangifte.yaml:{line}:11: error[K201]: unknown role 'fiskaal'" in err
        assert "nothing was compared" in err


def test_scenarios_with_errors_of_the_later_side_are_no_clean_comparison_and_a_change_can_mend_them(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("steps:", "stapppen:", Path("definitions/scenarios/btw-aangifte/akkoord.yaml"))
    git("commit", "--quiet", "--all", "--message", "broken")
    for words, side, status in ((["main~1"], "definitions", 1), (["main", "main~1"], "main", 0)):
        for _ in range(2):  # the second time of what was kept
            assert execute(["diff", *words, *ON]) == status
            err = capfd.readouterr().err
            assert f"scenarios of {side} have errors" in err
            assert "scenarios/btw-aangifte/akkoord.yaml" in err


def test_a_shallow_clone_is_told_where_two_revisions_have_none_in_common(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    git("commit", "--quiet", "--allow-empty", "--message", "second")
    git("clone", "--quiet", "--depth", "1", f"file://{tmp_path}", "shallow")
    monkeypatch.chdir("shallow")
    git("checkout", "--quiet", "--orphan", "other")
    git("commit", "--quiet", "--message", "other")
    assert execute(["diff", "main...other"]) == 2
    assert "git fetch --unshallow" in capfd.readouterr().err


def test_a_link_in_a_revision_is_refused_and_not_passed_over(
    repository: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("definitions/roles/extra.yaml").symlink_to("fiscaal.yaml")
    git("add", ".")
    git("commit", "--quiet", "--message", "link")
    assert execute(["diff", "main"]) == 2
    assert "roles/extra.yaml is a link in main" in capfd.readouterr().err
    secret = tmp_path / "geheim.yaml"
    secret.write_text("het wachtwoord\n")
    Path("definitions/roles/extra.yaml").unlink()
    Path("definitions/roles/extra.yaml").symlink_to(secret)
    for words in (["diff", "main~1"], ["check", "--format", "github"]):
        assert execute(words) == 2
        out, err = capfd.readouterr()
        assert "'roles/extra.yaml' is a link" in err
        assert "wachtwoord" not in out + err


def test_a_gate_is_tripped_by_its_class_alone(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    edit("four_eyes: [verzamelen, opstellen]", "four_eyes: [opstellen]")
    assert execute(["diff", "main", *ON, "--fail-on", "wording,staffing"]) == 0
    assert execute(["diff", "main", *ON, "--fail-on", "legal"]) == 1
    assert execute(["diff", "main", *ON, "--fail-on", "legal", "--out", "review.json"]) == 1
    assert not Path("review.json").exists()
    assert execute(["diff", "main", *ON, "--fail-on", "wording", "--out", "review.json"]) == 0
    capfd.readouterr()
    assert execute(["diff", "--show", "review.json", "--format", "json"]) == 0
    assert len(read(capfd)) == 1
    assert execute(["diff", "main", "--show", "review.json"]) == 2
    assert execute(["diff"]) == 2
    capfd.readouterr()
    assert execute(["diff", "main", *ON, "--fail-on", ""]) == 0
    assert "no gate is set" in capfd.readouterr().err
    assert execute(["diff", "main", *ON, "--fail-on", "wording,safeguard"]) == 1
    told = capfd.readouterr()
    assert "SAFEGUARD" in told.out
    assert told.err.endswith("1 change of a class that has to be looked at: safeguard\n")


def test_a_waiver_of_the_base_lets_one_change_pass_and_one_of_the_change_itself_none(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("role: fiscaal", "role: accountant")
    assert execute(["diff", "main", "--format", "json"]) == 0
    (change,) = json.loads(capfd.readouterr().out)["changes"]
    gated = ["diff", "main", "--fail-on", "staffing"]
    waiver = Path("definitions/review/office.yaml")
    waiver.parent.mkdir()
    until = date.today() + timedelta(days=3)
    waiver.write_text(
        f"waivers:\n  - change: '{change['id']}'\n    reason: Tijdelijk\n    owner: B. de Vries\n"
        f"    since: {date.today()}\n    until: {until}\n"
    )
    assert execute(gated) == 1
    capfd.readouterr()
    assert execute([*gated, "--fail-on", "guards"]) == 1
    told = " ".join(capfd.readouterr().out.split())
    assert (
        f"A waiver lets {change['id']} (Aangifte btw: {change['sentence'].rstrip('.')}) pass every gate"
        in told
    )
    assert f"until {until}, by B. de Vries: Tijdelijk." in told
    git("add", "definitions/review")
    git("commit", "--quiet", "--message", "waiver", "definitions/review")
    assert execute(gated) == 0
    assert f"waived until {until} by B. de Vries: Tijdelijk" in capfd.readouterr().out
    later = (until + timedelta(days=1)).isoformat()
    assert execute([*gated, "--on", later]) == 1
    assert "expired" in capfd.readouterr().out
    edit("role: administratie", "role: secretariaat")
    assert execute(gated) == 1


def test_a_safeguard_that_is_given_up_on_purpose_passes_by_a_waiver_of_its_own(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("four_eyes: [verzamelen, opstellen]", "four_eyes: [verzamelen]")
    assert execute(["diff", "main", "--format", "json"]) == 0
    found = json.loads(capfd.readouterr().out)
    (lost,) = found["safeguards"]
    gated = ["diff", "main", "--fail-on", "safeguard"]
    waiver = Path("definitions/review/office.yaml")
    waiver.parent.mkdir()
    until = date.today() + timedelta(days=3)
    for id, status in ((found["changes"][0]["id"], 1), (lost["id"], 0)):
        waiver.write_text(
            f"waivers:\n  - change: '{id}'\n    reason: Klein kantoor\n    owner: B. de Vries\n"
            f"    since: {date.today()}\n    until: {until}\n"
        )
        git("add", "definitions/review")
        git("commit", "--quiet", "--message", "waiver", "definitions/review")
        assert execute(gated) == status
    assert f"({lost['id']}, waived until {until} by B. de Vries: Klein kantoor)" in " ".join(
        capfd.readouterr().out.split()
    )
    assert execute([*gated, "--on", (until + timedelta(days=1)).isoformat()]) == 1


@pytest.mark.parametrize(
    ("before", "after", "told", "status"),
    [
        ("title: Eerst", "title: Altijd eerst", False, 0),
        ("unless: [is_approved, is_informed]", "unless: [is_approved]", True, 0),
        ("unless: [is_approved, is_informed]", "unless: [is_approved, is_informed, is_reviewed]", True, 1),
        ("never: delivered", "never: accepted", True, 1),
    ],
)
def test_a_policy_trips_its_gate_where_it_may_ask_less(
    repository: Path,
    capfd: pytest.CaptureFixture[str],
    before: str,
    after: str,
    told: bool,
    status: int,
) -> None:
    policy = Path("definitions/policies/akkoord.yaml")
    policy.parent.mkdir(exist_ok=True)
    text = "title: Eerst akkoord\nnever: delivered\nunless: [is_approved, is_informed]\n"
    policy.write_text(text)
    git("add", ".")
    git("commit", "--quiet", "--message", "policy")
    policy.write_text(text.replace(before, after))
    assert execute(["diff", "main", "--fail-on", "policy"]) == status
    assert ("(akkoord)" in capfd.readouterr().out) == told


def test_an_office_gives_a_part_a_class_of_its_own(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("definitions/review").mkdir()
    Path("definitions/review/office.yaml").write_text("classes:\n  - { part: phase.role, class: legal }\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "classes")
    edit("role: fiscaal", "role: accountant")
    assert execute(["diff", "main", "--format", "json"]) == 0
    (change,) = json.loads(capfd.readouterr().out)["changes"]
    assert (change["class"], change["part"]) == ("legal", "phase.role")


def test_what_changes_is_proved_with_the_nearest_filing_that_goes_differently(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("days: 8", "days: 6")
    asked = ["diff", "main", "--prove", "--most", "150", "--format", "json", *ON]
    assert execute(asked) == 0
    (template,) = json.loads(capfd.readouterr().out)["proof"]["templates"]
    (change,) = template["changes"]
    assert change["outcome"] == "differs"
    assert change["way"]["steps"][0]["move"] == "start"
    assert change["way"]["before"] != change["way"]["after"]
    assert template["rights"]["outcome"] == "proved"  # reminders open no act


def test_what_is_not_declared_ends_with_status_1_and_what_is_declared_opens_no_gate(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("role: fiscaal", "role: accountant")
    means = repository / "means.txt"
    means.write_text("timing\n")
    assert execute(["diff", "main", "--means", str(means)]) == 1
    assert "not declared" in capfd.readouterr().err
    means.write_text("staffing btw-aangifte\n")
    assert execute(["diff", "main", "--means", str(means)]) == 0
    assert execute(["diff", "main", "--means", str(means), "--fail-on", "staffing"]) == 1
