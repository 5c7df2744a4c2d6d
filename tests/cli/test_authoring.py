"""The authoring commands: check, compile, show, schema, explain."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kantoor.cli.main import execute
from kantoor.compiler import compile_definitions
from kantoor.compiler.diagnostics import all_codes
from kantoor.plan import digest, load_plan

ROOT = Path(__file__).parents[2]


@pytest.fixture
def definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "definitions", tmp_path / "definitions")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "definitions"


def change(definitions: Path, old: str, new: str) -> None:
    file = definitions / "workflows/btw-aangifte.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_check_of_right_definitions_says_so_and_ends_with_0(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["check"]) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert err == f"{len(list(definitions.rglob('*.yaml')))} definitions, no errors\n"


def test_check_prints_each_mistake_and_ends_with_1(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    change(definitions, "role: fiscaal", "role: fiskaal")
    change(definitions, "every_days: 3", "every_days: drie")
    assert execute(["check", "definitions"]) == 1
    out, err = capfd.readouterr()
    first = [line for line in out.splitlines() if ": error[" in line]
    assert [line.partition(": error[")[2][:4] for line in first] == ["K122", "K201"]
    assert all(line.startswith("definitions/workflows/btw-aangifte.yaml:") for line in first)
    assert err.endswith("2 errors\n")


def test_a_warning_does_not_stop(definitions: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = definitions / "roles/salaris.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert execute(["check"]) == 0
    out, err = capfd.readouterr()
    assert "definitions/roles/salaris.yaml:1:1: warning[K105]: " in out
    assert err.endswith(", 1 warning\n")


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_check_prints_other_formats(definitions: Path, form: str, capfd: pytest.CaptureFixture[str]) -> None:
    change(definitions, "role: fiscaal", "role: fiskaal")
    assert execute(["check", "--format", form]) == 1
    assert "K201" in json.dumps(json.loads(capfd.readouterr().out))


@pytest.mark.parametrize(
    "words",
    [
        ["check", "nergens"],
        ["check", "--format", "xml"],
        ["compile"],
        ["show"],
        ["show", "aangifte-btw"],
        ["explain", "K999"],
    ],
)
def test_wrong_use_ends_with_2(
    definitions: Path, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(words) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert "Error: " in err


NO_FOLDER = "Give DIR, the folder with the definitions, or go to the repository that holds it first.\n"


@pytest.mark.parametrize("words", [["check"], ["compile", "--out", "x"], ["show", "x"], ["deploy"]])
def test_without_definitions_in_sight_it_is_said_where_to_go(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KANTOOR_HOME", raising=False)
    assert execute(words) == 2
    assert capfd.readouterr() == ("", f"Error: no such folder: 'definitions'\n{NO_FOLDER}")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "bestand").touch()
    assert execute([*words, "bestand"]) == 2
    assert "Directory 'bestand' is a file." in capfd.readouterr().err


@pytest.mark.parametrize(
    ("template", "near"), [("subsidie", ""), ("btw-aangfite", "; did you mean 'btw-aangifte'?")]
)
def test_show_of_an_unknown_template_lists_the_known_ones(
    definitions: Path, template: str, near: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (definitions / "workflows/zelf-gemaakt.yaml").write_text("title: [\n")
    known = ", ".join(sorted(file.stem for file in (definitions / "workflows").glob("*.yaml")))
    assert execute(["show", template]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err == (
        f"Error: there is no template '{template}' in definitions{near}\nKnown templates: {known}.\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("offer.chse", "unknown name 'offer.chse'; did you mean 'offer.chase'?"),
        ("chse", "unknown name 'chse'; did you mean 'chase'?"),
        (
            "workflow.phases.offer.chase.remnd",
            "unknown name 'workflow.phases.offer.chase.remnd';"
            " did you mean 'workflow.phases.offer.chase.remind'?",
        ),
        ("k100", "unknown code K100"),
        ("zzzz", "unknown name 'zzzz'"),
        ("filing.lnik", "unknown name 'filing.lnik'; did you mean 'filing.link'?"),
        ("relation.nmae", "unknown name 'relation.nmae'; did you mean 'relation.name'?"),
        ("togehter", "unknown name 'togehter'; did you mean 'together'?"),
    ],
)
def test_explain_of_what_is_not_there_says_what_is_near_and_how_to_find_it(
    name: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["explain", name]) == 2
    next_step = "kantoor explain lists what can be explained; docs/language.md has every key."
    assert capfd.readouterr() == ("", f"Error: {said}\n{next_step}\n")


def test_explain_alone_lists_every_code_and_construct_and_the_variables(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert execute(["explain"]) == 0
    codes, constructs, rest = capfd.readouterr().out.split("\n\n")
    assert [line.split("  ")[0] for line in codes.splitlines()] == list(all_codes())
    assert codes.splitlines()[0] == "K101  invalid YAML (error)"
    assert [line.split()[0] for line in constructs.splitlines()][:2] == ["Constructs:", "phase"]
    assert rest.startswith("Variables: relation, product, ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wait", "wait: wait for a notice of an authority, another filing, or a date"),
        ("filing.link", "filing.link (text)\n"),
        ("relation", "relation: the client that the filing is for"),
        ("offer.chase", "workflow.phases.offer.chase\n"),
    ],
)
def test_explain_knows_constructs_variables_and_keys(
    name: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["explain", name]) == 0
    assert capfd.readouterr().out.startswith(said)


def test_check_of_an_empty_folder_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leeg").mkdir()
    assert execute(["check", "leeg"]) == 1
    assert capfd.readouterr().out.startswith("leeg:1:1: error[K112]: ")


def test_compile_writes_canonical_bytes_and_prints_the_digest(
    definitions: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["compile", "--out", "plans"]) == 0
    printed = dict(line.split() for line in capfd.readouterr().out.splitlines())
    assert set(printed) == {file.stem for file in (definitions / "workflows").glob("*.yaml")}
    for template, code in printed.items():
        data = (tmp_path / f"plans/{template}.plan.json").read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest(load_plan(data.decode())) == code
    assert (
        json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        == data
    )


def test_compile_gives_the_same_bytes_for_another_layout_in_another_folder(
    definitions: Path, tmp_path: Path
) -> None:
    execute(["compile", "--out", "een"])
    shutil.move(definitions, tmp_path / "elders")
    for file in (tmp_path / "elders").rglob("*.yaml"):
        file.write_text("# een opmerking\n\n" + file.read_text("utf-8") + "\n\n", "utf-8")
    execute(["compile", "elders", "--out", "twee"])
    name = "btw-aangifte.plan.json"
    assert (tmp_path / "een" / name).read_bytes() == (tmp_path / "twee" / name).read_bytes()


def test_compile_of_wrong_definitions_writes_nothing(
    definitions: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    change(definitions, "role: fiscaal", "role: fiskaal")
    assert execute(["compile", "--out", "plans"]) == 1
    assert not (tmp_path / "plans").exists()
    out, err = capfd.readouterr()
    assert out == ""
    assert "error[K201]" in err
    assert err.endswith("nothing was written\n")


def test_show_prints_the_plan_with_its_defaults_as_yaml(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["show", "btw-aangifte"]) == 0
    shown = YAML(typ="safe").load(capfd.readouterr().out)
    plan = compile_definitions(definitions).plans["btw-aangifte"]
    assert shown["when_closed"] == {"update_planner": True, "close_chat": True}
    assert load_plan(json.dumps(shown)) == plan
    assert shown["phases"][3]["block"]["on_behalf_of"] == "relatiebeheerder"


def test_show_of_a_template_with_mistakes_says_them(
    definitions: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    change(definitions, "role: fiscaal", "role: fiskaal")
    assert execute(["show", "btw-aangifte"]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "error[K201]" in err


def test_schema_prints_and_writes_the_same(
    definitions: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["schema"]) == 0
    printed = json.loads(capfd.readouterr().out)
    assert execute(["schema", "--out", "schemas"]) == 0
    written = {file.name: json.loads(file.read_text("utf-8")) for file in (tmp_path / "schemas").iterdir()}
    assert printed == written


def test_explain_prints_a_code(capfd: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", "K308"]) == 0
    assert capfd.readouterr().out.startswith("K308: document delivered without an offer")


def test_checking_imports_nothing_of_the_runtime() -> None:
    program = (
        "import sys; from kantoor.cli.main import execute; execute(['check', 'definitions']);"
        "sys.exit(any(name.split('.')[0] in ('temporalio', 'sqlalchemy', 'lxml') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, env=dict(os.environ), check=False
    )
    assert done.returncode == 0, done.stderr
