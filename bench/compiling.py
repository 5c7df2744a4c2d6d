"""Checking a folder of YAML, against the YAML library and check-jsonschema on the same files, in CPU time.

The yardstick is what the fastest C parser, PyYAML's, needs to compose the same files. It is in the lock for
this alone: kantoor reads by another.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import yaml

from kantoor.compiler.cache import check_definitions
from kantoor.compiler.compilation import all_checks, compile_definitions
from kantoor.compiler.schemas import write_schemas
from kantoor.compiler.workspace import Workspace

from .many_templates import write_templates
from .office import DEFINITIONS, UnfitError

TEMPLATES = 1000
EDITS = 25
TURNS = 3
COLD, CACHED, AGAINST_SCHEMA, EDIT = 4.0, 1.0, 0.5, 20.0
"""The marks: a cold and a cached check to composing, one to check-jsonschema, milliseconds after an edit."""


@dataclass(frozen=True, slots=True)
class Cold:
    """Composing the files of a folder, and checking them in a process that has just begun; in seconds.

    `cached` is a check of what was checked before, by another process.
    """

    title: str
    files: int
    lines: int
    bare: float
    own: float
    cached: float

    def line(self) -> str:
        """Return the lines to print."""
        size = f"{self.files} files, {self.lines} lines"
        bare = f"{self.title:<26}{size:<26}PyYAML compose {self.bare * 1000:8.1f} ms"
        cold = f"   check {self.own * 1000:8.1f} ms{_say_mark(self.own / self.bare, COLD)}"
        cached = f"  cached {self.cached * 1000:8.1f} ms{_say_mark(self.cached / self.bare, CACHED)}"
        return f"{bare}{cold}\n{'':<{len(bare)}}{cached}"


@dataclass(frozen=True, slots=True)
class Whole:
    """Two programs on the same files, from their start to their end; seconds of CPU."""

    title: str
    other: float
    own: float

    def line(self) -> str:
        """Return the line to print."""
        times = f"check-jsonschema {self.other * 1000:8.1f} ms   kantoor check {self.own * 1000:8.1f} ms"
        return f"{self.title:<26}{times}{_say_mark(self.own / self.other, AGAINST_SCHEMA)}"


@dataclass(frozen=True, slots=True)
class Edits:
    """Compiling again after one edit, in a process that stays: milliseconds of each, in order of length."""

    files: int
    times: tuple[float, ...]

    def line(self) -> str:
        """Return the line to print."""
        median, most = self.times[len(self.times) // 2], self.times[-1]
        size = f"{self.files} files"
        met = "met" if median <= EDIT else "not met"
        return (
            f"{'one edit, process warm':<26}{size:<26}median {median:6.1f} ms   longest {most:6.1f} ms"
            f"   mark <= {EDIT:.0f} ms: {met}"
        )


def measure(folder: Path, templates: int = TEMPLATES) -> Iterator[Cold | Whole | Edits]:
    """Measure the shipped definitions, and in `folder` made ones of which no two are alike."""
    yield measure_cold("the shipped definitions", DEFINITIONS)
    many = folder / "many"
    folder.mkdir(parents=True, exist_ok=True)
    write_templates(many, templates)
    title = f"{templates} templates"
    yield measure_cold(title, many)
    yield measure_against_schema(title, many, folder / "schemas")
    yield measure_edits(folder / "edited")


def measure_cold(title: str, folder: Path) -> Cold:
    """Measure composing and checking a folder, in turns."""
    compilation = compile_definitions(folder)
    if compilation.diagnostics:  # what is wrong is looked up in its file, which is read again for that
        raise UnfitError(f"{title} have mistakes: {compilation.diagnostics[0]}")
    files = sorted(folder.rglob("*.yaml"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    bare, own, cached = [], [], []
    with tempfile.TemporaryDirectory() as place:
        entries = Path(place) / "check"
        check_definitions(folder, entries)
        for _ in range(TURNS):
            bare.append(_time_fresh(_compose, texts))
            own.append(_time_fresh(compile_definitions, folder))
            cached.append(_time_fresh(check_definitions, folder, entries))
    lines = sum(len(text.splitlines()) for text in texts)
    return Cold(title, len(files), lines, min(bare), min(own), min(cached))


def measure_against_schema(title: str, folder: Path, schemas: Path) -> Whole:
    """Measure `kantoor check` and check-jsonschema with our schema of templates, as programs, in turns."""
    write_schemas(schemas)
    schema = schemas / "workflow.schema.json"
    tool = Path(sys.executable).with_name("check-jsonschema")
    files = sorted(str(file) for file in (folder / "workflows").glob("*.yaml"))
    check = [sys.executable, "-m", "kantoor.cli", "check", "--no-cache", str(folder)]
    other, own = [], []
    for _ in range(TURNS):
        other.append(_time_program([str(tool), "--schemafile", str(schema), *files]))
        own.append(_time_program(check))
    return Whole(title, min(other), min(own))


def measure_edits(folder: Path) -> Edits:
    """Measure compiling after each of many edits, each of another file of the shipped definitions."""
    write_templates(folder, 0)
    files = sorted(folder.rglob("*.yaml"))
    workspace = Workspace(folder)
    workspace.compile()
    times = []
    for file in files[:: max(1, len(files) // EDITS)]:
        text = file.read_text(encoding="utf-8")
        path = file.relative_to(folder).as_posix()
        edited = text.replace("title: ", "title: Nieuw ", 1)
        began = time.process_time()
        workspace.compile({path: edited})
        times.append((time.process_time() - began) * 1000)
        workspace.compile()
    return Edits(len(files), tuple(sorted(times)))


def _compose(texts: list[str]) -> None:
    for text in texts:
        yaml.compose(text, Loader=yaml.CSafeLoader)


def _time_fresh(work: Callable[..., object], *arguments: object) -> float:
    """Return the CPU seconds of some work in a process of its own, which has done nothing before."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_time_here, (work, *arguments))


def _time_here(work: Callable[..., object], *arguments: object) -> float:
    all_checks()  # imports
    began = time.process_time()
    work(*arguments)
    return time.process_time() - began


def _time_program(command: list[str]) -> float:
    """Return the CPU seconds of a program that succeeds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise UnfitError(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _say_mark(ratio: float, mark: float) -> str:
    return f"   ratio {ratio:5.2f}   mark <= {mark}: {'met' if ratio <= mark else 'not met'}"
