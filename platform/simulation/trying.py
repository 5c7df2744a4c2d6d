"""Trying the scenarios of a folder: each on the plan of its template, and what failed as diagnostics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..compiler.compilation import Compilation
from ..compiler.diagnostics import Diagnostic, sort_diagnostics
from ..compiler.scenario_codes import NOT_AS_EXPECTED
from .coverage import Coverage, cover
from .expecting import Keeps, keep_none
from .scenarios import Corrected, Outcome, run_scenario

MOST = 6
"""Lines of a scenario that are named of those that fail after others."""


@dataclass(frozen=True)
class Tried:
    """A scenario by template and name (btw-aangifte/akkoord), its title, and its outcome."""

    name: str
    title: str
    outcome: Outcome

    @property
    def template(self) -> str:
        """Return the template that it tries."""
        return template_of(self.name)


def template_of(name: str) -> str:
    """Return the template of a scenario, by the scenario's name."""
    return name.partition("/")[0]


def choose_scenarios(compilation: Compilation, chosen: str = "") -> tuple[str, ...]:
    """Return the names of the scenarios that have `chosen` in them, in order."""
    return tuple(name for name in sorted(compilation.scenarios) if chosen in name)


def can_run(compilation: Compilation, name: str) -> bool:
    """Say whether a scenario can be run: neither it nor what its template needs has an error."""
    file = compilation.scenarios[name]
    broken = {one.span.path for one in compilation.errors}
    plan = compilation.plans.get(template_of(name))
    return file.model is not None and plan is not None and file.source.path not in broken


def try_scenarios(
    compilation: Compilation, names: Sequence[str], keeps: Keeps = keep_none
) -> tuple[Tried, ...]:
    """Run those of these scenarios that can be run, in their order; `keeps` holds its policies."""
    found = []
    lived: dict[str, Outcome] = {}
    for name in names:
        outcome = _live(compilation, name, keeps, lived)
        model = compilation.scenarios[name].model
        if outcome is not None and model is not None:
            found.append(Tried(name, model.title, outcome))
    return tuple(found)


def find_corrected(
    compilation: Compilation, name: str, keeps: Keeps = keep_none, lived: dict[str, Outcome] | None = None
) -> Corrected | None:
    """Return what a scenario corrects, lived; None where it corrects nothing, or that cannot be run."""
    model = compilation.scenarios[name].model
    before = compilation.scenarios.get(model.corrects) if model and model.corrects else None
    if model is None or model.corrects is None or before is None or before.model is None:
        return None
    outcome = _live(compilation, model.corrects, keeps, {} if lived is None else lived)
    return Corrected(before.model, outcome) if outcome else None


def _live(compilation: Compilation, name: str, keeps: Keeps, lived: dict[str, Outcome]) -> Outcome | None:
    """Run a scenario once, after what it corrects; None where it cannot be run."""
    if name not in lived:
        model, office = compilation.scenarios[name].model, compilation.office
        if model is None or office is None or not can_run(compilation, name):
            return None
        corrected = find_corrected(compilation, name, keeps, lived)
        if model.corrects and corrected is None:
            return None  # what is wrong with that one is told there
        plan = compilation.plans[template_of(name)]
        lived[name] = run_scenario(model, plan, office, keeps, corrected)
    return lived[name]


def cover_templates(
    compilation: Compilation, tried: Sequence[Tried], templates: Iterable[str] = ()
) -> tuple[Coverage, ...]:
    """Return what these scenarios reach of their templates, and of others that are asked about."""
    found = []
    for template in dict.fromkeys((*templates, *(one.template for one in tried))):
        stories = [one.outcome.story for one in tried if one.template == template and one.outcome.story]
        found.append(cover(compilation.plans[template], stories))
    return tuple(found)


def report_of(
    compilation: Compilation, names: Sequence[str], tried: Sequence[Tried], *, every: bool = False
) -> Compilation:
    """Return the compilation with its errors and what failed as its diagnostics, for the reports.

    Errors of scenarios that were not chosen are left out. Of a scenario what failed first is told, with the
    lines of what may follow from it; all of it, if `every` is.
    """
    others = {file.source.path for name, file in compilation.scenarios.items() if name not in names}
    errors = (one for one in compilation.errors if one.span.path not in others)
    failed = (diagnostic for one in tried for diagnostic in _diagnose(one, every=every))
    return replace(compilation, diagnostics=sort_diagnostics([*errors, *failed]))


def _diagnose(tried: Tried, *, every: bool) -> list[Diagnostic]:
    failures = tried.outcome.failures
    told = [one for one in failures if every or not one.follows]
    after = [] if every else list(dict.fromkeys(one.span.line for one in failures if one.follows))
    return [
        NOT_AS_EXPECTED.at(
            one.span,
            f"expected {one.expected}; found {one.actual}",
            help="; ".join(filter(None, (one.standing, _say_lines(after) if one is told[-1] else None)))
            or None,
        )
        for one in told
    ]


def _say_lines(after: list[int]) -> str | None:
    """Return which lines of a scenario fail after those that are told."""
    if not after:
        return None
    named = [str(line) for line in after[:MOST]]
    if len(after) > MOST:
        named.append(f"{len(after) - MOST} more")
    *most, last = named
    if not most:
        return f"line {last} fails too, which may follow from it"
    return f"{len(after)} lines fail too, which may follow from it: {', '.join(most)} and {last}"
