"""Definitions as a revision of Git has them, read from its objects: nothing is checked out.

What Git is asked is told by arguments alone, and what a revision holds is data: no file of it is run, and no
setting of it is read.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

_BLOB = "blob"
_LINK = "120000"
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


class RevisionError(Exception):
    """A revision cannot be read: what is wrong, and what to do about it.

    `outside` says whether Git itself failed; else what was asked for is not there.
    """

    def __init__(self, message: str, hint: str = "", *, outside: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.outside = outside


class _Entry(NamedTuple):
    mode: str
    kind: str
    object: str
    path: str


class Repository:
    """The Git repository that holds a folder."""

    def __init__(self, folder: Path, objects: dict[str, bytes] | None = None) -> None:
        """Find it; raises RevisionError where Git or the repository is missing.

        `objects` are what was read of it before, by their names: what two revisions share is read once.
        """
        self._objects = {} if objects is None else objects
        git = shutil.which("git")
        if git is None:
            raise RevisionError(
                "git was not found", "Install Git, or give two folders instead of revisions.", outside=True
            )
        self._git = git
        self._top = next(above for above in (folder.absolute(), *folder.absolute().parents) if above.is_dir())
        done = self._run("rev-parse", "--show-toplevel")
        if done.returncode:
            message = done.stderr.decode(errors="replace").strip().partition("\n")[0]
            if "not a git repository" in message:
                raise RevisionError(
                    f"'{folder}' is not in a Git repository", "Give folders instead of revisions."
                )
            raise RevisionError(f"git failed: {message}", outside=True)
        self._top = Path(os.fsdecode(done.stdout.rstrip(b"\n")))

    def read(self, revision: str, folder: Path) -> Mapping[str, bytes]:
        """Return the definitions of a folder as a revision has them, by path in it.

        Raises RevisionError where there is no such revision, or no such folder in it.
        """
        tree = self._find_tree(revision)
        inside = os.path.relpath(folder.resolve(), self._top.resolve())
        if inside.startswith(".."):
            raise RevisionError(f"'{folder}' is not in the repository of {self._top}")
        below = "" if inside == "." else f"{PurePosixPath(*Path(inside).parts)}/"
        entries = [one for one in self._list(tree, below) if _is_definition(one.path)]
        if not entries:
            raise RevisionError(
                f"{revision} has no definitions in '{below or '.'}'",
                "Say with --dir which folder of the repository has them.",
            )
        for one in entries:
            if one.mode == _LINK or one.kind != _BLOB:
                raise RevisionError(
                    f"{below}{one.path} is a link in {revision}, which is not followed there",
                    "Check both revisions out and give their folders instead.",
                )
        return self._read_all(entries)

    def holds(self, file: Path) -> bool:
        """Say whether a file lies in the repository."""
        return file.resolve().is_relative_to(self._top.resolve())

    def read_file(self, revision: str, file: Path) -> bytes:
        """Return a file of the repository as a revision has it.

        Raises RevisionError where there is no such revision, or it has no such file.
        """
        self._find_tree(revision)
        inside = PurePosixPath(file.resolve().relative_to(self._top.resolve()))
        done = self._run("cat-file", "blob", f"{revision}:{inside}")
        if done.returncode:
            raise RevisionError(
                f"{revision} has no file '{inside}'", "A change does not bring its own: merge it first."
            )
        return done.stdout

    def find_common(self, one: str, other: str) -> str:
        """Return the revision from which two went apart."""
        self._find_tree(one), self._find_tree(other)
        done = self._run("merge-base", one, other)
        if done.returncode:
            shallow = self._run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
            hint = "This clone is shallow: git fetch --unshallow (fetch-depth: 0) brings the rest."
            message = f"{one} and {other} have no revision in common"
            raise RevisionError(f"{message} here", hint) if shallow else RevisionError(message)
        return done.stdout.decode().strip()

    def find_short_name(self, revision: str) -> str:
        """Return how a revision that there is is written shortly; a tree alone is none."""
        done = self._run("rev-parse", "--short=12", "--verify", "--quiet", f"{revision}^{{commit}}")
        return "" if done.returncode else done.stdout.decode().strip()

    def _find_tree(self, revision: str) -> str:
        if revision.startswith("-") or not revision.strip():
            raise RevisionError(f"'{revision}' is not the name of a revision")
        done = self._run("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}")
        if done.returncode:
            hint = "git log shows the known ones. In a shallow clone, fetch it first."
            raise RevisionError(f"there is no revision '{revision}', and no such folder", hint)
        return done.stdout.decode().strip()

    def _list(self, tree: str, below: str) -> Iterator[_Entry]:
        where = ("--", below) if below else ()
        for line in self._ask("ls-tree", "-r", "-z", "--full-tree", tree, *where).split(b"\0"):
            if line:
                about, _, path = line.partition(b"\t")
                mode, kind, name = about.decode().split()
                yield _Entry(mode, kind, name, os.fsdecode(path).removeprefix(below))

    def _read_all(self, entries: list[_Entry]) -> Mapping[str, bytes]:
        lacking = list({one.object: one for one in entries if one.object not in self._objects}.values())
        asked = "".join(f"{one.object}\n" for one in lacking).encode()
        answer = self._ask("cat-file", "--batch", given=asked)
        place = 0
        for one in lacking:
            end = answer.find(b"\n", place)
            words = answer[place:end].split()
            if len(words) != 3:
                raise RevisionError(
                    f"the object of {one.path} is missing", "Fetch the revision in full.", outside=True
                )
            size = int(words[2])
            self._objects[one.object] = answer[end + 1 : end + 1 + size]
            place = end + size + 2
        return {one.path: self._objects[one.object] for one in entries}

    def _ask(self, *words: str, given: bytes = b"") -> bytes:
        done = self._run(*words, given=given)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
            raise RevisionError(f"git {words[0]} failed: {said}", outside=True)
        return done.stdout

    def _run(self, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, **_QUIET}
        return subprocess.run(  # noqa: S603
            [self._git, *words], cwd=self._top, env=environment, input=given, capture_output=True, check=False
        )


def refuse_links(folder: Path) -> None:
    """Refuse a folder that holds a link, hidden ones aside: it may lead to files of no change.

    Raises RevisionError.
    """
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *files):
            path = Path(here, name)
            if path.is_symlink() and not name.startswith("."):
                shown = str(path.relative_to(folder))
                raise RevisionError(
                    f"{shown!r} is a link, which is not followed in a change", "Make it a file."
                )


def refuse_link(file: Path, folder: Path) -> None:
    """Refuse a file to which a link leads that lies in the repository of a folder: it may be of no change.

    Links outside the repository are those of the machine. Raises RevisionError.
    """
    try:
        repository = Repository(folder)
    except RevisionError:
        return  # two folders of one machine are compared: nobody else wrote them
    path = file.absolute()
    for one in (path, *path.parents):
        if one.is_symlink() and repository.holds(one.parent):
            raise RevisionError(
                f"a link leads to {str(file)!r}, which is not followed in a change", "Make it a file."
            )


def _is_definition(path: str) -> bool:
    """Say whether a file is read as a definition: hidden ones are not."""
    hidden = any(part.startswith(".") for part in path.split("/"))
    return path.lower().endswith((".yaml", ".yml")) and not hidden
