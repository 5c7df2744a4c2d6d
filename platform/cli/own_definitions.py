"""Commands for an office's own definitions: a repository for them, and a newer kantoor's merged into it."""

import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ..compiler.language.kinds import OFFICE_FILE
from ..compiler.own.merging import Side
from ..compiler.own.repository import DEFINITIONS, list_repository
from ..compiler.own.shipped import ORIGIN, SHIPPED, Origin, read_origin, read_texts
from ..compiler.own.telling import tell_upgrade
from ..compiler.own.upgrading import Upgrade, keep_replaced, plan_upgrade, write_upgrade
from ..compiler.reports import FORMATS
from ..compiler.schemas import schemas, write_schemas
from ..compiler.workspace import Workspace
from ..suggest import ask_if_meant, nearest
from .definitions import definitions_folder
from .failures import NO, OUTSIDE, WRONG_USE, Failure


@click.command()
@click.argument("folder", metavar="[DIR]", default=Path(), type=click.Path(file_okay=False, path_type=Path))
def init(folder: Path) -> None:
    """Make an office's own repository in DIR: the definitions, and what checks and edits them.

    DIR, here by default, is made where it is missing and must be empty, .git aside. Within another repository
    nothing is added to that, and it says what to do for the checks to run.
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
    root = _run(git, folder, "rev-parse", "--show-toplevel")
    within = _run(git, folder, "rev-parse", "--show-prefix")
    if root and within:
        return _say_within(root, within.rstrip("/"))
    if root is None and _run(git, folder, "init", "--quiet", "--initial-branch", "main") is None:
        return "Git could not make a repository here: put the folder under version control yourself."
    if _run(git, folder, "add", ".") is None:
        return "Git could not take in the files: do so before you change anything, with git add."
    return 'The files are added to Git. Keep them as they came: git commit --message "Start from kantoor"'


def _say_within(root: str, folder: str) -> str:
    """Return what to say of a folder in another repository, whose hosts find no checks there."""
    return (
        f"It lies in the Git repository {root}, to which nothing is added. GitHub and GitLab look for their "
        "checks in its root alone.\n"
        "For a repository of its own: move the folder out of that one; git init and git add . in it.\n"
        f"To keep it there: move .github and .gitlab-ci.yml to {root}; their commands must run in {folder}."
    )


def _run(git: str, folder: Path, *words: str) -> str | None:
    """Return what Git says, None where it fails."""
    done = subprocess.run([git, *words], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None


def _go_to(folder: Path) -> str:
    return "" if folder.resolve() == Path.cwd() else f"cd {folder}, "


@click.command("upgrade-definitions")
@definitions_folder
@click.option("--apply", is_flag=True, help="Write what has no conflicts.")
@click.option(
    "--write-conflicts",
    is_flag=True,
    help="With --apply: write both versions into files in which they meet at a place.",
)
@click.option(
    "--prefer", type=click.Choice(["office", "kantoor"]), help="Whose version holds where both differ."
)
@click.option("--yes", is_flag=True, help="With --prefer kantoor: replace what the office changed itself.")
@click.option(
    "--only",
    metavar="FILE",
    multiple=True,
    help="Look at this file alone, such as roles/accountant.yaml; can be given more than once.",
)
@click.option(
    "--from",
    "newer",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The newer definitions; by default those of this kantoor.",
)
@click.pass_context
def upgrade_definitions(
    context: click.Context,
    folder: Path,
    apply: bool,
    write_conflicts: bool,
    prefer: Side | None,
    yes: bool,
    only: tuple[str, ...],
    newer: Path | None,
) -> None:
    """Merge a newer kantoor's definitions into DIR, and show what changes.

    It merges by meaning: keys of mappings and items by their id, not lines. Nothing is written without
    --apply. Where the office and kantoor changed the same thing in different ways, the file stays as it is:
    choose a side with --prefer, of all files or of one with --only, or have both written into the file with
    --write-conflicts and choose there. A file that one of the two removed needs --prefer. Where kantoor's
    version takes the place of the office's own it says of what, asks for --yes, and keeps what was there in
    .replaced.
    """
    if write_conflicts and not apply:
        raise Failure("--write-conflicts writes files", WRONG_USE, "Give --apply too.")
    origin = read_origin(folder)
    if origin is None:
        hint = f"Put those that they were copied from into {folder / ORIGIN}, and run this again."
        raise Failure(f"nothing says what the definitions in '{folder}' were made from", WRONG_USE, hint)
    theirs = Origin(version("kantoor"), read_texts(newer or SHIPPED))
    if OFFICE_FILE not in theirs.texts:
        hint = f"Name the folder that has {OFFICE_FILE}."
        raise Failure(f"there are no definitions in '{newer}'", WRONG_USE, hint)
    _refuse_unknown(only, {*origin.texts, *theirs.texts})
    upgrade = plan_upgrade(folder, origin, theirs, prefer, only)
    click.echo(tell_upgrade(upgrade, folder), nl=False)
    click.echo("".join(_find_new_mistakes(folder, upgrade, write_conflicts)), nl=False)
    refused = apply and upgrade.replacing and not yes
    if apply and not refused:
        kept = keep_replaced(folder, upgrade)
        if kept is not None:
            click.echo(f"what the office had is kept in {kept}", err=True)
        write_upgrade(folder, upgrade, with_conflicts=write_conflicts)
        _renew_schemas(folder)
    click.echo(_sum_up(upgrade, apply and not refused, write_conflicts), err=True)
    if refused:
        count = _count(len(upgrade.replacing), "file")
        hint = (
            "Give --yes too, or take them one by one with --only; what the office has is kept in .replaced."
        )
        raise Failure(f"in {count} something of the office's own would be replaced", NO, hint)
    context.exit(1 if upgrade.met or upgrade.unsettled else 0)


def _refuse_unknown(only: tuple[str, ...], known: Collection[str]) -> None:
    for path in only:
        if path not in known:
            near = nearest(path, known)
            meant = f"; {ask_if_meant(path, near)}" if near else ""
            hint = "Name it by its path in the definitions, such as roles/accountant.yaml."
            raise Failure(f"kantoor has and had no file '{path}'{meant}", WRONG_USE, hint)


def _find_new_mistakes(folder: Path, upgrade: Upgrade, with_conflicts: bool) -> Iterator[str]:
    """Yield what check says of the definitions as they become, and did not say before."""
    result = upgrade.result(with_conflicts=with_conflicts)
    if result == upgrade.ours:
        return
    with TemporaryDirectory(prefix="kantoor-upgrade-") as temporary:
        workspace = Workspace(Path(temporary))
        _lay_out(upgrade.ours, workspace.folder)
        before = workspace.compile()
        _lay_out(result, workspace.folder)
        for path in upgrade.ours.keys() - result.keys():
            (workspace.folder / path).unlink()
        after = replace(workspace.compile(), folder=folder)
    known = {(found.code.id, found.span.path, found.message) for found in before.diagnostics}
    new = [d for d in after.diagnostics if (d.code.id, d.span.path, d.message) not in known]
    if new:
        yield "\nAfter this, kantoor check says:\n\n"
        yield FORMATS["text"](replace(after, diagnostics=tuple(new)))


def _lay_out(texts: Mapping[str, bytes], folder: Path) -> None:
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)


def _renew_schemas(folder: Path) -> None:
    """Write the schemas beside the definitions again, where they are."""
    beside = folder.resolve().parent / "schemas"
    if all((beside / name).is_file() for name in schemas()):
        write_schemas(beside)


def _sum_up(upgrade: Upgrade, apply: bool, write_conflicts: bool) -> str:
    if not upgrade.files:
        of = "" if upgrade.unsettled else f": these definitions have all of kantoor {upgrade.newer.version}"
        return f"nothing is newer{of}"
    removed = sum(file.state == "removed" for file in upgrade.files)
    written = sum(file.state not in ("met", "same", "kept", "removed") for file in upgrade.files)
    counts = [f"{_count(written, 'file')} {'written' if apply else 'would change'}"]
    if removed:
        counts.append(f"{_count(removed, 'file')} {'removed' if apply else 'would go'}")
    both = sum(file.marked is not None for file in upgrade.met) if write_conflicts else 0
    if both:
        counts.append(f"{_count(both, 'file')} with conflicts (both versions written)")
    if len(upgrade.met) > both:
        how = "left alone" if apply else "would stay"
        counts.append(f"{_count(len(upgrade.met) - both, 'file')} with conflicts ({how})")
    next_step = "" if apply else "; nothing was written: --apply does"
    return f"from kantoor {upgrade.origin.version} to {upgrade.newer.version}: {', '.join(counts)}{next_step}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


commands: list[click.Command] = [init, upgrade_definitions]
