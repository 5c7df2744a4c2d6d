"""The command `fmt`: what it writes, shows and refuses."""

import io
import shutil
from pathlib import Path

import pytest

from kantoor.cli.main import execute

ROOT = Path(__file__).parents[2]
UNTIDY = "fallback:   'accountant'\ntitle: \"Fiscalist\"   # titel\n"
SCHEMA = "# yaml-language-server: $schema=../../schemas/role.schema.json\n"
TIDY = f"{SCHEMA}{'title: Fiscalist':42}# titel\nfallback: accountant\n"


@pytest.fixture
def role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A role in an untidy layout, in a copy of some shipped definitions below the current folder.

    The layout of all that is shipped is judged in tests/compiler/test_format.py.
    """
    for folder in ("roles", "products", "law"):
        shutil.copytree(ROOT / "definitions" / folder, tmp_path / "definitions" / folder)
    for path in ("office.yaml", "workflows/btw-aangifte.yaml", "scenarios/suppletie/klein.yaml"):
        (tmp_path / "definitions" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "definitions" / path, tmp_path / "definitions" / path)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "definitions/roles/fiscaal.yaml"
    file.write_text(UNTIDY, "utf-8")
    return file


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    "words", [[], ["definitions"], ["definitions/roles"], ["definitions/roles/fiscaal.yaml"]]
)
def test_fmt_writes_what_is_not_in_canonical_layout(
    role: Path, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    before = contents(role.parents[1])
    assert execute(["fmt", *words]) == 0
    assert contents(role.parents[1]) == {**before, role: TIDY.encode()}
    out, err = capfd.readouterr()
    assert out == "definitions/roles/fiscaal.yaml\n"
    assert err.endswith(": 1 laid out\n")
    assert execute(["fmt", *words]) == 0
    assert capfd.readouterr().err.endswith("in canonical layout\n")


def test_files_get_the_comment_of_their_schema_where_the_office_has_it(role: Path) -> None:
    office = role.parents[1] / "office.yaml"
    story = role.parents[1] / "scenarios/suppletie/klein.yaml"
    text = office.read_text("utf-8")
    office.write_text(text.replace("$schema=../schemas", "$schema=https://kantoor.example/s"), "utf-8")
    bare = story.read_text("utf-8").partition("\n")[2]
    story.write_text(bare, "utf-8")
    assert execute(["fmt"]) == 0
    address = "# yaml-language-server: $schema=https://kantoor.example/s/scenario.schema.json\n"
    assert story.read_text("utf-8") == address + bare
    office.write_text(text.partition("\n")[2], "utf-8")
    story.write_text(bare, "utf-8")
    assert execute(["fmt"]) == 0
    assert story.read_text("utf-8") == bare


@pytest.mark.parametrize("name", ["definitions/roles/x.yaml", "roles/x.yaml"])
def test_standard_input_is_laid_out_on_standard_output(
    role: Path, name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def give(text: str, *words: str) -> int:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8"))
        return execute(["fmt", "-", *words])

    assert give(UNTIDY, "--as", name) == 0
    assert capfd.readouterr() == (TIDY, "")
    assert give(SCHEMA + UNTIDY) == 0
    assert capfd.readouterr() == (TIDY, "")
    assert give(UNTIDY, "--as", name, "--check") == 1
    assert capfd.readouterr().out == f"{name}: not in canonical layout\n"
    assert give(TIDY, "--as", name, "--check") == 0
    assert give("title: a: b\n", "--as", name) == 1
    assert f"{name}:1:9: error[K101]" in capfd.readouterr().out
    assert give(UNTIDY) == 2
    assert "--as workflows/x.yaml" in capfd.readouterr().err


@pytest.mark.parametrize("word", ["definitions", "definitions/scenarios", "definitions/scenarios/suppletie"])
def test_scenarios_are_laid_out_too(role: Path, word: str) -> None:
    role.write_text(TIDY, "utf-8")
    story = role.parents[1] / "scenarios/suppletie/klein.yaml"
    tidy = story.read_text("utf-8")
    story.write_text(tidy.replace("steps:", "steps:   # het verhaal\n"), "utf-8")
    assert execute(["fmt", word]) == 0
    assert story.read_text("utf-8") == tidy.replace("steps:", f"{'steps:':42}# het verhaal")


def test_check_names_what_would_change_and_writes_nothing(
    role: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = contents(role.parents[1])
    assert execute(["fmt", "--check"]) == 1
    assert capfd.readouterr().out == "definitions/roles/fiscaal.yaml: not in canonical layout\n"
    assert contents(role.parents[1]) == before
    assert execute(["fmt"]) == 0
    assert execute(["fmt", "--check"]) == 0


@pytest.mark.parametrize(("words", "status"), [(["--diff"], 0), (["--diff", "--check"], 1)])
def test_diff_shows_what_would_change_and_writes_nothing(
    role: Path, words: list[str], status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    before = contents(role.parents[1])
    assert execute(["fmt", *words]) == status
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "--- definitions/roles/fiscaal.yaml"
    assert [line for line in lines if line.startswith("+")][1:] == [f"+{line}" for line in TIDY.splitlines()]
    assert contents(role.parents[1]) == before


def test_when_one_file_cannot_be_laid_out_none_is_written(
    role: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (role.parent / "salaris.yaml").write_text("title: a: b\n", "utf-8")
    (role.parent / "accountant.yaml").write_text("title: &a Een\ndescription: *a\n", "utf-8")
    before = contents(role.parents[1])
    assert execute(["fmt"]) == 1
    out, err = capfd.readouterr()
    assert (
        "definitions/roles/accountant.yaml:1:8: error: an anchor (&name) is not kept by the layout\n" in out
    )
    assert "definitions/roles/salaris.yaml:1:9: error[K101]: " in out
    assert " 1 | title: a: b\n" in out
    assert err.endswith(": 2 cannot be laid out; nothing was written\n")
    assert contents(role.parents[1]) == before


def test_the_mode_of_a_file_and_a_link_to_it_stay(role: Path, tmp_path: Path) -> None:
    real = tmp_path / "fiscaal-elders.yaml"
    role.rename(real)
    real.chmod(0o640)
    role.symlink_to(real)
    assert execute(["fmt"]) == 0
    assert role.is_symlink()
    assert real.read_text("utf-8") == TIDY
    assert real.stat().st_mode & 0o777 == 0o640
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


@pytest.mark.parametrize("word", ["nergens", "leeg", "definitions/roles/x.yml", "README.md"])
def test_what_is_no_definition_is_wrong_use(
    role: Path, tmp_path: Path, word: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "leeg").mkdir()
    (tmp_path / "README.md").touch()
    (role.parent / "x.yml").touch()
    assert execute(["fmt", word]) == 2
    err = capfd.readouterr().err
    assert f"'{word}'" in err
    assert "definitions/office.yaml" in err
