"""The authoring commands: check, compile, show, schema, explain."""

import hashlib
import io
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
from kantoor.compiler.examples import Example, lay_out
from kantoor.plan import digest, load_plan

ROOT = Path(__file__).parents[2]


@pytest.fixture
def definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "definitions", tmp_path / "definitions")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "definitions"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small office: for what hangs on streams and not on what is defined."""
    lay_out(Example("title: Aangifte btw\n"), tmp_path / "definitions")
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
    err = capfd.readouterr().err
    assert err.startswith("Error: 'bestand' is ")
    assert "Give DIR, the folder with the definitions" in err


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


def run_kantoor(
    *words: str, cwd: Path, input: bytes | None = None, encoding: str = "utf-8", closed: str = ""
) -> subprocess.CompletedProcess[bytes]:
    """Run the real command, with another encoding of its output or with some of its streams closed."""
    command = [sys.executable, "-m", "kantoor.cli", *words]
    if closed:
        command = ["sh", "-c", f'exec "$@" {closed}', "sh", *command]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(command, cwd=cwd, input=input, capture_output=True, env=environment, check=False)


ENCODINGS = [("text", name) for name in ("cp1252", "latin-1", "ascii:strict", "utf-8")]


@pytest.mark.parametrize(
    ("form", "encoding"), [*ENCODINGS, ("json", "ascii"), ("github", "ascii"), ("sarif", "cp1252")]
)
def test_diagnostics_come_in_any_encoding_with_what_it_lacks_replaced(
    small: Path, form: str, encoding: str
) -> None:
    (small / "roles/accountant.yaml").write_text("title: A\nfallback: é Ω 中 accountant\n", "utf-8")
    done = run_kantoor("check", "--format", form, cwd=small.parent, encoding=encoding)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert done.stderr.decode().endswith("1 error\n")
    shown = done.stdout.decode(encoding.partition(":")[0])
    assert "K201" in shown
    if form in ("json", "sarif"):
        assert "é Ω 中 accountant" in json.dumps(json.loads(shown), ensure_ascii=False)
    else:
        assert "accountant" in shown
        assert ("Ω 中" if encoding == "utf-8" else "? ?") in shown


@pytest.mark.parametrize(("closed", "said"), [(">&-", True), (">&- 2>&-", False), ("<&- >&-", True)])
def test_with_standard_output_closed_the_diagnostics_come_on_standard_error(
    small: Path, closed: str, said: bool
) -> None:
    change(small, "role: accountant\n    reviews", "role: akkountant\n    reviews")
    done = run_kantoor("check", cwd=small.parent, closed=closed)
    assert done.returncode == 1
    assert done.stdout == b""
    assert (b"error[K201]" in done.stderr) == said
    assert b"Traceback" not in done.stderr


def test_check_of_a_file_says_what_is_wrong_with_it_alone(
    definitions: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    change(definitions, "every_days: 3", "every_days: drie")
    monkeypatch.chdir(definitions.parent)
    assert execute(["check", "definitions/roles/fiscaal.yaml"]) == 0
    assert capfd.readouterr() == ("", "1 definition, no errors\n")
    monkeypatch.chdir(definitions / "workflows")
    assert execute(["check", "btw-aangifte.yaml"]) == 1
    out, err = capfd.readouterr()
    assert out.startswith("btw-aangifte.yaml:")
    assert (out.count("error["), err) == (1, "1 definition, 1 error\n")


def test_check_of_standard_input_takes_it_in_place_of_the_file(small: Path) -> None:
    text = (small / "workflows/btw-aangifte.yaml").read_bytes()
    wrong = text.replace(b"role: accountant\n    reviews", b"role: akkountant\n    reviews")
    for path in ("workflows/btw-aangifte.yaml", "definitions/workflows/btw-aangifte.yaml"):
        done = run_kantoor("check", "-", "--as", path, cwd=small.parent, input=wrong)
        assert done.returncode == 1
        assert done.stdout.startswith(b"definitions/workflows/btw-aangifte.yaml:")
        assert b"error[K201]: unknown role 'akkountant'" in done.stdout
        assert done.stderr == b"1 definition, 1 error\n"
    done = run_kantoor("check", "definitions", "-", "--as", path, cwd=small.parent, input=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"1 definition, no errors\n")


def give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Put bytes on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_what_is_wrong_in_other_files_is_not_said_of_standard_input(
    definitions: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    give(monkeypatch, (definitions / "roles/fiscaal.yaml").read_bytes())
    change(definitions, "every_days: 3", "every_days: drie")
    assert execute(["check", "-", "--as", "roles/fiscaal.yaml"]) == 0
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("name", ["office.yaml", "messages/btw-stukken.yaml", "workflows/suppletie.yaml"])
def test_the_kind_of_standard_input_follows_from_its_schema(
    definitions: Path, name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (definitions / name).read_bytes()
    give(monkeypatch, text)
    assert execute(["check", "-"]) == 0
    assert capfd.readouterr() == ("", "1 definition, no errors\n")
    give(monkeypatch, text + b"titel: x\n")
    assert execute(["check", "-"]) == 1
    assert "K120" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-"], "it has no comment with its $schema"),
        (["-", "--as", "rollen/x.yaml"], "'rollen/x.yaml' is not the path of a definition"),
        (["-", "--as", "roles/x.yml"], "'roles/x.yml' is not the path of a definition"),
        (["--as", "roles/x.yaml"], "--as says which file standard input is"),
        (["-", "een", "twee"], "expected at most one DIR or FILE, and at most one -"),
        (["-", "nergens"], "no such folder: 'nergens'"),
    ],
)
def test_a_file_that_cannot_be_named_is_wrong_use(
    small: Path,
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    give(monkeypatch, b"title: x\n")
    assert execute(["check", *words]) == 2
    out, err = capfd.readouterr()
    assert said in err
    assert err.count("\n") == 2
    assert out == ""


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_annotations_have_paths_from_the_root_of_the_repository(
    definitions: Path, form: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (definitions.parent / ".git").mkdir()
    change(definitions, "role: fiscaal", "role: fiskaal")
    for folder, argument in ((".", "definitions"), ("definitions", "."), ("definitions/roles", "..")):
        monkeypatch.chdir(definitions.parent / folder)
        assert execute(["check", argument, "--format", form]) == 1
        out = capfd.readouterr().out
        mark = "file={}," if form == "github" else '"uri": "{}"'
        assert mark.format("definitions/workflows/btw-aangifte.yaml") in out


def test_compile_removes_the_plans_of_templates_that_are_gone_and_nothing_else(
    definitions: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["compile", "--out", "plans"]) == 0
    (tmp_path / "plans/eigen.plan.json").write_text('{"van": "een ander"}')
    (tmp_path / "plans/kapot.plan.json").write_bytes(b"\xff{")
    (tmp_path / "plans/kopie.plan.json").write_bytes((tmp_path / "plans/suppletie.plan.json").read_bytes())
    (tmp_path / "plans/suppletie.txt").touch()
    before = {file.name for file in (tmp_path / "plans").iterdir()}
    change(definitions, "title: Aangifte btw\n", "title: Aangifte omzetbelasting\n")
    (definitions / "workflows/onboarding.yaml").unlink()
    shutil.rmtree(definitions / "scenarios/onboarding")
    shutil.rmtree(definitions / "policies")  # some name it
    capfd.readouterr()
    assert execute(["compile", "--out", "plans"]) == 0
    out, err = capfd.readouterr()
    assert "onboarding" not in out
    assert err.endswith("removed plans/onboarding.plan.json: there is no such template any more\n")
    assert before - {file.name for file in (tmp_path / "plans").iterdir()} == {"onboarding.plan.json"}
