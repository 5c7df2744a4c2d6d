"""Of which revision deployed definitions are said to be, and whose."""

import subprocess
from pathlib import Path

from kantoor.service.releasing.git import author_of, revision_of


def git(folder: Path, *words: str) -> None:
    told = ("-c", "user.name=Ans", "-c", "user.email=ans@linde.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *told, *words], check=True, capture_output=True)


def test_definitions_are_of_the_revision_they_are_in_and_those_that_git_ignores_of_none(
    tmp_path: Path,
) -> None:
    ours, copied = tmp_path / "definitions", tmp_path / ".kantoor" / "edited"
    for folder in (ours, copied):
        folder.mkdir(parents=True)
        (folder / "office.yaml").write_text("name: De Linde\n")
    assert (revision_of(ours), author_of(ours)) == ("", "")
    (tmp_path / ".gitignore").write_text(".kantoor/\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    assert (len(revision_of(ours)), author_of(ours)) == (12, "Ans")
    assert (revision_of(copied), author_of(copied)) == ("", "")
    (ours / "office.yaml").write_text("name: De Eik\n")
    assert (revision_of(ours)[12:], author_of(ours)) == ("+", "Ans")
    (tmp_path / ".git" / "index").write_bytes(b"broken")  # so that git does not say what changed
    assert (revision_of(ours), author_of(ours)) == ("", "")
