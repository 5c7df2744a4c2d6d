"""Commands for an office's own definitions: a repository for them, and a newer kantoor's merged into it."""

import shutil
import subprocess
from pathlib import Path

import click

from ..compiler.own.repository import DEFINITIONS, list_repository
from .failures import OUTSIDE, WRONG_USE, Failure


@click.command()
@click.argument("folder", metavar="[DIR]", default=Path(), type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make an office's own repository in DIR: the definitions, and what checks and edits them.

    DIR, here by default, is made where it is missing and must be empty, .git aside.
    What the definitions were made from is kept in it, so that `kantoor upgrade-definitions` needs no network.
    """
    _refuse_unless_empty(folder)
    files = list_repository(with_test=_has_test())
    _write_all(folder, files)
    count = sum(name.startswith(f"{DEFINITIONS}/") and "/." not in name for name in files)
    click.echo(f"{folder.resolve()}: {count} definitions, schemas, README.md, checks for GitHub and GitLab")
    click.echo(_use_git(folder))
    click.echo(f"Next: {_go_to(folder)}put your office into definitions/office.yaml, then kantoor check")


def _refuse_unless_empty(folder: Path) -> None:
    if not folder.is_dir():
        return
    held = sorted(entry.name for entry in folder.iterdir() if entry.name != ".git")
    if held:
        shown = ", ".join(held[:3]) + (", …" if len(held) > 3 else "")
        hint = "Name a new folder: kantoor init DIR. What you have is renewed by kantoor upgrade-definitions."
        raise Failure(f"the folder '{folder}' is not empty: {shown}", WRONG_USE, hint)


def _has_test() -> bool:
    from .main import COMMANDS  # reads this module

    return any("test" in commands for commands in COMMANDS.values())


def _write_all(folder: Path, files: dict[str, bytes]) -> None:
    """Write new files, all or none."""
    made: list[Path] = []
    try:
        for name, content in files.items():
            file = folder / name
            missing = [above for above in file.parents if not above.exists()]
            file.parent.mkdir(parents=True, exist_ok=True)
            made += reversed(missing)
            with file.open("xb") as stream:
                made.append(file)
                stream.write(content)
    except OSError as error:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        sentence = f"cannot write {error.filename or 'the files'}: {error.strerror}; nothing was made"
        raise Failure(sentence, OUTSIDE) from error


def _use_git(folder: Path) -> str:
    """Put the files into a repository of Git where there is Git; return what to say of that."""
    git = shutil.which("git")
    if git is None:
        return "Git was not found: put the folder under version control before you change anything."
    inside = _run(git, folder, "rev-parse", "--is-inside-work-tree")
    if not inside and not _run(git, folder, "init", "--quiet", "--initial-branch", "main"):
        return "Git could not make a repository here: put the folder under version control yourself."
    if not _run(git, folder, "add", "."):
        return "Git could not take in the files: do so before you change anything, with git add."
    return 'The files are added to Git. Keep them as they came: git commit --message "Start from kantoor"'


def _run(git: str, folder: Path, *words: str) -> bool:
    done = subprocess.run([git, *words], cwd=folder, capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


def _go_to(folder: Path) -> str:
    return "" if folder.resolve() == Path.cwd() else f"cd {folder}, "


commands: list[click.Command] = [init]
