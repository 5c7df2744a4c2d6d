"""The commands for an office's own definitions: `init`, which makes the repository that they live in."""

import os
import re
import shutil
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
    assert "README.md" in ask_git(here, "ls-files").split()


def test_nothing_is_added_to_a_repository_around_it(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ask_git(here, "init", "--quiet")
    assert execute(["init", "werk/ander"]) == 0
    assert ask_git(here, "ls-files") == ""
    assert not (here / "werk/ander/.git").exists()
    said = " ".join(capfd.readouterr().out.split())
    assert f"It lies in the Git repository {here}, to which nothing is added" in said
    assert "their commands must run in werk/ander." in said
    assert "added to Git." not in said


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


VAT = "workflows/btw-aangifte.yaml"


class Newer:
    """An office's repository, and a folder with the definitions of a newer kantoor."""

    def __init__(self, folder: Path) -> None:
        self.ours, self.theirs = folder / "kantoor/definitions", folder / "newer"

    def change(self, side: str, path: str, old: str, new: str) -> None:
        """Change one text of a file of the office (`ours`) or of the newer kantoor (`theirs`)."""
        file = getattr(self, side) / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new), "utf-8")

    def upgrade(self, *words: str) -> int:
        """Run the command on the office's definitions."""
        return execute(["upgrade-definitions", "kantoor/definitions", "--from", "newer", *words])

    def read(self, path: str) -> str:
        """Return a file of the office."""
        return (self.ours / path).read_text("utf-8")


@pytest.fixture
def newer(here: Path, capfd: pytest.CaptureFixture[str]) -> Newer:
    assert execute(["init", "kantoor"]) == 0
    shutil.copytree(ROOT / "definitions", here / "newer")
    capfd.readouterr()
    return Newer(here)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def meet(newer: Newer) -> None:
    """Have both sides change one date of the VAT return, and kantoor another thing in it and in a role."""
    newer.change(
        "ours",
        VAT,
        "{ before: deadlines.aangifte, workdays: 7 }",
        "{ before: deadlines.aangifte, workdays: 6 }",
    )
    newer.change(
        "theirs",
        VAT,
        "{ before: deadlines.aangifte, workdays: 7 }",
        "{ before: deadlines.aangifte, workdays: 8 }",
    )
    newer.change("theirs", VAT, "title: Afronden", "title: Afsluiten")
    newer.change("theirs", "roles/accountant.yaml", "title: Accountant", "title: Assuranceprofessional")


def test_when_nothing_is_newer_nothing_is_written(newer: Newer, capfd: pytest.CaptureFixture[str]) -> None:
    newer.change("ours", "office.yaml", "De Linde", "De Eik")
    before = contents(newer.ours)
    assert newer.upgrade("--apply") == 0
    assert capfd.readouterr().out == ""
    assert contents(newer.ours) == before


def test_what_would_change_is_shown_and_nothing_is_written(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    newer.change("ours", "office.yaml", "De Linde", "De Eik")
    newer.change("ours", "roles/salaris.yaml", "title: S", "title: De s")
    newer.change("theirs", "office.yaml", "opening_hour: 8", "opening_hour: 9")
    (newer.theirs / "roles/stagiair.yaml").write_text("title: Stagiair\n", "utf-8")
    before = contents(newer.ours.parent)
    assert newer.upgrade() == 0
    out, err = capfd.readouterr()
    assert (
        "kantoor/definitions/office.yaml: merged\n  kantoor: opening_hour changed\n  office:  name changed\n"
        in out
    )
    assert "kantoor/definitions/roles/stagiair.yaml: new\n" in out
    own = "What only the office changed, and kantoor did not:\n  kantoor/definitions/roles/salaris.yaml: "
    assert f"{own}title changed\n" in out
    assert err.endswith(": 2 files would change; nothing was written: --apply does\n")
    assert contents(newer.ours.parent) == before


def test_apply_merges_and_the_next_run_has_nothing_to_do(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    newer.change("ours", VAT, "title: Controle\n", "title: Controle door een ander   # van ons\n")
    newer.change("theirs", VAT, "title: Afronden", "title: Afsluiten")
    newer.change("theirs", "roles/fiscaal.yaml", "title: F", "title: De f")
    (newer.theirs / "messages/btw-klant-zwijgt.yaml").unlink()
    (newer.theirs / "roles/stagiair.yaml").write_text("title: Stagiair\n", "utf-8")
    assert newer.upgrade("--apply") == 0
    assert f"{'    title: Controle door een ander':42}# van ons\n" in newer.read(VAT)
    assert "title: Afsluiten\n" in newer.read(VAT)
    assert not (newer.ours / "messages/btw-klant-zwijgt.yaml").exists()
    assert (newer.ours / "roles/stagiair.yaml").stat().st_mode & 0o044 == 0o044
    origin = read_origin(newer.ours)
    assert origin is not None
    assert origin.texts == read_texts(newer.theirs)
    assert (
        "After this, kantoor check says:" in capfd.readouterr().out
    )  # a template uses the message that is gone
    before = contents(newer.ours)
    assert newer.upgrade("--apply") == 0
    assert capfd.readouterr().out == ""
    assert contents(newer.ours) == before


def test_a_conflict_is_shown_at_its_place_and_its_file_stays_until_it_is_settled(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    meet(newer)
    before = newer.read(VAT)
    line = before[: before.index("workdays: 6")].count("\n") + 1
    assert newer.upgrade("--apply") == 1
    out, err = capfd.readouterr()
    assert (
        f"kantoor/definitions/{VAT}:{line}:5: conflict: phases.controle.due was changed here and by kantoor\n"
        in out
    )
    assert "  office:\n    due: { before: deadlines.aangifte, workdays: 6 }\n" in out
    assert "  kantoor:\n    due: { before: deadlines.aangifte, workdays: 8 }\n" in out
    assert "  before:\n    due: { before: deadlines.aangifte, workdays: 7 }\n" in out
    assert err.endswith(": 1 file written, 1 file with conflicts (left alone)\n")
    assert newer.read(VAT) == before
    assert "Assuranceprofessional" in newer.read("roles/accountant.yaml")
    assert newer.upgrade("--apply") == 1
    newer.change("ours", VAT, "workdays: 6 }", "workdays: 8 }")
    assert newer.upgrade("--apply") == 0
    assert "title: Afsluiten\n" in newer.read(VAT)


def test_write_conflicts_writes_both_versions_and_check_says_where(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    meet(newer)
    (newer.ours / "messages/icp-stukken.yaml").unlink()
    newer.change("theirs", "messages/icp-stukken.yaml", "title: ", "title: De ")
    (newer.theirs / "roles/salaris.yaml").unlink()
    assert newer.upgrade("--write-conflicts") == 2
    assert newer.upgrade("--apply", "--write-conflicts") == 1
    out, err = capfd.readouterr()
    assert "error[K115]" in out
    assert err.endswith(
        ": 1 file written, 1 file removed, 1 file with conflicts (both versions written), "
        "1 file with conflicts (left alone)\n"
    )
    assert not (newer.ours / "messages/icp-stukken.yaml").exists()
    text = newer.read(VAT)
    begin = text.index("<<<<<<< office\n")
    assert text[begin : text.index(">>>>>>> kantoor\n")] == (
        "<<<<<<< office\n    due: { before: deadlines.aangifte, workdays: 6 }\n"
        "=======\n    due: { before: deadlines.aangifte, workdays: 8 }\n"
    )
    assert "title: Afsluiten\n" in text
    capfd.readouterr()
    assert execute(["check", "kantoor/definitions"]) == 1
    assert "error[K115]" in capfd.readouterr().out
    assert newer.upgrade("--apply", "--prefer", "office", "--only", "messages/icp-stukken.yaml") == 1
    out, err = capfd.readouterr()
    assert f"kantoor/definitions/{VAT}: both versions are in it since an earlier run\n" in out
    assert err.endswith(": 0 files written\n")
    assert newer.upgrade() == 1
    assert capfd.readouterr().err == "nothing is newer\n"
    (newer.ours / VAT).write_text(re.sub("<<<<<<<.*\n|(?s:=======.*>>>>>>> kantoor\n)", "", text), "utf-8")
    assert newer.upgrade() == 0


def test_a_file_or_folder_that_is_not_there_changes_nothing(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    before = contents(newer.ours)
    assert newer.upgrade("--apply", "--only", "messages/icp-stuken.yaml") == 2
    assert "no file 'messages/icp-stuken.yaml'; did you mean 'messages/icp-stukken.yaml'?" in (
        capfd.readouterr().err
    )
    assert execute(["upgrade-definitions", "kantoor/definitions", "--from", "kantoor", "--apply"]) == 2
    assert capfd.readouterr().err.startswith("Error: there are no definitions in 'kantoor'\n")
    assert contents(newer.ours) == before


def meet_everywhere(newer: Newer) -> None:
    """Let both change the same thing, and each remove a file that the other changed."""
    meet(newer)
    newer.change("ours", "messages/btw-stukken.yaml", "Stukken voor", "De stukken voor")
    (newer.theirs / "messages/btw-stukken.yaml").unlink()
    (newer.ours / "messages/icp-stukken.yaml").unlink()
    newer.change("theirs", "messages/icp-stukken.yaml", "title: ", "title: De ")


@pytest.mark.parametrize(("side", "days", "more"), [("office", 6, ()), ("kantoor", 8, ("--yes",))])
def test_a_side_that_is_preferred_settles_every_conflict(
    newer: Newer, side: str, days: int, more: tuple[str, ...]
) -> None:
    meet_everywhere(newer)
    assert newer.upgrade("--apply") == 1
    assert newer.upgrade("--apply", "--prefer", side, *more) == 0
    assert f"workdays: {days} }}\n    reviews" in newer.read(VAT)
    assert "title: Afsluiten\n" in newer.read(VAT)
    assert (newer.ours / "messages/btw-stukken.yaml").exists() == (side == "office")
    assert (newer.ours / "messages/icp-stukken.yaml").exists() == (side == "kantoor")
    assert newer.upgrade() == 0


def test_what_kantoor_replaces_is_told_first_and_needs_a_yes(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    meet_everywhere(newer)
    before = contents(newer.ours)
    assert newer.upgrade("--apply", "--prefer", "kantoor") == 1
    out, err = capfd.readouterr()
    assert contents(newer.ours) == before
    assert ": replaced by kantoor's: phases.controle.due was changed here and by kantoor\n" in out
    assert "  office:\n    due: { before: deadlines.aangifte, workdays: 6 }\n" in out
    assert (
        "messages/btw-stukken.yaml: replaced: kantoor removed this file, and the office changed it; "
        "it is removed\n"
    ) in out
    assert "messages/icp-stukken.yaml: replaced: the office removed this file, and kantoor changed it" in out
    assert "nothing was written" in err
    assert "Error: in 3 files something of the office's own would be replaced\nGive --yes too" in err


def test_what_kantoor_replaced_is_kept_as_the_office_had_it_and_a_second_time_beside_it(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    meet_everywhere(newer)
    before = contents(newer.ours)
    assert newer.upgrade("--apply", "--prefer", "kantoor", "--yes", "--only", VAT) == 0
    assert "what the office had is kept in kantoor/definitions/.replaced/1\n" in capfd.readouterr().err
    assert newer.upgrade("--apply", "--prefer", "kantoor", "--yes") == 0
    after = contents(newer.ours)
    kept = {name: text for name, text in after.items() if name.startswith(".replaced/")}
    gone = "messages/btw-stukken.yaml"
    assert kept == {f".replaced/1/{VAT}": before[VAT], f".replaced/2/{gone}": before[gone]}


def test_where_nothing_of_the_office_is_replaced_no_yes_is_asked(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    newer.change("ours", VAT, "title: Controle\n", "title: Controle door een ander\n")
    newer.change("theirs", VAT, "title: Afronden", "title: Afsluiten")
    assert newer.upgrade("--apply", "--prefer", "kantoor") == 0
    assert "Controle door een ander" in newer.read(VAT)
    assert not (newer.ours / ".replaced").exists()
    assert "is kept in" not in capfd.readouterr().err


def test_a_file_that_cannot_be_read_is_left_as_it_is(newer: Newer, capfd: pytest.CaptureFixture[str]) -> None:
    newer.change("ours", VAT, "title: Aangifte btw\n", "title: Aangifte: btw\n")
    newer.change("theirs", VAT, "title: Afronden", "title: Afsluiten")
    before = newer.read(VAT)
    assert newer.upgrade("--apply") == 1
    out = capfd.readouterr().out
    assert f"kantoor/definitions/{VAT}: it cannot be merged: invalid YAML: " in out
    assert newer.read(VAT) == before


def test_files_that_are_equal_are_counted_and_not_listed(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    for side in ("ours", "theirs"):
        newer.change(side, "office.yaml", "opening_hour: 8", "opening_hour: 9")
    newer.change("theirs", VAT, "title: Afronden", "title: Afsluiten")
    assert newer.upgrade() == 0
    out = capfd.readouterr().out
    assert "office.yaml" not in out
    assert f"{VAT}: becomes kantoor's\n" in out
    assert out.endswith("1 file is like kantoor's already\n")


def test_an_upgrade_that_was_cut_off_is_ended_by_the_next_run(newer: Newer) -> None:
    newer.change("ours", VAT, "title: Controle\n", "title: Controle door een ander\n")
    newer.change("theirs", VAT, "title: Afronden", "title: Afsluiten")
    newer.change("theirs", "office.yaml", "opening_hour: 8", "opening_hour: 9")
    origin = {name: text for name, text in contents(newer.ours).items() if name.startswith(".defaults/")}
    assert newer.upgrade("--apply") == 0
    whole = contents(newer.ours)
    for name, text in origin.items():  # the files were written, and what they were made from was not
        (newer.ours / name).write_bytes(text)
    assert newer.upgrade("--apply") == 0
    assert contents(newer.ours) == whole


def test_without_a_record_of_the_defaults_it_is_said_what_to_do(
    newer: Newer, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(newer.ours / ".defaults")
    assert newer.upgrade() == 2
    assert capfd.readouterr().err == (
        "Error: nothing says what the definitions in 'kantoor/definitions' were made from\n"
        "Put those that they were copied from into kantoor/definitions/.defaults, and run this again.\n"
    )


def test_the_schemas_beside_the_definitions_are_renewed(newer: Newer) -> None:
    schema = newer.ours.parent / "schemas/role.schema.json"
    whole = schema.read_text("utf-8")
    schema.write_text("{}")
    newer.change("theirs", "office.yaml", "opening_hour: 8", "opening_hour: 9")
    assert newer.upgrade("--apply") == 0
    assert schema.read_text("utf-8") == whole
