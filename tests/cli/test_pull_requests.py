"""`kantoor review` as the action runs it: in a folder of its own, its comment kept at a host over HTTP."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import click
import pytest
from ruamel.yaml import YAML

from kantoor.cli.main import COMMANDS, execute
from kantoor.cli.pull_requests import review
from kantoor.compiler.own.repository import list_repository
from kantoor.data import canonical
from kantoor.office.relations.redacting import RedactedRelations
from kantoor.review.faces.markdown import safe
from kantoor.service.reviewing.snapshots import VERSION, OfficeSnapshot, SnapshotFiling
from tests.cli.test_reviewing import BTW, edit, git
from tests.service.host import HEAD

ROOT = Path(__file__).parents[2]
TOKEN = "geheim-van-de-werkstroom"
AUTHOR = "github-actions[bot]"
SCENARIO = Path("definitions/scenarios/btw-aangifte/akkoord.yaml")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a clean checkout of the shipped VAT return, and what corrects it, without its guards."""
    shutil.copytree(ROOT / "definitions", tmp_path / "definitions")
    for folder in ("scenarios", "policies"):
        shutil.rmtree(tmp_path / "definitions" / folder)
    for workflow in (tmp_path / "definitions" / "workflows").iterdir():
        if workflow.stem not in ("btw-aangifte", "suppletie"):
            workflow.unlink()
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet", "--initial-branch", "main")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    return tmp_path


@contextmanager
def host(*words: str) -> Iterator[str]:
    """Run the stand-in of the host, and give its address."""
    command = [sys.executable, "-m", "tests.service.host", TOKEN, AUTHOR, *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=10)


@contextmanager
def workflow(folder: Path, address: str, head: str = HEAD) -> Iterator[None]:
    """Give the environment that a workflow of a pull request has."""
    event = folder / "event.json"
    about = {"number": 7, "title": "${{ secrets.X }} $(id)", "head": {"sha": head}}
    event.write_text(json.dumps({"pull_request": about}))
    told = {
        "GITHUB_API_URL": address,
        "GITHUB_REPOSITORY": "kantoor/definities",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_TOKEN": TOKEN,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        yield


def comments(address: str) -> list[Any]:
    """Return what the host holds of ours."""
    with urlopen(f"{address}/comments") as answer:
        return [one for one in json.load(answer) if one["user"]["login"] == AUTHOR]


def test_one_comment_is_kept_up_to_date_and_the_gates_decide(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("role: fiscaal", "role: accountant")
    words = ["review", "main", "--on", "2026-11-29", "--comment", "--out", "review.md"]
    with host() as address:
        for gates, status in (("legal", 0), ("staffing", 1), ("staffing", 1)):
            with workflow(repository, address):
                assert execute([*words, "--fail-on", gates]) == status
        (comment,) = comments(address)
        out, err = capfd.readouterr()
        line = 1 + BTW.read_text("utf-8").splitlines().index("  - id: indienen")
        (shown,) = {one for one in out.splitlines() if one.startswith("::error ")}
        assert re.match(rf"::error file={BTW},line={line + 2},title=to look at::", shown)
        assert comment["writes"] == 2
        assert comment["body"] == Path("review.md").read_text("utf-8")
        assert "is done by ‘Accountant’" in comment["body"]
        assert "❌ | **gates**" in comment["body"]
        assert "the comment was made" in err
        assert "the comment was renewed" in err
        assert "the comment is as it was" in err
        git("checkout", "--quiet", "--", "definitions")
        with workflow(repository, address):
            assert execute(words) == 0
        (comment,) = comments(address)
    assert "Nothing changes in what the definitions mean." in comment["body"]
    assert TOKEN not in out + err + comment["body"] + Path("review.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("file", "written", "becomes"),
    [
        ("messages/btw-stukken.yaml", "    subject: Stukken voor", "    subject: Papieren voor"),
        ("office.yaml", "  good_friday: false", "  good_friday: true"),
        ("workflows/btw-aangifte.yaml", "    title: Controle", "    title: Nazien"),
    ],
)
def test_what_changes_is_shown_in_the_file_and_on_the_line_where_it_is_written(
    repository: Path, capfd: pytest.CaptureFixture[str], file: str, written: str, becomes: str
) -> None:
    path = Path("definitions") / file
    lines = path.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines, 1) if line.startswith(written))
    path.write_text(path.read_text("utf-8").replace(written, becomes, 1), "utf-8")
    assert execute(["review", "main", "--fail-on", "wording,timing", "--out", "review.md"]) == 1
    shown = [one for one in capfd.readouterr().out.splitlines() if one.startswith("::error ")]
    assert shown
    assert all(one.startswith(f"::error file={path},line={at},") for one in shown)


def test_a_policy_that_asks_less_is_shown_on_its_own_line(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    policy = Path("definitions/policies/akkoord.yaml")
    policy.parent.mkdir()
    policy.write_text("title: Akkoord\nwhy: De klant beslist\nnever: delivered\nunless: is_approved\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "policy")
    policy.write_text(policy.read_text() + "templates: [btw-aangifte]\n")
    assert execute(["review", "main", "--fail-on", "policy", "--out", "review.md"]) == 1
    out = capfd.readouterr().out
    assert f"::error file={policy},line=3,title=to look at::The policy ‘Akkoord’ (akkoord) is another" in out


def test_what_is_wrong_is_shown_at_its_line_and_nothing_passes_for_compared(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    SCENARIO.parent.mkdir(parents=True)
    SCENARIO.write_text(
        "title: Komt niet zo\nperiod: 2026-01\n"
        "steps:\n  - on: 2026-01-05\n    expect: [{ phase: indienen }]\n"
    )
    assert execute(["review", "main", "--out", "review.md"]) == 1
    (line,) = [one for one in capfd.readouterr().out.splitlines() if one.startswith("::error ")]
    assert f"file={SCENARIO},line=5,col=" in line
    assert "❌ | **scenarios** | 1 run, 1 failed" in Path("review.md").read_text("utf-8")
    edit("role: fiscaal", "role: fiskaal")
    number = BTW.read_text("utf-8").partition("fiskaal")[0].count("\n") + 1
    assert execute(["review", "main", "--out", "review.md"]) == 1
    told = Path("review.md").read_text("utf-8")
    assert "nothing was compared" in told
    assert f"file=definitions/workflows/btw-aangifte.yaml,line={number},col=11" in capfd.readouterr().out


NASTY = "::set-env name=X::y %0A::error::z <img src=x> [a](https://evil.example) @someone #1 ![i](http://evil.example/p)"
ENDS = "\\u2028::add-mask::b\\u0085::add-mask::c"
"""What ends a line for some readers, as YAML writes it."""


def test_nothing_that_a_change_writes_is_more_than_text(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit("title: Controle\n", f"title: '{NASTY}'\n")
    edit("role: fiscaal", f"role: '{NASTY}'")
    edit("    title: Aanbieden aan de klant\n", "    title: |\n      x\n      ::error::y\n")
    edit("title: Aangifte btw\n", f'title: Aangifte btw\n"a{ENDS}": 1\n')
    assert execute(["review", "main", "--out", "review.md"]) == 1
    edit(f'"a{ENDS}": 1\n', "")
    edit(f"role: '{NASTY}'", "role: accountant")
    assert execute(["review", "main", "--fail-on", "wording,staffing", "--out", "review.md"]) == 1
    out, err = capfd.readouterr()
    for line in (out + err).splitlines():
        if "::" in line:
            assert re.match(r"::(error|warning) [^:]*::[^:]", line), line
        assert not line.strip().startswith(("::set-env", "::error::", "::add-mask"))
    told = Path("review.md").read_text("utf-8")
    shown = re.sub(r"```mermaid.*?```", "", told, flags=re.DOTALL)
    assert not re.search(r"@\w|(?<!\\)<img|://|(?<!\\)\]\(|(?<!\\)!\[", shown)


def write_snapshot(file: Path) -> None:
    """Write what runs in an office with one filing, of which nothing can be read."""
    filing = SnapshotFiling(id="0123456789ab", template="btw-aangifte", plan="x", problem="unreadable")
    made = OfficeSnapshot(
        kind="kantoor_snapshot",
        version=VERSION,
        on=date(2026, 11, 29),
        plans={},
        calendars=(),
        filings=(filing,),
        relations=RedactedRelations(team={}),
        recurring=(),
    )
    file.write_bytes(canonical(made))


def test_a_change_does_not_bring_its_own_snapshot(
    repository: Path, capfd: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = Path("office.json")
    write_snapshot(file)
    edit("role: fiscaal", "role: accountant")
    words = [
        "review",
        "main",
        "--on",
        "2026-11-29",
        "--out",
        "review.md",
        "--fail-on",
        "cannot",
        "--snapshot",
    ]
    assert execute([*words, "office.json"]) == 2
    assert "main has no file 'office.json'" in capfd.readouterr().err
    git("add", "office.json")
    git("commit", "--quiet", "--message", "snapshot", "office.json")
    file.write_text("{}")
    assert execute([*words, "office.json"]) == 1
    assert "1 could not be judged" in Path("review.md").read_text("utf-8")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "office.json"
    write_snapshot(elsewhere)
    assert execute([*words, str(elsewhere)]) == 1
    old = "which is too old to judge by"
    assert old not in Path("review.md").read_text("utf-8")
    assert safe("as of 2026-11-29: 1 could not be judged") in Path("review.md").read_text("utf-8")
    words[3] = "2026-12-07"
    assert execute([*words, str(elsewhere)]) == 1
    assert old in Path("review.md").read_text("utf-8")
    capfd.readouterr()
    assert execute(["diff", "main", *words[2:4], *words[6:], str(elsewhere)]) == 1
    told = capfd.readouterr().err
    assert f"{old}: kantoor snapshot writes it again, and --snapshot-days says how old" in told
    assert "of a class" not in told
    assert execute([*words, str(elsewhere), "--snapshot-days", "8"]) == 1
    assert old not in Path("review.md").read_text("utf-8")
    assert execute(["review", "main", "--fail-on", "cannot"]) == 2


def test_a_token_that_may_not_write_leaves_the_answer_as_it_is(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with host("forbidden") as address, workflow(repository, address):
        assert execute(["review", "main", "--comment"]) == 0
    assert "::warning::The comment could not be written" in capfd.readouterr().err
    with host("limited") as address, workflow(repository, address):
        assert execute(["review", "main", "--comment"]) == 3
    with workflow(repository, "http://127.0.0.1:9"):
        assert execute(["review", "main", "--comment"]) == 3
        assert TOKEN not in capfd.readouterr().err
    assert execute(["review", "main", "--comment"]) == 2
    assert "GITHUB_TOKEN" not in os.environ


def test_a_clean_comment_does_not_outlive_a_review_that_failed_nor_an_older_one_a_newer(
    repository: Path,
) -> None:
    words = ["review", "main", "--comment"]
    with host() as address:
        for more, said in (
            ([], "Nothing changes in what the definitions mean."),
            (["--snapshot", "office.json"], "Nothing was compared"),
            ([], "Nothing changes"),
            (["--fail-on", "cannot"], "Nothing was compared"),
        ):
            with workflow(repository, address):
                assert execute([*words, *more]) == (2 if more else 0)
            (comment,) = comments(address)
            assert comment["body"].startswith(f"<!-- kantoor review definitions -->\nOf {HEAD}.\n")
            assert said in comment["body"]
        with workflow(repository, address, head="b" * 40):
            assert execute(words) == 0
        assert comments(address) == [comment]
        shutil.copytree("definitions", "ander")
        with workflow(repository, address):
            assert execute(["review", "definitions", "--comment", "--dir", "ander"]) == 0
        assert len(comments(address)) == 2


@pytest.mark.parametrize("link", ["roles/geheim.yaml", "roles/\n::add-mask::x", "messages/elders"])
def test_a_link_in_a_change_is_not_followed(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str], link: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "geheim.yaml").write_text("wachtwoord: hunter2\n")
    Path("definitions", link).symlink_to(outside / "geheim.yaml" if link.endswith("yaml") else outside)
    assert execute(["review", "main", "--out", "review.md"]) == 2
    said = "".join(capfd.readouterr()) + Path("review.md").read_text("utf-8")
    assert "is a link, which is not followed" in said
    assert "hunter2" not in said
    assert "wachtwoord" not in said
    assert "\n::" not in said


def test_what_is_declared_comes_from_the_change_alone_and_a_clean_comment_does_not_outlive_its_loss(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "means.txt").write_text("wachtwoord hunter2 van de machine\n")
    edit("role: fiscaal", "role: accountant")
    Path("of_the_machine").symlink_to(outside)
    Path("linked.txt").symlink_to(outside / "means.txt")
    Path("long.txt").write_text("*" * 100_000)
    asked = ["review", "main", "--comment", "--out", "review.md", "--means"]
    with host() as address:
        for file, reason in (
            ("of_the_machine/means.txt", "which is not followed"),
            ("linked.txt", "which is not followed"),
            ("gone.txt", "cannot be read"),
            ("long.txt", "declares nothing that is known"),
        ):
            with workflow(outside, address):
                assert execute([*asked, file]) == 2
            (comment,) = comments(address)
            assert comment["body"] == Path("review.md").read_text("utf-8")
            assert "Nothing was compared" in comment["body"]
            assert reason in comment["body"]
            assert "hunter2" not in comment["body"] + "".join(capfd.readouterr())
        with workflow(outside, address):  # what the workflow made outside the checkout may lie behind a link
            (outside / "means.txt").write_text("staffing btw-aangifte\n")
            (outside / "link").symlink_to(outside)
            assert execute([*asked, str(outside / "link" / "means.txt")]) == 0


def test_a_policy_that_a_change_takes_away_is_told_and_has_a_gate(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    gone, stays = (Path(f"definitions/policies/{name}.yaml") for name in ("akkoord", "ook-akkoord"))
    gone.parent.mkdir()
    for policy in (gone, stays):
        policy.write_text("title: Akkoord\nnever: delivered\nunless: is_approved\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "policies")
    gone.unlink()
    assert execute(["diff", "main", "--fail-on", "legal,safeguard"]) == 0
    assert gone.stem in capfd.readouterr().out
    assert execute(["diff", "main", "--fail-on", "policy"]) == 1


def test_a_change_is_held_to_the_policies_and_scenarios_that_it_takes_away(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    policy = Path("definitions/policies/nooit-indienen.yaml")
    words = ["review", "main", "--out", "review.md"]
    assert execute(words) == 0
    told = Path("review.md").read_text("utf-8")
    for step in ("scenarios** | there are none", "policies** | there are none", "gates** | none is set"):
        assert f"| ➖ | **{step} |" in told
    policy.parent.mkdir()
    policy.write_text(
        "title: Er wordt nooit ingediend, wat een aangifte altijd breekt\nnever: delivered\n"
        "templates: [btw-aangifte]\n"
    )
    SCENARIO.parent.mkdir(parents=True)
    shutil.copy(ROOT / SCENARIO, SCENARIO)
    git("add", ".")
    git("commit", "--quiet", "--message", "guards")
    edit("role: fiscaal", "role: accountant")
    policy.unlink()
    SCENARIO.unlink()
    assert execute(words) == 1
    told = Path("review.md").read_text("utf-8")
    assert "❌ | **policies** | there are none; as main has those" in told
    way = told.partition("<details><summary>The way: ")[2].partition("</details>")[0]
    assert "\n```mermaid\nflowchart TD\n" in way
    assert "Niet volgens#58; Er wordt nooit ingediend" in way
    assert safe("The scenario ‘btw-aangifte/akkoord’ is gone.") in told
    line = next(one for one in capfd.readouterr().out.splitlines() if "as main has it" in one)
    assert line.startswith("::error file=definitions/workflows/btw-aangifte.yaml,line=1,")
    git("checkout", "--quiet", "--", str(policy))
    policy.write_text(policy.read_text("utf-8") + "except: [{ template: btw-aangifte, reason: Mag even }]\n")
    assert execute(words) == 1
    capfd.readouterr()
    assert execute(["diff", "main"]) == 0
    (changed,) = re.findall(
        r"\(nooit-indienen\).*?\(([0-9a-f]{10})\)", " ".join(capfd.readouterr().out.split())
    )
    waiver = Path("definitions/review/office.yaml")
    waiver.parent.mkdir()
    until = date.today() + timedelta(days=3)
    waiver.write_text(
        f"waivers: [{{ change: '{changed}', reason: Even, owner: B. de Vries, "
        f"since: {date.today()}, until: {until} }}]\n"
    )
    assert execute([*words, "--fail-on", "guards"]) == 1
    assert (
        f"::error file={waiver},line=1,title=to look at::A waiver lets {changed} (" in capfd.readouterr().out
    )
    git("add", str(waiver))
    git("commit", "--quiet", "--message", "waiver", str(waiver))
    assert execute(words) == 0
    told = Path("review.md").read_text("utf-8")
    assert safe("by a waiver not as main has it: nooit-indienen") in told
    git("checkout", "--quiet", "--", "definitions/workflows", str(policy))
    assert execute([*words, "--fail-on", "legal,safeguard,policy"]) == 0
    edit("role: fiscaal", "role: accountant")
    assert execute([*words, "--most", "5"]) == 1
    told = Path("review.md").read_text("utf-8")
    assert safe("states were looked at, and there are more; --most has it look at more") in told
    assert execute([*words, "--fail-on", "scenario"]) == 1
    kept = "as main has those that are gone or expect less: 1 run, "
    assert safe(f"there are none; {kept}none failed") in Path("review.md").read_text("utf-8")
    edit("send: { message: btw-ingediend }", "send: { message: btw-stukken }")
    assert execute(words) == 1
    told = Path("review.md").read_text("utf-8")
    assert f"| ❌ | **scenarios** | {safe(f'there are none; {kept}1 failed')} |" in told
    assert safe("as main has it: ‘De klant geeft akkoord") in told
    git("add", "definitions/workflows")
    git("commit", "--quiet", "--message", "broken already", "definitions/workflows")
    assert execute(words) == 0


def test_the_action_gives_no_text_of_a_change_to_a_shell_and_has_every_option_of_the_command() -> None:
    action = YAML(typ="safe").load((ROOT / "action.yml").read_text("utf-8"))
    scripts = [step["run"] for step in action["runs"]["steps"]]
    assert not any("${{" in script for script in scripts)
    assert all("uses" not in step for step in action["runs"]["steps"])
    given = action["runs"]["steps"][1]["env"]
    assert {value.strip("${} ").removeprefix("inputs.") for value in given.values()} == set(action["inputs"])
    filled = dict(re.findall(r'(--[a-z-]+) "\$([A-Z_]+)"', scripts[1]))
    assert {*filled.values(), "BASE", "GITHUB_TOKEN"} == set(given)
    options = {name for one in review.params if isinstance(one, click.Option) for name in one.opts}
    used = set(re.findall(r"(?<![\w-])(--[a-z-]+)", scripts[1]))
    assert used == options - {"--on"}  # it reviews as of the day on which it runs


def test_the_action_installs_without_running_anything_of_the_checkout(tmp_path: Path) -> None:
    action = YAML(typ="safe").load((ROOT / "action.yml").read_text("utf-8"))
    step = action["runs"]["steps"][0]
    assert step["working-directory"] == "${{ github.action_path }}"
    checkout, temp, programs = tmp_path / "checkout", tmp_path / "of the runner", tmp_path / "programs"
    for folder in (checkout, temp, programs):
        folder.mkdir()
    for name in ("venv", "shutil", "logging", "pip"):
        (checkout / f"{name}.py").write_text(f"open({str(tmp_path / 'pwned')!r}, 'w')")
    # The true venv, without pip, which would fetch: in its place stands what writes down how it was called.
    stand_in, asked = tmp_path / "python", tmp_path / "asked"
    stand_in.write_text(f"#!/bin/bash\necho \"$@\" >> '{asked}'\n")
    stand_in.chmod(0o755)
    script = f"""#!/bin/bash -e
        '{sys.executable}' "$@" --without-pip
        rm "${{@: -1}}/bin/python"
        cp '{stand_in}' "${{@: -1}}/bin/python"
    """
    (programs / "python3").write_text(script)
    (programs / "python3").chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "RUNNER_TEMP": str(temp)}
    command = ["bash", "-eo", "pipefail", "-c", step["run"]]
    subprocess.run(command, cwd=checkout, env=environment, check=True)
    assert not (tmp_path / "pwned").exists()
    calls = asked.read_text("utf-8").splitlines()
    assert [call.startswith("-I -m pip install ") for call in calls] == [True, True]
    assert "--require-hashes -r requirements.lock" in calls[0]
    assert calls[1].endswith(" --no-build-isolation .")


def test_the_action_has_a_gate_for_what_would_not_start_where_there_is_a_snapshot_and_none_is_named(
    tmp_path: Path,
) -> None:
    action = YAML(typ="safe").load((ROOT / "action.yml").read_text("utf-8"))
    programs, asked = tmp_path / "kantoor" / "bin", tmp_path / "asked"
    programs.mkdir(parents=True)
    (programs / "kantoor").write_text(f"#!/bin/bash\necho \"$@\" > '{asked}'\n")
    (programs / "kantoor").chmod(0o755)
    usual, script = action["inputs"]["fail-on"]["default"], action["runs"]["steps"][1]
    for gates, snapshot, more in ((usual, "office.json", ",not_ready"), (usual, "", ""), ("legal", "x", "")):
        told = {"FAIL_ON": gates, "SNAPSHOT": snapshot, "RUNNER_TEMP": str(tmp_path)}
        environment = {**os.environ, **dict.fromkeys(script["env"], ""), **told}
        command = ["bash", "-eo", "pipefail", "-c", script["run"]]
        subprocess.run(command, env=environment, check=True)
        assert f" --fail-on {gates}{more} " in asked.read_text("utf-8")


def test_the_script_of_the_action_reviews_and_runs_nothing_that_its_inputs_say(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    action = YAML(typ="safe").load((ROOT / "action.yml").read_text("utf-8"))
    temp = tmp_path_factory.mktemp("runner")
    programs = temp / "kantoor" / "bin"
    programs.mkdir(parents=True)
    (programs / "kantoor").symlink_to(Path(sys.executable).parent / "kantoor")
    edit("role: fiscaal", "role: accountant")

    usual = {
        **dict.fromkeys(action["runs"]["steps"][1]["env"], ""),
        "BASE": "main",
        "DIRECTORY": "definitions",
        "SNAPSHOT_DAYS": "7",
        "AUTHOR": AUTHOR,
    }
    del usual["GITHUB_TOKEN"]

    def run(address: str, **inputs: str) -> int:
        runner = {"RUNNER_TEMP": str(temp), "GITHUB_STEP_SUMMARY": str(temp / "summary.md")}
        with workflow(temp, address):
            environment = {**os.environ, **usual, **runner, **inputs}
            command = ["bash", "-eo", "pipefail", "-c", action["runs"]["steps"][1]["run"]]
            return subprocess.run(command, env=environment, check=False, capture_output=True).returncode

    with host() as address:
        assert run(address) == 0
        (comment,) = comments(address)
        assert (temp / "summary.md").read_text("utf-8") == comment["body"]
        assert run(address, FAIL_ON="staffing") == 1
        Path("means.txt").write_text("timing\n")
        assert run(address, MEANS="means.txt") == 1
        assert run(address, **dict.fromkeys(usual, '$(touch pwned) "; touch pwned #')) == 2
    assert not Path("pwned").exists()


def test_the_files_that_init_makes_review_a_change_at_github_and_at_gitlab(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    temp = tmp_path_factory.mktemp("runner")
    made = list_repository(with_test=True)
    github, gitlab = (
        YAML(typ="safe").load(made[name]) for name in (".github/workflows/definitions.yaml", ".gitlab-ci.yml")
    )
    steps, job = github["jobs"]["review"]["steps"], gitlab["review"]
    (asking,) = [step for step in steps if "kantoor review" in step.get("run", "")]
    assert github["jobs"]["review"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert not any("${{" in step.get("run", "") for step in steps)
    git("update-ref", "refs/remotes/origin/main", "main")
    policy = Path("definitions/policies/nooit-aangeboden.yaml")
    policy.parent.mkdir()
    policy.write_text("title: Nooit aangeboden\nnever: offered\ntemplates: [suppletie]\n")
    edit("role: fiscaal", "role: accountant")
    edit("every_days: 4", "every_days: 9", Path("definitions/workflows/suppletie.yaml"))

    def run(script: str, **told: str) -> tuple[int, str]:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        command = ["bash", "-eo", "pipefail", "-c", script]
        environment = {**os.environ, "PATH": path, "RUNNER_TEMP": str(temp), **told}
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    with host() as address, workflow(temp, address):
        env = {**asking["env"], "BASE": "main", "GITHUB_TOKEN": TOKEN}
        assert "the comment was made" in run(asking["run"], **env)[1]
        (comment,) = comments(address)
        summary = temp / "summary.md"
        assert run(steps[-1]["run"], GITHUB_STEP_SUMMARY=str(summary)) == (0, "")
    asked = next(line for line in job["script"] if line.startswith("kantoor review"))
    variables = {name: value for name, value in job["variables"].items() if name != "GIT_DEPTH"}
    status, said = run(asked, CI_MERGE_REQUEST_DIFF_BASE_SHA=git("rev-parse", "main"), **variables)
    assert status == 1
    assert "not as it should be: policies" in said
    assert "comment" not in said  # who made no token has the page alone
    assert job["artifacts"]["paths"] == ["review.md"]
    for told in (comment["body"], summary.read_text("utf-8"), Path("review.md").read_text("utf-8")):
        assert "is done by ‘Accountant’" in told
        assert "❌ | **policies**" in told
        assert "flowchart TD" in told


def test_the_job_that_init_makes_keeps_one_comment_on_a_merge_request_up_to_date(
    repository: Path,
) -> None:
    job = YAML(typ="safe").load(list_repository(with_test=True)[".gitlab-ci.yml"])["review"]
    (asked,) = [line for line in job["script"] if line.startswith("kantoor review")]
    script = f"PATH={Path(sys.executable).parent}:$PATH; {asked}"
    edit("role: fiscaal", "role: accountant")

    def run(address: str, **told: str) -> str:
        pipeline = {
            "CI_API_V4_URL": address,
            "CI_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": "main",
            "CI_COMMIT_SHA": HEAD,
            "FAIL_ON": "legal",
            "GITLAB_TOKEN": TOKEN,
        }
        environment = {**os.environ, **pipeline, **told}
        command = ["bash", "-eo", "pipefail", "-c", script]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert TOKEN not in done.stdout + done.stderr
        return done.stderr

    with host() as address:
        assert "the comment was made" in run(address)
        assert "the comment is as it was" in run(address)
        assert "a newer revision" in run(address, CI_COMMIT_SHA="b" * 40)
        git("checkout", "--quiet", "--", "definitions")
        merged = {"CI_COMMIT_SHA": "c" * 40, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": HEAD}
        assert "the comment was renewed" in run(address, **merged)
        (note,) = comments(address)
        assert note["writes"] == 2
        assert note["body"] == Path("review.md").read_text("utf-8")
        assert "Nothing changes" in note["body"]
        assert TOKEN not in note["body"]
    with host("forbidden") as address:
        assert "could not be written: the token may not" in run(address)


def test_the_hooks_are_commands_that_there_are() -> None:
    hooks = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    commands = {name for section in COMMANDS.values() for name in section}
    for hook in hooks:
        program, command, *rest = hook["entry"].split()
        assert (program, rest) == ("kantoor", [])
        assert command in commands
        assert re.match(hook["files"], "definitions/workflows/btw-aangifte.yaml")
