"""Compile a folder of definitions: read, validate, check, lower."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..plan import Office, Plan
from . import checks
from .checks.scenarios import check_scenarios
from .definitions import Definitions, File, load
from .diagnostics import Check, Diagnostic, modules_of, sort_diagnostics
from .forms import form_names
from .language.scenario import Scenario
from .language.workflow import Workflow
from .lower import lower_office, lower_template, used_messages, used_roles
from .source_text import Source


@dataclass(frozen=True)
class Compilation:
    """The result of compiling a folder: the diagnostics, the plans of valid templates, and the office.

    A template with an error, in itself or in a definition that it uses, has no plan. The office is None when
    one of its definitions has an error. Warnings do not count.
    """

    folder: Path
    diagnostics: tuple[Diagnostic, ...]
    plans: dict[str, Plan]
    office: Office | None
    sources: dict[str, Source]
    scenarios: dict[str, File[Scenario]]
    """By template and name: btw-aangifte/akkoord."""
    count: int
    """The number of definitions in the folder."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics that are errors."""
        return tuple(diagnostic for diagnostic in self.diagnostics if diagnostic.level == "error")


def compile_definitions(folder: Path) -> Compilation:
    """Compile the definitions in a folder. Never raises for their content."""
    definitions, reports = load(folder)
    for check in all_checks():
        reports += check(definitions)
    broken = {diagnostic.span.path for diagnostic in sort_diagnostics(reports) if diagnostic.level == "error"}
    plans = {
        name: lower_template(name, template, definitions)
        for name, template in definitions.templates()
        if broken.isdisjoint(_paths(name, template, definitions))
    }
    diagnostics = sort_diagnostics([*reports, *check_scenarios(definitions, plans.keys())])
    valid = broken.isdisjoint(_office_paths(definitions)) and definitions.office is not None
    office = lower_office(definitions) if valid else None
    return Compilation(
        folder, diagnostics, plans, office, definitions.sources, definitions.scenarios, definitions.count
    )


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Return the function `check` of every module in `checks`."""
    return tuple(module.check for module in modules_of(checks) if hasattr(module, "check"))


def _paths(name: str, template: Workflow, definitions: Definitions) -> Iterator[str]:
    """Yield the files that the plan of a template depends on."""
    yield "office.yaml"
    yield f"workflows/{name}.yaml"
    yield from (f"roles/{role}.yaml" for role in used_roles(template, definitions))
    yield from (f"messages/{message}.yaml" for message in used_messages(template))
    yield from (f"forms/{form}.yaml" for form in form_names(template))
    yield from (f"products/{product}.yaml" for product in template.products)


def _office_paths(definitions: Definitions) -> Iterable[str]:
    yield "office.yaml"
    for folder in ("roles", "products", "law"):
        yield from (f"{folder}/{name}.yaml" for name in getattr(definitions, folder))
