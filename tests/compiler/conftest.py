"""A folder with the small office, in which tests change files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.examples import WORKFLOW, Example, lay_out
from kantoor.plan import Plan

Compile = Callable[..., Compilation]


class SmallOffice:
    """The small office in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def with_piece(self, text: str, path: str = WORKFLOW) -> Compilation:
        """Compile it with a piece laid over a file."""
        lay_out(Example(text, path), self.folder)
        return compile_definitions(self.folder)

    def with_change(self, old: str, new: str, path: str = WORKFLOW) -> Compilation:
        """Compile it with one text of a file replaced by another."""
        lay_out(Example("title: Aangifte btw\n"), self.folder)
        file = self.folder / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        return compile_definitions(self.folder)

    def compile(self) -> Compilation:
        """Compile it as its files are."""
        return compile_definitions(self.folder)

    def place(self, words: str, path: str = WORKFLOW) -> tuple[int, int]:
        """Return line and column of words that stand once in a file."""
        text = (self.folder / path).read_text("utf-8")
        assert text.count(words) == 1, words
        before = text[: text.index(words)].split("\n")
        return len(before), len(before[-1]) + 1

    def plan(self, piece: str = "title: Aangifte btw\n") -> Plan:
        """Return the plan of its template with a piece laid over it."""
        compilation = self.with_piece(piece)
        assert codes(compilation) == []
        return compilation.plans["btw-aangifte"]


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return SmallOffice(tmp_path / "definitions")


def codes(compilation: Compilation) -> list[str]:
    """Return the codes of the diagnostics, in order, those of what a piece leaves unused aside."""
    return [diagnostic.code.id for diagnostic in compilation.diagnostics if not diagnostic.code.last]


def messages(compilation: Compilation) -> list[str]:
    """Return the messages of the diagnostics, in order."""
    return [diagnostic.message for diagnostic in compilation.diagnostics if not diagnostic.code.last]
