"""`kantoor test` as an author of definitions types it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kantoor.cli.main import execute
from kantoor.compiler.diagnostics import all_codes
from kantoor.compiler.examples import Example, lay_out

Run = Callable[..., tuple[int, str, str]]

HEAD = "title: Akkoord\nperiod: 2027-01\nsteps:\n"
GOOD = f"{HEAD}  - on: 2027-02-01\n    expect: [{{ phase: opstellen }}]\n"
WRONG = """\
title: Niets komt zoals het hier staat
period: 2027-01
steps:
  - on: 2027-02-01
    do: [approve]
    expect:
      - { phase: controle, is: active }
      - { deadline: aangifte, is: 2027-02-27 }
  - reach: aanbieden
    expect:
      - { message: ter-accordering, to: klant, contains: Geachte heer Jansen }
      - { message: ter-accordering, times: 0 }
      - { work: accountant }
  - on: 2027-02-02
  - reach: indienen
  - expect: [{ phase: controle }]
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small office of the documentation, without scenarios."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "definitions"
    lay_out(Example("title: Akkoord\n", "scenarios/x/y.yaml", how="absent"), folder)
    return folder


@pytest.fixture
def run(office: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        status = execute(["test", *words])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def write(office: Path, text: str, name: str = "akkoord") -> None:
    file = office / "scenarios" / "btw-aangifte" / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def test_scenarios_that_come_as_they_say_print_nothing_but_how_many(office: Path, run: Run) -> None:
    write(office, GOOD)
    assert run() == (0, "", "1 scenario, none failed\n")


def test_all_that_goes_otherwise_is_told_at_its_line_with_what_there_is(office: Path, run: Run) -> None:
    write(office, WRONG)
    status, out, err = run("--all")
    assert (status, err) == (1, "1 scenario, 1 failed\n")
    told = [line.partition(" ") for line in out.splitlines() if line.startswith("definitions/")]
    path = "definitions/scenarios/btw-aangifte/akkoord.yaml"
    assert [place.removeprefix(path) for place, _, _ in told] == [
        ":5:10:",
        ":7:32:",
        ":8:35:",
        ":11:58:",
        ":12:44:",
        ":13:17:",
        ":14:9:",
        ":15:12:",
    ]
    said = [text for _, _, text in told]
    assert said[1:3] == [
        "error[K860]: expected phase controle active; found pending",
        "error[K860]: expected deadline aangifte 2027-02-27; found 2027-02-28",
    ]
    assert "'approve' may be done; found it was refused" in said[0]
    assert "with 'Geachte heer Jansen'" in said[3]
    assert "ter-accordering, 0 times; found 1 times: ter-accordering to klant" in said[4]
    assert said[7].startswith("error[K860]: expected that it comes to indienen by 2033-")
    assert said[6] == "error[K860]: expected that 2027-02-02 is still to come; found it is 2027-02-03 already"
    assert "help: on 2027-02-01 the filing is in opstellen" in out


def test_of_a_scenario_the_first_step_that_fails_is_told_with_the_lines_that_may_follow_from_it(
    office: Path, run: Run
) -> None:
    write(office, WRONG)
    write(office, WRONG.replace("    do: [approve]\n", ""), "stil")
    found = [(one["path"][-10:], one["line"], one["help"]) for one in json.loads(run("--format", "json")[1])]
    standing = "on 2027-02-01 the filing is in opstellen"
    assert found == [
        (
            "koord.yaml",
            5,
            f"{standing}; 7 lines fail too, which may follow from it: 7, 8, 11, 12, 13, 14 and 1 more",
        ),
        ("/stil.yaml", 6, standing),
        ("/stil.yaml", 7, f"{standing}; 5 lines fail too, which may follow from it: 10, 11, 12, 13 and 14"),
    ]


def test_every_format_tells_the_same(office: Path, run: Run) -> None:
    write(office, WRONG)
    found = json.loads(run("--all", "--format", "json")[1])
    assert [(one["code"], one["line"]) for one in found] == [
        ("K860", line) for line in (5, 7, 8, 11, 12, 13, 14, 15)
    ]
    assert run("--all", "--format", "github")[1].count("\n") == 8
    log = json.loads(run("--all", "--format", "sarif")[1])
    assert len(log["runs"][0]["results"]) == 8
    assert [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]] == ["K860"]


def test_scenarios_can_be_chosen_by_a_part_of_their_name_and_listed(office: Path, run: Run) -> None:
    write(office, GOOD)
    write(office, WRONG, "anders")
    assert run("--list")[:2] == (
        0,
        "btw-aangifte/akkoord  Akkoord\nbtw-aangifte/anders  Niets komt zoals het hier staat\n",
    )
    write(office, f"{HEAD}  - reach: opstelen\n", "fout")
    assert run("-k", "akk") == (0, "", "1 scenario, none failed\n")
    status, out, err = run("-k", "akoord")
    assert (status, out) == (2, "")
    assert err.splitlines()[0] == "Error: no scenario has 'akoord' in its name; did you mean 'akkoord'?"


def test_a_folder_without_scenarios_says_how_to_write_one(run: Run) -> None:
    status, out, err = run()
    assert (status, out) == (1, "")
    assert err.startswith("Error: no scenarios in definitions\nWrite one as scenarios/TEMPLATE/NAME.yaml")


def test_the_scenarios_of_a_broken_template_are_not_run_and_its_mistake_is_told_once(
    office: Path, run: Run
) -> None:
    write(office, GOOD)
    write(office, GOOD, "nog-een")
    template = office / "workflows" / "btw-aangifte.yaml"
    template.write_text(template.read_text("utf-8").replace("id: opstellen", "id: maken"), "utf-8")
    status, out, err = run()
    assert status == 1
    assert "scenarios/" not in out
    assert err == "0 scenarios, none failed, 2 not run because of errors\n"


def test_a_scenario_with_a_mistake_keeps_no_other_from_running(office: Path, run: Run) -> None:
    write(office, GOOD)
    write(office, f"{HEAD}  - reach: opstelen\n", "fout")
    status, out, err = run()
    assert status == 1
    assert "fout.yaml:4:12: error[K851]: unknown phase 'opstelen'" in out
    assert err == "1 scenario, none failed, 1 not run because of errors\n"


def test_a_scenario_of_a_period_that_its_template_lacks_is_told_at_the_period_and_not_run(
    office: Path, run: Run
) -> None:
    write(office, WRONG.replace("2027-01\n", "2027-H1\n", 1), "halfjaar")
    status, out, _ = run()
    assert status == 1
    assert out.count("error[") == 1
    assert "halfjaar.yaml:2:9: error[K853]: expected a period of the kind 'month', 'quarter' or 'year'" in out


def test_coverage_is_a_table_with_what_is_not_reached_and_too_little_fails(office: Path, run: Run) -> None:
    write(office, GOOD)
    status, out, err = run("--coverage")
    assert status == 0
    header, row, *rest = out.splitlines()
    assert header.split()[:3] == ["template", "phases", "checkpoints"]
    assert row.split()[:3] == ["btw-aangifte", "1/4", "0/1"]
    assert "btw-aangifte, not reached:" in rest
    assert "  phases: aanbieden" in rest
    status, out, err = run("--fail-under", "90")
    assert (status, out) == (1, "")
    assert "btw-aangifte: 7 % is reached, less than 90 %" in err
    assert run("--fail-under", "5")[0] == 0
    status, out, err = run("--coverage", "--format", "json")
    told = json.loads(out)
    assert told["diagnostics"] == []
    (data,) = (one for one in told["coverage"] if one["template"] == "btw-aangifte")
    assert data["percent"] < 100
    assert data["parts"]["phases"]["reached"] <= data["parts"]["phases"]["all"]
    assert all(one["kind"] in data["parts"] and one["name"] for one in data["missing"])
    assert "reached" not in err


def test_of_a_template_without_scenarios_nothing_is_reached(office: Path, run: Run) -> None:
    write(office, GOOD)
    folder = office / "workflows"
    text = (folder / "btw-aangifte.yaml").read_text("utf-8")
    (folder / "zonder.yaml").write_text(text.replace("title: ", "title: Zonder ", 1), "utf-8")
    status, out, err = run("--coverage", "--fail-under", "5")
    assert status == 1
    assert [line.split()[-2:] for line in out.splitlines()[1:3]] == [["7", "%"], ["0", "%"]]
    assert out.splitlines()[-1] == "zonder: no scenario reaches anything of it"
    assert err.splitlines()[1:] == ["zonder: 0 % is reached, less than 5 %"]
    assert "zonder" not in run("--coverage", "-k", "akkoord")[1], "it is not asked about"


def test_each_example_of_what_only_a_run_shows_gives_its_code(office: Path, run: Run) -> None:
    for code in all_codes().values():
        if code.by == "test":
            write(office, str(code.wrong.text))
            assert f"error[{code.id}]" in run()[1]
            write(office, str(code.right.text))
            assert run()[0] == 0
