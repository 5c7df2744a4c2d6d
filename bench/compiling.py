"""Compiling: from a folder of YAML to plans, against composing the same files with the YAML library alone."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from kantoor.compiler.compilation import compile_definitions

from .material import TEMPLATE
from .office import DEFINITIONS, UnfitError

TIMES = 5
COPIES = 100


@dataclass(frozen=True, slots=True)
class Compiled:
    """The best of a few turns each, in seconds of wall time: composing with the C parser, and compiling."""

    title: str
    files: int
    lines: int
    bare: float
    own: float

    def line(self) -> str:
        """Return the line to print."""
        size = f"{self.files} files, {self.lines} lines"
        times = f"compose {self.bare * 1000:8.1f} ms{'compile':>10} {self.own * 1000:8.1f} ms"
        return f"{self.title:<34}{size:<26}{times}{'ratio':>9} {self.own / self.bare:5.1f}"


def measure(folder: Path, copies: int = COPIES) -> Iterator[Compiled]:
    """Measure the shipped definitions, and a copy of them with many VAT returns made in `folder`."""
    yield _measured("the shipped definitions", DEFINITIONS)
    shutil.copytree(DEFINITIONS, folder)
    shipped = (folder / "workflows" / f"{TEMPLATE}.yaml").read_text(encoding="utf-8")
    for number in range(1, copies):
        text = shipped.replace("title: Aangifte btw", f"title: Aangifte {number}")
        (folder / "workflows" / f"{TEMPLATE}-{number}.yaml").write_text(text, encoding="utf-8")
    yield _measured(f"the same with {copies} VAT returns", folder)


def _measured(title: str, folder: Path) -> Compiled:
    compiled = compile_definitions(folder)
    if compiled.errors:
        raise UnfitError(f"{title} have errors: {compiled.errors[0]}")
    files = sorted(folder.rglob("*.yaml"))
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    bare = _best(lambda: _compose(files))
    return Compiled(title, len(files), lines, bare, _best(lambda: compile_definitions(folder)))


def _compose(files: list[Path]) -> None:
    for file in files:
        YAML(typ="safe", pure=False).compose(file.read_text(encoding="utf-8"))


def _best(work: Callable[[], object]) -> float:
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)
