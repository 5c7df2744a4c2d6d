"""Compile a folder of definitions: read, validate, check, lower."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from ..collecting import no_collecting
from ..plan import Office, Plan, WrittenPart
from ..policy import Policy
from . import checks
from .checks.scenarios import check_scenario
from .definitions import NOTHING, Definitions, File, Texts, load_texts, read_folder
from .diagnostics import Check, Diagnostic, gather_lacks, modules_of, sort_diagnostics
from .forms import form_names
from .language.kinds import OFFICE_FILE
from .language.scenario import Scenario
from .language.workflow import Workflow
from .lower import list_chat_messages, lower_office, lower_template, used_messages, used_roles
from .policies import lower_policies
from .silencing import Silenced, silence
from .source_text import Source
from .written import list_written

T = TypeVar("T")


class Plans(Mapping[str, Plan]):
    """Plans by template. Each is lowered when somebody asks for it: who only checks asks for none."""

    def __init__(self, names: Iterable[str], lower: Callable[[str], Plan]) -> None:
        self._names = dict.fromkeys(names)
        self._lower = lower
        self._lowered: dict[str, Plan] = {}

    def __getitem__(self, name: str) -> Plan:
        """Return the plan of a template; raises KeyError when it has none."""
        if name not in self._lowered:
            if name not in self._names:
                raise KeyError(name)
            self._lowered[name] = self._lower(name)
        return self._lowered[name]

    def __contains__(self, name: object) -> bool:
        """Say whether a template has a plan, without making it."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """Yield the templates that have a plan."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many templates have a plan."""
        return len(self._names)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What is wrong in a folder, with the texts that it is shown in."""

    folder: Path
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    count: int
    """The number of definitions in the folder."""
    silenced: tuple[Silenced, ...] = ()
    """The warnings that a comment silences; they are not among the diagnostics."""
    policies: tuple[Policy, ...] = ()
    """Those without an error, by id."""
    roles: tuple[str, ...] = ()
    """The roles that a template names, with where their work goes when nobody has them, sorted."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics that are errors."""
        return tuple(diagnostic for diagnostic in self.diagnostics if diagnostic.level == "error")


@dataclass(frozen=True, kw_only=True)
class Compilation(Checked):
    """The result of compiling a folder: what is wrong, the plans of valid templates, and the office.

    A template with an error, in itself or in a definition that it uses, has no plan. The office is None when
    one of its definitions has an error. Warnings do not count.
    """

    plans: Mapping[str, Plan]
    office: Office | None
    scenarios: dict[str, File[Scenario]]
    """By template and name: btw-aangifte/akkoord."""
    find_written: Callable[[str], tuple[WrittenPart, ...]]
    """Return where each part of a template that has a plan is written."""


def compile_definitions(folder: Path, unsaved: Mapping[str, str | bytes] = NOTHING) -> Compilation:
    """Compile the definitions in a folder. Never raises for their content.

    `unsaved` has what is read instead of files of the disk, or beside them, by path in the folder.
    """
    return compile_texts(folder, read_folder(folder, unsaved))


def compile_texts(folder: Path, texts: Texts) -> Compilation:
    """Compile the definitions that were read from a folder."""
    with no_collecting():
        definitions, found = load_texts(texts)
        return compile_loaded(folder, found, Asking(definitions))


class Asking:
    """Asks what follows from definitions. A workspace has another, which asks only what it does not know."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions

    def check(self, check: Check) -> Iterable[Diagnostic]:
        """Return what a check reports."""
        return check(self.definitions)

    def ask(self, key: Hashable, question: Callable[[Definitions], T]) -> T:
        """Return what follows from the definitions; `key` says what is asked."""
        return question(self.definitions)


def compile_loaded(folder: Path, found: Iterable[Diagnostic], asking: Asking) -> Compilation:
    """Compile definitions that were loaded from a folder, with the diagnostics of reading them."""
    definitions = asking.definitions
    reports = list(found)
    for check in all_checks():
        reports += asking.check(check)
    reports, silenced = silence(definitions, reports)
    broken = {diagnostic.span.path for diagnostic in sort_diagnostics(reports) if diagnostic.level == "error"}
    sound = {file.source.path for file in definitions.files() if file.model is not None} - broken
    templates = dict(definitions.templates())
    paths = {name: asking.ask(("paths", name), partial(list_paths, name)) for name in templates}
    valid_templates = {name: one for name, one in templates.items() if sound.issuperset(paths[name])}
    plans = Plans(valid_templates, lambda name: lower_template(name, valid_templates[name], definitions))
    for name in sorted(definitions.scenarios):
        is_sound = name.partition("/")[0] in valid_templates
        reports += asking.ask(("scenario", name, is_sound), partial(check_scenario, name, is_sound))
    diagnostics = gather_lacks(sort_diagnostics(reports))
    valid = sound.issuperset(_office_paths(definitions))
    office = asking.ask("office", lower_office) if valid else None
    return Compilation(
        folder=folder,
        diagnostics=diagnostics,
        plans=plans,
        office=office,
        sources=definitions.sources,
        scenarios=definitions.scenarios,
        find_written=lambda name: list_written(name, valid_templates[name], definitions),
        policies=tuple(
            policy
            for policy in asking.ask("policies", lower_policies)
            if f"policies/{policy.id}.yaml" not in broken
        ),
        count=definitions.count,
        silenced=tuple(silenced),
        roles=tuple(sorted(_find_roles(path for some in paths.values() for path in some))),
    )


def _find_roles(paths: Iterable[str]) -> set[str]:
    """Return the roles whose files are among these."""
    return {path[len("roles/") : -len(".yaml")] for path in paths if path.startswith("roles/")}


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Return the function `check` of every module in `checks`."""
    return tuple(module.check for module in modules_of(checks) if hasattr(module, "check"))


def list_paths(name: str, definitions: Definitions) -> list[str]:
    """Return the files that the plan of a template depends on; none where it cannot be read."""
    file = definitions.workflows[name]
    return list(_paths(name, file.model, definitions)) if file.model else []


def _paths(name: str, template: Workflow, definitions: Definitions) -> Iterator[str]:
    """Yield the files that the plan of a template depends on."""
    yield _find_office(definitions)
    yield definitions.workflows[name].source.path
    yield from _find_paths("roles", used_roles(template, definitions), definitions)
    yield from _find_paths("messages", used_messages(template), definitions)
    yield from _find_paths("forms", form_names(template), definitions)
    yield from _find_paths("products", template.products, definitions)


def _find_office(definitions: Definitions) -> str:
    return OFFICE_FILE if definitions.office is None else definitions.office.source.path


def _find_paths(folder: str, names: Iterable[str], definitions: Definitions) -> Iterator[str]:
    """Yield where definitions lie: it is elsewhere where their file is misplaced."""
    files = getattr(definitions, folder)
    for name in names:
        yield files[name].source.path if name in files else f"{folder}/{name}.yaml"


def _office_paths(definitions: Definitions) -> Iterable[str]:
    yield _find_office(definitions)
    for folder in ("roles", "products", "law"):
        yield from _find_paths(folder, getattr(definitions, folder), definitions)
    office = definitions.office.model if definitions.office else None
    yield from _find_paths("messages", list_chat_messages(office), definitions)
