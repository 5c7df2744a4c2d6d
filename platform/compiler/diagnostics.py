"""Diagnostics: what is wrong, where, and what to do; and the declaration of a code, one place per code.

A code's declaration makes its page in docs/diagnostics.md, its `kantoor explain` text and its tests: the
wrong example gives that code and no other, the right one none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Literal, NamedTuple

from .examples import Example

Level = Literal["error", "warning"]


class Span(NamedTuple):
    """A place in a file of the definitions: lines and columns from 1, the end is exclusive.

    `path` is relative to the definitions folder, with forward slashes.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Related(NamedTuple):
    """Another place that helps to understand, such as the first definition of a duplicate."""

    note: str
    span: Span


@dataclass(frozen=True)
class Diagnostic:
    """One mistake, with its place."""

    code: "Code"
    message: str
    span: Span
    help: str | None = None
    related: tuple[Related, ...] = ()

    @property
    def level(self) -> Level:
        """Return 'error' or 'warning'; warnings do not stop a compilation."""
        return self.code.level


@dataclass(frozen=True)
class Code:
    """The declaration of a code: stable id, title, explanation, and a wrong and a right example."""

    id: str
    title: str
    explanation: str
    wrong: Example
    right: Example
    level: Level = "error"

    def at(
        self, span: Span, message: str, *, help: str | None = None, related: Iterable[Related] = ()
    ) -> Diagnostic:
        """Return a diagnostic of this code at a place."""
        return Diagnostic(self, message, span, help, tuple(related))


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics by place, each once."""
    unique = {(d.span, d.code.id, d.message): d for d in diagnostics}
    return tuple(unique[key] for key in sorted(unique))


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """Import and yield every module of a package, by name."""
    for found in sorted(walk_packages(package.__path__, f"{package.__name__}."), key=lambda m: m.name):
        yield import_module(found.name)


@lru_cache(maxsize=1)
def all_codes() -> dict[str, Code]:
    """Return every declared code by its id. A code that is declared twice is a bug of ours."""
    found: dict[str, Code] = {}
    for module in modules_of(import_module(__package__)):
        for value in vars(module).values():
            if isinstance(value, Code):
                assert found.setdefault(value.id, value) is value, f"{value.id} is declared twice"
    return dict(sorted(found.items()))


Check = Callable[..., Iterable[Diagnostic]]
