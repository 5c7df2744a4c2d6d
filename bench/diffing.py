"""Comparing two revisions of a big office that differ in ten files, against a check that changes nothing.

Both are programs, from their start to their end, of definitions that were checked before: what an author and
a reviewer do again and again. CPU is counted.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .many_templates import write_templates
from .office import UnfitError

TEMPLATES = 1000
TURNS = 3
MARK = 1.5
"""What a comparison may take, in checks of one side that was checked before."""

_DUE = re.compile(r"(?m)^( +due: \{.*days: )(\d+)")
_TITLE = re.compile(r"(?m)^(    title: )(\S.*)$")


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds of CPU: a check that was made before, a comparison of what nobody checked, and of what was."""

    title: str
    check: float
    first: float
    again: float

    def lines(self) -> Iterator[str]:
        """Yield the lines to print."""
        ratio = self.again / self.check
        met = "met" if ratio <= MARK else "not met"
        yield f"{self.title:<36}cached check {self.check * 1000:8.1f} ms"
        yield f"{'':<36}diff, neither side checked {self.first * 1000:8.1f} ms"
        again = f"diff, both sides checked before {self.again * 1000:8.1f} ms"
        yield f"{'':<36}{again}   ratio {ratio:5.2f}   mark <= {MARK}: {met}"


def measure(folder: Path, templates: int = TEMPLATES, edits: int = 10) -> Compared:
    """Measure two revisions of made templates in a repository of their own, in turns."""
    folder.mkdir(parents=True, exist_ok=True)
    definitions = folder / "definitions"
    write_templates(definitions, templates)
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    _commit(folder, "before")
    edit_templates(definitions, edits)
    _commit(folder, "after")
    with tempfile.TemporaryDirectory() as cache:
        first = _time(folder, cache, "diff", "main~1", "main")
        _time(folder, cache, "check", "definitions")
        turns = [
            (_time(folder, cache, "check", "definitions"), _time(folder, cache, "diff", "main~1", "main"))
            for _ in range(TURNS)
        ]
    check, again = (min(times) for times in zip(*turns, strict=True))
    return Compared(f"{templates} templates, {edits} edits", check, first, again)


def edit_templates(definitions: Path, edits: int) -> None:
    """Edit so many templates, far apart in the order of their names: a day more here, a title there.

    A date is compared on the calendar of a year, a title is compared as text alone.
    """
    files = sorted((definitions / "workflows").glob("*.yaml"))
    for number, file in enumerate(files[:: max(1, len(files) // edits)][:edits]):
        text = file.read_text("utf-8")
        if number % 2:
            text, found = _TITLE.subn(r"\1Nieuw \2", text, count=1)
        else:
            text, found = _DUE.subn(lambda due: f"{due[1]}{int(due[2]) + 1}", text, count=1)
        if not found:
            raise UnfitError(f"{file.name} has nothing to edit")
        file.write_text(text, "utf-8")


def _commit(folder: Path, message: str) -> None:
    who = ("-c", "user.name=bench", "-c", "user.email=bench@example.nl")
    _git(folder, "add", ".")
    _git(folder, *who, "commit", "--quiet", "--message", message)


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def _time(folder: Path, cache: str, *words: str) -> float:
    """Return the CPU seconds of one of our commands that succeeds, with those of what it starts."""
    command = [sys.executable, "-m", "kantoor.cli", *words]
    environment = {**os.environ, "KANTOOR_CACHE": cache}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise UnfitError(f"kantoor {words[0]} failed: {done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
