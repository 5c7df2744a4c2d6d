"""The commands for an office's own definitions: `init`, which makes the repository that they live in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kantoor.cli.main import execute
from kantoor.compiler.own.shipped import read_origin, read_texts

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_DIR", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def ask_git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True, text=True).stdout


def find_steps(folder: Path) -> list[list[str]]:
    """Return the commands of kantoor that the checks of GitHub and GitLab run."""
    github = YAML(typ="safe").load((folder / ".github/workflows/definitions.yaml").read_text("utf-8"))
    gitlab = YAML(typ="safe").load((folder / ".gitlab-ci.yml").read_text("utf-8"))
    runs = [step.get("run", "") for step in github["jobs"]["check"]["steps"]]
    return [run.split()[1:] for run in runs + gitlab["definitions"]["script"] if run.startswith("kantoor ")]


def test_init_makes_a_repository_that_passes_its_own_checks(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert execute(["init", "kantoor"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert "cd kantoor, put your office into definitions/office.yaml, then kantoor check\n" in out
    monkeypatch.chdir(here / "kantoor")
    steps = find_steps(here / "kantoor")
    assert ["fmt", "--check", "--diff"] in steps
    assert ["check", "--format", "github"] in steps
    for words in steps:
        assert execute(words) == 0, words
    assert capfd.readouterr().out == ""


def test_the_schema_that_each_definition_names_is_there(here: Path) -> None:
    assert execute(["init", "."]) == 0
    for file in (here / "definitions").glob("[a-z]*/*.yaml"):
        named = file.read_text("utf-8").split("$schema=")[1].split("\n")[0]
        assert (file.parent / named).is_file(), file


def test_what_the_definitions_were_made_from_is_kept_beside_them(here: Path) -> None:
    assert execute(["init"]) == 0
    origin = read_origin(here / "definitions")
    assert origin is not None
    shipped = read_texts(ROOT / "definitions")
    assert origin.texts == read_texts(here / "definitions") == shipped
    assert origin.version != "unknown"


def test_the_files_for_github_and_gitlab_keep_their_schemas(here: Path) -> None:
    assert execute(["init"]) == 0
    for schema, file in (
        ("vendor.github-workflows", ".github/workflows/definitions.yaml"),
        ("vendor.gitlab-ci", ".gitlab-ci.yml"),
    ):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file]
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_git_has_every_file_and_nothing_is_committed(here: Path) -> None:
    assert execute(["init", "kantoor"]) == 0
    files = {file.relative_to(here / "kantoor").as_posix() for file in (here / "kantoor").rglob("*")}
    added = set(ask_git(here / "kantoor", "ls-files").split())
    assert {name for name in files if (here / "kantoor" / name).is_file() and ".git/" not in name} == added
    assert ask_git(here / "kantoor", "status", "--porcelain", "--ignored").count("\nA ") == len(added) - 1


def test_a_repository_of_git_that_is_there_is_used(here: Path) -> None:
    ask_git(here, "init", "--quiet")
    assert execute(["init"]) == 0
    (here / "ander").mkdir()
    assert execute(["init", "ander"]) == 0
    assert not (here / "ander/.git").exists()
    assert "ander/README.md" in ask_git(here, "ls-files").split()


def test_git_is_not_needed(here: Path) -> None:
    (here / "bin").mkdir()
    environment = {**os.environ, "PATH": str(here / "bin"), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "kantoor.cli", "init", "kantoor"]
    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Git was not found" in done.stdout
    assert not (here / "kantoor/.git").exists()
    assert (here / "kantoor/definitions/office.yaml").is_file()


def test_a_folder_that_is_not_empty_is_left_alone(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "notities.txt").touch()
    assert execute(["init"]) == 2
    err = capfd.readouterr().err
    assert err.startswith(
        "Error: the folder '.' is not empty: notities.txt\nName a new folder: kantoor init DIR."
    )
    assert [file.name for file in here.iterdir()] == ["notities.txt"]


def test_when_a_file_cannot_be_written_none_stays(here: Path) -> None:
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000));"
    program = f"{limit} import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    program += "from kantoor.cli.main import execute; sys.exit(execute(['init', 'vol']))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr == "Error: cannot write the files: File too large; nothing was made\n"
    assert not (here / "vol").exists()
