"""Diagnostics and the codes they belong to; each code is declared in one place.

From the declaration of a code come its section in docs/diagnostics.md, its `kantoor explain` text and its
tests: the wrong example must give that code and no other, the right one none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Literal, NamedTuple

from .examples import Example
from .spans import Span as Span

Level = Literal["error", "warning"]


class Related(NamedTuple):
    """A second position that explains a diagnostic, such as the first definition of a duplicate."""

    note: str
    span: Span


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning, with its position.

    `lacks` is what is not there, such as a file, where that alone is the mistake: all that lack it are told
    once, at the first place, and `also` has the others.
    """

    code: "Code"
    message: str
    span: Span
    help: str | None = None
    related: tuple[Related, ...] = ()
    lacks: str | None = None
    also: tuple[Span, ...] = ()

    @property
    def places(self) -> tuple[Related, ...]:
        """Return every other position, with what it is."""
        return (*self.related, *(Related("the same", span) for span in self.also))

    @property
    def level(self) -> Level:
        """Return 'error' or 'warning'; a template with warnings still compiles."""
        return self.code.level


@dataclass(frozen=True, eq=False)
class Code:
    """The declaration of a code: stable id, title, explanation, and a wrong and a right example.

    There is one of each, and none is equal to another.
    """

    id: str
    title: str
    explanation: str
    wrong: Example
    right: Example
    level: Level = "error"
    remedy: str | None = None
    """What to do, where a diagnostic has no help that says it more exactly."""
    last: Literal["", "file", "all"] = ""
    """Reported only when nothing else is, in its file or in all: another mistake may be its cause."""
    by: Literal["check", "test"] = "check"
    """The command that reports it: what `kantoor test` does shows only when a scenario runs."""

    def at(
        self,
        span: Span,
        message: str,
        *,
        help: str | None = None,
        related: Iterable[Related] = (),
        lacks: str | None = None,
    ) -> Diagnostic:
        """Return a diagnostic of this code at a position."""
        return Diagnostic(self, message, span, help or self.remedy, tuple(related), lacks)


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics by position, without duplicates and what another may bring about."""
    every = list(diagnostics)
    files = {d.span.path for d in every if not d.code.last}
    kept = (
        d
        for d in every
        if not d.code.last or (d.span.path not in files and (d.code.last == "file" or not files))
    )
    unique = {_order(d): d for d in kept}
    return tuple(unique[key] for key in sorted(unique))


def gather_lacks(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics by position, with those that lack the same as one.

    It is told where the part should be, where that is a part of a file that names it; else at the first.
    """
    gathered: dict[object, list[Diagnostic]] = {}
    for number, diagnostic in enumerate(diagnostics):
        gathered.setdefault(diagnostic.lacks or number, []).append(diagnostic)
    return tuple(sorted(map(_tell_once, gathered.values()), key=_order))


def _tell_once(same: list[Diagnostic]) -> Diagnostic:
    first = same[0]
    if not first.lacks:
        return first
    whose = first.lacks.partition(": ")[0]
    told = next((one for one in same if one.span.path == whose), first)
    also = dict.fromkeys(one.span for one in same if one.span != told.span)
    return replace(told, lacks=None, also=tuple(also))


def _order(diagnostic: Diagnostic) -> tuple[Span, str, str]:
    return diagnostic.span, diagnostic.code.id, diagnostic.message


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """Import and yield every module of a package, by name."""
    for module in sorted(walk_packages(package.__path__, f"{package.__name__}."), key=lambda m: m.name):
        yield import_module(module.name)


@lru_cache(maxsize=1)
def all_codes() -> dict[str, Code]:
    """Return every declared code by its id; a duplicate id is a bug."""
    codes: dict[str, Code] = {}
    for module in modules_of(import_module(__package__)):
        for value in vars(module).values():
            if isinstance(value, Code):
                assert codes.setdefault(value.id, value) is value, f"duplicate code {value.id}"
    return dict(sorted(codes.items()))


Check = Callable[..., Iterable[Diagnostic]]

_ALONE: set[Check] = set()


def of_each_template(check: Check) -> Check:
    """Mark a check that judges every template by itself, with the other definitions that it looks up.

    What it reports of one of `definitions.templates()` does not depend on the others that it is given there.
    So a workspace asks it again of those templates only of which something changed.
    """
    _ALONE.add(check)
    return check


def judges_each_template(check: Check) -> bool:
    """Say whether a check is marked as `of_each_template`."""
    return check in _ALONE
