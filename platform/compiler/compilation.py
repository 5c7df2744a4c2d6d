"""Compile a folder of definitions: read, shape, check, lower."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..plan import Office, Plan
from . import checks
from .definitions import Definitions, load
from .diagnostics import Check, Diagnostic, in_order, modules_of
from .language.workflow import Workflow
from .lower import lower_office, lower_template, used_messages, used_roles
from .source import Source


@dataclass(frozen=True)
class Compilation:
    """What came of a folder: everything that is wrong, and the plans of what is right.

    A template with an error, its own or of a definition that it uses, has no plan; without the office's
    definitions in order there is no office. Warnings do not stop.
    """

    folder: Path
    diagnostics: tuple[Diagnostic, ...]
    plans: dict[str, Plan]
    office: Office | None
    sources: dict[str, Source]
    count: int
    """How many definitions were found."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics that are errors."""
        return tuple(found for found in self.diagnostics if found.level == "error")


def compile_definitions(folder: Path) -> Compilation:
    """Compile the definitions in a folder. Never raises for what stands in them."""
    definitions, diagnostics = load(folder)
    for check in all_checks():
        diagnostics += check(definitions)
    found = in_order(diagnostics)
    broken = {diagnostic.span.path for diagnostic in found if diagnostic.level == "error"}
    plans = {
        name: lower_template(name, template, definitions)
        for name, template in definitions.templates()
        if broken.isdisjoint(_paths(name, template, definitions))
    }
    whole = broken.isdisjoint(_office_paths(definitions)) and definitions.office is not None
    office = lower_office(definitions) if whole else None
    return Compilation(folder, found, plans, office, definitions.sources, definitions.count)


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Return the function `check` of every module in `checks`."""
    return tuple(module.check for module in modules_of(checks) if hasattr(module, "check"))


def _paths(name: str, template: Workflow, definitions: Definitions) -> Iterator[str]:
    """Yield the files that a template's plan is made of."""
    yield "office.yaml"
    yield f"workflows/{name}.yaml"
    yield from (f"roles/{role}.yaml" for role in used_roles(template, definitions))
    yield from (f"messages/{message}.yaml" for message in used_messages(template))
    yield from (f"products/{product}.yaml" for product in template.products)


def _office_paths(definitions: Definitions) -> Iterable[str]:
    yield "office.yaml"
    for folder in ("roles", "products", "law"):
        yield from (f"{folder}/{name}.yaml" for name in getattr(definitions, folder))
