"""`kantoor policies` as an author of definitions types it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kantoor.cli.main import execute
from kantoor.compiler.examples import Example, lay_out

Run = Callable[..., tuple[int, str, str]]

PATH = "policies/beoordeeld.yaml"
BROKEN = "title: Er wordt niets aangeboden\nnever: offered\n"
GOOD = "title: Alleen met akkoord\nnever: delivered\nunless: [is_approved, is_informed]\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run it on the small office with a policy; returns exit status, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(text: str, *arguments: str) -> tuple[int, str, str]:
        lay_out(Example(text, PATH, how="whole"), tmp_path / "definitions")
        status = execute(["policies", *arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_a_breach_is_told_step_by_step_in_an_invented_filing(run: Run) -> None:
    status, out, err = run(BROKEN, "--template", "btw-aangifte")
    assert status == 1
    assert "beoordeeld btw-aangifte: broken in" in out
    assert "    0. " in out
    assert "is vrijgegeven" in out
    assert "1 broken" in err


def test_policies_that_hold_end_well_and_say_what_was_looked_at(run: Run) -> None:
    status, out, err = run(GOOD, "--template", "btw-aangifte")
    assert (status, out) == (0, "")
    assert "none broken" in err
    assert "exhaustive" in err
    assert "not exhaustive" not in err


def test_a_walk_that_stops_early_says_so_and_fails(run: Run) -> None:
    status, out, err = run(GOOD, "--template", "btw-aangifte", "--most", "10")
    assert status == 1
    assert "not exhaustive" in out
    assert "not exhaustive" in err


@pytest.mark.parametrize(
    "text",
    [
        "title: Wie indient\nwho: delivered\ndiffers_from: attached\ntemplates: [btw-aangifte]\n",
        "title: Nooit geaccepteerd\nnever: accepted\ntemplates: [btw-aangifte]\n",
    ],
    ids=["never applies", "broken further on"],
)
def test_of_a_walk_that_stops_early_nothing_is_said_that_hangs_on_what_it_did_not_look_at(
    run: Run, text: str
) -> None:
    few = ("--template", "btw-aangifte", "--most", "10")
    status, out, err = run(text, *few)
    assert status == 1
    assert "never says anything" not in out
    assert out.strip().endswith("not decided: beoordeeld")
    assert "1 policy on 1 template, 1 not decided; " in err
    status, out, _ = run(text, *few, "--format", "json")
    said = json.loads(out)
    assert [one["kind"] for one in said["findings"]] == ["not_exhaustive"]
    assert [one["undecided"] for one in said["templates"]] == [["beoordeeld"]]


def test_a_policy_that_never_says_anything_is_a_finding(run: Run) -> None:
    nobody = "title: Wie indient\nwho: delivered\ndiffers_from: attached\ntemplates: [btw-aangifte]\n"
    for text, why in (
        ("title: Nooit opgegeven\nnever: given_up\ntemplates: [btw-aangifte]\n", "cannot come about"),
        (nobody, "there nobody does delivered after somebody did attached"),
    ):
        status, out, _ = run(text)
        assert status == 1
        assert "never says anything" in out
        assert why in " ".join(out.split())


def test_an_exception_that_is_not_needed_is_a_finding(run: Run) -> None:
    status, out, _ = run(f"{GOOD}except: [{{ template: btw-aangifte, reason: Zomaar }}]\n")
    assert status == 1
    assert "the exception is not needed" in out


def test_a_breach_with_a_reason_does_not_fail(run: Run) -> None:
    text = f"{BROKEN}except: [{{ template: btw-aangifte, reason: Hier mag het }}]\n"
    status, out, _ = run(text, "--template", "btw-aangifte")
    assert status == 0 or "never says anything" in out
    assert "excepted: Hier mag het" in out


def test_json_has_the_path_with_its_events(run: Run) -> None:
    status, out, _ = run(BROKEN, "--template", "btw-aangifte", "--format", "json")
    assert status == 1
    (finding,) = json.loads(out)["findings"]
    assert finding["kind"] == "broken"
    assert [one["number"] for one in finding["path"]] == list(range(len(finding["path"])))
    assert finding["path"][0]["event"]["kind"] == "start"


def test_what_is_kept_gives_the_same_again(run: Run, tmp_path: Path) -> None:
    first = run(BROKEN, "--template", "btw-aangifte", "--format", "json")
    (kept,) = (tmp_path / "cache" / "kantoor" / "policies").iterdir()
    assert run(BROKEN, "--template", "btw-aangifte", "--format", "json") == first
    kept.write_text("{", "utf-8")
    assert run(BROKEN, "--template", "btw-aangifte", "--format", "json") == first


def test_an_unknown_template_is_wrong_use_with_the_near_one(run: Run) -> None:
    status, _, err = run(GOOD, "--template", "btw-aangfte")
    assert status == 2
    assert "did you mean 'btw-aangifte'?" in err


def test_markdown_has_a_picture_of_the_way_with_who_does_what(run: Run) -> None:
    status, out, _ = run(BROKEN, "--template", "btw-aangifte", "--format", "markdown")
    assert status == 1
    assert out.startswith("## Er wordt niets aangeboden · ")
    before, _, picture = out.partition("\n```mermaid\nflowchart TD\n")
    steps = [line for line in before.splitlines() if line.startswith("- ")]
    for number in range(len(steps)):
        assert f"  s{number}[" in picture
    assert "Ruud Smit, " in picture
    assert f"s{len(steps) - 1} --> broken\n" in picture
    assert 'broken(["Niet volgens#58; Er wordt niets aangeboden"])' in picture
